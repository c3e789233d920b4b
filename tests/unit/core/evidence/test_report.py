"""The readable page of an evidence pack."""

from __future__ import annotations

import dataclasses
import json
from typing import Any

import pytest

from monitor.core.evidence.cases import Case, Unpacked, unpacked_record
from monitor.core.evidence.report import report_page
from tests.support.evidence import capture, chained

CASE = Case(asked=("potash", "a <b>"), since="2026-11-01", until="", made_at="2026-11-24", head=(3, "abc"))
FACTS: dict[str, Any] = {
    "reading": "read",
    "at": "2026-11-23T12:00:00",
    "article": {
        "id": "a1",
        "title": "Envoy <in> Minsk",
        "outlet": "The Herald",
        "tier": "state",
        "authors": ["A", "B"],
    },
    "placed": {"verdict": "copy", "reason": "same text", "story": "s1", "copy_of": "n1"},
    "matches": [
        {"topic": "potash", "spans": [["body", 5, 11, "potash", "potash"], ["title", 0, 5, "Envoy", "envoy"]]}
    ],
    "changes": [["number", "4", "5"]],
    "answers": [
        {
            "status": 200,
            "url": "https://h.example",
            "fetched_at": "x",
            "length": 9,
            "kept": 9,
            "sha256": "f00",
            "headers": {"server": "nginx"},
        }
    ],
}


def record(
    n: int = 1, *, text: str = "Sold potash & more.", missing: tuple[str, ...] = (), **changes: Any
) -> Unpacked:
    parts = {} if missing else {"facts": json.dumps(FACTS | changes).encode(), "text": text.encode()}
    return Unpacked(n=n, link="", hash=f"hash{n}", parts=parts, missing=missing)


def test_what_was_asked_and_what_a_reading_was() -> None:
    page = report_page(CASE, [record()])
    for row in (
        "<h1>Evidence: potash, a &lt;b&gt;</h1>",
        "<dt>From<dd>2026-11-01",
        "<dt>Readings<dd>1 of 1 articles",
        "<dt>The chain ends with<dd>record 3, abc",
        "<h2>1. Envoy &lt;in&gt; Minsk</h2>",
        "<dt>Reading<dd>First reading",
        "<dt>Outlet<dd>The Herald · state<",
        "<dt>By<dd>A, B",
        "<dt>Verdict<dd>copy · same text",
        "<dt>Copy of<dd>n1",
        "<td>potash<td>body 5–11<td>potash<td>potash",
        "<tr><td>number<td>4<td>5",
        "Sold <mark>potash</mark> &amp; more.",
        "200 https://h.example at x, 9 bytes<",
        "server: nginx",
        "f00",
        "<dt>Hash of the record<dd>hash1",
    ):
        assert row in page
    assert "<dt>Until" not in page, "what is not known has no row"


def test_articles_are_counted_once_and_a_cut_answer_says_so() -> None:
    cut = [FACTS["answers"][0] | {"kept": 4}]
    page = report_page(CASE, [record(1), record(2, reading="recheck", answers=cut)])
    assert "2 of 1 articles" in page
    assert "A further look" in page
    assert "9 bytes, the first 4 kept" in page
    assert "What changed" not in report_page(CASE, [record(changes=[], matches=[])])


@pytest.mark.parametrize(
    ("missing", "why"), [(("facts",), "deleted by the retention"), (("text",), "changed: verify the pack")]
)
def test_a_record_without_content_says_why(missing: tuple[str, ...], why: str) -> None:
    page = report_page(CASE, [record(7, missing=missing)])
    assert f"<h2>Record 7</h2><p>Its content was {why}; its hash is <code>hash7</code>.</p>" in page


@pytest.mark.parametrize(
    ("spans", "shown"),
    [
        ([(0, 4), (4, 5)], "<mark>Sold</mark><mark> </mark>pot"),
        ([(0, 4), (2, 6)], "<mark>Sold</mark> pot"),
        ([(2, 6), (0, 4)], "<mark>Sold</mark> pot"),
        ([(5, 9)], "Sold pot"),
        ([(5, 8)], "Sold <mark>pot</mark>"),
    ],
)
def test_words_are_marked_where_they_stand(spans: list[tuple[int, int]], shown: str) -> None:
    found = [{"topic": "t", "spans": [["body", start, end, "w", "t"] for start, end in spans]}]
    assert f"<pre>{shown}</pre>" in report_page(CASE, [record(text="Sold pot", matches=found)])


def test_a_stored_record_is_unpacked_and_a_damaged_one_is_left_out() -> None:
    (stored,) = chained([capture(1)])
    whole = unpacked_record(stored)
    assert whole.facts["article"]["id"] == "a1"
    assert (whole.n, whole.hash, whole.missing) == (1, stored.hash, ())
    gone = unpacked_record(dataclasses.replace(stored, packed={}))
    assert (gone.facts, gone.missing) == ({}, ("facts", "page", "text"))
    assert unpacked_record(dataclasses.replace(stored, link=b"no json")).parts == {}
    bad = unpacked_record(dataclasses.replace(stored, packed={**stored.packed, "facts": b"x", "more": b"y"}))
    assert set(bad.parts) == {"page", "text"}
    assert bad.facts == {}
    for facts in (b"[]", b"no json"):
        assert Unpacked(n=1, link="", hash="", parts={"facts": facts}, missing=()).facts == {}
