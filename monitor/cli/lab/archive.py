"""The archive's articles for the lab's commands, with progress on a terminal."""

from __future__ import annotations

import sys
from collections.abc import Iterable, Iterator
from datetime import datetime, timedelta
from typing import TYPE_CHECKING

import typer

if TYPE_CHECKING:
    from monitor.model import ArchivedArticle
    from monitor.ports import Store

SHOWN_EACH = 500


def span_of(text: str) -> timedelta:
    """``30d`` as a time span; a usage error for anything else."""
    from pydantic import TypeAdapter, ValidationError

    from monitor.config.models.types import Duration

    try:
        span = TypeAdapter(Duration).validate_python(text)
    except ValidationError as error:
        raise typer.BadParameter(f"{text!r} is not a time span: write 12h, 7d or 30d") from error
    if not span:
        raise typer.BadParameter("the period is empty")
    return span


def articles_since(store: Store, moment: datetime) -> Iterator[ArchivedArticle]:
    """Articles seen since then, oldest first; a terminal sees how many were looked at."""
    return _counted(store.articles.since(moment))


def _counted(articles: Iterable[ArchivedArticle]) -> Iterator[ArchivedArticle]:
    shows = sys.stderr.isatty()
    number = 0
    for number, article in enumerate(articles, start=1):
        if shows and number % SHOWN_EACH == 0:
            print(f"\r{number:,} articles", end="", file=sys.stderr, flush=True)
        yield article
    if shows and number >= SHOWN_EACH:
        print("\r\033[K", end="", file=sys.stderr, flush=True)
