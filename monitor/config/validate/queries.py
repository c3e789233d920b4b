"""The operator's queries: are they well formed, do they pass their own tests."""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence

from monitor.config import to_model
from monitor.config.models.files import ExampleShape, TopicShape
from monitor.config.validate.sections import Item
from monitor.config.validate.shared_names import SharedNames
from monitor.core.query import QueryLint, check
from monitor.core.query.engine.matcher import Matcher
from monitor.core.query.explain import Clause
from monitor.errors import Problem, QueryError
from monitor.model import Match, Span, Topic

_FEW = 5
_LONG = 80
_PLAIN = {"word", "phrase", "or", "reference"}


def query_problems(item: Item[TopicShape], shared: SharedNames) -> Iterator[Problem]:
    """What is wrong with a topic's query, and what is doubtful (as warnings).

    A topic that was refused for another reason has its query looked at all the same.
    """
    query = item.raw.get("query") if isinstance(item.raw, Mapping) else None
    if not isinstance(query, str) or not query.strip():
        return
    languages = item.value.languages if item.value is not None else ()
    try:
        lints = check(
            query,
            languages=languages,
            lists=shared.lists,
            people=shared.people,
            orgs=shared.orgs,
        )
    except QueryError as error:
        yield _inside(item, error)
        return
    for lint in lints:
        yield _inside(item, lint, level="warning")


def _inside(item: Item[TopicShape], finding: QueryError | QueryLint, *, level: str = "error") -> Problem:
    line, column = item.document.inside((*item.path, "query"), finding.line, finding.column)
    return Problem(
        file=item.document.file,
        line=line,
        column=column,
        message=finding.message,
        hint=finding.hint,
        level=level,
    )


def matcher(topics: Sequence[Topic], shared: SharedNames, previous: Matcher | None) -> Matcher:
    """The matcher of these topics; what ``previous`` compiled already is used again."""
    return Matcher.build(
        topics,
        lists=shared.lists,
        people=shared.people,
        orgs=shared.orgs,
        previous=previous,
    )


def example_problems(item: Item[TopicShape], matcher: Matcher) -> Iterator[Problem]:
    """The topic's own tests that its query fails."""
    if item.value is None or not item.value.enabled:
        return
    for at, example in enumerate(item.value.must_match):
        if _found(item.id, example, matcher) is None:
            missing = _missing(item.id, example, matcher)
            yield item.problem(
                f"topic {item.id!r} does not match its must_match line{missing}",
                "widen the query or change the line",
                "must_match",
                at,
            )
    for at, example in enumerate(item.value.must_not_match):
        if (match := _found(item.id, example, matcher)) is not None:
            yield item.problem(
                f"topic {item.id!r} matches its must_not_match line: {_terms(match)}",
                "narrow the query or change the line",
                "must_not_match",
                at,
            )


def _found(topic_id: str, example: ExampleShape, matcher: Matcher) -> Match | None:
    matches = matcher.match(to_model.example_text(example))
    return next((match for match in matches if match.topic_id == topic_id), None)


def _missing(topic_id: str, example: ExampleShape, matcher: Matcher) -> str:
    """``: found …; missing …`` in the words of the query."""
    explanation = matcher.explain(topic_id, to_model.example_text(example))
    lacking = list(dict.fromkeys(_lacking(explanation.clause)))
    present = list(dict.fromkeys(span.text for span in _present(explanation.clause)))
    parts = [f"found {', '.join(map(repr, present[:_FEW]))}"] if present else []
    return ": " + "; ".join([*parts, f"missing {', '.join(lacking[:_FEW])}"])


def _lacking(clause: Clause) -> Iterator[str]:
    """The smallest clauses that keep the query from being true, with what is known of them."""
    if clause.true:
        return
    if clause.kind == "and":
        for part in clause.parts:
            yield from _lacking(part)
        return
    text = clause.text if len(clause.text) <= _LONG else f"{clause.text[:_LONG]}…"
    yield f"{text} ({clause.note})" if clause.note and clause.kind not in _PLAIN else text


def _present(clause: Clause) -> Iterator[Span]:
    if clause.true:
        yield from clause.spans
    for part in clause.parts:
        yield from _present(part)


def _terms(match: Match) -> str:
    """``found "Минске" (@minsk), …``: each term once."""
    found = {span.term: span.text for span in match.spans}
    return "found " + ", ".join(f"{text!r} (for {term})" for term, text in found.items())
