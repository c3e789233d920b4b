"""``monitor sources discover``."""

from __future__ import annotations

import sys
from pathlib import Path
from typing import TYPE_CHECKING

import typer

from monitor.cli.output import CONFIG_OPTION, JSON_OPTION, complain, counted, emit, examples, moment, say
from monitor.cli.pipeline.inputs import InputError, is_address
from monitor.cli.sources.additions import FILE_HELP, add_one, fetch_settings, typed_loopback

if TYPE_CHECKING:
    from monitor.model import Entry
    from monitor.sources.discovery import Discovery, SourceCandidate

EXAMPLES = examples(
    "monitor sources discover outlet.example",
    "monitor sources discover https://outlet.example/news --write europe.yaml",
    "monitor sources discover outlet.example --write europe.yaml --pick 2 --id outlet --language lt",
)
PREVIEW = 10


def command(
    url: str = typer.Argument(..., metavar="URL", help="A site, a section or any page of it."),
    write: str = typer.Option("", "--write", "-w", metavar="FILE", help=FILE_HELP),
    pick: int = typer.Option(1, "--pick", "-p", min=1, help="Which candidate to write."),
    id_: str = typer.Option("", "--id", help="Its id; made from the name if absent."),
    name: str = typer.Option("", "--name", "-n", help="What alerts call it."),
    language: str = typer.Option("", "--language", "-l", help="ISO 639 code, e.g. be."),
    country: str = typer.Option("", "--country", help="ISO 3166 code, e.g. BY."),
    tier: str = typer.Option("", "--tier", help="state, independent, wire, public, …"),
    config: Path = CONFIG_OPTION,
    *,
    allow_private: bool = typer.Option(False, "--allow-private", help="Ask private addresses too."),
    json: bool = JSON_OPTION,
) -> None:
    """Feeds, sitemaps and pages of headlines of a site, best first, with what they list.

    Looks at link tags and links of the page, robots.txt, common addresses and what repeats on the
    page. --write puts the best one (or --pick N) into a file of config/sources; comments stay.
    """
    allow_private = allow_private or typed_loopback(url)
    from monitor.sources.discovery.proposal import as_source

    found = _discover(url, config, allow_private=allow_private)
    if not found.candidates:
        _nothing(found, as_json=json)
        raise typer.Exit(1)
    given = {"id": id_, "name": name, "language": language, "country": country, "tier": tier}
    records = [as_source(one, found, given, allow_private=allow_private) for one in found.candidates]
    for number, (candidate, record) in enumerate(zip(found.candidates, records, strict=True), start=1):
        if json:
            emit(_as_json(number, candidate, record))
        else:
            _show(number, candidate)
    file = write
    if not write and not json and sys.stdin.isatty() and sys.stdout.isatty():
        pick, file = _ask(len(records))
    if not file:
        return
    if pick > len(records):
        raise InputError(f"there is no candidate {pick}; {counted(len(records), 'was', 'were')} found")
    from monitor.app import load_rulebook

    add_one(records[pick - 1], file, load_rulebook(config), config)


def _discover(url: str, config: Path, *, allow_private: bool) -> Discovery:
    from monitor import __version__
    from monitor.app import utc_now
    from monitor.errors import Unreachable
    from monitor.http.fetcher import HttpFetcher
    from monitor.plugins import source_kinds
    from monitor.sources.discovery import discover

    fetcher = HttpFetcher(fetch_settings(config), version=__version__, now=utc_now)
    ways = [url] if is_address(url) else [f"https://{url}", f"http://{url}"]
    try:
        for last, way in zip((*[False] * (len(ways) - 1), True), ways, strict=True):
            try:
                return discover(
                    way, fetch=fetcher, kinds=source_kinds(), now=utc_now(), allow_private=allow_private
                )
            except Unreachable:
                if last:
                    raise
    finally:
        fetcher.close()
    raise AssertionError  # pragma: no cover - the last way returns or raises


def _as_json(number: int, candidate: SourceCandidate, record: dict[str, object]) -> dict[str, object]:
    return {
        "rank": number,
        "kind": candidate.kind,
        "url": candidate.url,
        "title": candidate.title,
        "reason": candidate.reason,
        "score": candidate.score,
        "entries": len(candidate.entries),
        "newest": candidate.newest,
        "options": dict(candidate.options),
        "preview": [
            {"title": entry.title, "url": entry.url, "published": entry.published}
            for entry in candidate.entries[:PREVIEW]
        ],
        "source": record,
    }


def _show(number: int, candidate: SourceCandidate) -> None:
    say(f"{number}. {candidate.kind}  {candidate.url}")
    say(f"   {candidate.reason}")
    if candidate.options:
        say(f"   options: {', '.join(f'{name}: {value}' for name, value in candidate.options.items())}")
    for entry in candidate.entries[:PREVIEW]:
        say(f"     {moment(entry.published, 'no date'):<20}  {_headline(entry)}")


def _headline(entry: Entry) -> str:
    return entry.title or entry.url


def _ask(count: int) -> tuple[int, str]:
    answer = typer.prompt(f"Write which one, 1–{count} (Enter: none)", default="", show_default=False)
    if not answer.strip().isdecimal():
        return 1, ""
    return int(answer), typer.prompt("Into which file of config/sources", default="added.yaml")


def _nothing(found: Discovery, *, as_json: bool) -> None:
    """Say that nothing was found, why, and what was tried."""
    walls = [tried for tried in found.tried if "challenge" in tried.outcome]
    if walls:
        answer = (
            f"{found.url}: the site shows a challenge page for robots instead of its pages; ask the outlet, "
            "or watch it through a search kind"
        )
    else:
        answer = (
            f"{found.url}: no feed, no sitemap and no repeated headlines were found in "
            f"{counted(len(found.tried), 'address', 'addresses')}; try the address of its news section"
        )
    complain(answer)
    if as_json:
        tried = [{"url": one.url, "outcome": one.outcome} for one in found.tried]
        emit({"url": found.url, "error": answer, "tried": tried})
        return
    for one in found.tried[:8]:
        complain(f"  {one.url}: {one.outcome}")
