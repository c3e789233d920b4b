"""``monitor stories``."""

from __future__ import annotations

from datetime import UTC, datetime, timedelta
from pathlib import Path
from typing import TYPE_CHECKING

import typer

from monitor.cli.archive.opened import opened
from monitor.cli.archive.story_labels import use_labels
from monitor.cli.output import CONFIG_OPTION, JSON_OPTION, complain, counted, emit, examples, moment, say

if TYPE_CHECKING:
    from monitor.core.story.syndication import Syndication
    from monitor.model import Story, StoryArticle
    from monitor.ports import Store

NAME = "stories"
EXAMPLES = examples(
    "monitor stories",
    "monitor stories --days 2 --limit 50 --json",
    "monitor stories s3f2a…",
    "monitor stories --calibrate",
)


def command(
    story: str | None = typer.Argument(None, metavar="[STORY]", help="Only this story."),
    config: Path = CONFIG_OPTION,
    days: int | None = typer.Option(
        None, "--days", "-d", min=1, max=3660, help="Only of the last so many days."
    ),
    part: str | None = typer.Option(
        None, "--part", metavar="ARTICLE", help="Give an article (id or address) a story of its own."
    ),
    join: str | None = typer.Option(None, "--join", metavar="OTHER", help="Make OTHER part of STORY."),
    export_labels: Path | None = typer.Option(
        None, "--export-labels", metavar="FILE|-", help="Write what was joined and parted as JSON lines."
    ),
    limit: int = typer.Option(20, "--limit", "-n", min=1, max=1000, help="At most so many."),
    *,
    calibrate: bool = typer.Option(
        False, "--calibrate", help="How sure articles must be to be one story, by what was joined and parted."
    ),
    apply: bool = typer.Option(False, "--apply", help="With --calibrate: write it into monitor.yaml."),
    json: bool = JSON_OPTION,
) -> None:
    """Stories with who was first and who repeated whom, newest first.

    --part and --join mend what was placed wrongly; no chat is told again. They are kept as labelled pairs:
    --calibrate says what stories.same and stories.across would be by them, --export-labels writes them out.
    """
    from monitor.core.story.syndication import syndication

    if join is not None and story is None:
        raise typer.BadParameter("--join needs the story that OTHER is to be part of")
    if apply and not calibrate:
        raise typer.BadParameter("--apply goes with --calibrate")
    if export_labels is not None or calibrate:
        use_labels(config, export_labels, apply=apply, as_json=json)
        return
    with opened(config) as (store, _):
        if part is not None:
            story = _part(store, part)
        if join is not None and story is not None:
            _join(store, join, story)
        found = _one(store, story) if story is not None else _newest(store, days, limit)
    for item in found:
        tree = syndication(item)
        if json:
            emit(_as_json(item, tree))
        else:
            _print(item, tree)
    if not found and not json:
        say("Stories: nothing to show.")


def _one(store: Store, story: str) -> tuple[Story, ...]:
    found = store.articles.story(story)
    if found is None:
        complain(f"{story}: there is no such story; `monitor stories` lists them")
        raise typer.Exit(1)
    return (found,)


def _newest(store: Store, days: int | None, limit: int) -> tuple[Story, ...]:
    after = datetime.now(UTC) - timedelta(days=days) if days else None
    return store.articles.stories(since=after, limit=limit)


def _part(store: Store, name: str) -> str:
    article = store.articles.article(name)
    own = store.articles.part(article.id, now=datetime.now(UTC)) if article else None
    if own is None:
        complain(f"{name}: there is no such article, or it is alone in its story already")
        raise typer.Exit(1)
    return own


def _join(store: Store, other: str, into: str) -> None:
    found, target = store.articles.story(other), store.articles.story(into)
    if found is None or target is None or found.id == target.id:
        complain(f"{other}, {into}: these are not two stories; `monitor stories` lists them")
        raise typer.Exit(1)
    store.articles.join(found.id, target.id, now=datetime.now(UTC))


def _as_json(story: Story, tree: Syndication) -> dict[str, object]:
    return {
        "id": story.id,
        "title": tree.first.title,
        "follows": story.follows,
        "first": _article(tree.first) | {"sure": tree.sure},
        "outlets": tree.outlets,
        "sides": dict(tree.sides),
        "languages": list(tree.languages),
        "tree": [
            _article(branch.article) | {"repeated_by": [_article(item) for item in branch.repeated]}
            for branch in tree.branches
        ],
    }


def _article(item: StoryArticle) -> dict[str, object]:
    return {
        "id": item.article_id,
        "source": item.source_id,
        "tier": item.tier,
        "title": item.title,
        "url": item.url,
        "language": item.language,
        "published": item.published,
        "seen": item.seen_at,
        "credit": item.credit or None,
        "kept": item.copied_share,
        "likeness": item.likeness,
    }


def _print(story: Story, tree: Syndication) -> None:
    sides = ", ".join(f"{number} {side}" for side, number in sorted(tree.sides.items()))
    say(f"{tree.first.title}")
    say(f"  {story.id} · {counted(tree.outlets, 'outlet')} ({sides}) · {', '.join(tree.languages) or '?'}")
    if story.follows:
        say(f"  follows {story.follows}")
    unsure = "" if tree.sure else " (as we saw it)"
    say(f"  first: {tree.first.source_name} {moment(tree.first.published or tree.first.seen_at)}{unsure}")
    for branch in tree.branches:
        say(f"  ├ {_line(branch.article)}")
        for item in branch.repeated:
            kept = f", kept {item.copied_share:.0%}" if item.copied_share is not None else ""
            say(f"  │  └ {_line(item)}{kept}")
    say("")


def _line(item: StoryArticle) -> str:
    credit = f", credits {item.credit}" if item.credit else ""
    when = moment(item.published or item.seen_at)
    joined = f" ({item.likeness:.0%} sure)" if item.likeness is not None and not item.copy_of else ""
    return f"{item.source_name} [{item.language or '?'}] {when}: {item.title}{credit}{joined}"
