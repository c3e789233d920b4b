"""Why an address was never listed."""

from __future__ import annotations

from datetime import timedelta
from typing import Any

import pytest

from monitor.core.why.unseen import CandidateSource, explain_unseen, explain_unwatchable, of_same_site
from monitor.model import Gap, SourceState
from tests.support.records import NOW, source

URL = "https://herald.example/a"
DAY = timedelta(days=1)
WELL = "is well and did not list it. It was asked last at 2026-11-23 12:00 UTC, next at 12:05 UTC."
GONE = (
    "had a gap after which older entries were gone from its list: "
    "HTTP 403 15 Nov 14:24–16 Nov 14:24, 0 articles recovered, older ones may be missing."
)


def state(**changes: Any) -> SourceState:
    given: dict[str, Any] = {"source_id": "herald", "next_fetch_at": NOW + timedelta(minutes=5)}
    given |= {"first_read_at": NOW - 9 * DAY, "last_success_at": NOW}
    return SourceState(**{**given, **changes})


def gap(*, days_ago: float, complete: bool | None = False, is_open: bool = False) -> Gap:
    ended = None if is_open else NOW - days_ago * DAY
    began = NOW - (days_ago + 1) * DAY
    return Gap(source_id="herald", began_at=began, reason="HTTP 403", ended_at=ended, complete=complete)


def test_of_a_site_that_nobody_watches() -> None:
    found = explain_unseen(URL, [], NOW)
    assert (found.reason, found.gate) == ("not-watched", "subscribed")
    assert found.sentence == "No source of herald.example is watched. Add one to hear of it."


@pytest.mark.parametrize(
    "name",
    ["mailto:ann@herald.example", "ftp://herald.example/a", "https://", "https:///a", "tel:+375171234567"],
)
def test_what_no_source_can_watch_is_said(name: str) -> None:
    found = explain_unwatchable(name)
    assert found is not None
    assert found.sentence.startswith(f"No source can watch {name}: only addresses of http:// and https://")
    assert found.reason == "unwatchable"


@pytest.mark.parametrize("name", [URL, "herald.example/a", "herald.example:8080/a", "HTTP://HERALD.EXAMPLE"])
def test_web_addresses_can_be_watched(name: str) -> None:
    assert explain_unwatchable(name) is None


def test_a_source_that_is_switched_off_is_named() -> None:
    off = CandidateSource(source=source(enabled=False), state=None)
    found = explain_unseen(URL, [off], NOW)
    assert (found.reason, found.sentence) == ("disabled", "The Herald is switched off in the files.")
    on = CandidateSource(source=source(id="b", name="B"), state=None)
    assert explain_unseen(URL, [off, on], NOW).sentence == "Never listed: B was not asked yet."


@pytest.mark.parametrize(
    ("known", "gaps", "reason", "text"),
    [
        (None, (), "never-asked", "was not asked yet."),
        (state(first_read_at=None), (), "never-asked", "was not asked yet."),
        (state(first_read_at=None, failures=1, error="HTTP 403", gap_since=NOW), (), "source-fails",
         "fails since 2026-11-23 12:00 UTC: HTTP 403."),
        (state(failures=1, error="HTTP 403"), (), "source-fails", "fails: HTTP 403."),
        (state(), (), "never-listed", WELL),
        (state(last_success_at=None), (), "never-listed", "is well and did not list it."),
        (state(), (gap(days_ago=6.9),), "window", GONE),
        (state(), (gap(days_ago=7),), "never-listed", "is well"),
        (state(), (gap(days_ago=1, complete=True),), "never-listed", "is well"),
        (state(), (gap(days_ago=1, complete=None),), "never-listed", "is well"),
        (state(), (gap(days_ago=9, is_open=True),), "window", "had a gap"),
    ],
)  # fmt: skip
def test_how_a_source_that_should_have_listed_it_did(
    known: SourceState | None, gaps: tuple[Gap, ...], reason: str, text: str
) -> None:
    found = explain_unseen(URL, [CandidateSource(source=source(), state=known, gaps=gaps)], NOW)
    assert (found.reason, found.gate) == (reason, "listed")
    assert found.sentence.startswith(f"Never listed: The Herald {text}")


def test_of_several_sources_the_worst_speaks_and_all_are_heard() -> None:
    well = CandidateSource(source=source(), state=state())
    fails = CandidateSource(source=source(id="b", name="B"), state=state(failures=1, error="HTTP 403"))
    found = explain_unseen(URL, [well, fails], NOW)
    assert found.reason == "source-fails"
    assert found.gates[0].text == "The Herald, B is watched"
    assert len(found.gates[1].more) == 2


def test_of_two_gaps_the_newer_is_told() -> None:
    both = (gap(days_ago=1), gap(days_ago=3))
    found = explain_unseen(URL, [CandidateSource(source=source(), state=state(), gaps=both)], NOW)
    assert "21 Nov 12:00" in found.sentence


def test_sources_are_found_by_their_address_or_their_site() -> None:
    sources = [
        source(),
        source(id="b", url="https://feeds.example/x", site="https://herald.example"),
        source(id="c", url="https://other.example/rss"),
        source(id="d", url="https://other.example/rss", site="https://another.example"),
    ]
    assert [each.id for each in of_same_site(URL, sources)] == ["herald", "b"]
