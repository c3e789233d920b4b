"""One immutable, validated snapshot of all topics, sources, chats and settings."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field

from monitor.core.query.matcher import Matcher
from monitor.model import Chat, Settings, Source, Topic


@dataclass(frozen=True, slots=True, kw_only=True)
class Rulebook:
    """What is in force. ``revision`` is a hash over everything in it; a match stores it."""

    revision: str
    settings: Settings = field(default_factory=Settings)
    topics: Mapping[str, Topic] = field(default_factory=dict)
    sources: Mapping[str, Source] = field(default_factory=dict)
    chats: Mapping[str, Chat] = field(default_factory=dict)
    matcher: Matcher
