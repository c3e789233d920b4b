"""``monitor sources``: the outlets that are watched."""

from __future__ import annotations

from pathlib import Path
from typing import TYPE_CHECKING

import typer

from monitor.cli.archive.opened import opened
from monitor.cli.output import CONFIG_OPTION, JSON_OPTION, counted, emit, examples, moment, table
from monitor.cli.sources import add, discover, exchange, test

if TYPE_CHECKING:
    from monitor.model import SourceState

app = typer.Typer(
    help="The outlets that are watched.",
    no_args_is_help=True,
    epilog=examples(
        "monitor sources list",
        "monitor sources discover outlet.example --write europe.yaml",
        "monitor sources test nasha-niva",
        "monitor sources import subscriptions.opml --dry-run",
    ),
)


@app.command("list", epilog=examples("monitor sources list", "monitor sources list --json"))
def list_sources(config: Path = CONFIG_OPTION, *, json: bool = JSON_OPTION) -> None:
    """Every source of the config, with its health when the service has run."""
    with opened(config) as (store, rulebook):
        states = {state.source_id: state for state in store.sources.states()}
    rows = []
    for source in rulebook.sources.values():
        state = states.get(source.id)
        health = "disabled" if not source.enabled else (state.health if state else "new")
        last = state.last_success_at if state else None
        if json:
            record = {
                "id": source.id,
                "name": source.name,
                "kind": source.kind,
                "url": source.url,
                "language": source.language,
                "country": source.country,
                "tier": source.tier,
                "health": health,
                "last_success": last,
                "error": state.error if state else None,
                "note": state.note if state else None,
                "other_pages": state.other_pages if state else 0,
                "moved_to": state.moved_to if state else None,
                "next_fetch": state.next_fetch_at if state else None,
                "interval_s": state.interval_s if state else None,
                "recipe": source.recipe.select if source.recipe else None,
            }
            emit(record)
        rows.append(
            (
                source.id,
                source.name,
                source.kind,
                source.language,
                source.tier,
                health,
                moment(last),
                _remark(state),
            )
        )
    if not json:
        columns = ("id", "name", "kind", "lang", "tier", "health", "last good poll", "remark")
        table(counted(len(rows), "source"), columns, rows)


def _remark(state: SourceState | None) -> str:
    """What an operator should look at: where it moved, what is odd or wrong."""
    if state is None:
        return ""
    moved = f"moved for good to {state.moved_to}" if state.moved_to else ""
    others = ""
    if state.other_pages:
        pages = counted(state.other_pages, "page was not its article", "pages were not their articles")
        others = f"{pages} (last {moment(state.other_page_at)}: {state.other_page})"
    return "; ".join(filter(None, (moved, state.error, state.note, others)))


for name, part in (
    ("add", add),
    ("discover", discover),
    ("test", test),
    ("import", exchange.IMPORT),
    ("export", exchange.EXPORT),
):
    app.command(name, epilog=part.EXAMPLES)(part.command)
