"""One immutable, validated snapshot of all topics, sources, chats and settings."""

from __future__ import annotations

from collections import ChainMap
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field, replace
from datetime import timedelta
from typing import cast

from monitor.core.query.engine.matcher import Matcher
from monitor.errors import QueryError
from monitor.model import Chat, Settings, Source, Topic, Watch


@dataclass(frozen=True, slots=True, kw_only=True)
class Rulebook:
    """What is in force. ``revision`` is a hash over everything in it; a match stores it.

    ``watches`` are the subscribers' personal topics: they are matched like the others, but not part
    of the revision, which speaks of the operator's files.
    """

    revision: str
    settings: Settings = field(default_factory=Settings)
    topics: Mapping[str, Topic] = field(default_factory=dict)
    sources: Mapping[str, Source] = field(default_factory=dict)
    chats: Mapping[str, Chat] = field(default_factory=dict)
    watches: Mapping[str, Topic] = field(default_factory=dict)
    matcher: Matcher

    @property
    def named(self) -> Mapping[str, Topic]:
        """Topics and watches by id; nothing is copied."""
        if not self.watches:
            return self.topics
        return ChainMap(cast("dict[str, Topic]", self.watches), cast("dict[str, Topic]", self.topics))


def with_watches(operators: Rulebook, watches: Sequence[Watch], previous: Rulebook | None = None) -> Rulebook:
    """The operator's rulebook with these personal topics compiled in.

    ``previous`` is what was in force: what it compiled alike is taken over from it. A watch that
    cannot be read any more (the operator took its word list away) is left out.
    """
    shared = operators.matcher.book.shared
    topics = {watch.id: watch_topic(watch) for watch in watches}
    if not topics and not operators.watches:
        return operators
    while True:
        try:
            matcher = Matcher.build(
                [*operators.topics.values(), *topics.values()],
                lists=shared.lists,
                people=shared.people,
                orgs=shared.orgs,
                previous=(previous or operators).matcher,
            )
        except QueryError:
            readable = {name: topic for name, topic in topics.items() if _reads(topic, operators.matcher)}
            if len(readable) == len(topics):
                raise
            topics = readable
        else:
            return replace(operators, watches=topics, matcher=matcher)


def watch_topic(watch: Watch) -> Topic:
    """A watch as the matcher knows it."""
    return Topic(id=watch.id, query=watch.query, title=watch.title, languages=watch.languages)


def alone(topic: Topic, operators: Rulebook) -> Matcher:
    """A matcher of this one topic, with the operator's word lists and names. Raises QueryError."""
    return _of_one(topic, operators.matcher)


def _reads(topic: Topic, matcher: Matcher) -> bool:
    try:
        _of_one(topic, matcher)
    except QueryError:
        return False
    return True


def _of_one(topic: Topic, matcher: Matcher) -> Matcher:
    shared = matcher.book.shared
    return Matcher.build([topic], lists=shared.lists, people=shared.people, orgs=shared.orgs)


def with_options(chat: Chat, rulebook: Rulebook) -> Chat:
    """A stored chat with its channel's options from the files: they hold secrets and are never stored."""
    configured = rulebook.chats.get(chat.id)
    return replace(chat, options=configured.options) if configured is not None else chat


def source_names(rulebook: Rulebook) -> Mapping[str, str]:
    """The name of each source that is watched, by its id."""
    return {source.id: source.name for source in rulebook.sources.values() if source.enabled}


def unsettled(rulebook: Rulebook) -> Rulebook:
    """The rulebook of a single pass: its alerts do not wait for further readings, of which there are none."""
    settings = rulebook.settings
    alerts = replace(settings.alerts, settle=timedelta(0))
    return replace(rulebook, settings=replace(settings, alerts=alerts))


def emptied(before: Rulebook, after: Rulebook) -> tuple[str, ...]:
    """What is there no more at all: topics, sources. Few mean that; a folder that is not mounted reads so."""
    kinds = {"topics": (before.topics, after.topics), "sources": (before.sources, after.sources)}
    return tuple(name for name, (had, has) in kinds.items() if had and not has)


def takes_away(before: Rulebook, after: Rulebook) -> bool:
    """Whether chats or topics that were there are there no more."""
    return not (before.chats.keys() <= after.chats.keys() and before.topics.keys() <= after.topics.keys())
