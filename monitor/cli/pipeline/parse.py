"""``monitor parse``."""

from __future__ import annotations

from typing import TYPE_CHECKING

import typer

from monitor.cli.output import JSON_OPTION, counted, emit, examples, moment, say, table
from monitor.cli.pipeline.inputs import InputError, each, fetched, page_address

if TYPE_CHECKING:
    from monitor.model import Fetched, Parsed

NAME = "parse"
EXAMPLES = examples(
    "monitor parse feed.xml",
    "monitor parse --json feeds/*.xml",
    "monitor parse https://outlet.example/rss",
    "monitor parse --kind listing --url https://outlet.example/news page.html",
)


def _kind(value: str | None) -> str | None:
    from monitor.plugins import source_kinds

    if value is not None and value not in source_kinds():
        raise typer.BadParameter(f"{value!r} is no source kind; the kinds are {', '.join(source_kinds())}")
    return value


def _zone(value: str | None) -> str | None:
    from zoneinfo import available_timezones

    if value is not None and value not in available_timezones():
        raise typer.BadParameter(f"{value!r} is no time zone; write a name such as Europe/Minsk")
    return value


def command(
    files: list[str] = typer.Argument(..., metavar="FILE…|URL"),
    url: str | None = typer.Option(
        None, "--url", help="The address that a file came from.", callback=page_address
    ),
    kind: str | None = typer.Option(
        None, "--kind", "-k", help="Source kind (else found out).", callback=_kind
    ),
    timezone: str | None = typer.Option(
        None, "--timezone", help="Zone of dates that name none, e.g. Europe/Minsk.", callback=_zone
    ),
    *,
    allow_private: bool = typer.Option(False, "--allow-private", help="Ask private addresses too."),
    json: bool = JSON_OPTION,
) -> None:
    """What a source lists: every entry with link, title, summary and date."""

    def show(name: str) -> None:
        answer = fetched(name, url, allow_private=allow_private, robots=_is_page(kind))
        chosen = _kind_of(answer, kind)
        if kind is None and _is_page(chosen):  # a page's rules hold as they do for the service
            answer = fetched(name, url, allow_private=allow_private)
        parsed = _parsed(answer, chosen, timezone)
        _print(name, parsed, as_json=json)

    if code := each(files, show, as_json=json):
        raise typer.Exit(code)


def _is_page(kind: str | None) -> bool:
    """Whether a kind reads pages, which robots rules hold for; feeds are offered to robots."""
    from monitor.plugins import source_kinds

    return kind is not None and not source_kinds()[kind].offered


def _kind_of(answer: Fetched, kind: str | None) -> str:
    from monitor.plugins import source_kinds

    kinds = source_kinds()
    chosen = kinds[kind] if kind else max(kinds.values(), key=lambda item: item.sniff(answer))
    if kind is None and not chosen.sniff(answer):
        raise InputError(f"no source kind recognises it; if it is one, say --kind: {', '.join(kinds)}")
    return chosen.name


def _parsed(answer: Fetched, kind: str, timezone: str | None) -> Parsed:
    from monitor.model import Source
    from monitor.plugins import source_kinds

    chosen = source_kinds()[kind]
    source = Source(id="input", name="input", kind=chosen.name, url=answer.url, timezone=timezone)
    return chosen.parse(source, answer)


def _print(name: str, parsed: Parsed, *, as_json: bool) -> None:
    if as_json:
        rows = [
            {
                "id": entry.guid or entry.url,
                "url": entry.url,
                "title": entry.title,
                "summary": entry.summary,
                "published": entry.published,
                "authors": list(entry.authors),
                "language": entry.language,
            }
            for entry in parsed.entries
        ]
        emit(
            {
                "kind": parsed.kind,
                "title": parsed.title,
                "entries": rows,
                "file": name,
                "more": list(parsed.more),
                "warnings": list(parsed.warnings),
            }
        )
        return
    held = counted(len(parsed.entries), "entry", "entries")
    title = f"{name}: {parsed.kind}, {parsed.title or 'no title'}, {held}"
    table(
        title,
        ("published", "title", "link"),
        ((moment(entry.published, "no date"), entry.title, entry.url) for entry in parsed.entries),
    )
    for warning in parsed.warnings:
        say(f"  note: {warning}")
