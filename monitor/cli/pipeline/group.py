"""``monitor group``."""

from __future__ import annotations

import dataclasses
import json as json_
from datetime import UTC, datetime, timedelta
from pathlib import Path
from typing import TYPE_CHECKING

import typer

from monitor.cli.output import EXIT_INPUT, JSON_OPTION, complain, counted, emit, examples, say
from monitor.cli.pipeline.inputs import each, read_input
from monitor.cli.pipeline.texts import Given, Piece, TextReading, labels, pieces

if TYPE_CHECKING:
    from monitor.model import Article, StorySettings

NAME = "group"
EXAMPLES = examples(
    "monitor group articles.jsonl",
    "monitor group --json articles.jsonl",
    "cat articles.jsonl | monitor group --json -",
    "monitor group articles.jsonl --explain a1 a2",
)
_BASE = datetime(2000, 1, 1, tzinfo=UTC)


def command(
    files: list[str] = typer.Argument(
        ..., metavar="FILE.jsonl|-", help="JSON lines with id, title, text, lang, url, source, published."
    ),
    config: Path | None = typer.Option(
        None, "--config", "-c", metavar="DIR", help="Take the thresholds from this config folder."
    ),
    explain: tuple[str, str] | None = typer.Option(
        None, "--explain", metavar="A B", help="Why the articles with these ids are one story, or not."
    ),
    *,
    json: bool = JSON_OPTION,
) -> None:
    """Copies and stories among articles.

    Articles are taken in the order of their dates; those without one keep their place in the input and
    count as published close together. --explain shows what two of them have in common, what each of it
    weighs, and what would have to be otherwise; without what a store knows of rarer and commoner words.
    """
    settings = _settings(config)
    names = labels(files)
    given: list[tuple[Given, datetime | None]] = []

    def take(name: str) -> None:
        found = pieces(read_input(name), names[name])
        given.extend((TextReading().read(piece), _published(piece)) for piece in found)

    code = each(files, take, as_json=json, label=lambda name: names[name])
    good = (
        _explain(given, explain, settings, as_json=json) if explain else _show(given, settings, as_json=json)
    )
    if code or not good:
        raise typer.Exit(EXIT_INPUT)


def _settings(config: Path | None) -> StorySettings:
    from monitor.app import load_rulebook
    from monitor.model import StorySettings

    return load_rulebook(config).settings.stories if config else StorySettings()


def _published(piece: Piece) -> datetime | None:
    try:
        moment = datetime.fromisoformat(str(json_.loads(piece.text)["published"]))
    except (ValueError, KeyError, TypeError, RecursionError):
        return None
    return moment.astimezone(UTC) if moment.tzinfo else moment.replace(tzinfo=UTC)


def _show(given: list[tuple[Given, datetime | None]], settings: StorySettings, *, as_json: bool) -> bool:
    """Print one line for each input; whether all were good."""
    from monitor.chores.grouping import place_all
    from monitor.store import open_store

    articles = _articles(given)
    store = open_store("sqlite://", now=lambda: _BASE)
    store.admin.upgrade()
    ordered = sorted(articles.items(), key=lambda item: (item[1].seen_at, item[0]))
    placed = place_all((article for _, article in ordered), store.articles, settings)
    firsts: dict[str, int] = {}
    for at, article in ordered:
        firsts.setdefault(article.id, at)
    good = True
    for at, (piece, _) in enumerate(given):
        if at not in articles:
            good = False
            complain(str(piece.text))
            if as_json:
                emit({"id": piece.id, "error": str(piece.text)})
            continue
        placement, story = placed[articles[at].id]
        copied = placement.copy_of or (articles[at].id if firsts[articles[at].id] != at else None)
        copy_of = given[firsts[copied]][0].id if copied else None
        if as_json:
            emit({"id": piece.id, "copy_of": copy_of, "story": story, "kept": placement.copied_share})
        else:
            say(f"{story[:9]}  {piece.id}" + (f"  copy of {copy_of}" if copy_of is not None else ""))
    if not as_json and articles:
        stories = len({story for _, story in placed.values()})
        say(f"{counted(len(articles), 'article')}, {counted(stories, 'story', 'stories')}.")
    return good


def _explain(
    given: list[tuple[Given, datetime | None]],
    ids: tuple[str, str],
    settings: StorySettings,
    *,
    as_json: bool,
) -> bool:
    """Print the features of one pair; whether both were there."""
    from monitor.chores.grouping import explain

    articles = {given[at][0].id: article for at, article in _articles(given).items()}
    for name in ids:
        if name not in articles:
            complain(f"{name}: the input has no article with this id")
            return False
    found = explain(articles[ids[0]], articles[ids[1]], settings)
    if as_json:
        parts = [dataclasses.asdict(part) for part in found.features]
        emit({"a": ids[0], "b": ids[1], "probability": round(found.probability, 3), "features": parts})
        return True
    say(f"{found.probability:.0%} one story: log-odds {found.log_odds:+.2f}, from {found.constant:+.2f}")
    for part in found.features:
        turn = "" if part.needed is None else f"   {part.needed:.2f} would turn it"
        name = part.name.replace("_", " ")
        say(f"  {part.adds:+6.2f}  {name:20} {part.value:.2f} × {part.weight:+.2f}{turn}")
    return True


def _articles(given: list[tuple[Given, datetime | None]]) -> dict[int, Article]:
    """The readable inputs by place. Undated ones come a second apart, after the newest dated one."""
    from monitor.chores.grouping import plain_article
    from monitor.core.text.urls import canonical_url
    from monitor.model import Extracted, MatchText

    newest = max((moment for _, moment in given if moment), default=_BASE)
    found: dict[int, Article] = {}
    for at, (piece, moment) in enumerate(given):
        if isinstance(piece.text, MatchText):
            text = piece.text
            extracted = Extracted(
                url=text.url,
                canonical_url=canonical_url(text.url) if text.url else "",
                title=text.title,
                text=text.body,
                published=moment or newest + timedelta(seconds=at * 0.001),
                language=text.language,
            )
            name = f"{at}:{piece.id}"
            found[at] = plain_article(extracted, name=name, source=text.source, tier=text.tier)
    return found
