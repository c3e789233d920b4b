"""``monitor sources test``: what one poll would bring, and why."""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterator, Mapping, Sequence
from contextlib import contextmanager
from dataclasses import dataclass
from datetime import datetime
from pathlib import Path
from typing import TYPE_CHECKING

import typer

from monitor.cli.archive.opened import opened
from monitor.cli.output import CONFIG_OPTION, JSON_OPTION, complain, counted, emit, examples, moment, say
from monitor.cli.pipeline.inputs import InputError, each

if TYPE_CHECKING:
    from monitor.core.rulebook import Rulebook
    from monitor.core.source.intake import Intake
    from monitor.model import Entry, Match, Parsed, Source
    from monitor.ports import Store

EXAMPLES = examples(
    "monitor sources test nasha-niva", "monitor sources test nasha-niva --json", "monitor sources test"
)
SHOWN = 20


@dataclass(frozen=True, slots=True, kw_only=True)
class _Look:
    """One entry of a look: its fate and the topics that match what the entry itself says."""

    entry: Entry
    fate: str
    matches: tuple[Match, ...]


def command(
    ids: list[str] = typer.Argument(None, metavar="ID", help="Source ids; none means all."),
    config: Path = CONFIG_OPTION,
    *,
    json: bool = JSON_OPTION,
) -> None:
    """What one poll of a source would bring and why, without storing anything.

    Each entry is new, changed, known, or late (stored without an alert). Topics are matched against
    what the entry itself says; its page may match more.
    """
    from monitor import __version__
    from monitor.app import load_rulebook, open_spool, utc_now
    from monitor.http.fetcher import HttpFetcher
    from monitor.http.robots_fetcher import RobotsFetcher
    from monitor.inbox import fetching
    from monitor.jobs.preview import poll_once
    from monitor.plugins import source_kinds

    rulebook, kinds = load_rulebook(config), source_kinds()
    fetcher = HttpFetcher(rulebook.settings.fetch, version=__version__, now=utc_now)
    fetch = fetching(open_spool(rulebook, config, peek=True), RobotsFetcher(fetcher, now=utc_now))
    with _store(config) as store:

        def show(name: str) -> None:
            source = rulebook.sources.get(name)
            if source is None:
                raise InputError(f"{name}: there is no such source in {config}{_nearest(name, rulebook)}")
            parsed = poll_once(source, kinds[source.kind], fetch, rulebook.settings.fetch)
            intake = _intake(source, parsed.entries, store, rulebook, utc_now())
            looks = [
                _Look(entry=entry, fate=fate, matches=_matches(entry, source, rulebook, utc_now()))
                for entry, fate in _fates(parsed.entries, intake)
            ]
            if json:
                emit(_as_json(name, parsed, intake, looks))
            else:
                _show(source, parsed, intake, looks)

        try:
            code = each(ids or list(rulebook.sources), show, as_json=json)
        finally:
            fetcher.close()
    if code:
        raise typer.Exit(code)


@contextmanager
def _store(config: Path) -> Iterator[Store | None]:
    """The store, or None (with a note) when it is out of reach: then all is first contact."""
    from monitor.errors import StoreError

    try:
        manager = opened(config)
        store, _ = manager.__enter__()
    except StoreError as error:
        complain(f"the store is out of reach, so nothing counts as known: {error}")
        yield None
        return
    try:
        yield store
    finally:
        manager.__exit__(None, None, None)


def _intake(
    source: Source, entries: Sequence[Entry], store: Store | None, rulebook: Rulebook, now: datetime
) -> Intake:
    from monitor.core.source.intake import take_in
    from monitor.core.source.schedule import fresh_state

    state = store.sources.state(source.id) if store else None
    known: Mapping[str, str] = store.articles.known(entries) if store and entries else {}
    return take_in(entries, known, state or fresh_state(source, now), rulebook.settings.alerts, now)


def _fates(entries: Sequence[Entry], intake: Intake) -> Iterator[tuple[Entry, str]]:
    new = {entry.id: entry for entry in intake.new}
    changed = {entry.id for entry in intake.changed}
    for entry in entries:
        found = new.get(entry.id)
        if found is not None:
            yield entry, "late" if found.late else "new"
        else:
            yield entry, "changed" if entry.id in changed else "known"


def _matches(entry: Entry, source: Source, rulebook: Rulebook, now: datetime) -> tuple[Match, ...]:
    from monitor.core.match import match
    from monitor.core.page.extract import article, extract_entry

    extracted = extract_entry(entry, url=entry.url, language_hint=source.language)
    return match(article(extracted, entry=entry, source=source, seen_at=now), rulebook)


def _as_json(name: str, parsed: Parsed, intake: Intake, looks: Sequence[_Look]) -> dict[str, object]:
    counts = Counter(look.fate for look in looks)
    return {
        "id": name,
        "entries": len(parsed.entries),
        "newest": max((e.published for e in parsed.entries if e.published), default=None),
        "first": parsed.entries[0].title if parsed.entries else None,
        "more": list(parsed.more),
        "warnings": list(parsed.warnings),
        **{fate: counts[fate] for fate in ("new", "late", "changed", "known")},
        "reason": intake.reason or None,
        "items": [
            {
                "id": look.entry.guid or look.entry.url,
                "url": look.entry.url,
                "title": look.entry.title,
                "published": look.entry.published,
                "state": look.fate,
                "topics": [_topic(found) for found in look.matches],
            }
            for look in looks
        ],
    }


def _topic(found: Match) -> dict[str, object]:
    return {"topic": found.topic_id, "spans": [{"field": s.field, "text": s.text} for s in found.spans]}


def _show(source: Source, parsed: Parsed, intake: Intake, looks: Sequence[_Look]) -> None:
    counts = Counter(look.fate for look in looks)
    more = f", {counted(len(parsed.more), 'further address', 'further addresses')}" if parsed.more else ""
    held = counted(len(parsed.entries), "entry", "entries")
    newest = max((e.published for e in parsed.entries if e.published), default=None)
    say(f"{source.id}: {held}{more}, newest {moment(newest)}{_hint(source)}")
    fates = ", ".join(
        f"{counts[fate]} {fate}" for fate in ("new", "changed", "late", "known") if counts[fate]
    )
    if fates:
        say(f"    {fates}{_because(intake)}")
    for warning in parsed.warnings:
        say(f"    note: {warning}")
    # What a topic matches is shown wherever it stands; the rest only at the top.
    shown = [look for at, look in enumerate(looks) if at < SHOWN or look.matches]
    for look in shown:
        say(f"    {look.fate:<7} {moment(look.entry.published, 'no date'):<20}  {look.entry.title}")
        for found in look.matches:
            words = ", ".join(dict.fromkeys(f"{span.text!r} ({span.field})" for span in found.spans))
            say(f"            matches {found.topic_id}: {words or 'no single word'}")
    if len(looks) > len(shown):
        say(f"    … and {len(looks) - len(shown)} more")


def _because(intake: Intake) -> str:
    if not intake.late:
        return ""
    when = "was silent for long" if intake.reason == "outage" else "was never read"
    return f" (late: the source {when}, so older entries would be stored without an alert)"


def _hint(source: Source) -> str:
    return "" if source.enabled else " (disabled in the config)"


def _nearest(name: str, rulebook: Rulebook) -> str:
    from monitor.core.text.clean import nearest

    near = nearest(name, rulebook.sources)
    return f"; did you mean {near[0]}?" if near else "; `monitor sources list` shows the ids"
