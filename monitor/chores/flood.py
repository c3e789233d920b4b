"""Edits of the rules that would bring a flood of alerts are measured on what is stored, and held."""

from __future__ import annotations

from datetime import datetime, timedelta
from itertools import islice

from monitor.core.lab.difference import Difference, difference
from monitor.core.rulebook import Rulebook
from monitor.ports import Store

PERIOD = timedelta(days=3)
MOST = 5_000
"""Articles that an edit is measured on; the service waits for it."""


def flood(store: Store, old: Rulebook, new: Rulebook, now: datetime) -> Difference | None:
    """What an edit would bring when that is a flood, unless the operator accepted it; else None."""
    factor = new.settings.alerts.flood_factor
    if not factor or _finds_the_same(old, new):
        return None
    if store.admin.accepted_rulebook() == new.revision:
        return None
    articles = islice(store.articles.since(now - PERIOD), MOST)
    found = difference(old, new, articles, store.articles.stories_of)
    return found if found.floods(factor) else None


def _finds_the_same(old: Rulebook, new: Rulebook) -> bool:
    queries = [
        {topic.id: (topic.query, topic.languages, topic.enabled) for topic in rulebook.topics.values()}
        for rulebook in (old, new)
    ]
    return queries[0] == queries[1] and old.matcher.book.shared == new.matcher.book.shared
