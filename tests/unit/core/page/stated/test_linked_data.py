"""Linked data of other articles is not taken for the page's own; faults of hand-written JSON are mended."""

from __future__ import annotations

import json
from datetime import UTC, datetime

import pytest

from monitor.core.page.extract import extract
from monitor.model import Extracted

NOW = datetime(2026, 3, 2, 12, tzinfo=UTC)
URL = "https://rivertimes.example/news/dam-is-drained"
HEAD = "Dam above Vileyka is drained"
OWN = {"@type": "NewsArticle", "headline": HEAD, "datePublished": "2026-03-01T08:00:00+03:00"}
OTHER = {
    "@type": "NewsArticle",
    "headline": "Choir wins prize in Riga",
    "datePublished": "2019-07-01T08:00:00+03:00",
    "url": "https://rivertimes.example/culture/choir-prize",
    "articleBody": "The choir sang for an hour and won. " * 30,
}


def read(*scripts: str) -> Extracted:
    data = "".join(f'<script type="application/ld+json">{script}</script>' for script in scripts)
    text = "".join(
        f"<p>Sentence number {n} of the article is about the dam and its old gates.</p>" for n in range(6)
    )
    html = (
        f"<html><head><title>{HEAD} | River Times</title>{data}</head><body><h1>{HEAD}</h1>{text}"
        "</body></html>"
    )
    return extract(html, url=URL, fetched_at=NOW)


@pytest.mark.parametrize(
    "scripts",
    [
        [{"@graph": [OTHER, OWN]}],
        [OTHER, OWN],
        [{"@type": "CollectionPage", "hasPart": [OTHER]}, OWN],
        [{"@type": "ItemList", "itemListElement": [{"@type": "ListItem", "item": OTHER}]}, OWN],
        [{"@type": "LiveBlogPosting", "headline": HEAD, "datePublished": OWN["datePublished"],
          "liveBlogUpdate": [{"@type": "BlogPosting", "headline": "20:15", "datePublished": "2026-03-02"}]}],
    ],
)  # fmt: skip
def test_the_pages_own_node_is_told_from_others(scripts: list[dict[str, object]]) -> None:
    found = read(*map(json.dumps, scripts))
    assert found.title == HEAD
    assert found.published == datetime(2026, 3, 1, 5, tzinfo=UTC)
    assert "choir" not in found.text


def test_a_page_with_only_another_articles_data_has_no_date_from_it() -> None:
    found = read(json.dumps({"@type": "ItemList", "itemListElement": [OTHER]}))
    assert (found.title, found.published) == (HEAD, None)


@pytest.mark.parametrize(
    "script",
    [
        json.dumps(OWN).replace("}", ",}"),
        json.dumps(OWN).replace('"', "&quot;"),
        f"{json.dumps({'@type': 'Organization'})}\n{json.dumps(OWN)}",
        json.dumps(OWN)[:-1] + ', "note": it\'s broken}',
        json.dumps({**OWN, "author": "X"}).replace('"X"', '"O\\\'Hara"'),
        f"<!-- {json.dumps(OWN)} -->",
    ],
)
def test_json_with_the_usual_faults_is_read(script: str) -> None:
    assert read(script).published == datetime(2026, 3, 1, 5, tzinfo=UTC)
