"""Placing articles one after the other in a store, as the read job does, without topics and alerts."""

from __future__ import annotations

from collections.abc import Iterable

from monitor.core.decide import analyse, decide, query_for
from monitor.core.query.engine.matcher import Matcher
from monitor.core.rulebook import Rulebook
from monitor.core.story.assign import compared_article
from monitor.core.story.embeddings import embedder
from monitor.core.story.features import features_of
from monitor.core.story.pairs.explain import PairExplanation, explain_pair
from monitor.core.story.pairs.score import odds_of
from monitor.core.text.fingerprint import article_id, fingerprint, lead_of
from monitor.model import AlertSettings, Article, Extracted, Placement, Related, Settings, StorySettings
from monitor.ports import Articles


def place_all(
    articles: Iterable[Article], store: Articles, settings: StorySettings
) -> dict[str, tuple[Placement, str]]:
    """Place articles in this order; article id → its placement and the story that it ends up in.

    Articles of one id are one article: the first placement is kept.
    """
    placed: dict[str, Placement] = {}
    rulebook = _rulebook(settings)
    for article in articles:
        placement = _place(article, store, rulebook)
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


def _rulebook(settings: StorySettings) -> Rulebook:
    """One without topics: nobody is to be told."""
    alerts = AlertSettings(same_headline_window=settings.window)
    return Rulebook(
        revision="", settings=Settings(stories=settings, alerts=alerts), matcher=Matcher.build(())
    )


def _place(article: Article, store: Articles, rulebook: Rulebook) -> Placement:
    analysis = analyse(article, rulebook, embed=embedder() if rulebook.settings.stories.semantic else None)
    snapshot = store.snapshot(query_for(analysis, rulebook, article.seen_at))
    placed = decide(analysis, snapshot, rulebook)
    store.keep(placed, now=article.seen_at)
    return placed.placement


def explain(one: Article, other: Article, settings: StorySettings) -> PairExplanation:
    """Why two articles are one story or not, before anything else is known to the store."""
    embed = embedder() if settings.semantic else None
    sides = [compared_article(each, features_of(each, embed), Related()) for each in (one, other)]
    same = one.language == other.language
    return explain_pair(*sides, enough=odds_of(settings.same if same else settings.across))
