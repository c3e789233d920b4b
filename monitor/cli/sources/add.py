"""``monitor sources add``."""

from __future__ import annotations

import dataclasses
from pathlib import Path
from typing import TYPE_CHECKING
from urllib.parse import urlsplit

import typer

from monitor.cli.output import CONFIG_OPTION, JSON_OPTION, complain, counted, emit, examples, moment, say
from monitor.cli.pipeline.inputs import page_address
from monitor.cli.sources.additions import FILE_HELP, add_one, key_values, typed_loopback
from monitor.errors import FetchError, ParseError

if TYPE_CHECKING:
    from monitor.model import FetchSettings

EXAMPLES = examples(
    "monitor sources add https://outlet.example/rss --file europe.yaml --name 'The Outlet' --language en",
    "monitor sources add https://t.me/riverwatch --kind telegram --file channels.yaml",
    "monitor sources add https://news.google.com --kind googlenews -o query=potash --file searches.yaml",
)


def command(
    url: str = typer.Argument(..., metavar="URL", help="The address to read.", callback=page_address),
    file: str = typer.Option("added.yaml", "--file", "-f", help=FILE_HELP),
    kind: str = typer.Option("feed", "--kind", "-k", help="How it is read."),
    id_: str = typer.Option("", "--id", help="Its id; made from the name if absent."),
    name: str = typer.Option("", "--name", "-n", help="What alerts call it."),
    site: str = typer.Option("", "--site", help="The outlet's front page."),
    language: str = typer.Option("", "--language", "-l", help="ISO 639 code, e.g. be."),
    country: str = typer.Option("", "--country", help="ISO 3166 code, e.g. BY."),
    tier: str = typer.Option("", "--tier", help="state, independent, wire, public, …"),
    every: str = typer.Option("", "--every", help="Wanted time between two looks, e.g. 5m."),
    timezone: str = typer.Option("", "--timezone", help="Zone of dates that name none."),
    option: list[str] = typer.Option(
        [], "--option", "-o", metavar="NAME=VALUE", help="What this kind understands."
    ),
    config: Path = CONFIG_OPTION,
    *,
    allow_private: bool = typer.Option(False, "--allow-private", help="It stands in your own network."),
    no_test: bool = typer.Option(False, "--no-test", help="Write it without asking it first."),
    json: bool = JSON_OPTION,
) -> None:
    """Add a source to the config, after one look at what it lists."""
    from monitor.app import load_rulebook

    rulebook = load_rulebook(config)
    allow_private = allow_private or typed_loopback(url)
    given: dict[str, object] = {
        "id": id_,
        "name": name,
        "kind": kind,
        "url": url,
        "site": site,
        "language": language,
        "country": country,
        "tier": tier,
        "every": every,
        "timezone": timezone,
        "options": key_values(option),
        "allow_private": allow_private,
    }
    record = {key: value for key, value in given.items() if value not in ("", {}, False)}
    if not no_test:
        try:
            record = _tried(record, rulebook.settings.fetch, as_json=json)
        except (FetchError, ParseError):
            complain("Nothing was added: the look at its address failed. --no-test writes it without one.")
            raise
    written = add_one(record, file, rulebook, config)
    if json:
        emit(written)


def _tried(record: dict[str, object], settings: FetchSettings, *, as_json: bool) -> dict[str, object]:
    """The record with a name, after a look at its address. Raises what the look raises."""
    from monitor import __version__
    from monitor.app import utc_now
    from monitor.cli.pipeline.inputs import InputError
    from monitor.config import additions
    from monitor.http.fetcher import HttpFetcher
    from monitor.model import Fetched, Source
    from monitor.plugins import source_kinds

    kinds = source_kinds()
    checked = additions((("", record),), {}, kinds)
    for passed in checked.wrong:
        raise InputError(f"{passed.name}: {passed.why}")
    kind = kinds[str(record["kind"])]
    options = kind.options.model_validate(record.get("options", {})).model_dump()
    source = Source(id="new", name="new", kind=kind.name, url=str(record["url"]), options=options)
    source = dataclasses.replace(source, allow_private=bool(record.get("allow_private")))
    fetcher = HttpFetcher(settings, version=__version__, now=utc_now)
    try:
        answer = fetcher(kind.request(source, None))
    finally:
        fetcher.close()
    assert isinstance(answer, Fetched)  # no validators were sent
    parsed = kind.parse(source, answer)
    if not as_json:
        say(f"{parsed.title or record['url']}: {counted(len(parsed.entries), 'entry', 'entries')}")
        for entry in parsed.entries[:5]:
            say(f"    {moment(entry.published, 'no date')}  {entry.title}")
    host = urlsplit(str(record["url"])).hostname or ""
    return {"id": record.get("id", ""), "name": record.get("name") or parsed.title or host, **record}
