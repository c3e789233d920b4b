"""``monitor topics``: the operator's standing queries."""

from __future__ import annotations

import dataclasses
from collections.abc import Mapping, Sequence
from pathlib import Path
from typing import TYPE_CHECKING

import typer

from monitor.cli.archive.opened import opened
from monitor.cli.output import CONFIG_OPTION, JSON_OPTION, counted, emit, examples, moment, say, table
from monitor.cli.pipeline.inputs import InputError

if TYPE_CHECKING:
    from monitor.core.rulebook import Rulebook
    from monitor.model import KeptRulebook, Topic

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


@app.command("add", epilog=examples("monitor topics add lithium --query 'lithium OR litio' -l en,es"))
def add(
    topic_id: str = typer.Argument(..., metavar="ID", help="The new topic's id."),
    query: str = typer.Option(..., "--query", "-q", help="What to look for: docs/query-language.md."),
    title: str = typer.Option("", "--title", help="What alerts and lists call it."),
    languages: str = typer.Option("", "--languages", "-l", help="Codes of its languages: en,es."),
    example: list[str] = typer.Option([], "--example", "-e", help="A line that it must match."),
    into: str = typer.Option("", "--into", "-i", metavar="FILE", help="A file of config/topics."),
    config: Path = CONFIG_OPTION,
    *,
    json: bool = JSON_OPTION,
) -> None:
    """Write a topic into the files. What the config then refuses is put back; a service takes it up."""
    record: dict[str, object] = {"id": topic_id, "title": title or topic_id, "query": query}
    if codes := [code.strip() for code in languages.split(",") if code.strip()]:
        record["languages"] = codes
    if example:
        record["must_match"] = list(example)
    with opened(config) as (_, rulebook):
        if topic_id in rulebook.topics:
            raise InputError(f"{topic_id}: there is such a topic; edit its file, or choose another id")
    name = into or f"{topic_id}.yaml"
    path = config / "topics" / (name if name.endswith((".yaml", ".yml")) else f"{name}.yaml")
    _write(path, record, config)
    if json:
        emit({**record, "file": str(path)})
    else:
        say(f"{topic_id} is written into {path}. `monitor backtest {topic_id}` shows what it finds.")


@app.command("history", epilog=examples("monitor topics history potash-sanctions"))
def history(
    topic_id: str = typer.Argument(..., metavar="ID", help="A topic's id."),
    config: Path = CONFIG_OPTION,
    *,
    json: bool = JSON_OPTION,
) -> None:
    """The forms of a topic that the service had in force, newest first."""
    found = _versions(topic_id, config)
    if not found:
        raise InputError(f"{topic_id}: no service has had such a topic in force")
    for kept, topic in found:
        if json:
            emit(
                {
                    "at": kept.taken_at,
                    "rulebook": kept.revision,
                    **(dataclasses.asdict(topic) if topic else {}),
                }
            )
        else:
            query = " ".join(topic.query.split()) if topic else "(not there)"
            say(f"{moment(kept.taken_at)}  {kept.revision}  {query}")


@app.command("undo", epilog=examples("monitor topics undo potash-sanctions"))
def undo(
    topic_id: str = typer.Argument(..., metavar="ID", help="A topic's id."),
    config: Path = CONFIG_OPTION,
    *,
    json: bool = JSON_OPTION,
) -> None:
    """Write the form into the files that a topic had before its last change."""
    from monitor.app import readable_rulebook
    from monitor.config.edit import file_of, former_record

    present = readable_rulebook(config)[0].topics.get(topic_id)
    record = former_record(_versions(topic_id, config), present)
    if record is None:
        raise InputError(f"{topic_id}: no other form of it was ever in force; see `monitor topics history`")
    path = file_of(topic_id, "topics", config) or config / "topics" / f"{topic_id}.yaml"
    _write(path, record, config)
    if json:
        emit({**record, "file": str(path)})
    else:
        say(f"{topic_id} in {path} is as before: {' '.join(str(record['query']).split())}")


def _versions(topic_id: str, config: Path) -> Sequence[tuple[KeptRulebook, Topic | None]]:
    """When a topic had which form, newest first; None: it was taken out then."""
    from monitor.config.edit import topic_versions

    with opened(config) as (store, _):
        return topic_versions(store.admin.rulebooks(1_000), topic_id)


def _write(path: Path, record: Mapping[str, object], config: Path) -> None:
    """Write a topic and read the whole config again; a file that it then refuses is put back."""
    from monitor.app import load_rulebook
    from monitor.config.edit import put_checked

    put_checked(path, "topics", record, lambda: load_rulebook(config))


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
