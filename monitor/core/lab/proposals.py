"""What 👎 marks teach: phrases to except and words to keep away from, with what each would cost."""

from __future__ import annotations

import re
from collections import Counter
from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass, replace

from monitor.core.match import match_text
from monitor.core.query.engine.matcher import Matcher
from monitor.core.query.syntax.parse import parse
from monitor.core.query.syntax.show import show
from monitor.core.rulebook import Rulebook
from monitor.model import Article, Span, Topic

CONTEXT = 6
"""Words on each side of a place that may explain why it was not meant."""
SHORTEST = 4
"""Letters of a word that is proposed; shorter ones are of every text."""
MOST = 60
"""Proposals that are measured."""
DISTANCE = 10
_WORD = re.compile(r"[^\W\d_]+(?:[-'’][^\W\d_]+)*")


@dataclass(frozen=True, slots=True, kw_only=True)
class Proposal:
    """A way to narrow a query: ``removed`` of the marked articles, ``lost`` of the others that match."""

    kind: str
    phrase: str
    query: str
    removed: int
    lost: int


def proposals(
    topic: Topic, marked: Sequence[Article], others: Sequence[Article], rulebook: Rulebook
) -> tuple[Proposal, ...]:
    """Ways to keep the marked articles out, best first: more of them removed, fewer others lost.

    ``others`` are articles that the topic matches and that nobody marked. Nothing is proposed that loses
    as large a share of them as it removes of the marked.
    """
    shared = rulebook.matcher.book.shared

    def build(topics: Sequence[Topic]) -> Matcher:
        return Matcher.build(topics, lists=shared.lists, people=shared.people, orgs=shared.orgs)

    alone = build([topic])
    phrases: Counter[tuple[str, str]] = Counter()
    for article in marked:
        phrases.update(set(_phrases(article, alone)))
    if not phrases:
        return ()
    query = show(parse(topic.query))
    tried = [
        (kind, phrase, _narrowed(query, kind, phrase))
        for (kind, phrase), _ in sorted(phrases.items(), key=lambda item: (-item[1], item[0]))[:MOST]
    ]
    matcher = build([replace(topic, id=f"={at}", query=text) for at, (_, _, text) in enumerate(tried)])
    left, kept = _matching(marked, matcher), _matching(others, matcher)
    found = [
        Proposal(
            kind=kind,
            phrase=phrase,
            query=text,
            removed=len(marked) - left[f"={at}"],
            lost=len(others) - kept[f"={at}"],
        )
        for at, (kind, phrase, text) in enumerate(tried)
    ]
    worth = [
        each
        for each in found
        if each.removed and each.lost * len(marked) < each.removed * max(1, len(others))
    ]
    return tuple(sorted(worth, key=lambda each: (-each.removed, each.lost, each.kind, each.phrase)))


def _narrowed(query: str, kind: str, phrase: str) -> str:
    return f'({query}) EXCEPT "{phrase}"' if kind == "EXCEPT" else f'({query}) AND NOT "{phrase}"'


def _matching(articles: Iterable[Article], matcher: Matcher) -> Counter[str]:
    counts: Counter[str] = Counter()
    for article in articles:
        counts.update(matcher.matching(match_text(article)))
    return counts


def _phrases(article: Article, matcher: Matcher) -> Iterator[tuple[str, str]]:
    """Phrases around the places by which an article matches, and words near them."""
    for match in matcher.match(match_text(article)):
        for span in match.spans:
            text = article.title if span.field == "title" else article.text if span.field == "body" else ""
            if text:
                yield from _around(text, span)


def _around(text: str, span: Span) -> Iterator[tuple[str, str]]:
    words = list(_WORD.finditer(text, max(0, span.start - 200), span.end + 200))
    inside = [at for at, word in enumerate(words) if word.end() > span.start and word.start() < span.end]
    if not inside:
        return
    first, last = inside[0], inside[-1]
    if first and _adjacent(text, words[first - 1].end(), words[first].start()):
        yield "EXCEPT", text[words[first - 1].start() : words[last].end()]
    if last + 1 < len(words) and _adjacent(text, words[last].end(), words[last + 1].start()):
        yield "EXCEPT", text[words[first].start() : words[last + 1].end()]
    for word in (*words[max(0, first - CONTEXT) : first], *words[last + 1 : last + 1 + CONTEXT]):
        if len(word[0]) >= SHORTEST:
            yield "NOT", word[0].casefold()


def _adjacent(text: str, end: int, start: int) -> bool:
    return text[end:start].isspace()
