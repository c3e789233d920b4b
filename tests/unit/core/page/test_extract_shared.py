"""Extraction on captured news pages, scored as their manifest says.

Floors stand a little below what was measured (see bench/extraction.py), since differences under
.01 mean nothing.
"""

from __future__ import annotations

import dataclasses
import gzip
import json
import re
from collections import Counter
from datetime import UTC, datetime
from pathlib import Path
from statistics import mean

import pytest

from monitor.core.page.extract import extract
from monitor.core.text.urls import canonical_url
from monitor.model import Extracted, Recipe

PAGES = Path(__file__).parents[4] / "../shared/data/pages"
NOW = datetime(2026, 11, 23, tzinfo=UTC)

pytestmark = [
    pytest.mark.shared,
    pytest.mark.skipif(not PAGES.exists(), reason="captured material ../shared/data/pages is not here"),
]


@pytest.fixture(scope="module")
def truth() -> dict[str, dict[str, str]]:
    loaded: dict[str, dict[str, str]] = json.loads((PAGES / "truth.json").read_text(encoding="utf-8"))
    return loaded


@pytest.fixture(scope="module")
def found(truth: dict[str, dict[str, str]]) -> dict[str, Extracted]:
    return {
        name: extract(
            gzip.decompress((PAGES / "html" / f"{name}.html.gz").read_bytes()),
            url=true["url"],
            fetched_at=NOW,
        )
        for name, true in truth.items()
    }


def test_a_written_recipe_states_the_same_facts_of_captured_pages(
    found: dict[str, Extracted], truth: dict[str, dict[str, str]]
) -> None:
    """Facts of lexbor's tree of a few elements are those of the whole page's tree."""
    compared = 0
    for name, true in list(truth.items())[::2]:
        html = gzip.decompress((PAGES / "html" / f"{name}.html.gz").read_bytes())
        known = extract(html, url=true["url"], fetched_at=NOW, recipe=Recipe(select="body"))
        compared += known.extracted_by == "written recipe"
        told = {"text", "extracted_by", "score", "recipe", "language"}
        same = {key: getattr(found[name], key) for key in told}
        assert dataclasses.replace(known, **same) == found[name]
    assert compared >= 45


def shingles(text: str) -> Counter[tuple[str, ...]]:
    words = re.findall(r"\w+", text)
    return Counter(tuple(words[at : at + 4]) for at in range(max(1, len(words) - 3)) if words)


def precision_recall(expected: str, text: str) -> tuple[float, float]:
    want, have = shingles(expected), shingles(text)
    both = (want & have).total()
    return both / max(1, have.total()), both / max(1, want.total())


def test_text(truth: dict[str, dict[str, str]], found: dict[str, Extracted]) -> None:
    scores = [precision_recall(truth[name]["articleBody"], page.text) for name, page in found.items()]
    precision, recall = mean(score[0] for score in scores), mean(score[1] for score in scores)
    assert 2 * precision * recall / (precision + recall) >= 0.95


def test_every_page_has_headline_text_and_language(found: dict[str, Extracted]) -> None:
    assert [page.url for page in found.values() if not (page.title and page.text and page.language)] == []


def test_most_pages_have_a_date(found: dict[str, Extracted]) -> None:
    dated = [page for page in found.values() if page.published]
    assert len(dated) / len(found) >= 0.9
    assert all(page.published and page.published <= NOW for page in dated)


def test_addresses_stay_apart(truth: dict[str, dict[str, str]], found: dict[str, Extracted]) -> None:
    """Each captured page is another article; none may vanish behind another's address."""
    asked = {canonical_url(true["url"]) for true in truth.values()}
    assert len({page.canonical_url for page in found.values()}) == len(asked)
