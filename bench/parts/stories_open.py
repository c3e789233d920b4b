"""A database with many open stories, built in bulk, and articles to place into it.

Words and names are drawn by Zipf's law: few are in every text, most in hardly any. What is stored has the
same terms as if each article had been read, counted over all of them.
"""

from __future__ import annotations

import random
from collections import Counter
from collections.abc import Iterator
from dataclasses import dataclass
from datetime import datetime, timedelta
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
    hour_ago = now - timedelta(hours=1)
    moment = int(hour_ago.timestamp() * 1e6) if database.is_sqlite else hour_ago
    chance = random.Random(size)
    weight = weight_of({}, 0)
    with database.write() as connection:
        raw: Any = connection.connection.cursor()
        rows: dict[str, list[tuple[Any, ...]]] = {"prints": [], "placements": []}
        for number, each in enumerate(drawn(size, seed=size), 1):
            terms = _terms(each)
            counts.update(term_hash(term.key) for term in terms)
            index += [(term_hash(key), number) for key, _ in asked_terms(terms, {}, 0)]
            rows["prints"].append(
                (
                    number,
                    f"a{number}",
                    moment,
                    each.headline(),
                    "en",
                    300,
                    b"",
                    b"",
                    profile_of(terms, weight),
                    b"",
                    b"",
                )
            )
            rows["placements"].append((f"a{number}", f"sa{number}", "o", 1, "", "", "", "", moment))
        rows["print_anchors"] = sorted(
            (chance.getrandbits(63), number) for number in range(1, size + 1) for _ in range(ANCHORS)
        )
        rows["story_terms"] = sorted(set(index))
        rows["term_counts"] = sorted(counts.items())
        for table, columns in _COLUMNS.items():
            _insert(raw, table, columns, rows[table], sqlite=database.is_sqlite)
        if not database.is_sqlite:
            raw.execute("SELECT setval(pg_get_serial_sequence('prints', 'number'), %s)", (size,))
        connection.execute(sql("ANALYZE"))
    database.engine.dispose()


_COLUMNS = {
    "prints": "number article_id seen_at title language words anchors sketch profile lead vector",
    "placements": "article_id story_id source_id version url_key text_key headline_key guid_key seen_at",
    "print_anchors": "anchor number",
    "story_terms": "term number",
    "term_counts": "term articles",
}


def _insert(raw: Any, table: str, columns: str, rows: list[tuple[Any, ...]], *, sqlite: bool) -> None:
    names = columns.split()
    if sqlite:
        places = ", ".join("?" * len(names))
        raw.executemany(f"INSERT INTO {table} ({', '.join(names)}) VALUES ({places})", rows)  # noqa: S608
        return
    with raw.copy(f"COPY {table} ({', '.join(names)}) FROM STDIN") as copy:
        for row in rows:
            copy.write_row(row)


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
