"""What of a reading is kept: pages as they came, headers, text, why it matched; nothing of others."""

from __future__ import annotations

import json
from typing import Any

import pytest

from monitor.core.evidence.capture import captured, captured_end
from monitor.core.evidence.packing import unpacked
from monitor.core.evidence.verifier import digest
from monitor.model import Capture, Change, Fetched, Placement, Vanished
from tests.support.evidence import TEXT, answer, placed, rulebook
from tests.support.records import NOW, entry, match


def _kept(*answers: Fetched, **given: Any) -> tuple[Capture, ...]:
    how = {"rulebook": rulebook(), "at": NOW, "from_page": True}
    what = given.pop("placed", placed())
    listed = given.pop("entry", entry(1, content="<p>listed</p>"))
    return captured(what, listed, answers, **{**how, **given})


def _parts(capture: Capture) -> dict[str, bytes]:
    found = {part.name: unpacked(part.packed, part.length) for part in capture.parts}
    assert None not in found.values()
    return {name: content or b"" for name, content in found.items()}


def test_a_matched_article_is_kept_with_all_that_it_was_read_from() -> None:
    pages = answer(1), answer(2)
    (kept,) = _kept(*pages)
    parts = _parts(kept)
    facts = json.loads(parts["facts"])
    assert list(parts) == ["facts", "text", "page", "page-2"]
    assert (parts["page"], parts["page-2"], parts["text"].decode()) == (pages[0].body, pages[1].body, TEXT)
    assert facts["rulebook"] == "r1"
    assert facts["matches"][0]["spans"] == [["body", 43, 49, "potash", "potash"]]
    assert facts["answers"][0]["headers"]["server"] == "nginx"
    assert (kept.article_id, kept.topics) == ("a1", ("potash",))


def test_of_a_large_page_its_beginning_is_kept_and_the_hash_of_the_whole() -> None:
    page = answer(1)
    (kept,) = _kept(page, answer(2), rulebook=rulebook(max_bytes=100))
    parts = _parts(kept)
    stated = json.loads(parts["facts"])["answers"]
    assert (parts["page"], parts["page-2"]) == (page.body[:100], b"")
    assert (stated[0]["kept"], stated[0]["length"]) == (100, len(page.body))
    assert stated[0]["sha256"] == digest(page.body)


def test_what_the_source_listed_stands_in_for_a_page() -> None:
    (kept,) = _kept(from_page=False)
    assert _parts(kept)["entry"] == b"<p>listed</p>"
    (bare,) = _kept(from_page=False, entry=entry(1))
    assert list(_parts(bare)) == ["facts", "text"]


@pytest.mark.parametrize("verdict", ["known", "seen"])
def test_what_brought_nothing_is_not_kept_again(verdict: Any) -> None:
    place = Placement(verdict=verdict, article_id="a1", story_id="s1")
    assert _kept(answer(), placed=placed(placement=place)) == ()


def test_nothing_is_kept_unless_it_is_switched_on() -> None:
    assert _kept(answer(), rulebook=rulebook(keep="off")) == ()


def test_what_people_watch_for_themselves_is_not_in_it() -> None:
    assert _kept(answer(), placed=placed(matches=(match("watch-7"),))) == ()
    (kept,) = _kept(answer(), placed=placed(matches=(match("watch-7"), match("potash"))))
    assert kept.topics == ("potash",)
    assert b"watch-7" not in _parts(kept)["facts"]


def test_a_correction_after_which_nothing_matches_is_kept() -> None:
    place = Placement(verdict="revision", article_id="a1", story_id="s1")
    gone = placed(matches=(), placement=place, changes=(Change(what="match", before="potash", after=""),))
    assert _kept(answer(), placed=gone) == ()
    (kept,) = _kept(answer(), placed=gone, again=True)
    assert json.loads(_parts(kept)["facts"])["changes"] == [["match", "potash", ""]]


def test_a_page_that_is_gone_leaves_how_it_ended() -> None:
    end = Vanished(
        article_id="a1", change=Change(what="vanished", before="", after="The outlet answers 404.")
    )
    (kept,) = captured_end(end, ["potash", "watch-7"], url="https://h.example", rulebook=rulebook(), at=NOW)
    assert json.loads(_parts(kept)["facts"])["how"] == "The outlet answers 404."
    assert kept.topics == ("potash",)
    assert captured_end(end, ["watch-7"], url="https://h.example", rulebook=rulebook(), at=NOW) == ()
