"""Where an article belongs: new, a revision, a copy, or already known; and in which story."""

from __future__ import annotations

from collections.abc import Sequence

from monitor.model import Article, Neighbour, Placement


def story_id(article_id: str) -> str:
    """A story is named after the article that opens it, so a repeated job repeats the name."""
    return f"s{article_id}"


def place(article: Article, neighbours: Sequence[Neighbour]) -> Placement:
    """Compare an article with stored neighbours that share a key with it.

    The same address, or the same identifier of the same source with an unchanged text or headline,
    is the same article: ``known`` when nothing changed, else a ``revision``. The same text or the
    same headline and lead elsewhere is a ``copy`` of the earliest such article. Everything else
    opens a story.
    """
    same = _same_article(article, neighbours)
    if same is not None:
        if _unchanged(article, same):
            return Placement(
                verdict="known",
                article_id=same.article_id,
                story_id=same.story_id,
                copy_of=same.copy_of,
                reason="same article, nothing changed",
            )
        return Placement(
            verdict="revision",
            article_id=same.article_id,
            story_id=same.story_id,
            copy_of=same.copy_of,
            reason="same article, its text or headline changed",
        )
    copies = [item for item in neighbours if item.shared & {"text", "headline"}]
    if copies:
        first = min(copies, key=_age)
        shared = "text" if "text" in first.shared else "headline and lead"
        return Placement(
            verdict="copy",
            article_id=article.id,
            story_id=first.story_id,
            copy_of=first.copy_of or first.article_id,
            reason=f"same {shared} as {first.article_id}",
        )
    return Placement(
        verdict="new",
        article_id=article.id,
        story_id=story_id(article.id),
        reason="no stored article shares its address, text or headline",
    )


def _same_article(article: Article, neighbours: Sequence[Neighbour]) -> Neighbour | None:
    by_url = [item for item in neighbours if "url" in item.shared]
    # A repeated identifier alone proves nothing: some outlets give every entry the same one.
    by_guid = [
        item
        for item in neighbours
        if "guid" in item.shared
        and item.source_id == article.source_id
        and item.shared & {"text", "headline"}
    ]
    found = by_url or by_guid
    return min(found, key=_age) if found else None


def _unchanged(article: Article, stored: Neighbour) -> bool:
    mine = article.fingerprint
    if not (mine.text_key or mine.headline_key):
        return True  # a stub never overwrites what was read before
    return (mine.text_key, mine.headline_key) == (stored.text_key, stored.headline_key)


def _age(item: Neighbour) -> tuple[object, str]:
    return (item.seen_at, item.article_id)
