"""What is read after a poll, and what may alert."""

from __future__ import annotations

from datetime import timedelta

from monitor.core.source.intake import take_in
from monitor.model import AlertSettings, SourceState
from tests.support.records import NOW, entry

ALERTS = AlertSettings(max_age=timedelta(hours=6), outage=timedelta(hours=6))
NEW = SourceState(source_id="herald", next_fetch_at=NOW)
SEEN = SourceState(
    source_id="herald",
    next_fetch_at=NOW,
    first_read_at=NOW - timedelta(days=9),
    last_success_at=NOW - timedelta(minutes=10),
)


def test_first_contact_keeps_old_and_undated_entries_from_alerting() -> None:
    entries = (
        entry(1),
        entry(2, published=NOW - timedelta(days=2)),
        entry(3, published=None),
    )
    intake = take_in(entries, {}, NEW, ALERTS, NOW)
    assert [item.late for item in intake.new] == [False, True, True]
    assert (intake.late, intake.reason) == (2, "first_contact")


def test_a_source_that_is_read_regularly_alerts_old_dates_too() -> None:
    intake = take_in((entry(1, published=NOW - timedelta(days=2)),), {}, SEEN, ALERTS, NOW)
    assert [item.late for item in intake.new] == [False]


def test_after_a_long_outage_only_dated_old_entries_are_late() -> None:
    silent = SourceState(
        source_id="herald",
        next_fetch_at=NOW,
        first_read_at=NOW - timedelta(days=9),
        last_success_at=NOW - timedelta(hours=7),
    )
    entries = (entry(1, published=None), entry(2, published=NOW - timedelta(hours=6, seconds=1)))
    intake = take_in(entries, {}, silent, ALERTS, NOW)
    assert [item.late for item in intake.new] == [False, True]
    assert intake.reason == "outage"


def test_known_entries_are_left_and_changed_ones_read_again() -> None:
    known = {"e1": "stamp-1", "e2": "older stamp", "e3": ""}
    intake = take_in((entry(1), entry(2), entry(3), entry(4)), known, SEEN, ALERTS, NOW)
    assert [item.id for item in intake.new] == ["e4"]
    assert [item.id for item in intake.changed] == ["e2"]


def test_an_entry_listed_twice_counts_once_and_order_stays() -> None:
    intake = take_in((entry(2), entry(1), entry(2)), {}, SEEN, ALERTS, NOW)
    assert [item.id for item in intake.new] == ["e2", "e1"]
    assert all(item.seen_at == NOW for item in intake.new)
