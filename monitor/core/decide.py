"""The decision about one article: features → candidates → place → novelty → plan, all but the look-ups.

``analyse`` takes the article alone. The store answers ``query_for`` with a snapshot, and ``decide`` says
from it where the article belongs, what it brings and what changed. ``announce`` says whom to tell. The
read job, the recheck and ``monitor group`` use the same functions. docs/stories.md has the picture.
"""

from __future__ import annotations

from collections.abc import Mapping
from datetime import datetime, timedelta
from types import MappingProxyType
from typing import Final

from monitor.core.delivery.plan import plan
from monitor.core.delivery.revision import changes, replies
from monitor.core.match import match
from monitor.core.rulebook import Rulebook
from monitor.core.story.assign import story_id
from monitor.core.story.embeddings import Embedder
from monitor.core.story.features import features_of
from monitor.core.story.novelty import novelty_of
from monitor.core.story.place import opens, place
from monitor.model import Analysis, Article, Audience, Delivery, Placed, Snapshot, SnapshotQuery

REPLIES_WITHIN: Final = timedelta(days=1)
"""How long a reply counts against the replies that an alert may get."""
_NO_TRACE: Final[Mapping[str, object]] = MappingProxyType({})


def analyse(
    article: Article,
    rulebook: Rulebook,
    *,
    embed: Embedder | None = None,
    live: bool = False,
    trace: Mapping[str, object] = _NO_TRACE,
) -> Analysis:
    """The article's features and matches. ``embed`` adds a vector when the settings want one."""
    return Analysis(
        article=article,
        features=features_of(article, embed if rulebook.settings.stories.semantic else None),
        matches=match(article, rulebook),
        live=live,
        trace=trace,
    )


def query_for(analysis: Analysis, rulebook: Rulebook, now: datetime) -> SnapshotQuery:
    """What the store has to be asked before ``decide``."""
    return SnapshotQuery(
        article=analysis.article,
        features=analysis.features,
        headline_since=now - rulebook.settings.alerts.same_headline_window,
        stories=rulebook.settings.stories,
    )


def decide(analysis: Analysis, snapshot: Snapshot, rulebook: Rulebook) -> Placed:
    """Where an article belongs, what it matches, what it brings to its story and what changed in it."""
    article, features = analysis.article, analysis.features
    placement = place(
        article,
        snapshot.neighbours,
        features=features,
        surroundings=snapshot.surroundings,
        settings=rulebook.settings.stories,
    )
    known = (key for story in placement.told_in for key in snapshot.known.get(story, ()))
    repeats = placement.verdict in {"copy", "known"}
    headline = article.title if placement.above_known_text else ""
    news = novelty_of(features.facts, known, opens=opens(placement), copy=repeats, headline=headline)
    before = snapshot.before if placement.verdict == "revision" else None
    return Placed(
        article=article,
        placement=placement,
        matches=() if placement.verdict == "known" else analysis.matches,
        features=features,
        basis=snapshot,
        news=news,
        changes=changes(before, article, snapshot.already, live=analysis.live) if before else (),
        trace={
            "verdict": placement.verdict,
            "reason": placement.reason,
            "rulebook": rulebook.revision,
            "late": article.late,
            "brings": {"kind": news.kind, "shown": list(news.shown)},
            **analysis.trace,
        },
    )


def topics_of(placed: Placed) -> tuple[str, ...]:
    """The topics whose subscribers have to do with the article: it matches them now or did before."""
    return tuple(sorted({item.topic_id for item in (*placed.matches, *placed.basis.already)}))


def announce(placed: Placed, audience: Audience, rulebook: Rulebook, now: datetime) -> tuple[Delivery, ...]:
    """What is to be said about a placed article: alerts, edits, replies."""
    article, placement, told = placed.article, placed.placement, audience.told
    alerts = plan(
        article=article,
        placement=placement,
        matches=placed.matches,
        already=placed.basis.already,
        told=told,
        replied=audience.replied,
        news=placed.news,
        replies_a_day=rulebook.settings.stories.replies_a_day,
        chats=audience.chats,
        topics=rulebook.named,
        now=now,
        settle=rulebook.settings.alerts.settle if audience.more_to_read else timedelta(0),
        outlets=audience.outlets,
        opens=placement.story_id == story_id(placement.article_id),
    )
    corrections = replies(
        placement.article_id,
        placement.story_id,
        placed.changes,
        revision=f"{article.fingerprint.text_key}{article.title}",
        article=article,
        told=audience.told,
        told_by_reply=audience.told_by_reply,
        chats=audience.chats,
        now=now,
    )
    return (*alerts, *corrections)
