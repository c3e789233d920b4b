"""A database with many open stories, built in bulk, and articles to place into it.

Words and names are drawn by Zipf's law: few are in every text, most in hardly any. What is stored has the
same terms as if each article had been read, counted over all of them.
"""

from __future__ import annotations

import random
from collections import Counter
from collections.abc import Iterator
from dataclasses import dataclass
from datetime import datetime
from typing import Any

import numpy as np
from sqlalchemy import text as sql

from monitor.core.query.forms.stems import phonetic_key, stem_of
from monitor.core.story.pairs.features import profile_of, term_hash
from monitor.core.story.pairs.rarity import weight_of
from monitor.model import Term
from monitor.store.database import open_database
from monitor.store.queries.candidates import asked_terms
from monitor.store.queries.counts import ALL_ARTICLES

WORDS, NAMES = 60_000, 40_000
LONG, NAMED, TITLED = 300, 15, 8
"""Words of a text, names in it, words of its headline."""
ANCHORS = 14
_SYLLABLES = [consonant + vowel for consonant in "bdfgklmnprstvz" for vowel in "aeiou"]
_BATCH = 5_000


def word(rank: int) -> str:
    """A word that can be said; no two ranks give the same."""
    found = ""
    while rank or len(found) < 4:
        rank, at = divmod(rank, len(_SYLLABLES))
        found += _SYLLABLES[at]
    return found


@dataclass(frozen=True, slots=True)
class Drawn:
    """One article's words and names by rank; the first ones are those of the headline."""

    words: list[int]
    names: list[int]
    number: int

    def headline(self) -> str:
        """As an outlet would print it."""
        return " ".join(
            [*(word(at) for at in self.words[:TITLED]), *(_name(at) for at in self.names[:2])]
        ).capitalize()

    def text(self) -> str:
        """Lower-case words with names among them, and a number."""
        words = [word(at) for at in self.words[TITLED:]]
        for at, name in enumerate(self.names[2:]):
            words.insert(3 + at * 20, _name(name))
        return " ".join([*words[:20], str(self.number), *words[20:]])


def drawn(count: int, seed: int) -> Iterator[Drawn]:
    """Articles, the same for the same seed."""
    dice = np.random.default_rng(seed)
    for start in range(0, count, _BATCH):
        size = min(_BATCH, count - start)
        words = np.exp(dice.random((size, LONG + TITLED)) * np.log(WORDS)).astype(int).tolist()
        # An article speaks of few names, and of those often.
        few = np.exp(dice.random((size, 6)) * np.log(NAMES)).astype(int)
        names = np.take_along_axis(few, dice.integers(0, 6, (size, NAMED)), 1).tolist()
        numbers = dice.integers(100, 10**6, size).tolist()
        yield from map(Drawn, words, names, numbers)


def fill(url: str, size: int, now: datetime) -> None:
    """Store ``size`` stories of one article each, as the service would, an hour before ``now``."""
    database = open_database(url)
    counts: Counter[int] = Counter({ALL_ARTICLES: size})
    index: list[tuple[int, int]] = []
    moment = int(now.timestamp() * 1e6) - 3_600_000_000
    chance = random.Random(size)
    weight = weight_of({}, 0)
    with database.write() as connection:
        raw: Any = connection.connection.cursor()
        for number, each in enumerate(drawn(size, seed=size), 1):
            terms = _terms(each)
            counts.update(term_hash(term.key) for term in terms)
            index += [(term_hash(key), number) for key, _ in asked_terms(terms, {}, 0)]
            raw.execute(
                "INSERT INTO prints (number, article_id, seen_at, title, language, words, anchors, sketch,"
                " profile, lead, vector) VALUES (?,?,?,?,'en',300,x'',x'',?,x'',x'')",
                (number, f"a{number}", moment, each.headline(), profile_of(terms, weight)),
            )
            raw.execute(
                "INSERT INTO placements (article_id, story_id, source_id, version, url_key, text_key,"
                " headline_key, guid_key, seen_at) VALUES (?,?,'o',1,'','','','',?)",
                (f"a{number}", f"sa{number}", moment),
            )
        anchors = sorted(
            (chance.getrandbits(63), number) for number in range(1, size + 1) for _ in range(ANCHORS)
        )
        raw.executemany("INSERT INTO print_anchors (anchor, number) VALUES (?,?)", anchors)
        raw.executemany("INSERT INTO story_terms (term, number) VALUES (?,?)", sorted(set(index)))
        raw.executemany("INSERT INTO term_counts (term, articles) VALUES (?,?)", sorted(counts.items()))
        connection.execute(sql("ANALYZE"))
    database.engine.dispose()


def _terms(each: Drawn) -> tuple[Term, ...]:
    """What ``terms_of`` finds in it, without writing and reading the text."""
    places: dict[str, int] = {f"n:{each.number}": 1}
    counts: Counter[str] = Counter(places)
    for kind, ranks, title, head in (("w", each.words, TITLED, 45), ("e", each.names, 2, 4)):
        for at, rank in enumerate(ranks):
            key = _key(kind, rank)
            counts[key] += 1
            places[key] = max(places.get(key, 0), 2 if at < title else 1 if at < head else 0)
    return tuple(Term(key=key, place=places[key], count=count) for key, count in counts.items())


def _name(rank: int) -> str:
    return word(rank).capitalize() + "nov"


_keys: dict[tuple[str, int], str] = {}


def _key(kind: str, rank: int) -> str:
    found = _keys.get((kind, rank))
    if found is None:
        found = (
            f"w:en:{stem_of(word(rank), 'en')}"
            if kind == "w"
            else f"e:{phonetic_key(_name(rank).lower(), 'en')}"
        )
        _keys[kind, rank] = found
    return found
