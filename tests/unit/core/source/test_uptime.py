"""How much of the time was covered, and in what words gaps are told."""

from __future__ import annotations

from datetime import UTC, datetime, timedelta
from typing import Any
from zoneinfo import ZoneInfo

import pytest
from hypothesis import given
from hypothesis import strategies as st

from monitor.core.source.uptime import coverage, coverage_line, gap_text, gaps_text
from monitor.i18n.localizer import localizer
from monitor.model import Gap, SourceState

HOUR = timedelta(hours=1)
NOW = datetime(2026, 11, 23, 12, 0, tzinfo=UTC)
DAY_AGO = NOW - 24 * HOUR


def state(name: str = "herald", **changes: Any) -> SourceState:
    given = {"source_id": name, "next_fetch_at": NOW, "first_read_at": NOW - 1000 * HOUR}
    return SourceState(**{**given, **changes})


def gap(began: float, ended: float | None = None, *, name: str = "herald", **changes: Any) -> Gap:
    """A gap from ``began`` hours ago until ``ended`` hours ago."""
    given = {
        "source_id": name,
        "began_at": NOW - began * HOUR,
        "ended_at": None if ended is None else NOW - ended * HOUR,
        "reason": "HTTP 403",
    }
    return Gap(**{**given, **changes})


def percent(states: list[SourceState], gaps: list[Gap]) -> float | None:
    return coverage(states, gaps, since=DAY_AGO, now=NOW).percent


def test_nothing_watched_is_no_percentage() -> None:
    assert percent([], []) is None
    assert percent([state(first_read_at=None)], []) is None


def test_gaps_are_counted_inside_the_window_only() -> None:
    assert percent([state()], []) == 100
    assert percent([state()], [gap(12, 6)]) == 75
    assert percent([state()], [gap(48, 18)]) == 75
    assert percent([state()], [gap(6)]) == 75
    assert percent([state()], [gap(48, 30)]) == 100
    assert percent([state(), state("wire")], [gap(12)]) == 75
    assert percent([state()], [gap(12, name="left the config")]) == 100


def test_a_source_counts_from_its_first_poll_on() -> None:
    assert percent([state(first_read_at=NOW - 4 * HOUR)], [gap(1)]) == 75
    assert percent([state(first_read_at=None)], [gap(6)]) == 0


@given(st.lists(st.tuples(st.floats(0, 100), st.floats(0, 100)), max_size=8))
def test_it_is_a_percentage(spans: list[tuple[float, float]]) -> None:
    found = percent([state()], [gap(max(span), min(span)) for span in spans])
    assert found is not None
    assert 0 <= found <= 100


def test_gaps_in_words() -> None:
    minsk = ZoneInfo("Europe/Minsk")
    assert gap_text(gap(3, 1.5, recovered=3), minsk) == "HTTP 403 12:00–13:30, 3 articles recovered"
    assert gap_text(gap(30, 1, recovered=1, complete=False), UTC) == (
        "HTTP 403 22 Nov 06:00–23 Nov 11:00, 1 article recovered, older ones may be missing"
    )
    assert gap_text(gap(3), UTC) == "HTTP 403 since 23 Nov 09:00"


def test_the_line_under_a_digest() -> None:
    gaps = [gap(6), gap(3, 1.5, name="wire", recovered=3), *(gap(2, 1.99, name=f"s{n}") for n in range(5))]
    day = coverage([state(), state("wire")], gaps, since=DAY_AGO, now=NOW)
    week = coverage([state(), state("wire")], gaps, since=NOW - 168 * HOUR, now=NOW)
    line = coverage_line(day, week, gaps, {"herald": "The Herald", "wire": "The Wire"}, UTC)
    assert line.startswith(
        "Coverage: 84.38 % of 2 sources in 24 hours, 97.77 % in 7 days. Gaps: "
        "The Herald HTTP 403 since 23 Nov 06:00; The Wire HTTP 403 09:00–10:30, 3 articles recovered; s0 "
    )
    assert line.endswith("and 2 shorter ones.")
    nothing = coverage([], [], since=DAY_AGO, now=NOW)
    assert coverage_line(nothing, nothing, [], {}, UTC) == ""


def test_a_digest_tells_the_three_gaps_that_matter_most_in_the_chats_language_and_zone() -> None:
    gaps = [
        gap(23, 3, name="long"),
        gap(5, 4, name="lost", complete=False, recovered=21),
        gap(2, name="open", reason="no answer"),
        gap(8, 6, name="wire"),
        gap(1, 0.9, name="wire"),
    ]
    names = {"long": "The Long", "lost": "The Lost", "open": "The Open", "wire": "The Wire"}
    assert gaps_text(gaps, names, localizer("en"), timezone="Europe/Minsk", now=NOW) == (
        "Gaps: The Open no answer since 13:00; The Lost HTTP 403 10:00–11:00, 21 articles recovered, "
        "older ones may be missing; "
        "The Long HTTP 403 Nov 22 16:00–Nov 23 12:00, 0 articles recovered; and 2 more"
    )
    assert gaps_text(gaps[1:3], names, localizer("uk"), timezone="Europe/Kyiv", now=NOW) == (
        "Прогалини: The Open немає відповіді з 12:00; The Lost HTTP 403 09:00–10:00, відновлено 21 статтю, "
        "старіших може бракувати"
    )
    assert gaps_text([], names, localizer("uk"), timezone="Europe/Kyiv", now=NOW) == ""


@pytest.mark.parametrize(
    ("states", "gaps", "said"),
    [
        ([state()], [], 100.0),
        ([state()], [gap(6, 0)], 75.0),
        ([state(), state("wire")], [gap(6, 0)], 87.5),
        ([state()], [gap(30, 18)], 75.0),
        ([state()], [gap(30, 24)], 100.0),
        ([state()], [gap(12)], 50.0),
        ([state()], [gap(6, 0), gap(6, 0, name="gone")], 75.0),
        ([state(first_read_at=NOW - 12 * HOUR)], [gap(6, 0)], 50.0),
        ([state(first_read_at=None)], [gap(6)], 0.0),  # never answered
        ([state(first_read_at=NOW)], [], None),
        ([state(first_read_at=None)], [], None),
    ],
)
def test_covered_time_of_watched_time(states: list[SourceState], gaps: list[Gap], said: float | None) -> None:
    found = coverage(states, gaps, since=DAY_AGO, now=NOW)
    assert found.percent == said
    assert found.sources == (0 if said is None else len(states))


def test_just_as_many_gaps_as_are_told_leave_no_rest() -> None:
    three, five = [gap(n, n - 0.5) for n in range(1, 4)], [gap(n, n - 0.5) for n in range(1, 6)]
    assert "more" not in gaps_text(three, {}, localizer("en"), timezone="UTC", now=NOW)
    assert gaps_text([*three, gap(9, 8)], {}, localizer("en"), timezone="UTC", now=NOW).endswith("and 1 more")
    full = coverage([state()], [], since=DAY_AGO, now=NOW)
    assert coverage_line(full, full, [], {}, UTC) == (
        "Coverage: 100 % of 1 sources in 24 hours, 100 % in 7 days."
    )
    assert "shorter" not in coverage_line(full, full, five, {}, UTC)
    assert coverage_line(full, full, [*five, gap(9, 8)], {}, UTC).endswith("; and 1 shorter ones.")
