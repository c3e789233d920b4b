"""Whether a tree is true for a document, and at which places. The exact and complete reading.

A place is (field, first word, last word, words used); positions count words from 0.
"""

from __future__ import annotations

from bisect import bisect_left
from collections.abc import Iterable, Mapping
from dataclasses import dataclass, replace

from monitor.core.query.engine.document import Document
from monitor.core.query.engine.filters import holds
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
    Word,
)

MAX_PLACES = 5_000
"""A NEAR in a text that repeats its words for ever stops counting here."""

Window = tuple[str, int, int]
Place = tuple[str, int, int, tuple[int, ...]]
_END = 1 << 60


@dataclass(frozen=True, slots=True)
class Scope:
    """Which words count: ``windows`` are (field, first, one past the last); ``hidden`` are masked.

    ``whole``: all of title and body, nothing hidden; then a set tells whether a word stands there.
    """

    windows: tuple[Window, ...]
    hidden: frozenset[tuple[str, int]] = frozenset()
    whole: bool = False


@dataclass(frozen=True, slots=True)
class Reading:
    """A document read with one tree: ``accepted`` gives, for the ``id`` of each of its words, what
    satisfies it; that may be more than occurs."""

    document: Document
    accepted: Mapping[int, set[str]]

    def surfaces(self, word: Word) -> set[str]:
        """What satisfies a word of the tree."""
        return self.accepted[id(word)]

    def scope(self) -> Scope:
        """Title and body, whole."""
        return Scope((("title", 0, _END), ("body", 0, _END)), whole=True)

    def true(self, node: Node, scope: Scope) -> bool:  # noqa: C901, PLR0911, PLR0912 - one arm for each kind of node
        """Whether the node is true within the scope."""
        match node:
            case Word() if scope.whole and node.mode != "shout":
                return not self.accepted[id(node)].isdisjoint(self.document.chunks)
            case Phrase(words=words) if scope.whole and not self._all_stand(words):
                return False
            case And(parts=parts):
                return all(self.true(part, scope) for part in parts)
            case Or(parts=parts):
                return any(self.true(part, scope) for part in parts)
            case Not(part=part):
                return not self.true(part, scope)
            case Field(name=name, part=part) if name in FILTER_FIELDS:
                return holds(name, part, self.document.given)
            case Field(name=name, part=part):
                return self.true(part, self.within(name, scope))
            case First(count=count, part=part):
                return self.true(part, first(count, scope))
            case Sentence(part=part):
                return any(self.true(part, each) for each in self.by_sentence(scope))
            case AtLeast(count=count, part=part):
                return len({place[:3] for place in self.places(part, scope)}) >= count
            case Except(part=part, mask=mask):
                return self.true(part, self.masked(mask, scope))
            case Score(threshold=threshold, parts=weighted):
                return sum(n for part, n in weighted if self.true(part, scope)) >= threshold
            case _:
                return bool(self.places(node, scope))

    def _all_stand(self, words: tuple[Word, ...]) -> bool:
        chunks = self.document.chunks
        return not any(self.surfaces(word).isdisjoint(chunks) for word in words)

    def places(self, node: Node, scope: Scope) -> list[Place]:
        """The places of a word, phrase, NEAR or group of them, in reading order."""
        match node:
            case Word():
                return self._word(node, scope)
            case Phrase(slop=None):
                return self._phrase(node, scope)
            case Phrase(words=words, slop=int(slop)):
                found = self._word(words[0], scope)
                for word in words[1:]:
                    found = near(found, self._word(word, scope), slop, ordered=False)
                return found
            case Or(parts=parts):
                merged = {place for part in parts for place in self.places(part, scope)}
                return sorted(merged, key=_order)
            case Near(left=left, right=right):
                places = self.places(left, scope)
                return self._near(node, places, self.places(right, scope)) if places else []
            case Except(part=part, mask=mask):
                return self.places(part, self.masked(mask, scope))
            case First(count=count, part=part):
                return self.places(part, first(count, scope))
            case _:
                raise AssertionError(node)

    def _word(self, word: Word, scope: Scope) -> list[Place]:
        found: list[Place] = []
        accepted = self.surfaces(word)
        for field, low, high in scope.windows:
            text = self.document.field(field)
            at = text.positions(accepted)
            if word.mode == "shout":
                at = [position for position in at if text.in_capitals(position)]
            found += [
                (field, position, position, (position,))
                for position in at[bisect_left(at, low) : bisect_left(at, high)]
                if (field, position) not in scope.hidden
            ]
        return found

    def _phrase(self, phrase: Phrase, scope: Scope) -> list[Place]:
        words = phrase.words
        starts = {(field, at) for field, at, _, _ in self._word(words[0], scope)}
        for offset, word in enumerate(words[1:], start=1):
            if not starts:
                return []
            starts &= {(field, at - offset) for field, at, _, _ in self._word(word, scope)}
        size = len(words)
        number = all(word.text.isdigit() for word in words)
        found = []
        for field, at in sorted(starts):
            text = self.document.field(field)
            if number and text.in_longer_number(at, size):
                continue
            if phrase.across or not any(text.ends_sentence(at + n) for n in range(size - 1)):
                found.append((field, at, at + size - 1, tuple(range(at, at + size))))
        return found

    @staticmethod
    def _near(node: Near, left: list[Place], right: list[Place]) -> list[Place]:
        if not node.negated:
            return near(left, right, node.distance, ordered=node.ordered)
        return [place for place in left if not near([place], right, node.distance, ordered=node.ordered)]

    def within(self, name: str, scope: Scope) -> Scope:
        """The part of the scope that lies in a text field; the author's is not part of the text."""
        if name == "author":
            return replace(scope, windows=(("author", 0, _END),), whole=False)
        if name == "lead":
            windows = _cut(scope.windows, {"body": (0, self.document.body.lead)})
        else:
            windows = tuple(window for window in scope.windows if window[0] == name)
        return replace(scope, windows=windows, whole=False)

    def by_sentence(self, scope: Scope) -> Iterable[Scope]:
        """One scope for each sentence of the scope."""
        for window in scope.windows:
            for low, high in self.document.field(window[0]).sentences:
                inside = _cut((window,), {window[0]: (low, high)})
                if inside:
                    yield replace(scope, windows=inside, whole=False)

    def masked(self, mask: Node, scope: Scope) -> Scope:
        """The scope without the words of every place of ``mask``."""
        hidden = {
            (field, position)
            for field, low, high, _ in self.places(mask, scope)
            for position in range(low, high + 1)
        }
        return replace(scope, hidden=scope.hidden | hidden, whole=False) if hidden else scope


def first(count: int, scope: Scope) -> Scope:
    """The first words of each field of the scope."""
    windows = _cut(scope.windows, dict.fromkeys(("title", "body", "author"), (0, count)))
    return replace(scope, windows=windows, whole=False)


def _cut(windows: tuple[Window, ...], to: dict[str, tuple[int, int]]) -> tuple[Window, ...]:
    cut = (
        (field, max(low, to[field][0]), min(high, to[field][1]))
        for field, low, high in windows
        if field in to
    )
    return tuple(window for window in cut if window[1] < window[2])


def _order(place: Place) -> tuple[str, int, int]:
    return place[:3]


def near(left: list[Place], right: list[Place], distance: int, *, ordered: bool) -> list[Place]:
    """Every pair with at most ``distance`` words between, as the places that they span together.

    Two places that use the same word of the text are not a pair.
    """
    found: dict[Place, None] = {}
    by_start = sorted(right, key=_order)
    widest = max((end - start for _, start, end, _ in right), default=0)
    keys = [(field, start) for field, start, _, _ in by_start]
    for field, start, end, used in left:
        low = bisect_left(keys, (field, end + 1 if ordered else start - distance - widest - 1))
        for field2, start2, end2, used2 in by_start[low:]:
            if field2 != field or start2 > end + distance + 1:
                break
            if start2 <= end if ordered else start - end2 - 1 > distance:
                continue
            if ordered or set(used).isdisjoint(used2):
                together = tuple(sorted({*used, *used2}))
                found[field, min(start, start2), max(end, end2), together] = None
        if len(found) > MAX_PLACES:
            break
    return sorted(found, key=_order)
