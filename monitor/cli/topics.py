"""``monitor topics``: the operator's standing queries."""

from __future__ import annotations

import dataclasses
from collections.abc import Mapping, Sequence
from pathlib import Path

import typer

from monitor.cli.archive.opened import opened
from monitor.cli.output import CONFIG_OPTION, JSON_OPTION, counted, emit, examples, say, table
from monitor.cli.pipeline.inputs import InputError
from monitor.core.rulebook import Rulebook

app = typer.Typer(
    help="The operator's standing queries.",
    no_args_is_help=True,
    epilog=examples("monitor topics list", "monitor topics show belarus"),
)


@app.command("list", epilog=examples("monitor topics list", "monitor topics list --json"))
def list_topics(config: Path = CONFIG_OPTION, *, json: bool = JSON_OPTION) -> None:
    """Every topic of the config."""
    topics = _rulebook(config).topics
    if json:
        for topic in topics.values():
            emit(dataclasses.asdict(topic))
        return
    rows = (
        (topic.id, topic.title, " ".join(topic.languages) or "all", " ".join(topic.query.split()))
        for topic in topics.values()
    )
    table(counted(len(topics), "topic"), ("id", "title", "languages", "query"), rows)


@app.command("show", epilog=examples("monitor topics show potash-sanctions"))
def show_topic(
    topic_id: str = typer.Argument(..., metavar="ID"),
    config: Path = CONFIG_OPTION,
    *,
    json: bool = JSON_OPTION,
) -> None:
    """One topic: its query as it is understood, and its examples."""
    from monitor.cli.pipeline.queries import lints_of, names_by_language, outline, spelled_names
    from monitor.core.query import parse, show

    rulebook = _rulebook(config)
    topic = rulebook.topics.get(topic_id)
    if topic is None:
        known = ", ".join(rulebook.topics) or "none"
        raise InputError(f"no topic {topic_id!r} in {config}; the topics are: {known}")
    shared = rulebook.matcher.book.shared
    lints = lints_of(topic, shared)
    if json:
        understood = {"understood": show(parse(topic.query)), "names": spelled_names(topic, shared)}
        emit({**dataclasses.asdict(topic), **understood, "warnings": [lint.message for lint in lints]})
        return
    say(f"{topic.id}: {topic.title or '(no title)'}  #{topic.hashtag}")
    if not topic.enabled:
        say("disabled in the config")
    say(f"languages: {' '.join(topic.languages) or 'the language of each article'}")
    say(f"query: {' '.join(topic.query.split())}")
    say("understood as:")
    for line in outline(topic.query):
        say(f"  {line}")
    _say_names(names_by_language(topic, shared))
    for lint in lints:
        say(f"warning: {lint.message}" + (f" ({lint.hint})" if lint.hint else ""))
    for label, lines in (("must match", topic.must_match), ("must not", topic.must_not_match)):
        for line in lines:
            say(f"{label}: {line}")


def _say_names(names: Mapping[str, Mapping[str, Sequence[str]]]) -> None:
    """Every spelling of every name, by the language whose forms it has."""
    for name, grouped in names.items():
        say(f"{name}: {', '.join(grouped.get('', ()))}")
        for language, texts in grouped.items():
            if language:
                say(f"  {language}: {', '.join(texts)}")


def _rulebook(config: Path) -> Rulebook:
    from monitor.app import readable_rulebook

    rulebook, problems = readable_rulebook(config)
    if not problems:
        return rulebook
    with opened(config) as (_, rules):
        return rules
