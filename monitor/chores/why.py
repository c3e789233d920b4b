"""Asks the store what a verdict about an article or an address rests on."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import datetime
from typing import Any, Final

from monitor.core.rulebook import Rulebook
from monitor.core.why.article import explain_article
from monitor.core.why.unseen import CandidateSource, explain_unseen, explain_unwatchable, of_same_site
from monitor.core.why.verdict import Verdict
from monitor.model import Article
from monitor.ports import Store

MOST_SOURCES: Final = 5
MOST_GAPS: Final = 20


@dataclass(frozen=True, slots=True, kw_only=True)
class Explained:
    """``name``: the id or address as it is known; ``found``: what the store remembers, None for nothing."""

    name: str
    found: Mapping[str, Any] | None
    article: Article | None
    verdict: Verdict


def explained(name: str, store: Store, rulebook: Rulebook, now: datetime) -> Explained:
    """The verdict about an id or an address; one that was typed without ``https://`` is one too."""
    for form in _forms(name):
        found = store.articles.trace(form)
        if found is not None:
            return _of_known(form, found, store, rulebook, now)
    if (verdict := explain_unwatchable(name)) is not None:
        return Explained(name=name, found=None, article=None, verdict=verdict)
    url = name if "://" in name else f"https://{name}"
    sources = of_same_site(url, tuple(rulebook.sources.values()))[:MOST_SOURCES]
    candidates = [
        CandidateSource(
            source=source,
            state=store.sources.state(source.id),
            gaps=store.lists.gaps(source.id, MOST_GAPS),
        )
        for source in sources
    ]
    return Explained(name=name, found=None, article=None, verdict=explain_unseen(url, candidates, now))


def is_address(name: str) -> bool:
    """Whether something typed is an address, with or without its scheme, and not words.

    >>> is_address("outlet.example/news/1"), is_address("Envoys meet in Minsk. Again")
    (True, False)
    """
    return " " not in name.strip() and ("://" in name or "." in name.partition("/")[0].strip("."))


def _forms(name: str) -> list[str]:
    host = name.partition("/")[0]
    return [name, f"https://{name}", f"http://{name}"] if "://" not in name and "." in host else [name]


def _of_known(
    name: str, found: Mapping[str, Any], store: Store, rulebook: Rulebook, now: datetime
) -> Explained:
    article = store.articles.article(name)
    story_id = str((found["placement"] or {}).get("story_id") or "")
    story = store.articles.story(story_id) if story_id else None
    outlets = len({item.source_id for item in story.articles}) if story else 0
    verdict = explain_article(found, article, rulebook, store.chats.all(), outlets=outlets, now=now)
    return Explained(name=name, found=found, article=article, verdict=verdict)
