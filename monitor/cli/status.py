"""``monitor status``."""

from __future__ import annotations

from collections.abc import Mapping
from pathlib import Path

from monitor.cli.archive import opened
from monitor.cli.output import CONFIG_OPTION, JSON_OPTION, counted, emit, examples, moment, say, table

NAME = "status"
EXAMPLES = examples("monitor status", "monitor status --json")


def command(config: Path = CONFIG_OPTION, *, json: bool = JSON_OPTION) -> None:
    """Whether the service runs, what it holds, which sources are broken."""
    with opened(config) as (store, rulebook):
        facts = dict(store.admin.status())
        alive = store.admin.service_alive()
        broken = [state for state in store.sources.states() if state.error]
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
        emit({"running": alive, "rulebook": rulebook.revision, **facts, "broken": rows})
        return
    say("The service runs." if alive else "The service does not run.")
    topics = counted(len(rulebook.topics), "topic")
    sources = counted(len(rulebook.sources), "source")
    say(f"Rulebook {rulebook.revision}: {topics}, {sources}.")
    for name, value in facts.items():
        say(f"  {name}: {_line(value)}")
    table(
        "Broken sources",
        ("source", "health", "failures", "error", "next try"),
        ((s.source_id, s.health, s.failures, s.error, moment(s.next_fetch_at)) for s in broken),
    )


def _line(value: object) -> str:
    if isinstance(value, Mapping):
        return ", ".join(f"{count} {name}" for name, count in value.items()) or "none"
    return "none" if value is None else str(value)
