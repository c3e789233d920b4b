"""``monitor search``."""

from __future__ import annotations

from pathlib import Path

import typer

from monitor.cli.archive.opened import opened
from monitor.cli.output import CONFIG_OPTION, JSON_OPTION, complain, emit, examples, moment, table
from monitor.errors import QueryError

NAME = "search"
EXAMPLES = examples(
    "monitor search potash",
    "monitor search '\"political prisoner\" NEAR/20 minsk' --limit 5",
    "monitor search 'title:(tariff OR duty) source:belta NOT @lukashenko'",
)
MOST_CANDIDATES = 20_000


def command(
    query: str = typer.Argument(..., help="A query, as in topics (docs/query-language.md)."),
    config: Path = CONFIG_OPTION,
    limit: int = typer.Option(20, "--limit", "-n", min=1, max=1000, help="At most so many."),
    *,
    json: bool = JSON_OPTION,
) -> None:
    """Search the archive by a query, newest first."""
    from monitor.core.query import pointer
    from monitor.core.search import pick, prepared

    with opened(config) as (store, rulebook):
        try:
            wanted, matcher = prepared(query, rulebook)
        except QueryError as error:
            raise typer.BadParameter(f"{error}\n{pointer(query, error.line, error.column)}") from error
        while store.articles.index():
            pass
        found = pick(store.articles.search(wanted), matcher, limit=limit, most=MOST_CANDIDATES)
    if not found.whole:
        complain(f"only the newest {found.looked_at:,} candidates were looked at: narrow the query")
    if json:
        for item in found.articles:
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
    rows = ((moment(item.published), item.source_name, item.title, item.url) for item in found.articles)
    table(f"Articles with {query}", ("published", "outlet", "headline", "link"), rows)
