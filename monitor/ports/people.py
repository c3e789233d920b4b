"""What is asked of the store about chats and the circle of people who use the bot, as protocols.

As in ``monitor.ports``: every datetime is aware UTC, everything is thread-safe.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from datetime import datetime
from typing import Protocol

from monitor.model import (
    Audience,
    Chat,
    Draft,
    Feedback,
    Invite,
    Mute,
    Person,
    SavedAlert,
    Subscription,
    Watch,
)


class Chats(Protocol):
    """Chats and subscriptions: from the config and from people in chat."""

    def sync(self, chats: Sequence[Chat], now: datetime) -> None:
        """Upsert the operator's chats with their subscriptions; chats made in chat stay."""

    def chat(self, chat_id: str) -> Chat | None: ...
    def all(self) -> tuple[Chat, ...]: ...
    def save(self, chat: Chat, now: datetime) -> None:
        """Insert or replace a chat made in chat, with its subscriptions."""

    def subscribe(self, subscription: Subscription, now: datetime) -> None: ...
    def unsubscribe(self, chat_id: str, topic_id: str, now: datetime) -> bool: ...

    def subscribers(self, topic_ids: Sequence[str]) -> tuple[Chat, ...]:
        """Chats that are told (active, or closed for now) with their subscriptions to any of these topics
        (or to "*")."""

    def audience(
        self,
        topic_ids: Sequence[str],
        story_ids: Sequence[str],
        *,
        replies_since: datetime,
        article_id: str | None = None,
    ) -> Audience:
        """The subscribers of topics, each with its alert about the first of the stories that it was told of
        (or of the one that this story was parted from) and the number of replies to it since then.

        ``article_id``: which of the chats were told of this article in a reply.
        """

    def prefer(self, chat_id: str, changes: Mapping[str, object], now: datetime) -> bool:
        """Set fields of a chat as a person chose them; syncs leave these alone. False: no such chat."""

    def mute(self, chat_id: str, mute: Mute, now: datetime) -> None:
        """Add a mute, or give an old one its new end."""

    def unmute(self, chat_id: str, kind: str, target: str) -> bool: ...
    def pause(self, chat_id: str, reason: str, now: datetime, *, tell: bool = True) -> None:
        """Stop all deliveries to the chat; its open deliveries are cancelled; operators are told."""

    def wake(self, chat_id: str, now: datetime) -> None:
        """Deliver to a paused chat again, with what was held for it."""


class Watches(Protocol):
    """Personal topics."""

    def all(self) -> tuple[Watch, ...]: ...
    def of_chat(self, chat_id: str) -> tuple[Watch, ...]: ...
    def add(self, watch: Watch, now: datetime) -> None:
        """Insert a watch with the subscription of its chat, in one transaction."""

    def remove(self, chat_id: str, watch_id: str) -> bool:
        """Delete a chat's watch with its subscription, mutes and matches."""


class SavedAlerts(Protocol):
    """Alerts that people keep."""

    def of_chat(self, chat_id: str) -> tuple[SavedAlert, ...]:
        """What a chat keeps, the newest first."""

    def add(self, alert: SavedAlert) -> None:
        """Keep an alert; the same article again moves to the top."""

    def remove(self, chat_id: str, article_id: str) -> bool: ...


class People(Protocol):
    """Who may use the bot, what they are in the middle of, and what they said of alerts."""

    def person(self, user_id: int) -> Person | None: ...
    def all(self) -> tuple[Person, ...]: ...
    def save(self, person: Person) -> None: ...
    def remove(self, user_id: int) -> bool: ...
    def add_invite(self, invite: Invite) -> None: ...
    def accept_invite(self, invite_id: str, user_id: int, now: datetime) -> Person | None:
        """Use an invitation once and make its person, in one transaction. None: not valid any more.

        Somebody who is in already keeps the higher role and uses nothing up.
        """

    def add_draft(self, draft: Draft, now: datetime) -> None:
        """Keep something to be confirmed, in the place of one with this id; the expired are cleared."""

    def draft(self, draft_id: str, now: datetime) -> Draft | None: ...
    def take_draft(self, draft_id: str, now: datetime) -> Draft | None:
        """The draft, deleted by the same statement: of two takers one gets it."""

    def add_feedback(self, feedback: Feedback) -> None: ...
    def feedback(self, *, since: datetime | None = None, limit: int = 100) -> tuple[Feedback, ...]:
        """What was found not relevant, newest first."""

    def everything(self, user_id: int, chat_id: str) -> Mapping[str, object]:
        """All that is stored of a person and their private chat: table name → rows of JSON types."""

    def forget(self, user_id: int, chat_id: str) -> Mapping[str, int]:
        """Delete all of it in one transaction: table name → how many rows."""
