"""What was met between blanks in texts of one language, each bound once to the terms and topics that
its words concern.

An article then costs a cut at blanks and a few set operations; only the topics that one of its words
anchors are looked at. Which words anchor a topic is first guessed, then learned from the texts seen.
"""

from __future__ import annotations

import heapq
import threading
from collections import Counter
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from operator import itemgetter

from monitor.core.query import tokens
from monitor.core.query.engine.anchors import Anchors, Clauses
from monitor.core.query.engine.document import LONG, Chunks, Document
from monitor.core.query.engine.lexicon import Lexicon
from monitor.core.query.engine.need import Need, choose, expected
from monitor.core.query.engine.quick import Quick, Test
from monitor.core.query.syntax.tree import Node, Word

_SAMPLED = 512
"""The first texts are all counted, later ones one in sixteen."""
_EVERY = 16
_AROUND = '.,;:!?"()[]'
"""What may stand around a word without being of it."""
_FIRST_CHOICE = 64
"""After so many counted texts anchors are chosen anew, and each time that there are eight times more."""


@dataclass(frozen=True, slots=True)
class Plan:
    """A topic as it is tested against texts of this vocabulary.

    ``accepted``: for the ``id`` of each word of the tree, its surfaces.
    """

    tree: Node
    quick: Quick
    accepted: Mapping[int, set[str]]


class Vocabulary:
    """``needs``, ``anchors`` and ``sure`` are those of the topics, by number (see ``need`` and
    ``anchors``). ``unlikely``: languages whose forms its texts have not, whatever a topic says. ``plain``:
    chunks that are known to satisfy no term, from the vocabulary that this one follows. Shared between
    threads."""

    def __init__(
        self,
        lexicon: Lexicon,
        languages: tuple[str, ...] | None,
        needs: Sequence[Need | None],
        anchors: Mapping[int, Clauses],
        sure: set[int],
        *,
        unlikely: frozenset[str] = frozenset(),
        plain: frozenset[str] = frozenset(),
    ) -> None:
        self.lexicon = lexicon
        self._plain = plain
        self.languages = languages
        self._unlikely = unlikely
        self.chunks = Chunks()
        self.plans: dict[int, Plan] = {}
        self.within: dict[int, tuple[Node, Test | None]] = {}
        self._surfaces: dict[int, set[str]] = {}
        self._needs = needs
        self._clauses = anchors
        self._sure = sure
        self._anchors = Anchors(anchors, sure)
        self._lock = threading.Lock()
        self._texts = 0
        self._counted = 0
        self._counts: Counter[str] = Counter()
        self._next_choice = _FIRST_CHOICE
        self._choosing = threading.Lock()

    def __len__(self) -> int:
        return len(self._anchors)

    def surfaces(self, word: Word) -> set[str]:
        """The words met so far that satisfy a query's word, and the chunks that hold one.

        The set grows while it is in use.
        """
        return self._accepted(self.lexicon.intern(word))

    def _accepted(self, term: int) -> set[str]:
        found = self._surfaces.get(term)
        return found if found is not None else self._surfaces.setdefault(term, set())

    def bind(self, chunks: set[str]) -> bool:
        """Learn the chunks that are not known yet.

        Those too long to be remembered are replaced in the set by their words; returns whether any
        were.
        """
        new = self._anchors.unmet(chunks)
        long = [chunk for chunk in new if len(chunk) > LONG]
        for chunk in long:
            words = tokens.words(chunk)
            for kept in (new, chunks):
                kept.discard(chunk)
                kept.update(words)
        with self._lock:
            for chunk in self._anchors.unmet(new):
                self._bind(chunk)
        return bool(long)

    def _bind(self, chunk: str) -> None:
        word = chunk.strip(_AROUND)
        if self._concerns_none(word):
            self.chunks.add_plain(chunk, word)
            self._anchors.add(chunk, ())
            return
        words = self.chunks.add(chunk)
        if chunk in self._plain:
            self._anchors.add(chunk, ())
            return
        terms: set[int] = set()
        for word in words:
            satisfied = self._satisfied(word)
            for term in satisfied:
                self._accepted(term).add(word)
            terms |= satisfied
        whole = tokens.joined(chunk) if len(words) > 1 else None
        if whole is not None:
            terms |= self._satisfied(whole)
        for term in terms:
            self._accepted(term).add(chunk)
        self._anchors.add(chunk, terms)  # last: others read without the lock

    def _satisfied(self, word: str) -> set[int]:
        if self._concerns_none(word):
            return set()
        return self.lexicon.satisfied(word, self.languages, self._unlikely)

    def _concerns_none(self, word: str) -> bool:
        """Whether a word is seen at once to satisfy no term."""
        return (
            word.isascii()
            and word.isalpha()
            and self.lexicon.begins_like_none(word.lower(), self.languages, self._unlikely)
        )

    def satisfying_nothing(self) -> frozenset[str]:
        """The chunks met so far that satisfy no term at all: most."""
        with self._lock:
            return frozenset(self._anchors.idle().difference(*self._surfaces.values()))

    def read(self, document: Document, *, authors: bool) -> tuple[set[int], set[int]]:
        """The topics that a document's words prove, and those that they anchor (with its authors').

        Learns what is new.
        """
        found = self._anchors.candidates(document.chunks)
        if found is None:
            if self.bind(document.chunks):
                document.long()
            found = self._anchors.candidates(document.chunks) or (set(), set())
        if authors and document.given.author:
            names = set(document.author.chunks)
            self.bind(names)
            # What the authors' names prove is proved for them only, so it is to be looked at.
            proved, anchored = self._anchors.candidates(names | document.chunks) or found
            found = found[0], (proved | anchored) - found[0]
        return found

    def anchored(self, chunks: set[str]) -> tuple[set[int], set[int]]:
        """The topics that a bare set of chunks proves, and those that it anchors. Learns what is new;
        chunks too long to be remembered are replaced in the set by their words."""
        found = self._anchors.candidates(chunks)
        if found is None:
            self.bind(chunks)
            found = self._anchors.candidates(chunks)
        return found or (set(), set())

    def learn(self, document: Document) -> None:
        """Count a text's chunks; now and then choose anchors anew by what was counted."""
        self._texts += 1
        if self._texts > _SAMPLED and self._texts % _EVERY:
            return
        self._counts.update(document.chunks)
        self._counted += 1
        if self._counted >= self._next_choice and self._choosing.acquire(blocking=False):
            try:
                self._next_choice *= 8
                self._choose_anew()
            finally:
                self._choosing.release()

    def commonest(self, count: int) -> set[str]:
        """The chunks that most texts counted so far have."""
        counted = list(self._counts.items())  # a copy: other threads go on counting
        return {chunk for chunk, _ in heapq.nlargest(count, counted, key=itemgetter(1))}

    def _frequency(self, term: int) -> float:
        met = tuple(self._surfaces.get(term, ()))  # a copy: other threads add to the set
        counted = sum(self._counts[surface] for surface in met)
        return (counted + expected(self.lexicon.specs[term])) / (self._counted + 1)

    def _choose_anew(self) -> None:
        """Anchor every topic by its rarest clauses as counted. Others go on reading meanwhile."""
        proofs = {topic: frozenset(each.proof) for topic, each in self._clauses.items()}
        self._clauses = {
            topic: choose(need, self._frequency, proofs[topic])
            for topic, need in enumerate(self._needs)
            if need is not None
        }
        anchors = Anchors(self._clauses, self._sure)
        with self._lock:
            anchors.met_before(self._anchors.met(), self._accepted)
            self._anchors = anchors
