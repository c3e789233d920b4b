"""``monitor backtest``: what a topic would have found in the archive."""

from __future__ import annotations

import csv
import dataclasses
import io
from datetime import UTC, datetime
from enum import StrEnum
from pathlib import Path
from typing import TYPE_CHECKING

import typer

from monitor.cli.archive.opened import opened
from monitor.cli.output import CONFIG_OPTION, JSON_OPTION, counted, emit, examples, moment, say, table
from monitor.cli.pipeline.inputs import InputError
from monitor.errors import QueryError

if TYPE_CHECKING:
    from monitor.core.lab.backtest import Backtest
    from monitor.core.rulebook import Rulebook
    from monitor.model import Topic

NAME = "backtest"
EXAMPLES = examples(
    "monitor backtest belarus",
    "monitor backtest --query 'potash AND NOT tomato' --since 7d",
    "monitor backtest us-belarus --samples 50 --format csv",
)
WIDTH = 40


class ResultFormat(StrEnum):
    """How the result is written."""

    TABLE = "table"
    JSON = "json"
    CSV = "csv"


def command(
    topic: str | None = typer.Argument(None, metavar="[TOPIC]", help="A topic of the config."),
    query: str | None = typer.Option(None, "--query", "-q", help="A query instead of a topic."),
    config: Path = CONFIG_OPTION,
    since: str = typer.Option("30d", "--since", "-s", help="How far back: 12h, 7d, 30d.", metavar="SPAN"),
    samples: int = typer.Option(10, "--samples", "-n", min=0, max=10_000, help="Articles shown, newest."),
    form: ResultFormat = typer.Option(
        ResultFormat.TABLE, "--format", "-f", help="table, json, or csv (the samples)."
    ),
    *,
    json: bool = JSON_OPTION,
) -> None:
    """Match a topic, or any query, against the archive: how many alerts, which articles, which clauses.

    A clause is idle when nothing would be different without it, dominant when it carries most matches.
    """
    from monitor.cli.lab.archive import articles_since, span_of
    from monitor.core.lab.backtest import backtest
    from monitor.core.query import pointer

    if (topic is None) == (query is None):
        raise typer.BadParameter("name a topic, or say --query")
    span = span_of(since)
    with opened(config) as (store, rulebook):
        wanted = _wanted(topic, query, rulebook, config)
        articles = articles_since(store, datetime.now(UTC) - span)
        try:
            found = backtest(wanted, articles, rulebook, store.articles.stories_of, samples=samples)
        except QueryError as error:
            text = wanted.query
            raise typer.BadParameter(f"{error}\n{pointer(text, error.line, error.column)}") from error
    if json or form is ResultFormat.JSON:
        emit(_as_json(found))
    elif form is ResultFormat.CSV:
        print(_as_csv(found), end="")
    else:
        _show(found)


def _wanted(topic: str | None, query: str | None, rulebook: Rulebook, config: Path) -> Topic:
    from monitor.model import Topic

    if query is not None:
        return Topic(id="query", query=query)
    found = rulebook.topics.get(topic or "")
    if found is None:
        known = ", ".join(rulebook.topics) or "none"
        raise InputError(f"no topic {topic!r} in {config}; the topics are: {known}")
    return found


def _as_json(found: Backtest) -> dict[str, object]:
    return {
        "topic": found.topic_id,
        "looked_at": found.looked_at,
        "matched": found.matched,
        "alerts_a_day": round(found.alerts_a_day, 2),
        "days": {
            str(day): {"articles": count, "alerts": found.alerts.get(day, 0)}
            for day, count in found.days.items()
        },
        "outlets": dict(found.outlets),
        "languages": dict(found.languages),
        "idle": [clause.clause for clause in found.idle],
        "dominant": [clause.clause for clause in found.dominant],
        "clauses": [dataclasses.asdict(clause) for clause in found.clauses],
        "samples": [dataclasses.asdict(sample) for sample in found.samples],
    }


def _as_csv(found: Backtest) -> str:
    out = io.StringIO(newline="")
    rows = csv.writer(out)
    rows.writerow(("at", "outlet", "language", "title", "excerpt", "url"))
    for item in found.samples:
        rows.writerow(
            (item.at.isoformat(), item.outlet, item.language or "", item.title, item.excerpt, item.url)
        )
    return out.getvalue()


def _show(found: Backtest) -> None:
    looked = counted(found.looked_at, "article")
    days = f"{found.span_days:.1f} days"
    say(f"{found.topic_id}: {found.matched} of {looked} of {days} match.")
    if not found.looked_at:
        say("The archive is empty in this period: `monitor run` fills it.")
        return
    say(f"Forecast: {found.alerts_a_day:.1f} alerts a day ({sum(found.alerts.values())} stories).")
    most = max(found.days.values(), default=1)
    for day, count in found.days.items():
        say(f"  {day}  {'█' * max(1, round(WIDTH * count / most))} {count}")
    if found.outlets:
        say(f"Outlets: {_listed(found.outlets)}")
        say(f"Languages: {_listed(found.languages)}")
    for clause in found.idle:
        say(f"Idle: without {clause.clause!r} nothing would be different.")
    for clause in found.dominant:
        say(f"Dominant: {clause.clause!r} alone brings {clause.articles} of {found.matched}.")
    rows = ((moment(item.at), item.outlet, item.title, item.excerpt) for item in found.samples)
    table("Newest that match", ("seen", "outlet", "headline", "text"), rows)


def _listed(counts: object, most: int = 8) -> str:
    items = list(dict(counts).items())  # type: ignore[call-overload]
    rest = f", {len(items) - most} more" if len(items) > most else ""
    return ", ".join(f"{name} {count}" for name, count in items[:most]) + rest
