"""What stands around an article: stored texts that share a passage, stored articles that share rare terms.

Both are look-ups of some dozen numbers in an index, each cut after a few of the newest rows: what they
cost does not grow with what is stored.
"""

from __future__ import annotations

import math
from collections import Counter
from collections.abc import Iterable, Mapping, Sequence
from datetime import datetime, timedelta
from functools import lru_cache

from sqlalchemy import Connection, TextClause, select, text

from monitor.core.story.pairs.features import term_hash
from monitor.core.story.pairs.rarity import weight_of
from monitor.model import Article, Candidate, Features, Print, Related, StorySettings, Term
from monitor.store.tables.schema import placements
from monitor.store.tables.stories import prints, term_counts

MOST_COPIES = 12
MOST_KIN = 24
ROWS_PER_ANCHOR = 16
ROWS_PER_TERM = 48
OWN_ASKED, NEUTRAL_ASKED, INTERNATIONAL_ASKED = 12, 16, 12
AFTER_ALL = 2**62
"""A number that no article reaches: nothing stored is so new."""
_ALL = "=articles"


def find_around(
    connection: Connection, article: Article, marks: Features, settings: StorySettings
) -> Related:
    """The article's surroundings, as one read sees them."""
    counts, articles = find_counts(connection, marks.terms)
    remembered = _first_since(connection, article.seen_at - timedelta(days=settings.copy_days))
    # A story that closed lately is looked at too: a new one may go on from it.
    lately = _first_since(connection, article.seen_at - 3 * settings.window)
    copies = _copy_numbers(connection, marks.print.anchors, remembered)
    related = _related_numbers(connection, marks.terms, counts, articles, lately)
    loaded = load_candidates(connection, {*copies, *related})
    return Related(
        copies=tuple(loaded[number] for number in copies if number in loaded),
        related=tuple(loaded[number] for number in related if number in loaded),
        counts=counts,
        articles=articles,
    )


UNCOUNTED = "g"
"""Kinds of terms that are so many that counting them costs more than it tells."""
ALL_ARTICLES = term_hash(_ALL)


def asked_terms(terms: Iterable[Term], counts: Mapping[str, int], articles: int) -> list[tuple[str, float]]:
    """The terms that an article is found by, with their weights: the rarest, headline and start first."""
    weight = weight_of(counts, articles)
    weighted = [
        (term.key, weight(term.key) * (1.0 + 0.5 * term.place))
        for term in terms
        if term.place or term.key[0] != "g"
    ]
    by_weight = sorted(weighted, key=lambda each: (-each[1], each[0]))
    own = [each for each in by_weight if each[0][0] == "w"]
    neutral = [each for each in by_weight if each[0][0] in "aecn"]
    # What two languages share is often but a few international words of the first sentences.
    international = [each for each in by_weight if each[0][0] == "g"]
    return [*own[:OWN_ASKED], *neutral[:NEUTRAL_ASKED], *international[:INTERNATIONAL_ASKED]]


def find_counts(connection: Connection, terms: Sequence[Term]) -> tuple[dict[str, int], int]:
    """In how many articles each of the terms occurred, and how many there are."""
    numbers = {term_hash(term.key): term.key for term in terms if term.key[0] not in UNCOUNTED}
    wanted = [*numbers, ALL_ARTICLES]
    rows = dict(
        connection.execute(
            select(term_counts.c.term, term_counts.c.articles).where(term_counts.c.term.in_(wanted))
        ).all()
    )
    articles = rows.pop(ALL_ARTICLES, 0)
    return {numbers[number]: count for number, count in rows.items()}, articles


def _first_since(connection: Connection, since: datetime) -> int:
    statement = select(prints.c.number).where(prints.c.seen_at >= since).order_by(prints.c.seen_at).limit(1)
    found: int | None = connection.execute(statement).scalar_one_or_none()
    return AFTER_ALL if found is None else found


def _copy_numbers(connection: Connection, anchors: Sequence[int], since: int) -> list[int]:
    rows = _newest_rows(connection, ("print_anchors", "anchor"), anchors, since, ROWS_PER_ANCHOR)
    held = Counter(number for _, number in rows)
    return [number for number, _ in sorted(held.items(), key=lambda each: (-each[1], each[0]))[:MOST_COPIES]]


def _related_numbers(
    connection: Connection, terms: Sequence[Term], counts: Mapping[str, int], articles: int, since: int
) -> list[int]:
    asked = {term_hash(key): weight for key, weight in asked_terms(terms, counts, articles)}
    scores: dict[int, float] = {}
    for term, number in _newest_rows(connection, ("story_terms", "term"), list(asked), since, ROWS_PER_TERM):
        scores[number] = scores.get(number, 0.0) + asked[term]
    ranked = sorted(scores.items(), key=lambda each: (-each[1], -each[0]))
    return [number for number, score in ranked[:MOST_KIN] if math.isfinite(score)]


def _newest_rows(
    connection: Connection, name: tuple[str, str], values: Sequence[int], since: int, limit: int
) -> list[tuple[int, int]]:
    """(value, number) of the newest ``limit`` rows of each value: one statement, a short scan each.

    ``name``: table and column.
    """
    if not values:
        return []
    wanted = {f"v{at}": value for at, value in enumerate(values)}
    rows = connection.execute(_newest(*name, len(values)), {**wanted, "since": since, "most": limit})
    return [(row[0], row[1]) for row in rows]


@lru_cache(maxsize=512)
def _newest(table: str, column: str, values: int) -> TextClause:
    # An IN clause could not end each value's scan early.
    one = (
        "SELECT * FROM (SELECT {column}, number FROM {table} "
        "WHERE {column} = :v{at} AND number >= :since ORDER BY number DESC LIMIT :most) p{at}"
    )
    return text(" UNION ALL ".join(one.format(table=table, column=column, at=at) for at in range(values)))


def load_candidates(connection: Connection, numbers: set[int]) -> dict[int, Candidate]:
    """Stored articles by number, as they are compared with another one."""
    if not numbers:
        return {}
    statement = (
        select(prints, placements.c.story_id, placements.c.source_id, placements.c.copy_of)
        .join(placements, placements.c.article_id == prints.c.article_id)
        .where(prints.c.number.in_(numbers))
    )
    return {
        row["number"]: Candidate(
            number=row["number"],
            article_id=row["article_id"],
            story_id=row["story_id"],
            source_id=row["source_id"],
            title=row["title"],
            language=row["language"],
            seen_at=row["seen_at"],
            copy_of=row["copy_of"],
            print=Print(words=row["words"], anchors=(), sketch=row["sketch"]),
            profile=row["profile"],
            lead=row["lead"],
            vector=row["vector"],
        )
        for row in connection.execute(statement).mappings()
    }
