"""Deciding about articles against a store, as the jobs do between reading a page and committing."""

from __future__ import annotations

from datetime import timedelta

from monitor.core.decide import analyse, decide, query_for
from monitor.core.query.engine.matcher import Matcher
from monitor.core.rulebook import Rulebook
from monitor.core.story.place import NO_FEATURES
from monitor.model import AlertSettings, Analysis, Article, Match, Placed, Settings, StorySettings
from monitor.ports import Store

AS_SHIPPED = StorySettings()
HEADLINE_WINDOW = timedelta(days=3)


def rulebook_of(settings: StorySettings) -> Rulebook:
    alerts = AlertSettings(same_headline_window=HEADLINE_WINDOW)
    return Rulebook(
        revision="r1", settings=Settings(stories=settings, alerts=alerts), matcher=Matcher.build(())
    )


RULEBOOK = rulebook_of(AS_SHIPPED)


def decided(store: Store, item: Article, settings: StorySettings = AS_SHIPPED) -> Placed:
    """The decision on what is stored now, by keys, wording and words."""
    rulebook = rulebook_of(settings)
    return _on(store, analyse(item, rulebook), rulebook)


def decided_by_keys(store: Store, item: Article, *matches: Match) -> Placed:
    """The decision about an article that has nothing but its keys, with these matches."""
    return _on(store, Analysis(article=item, features=NO_FEATURES, matches=matches), RULEBOOK)


def _on(store: Store, analysis: Analysis, rulebook: Rulebook) -> Placed:
    snapshot = store.articles.snapshot(query_for(analysis, rulebook, analysis.article.seen_at))
    return decide(analysis, snapshot, rulebook)
