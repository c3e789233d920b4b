"""What a decision about an article rests on, and the decision itself."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import datetime

from monitor.model.alert import Delivery
from monitor.model.article import Article, Change, Neighbour, Placement
from monitor.model.chat import Chat
from monitor.model.settings import StorySettings
from monitor.model.story import Features, NoveltyVerdict, Related
from monitor.model.topic import Match


@dataclass(frozen=True, slots=True, kw_only=True)
class Analysis:
    """An article with all that its own words say: features and matches, before anything stored is asked.

    ``live``: it is a live blog. ``trace`` is for ``monitor why`` and is never read by a decision.
    """

    article: Article
    features: Features
    matches: tuple[Match, ...] = ()
    live: bool = False
    trace: Mapping[str, object] = field(default_factory=dict)


@dataclass(frozen=True, slots=True, kw_only=True)
class SnapshotQuery:
    """What the store is asked before an article is decided on.

    A shared headline counts only where it was seen since ``headline_since``.
    """

    article: Article
    features: Features
    headline_since: datetime
    stories: StorySettings


@dataclass(frozen=True, slots=True, kw_only=True)
class Snapshot:
    """What the store said of everything stored that bears on one article: a snapshot of one read.

    ``neighbours`` share a key, ``surroundings`` are the candidates by passages and rare terms. ``known``:
    story id → those of the article's facts that the story has. ``before`` and ``already`` are the stored
    wording and matches of the article that this is a further reading of. ``stories``: the settings of the
    query.
    ``newest`` is the highest number given to a stored article when the read began: only what has a higher
    one can make the decision another.
    """

    neighbours: tuple[Neighbour, ...] = ()
    surroundings: Related = field(default_factory=Related)
    known: Mapping[str, frozenset[str]] = field(default_factory=dict)
    before: Article | None = None
    already: tuple[Match, ...] = ()
    stories: StorySettings = field(default_factory=StorySettings)
    newest: int = 0


@dataclass(frozen=True, slots=True, kw_only=True)
class Audience:
    """The chats that could be told of an article.

    ``told``: chat id → the alert that the chat has (or will get) about the story. ``replied``: chat id →
    how many replies to that alert were planned lately. ``told_by_reply``: chats that such a reply told of
    the article that was asked for. ``more_to_read``: other pages of the same minute are
    still to be read, so that a new alert had better wait for what they tell. ``outlets``: the sources that
    write about the story, asked for only where a chat wants several.
    """

    chats: tuple[Chat, ...] = ()
    told: Mapping[str, Delivery] = field(default_factory=dict)
    replied: Mapping[str, int] = field(default_factory=dict)
    told_by_reply: frozenset[str] = frozenset()
    more_to_read: bool = False
    outlets: frozenset[str] = frozenset()


@dataclass(frozen=True, slots=True, kw_only=True)
class Placed:
    """An article with all that was decided about it.

    It rests on ``basis``: the commit raises ``Conflict`` when something stored since then could make the
    decision another. ``features`` are stored for later comparisons. ``news`` is what the article brings to
    its story, ``changes`` are those of a revision. ``trace`` is for ``monitor why`` and is never read by a
    decision.
    """

    article: Article
    placement: Placement
    matches: tuple[Match, ...]
    features: Features
    basis: Snapshot
    news: NoveltyVerdict
    changes: tuple[Change, ...] = ()
    trace: Mapping[str, object] = field(default_factory=dict)
