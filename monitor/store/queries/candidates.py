"""What stands around an article: stored texts that share a passage, stored articles that share rare terms.

Both are look-ups of some dozen numbers in an index, each cut after a few of the newest rows: what they
cost does not grow with what is stored.
"""

from __future__ import annotations

import math
from collections import Counter
from collections.abc import Collection, Iterable, Mapping, Sequence
from datetime import timedelta
from functools import lru_cache

from sqlalchemy import Connection, ScalarSelect, TextClause, bindparam, case, select, text

from monitor.core.story.pairs.features import packed, term_hash
from monitor.core.story.pairs.rarity import weight_of
from monitor.model import Article, Candidate, Features, Print, Related, StorySettings, Term
from monitor.store.queries.counts import find_counts
from monitor.store.tables.schema import articles, placements
from monitor.store.tables.stories import prints

MOST_COPIES = 12
MOST_KIN = 24
MOST_READ = 8
"""Of those that share terms: so many are compared word for word."""
ROWS_PER_ANCHOR = 16
ROWS_PER_TERM = 48
SCANS = 16
"""Values are looked up by multiples of so many: each connection keeps each size's statement, up to 100 kB."""
OWN_ASKED, NEUTRAL_ASKED, INTERNATIONAL_ASKED = 8, 30, 20
AFTER_ALL = 2**62
"""A number that no article reaches: nothing stored is so new."""


def find_around(
    connection: Connection, article: Article, features: Features, settings: StorySettings
) -> Related:
    """The article's surroundings, as one read sees them."""
    counts, articles = find_counts(connection, features.terms)
    since = {
        "remembered": article.seen_at - timedelta(days=settings.copy_days),
        "lately": article.seen_at - settings.lately,
    }
    first = connection.execute(_FIRST_SINCE, since).one()
    remembered, lately = (AFTER_ALL if number is None else number for number in first)
    copies = _copy_numbers(connection, features.print.anchors, remembered)
    rarities = weight_of(counts, articles).of([term.key for term in features.terms])
    asked = {term_hash(key): weight for key, weight in _rarest(features.terms, rarities.tolist())}
    related = _related_numbers(connection, asked, lately)
    loaded = load_candidates(connection, {*copies, *related}, read={*copies, *related[:MOST_READ]})
    return Related(
        copies=tuple(loaded[number] for number in copies if number in loaded),
        related=tuple(loaded[number] for number in related if number in loaded),
        counts=counts,
        articles=articles,
        profile=packed(features.terms, rarities),
        asked=tuple(asked),
    )


def asked_terms(terms: Iterable[Term], counts: Mapping[str, int], articles: int) -> list[tuple[str, float]]:
    """The terms that an article is found by, with their weights: the rarest, headline and start first."""
    found = list(terms)
    return _rarest(found, weight_of(counts, articles).of([term.key for term in found]).tolist())


def _rarest(terms: Sequence[Term], rarities: Sequence[float]) -> list[tuple[str, float]]:
    weighted = [
        (term.key, rarity * (1.0 + 0.5 * term.place))
        for term, rarity in zip(terms, rarities, strict=True)
        if term.place or term.key[0] != "g"
    ]
    by_weight = sorted(weighted, key=lambda each: (-each[1], each[0]))
    own = [each for each in by_weight if each[0][0] == "w"]
    neutral = [each for each in by_weight if each[0][0] in "aecn"]
    # What two languages share is often but a few international words of the first sentences.
    international = [each for each in by_weight if each[0][0] == "g"]
    return [*own[:OWN_ASKED], *neutral[:NEUTRAL_ASKED], *international[:INTERNATIONAL_ASKED]]


def _first_number(since: str) -> ScalarSelect[int]:
    newer = select(prints.c.number).where(prints.c.seen_at >= bindparam(since))
    return newer.order_by(prints.c.seen_at).limit(1).scalar_subquery()


_FIRST_SINCE = select(_first_number("remembered"), _first_number("lately"))


def _copy_numbers(connection: Connection, anchors: Sequence[int], since: int) -> list[int]:
    rows = _newest_rows(connection, ("print_anchors", "anchor"), anchors, since, ROWS_PER_ANCHOR)
    held = Counter(number for _, number in rows)
    return [number for number, _ in sorted(held.items(), key=lambda each: (-each[1], each[0]))[:MOST_COPIES]]


def _related_numbers(connection: Connection, asked: Mapping[int, float], since: int) -> list[int]:
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
    scans = -(-len(values) // SCANS) * SCANS
    wanted = {f"v{at}": values[at] if at < len(values) else None for at in range(scans)}
    rows = connection.execute(_newest(*name, scans), {**wanted, "since": since, "most": limit})
    return [(row[0], row[1]) for row in rows.all()]


@lru_cache(maxsize=32)
def _newest(table: str, column: str, values: int) -> TextClause:
    # An IN clause could not end each value's scan early.
    one = (
        "SELECT * FROM (SELECT {column}, number FROM {table} "
        "WHERE {column} = :v{at} AND number >= :since ORDER BY number DESC LIMIT :most) p{at}"
    )
    return text(" UNION ALL ".join(one.format(table=table, column=column, at=at) for at in range(values)))


def load_candidates(
    connection: Connection, numbers: set[int], *, read: Collection[int] = ()
) -> dict[int, Candidate]:
    """Stored articles by number, as they are compared; those in ``read`` with their texts."""
    if not numbers:
        return {}
    return {
        number: Candidate(
            number=number,
            article_id=article_id,
            story_id=story_id,
            source_id=source_id,
            title=title,
            language=language,
            seen_at=seen_at,
            copy_of=copy_of,
            print=Print(words=words, anchors=(), sketch=sketch),
            profile=profile,
            lead=lead,
            vector=vector,
            text=whole or "",
        )
        for (
            number, article_id, story_id, source_id, title, language, seen_at, copy_of, words, sketch,
            profile, lead, vector, whole,
        ) in connection.execute(_CANDIDATES, {"numbers": sorted(numbers), "read": sorted(read)})
    }  # fmt: skip


_stored, _placed = prints.c, placements.c
_CANDIDATES = (
    select(
        _stored.number, _stored.article_id, _placed.story_id, _placed.source_id, _stored.title,
        _stored.language, _stored.seen_at, _placed.copy_of, _stored.words, _stored.sketch, _stored.profile,
        _stored.lead, _stored.vector,
        case((_stored.number.in_(bindparam("read", expanding=True)), articles.c.text)),
    )
    .join(placements, _placed.article_id == _stored.article_id)
    .outerjoin(articles, articles.c.id == _stored.article_id)
    .where(_stored.number.in_(bindparam("numbers", expanding=True)))
)  # fmt: skip


def hashes_asked(terms: Sequence[Term], surroundings: Related) -> Sequence[int]:
    """The hashes of the terms that an article is found by."""
    return surroundings.asked or [
        term_hash(key) for key, _ in asked_terms(terms, surroundings.counts, surroundings.articles)
    ]
