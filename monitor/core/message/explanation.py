"""An explanation as people and programs read it."""

from __future__ import annotations

from collections.abc import Iterator

from monitor.core.query.explain import Clause, Explanation
from monitor.i18n.localizer import Localizer, localizer, note
from monitor.model import Span

_FIELDS = {"title": note("headline"), "body": note("text"), "lead": note("lead")}
MAX_WORDS_SHOWN = 4
MAX_SHOWN = 100
"""Characters of a clause whose parts follow on their own lines."""


def explanation_lines(explanation: Explanation, tr: Localizer | None = None) -> tuple[str, ...]:
    """The tree of clauses, one a line: ✓ or ✗, the clause, what stands there or what is missing.

    In the words of ``tr``; without one in English, with the query language's names of fields.
    """
    return tuple(_lines(explanation.clause, 0, tr))


def miss_lines(explanation: Explanation, tr: Localizer) -> tuple[str, ...]:
    """What made the query false, one clause a line, each said once."""
    return tuple(dict.fromkeys(_misses(explanation.clause, tr)))


def _misses(clause: Clause, tr: Localizer) -> Iterator[str]:
    if clause.true:
        return
    if clause.note:
        yield f"{clause.text}: {tr.told(clause.note)}"
        return
    for part in clause.parts:
        yield from _misses(part, tr)


def explanation_json(explanation: Explanation) -> dict[str, object]:
    """``{"topic", "true", "clause": {"text", "kind", "true", "note", "spans", "parts"}}``."""
    return {
        "topic": explanation.topic_id,
        "true": explanation.true,
        "clause": _clause_json(explanation.clause),
    }


def near_misses(explanation: Explanation) -> tuple[str, ...]:
    """The notes of the clauses that made the query false, deepest first said once."""
    return tuple(dict.fromkeys(_notes(explanation.clause)))


def _notes(clause: Clause) -> Iterator[str]:
    if clause.true:
        return
    if clause.note:
        yield f"{clause.text}: {clause.note}"
        return
    for part in clause.parts:
        yield from _notes(part)


def _lines(clause: Clause, depth: int, wanted: Localizer | None) -> Iterator[str]:
    tr = wanted or localizer("en")
    fields = {name: tr.plain(_FIELDS[name]) if wanted else name for name in _FIELDS}
    found = ", ".join(
        dict.fromkeys(f"{span.text!r} ({fields.get(span.field, span.field)})" for span in clause.spans)
    )
    if len(clause.spans) > MAX_WORDS_SHOWN:
        found = tr.many_plain("{count} place", "{count} places", len(clause.spans))
    told = tr.told(clause.note) or (found if not clause.parts else "")
    text = clause.text
    if clause.parts and len(text) > MAX_SHOWN:
        text = f"{text[: MAX_SHOWN - 1].rstrip()}…"
    yield "  " * depth + ("✓ " if clause.true else "✗ ") + text + (f" — {told}" if told else "")
    for part in clause.parts:
        yield from _lines(part, depth + 1, wanted)


def _clause_json(clause: Clause) -> dict[str, object]:
    return {
        "text": clause.text,
        "kind": clause.kind,
        "true": clause.true,
        "note": clause.note,
        "spans": [_span_json(span) for span in clause.spans],
        "parts": [_clause_json(part) for part in clause.parts],
    }


def _span_json(span: Span) -> dict[str, object]:
    return {
        "field": span.field,
        "start": span.start,
        "end": span.end,
        "text": span.text,
        "term": span.term,
    }
