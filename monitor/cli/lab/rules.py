"""``monitor rules``: the files against the rules in force, and what 👎 marks teach."""

from __future__ import annotations

import dataclasses
import os
from datetime import UTC, datetime, timedelta
from pathlib import Path
from typing import TYPE_CHECKING

import typer

from monitor.cli.archive.opened import opened
from monitor.cli.output import CONFIG_OPTION, EXIT_INPUT, JSON_OPTION, complain, counted, emit, examples, say
from monitor.cli.pipeline.inputs import InputError

if TYPE_CHECKING:
    from monitor.core.lab.difference import Difference
    from monitor.core.rulebook import Rulebook
    from monitor.model import Article, Topic
    from monitor.ports import Store

app = typer.Typer(
    help="The files against the rules in force.",
    no_args_is_help=True,
    epilog=examples("monitor rules diff", "monitor rules propose belarus"),
)
MOST_OTHERS = 2_000
MOST_PROPOSALS = 5


@app.command("diff", epilog=examples("monitor rules diff", "monitor rules diff --since 14d --json"))
def diff(
    config: Path = CONFIG_OPTION,
    since: str = typer.Option("7d", "--since", "-s", help="Articles of so long ago.", metavar="SPAN"),
    *,
    force: bool = typer.Option(False, "--force", help="Exit 0 also where many more alerts would go out."),
    json: bool = JSON_OPTION,
) -> None:
    """What the files would change: articles gained and lost by topic, alerts a day before and after.

    Compares with the rules that the service took last. Exit 1 when the files hold a mistake or a broken
    example, or when far more alerts would go out (alerts: flood_factor): made for a pre-commit hook.
    """
    from monitor.cli.lab.archive import articles_since, span_of
    from monitor.config import examined, read_kept, restored
    from monitor.core.lab.difference import difference
    from monitor.plugins import channel_kinds, source_kinds

    span = span_of(since)
    new, problems = examined(config, env=_env(), kinds=source_kinds(), channel_kinds=channel_kinds())
    errors = [str(problem) for problem in problems if problem.level == "error"]
    if new is None:
        for line in errors:
            complain(line)
        raise typer.Exit(EXIT_INPUT)
    with opened(config) as (store, _):
        kept = next(iter(store.admin.rulebooks(1)), None)
        if kept is None:
            say("No service has taken any rules yet: there is nothing to compare with.")
            return
        old = restored(read_kept(kept.content), new.settings)
        articles = articles_since(store, datetime.now(UTC) - span)
        found = difference(old, new, articles, store.articles.stories_of)
    factor = new.settings.alerts.flood_factor
    floods = bool(factor) and found.floods(factor)
    if json:
        emit({**dataclasses.asdict(found), "floods": floods, "taken_at": kept.taken_at})
    else:
        _show(found)
        if floods:
            complain(
                f"The service holds such an edit: more than {factor:g} × the alerts of now. "
                "Narrow the topics, or let it through with `monitor rules accept`."
            )
    if floods and not force:
        raise typer.Exit(EXIT_INPUT)


def _env() -> dict[str, str]:
    """The environment; secrets that only the service has do not count."""
    return dict(os.environ)


def _show(found: Difference) -> None:
    if not found.topics:
        say(f"Nothing changes: {counted(found.looked_at, 'article')} match alike.")
        return
    for topic in found.topics:
        say(f"{topic.topic_id} ({topic.state}): {topic.before} → {topic.after} articles")
        for sign, count, samples in (
            ("+", topic.gained_count, topic.gained),
            ("-", topic.lost_count, topic.lost),
        ):
            for item in samples:
                say(f"  {sign} {item.outlet}: {item.title}" + (f" … {item.excerpt}" if item.excerpt else ""))
            if count > len(samples):
                say(f"  {sign} and {count - len(samples)} more")
    say(
        f"Forecast: {found.alerts_before:.1f} → {found.alerts_after:.1f} alerts a day, "
        f"by {counted(found.looked_at, 'article')} of {found.span_days:.1f} days."
    )


@app.command("accept", epilog=examples("monitor rules accept"))
def accept(config: Path = CONFIG_OPTION, *, json: bool = JSON_OPTION) -> None:
    """Let an edit through that the service holds because far more alerts would go out."""
    from monitor.app import load_rulebook

    rulebook = load_rulebook(config)
    with opened(config) as (store, _):
        store.admin.accept_rulebook(rulebook.revision)
    if json:
        emit({"accepted": rulebook.revision})
    else:
        say(f"Rules {rulebook.revision} are taken by the running service within a minute.")


@app.command("propose", epilog=examples("monitor rules propose", "monitor rules propose belarus --days 90"))
def propose(
    topic: str | None = typer.Argument(None, metavar="[TOPIC]", help="Only this topic."),
    config: Path = CONFIG_OPTION,
    days: int = typer.Option(90, "--days", min=1, max=3660, help="Marks and articles of so many days."),
    *,
    json: bool = JSON_OPTION,
) -> None:
    """What 👎 marks teach: counter-examples, and phrases to except with what each would cost.

    Each proposal is measured on the archive: how many of the marked articles it removes, how many others
    that nobody marked it would lose. Nothing is written.
    """
    from monitor.core.lab.proposals import proposals

    since = datetime.now(UTC) - timedelta(days=days)
    with opened(config) as (store, rulebook):
        if topic is not None and topic not in rulebook.topics:
            raise InputError(f"no topic {topic!r} in {config}; see `monitor topics list`")
        marks = store.people.feedback(since=since, limit=10_000)
        ids = [topic] if topic else sorted({each for mark in marks for each in mark.topic_ids})
        shown = 0
        for topic_id in ids:
            found = rulebook.topics.get(topic_id)
            marked_ids = {mark.article_id for mark in marks if topic_id in mark.topic_ids}
            if found is None or not marked_ids:
                continue
            marked = [item for each in sorted(marked_ids) if (item := store.articles.article(each))]
            others = _others(found, marked_ids, store, rulebook, since)
            best = proposals(found, marked, others, rulebook)[:MOST_PROPOSALS]
            shown += 1
            if json:
                emit(
                    {
                        "topic": topic_id,
                        "must_not_match": [item.title for item in marked],
                        "others": len(others),
                        "proposals": [dataclasses.asdict(each) for each in best],
                    }
                )
                continue
            say(f"{topic_id}: {counted(len(marked), 'article')} marked 👎. As counter-examples:")
            say("    must_not_match:")
            for item in marked:
                say(f"      - {item.title!r}")
            for each in best:
                cost = f"removes {each.removed} of {len(marked)}, loses {each.lost} of {len(others)} others"
                say(f"  {each.kind} {each.phrase!r}: {cost}")
                say(f"    query: {each.query}")
            if not best:
                say("  No phrase tells them from the others: look at the query's clauses with `backtest`.")
    if not shown and not json:
        say("Nobody has marked an alert with 👎 in this time.")


def _others(
    topic: Topic, marked: set[str], store: Store, rulebook: Rulebook, since: datetime
) -> list[Article]:
    """The newest articles that the topic matched and nobody marked."""
    from monitor.core.match import match_text
    from monitor.core.rulebook import alone

    matcher = alone(topic, rulebook)
    latest = store.articles.latest(topic_ids=[topic.id], limit=MOST_OTHERS)
    return [
        item
        for item in latest
        if item.id not in marked and item.seen_at >= since and matcher.matching(match_text(item))
    ]
