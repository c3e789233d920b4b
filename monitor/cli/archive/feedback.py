"""``monitor feedback``."""

from __future__ import annotations

from datetime import UTC, datetime, timedelta
from pathlib import Path

import typer

from monitor.cli.archive.opened import opened
from monitor.cli.output import CONFIG_OPTION, JSON_OPTION, emit, examples, moment, table

NAME = "feedback"
EXAMPLES = examples("monitor feedback", "monitor feedback --days 7 --json")


def command(
    config: Path = CONFIG_OPTION,
    days: int = typer.Option(90, "--days", min=1, max=36_500, help="Of so many last days."),
    limit: int = typer.Option(100, "--limit", "-n", min=1, max=10_000, help="At most so many."),
    *,
    json: bool = JSON_OPTION,
) -> None:
    """Alerts that people marked as not relevant (👎) and why, newest first; who it was is not shown."""
    with opened(config) as (store, _):
        found = store.people.feedback(since=datetime.now(UTC) - timedelta(days=days), limit=limit)
    if json:
        for item in found:
            emit(
                {
                    "article": item.article_id,
                    "story": item.story_id,
                    "topics": item.topic_ids,
                    "reason": item.reason,
                    "headline": item.headline,
                    "url": item.url,
                    "at": item.at,
                }
            )
        return
    rows = ((moment(i.at), ", ".join(i.topic_ids), i.reason, i.headline, i.url) for i in found)
    table("Not relevant", ("at", "topics", "reason", "headline", "link"), rows)
