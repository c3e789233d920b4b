"""Articles that stand only in the data of a page's scripts."""

from __future__ import annotations

import json
from datetime import UTC, datetime

import pytest

from monitor.core.page.embedded_data import data_text
from monitor.core.page.extract import extract

HEAD = "Dam above Vileyka is drained"
LINES = [f"The water board drains the dam in month {n}, and all gates will be taken out." for n in range(5)]
TEASERS = [
    {"title": f"Choir {n}", "summary": "The choir sang for an hour and won in Riga."} for n in range(30)
]
HTML = "".join(f"<p>{line}</p>" for line in LINES)
NEXT = {"props": {"latest": TEASERS, "page": {"headline": HEAD, "body": HTML}}}
ARC = {"headlines": {"basic": HEAD}, "content_elements": [{"type": "text", "content": x} for x in LINES]}
TREE = {"a": {"title": HEAD, "blocks": [{"kind": "p", "children": [{"text": x}]} for x in LINES]}}
JSON = "type='application/json'"


def script(content: object, attributes: str = "", before: str = "") -> str:
    text = content if isinstance(content, str) else json.dumps(content)
    return f"<script {attributes}>{before}{text}</script>"


@pytest.mark.parametrize(
    "data",
    [
        script(NEXT, f"id='__NEXT_DATA__' {JSON}"),
        script(ARC, before="window.Fusion=window.Fusion||{};Fusion.globalContent="),
        script(TREE, before="window.__STATE__ = "),
    ],
)
def test_the_text_beside_the_headline_is_found(data: str) -> None:
    page = f"<html><head><title>{HEAD}</title></head><body><div id='root'></div>{data}</body></html>"
    found = extract(page, url="https://a.example/dam", fetched_at=datetime(2026, 3, 2, tzinfo=UTC))
    assert data_text(page, HEAD).split("\n") == LINES
    assert (found.text.split("\n"), found.extracted_by) == (LINES, "page data")


@pytest.mark.parametrize(
    "data",
    [
        script({"latest": TEASERS}, JSON),
        script('{"broken": ', JSON),
        script("var a = 1; var b = [1, 2]"),
        script("[" * 5_000, JSON),
    ],
)
def test_data_of_other_things_gives_nothing(data: str) -> None:
    assert data_text(f"<title>{HEAD}</title>{data}", HEAD) == ""
