"""What an article speaks of, as terms that other articles on the same event will share.

Words by their stems serve within a language; numbers in digits or words, names by their consonants and by
their first letters, international words by their first consonants, and the concepts of a table serve across
languages. Weights come later, from how many articles hold a term (``core.story.pairs.rarity``).
"""

from __future__ import annotations

import re
from collections import Counter
from collections.abc import Iterator
from functools import lru_cache
from itertools import islice
from typing import Final

from monitor.core.query.forms.stems import international, name_start, phonetic_key, stem_of
from monitor.core.story.concepts import concept_of
from monitor.core.story.pairs.number_words import number_word
from monitor.model import Term

MOST_TERMS: Final = 600
HEAD_WORDS: Final = 50
"""Words of the text that count as its first sentences."""
MOST_TOKENS: Final = 1_500
_ELSEWHERE, _HEAD, _TITLE = 0, 1, 2

_TOKEN: Final = re.compile(r"\d+(?:[.,  ]\d{3})+(?!\d)|\d+(?:[.,:]\d+)*|[^\W\d_]+(?:[.'’ʼ][^\W\d_]+)*")
_GROUPED: Final = re.compile(r"\d{1,3}(?:[.,  ]\d{3})+")
_SHORTEST_WORD: Final = 2
_STARTS: Final = frozenset('.!?…:«»"“„”–—')


def terms_of(title: str, text: str, language: str | None) -> tuple[Term, ...]:
    """The article's terms, at most 400, each with its best place and its count."""
    places: dict[str, int] = {}
    counts: dict[str, int] = {}
    titled = is_title_case(title)
    tokens = tokens_of(text)
    # The best place comes first: a term's first one stays.
    for place, part in ((_TITLE, tokens_of(title)), (_HEAD, tokens[:HEAD_WORDS]),
                        (_ELSEWHERE, tokens[HEAD_WORDS:])):  # fmt: skip
        for (token, named, _), times in Counter(part).items():
            for key in _of(token, language, named, place == _TITLE and titled):
                count = counts.get(key)
                if count is not None:
                    counts[key] = count + times
                elif len(counts) < MOST_TERMS:
                    counts[key], places[key] = times, place
    return tuple(Term(key=key, place=places[key], count=count) for key, count in counts.items())


def keys_of_token(token: str, language: str | None, *, named: bool) -> tuple[str, ...]:
    """All keys of one word or number; ``named``: it is written as a name."""
    return _of(token, language, named, False)


@lru_cache(maxsize=8)
def tokens_of(part: str) -> tuple[tuple[str, bool, bool], ...]:
    """The words and numbers of a headline or text; whether each is written as a name: with a capital where
    none is due; and whether only a space parts it from the one before. At most 1,500."""
    # Terms, claims and facts of an article ask for the same parts one after the other.
    return first_tokens(part, MOST_TOKENS)


def first_tokens(part: str, most: int) -> tuple[tuple[str, bool, bool], ...]:
    """The same, at most so many."""
    found, end = [], -2
    for each in islice(_TOKEN.finditer(part), most):
        token, start = each[0], each.start()
        named = token[0].isupper() and _is_name(part, start)
        found.append((token, named, start == end + 1 and part[end] == " "))
        end = each.end()
    return tuple(found)


def words_in(part: str) -> list[str]:
    """The same without the rest: only the words and numbers."""
    return _TOKEN.findall(part)[:MOST_TOKENS]


@lru_cache(maxsize=16_000)
def _of(token: str, language: str | None, named: bool, titled: bool) -> tuple[str, ...]:
    """The keys of one word; ``titled``: it stands where every word has a capital."""
    return tuple(_keys_of(token, language, named=named, titled=titled))


def _keys_of(token: str, language: str | None, *, named: bool, titled: bool) -> Iterator[str]:
    if token[0].isdigit():
        yield f"n:{number_of(token)}"
        return
    word = token.casefold().replace("ё", "е").replace("’", "'").replace("ʼ", "'")
    if len(word) < _SHORTEST_WORD:
        return
    yield f"w:{language or ''}:{stem_of(word, language)}"
    concept = concept_of(word, language)
    value = number_word(word, language)
    if concept.isdigit():
        yield f"n:{concept}"
    elif value is not None:
        yield f"n:{value}"
    elif concept:
        yield f"c:{concept}"
    if named and (phonetic := phonetic_key(word, language)) and not (titled and concept):
        yield f"e:{phonetic}"
    if named and (start := name_start(word, language)):
        yield f"a:{start}"
    if sounds := international(word):
        yield f"g:{sounds}"


def number_of(token: str) -> str:
    """A number in digits: thousands joined, decimals after a point."""
    if _GROUPED.fullmatch(token):
        return re.sub(r"\D", "", token)
    return token.replace(",", ".").rstrip(".:")


def _is_name(part: str, start: int) -> bool:
    """Whether a capital at ``start`` stands where none is due."""
    before = part[max(0, start - 6) : start]
    return bool(before.strip()) and not _is_at_start(before)


def _is_at_start(before: str) -> bool:
    """Whether a sentence or a quotation begins behind these characters, also inside its brackets."""
    said = before.rstrip()
    if "\n" in before[len(said) :] or said[-1:] in _STARTS:
        return True
    if said[-1:] != "(":
        return False
    outside = said[:-1].rstrip()
    return "\n" in said[len(outside) :] or outside[-1:] in _STARTS


def is_title_case(title: str) -> bool:
    """Whether nearly every longer word of a headline has a capital, as English headlines may."""
    words = [word for word in title.split() if len(word) > 3 and word[0].isalpha()]  # noqa: PLR2004
    return len(words) > 2 and sum(word[0].isupper() for word in words) > 0.7 * len(words)  # noqa: PLR2004
