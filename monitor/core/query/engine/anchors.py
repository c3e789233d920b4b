"""Which topics are worth a look, given the chunks of a text.

Each topic is anchored by its rarest clause. A topic of two clauses, (A OR B) AND (C OR D), waits for
the second one too: it is looked at only when each of them has a word in the text. Where nothing more
is asked, as in a plain list of words, no look is needed: the topic is known to match.
"""

from __future__ import annotations

from collections.abc import Callable, Collection, Iterable, Mapping
from typing import NamedTuple

Terms = tuple[int, ...]


class Clauses(NamedTuple):
    """What anchors a topic: terms that prove it alone, terms of the rarest clause that do not, and
    terms of the second rarest."""

    proof: Terms = ()
    first: Terms = ()
    second: Terms = ()


_SLOTS = range(3)
_NONE: tuple[tuple[Terms, ...], ...] = ((), (), ())

Entry = tuple[tuple[int, ...], tuple[int, ...], tuple[int, ...]]
"""The topics that a chunk anchors by each kind of clause."""


class Anchors:
    """Topics by number, terms by number. Reading is safe while one thread adds.

    ``sure`` are the topics that match whenever both of their clauses have a word. Most of what stands
    in a text anchors nothing: that is a set of its own, because its look-ups miss the processor's
    cache less often than a dictionary's, and those misses are what a text costs.
    """

    def __init__(self, clauses: Mapping[int, Clauses], sure: set[int]) -> None:
        self._idle: set[str] = set()
        self._entries: dict[str, Entry] = {}
        self._sure = sure
        self._waiting = {topic for topic, each in clauses.items() if each.second}
        self._topics: tuple[dict[int, list[int]], ...] = ({}, {}, {})
        for topic, each in clauses.items():
            for slot in _SLOTS:
                for term in each[slot]:
                    self._topics[slot].setdefault(term, []).append(topic)

    def __len__(self) -> int:
        return len(self._idle) + len(self._entries)

    def unmet(self, chunks: set[str]) -> set[str]:
        """Those of the chunks that have never been met."""
        return {chunk for chunk in chunks - self._idle if chunk not in self._entries}

    def idle(self) -> set[str]:
        """The chunks met that anchor no topic; they may satisfy terms all the same."""
        return set(self._idle)

    def met(self) -> set[str]:
        """Every chunk that has been met."""
        return self._idle.union(self._entries)

    def candidates(self, chunks: set[str]) -> tuple[set[int], set[int]] | None:
        """The topics that these chunks prove, and those that they anchor; None when a chunk has
        never been met."""
        entries = list(map(self._entries.get, chunks - self._idle))
        if None in entries:
            return None
        proof, first, second = zip(*entries, strict=False) if entries else _NONE
        proved: set[int] = set().union(*proof)
        found: set[int] = set().union(*first)
        waiting = found & self._waiting
        if waiting:
            alone = waiting.difference(*second)
            found -= alone
            proved |= (waiting - alone) & self._sure
        found -= proved
        return proved, found

    def add(self, chunk: str, terms: Collection[int]) -> None:
        """A chunk that satisfies these terms has been met."""
        if not terms:
            self._idle.add(chunk)
            return
        proof, first, second = (
            tuple({topic for term in terms if term in by_term for topic in by_term[term]})
            for by_term in self._topics
        )
        if proof or first or second:
            self._entries[chunk] = (proof, first, second)
        else:
            self._idle.add(chunk)

    def met_before(self, chunks: Iterable[str], surfaces: Callable[[int], Iterable[str]]) -> None:
        """Take over chunks that were met under other anchors; ``surfaces`` gives those of a term."""
        slots: dict[str, tuple[list[int], list[int], list[int]]] = {}
        known = set(chunks)
        for slot, by_term in enumerate(self._topics):
            for term, topics in by_term.items():
                for chunk in known.intersection(surfaces(term)):
                    slots.setdefault(chunk, ([], [], []))[slot].extend(topics)
        self._idle = known.difference(slots)
        for chunk, lists in slots.items():
            proof, first, second = (tuple(dict.fromkeys(topics)) for topics in lists)
            self._entries[chunk] = (proof, first, second)
