"""All topics compiled: which of them match a text, where, and why (or why not)."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from functools import lru_cache

from monitor.core.query.engine.compile import Book, compile_book
from monitor.core.query.engine.document import Document
from monitor.core.query.engine.evaluate import Reading
from monitor.core.query.engine.expand import Name, SharedLists
from monitor.core.query.engine.lexicon import LANGUAGES, SCRIPT_LANGUAGES
from monitor.core.query.engine.possible import possible
from monitor.core.query.engine.prefilter import raw_chunks
from monitor.core.query.engine.quick import quick, quick_within
from monitor.core.query.engine.spans import prominence, spans
from monitor.core.query.engine.vocabulary import Plan, Vocabulary
from monitor.core.query.explain import Explanation, explain
from monitor.core.query.possible_languages import HEAVY, heavy_languages, quoted_languages
from monitor.core.query.syntax.tree import Word, walk
from monitor.model import Match, MatchText, Topic

MAX_LANGUAGES = 40
"""Vocabularies kept; texts of further languages share one."""
FEW_CHUNKS = 50_000
"""Distinct chunks kept for a language where few terms are asked for: a day of news has not many more."""
CHUNKS_A_TERM = 10
"""Binding a chunk costs more the more terms there are, so more are kept then."""
MAX_CHUNKS = 500_000
"""The most for a language; then its vocabulary starts afresh."""
FEW_ALL_CHUNKS = 150_000
MAX_ALL_CHUNKS = 2_000_000
"""Chunks kept in all vocabularies together, about 30 MB and 300 MB."""
WARM_CHUNKS = 5_000
"""So many of a language's words make up most of any text."""
_OF_SCRIPTS = tuple(language for each in SCRIPT_LANGUAGES.values() for language in each)
# What one of each costs, measured with bench/matching.py on 100,000 topics.
_TOPIC_BYTES, _TERM_BYTES, _CHUNK_BYTES = 1_400, 700, 150


class Matcher:
    """Immutable for its users; thread-safe; its vocabularies learn as they go."""

    def __init__(self, book: Book) -> None:
        self.book = book
        self._ids = tuple(each.topic.id for each in book.topics)
        self._numbers = {topic_id: number for number, topic_id in enumerate(self._ids)}
        self._always = tuple(n for n, each in enumerate(book.topics) if each.need is None)
        self._authors = any(each.author for each in book.topics)
        shared = book.shared
        self._by_language = bool(shared.people or shared.orgs) or any(
            not each.topic.languages or each.refers for each in book.topics
        )
        # Russian is read in whatever a text of its neighbours quotes: it has no letters that they all lack.
        self._heavy = (HEAVY & book.lexicon.fixed_languages) - {"ru"}
        self._vocabularies: dict[str, Vocabulary] = {}

    @classmethod
    def build(
        cls,
        topics: Sequence[Topic],
        *,
        lists: Mapping[str, Sequence[str]] | None = None,
        people: Mapping[str, Name] | None = None,
        orgs: Mapping[str, Name] | None = None,
        previous: Matcher | None = None,
    ) -> Matcher:
        """Compile the enabled topics. What ``previous`` compiled alike is taken over from it.

        Raises QueryError for the first query that cannot be read.
        """
        shared = SharedLists(lists=lists or {}, people=people or {}, orgs=orgs or {})
        matcher = cls(compile_book(topics, shared, previous.book if previous else None))
        if previous is not None:
            matcher._warm(previous)
        return matcher

    @property
    def topics(self) -> tuple[Topic, ...]:
        """The topics that are matched."""
        return tuple(each.topic for each in self.book.topics)

    def match(self, text: MatchText) -> tuple[Match, ...]:
        """The topics that match a text, by id order of the topics given."""
        if not self._ids:
            return ()
        vocabulary = self._vocabulary_of(text)
        document = Document(text, vocabulary.chunks)
        found = self._found(document, vocabulary)
        if not found:
            return ()
        matches = []
        for number in found:
            plan = self._plan(number, vocabulary)
            reading = Reading(document, plan.accepted)
            places = spans(plan.tree, reading, reading.scope())
            score = prominence(places, document.body.lead_ends)
            matches.append(Match(topic_id=self._ids[number], score=score, spans=places))
        return tuple(matches)

    def matching(self, text: MatchText) -> tuple[str, ...]:
        """The ids alone, without spans and scores: for backtests and counts."""
        vocabulary = self._vocabulary_of(text)
        found = self._found(Document(text, vocabulary.chunks), vocabulary)
        return tuple(map(self._ids.__getitem__, found))

    def explain(self, topic_id: str, text: MatchText) -> Explanation:
        """Why a topic matches a text or does not. Raises KeyError for an unknown topic."""
        number = self._numbers[topic_id]
        vocabulary = self._vocabulary_of(text)
        document = Document(text, vocabulary.chunks)
        vocabulary.read(document, authors=True)
        plan = self._plan(number, vocabulary)
        return explain(topic_id, plan.tree, Reading(document, plan.accepted))

    def could_match(self, raw: str, *, source: MatchText | None = None, further: Sequence[str] = ()) -> bool:
        """A first look at a page's raw text: False when no topic's anchor stands in it.

        Never False for a page whose extracted text would match. ``further`` are texts that may stand
        in for the page's own (the entry's title and summary). Topics that ask for no word are always
        worth a look, unless they are not about this ``source`` (its names, tier and country). Its language
        is what the page may be in besides those that the page's letters tell.
        """
        for number in self._always:
            if source is None or possible(self.book.tree(number), source):
                return True
        chunks = raw_chunks(raw, further)
        if chunks is None:
            return True
        declared = source.language if source else None
        vocabulary = self._first_look(heavy_languages(chunks, declared=_primary(declared or "")))
        proved, anchored = vocabulary.anchored(chunks)
        return bool(proved) or any(self._within(number, vocabulary, chunks) for number in anchored)

    def _within(self, number: int, vocabulary: Vocabulary, chunks: set[str]) -> bool:
        """Whether an article whose words are among these could match a topic."""
        if number not in vocabulary.within:
            tree = self.book.tree(number)
            words = [node for node in walk(tree) if isinstance(node, Word)]
            accepted = {id(word): vocabulary.surfaces(word) for word in words}
            # The tree is kept too: the test knows its words by their identity.
            vocabulary.within[number] = (tree, quick_within(tree, accepted))
        test = vocabulary.within[number][1]
        return test is None or test(chunks)

    def memory(self) -> Mapping[str, int]:
        """For status: topics, distinct terms, chunks met, vocabularies, and the megabytes they take,
        dictionaries of word forms aside (see docs/languages.md)."""
        topics, terms = len(self.book.topics), len(self.book.lexicon)
        vocabularies = tuple(self._vocabularies.values())
        chunks = sum(map(len, vocabularies))
        held = topics * _TOPIC_BYTES + terms * _TERM_BYTES + chunks * _CHUNK_BYTES
        return {
            "topics": topics,
            "terms": terms,
            "chunks": chunks,
            "vocabularies": len(vocabularies),
            "about_mb": round(held / 1e6),
        }

    def _found(self, document: Document, vocabulary: Vocabulary) -> list[int]:
        proved, anchored = vocabulary.read(document, authors=self._authors)
        anchored.update(self._always)
        found = list(proved)
        for number in anchored:
            plan = self._plan(number, vocabulary)
            test = plan.quick.test
            if test is not None and not test(document.chunks):
                continue
            if not plan.quick.complete:
                reading = Reading(document, plan.accepted)
                if not reading.true(plan.tree, reading.scope()):
                    continue
            found.append(number)
        vocabulary.learn(document)
        return sorted(found)

    def _vocabulary_of(self, text: MatchText) -> Vocabulary:
        language = _primary(text.language or "")
        if not language and (self._by_language or self._heavy):
            heavy = heavy_languages({*text.title.split(), *text.body.split()})
            return self._unknown(heavy) if self._by_language else self._vocabulary("", heavy)
        quoted: tuple[str, ...] = ()
        if self._heavy:
            quoted = quoted_languages(f"{text.title} {text.body}", language, self._heavy)
        return self._vocabulary(language, (language, *quoted))

    def _vocabulary(self, language: str, heavy: tuple[str, ...]) -> Vocabulary:
        """The vocabulary of texts of a known language; they may quote ``heavy`` ones, besides."""
        own = language if self._by_language else ""
        heavy = tuple(each for each in heavy if each in self._heavy and each != own)
        name = " ".join((own, *heavy))
        found = self._vocabularies.get(name)
        if found is None and len(self._vocabularies) >= MAX_LANGUAGES:
            own, heavy = "", tuple(sorted(self._heavy))
            name = " ".join((own, *heavy))
            found = self._vocabularies.get(name)
        if found is None or self._full(found):
            found = self._fresh((own,) if own else None, heavy, found)
            self._vocabularies[name] = found
        return found

    def _full(self, vocabulary: Vocabulary) -> bool:
        """Whether a vocabulary has had its share and is to start afresh."""
        needed = CHUNKS_A_TERM * len(self.book.lexicon)
        most = min(MAX_CHUNKS, FEW_CHUNKS + needed)
        most_of_all = min(MAX_ALL_CHUNKS, FEW_ALL_CHUNKS + 4 * needed)
        return len(vocabulary) > min(most, most_of_all // max(1, len(self._vocabularies)))

    def _warm(self, previous: Matcher) -> None:
        """Prepare for the languages and words met before, while the previous matcher is still in use:
        the first texts after a reload are then not kept waiting."""
        for name, met in tuple(previous._vocabularies.items()):
            if name.startswith("*"):
                vocabulary = self._first_look(tuple(name[1:].split()))
            elif name.startswith("?"):
                vocabulary = self._unknown(tuple(name[1:].split()))
            else:
                own, *quoted = name.split(" ")
                vocabulary = self._vocabulary(own, tuple(quoted))
            vocabulary.bind(met.commonest(WARM_CHUNKS))

    def _first_look(self, heavy: tuple[str, ...]) -> Vocabulary:
        """The vocabulary of pages whose language is not known yet: forms of every language count; of those
        with large dictionaries only the ``heavy`` ones that the page may be in."""
        return self._of_several("*", heavy, LANGUAGES)

    def _unknown(self, heavy: tuple[str, ...]) -> Vocabulary:
        """The vocabulary of texts of unknown language: the forms that their script may have."""
        return self._of_several("?", heavy, _OF_SCRIPTS)

    def _of_several(self, kind: str, heavy: tuple[str, ...], languages: tuple[str, ...]) -> Vocabulary:
        name = kind + " ".join(heavy)
        found = self._vocabularies.get(name)
        if found is None or self._full(found):
            own = tuple(each for each in languages if each not in HEAVY or each in heavy)
            found = self._vocabularies[name] = self._fresh(own, heavy, found)
        return found

    def _fresh(
        self, languages: tuple[str, ...] | None, heavy: tuple[str, ...], full: Vocabulary | None
    ) -> Vocabulary:
        """A vocabulary that has met nothing yet; what the one that is ``full`` found to be no word of any
        query it need not find out again."""
        needs = [each.need for each in self.book.topics]
        anchors = {number: each.anchor for number, each in enumerate(self.book.topics) if any(each.anchor)}
        sure = {number for number, each in enumerate(self.book.topics) if each.sure}
        plain = full.satisfying_nothing() if full else frozenset()
        unlikely = self._heavy.difference(heavy, languages or ())
        return Vocabulary(self.book.lexicon, languages, needs, anchors, sure, unlikely=unlikely, plain=plain)

    def _plan(self, number: int, vocabulary: Vocabulary) -> Plan:
        plan = vocabulary.plans.get(number)
        if plan is None:
            tree = self.book.tree(number)
            words = [node for node in walk(tree) if isinstance(node, Word)]
            accepted = {id(word): vocabulary.surfaces(word) for word in words}
            plan = Plan(tree, quick(tree, accepted), accepted)
            vocabulary.plans[number] = plan
        return plan


@lru_cache(maxsize=256)
def _primary(language: str) -> str:
    """``be`` of ``be-tarask``."""
    return language.casefold().replace("_", "-").partition("-")[0]
