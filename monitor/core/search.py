"""The archive searched by the query language: the index gives candidates, the matcher decides.

Of a word the index is asked for its first letters, since it knows no forms; of NEAR and phrases for
their words; of filters, NOT and stars at a word's beginning for nothing. What the index is not asked for
the matcher still checks.
"""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from dataclasses import dataclass

from monitor.core.match import match_text
from monitor.core.query.acronyms import base_of
from monitor.core.query.engine.matcher import Matcher
from monitor.core.query.forms.belarusian.orthography import official
from monitor.core.query.forms.diacritics import unmarked
from monitor.core.query.syntax.tree import (
    FILTER_FIELDS,
    And,
    AtLeast,
    Except,
    Field,
    First,
    Near,
    Node,
    Or,
    Phrase,
    Score,
    Sentence,
    Word,
)
from monitor.core.query.tokens import fold, script
from monitor.core.rulebook import Rulebook, alone
from monitor.model import Article, Topic
from monitor.model.search import Wanted

FIRST_LETTERS = 3
_STRESS = (str.maketrans("ое", "ая"), str.maketrans("ая", "ое"))
"""So many letters of an inflected word the index is asked for; its endings differ."""
MOST_WORDS = 300
"""Words and beginnings that one search asks the index for; a query of more looks at every article."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Found:
    """What a search found, newest first. ``whole``: all candidates were looked at."""

    articles: tuple[Article, ...]
    looked_at: int
    whole: bool


def prepared(
    query: str, rulebook: Rulebook, languages: tuple[str, ...] = ()
) -> tuple[Wanted | None, Matcher]:
    """What to ask the index for (None: every article), and the matcher that decides. Raises QueryError.

    ``languages``: whose forms bare words have; none: the article's.
    """
    matcher = alone(Topic(id="search", query=query, languages=languages), rulebook)
    wanted = candidates(matcher.book.tree(0))
    return (None if wanted is not None and _size(wanted) > MOST_WORDS else wanted), matcher


def pick(articles: Iterable[Article], matcher: Matcher, *, limit: int, most: int) -> Found:
    """The first ``limit`` articles that match, among the first ``most``."""
    found: list[Article] = []
    looked_at = 0
    for article in articles:
        if len(found) >= limit:
            break
        if looked_at >= most:
            return Found(articles=tuple(found), looked_at=looked_at, whole=False)
        looked_at += 1
        if matcher.matching(match_text(article)):
            found.append(article)
    return Found(articles=tuple(found), looked_at=looked_at, whole=True)


def candidates(node: Node) -> Wanted | None:  # noqa: PLR0911 - one arm for each kind of node
    """What the index is asked for to find the articles of an expanded tree; None: it cannot tell."""
    match node:
        case Word():
            return _word(node)
        case Phrase(words=words):
            return _all([_word(word) for word in words])
        case And(parts=parts):
            return _all([candidates(part) for part in parts])
        case Or(parts=parts):
            return _any([candidates(part) for part in parts])
        case Near(left=left, right=right, negated=negated):
            return candidates(left) if negated else _all([candidates(left), candidates(right)])
        case Field(name=name) if name in FILTER_FIELDS or name == "author":
            return None
        case Field(part=part) | AtLeast(part=part) | Except(part=part):
            return candidates(part)
        case First(part=part) | Sentence(part=part):
            return candidates(part)
        case Score(parts=parts):
            return _any([candidates(part) for part, weight in parts if weight > 0])
        case _:
            return None


def _word(word: Word) -> Wanted | None:
    folded = fold(word.text).partition("'")[0]
    if word.mode in {"suffix", "infix"} or not folded[:1].isalnum():
        return None
    if word.mode == "prefix":
        return Wanted(kind="prefix", words=(folded,))
    if word.mode == "capitals":
        folded = fold(base_of(word.text) or word.text)
        spelled = Wanted(kind="phrase", words=tuple(folded))
        return Wanted(kind="any", parts=(Wanted(kind="prefix", words=(folded,)), spelled))
    if word.mode != "forms" or folded.isdigit():
        return Wanted(kind="word", words=(folded,))
    ways = dict.fromkeys(_beginnings(folded))
    parts = tuple(Wanted(kind="prefix", words=(way,)) for way in ways)
    return parts[0] if len(parts) == 1 else Wanted(kind="any", parts=parts)


def _beginnings(folded: str) -> Sequence[str]:
    """How the forms of a word may begin in the index, which folds nothing but case."""
    length = min(FIRST_LETTERS, max(1, len(folded) - 1))
    found = [folded[:length], *(way[:length] for way in unmarked(folded))]
    if script(folded) == "cyrillic":
        found.append(official(folded)[:length])
        if folded[0] in "ув":  # урад, ўрад; вбивство, убивство
            found += [f"{first}{folded[1:length]}" for first in "уўв"]
        if folded[0] in "зснц":
            found.append(f"{folded[0]}ь{folded[1 : length - 1]}")
        found += [each.replace("е", "э") for each in found if "е" in each]
        found += [each.replace("і", "ы") for each in found if "і" in each]
        # Belarusian vowels that change with the stress: год, гады; вайна, войны.
        found += [each.translate(change) for change in _STRESS for each in tuple(found)]
        found += [each.replace("е", "ё") for each in found if "е" in each]
    elif "ا" <= folded[0] <= "ي":
        found += [f"{article}{folded[:length]}" for article in ("ال", "وال", "بال", "و")]
    return found


def _all(parts: Sequence[Wanted | None]) -> Wanted | None:
    parts_required = tuple(dict.fromkeys(part for part in parts if part is not None))
    return (
        parts_required[0]
        if len(parts_required) == 1
        else Wanted(kind="all", parts=parts_required)
        if parts_required
        else None
    )


def _any(parts: Sequence[Wanted | None]) -> Wanted | None:
    parts_required = tuple(dict.fromkeys(part for part in parts if part is not None))
    if not parts_required or None in parts:
        return None
    return parts_required[0] if len(parts_required) == 1 else Wanted(kind="any", parts=parts_required)


def _size(wanted: Wanted) -> int:
    return len(wanted.words) + sum(map(_size, wanted.parts))
