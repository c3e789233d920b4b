"""``monitor sources``: the outlets that are watched."""

from __future__ import annotations

import difflib
from pathlib import Path

import typer

from monitor.cli.archive import opened
from monitor.cli.inputs import InputError, each
from monitor.cli.output import (
    CONFIG_OPTION,
    JSON_OPTION,
    counted,
    emit,
    examples,
    moment,
    say,
    table,
)
from monitor.core.rulebook import Rulebook
from monitor.model import Source, SourceState

app = typer.Typer(
    help="The outlets that are watched.",
    no_args_is_help=True,
    epilog=examples("monitor sources list", "monitor sources test nasha-niva"),
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
                "moved_to": state.moved_to if state else None,
                "next_fetch": state.next_fetch_at if state else None,
                "interval_s": state.interval_s if state else None,
            }
            emit(record)
        remark = _remark(state)
        rows.append(
            (source.id, source.name, source.kind, source.language, source.tier, health, moment(last), remark)
        )
    if not json:
        columns = ("id", "name", "kind", "lang", "tier", "health", "last good poll", "remark")
        table(counted(len(rows), "source"), columns, rows)


@app.command("test", epilog=examples("monitor sources test nasha-niva", "monitor sources test"))
def probe_sources(
    ids: list[str] = typer.Argument(None, metavar="ID", help="Source ids; none means all."),
    config: Path = CONFIG_OPTION,
    *,
    json: bool = JSON_OPTION,
) -> None:
    """What one poll of a source would bring, without storing anything."""
    from monitor import __version__
    from monitor.app import load_rulebook, utc_now
    from monitor.http.fetcher import PoliteFetcher
    from monitor.model import Fetched
    from monitor.plugins import source_kinds

    rulebook, kinds = load_rulebook(config), source_kinds()
    chosen = ids or list(rulebook.sources)
    fetcher = PoliteFetcher(rulebook.settings.fetch, version=__version__, now=utc_now)

    def show(name: str) -> None:
        source = rulebook.sources.get(name)
        if source is None:
            raise InputError(f"{name}: there is no such source in {config}{_nearest(name, rulebook)}")
        kind = kinds[source.kind]
        answer = fetcher(kind.request(source, None))
        assert isinstance(answer, Fetched)  # no validators were sent
        parsed = kind.parse(source, answer)
        newest = max((e.published for e in parsed.entries if e.published), default=None)
        if json:
            emit(
                {
                    "id": name,
                    "entries": len(parsed.entries),
                    "newest": newest,
                    "first": parsed.entries[0].title if parsed.entries else None,
                    "more": list(parsed.more),
                    "warnings": list(parsed.warnings),
                }
            )
            return
        more = f", {counted(len(parsed.more), 'further address', 'further addresses')}" if parsed.more else ""
        held = counted(len(parsed.entries), "entry", "entries")
        say(f"{name}: {held}{more}, newest {moment(newest)}{_hint(source)}")
        for entry in parsed.entries[:5]:
            say(f"    {moment(entry.published, 'no date')}  {entry.title}")

    try:
        code = each(chosen, show, as_json=json)
    finally:
        fetcher.close()
    if code:
        raise typer.Exit(code)


def _remark(state: SourceState | None) -> str:
    """What an operator should look at: where it moved, what is odd or wrong."""
    if state is None:
        return ""
    moved = f"moved for good to {state.moved_to}" if state.moved_to else ""
    return "; ".join(filter(None, (moved, state.error, state.note)))


def _hint(source: Source) -> str:
    return "" if source.enabled else " (disabled in the config)"


def _nearest(name: str, rulebook: Rulebook) -> str:
    near = difflib.get_close_matches(name, rulebook.sources, n=1)
    return f"; did you mean {near[0]}?" if near else "; `monitor sources list` shows the ids"
