"""What an explanation is made of."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime
from typing import Literal

GateName = Literal[
    "subscribed", "listed", "fetched", "prefilter", "read", "identity", "story", "topics", "chat"
]
GateState = Literal["passed", "stopped", "waiting", "unknown"]
Reason = Literal[
    "told",
    "not-watched",
    "unwatchable",
    "disabled",
    "never-asked",
    "source-fails",
    "window",
    "never-listed",
    "waiting",
    "quarantined",
    "not-fetched",
    "other-page",
    "prefilter",
    "known",
    "copy",
    "story-told",
    "late",
    "no-match",
    "no-subscriber",
    "switched-off",
    "paused",
    "muted",
    "language",
    "outlets",
    "quiet",
    "budget",
    "digest",
    "pending",
    "unsure",
    "dead",
    "cancelled",
    "unknown",
]


@dataclass(frozen=True, slots=True, kw_only=True)
class VerdictGate:
    """One step on the way from the source to the chat. ``at``: when it was reached; ``more``: details."""

    name: GateName
    state: GateState
    text: str
    at: datetime | None = None
    more: tuple[str, ...] = ()


@dataclass(frozen=True, slots=True, kw_only=True)
class ChatVerdict:
    """What one chat has to do with it; ``key`` is the delivery's."""

    chat_id: str
    reason: Reason
    text: str
    at: datetime | None = None
    message_id: str | None = None
    key: str | None = None


@dataclass(frozen=True, slots=True, kw_only=True)
class Verdict:
    """The whole answer. ``sentence`` says it in one; ``gate`` is the one that stopped it (None: it was told,
    or is on its way), ``reason`` why."""

    sentence: str
    reason: Reason
    gate: GateName | None
    gates: tuple[VerdictGate, ...] = ()
    chats: tuple[ChatVerdict, ...] = ()
