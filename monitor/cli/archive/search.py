"""``monitor search``."""

from __future__ import annotations

from pathlib import Path

import typer

from monitor.cli.archive.opened import opened
from monitor.cli.output import CONFIG_OPTION, JSON_OPTION, emit, examples, moment, table

NAME = "search"
EXAMPLES = examples("monitor search potash", "monitor search '\"political prisoners\"' --limit 5")


def command(
    query: str = typer.Argument(..., help='Words (all must occur) and "phrases".'),
    config: Path = CONFIG_OPTION,
    limit: int = typer.Option(20, "--limit", "-n", min=1, max=1000, help="At most so many."),
    *,
    json: bool = JSON_OPTION,
) -> None:
    """Search the archive, newest first."""
    if not any(sign.isalnum() for sign in query):
        raise typer.BadParameter("the query holds no word")
    with opened(config) as (store, _):
        while store.articles.index():
            pass
        found = store.articles.search(query, limit=limit)
    if json:
        for item in found:
            emit(
                {
                    "id": item.id,
                    "title": item.title,
                    "url": item.url,
                    "source": item.source_id,
                    "language": item.language,
                    "published": item.published,
                    "seen": item.seen_at,
                }
            )
        return
    rows = ((moment(item.published), item.source_name, item.title, item.url) for item in found)
    table(f"Articles with {query}", ("published", "outlet", "headline", "link"), rows)
