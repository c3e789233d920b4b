"""Gaps, health and habits of sources in every store."""

from __future__ import annotations

from datetime import UTC, datetime, timedelta

import pytest

from monitor.errors import Conflict
from monitor.model import Cadence, Event, Gap, Job, Outcome, Source, SourceState
from monitor.ports import Store

NOW = datetime(2026, 5, 4, 9, 30, tzinfo=UTC)
HOUR = timedelta(hours=1)
HERALD = Source(id="herald", name="The Herald", kind="feed", url="https://herald.example/rss")


def commit(store: Store, **outcome: object) -> None:
    """Write an outcome by a poll job of the herald."""
    store.jobs.add([Job(kind="poll", key="herald")], NOW)
    (job,) = store.jobs.claim(now=NOW, owner="me", epoch=1, limit=1)
    store.jobs.commit(job, Outcome(**outcome), now=NOW)  # type: ignore[arg-type]


def test_everything_known_of_a_source_comes_back(store: Store) -> None:
    store.sources.sync([HERALD], NOW)
    known = SourceState(
        source_id="herald",
        next_fetch_at=NOW + HOUR,
        well_since=NOW - HOUR,
        failures=2,
        health="late",
        error="it hangs",
        note="500 of 9000 entries were read",
        interval_s=300.5,
        share_new=0.25,
        unstable_ids=2,
        titles="0a1b2c3d",
        gap_since=NOW - 2 * HOUR,
        gap_reason="HTTP 403",
        told_at=NOW - HOUR,
        moved_to="https://elsewhere.example/rss",
        moved_at=NOW - 9 * HOUR,
        moved_told_at=NOW - 8 * HOUR,
        cadence=Cadence(
            since=NOW - 99 * HOUR, at=NOW, longest=HOUR, arrivals=tuple(n / 8 for n in range(168))
        ),
    )
    commit(store, source_state=known)
    assert store.sources.state("herald") == known
    assert store.sources.states() == (known,)


def test_a_gap_is_begun_prolonged_and_ended(store: Store) -> None:
    store.sources.sync([HERALD], NOW)
    begun = Gap(source_id="herald", began_at=NOW - HOUR, reason="HTTP 403")
    commit(store, gaps=(begun,))
    assert store.sources.gaps(NOW) == (begun,)
    worse = Gap(source_id="herald", began_at=NOW - HOUR, reason="no answer")
    commit(store, gaps=(worse,))
    assert store.sources.gaps(NOW) == (worse,)
    ended = Gap(
        source_id="herald", began_at=NOW - HOUR, reason="no answer", ended_at=NOW, recovered=3, complete=True
    )
    later = Gap(source_id="herald", began_at=NOW, reason="not asked", ended_at=NOW + HOUR)
    commit(store, gaps=(ended, later))
    assert store.sources.gaps(NOW - 2 * HOUR) == (ended, later)
    assert store.sources.gaps(NOW) == (later,)


def test_a_gap_of_a_refused_commit_is_not_there(store: Store) -> None:
    """The ledger is written with the state, or not at all."""
    store.sources.sync([HERALD], NOW)
    gap = Gap(source_id="herald", began_at=NOW, reason="HTTP 403")
    stranger = Job(kind="poll", key="herald", owner="other", epoch=7)
    with pytest.raises(Conflict):
        store.jobs.commit(stranger, Outcome(gaps=(gap,)), now=NOW)
    assert store.sources.gaps(NOW - HOUR) == ()


def test_a_source_taken_out_of_the_config_is_not_missed(store: Store) -> None:
    store.sources.sync([HERALD], NOW)
    state = SourceState(source_id="herald", next_fetch_at=NOW, gap_since=NOW - HOUR, told_at=NOW - HOUR)
    commit(store, source_state=state, gaps=(Gap(source_id="herald", began_at=NOW - HOUR, reason="x"),))
    store.sources.sync([], NOW)
    (gap,) = store.sources.gaps(NOW - HOUR)
    assert gap.ended_at == NOW
    back = store.sources.state("herald")
    assert back is not None
    assert (back.gap_since, back.told_at) == (None, None)


def test_the_last_event_of_a_kind(store: Store) -> None:
    assert store.outbox.last_event("reminder") is None
    for hours, kind in ((3, "reminder"), (2, "reminder"), (1, "broke")):
        store.outbox.add_events([Event(kind=kind, subject="s", text="x", at=NOW - hours * HOUR)])  # type: ignore[arg-type]
    assert store.outbox.last_event("reminder") == NOW - 2 * HOUR
