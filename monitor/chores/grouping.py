"""Placing articles one after the other in a store, as the read job does, without topics and alerts."""

from __future__ import annotations

from collections.abc import Iterable

from monitor.core.story.embeddings import embedder
from monitor.core.story.features import features_of
from monitor.core.story.fingerprint import article_id, fingerprint, lead_of
from monitor.core.story.novelty import novelty_of
from monitor.core.story.place import opens, place
from monitor.model import Article, Extracted, Placed, Placement, StorySettings
from monitor.ports import Articles


def place_all(
    articles: Iterable[Article], store: Articles, settings: StorySettings
) -> dict[str, tuple[Placement, str]]:
    """Place articles in this order; article id → its placement and the story that it ends up in.

    Articles of one id are one article: the first placement is kept.
    """
    placed: dict[str, Placement] = {}
    for article in articles:
        placement = _place(article, store, settings)
        placed.setdefault(article.id, placement)
    belongs = store.stories_of(list(placed))
    return {name: (placement, belongs[name]) for name, placement in placed.items()}


def plain_article(found: Extracted, *, name: str, source: str, tier: str = "") -> Article:
    """An article from its words alone; ``name`` stands for the address of one that has none.

    It needs a date: without ``published`` raises ValueError.
    """
    if found.published is None:
        raise ValueError(f"{name}: an article needs a moment")
    lead = lead_of(found.text)
    keys = fingerprint(
        source_id=source,
        guid=name,
        canonical_url=found.canonical_url or f"text:{name}",
        title=found.title,
        lead=lead,
        text=found.text,
    )
    return Article(
        id=article_id(keys.url_key),
        entry_id=name,
        source_id=source,
        url=found.url,
        canonical_url=found.canonical_url,
        title=found.title,
        text=found.text,
        lead=lead,
        fingerprint=keys,
        seen_at=found.published,
        published=found.published,
        language=found.language,
        source_name=source,
        tier=tier,
    )


def _place(article: Article, store: Articles, settings: StorySettings) -> Placement:
    marks = features_of(article, embedder() if settings.semantic else None)
    since = article.seen_at - settings.window
    basis = store.neighbours(article.fingerprint, headline_since=since)
    around = store.around(article, marks, settings)
    placement = place(article, basis, marks=marks, around=around, settings=settings)
    known = store.known_facts(placement.told_in, [fact.key for fact in marks.facts])
    placed = Placed(
        article=article,
        placement=placement,
        matches=(),
        basis=basis,
        trace={"headline_since": since.isoformat()},
        marks=marks,
        around=around,
        news=novelty_of(marks.facts, known, opens=opens(placement), copy=placement.verdict == "copy"),
        stories=settings,
    )
    store.keep(placed, now=article.seen_at)
    return placement
