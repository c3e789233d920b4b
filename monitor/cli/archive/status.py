"""``monitor status``."""

from __future__ import annotations

import dataclasses
from collections.abc import Mapping
from pathlib import Path

from monitor.cli.archive.opened import opened
from monitor.cli.output import CONFIG_OPTION, JSON_OPTION, counted, emit, examples, moment, say, table
from monitor.core.source.uptime import Coverage, gap_text

MOST_GAPS = 20
NAME = "status"
EXAMPLES = examples("monitor status", "monitor status --json")


def command(config: Path = CONFIG_OPTION, *, json: bool = JSON_OPTION) -> None:
    """Whether the service runs, what it holds, which sources are broken."""
    from monitor.app import utc_now
    from monitor.chores.uptime import watched, zone_of

    with opened(config) as (store, rulebook):
        facts = dict(store.admin.status())
        alive = store.admin.service_alive()
        watch = watched(store, now=utc_now())
    broken = [state for state in watch.states if state.error or state.told_at]
    moved = [state for state in watch.states if state.moved_to]
    if json:
        rows = [
            {
                "source": state.source_id,
                "health": state.health,
                "failures": state.failures,
                "error": state.error,
                "next": state.next_fetch_at,
            }
            for state in broken
        ]
        emit(
            {
                "running": alive,
                "rulebook": rulebook.revision,
                **facts,
                "matcher": dict(rulebook.matcher.memory()),
                "broken": rows,
                "coverage": {"24h": watch.day.percent, "7d": watch.week.percent},
                "gaps": [dataclasses.asdict(gap) for gap in watch.gaps],
                "moved": {state.source_id: state.moved_to for state in moved},
            }
        )
        return
    say("The service runs." if alive else "The service does not run.")
    topics = counted(len(rulebook.topics), "topic")
    sources = counted(len(rulebook.sources), "source")
    say(f"Rulebook {rulebook.revision}: {topics}, {sources}.")
    held = rulebook.matcher.memory()
    terms = counted(held["terms"], "distinct term")
    say(f"Matcher: {terms}, about {held['about_mb']} MB before the first text.")
    for name, value in facts.items():
        say(f"  {name}: {_line(value)}")
    say(f"Coverage: {_percent(watch.day)} in 24 hours, {_percent(watch.week)} in 7 days.")
    table(
        "Broken sources",
        ("source", "health", "failures", "error", "next try"),
        (
            (s.source_id, s.health, s.failures, s.error or "nothing new", moment(s.next_fetch_at))
            for s in broken
        ),
    )
    zone = zone_of(rulebook)
    recent = sorted(watch.gaps, key=lambda gap: gap.began_at, reverse=True)[:MOST_GAPS]
    table(
        "Gaps of 7 days, newest first",
        ("source", "gap"),
        ((gap.source_id, gap_text(gap, zone)) for gap in recent),
    )
    table(
        "Moved for good: make the new address the url of the source",
        ("source", "new address", "since"),
        ((s.source_id, s.moved_to, moment(s.moved_at)) for s in moved),
    )


def _percent(covered: Coverage) -> str:
    return "nothing watched" if covered.percent is None else f"{covered.percent:g} %"


def _line(value: object) -> str:
    if isinstance(value, Mapping):
        return ", ".join(f"{count} {name}" for name, count in value.items()) or "none"
    return "none" if value is None else str(value)
