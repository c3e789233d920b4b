"""``monitor report``."""

from __future__ import annotations

from collections.abc import Mapping
from datetime import UTC, datetime, timedelta
from enum import StrEnum
from pathlib import Path

import typer

from monitor.cli.archive.opened import opened
from monitor.cli.output import CONFIG_OPTION, JSON_OPTION, emit, examples, json_line, say
from monitor.cli.pipeline.inputs import InputError

NAME = "report"
EXAMPLES = examples(
    "monitor report --since 1d",
    "monitor report --since 7d --topic belarus --format html --output week.html",
    "monitor report --since 30d --chart month.png",
)


class Format(StrEnum):
    """How a report is written."""

    TEXT = "text"
    HTML = "html"
    JSON = "json"


def command(
    config: Path = CONFIG_OPTION,
    since: str = typer.Option("1d", "--since", "-s", help="How far back: 12h, 7d, 30d.", metavar="SPAN"),
    topic: list[str] = typer.Option([], "--topic", "-t", help="Only these topics.", metavar="ID"),
    form: Format = typer.Option(Format.TEXT, "--format", "-f", help="How it is written."),
    output: Path | None = typer.Option(None, "--output", "-o", help="Into a file.", metavar="FILE"),
    chart: Path | None = typer.Option(
        None, "--chart", help="Draw the coverage into a PNG file.", metavar="FILE"
    ),
    limit: int = typer.Option(30, "--limit", "-n", min=1, max=10_000, help="At most so many stories."),
    *,
    json: bool = JSON_OPTION,
) -> None:
    """What was written in a period: stories by prominence, who told them, and when."""
    from monitor.chores.uptime import footer
    from monitor.core.delivery.report import health_line, report_of
    from monitor.core.message.chart import coverage_png
    from monitor.core.message.report import report_html, report_json, report_text
    from monitor.i18n.localizer import localizer

    now = datetime.now(UTC)
    span = span_of(since)
    with opened(config) as (store, rulebook):
        _check(topic, rulebook.topics)
        # The operator's topics: what people watch for themselves is theirs.
        found = store.articles.period(now - span, now, topic or list(rulebook.topics))
        watching = health_line(store.admin.status(), store.sources.states(), localizer("en"))
        gaps = footer(store, rulebook, now=now, since=now - span)
        health = f"{watching}. {gaps}" if gaps else watching
    report = report_of(found, since=now - span, until=now, health=health)
    zone = rulebook.settings.timezone
    titles = {item.id: item.title or item.id for item in rulebook.topics.values()}
    hourly = span.total_seconds() <= 2 * 86_400

    def picture() -> bytes:
        return coverage_png(report.buckets, zone, hourly=hourly)

    if chart is not None:
        _write(chart, picture())
    if json or form is Format.JSON:
        found_json = report_json(report, most=limit)
        if output is None:
            emit(found_json)
        else:
            _write(output, f"{json_line(found_json)}\n".encode())
        return
    if form is Format.HTML:
        text = report_html(report, zone, titles, picture() if report.buckets else b"", most=limit)
    else:
        text = report_text(report, zone, titles, most=limit)
    if output is None:
        say(text)
    else:
        _write(output, f"{text.rstrip()}\n".encode())


def span_of(text: str) -> timedelta:
    """A time span as an operator writes it; a usage error when it is none."""
    from pydantic import TypeAdapter, ValidationError

    from monitor.config.models.types import Duration

    try:
        span = TypeAdapter(Duration).validate_python(text)
    except ValidationError as error:
        raise typer.BadParameter(f"{text!r} is not a time span: write 12h, 7d or 30d") from error
    if not span:
        raise typer.BadParameter("the period is empty")
    return span


def _check(wanted: list[str], known: Mapping[str, object]) -> None:
    for topic in wanted:
        if topic not in known:
            raise InputError(f"{topic}: no such topic; see `monitor topics list`")


def _write(file: Path, content: bytes) -> None:
    try:
        file.write_bytes(content)
    except OSError as error:
        raise InputError(f"{file}: {error.strerror}") from error
