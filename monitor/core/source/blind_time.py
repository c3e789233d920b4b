"""When nobody watched: the gap ledger turned into the time of which articles say nothing."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from datetime import datetime, timedelta

from monitor.model import Gap, SourceState

Interval = tuple[datetime, datetime]

# A source that was not read for so many of its intervals, and at least so long, is not being watched.
LATE_INTERVALS = 3
LATE_AT_LEAST = timedelta(hours=1)


def blind_time(
    states: Sequence[SourceState], gaps: Sequence[Gap], weights: Mapping[str, float], now: datetime
) -> tuple[Interval, ...]:
    """The time in which sources with at least half of the weight were not watched, oldest first.

    ``weights`` gives a source's share in what is looked for, by its id; empty: all count alike. A source
    whose last good poll lies far back was not watched since then, whether or not the ledger says so yet:
    after a stop it is written only at the next poll.
    """
    known = {state.source_id for state in states}
    counted = {name: weight for name, weight in weights.items() if name in known} or dict.fromkeys(known, 1.0)
    whole = sum(counted.values())
    edges: list[tuple[datetime, float]] = []
    for name, intervals in _unwatched(states, gaps, now).items():
        for begin, end in _merged(intervals) if name in counted else ():
            edges += [(begin, counted[name]), (end, -counted[name])]
    found: list[Interval] = []
    missing, since = 0.0, None
    for moment, weight in sorted(edges, key=lambda edge: (edge[0], -edge[1])):
        missing += weight
        # A hair below half: sums of floats.
        half = missing >= whole / 2 - 1e-9 and missing > 0
        if half and since is None:
            since = moment
        elif not half and since is not None:
            found.append((since, moment))
            since = None
    return tuple((begin, end) for begin, end in found if end > begin)


def _unwatched(
    states: Sequence[SourceState], gaps: Sequence[Gap], now: datetime
) -> dict[str, list[Interval]]:
    found: dict[str, list[Interval]] = {state.source_id: [] for state in states}
    for gap in gaps:
        found.setdefault(gap.source_id, []).append((gap.began_at, min(gap.ended_at or now, now)))
    for state in states:
        last = state.last_success_at
        patience = max(LATE_AT_LEAST, LATE_INTERVALS * timedelta(seconds=state.interval_s or 0))
        if last is not None and now - last > patience:
            found[state.source_id].append((last, now))
    return found


def _merged(intervals: Sequence[Interval]) -> list[Interval]:
    merged: list[Interval] = []
    for begin, end in sorted(intervals):
        if merged and begin <= merged[-1][1]:
            merged[-1] = (merged[-1][0], max(end, merged[-1][1]))
        else:
            merged.append((begin, end))
    return merged
