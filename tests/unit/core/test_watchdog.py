"""What a service that stands still looks like."""

from __future__ import annotations

from datetime import datetime, timedelta

import pytest

from monitor.core.watchdog import overdue, overdue_text
from monitor.model import SourceState
from tests.support.records import NOW, source

MINUTE = timedelta(minutes=1)
LONG_AGO = NOW - timedelta(days=1)


def late(
    minutes: float,
    *,
    interval_s: float | None = 600.0,
    since: datetime = LONG_AGO,
    every: timedelta = 10 * MINUTE,
    enabled: bool = True,
) -> bool:
    state = SourceState(source_id="herald", next_fetch_at=NOW - minutes * MINUTE, interval_s=interval_s)
    return bool(overdue([state], {"herald": source(every=every, enabled=enabled)}, NOW, since=since))


@pytest.mark.parametrize(
    ("minutes", "interval_s", "is_late"),
    [
        (30, 600.0, False),
        (30.1, 600.0, True),
        (5, 60.0, False),
        (5.1, 60.0, True),
        (30.1, None, True),
        (29, None, False),
    ],
)
def test_three_intervals_and_five_minutes_are_too_long(
    minutes: float, interval_s: float | None, is_late: bool
) -> None:
    assert late(minutes, interval_s=interval_s) is is_late


def test_before_the_service_began_nobody_could_ask() -> None:
    assert not late(600, since=NOW - 30 * MINUTE)
    assert late(600, since=NOW - 31 * MINUTE)


def test_only_sources_that_are_watched_are_late_and_the_longest_comes_first() -> None:
    assert not late(600, enabled=False)
    states = [SourceState(source_id=name, next_fetch_at=NOW - minutes * MINUTE, interval_s=60.0)
              for name, minutes in (("a", 40), ("b", 90), ("gone", 99))]  # fmt: skip
    sources = {name: source(id=name) for name in "ab"}
    found = overdue(states, sources, NOW, since=LONG_AGO)
    assert [each.id for each in found] == ["b", "a"]
    assert "1 source was not asked" in str(overdue_text(["The Herald"]))
    assert "2 sources were not asked" in str(overdue_text(["The Herald", "x"]))
    assert "The Herald" in str(overdue_text(["The Herald", "x"]))
