"""What the bot needs of the store about the circle of people who use it, as protocols.

As in ``monitor.ports``: every datetime is aware UTC, everything is thread-safe.
"""

from __future__ import annotations

from collections.abc import Mapping
from datetime import datetime
from typing import Protocol

from monitor.model import Draft, Feedback, Invite, Person, Watch


class Watches(Protocol):
    """Personal topics."""

    def all(self) -> tuple[Watch, ...]: ...
    def of_chat(self, chat_id: str) -> tuple[Watch, ...]: ...
    def add(self, watch: Watch, now: datetime) -> None:
        """Insert a watch with the subscription of its chat, in one transaction."""

    def remove(self, chat_id: str, watch_id: str) -> bool:
        """Delete a chat's watch with its subscription, mutes and matches."""


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
        """Keep something to be confirmed; what has expired is cleared away."""

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
