"""``monitor match``."""

from __future__ import annotations

import re
from collections.abc import Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import TYPE_CHECKING

import typer

from monitor.cli.output import EXIT_INPUT, JSON_OPTION, complain, emit, examples, say
from monitor.cli.pipeline.inputs import InputError, each, progress, read_input
from monitor.cli.pipeline.texts import Given, TextReading, by_name, labels, pieces

if TYPE_CHECKING:
    from monitor.core.query.engine.matcher import Matcher
    from monitor.core.query.explain import Explanation
    from monitor.core.rulebook import Rulebook
    from monitor.model import Match, MatchText

NAME = "match"
EXAMPLES = examples(
    "monitor match --config config article.txt",
    'monitor match --query "potash AND sanction*" --lang en *.txt',
    "monitor match --explain --topic potash-sanctions article.txt",
    "cat articles.jsonl | monitor match --json -",
)
DEFAULT_CONFIG = Path("config")
_MANY_LINES = 500


def _language(value: str | None) -> str | None:
    if value is not None and not re.fullmatch(r"[A-Za-z]{2,3}(?:[-_][^\W_]+)*", value):
        raise typer.BadParameter(f"{value!r} is no language code; write two letters such as be, ru, en")
    return value.lower() if value else None


def command(
    files: list[str] = typer.Argument(
        ..., metavar="FILE…|-", help="Text files, or JSON lines with id, title, text, lang, url, source."
    ),
    config: Path | None = typer.Option(
        None, "--config", "-c", metavar="DIR", help="The config folder.", show_default="config"
    ),
    query: str | None = typer.Option(
        None, "--query", "-q", help="One query instead of the topics; with --config it may use its @names."
    ),
    lang: str | None = typer.Option(
        None, "--lang", "-l", help="Language of texts that name none (else detected).", callback=_language
    ),
    topic: list[str] = typer.Option(
        [], "--topic", "-t", metavar="ID", help="Only this topic of the config (may be repeated)."
    ),
    *,
    why: bool = typer.Option(
        False, "--explain", "-e", help="Each clause true or false, with its places and near misses."
    ),
    json: bool = JSON_OPTION,
) -> None:
    """Which topics match, with spans and the term that each span satisfies.

    Offsets are in characters of the field's text.
    """
    from monitor.model import MatchText

    rulebook = _rulebook(config, query)
    if query is None:
        assert rulebook is not None
        matcher = rulebook.matcher
    else:
        from monitor.cli.pipeline.queries import one_query

        matcher = one_query(query, lang, rulebook)
    show_one = _Answer(matcher, _chosen(topic, matcher), why=why, as_json=json)
    reading = TextReading(lang=lang, sources=by_name(rulebook.sources) if rulebook else {})
    names = labels(files)
    good = True

    def show(name: str) -> None:
        nonlocal good
        found = pieces(read_input(name), names[name])
        # One bar at a time: with many files the files are what is counted.
        lines = progress(found, description="Matching", at_least=_MANY_LINES) if len(files) == 1 else found
        for piece in lines:
            given = reading.read(piece)
            if isinstance(given.text, MatchText):
                show_one.print(given.id, given.text)
            else:
                good = False
                _refuse(given, as_json=json)

    code = each(files, show, as_json=json, label=lambda name: names[name])
    if code or not good:
        raise typer.Exit(EXIT_INPUT)


def _rulebook(config: Path | None, query: str | None) -> Rulebook | None:
    """The config, unless a query stands alone."""
    from monitor.app import load_rulebook

    if query is not None and config is None:
        return None
    rulebook = load_rulebook(config or DEFAULT_CONFIG)
    if query is None and not rulebook.matcher.topics:
        complain(f"{config or DEFAULT_CONFIG}: no topic is enabled, so nothing can match")
    return rulebook


def _refuse(given: Given, *, as_json: bool) -> None:
    complain(str(given.text))
    if as_json:
        emit({"id": given.id, "error": str(given.text)})


def _chosen(topics: Sequence[str], matcher: Matcher) -> tuple[str, ...]:
    """The topics asked for; () for all. Raises InputError for one that is not there."""
    known = [topic.id for topic in matcher.topics]
    for topic_id in topics:
        if topic_id not in known:
            raise InputError(
                f"no topic {topic_id!r} is enabled; the topics are: {', '.join(known) or 'none'}"
            )
    return tuple(topics)


@dataclass(frozen=True, slots=True)
class _Answer:
    """How the matches of one text are told. ``only``: these topics; () is all of them."""

    matcher: Matcher
    only: tuple[str, ...]
    why: bool
    as_json: bool

    def print(self, text_id: str | int, text: MatchText) -> None:
        matches = [each for each in self.matcher.match(text) if not self.only or each.topic_id in self.only]
        reasons = self._reasons(text) if self.why else ()
        if self.as_json:
            record: dict[str, object] = {"id": text_id, "topics": [_as_json(match) for match in matches]}
            if self.why:
                from monitor.core.message.explanation import explanation_json

                record["explain"] = [explanation_json(each) for each in reasons]
            emit(record)
            return
        if not matches:
            say(f"{text_id}: no topic matches.")
        for match in matches:
            say(f"{text_id}: {match.topic_id} (score {match.score:.2f})")
            for span in match.spans:
                say(f"    {span.field} {span.start}–{span.end}: {span.text!r} by {span.term}")
        from monitor.core.message.explanation import explanation_lines

        for reason in reasons:
            say(f"{text_id}: why {reason.topic_id} {'matches' if reason.true else 'does not match'}")
            for line in explanation_lines(reason):
                say(f"    {line}")

    def _reasons(self, text: MatchText) -> list[Explanation]:
        wanted = self.only or tuple(topic.id for topic in self.matcher.topics)
        return [self.matcher.explain(each, text) for each in wanted]


def _as_json(match: Match) -> dict[str, object]:
    return {
        "topic": match.topic_id,
        "score": round(match.score, 4),
        "spans": [
            {
                "field": span.field,
                "start": span.start,
                "end": span.end,
                "text": span.text,
                "term": span.term,
            }
            for span in match.spans
        ],
    }
