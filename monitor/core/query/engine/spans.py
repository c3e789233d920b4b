"""The places in the original text that make a tree true, and how prominent they are."""

from __future__ import annotations

from collections.abc import Iterator

from monitor.core.query.engine.evaluate import Reading, Scope, first
from monitor.core.query.engine.filters import holds, url_place
from monitor.core.query.syntax.show import show
from monitor.core.query.syntax.tree import (
    FILTER_FIELDS,
    And,
    AtLeast,
    Except,
    Field,
    First,
    Near,
    Node,
    Not,
    Or,
    Phrase,
    Score,
    Sentence,
    Value,
    Word,
    walk,
)
from monitor.model import Span

MAX_SPANS = 200
"""More places than this of one topic in one text are not reported."""

_ORDER = {"title": 0, "body": 1, "author": 2, "url": 3, "source": 4}
Found = tuple[str, int, int, str]
"""Field, start and end in characters, term."""
_PLACES = (Word, Phrase, Near)
"""What has places when it is true, and none when it is false: not asked twice."""
Only = frozenset[tuple[str, int]] | None


def spans(node: Node, reading: Reading, scope: Scope) -> tuple[Span, ...]:
    """Spans of a true expanded tree, by field and place, each with the term as the query says it."""
    found = sorted(set(_spans(node, reading, scope, "", None)), key=_in_order)[:MAX_SPANS]
    given = reading.document.given
    made = []
    for field, start, end, term in found:
        text: str = getattr(given, field)
        made.append(Span(field=field, start=start, end=end, text=text[start:end], term=term))
    return tuple(made)


def _in_order(found: Found) -> tuple[int, int, int, str]:
    field, start, end, term = found
    return _ORDER[field], start, end, term


def _spans(  # noqa: C901, PLR0912 - one arm for each kind of node
    node: Node, reading: Reading, scope: Scope, label: str, only: Only
) -> Iterator[Found]:
    match node:
        case Word() if scope.whole and only is None and node.mode != "shout":
            accepted = reading.surfaces(node)
            if not accepted.isdisjoint(reading.document.chunks):
                term = label or show(node)
                for field in ("title", "body"):
                    for start, end in reading.document.field(field).standing(accepted):
                        yield field, start, end, term
        case Word() | Phrase():
            term = label or show(node)
            for field, low, high, at in reading.places(node, scope):
                if only is None or all((field, position) in only for position in at):
                    words = reading.document.field(field)
                    yield field, words.place(low)[0], words.place(high)[1], term
        case And(parts=parts):
            for part in parts:
                yield from _spans(part, reading, scope, label, only)
        case Or(parts=parts):
            for part in parts:
                if isinstance(part, Word) and scope.whole:
                    if reading.surfaces(part).isdisjoint(reading.document.chunks):
                        continue
                elif not isinstance(part, _PLACES) and not reading.true(part, scope):
                    continue
                yield from _spans(part, reading, scope, label or node.label, only)
        case Near(left=left, right=right, negated=negated):
            pairs = _used(node, reading, scope, only)
            for side in (left,) if negated else (left, right):
                yield from _spans(side, reading, scope, label, pairs)
        case Except(part=part, mask=mask):
            yield from _spans(part, reading, reading.masked(mask, scope), label, only)
        case Score(parts=weighted):
            for part, weight in weighted:
                if weight > 0 and reading.true(part, scope):
                    yield from _spans(part, reading, scope, label, only)
        case _:
            yield from _scoped(node, reading, scope, label, only)


def _scoped(node: Node, reading: Reading, scope: Scope, label: str, only: Only) -> Iterator[Found]:
    match node:
        case Field(name=name) if name in FILTER_FIELDS:
            yield from _filter(node, reading)
        case Field(name=name, part=part):
            yield from _spans(part, reading, reading.within(name, scope), label, only)
        case First(count=count, part=part):
            yield from _spans(part, reading, first(count, scope), label, only)
        case AtLeast(part=part):
            yield from _spans(part, reading, scope, label, only)
        case Sentence(part=part):
            for each in reading.by_sentence(scope):
                if reading.true(part, each):
                    yield from _spans(part, reading, each, label, only)
        case _:
            assert isinstance(node, Not), node


def _used(node: Node, reading: Reading, scope: Scope, only: Only) -> Only:
    """The words that take part in some pair of a NEAR."""
    used = {(field, at) for field, _, _, words in reading.places(node, scope) for at in words}
    return frozenset(used if only is None else used & only)


def _filter(node: Field, reading: Reading) -> Iterator[Found]:
    given = reading.document.given
    for value in walk(node.part):
        if isinstance(value, Value) and holds(node.name, value, given):
            place = url_place(value.text, given.url) if node.name == "url" else None
            if node.name == "source" and given.source:
                place = (0, len(given.source))
            if place is not None:
                yield node.name, *place, f"{node.name}:{show(value)}"


def prominence(found: tuple[Span, ...], lead_ends: int) -> float:
    """How prominent a match is, 0 < score ≤ 1; ``lead_ends`` in characters of the body.

    0.5 for a place in the title, else 0.3 in the lead, else 0.15; up to 0.35 more for different
    terms (half for the first two, and so on) and up to 0.15 for repeated mention.
    """
    fields = {span.field for span in found}
    if "title" in fields:
        place = 0.5
    elif any(span.field == "body" and span.start < lead_ends for span in found):
        place = 0.3
    else:
        place = 0.15
    terms = len({span.term for span in found})
    breadth = 0.35 * (1.0 - 2.0 ** (-terms / 2))
    repeated = 0.15 * (1.0 - 2.0 ** (-len(found) / 4))
    return float(round(place + breadth + repeated, 4))
