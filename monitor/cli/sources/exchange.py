"""``monitor sources import`` and ``monitor sources export``."""

from __future__ import annotations

import sys
from collections.abc import Callable, Iterator, Mapping
from dataclasses import dataclass
from pathlib import Path
from typing import TYPE_CHECKING

import typer

from monitor.cli.output import CONFIG_OPTION, EXIT_INPUT, JSON_OPTION, complain, emit, examples, say
from monitor.cli.pipeline.inputs import InputError, read_input
from monitor.cli.sources.additions import FILE_HELP, say_counts, write_sources

if TYPE_CHECKING:
    from monitor.config import Additions

FORMATS = ("opml", "csv")


@dataclass(frozen=True, slots=True)
class _Command:
    command: Callable[..., None]
    EXAMPLES: str


def _format(value: str | None) -> str | None:
    if value is not None and value not in FORMATS:
        raise typer.BadParameter(f"{value!r} is no format; it is {' or '.join(FORMATS)}")
    return value


def _encoding(value: str | None) -> str | None:
    from monitor.core.text.charset import known_charset

    if value is not None and known_charset(value) is None:
        raise typer.BadParameter(f"{value!r} is no encoding; write utf-8, cp1250, cp1251 …")
    return value


def import_sources(
    file: str = typer.Argument(
        ..., metavar="FILE|-", help="OPML of a feed reader, or CSV with a column url."
    ),
    into: str = typer.Option("imported.yaml", "--into", "-i", metavar="FILE", help=FILE_HELP),
    format_: str | None = typer.Option(
        None, "--format", help="opml or csv (else found out).", callback=_format
    ),
    encoding: str | None = typer.Option(
        None, "--encoding", help="Of a CSV file, e.g. cp1250 (else found out).", callback=_encoding
    ),
    config: Path = CONFIG_OPTION,
    *,
    dry_run: bool = typer.Option(False, "--dry-run", help="Say what would happen, write nothing."),
    json: bool = JSON_OPTION,
) -> None:
    """Add sources from OPML or CSV; those that are watched already are left out and named."""
    from monitor.app import load_rulebook
    from monitor.config import additions, file_named
    from monitor.plugins import source_kinds

    path = file_named(into, config)
    rulebook = load_rulebook(config)
    found = additions(_records(file, format_, encoding), rulebook.sources, source_kinds())
    if found.new and not dry_run:
        write_sources(into, found.new, config)
    _tell(found, file, as_json=json)
    if not json:
        say_counts(len(found.new), len(found.known), len(found.wrong), str(path), dry_run=dry_run)
    if found.wrong or not (found.new or found.known):
        if not found.wrong:
            complain(f"{file}: holds no source")
        raise typer.Exit(EXIT_INPUT)


def _tell(found: Additions, file: str, *, as_json: bool) -> None:
    for record in found.new:
        if as_json:
            emit({"id": record["id"], "name": record.get("name"), "url": record["url"], "state": "added"})
        else:
            say(f"+ {record['id']}  {record['url']}")
    for passed in found.known:
        if not as_json:
            say(f"= {passed.name}: {passed.why}")
    for passed in found.wrong:
        complain(f"{file}, {passed.where}: {passed.name}: {passed.why}")
    if as_json:
        for passed, state in (
            *((one, "known") for one in found.known),
            *((one, "wrong") for one in found.wrong),
        ):
            emit({"id": None, "name": passed.name, "where": passed.where, "state": state, "why": passed.why})


def _records(
    file: str, format_: str | None, encoding: str | None
) -> Iterator[tuple[str, Mapping[str, object]]]:
    from monitor.config import read_csv, read_opml

    given = read_input(file)
    is_opml = given.body.lstrip(b"\xef\xbb\xbf\xff\xfe \t\r\n\0").startswith(b"<")
    if format_ == "opml" or (format_ is None and is_opml):
        return read_opml(given.body, file)
    return read_csv(_table_text(given.body, file, encoding), file)


def _table_text(body: bytes, file: str, encoding: str | None) -> str:
    """The text of a CSV file; says in which encoding an older one was read, and asks when unsure."""
    from monitor.config.exchange.csv import languages_of
    from monitor.config.exchange.encoding import understood

    if encoding is not None:
        return body.decode(encoding, errors="replace").lstrip("\ufeff")
    found = understood(body, languages_of(body))
    sample = next((line for line in found.text.splitlines() if not line.isascii()), "")
    if found.encoding.startswith("utf-"):
        return found.text
    if not found.others:
        complain(f"{file}: read as {found.encoding}: {sample}")
        return found.text
    for name in (found.encoding, *found.others):
        line = next((each for each in body.decode(name, "replace").splitlines() if not each.isascii()), "")
        complain(f"  {name}: {line}")
    if not (sys.stdin.isatty() and file != "-"):
        raise InputError(f"{file}: it could be any of these; say --encoding {found.encoding}")
    chosen = typer.prompt("Which of these is right", default=found.encoding, err=True)
    return body.decode(_encoding(chosen) or found.encoding, errors="replace")


def export_sources(
    file: str = typer.Argument(
        "-", metavar="[FILE]", help="Where to write; - or nothing is the standard output."
    ),
    format_: str | None = typer.Option(
        None, "--format", help="opml or csv (else by the file's name).", callback=_format
    ),
    config: Path = CONFIG_OPTION,
    *,
    json: bool = JSON_OPTION,
) -> None:
    """The sources of the config as OPML, for feed readers, or as CSV, for spreadsheets."""
    from monitor.app import load_rulebook
    from monitor.config import as_written, write_csv, write_opml
    from monitor.plugins import source_kinds

    kinds = source_kinds()
    sources = [as_written(source, kinds) for source in load_rulebook(config).sources.values()]
    chosen = format_ or ("csv" if file.lower().endswith(".csv") else "opml")
    data = write_csv(sources).encode("utf-8") if chosen == "csv" else write_opml(sources)
    if file == "-":
        if json:
            raise InputError("--json tells what was written: name a FILE")
        sys.stdout.buffer.write(data)
        return
    Path(file).write_bytes(data)
    if json:
        emit({"file": file, "format": chosen, "sources": len(sources)})
    else:
        say(f"{len(sources)} sources written to {file}")


IMPORT = _Command(
    import_sources,
    examples(
        "monitor sources import subscriptions.opml --dry-run",
        "monitor sources import outlets.csv --into europe.yaml",
        "monitor sources export - | monitor sources import - --config other",
    ),
)
EXPORT = _Command(
    export_sources,
    examples(
        "monitor sources export sources.opml", "monitor sources export sources.csv", "monitor sources export"
    ),
)
