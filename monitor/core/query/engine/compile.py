"""Topics made ready for matching, one by one, so that an edit costs only what was edited."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, replace

from monitor.core.query.engine.anchors import Clauses
from monitor.core.query.engine.expand import SharedLists, expand
from monitor.core.query.engine.lexicon import Lexicon
from monitor.core.query.engine.need import Need, choose, expected, is_sure, need, proof
from monitor.core.query.syntax.parse import parse
from monitor.core.query.syntax.tree import Field, Node, Reference, Word, walk
from monitor.model import Topic

SPARE_TERMS = 20_000
"""So many words of edited topics are never worth compiling everything anew."""


@dataclass(frozen=True, slots=True)
class Compiled:
    """A topic's need and first anchor. Its tree is made again when it is first looked at: most of
    100,000 topics never are, and trees are what would fill the memory."""

    topic: Topic
    need: Need | None
    anchor: Clauses
    refers: bool
    author: bool
    sure: bool


@dataclass(frozen=True, slots=True)
class Book:
    """All topics of one matcher, with the lexicon that numbers their words."""

    topics: tuple[Compiled, ...]
    lexicon: Lexicon
    shared: SharedLists
    fresh: int
    """Terms that the lexicon had when it was new."""

    def tree(self, number: int) -> Node:
        """The expanded tree of a topic."""
        topic = self.topics[number].topic
        return expand(parse(topic.query), topic.query, topic.languages or None, self.shared)


def compile_book(topics: Sequence[Topic], shared: SharedLists, previous: Book | None) -> Book:
    """Compile the enabled topics, taking over from ``previous`` what is the same there.

    Raises QueryError for the first query that cannot be read.
    """
    enabled = [topic for topic in topics if topic.enabled]
    if previous is None or _outgrown(previous, len(enabled)):
        lexicon = Lexicon()
        compiled = [_compile(topic, lexicon, shared) for topic in enabled]
        return Book(tuple(compiled), lexicon, shared, len(lexicon))
    unchanged = previous.shared == shared
    known = {each.topic.id: each for each in previous.topics if unchanged or not each.refers}
    compiled = []
    for topic in enabled:
        before = known.get(topic.id)
        if before is None or not _same(before.topic, topic):
            compiled.append(_compile(topic, previous.lexicon, shared))
        else:
            compiled.append(replace(before, topic=topic))
    return Book(tuple(compiled), previous.lexicon, shared, previous.fresh)


def _outgrown(previous: Book, topics: int) -> bool:
    """A lexicon only grows: when most of its words are those of topics gone or edited, it is left."""
    return topics * 2 < len(previous.topics) or len(previous.lexicon) > 2 * previous.fresh + SPARE_TERMS


def _same(one: Topic, other: Topic) -> bool:
    return one.query == other.query and one.languages == other.languages


def _compile(topic: Topic, lexicon: Lexicon, shared: SharedLists) -> Compiled:
    languages = topic.languages or None
    tree = parse(topic.query)
    refers = any(isinstance(node, Reference) for node in walk(tree))
    if refers:
        # Words of references have the languages of their spellings; others get the topic's below.
        tree, languages = expand(tree, topic.query, languages, shared), None
    author = False
    numbers: dict[int, int] = {}
    for node in walk(tree):
        if isinstance(node, Word):
            numbers[id(node)] = lexicon.intern(node, languages)
        elif isinstance(node, Field):
            author = author or node.name == "author"
    needed = need(tree, numbers)
    anchor = Clauses()
    if needed is not None:
        anchor = choose(needed, lambda term: expected(lexicon.specs[term]), proof(tree, numbers))
    return Compiled(topic, needed, anchor, refers, author, is_sure(tree))
