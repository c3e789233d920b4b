"""How much of the time sources were covered, and in what words a gap is told."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import UTC, datetime, timedelta, tzinfo

from monitor.i18n.lazy import Between, LazyText, lazy, lazy_plural, listed, word
from monitor.i18n.localizer import Localizer
from monitor.model import Gap, SourceState

_MOST_TOLD = 5
_MOST_IN_CHAT = 3


@dataclass(frozen=True, slots=True, kw_only=True)
class Coverage:
    """``percent`` of the time that ``sources`` sources were watched, out of 100; None for nothing watched."""

    percent: float | None
    sources: int


def coverage(
    states: Sequence[SourceState], gaps: Sequence[Gap], *, since: datetime, now: datetime
) -> Coverage:
    """Covered time over watched time, all sources together.

    A source is watched from its first poll on, good or not; ``gaps`` may hold those of others and
    of other times. A gap counts whether or not its entries were recovered: they came late.
    """
    watched = missed = timedelta()
    counted = 0
    of_source: dict[str, list[Gap]] = {}
    for gap in gaps:
        of_source.setdefault(gap.source_id, []).append(gap)
    for state in states:
        mine = of_source.get(state.source_id, [])
        first = min(filter(None, (state.first_read_at, *(gap.began_at for gap in mine))), default=None)
        if first is None or first >= now:
            continue
        counted += 1
        begin = max(since, first)
        watched += now - begin
        missed += sum(
            (max(min(gap.ended_at or now, now) - max(gap.began_at, begin), timedelta()) for gap in mine),
            timedelta(),
        )
    percent = round(100 * (1 - min(missed / watched, 1.0)), 2) if watched else None
    return Coverage(percent=percent, sources=counted)


def gap_text(gap: Gap, zone: tzinfo) -> LazyText:
    """``HTTP 403 14:10–15:40, 3 articles recovered``, in the zone's time."""
    reason = word(gap.reason)
    if gap.ended_at is None:
        return lazy("{reason} since {moment}", zone=zone, reason=reason, moment=gap.began_at)
    text = lazy_plural(
        "{reason} {period}, {count} article recovered",
        "{reason} {period}, {count} articles recovered",
        gap.recovered,
        zone=zone,
        reason=reason,
        period=Between(began=gap.began_at, ended=gap.ended_at),
    )
    return listed((text, lazy("older ones may be missing"))) if gap.complete is False else text


def gaps_text(
    gaps: Sequence[Gap], names: Mapping[str, str], tr: Localizer, *, timezone: str, now: datetime
) -> str:
    """``Gaps: The Herald HTTP 403 14:10–15:40, 3 articles recovered; …``: the three that matter most.

    Those that last come first, then those after which articles may be missing, then the longest.
    """
    if not gaps:
        return ""
    shown = sorted(gaps, key=_weight, reverse=True)[:_MOST_IN_CHAT]
    each = [
        f"{names.get(gap.source_id, gap.source_id)} {tr.told(gap_text(gap, UTC), timezone, now)}"
        for gap in shown
    ]
    if len(gaps) > len(shown):
        more = len(gaps) - len(shown)
        each.append(tr.many_plain("and {count} more", "and {count} more", more))
    return tr.plain("Gaps: {gaps}", gaps="; ".join(each))


def coverage_line(
    day: Coverage, week: Coverage, gaps: Sequence[Gap], names: Mapping[str, str], zone: tzinfo
) -> str:
    """The line under a report: coverage of the day and the week, and the longest gaps of ``gaps``.

    ``names`` gives each source's name by its id.
    """
    if day.percent is None:
        return ""
    text = f"Coverage: {day.percent:g} % of {day.sources} sources in 24 hours"
    if week.percent is not None:
        text += f", {week.percent:g} % in 7 days"
    shown = sorted(gaps, key=_length, reverse=True)[:_MOST_TOLD]
    if shown:
        text += ". Gaps: " + "; ".join(
            f"{names.get(gap.source_id, gap.source_id)} {gap_text(gap, zone)}" for gap in shown
        )
    if len(gaps) > len(shown):
        text += f"; and {len(gaps) - len(shown)} shorter ones"
    return text + "."


def _length(gap: Gap) -> timedelta:
    return gap.ended_at - gap.began_at if gap.ended_at else timedelta.max


def _weight(gap: Gap) -> tuple[bool, bool, timedelta]:
    return gap.ended_at is None, gap.complete is False, _length(gap)
