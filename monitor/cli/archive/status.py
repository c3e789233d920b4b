"""``monitor status``."""

from __future__ import annotations

import dataclasses
from collections.abc import Mapping, Sequence
from datetime import datetime
from pathlib import Path
from typing import TYPE_CHECKING

import typer

from monitor.cli.archive.opened import opened
from monitor.cli.output import (
    CONFIG_OPTION,
    EXIT_UNREACHABLE,
    JSON_OPTION,
    complain,
    counted,
    emit,
    examples,
    moment,
    say,
    table,
)

if TYPE_CHECKING:
    from monitor.core.rulebook import Rulebook
    from monitor.core.source.uptime import Coverage
    from monitor.ports import Store

MOST_GAPS = 20
LATELY = 200
"""Deliveries that are looked through for the last alert and the next digest."""
NAME = "status"
EXAMPLES = examples("monitor status", "monitor status --verbose", "monitor status --json")


def command(
    config: Path = CONFIG_OPTION,
    *,
    verbose: bool = typer.Option(False, "--verbose", "-v", help="Also counts of tables and the matcher."),
    json: bool = JSON_OPTION,
) -> None:
    """Whether the service runs, by which rules, what it did last, which sources are broken.

    Exit code 3 when it runs and stands still: it does not ask its sources, or the store takes no writes.
    """
    from monitor.app import utc_now
    from monitor.chores.uptime import watched, zone_of
    from monitor.core.source.uptime import gap_text

    with opened(config) as (store, rulebook):
        facts = dict(store.admin.status())
        alive = store.admin.service_alive()
        paused = [chat for chat in store.chats.all() if chat.state == "paused"]
        watch = watched(store, now=utc_now())
        stuck = _standing_still(store, rulebook, utc_now()) if alive else ()
        workers = store.workers.all()
        now = _present(store, rulebook, config, alive=alive)
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
                "stuck": list(stuck),
                "rulebook": rulebook.revision,
                **now,
                **facts,
                "workers": [dataclasses.asdict(worker) for worker in workers],
                "matcher": dict(rulebook.matcher.memory()),
                "broken": rows,
                "paused": [
                    {"chat": chat.id, "reason": chat.paused_because, "retry_at": chat.retry_at}
                    for chat in paused
                ],
                "coverage": {"24h": watch.day.percent, "7d": watch.week.percent},
                "gaps": [dataclasses.asdict(gap) for gap in watch.gaps],
                "moved": {state.source_id: state.moved_to for state in moved},
            }
        )
        _exit(stuck)
        return
    say("The service runs." if alive else "The service does not run.")
    for line in stuck:
        complain(line)
    _say_present(now, rulebook)
    if verbose:
        held = rulebook.matcher.memory()
        terms = counted(held["terms"], "distinct term")
        say(f"Matcher: {terms}, about {held['about_mb']} MB before the first text.")
        for name, value in facts.items():
            say(f"  {name}: {_line(value)}")
    say(f"Coverage: {_percent(watch.day)} in 24 hours, {_percent(watch.week)} in 7 days.")
    table(
        "Workers beside the service",
        ("worker", "roles", "since", "last heard of", "in flight"),
        (
            (w.id, " ".join(w.roles), moment(w.started_at), moment(w.heartbeat_at), w.in_flight)
            for w in workers
        ),
    )
    table(
        "Broken sources",
        ("source", "health", "failures", "error", "next try"),
        (
            (s.source_id, s.health, s.failures, s.error or "nothing new", moment(s.next_fetch_at))
            for s in broken
        ),
    )
    table(
        "Paused chats: `monitor chats wake CHAT` writes to one again",
        ("chat", "reason", "tried again"),
        ((chat.id, chat.paused_because, moment(chat.retry_at)) for chat in paused),
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
    _exit(stuck)


def _present(store: Store, rulebook: Rulebook, config: Path, *, alive: bool) -> dict[str, object]:
    """What an operator asks first: version, since when, which rules, the last poll and alert, the disk."""
    import shutil

    from monitor import __version__
    from monitor.app import store_file
    from monitor.core.delivery.kinds import traits

    kept = next(iter(store.admin.rulebooks(1)), None)
    polls = [state.last_fetch_at for state in store.sources.states() if state.last_fetch_at]
    sent = store.outbox.list(states=("sent",), limit=LATELY)
    alerts = [item.sent_at for item in sent if traits(item).counts_towards_budget and item.sent_at]
    waiting = [item.not_before for item in store.outbox.list(states=("collected",), limit=LATELY)]
    file = store_file(rulebook, config)
    folder = next((each for each in file.parents if each.is_dir()), None) if file else None
    return {
        "version": __version__,
        "since": store.admin.service_since() if alive else None,
        "rules_in_force": kept.revision if kept else None,
        "rules_taken_at": kept.taken_at if kept else None,
        "last_poll": max(polls, default=None),
        "last_alert": max(alerts, default=None),
        "next_digest": min(waiting, default=None),
        "store_mb": file.stat().st_size // 1_000_000 if file and file.exists() else None,
        "last_backup": store.admin.last_backup(),
        "disk_free_mb": shutil.disk_usage(folder).free // 1_000_000 if folder else None,
    }


def _say_present(now: Mapping[str, object], rulebook: Rulebook) -> None:
    def at(name: str, none: str = "never") -> str:
        value = now[name]
        return moment(value if isinstance(value, datetime) else None, none)

    since = f", since {at('since')}" if now["since"] else ""
    say(f"Version {now['version']}{since}.")
    topics = counted(len(rulebook.topics), "topic")
    sources = counted(len(rulebook.sources), "source")
    say(f"Rules {rulebook.revision}: {topics}, {sources}.")
    if now["rules_in_force"] not in {None, rulebook.revision}:
        taken = f"{now['rules_in_force']} of {at('rules_taken_at')}"
        say(f"The service took {taken}, not these files: `monitor rules diff` shows the difference.")
    digest = at("next_digest", "none")
    say(f"Last poll {at('last_poll')}, last alert {at('last_alert')}, next digest {digest}.")
    if rulebook.settings.backup.every or now["last_backup"]:
        say(f"Last backup on schedule {at('last_backup')}.")
    if now["disk_free_mb"] is not None:
        size = f"{now['store_mb'] or 0:,} MB" if now["store_mb"] is not None else "not there yet"
        say(f"Store: {size}; {now['disk_free_mb']:,} MB free on its disk.")


def _standing_still(store: Store, rulebook: Rulebook, now: datetime) -> tuple[str, ...]:
    """In what the service that runs stands still, a sentence each."""
    from monitor.chores.uptime import overdue_sources
    from monitor.core.watchdog import STORE_SILENT_S, overdue_text
    from monitor.errors import StoreError

    lines: list[str] = []
    beat, since = store.admin.last_heartbeat(), store.admin.service_since()
    if since is not None and beat is not None:
        silent_s = (now - max(beat, since)).total_seconds()
        if silent_s > STORE_SILENT_S:
            lines.append(f"It has written nothing for {silent_s:.0f} s: look at the disk and the database.")
    try:
        store.admin.prove_writing()
    except StoreError as error:  # what the service itself saw stands in its memory alone
        lines.append(f"The store takes no writes: {error}")
    late = overdue_sources(store, rulebook, now=now, since=since or now)
    if late:
        lines.append(str(overdue_text([source.name for source in late])))
    return tuple(lines)


def _exit(stuck: Sequence[str]) -> None:
    if stuck:
        raise typer.Exit(EXIT_UNREACHABLE)


def _percent(covered: Coverage) -> str:
    return "nothing watched" if covered.percent is None else f"{covered.percent:g} %"


def _line(value: object) -> str:
    if isinstance(value, Mapping):
        return ", ".join(f"{count} {name}" for name, count in value.items()) or "none"
    return "none" if value is None else str(value)
