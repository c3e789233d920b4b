"""The read that a decision rests on, and the check that it still holds when the decision is written."""

from __future__ import annotations

from collections.abc import Sequence

from sqlalchemy import ColumnElement, Connection, bindparam, exists, func, or_, select

from monitor.core.story.assign import could_matter, story_id
from monitor.core.story.novelty import deciding
from monitor.core.story.place import is_unchanged, needs_candidates, same_article
from monitor.errors import Conflict
from monitor.model import Article, Match, Neighbour, Placed, Related, Snapshot, SnapshotQuery
from monitor.store.queries.articles import find_article, find_matches
from monitor.store.queries.candidates import (
    find_around,
    hashes_asked,
    load_candidates,
)
from monitor.store.queries.counts import find_counts
from monitor.store.queries.exact_matches import find_neighbours, has_key
from monitor.store.tables.schema import fingerprint_keys, placements
from monitor.store.tables.stories import print_anchors, prints, story_facts, story_terms

MOST_SINCE = 50
"""When more articles than that were stored since, it is quicker to decide anew than to compare them."""


def find_snapshot(connection: Connection, query: SnapshotQuery) -> Snapshot:
    """All that is stored and bears on an article, as one read sees it.

    Candidates are looked up only for a text of its own: a further reading of a stored article and an exact
    copy are placed by their keys.
    """
    # First: what another commit writes while the rest is read must count as written since.
    newest = _newest(connection)
    article, features = query.article, query.features
    neighbours = find_neighbours(connection, article.fingerprint, query.headline_since)
    same = same_article(article, neighbours)
    if same is not None and is_unchanged(article, same):
        return Snapshot(neighbours=neighbours, newest=newest)
    if needs_candidates(article, neighbours):
        surroundings = find_around(connection, article, features, query.stories)
    else:
        counts, articles = find_counts(connection, features.terms)
        surroundings = Related(counts=counts, articles=articles)
    before, already = _former(connection, same)
    stories = sorted({item.story_id for item in surroundings.related} | ({same.story_id} if same else set()))
    return Snapshot(
        neighbours=neighbours,
        surroundings=surroundings,
        known=known_facts(connection, stories, deciding(features.facts)),
        before=before,
        already=already,
        stories=query.stories,
        newest=newest,
    )


def check_basis(connection: Connection, placed: Placed) -> None:
    """Raise ``Conflict`` when the decision could be another one by now. Nothing is placed again.

    It could be when an article was stored since that shares a key or an anchor, or rare terms enough to
    matter, or that belongs to a story of the decision; or when an article that the decision rests on moved
    to another story.
    """
    newest = _newest(connection)
    if newest != placed.basis.newest and _meets(connection, placed):
        raise Conflict(
            f"article {placed.article.id} ({placed.article.url}): an article like it was stored meanwhile; "
            "decide again"
        )
    if _moved(connection, placed):
        raise Conflict(f"article {placed.article.id}: its story changed meanwhile; decide again")


def known_facts(
    connection: Connection, story_ids: list[str], keys: tuple[str, ...]
) -> dict[str, frozenset[str]]:
    """Story id → those of the facts that the story knows."""
    if not (story_ids and keys):
        return {}
    found: dict[str, set[str]] = {}
    for row in connection.execute(_KNOWN, {"stories": story_ids, "facts": keys}).all():
        found.setdefault(row.story_id, set()).add(row.fact)
    return {story: frozenset(facts) for story, facts in found.items()}


_KNOWN = select(story_facts.c.story_id, story_facts.c.fact).where(
    story_facts.c.story_id.in_(bindparam("stories", expanding=True)),
    story_facts.c.fact.in_(bindparam("facts", expanding=True)),
)


def _former(connection: Connection, same: Neighbour | None) -> tuple[Article | None, tuple[Match, ...]]:
    if same is None:
        return None, ()
    return find_article(connection, same.article_id), find_matches(connection, same.article_id)


def _newest(connection: Connection) -> int:
    return connection.execute(_NEWEST).scalar_one() or 0


_NEWEST = select(func.max(prints.c.number))


def _meets(connection: Connection, placed: Placed) -> bool:
    """Whether anything stored since the snapshot would have been part of it."""
    article, basis, features = placed.article, placed.basis, placed.features
    conditions = [_shares_key(article, basis.newest)]
    compared = needs_candidates(article, basis.neighbours)
    if compared:
        anchor = print_anchors.c
        shared = anchor.anchor.in_(features.print.anchors)
        conditions.append(exists().where(shared, anchor.number > basis.newest))
    grown = {*placed.placement.told_in} - {story_id(article.id)}
    if grown:
        own = placements.c.article_id == prints.c.article_id
        newer = prints.c.number > basis.newest
        conditions.append(exists().where(newer, own, placements.c.story_id.in_(sorted(grown))))
    if connection.execute(select(or_(*conditions))).scalar_one():
        return True
    return compared and _alike_since(connection, placed)


def _alike_since(connection: Connection, placed: Placed) -> bool:
    """Whether an article stored since shares rare terms, and enough of them to matter.

    In a young archive every term is rare: to share one is not yet a reason to decide anew.
    """
    basis, features = placed.basis, placed.features
    term = story_terms.c
    numbers = connection.execute(
        select(term.number)
        .where(term.term.in_(hashes_asked(features.terms, basis.surroundings)), term.number > basis.newest)
        .distinct()
        .limit(MOST_SINCE + 1)
    ).scalars()
    since = set(numbers)
    if len(since) > MOST_SINCE:
        return True
    found = [*load_candidates(connection, since).values()]
    return could_matter(placed.article, features, found, basis.surroundings, basis.stories)


def _shares_key(article: Article, newest: int) -> ColumnElement[bool]:
    own = fingerprint_keys.c.article_id == prints.c.article_id
    return exists().where(prints.c.number > newest, own, has_key(article.fingerprint))


def _moved(connection: Connection, placed: Placed) -> bool:
    """Whether an article that the decision rests on is in another story now: parted or joined by hand."""
    placement, basis = placed.placement, placed.basis
    stories = {placement.story_id, *placement.merges, placement.follows} - {story_id(placed.article.id)}
    seen = {item.article_id: item.story_id for item in basis.neighbours}
    seen |= {
        item.article_id: item.story_id
        for item in (*basis.surroundings.copies, *basis.surroundings.related)
        if item.story_id in stories
    }
    if not seen:
        return False
    return stories_in(connection, sorted(seen)) != seen


def stories_in(connection: Connection, article_ids: Sequence[str]) -> dict[str, str]:
    """Article id → the story that it is in; at most as many as one statement takes."""
    rows = connection.execute(_STORIES_IN, {"ids": article_ids}).all()
    return {article_id: story for article_id, story in rows}  # noqa: C416 - rows are no pairs to mypy


_STORIES_IN = select(placements.c.article_id, placements.c.story_id).where(
    placements.c.article_id.in_(bindparam("ids", expanding=True))
)
