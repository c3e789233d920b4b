"""What sending needs of the store: the outbox as a protocol, and how fast may be sent."""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass, field
from datetime import datetime
from typing import Protocol

from monitor.core.delivery.retry import Decision
from monitor.model import Backlog, Delivery, Event, Reach

Compose = Callable[[Sequence[Delivery], Mapping[str, Reach]], Sequence[Delivery]]
"""Makes a digest of alerts and of the reach of their stories; called inside the transaction."""


@dataclass(frozen=True, slots=True, kw_only=True)
class SendRates:
    """How fast may be sent. ``per_second``: channel → sends a second overall, no channel without a
    limit. ``rest_s``: seconds that a chat (by id) rests from each try to write to it."""

    per_second: Mapping[str, float] = field(default_factory=dict)
    rest_s: Callable[[str], float] = field(default=lambda _chat_id: 0.0)


UNPACED = SendRates()


class Outbox(Protocol):
    """Deliveries and events."""

    def claim(
        self, *, now: datetime, owner: str, epoch: int, limit: int, lease_s: float, pace: SendRates = UNPACED
    ) -> tuple[Delivery, ...]:
        """Take due deliveries: the oldest open one of each chat that has none in flight and may be
        written to now. Committed before it returns, with the rest of each chat: pacing survives a
        restart."""

    def finish(self, decision: Decision, *, now: datetime) -> bool:
        """Write all that a decision says, in one transaction, fenced by the delivery's key, owner
        and epoch. False: not ours any more, nothing was written.

        Parts that waited for a delivery that is dead now are dead with it.
        """

    def backlog(self, delivery: Delivery, now: datetime) -> Backlog:
        """What bears on sending this claimed alert now."""

    def bundle(self, delivery: Delivery, compose: Compose, now: datetime) -> bool:
        """The claimed alert and all alerts that wait behind it become the digest that ``compose``
        makes of them and of how far their stories went; one transaction, fenced as ``finish``."""

    def collectors(self, now: datetime) -> tuple[str, ...]:
        """Active chats whose collected alerts are due."""

    def collect(self, chat_id: str, compose: Compose, now: datetime) -> int:
        """The chat's collected alerts that are due become one digest, in one transaction. Returns
        how many they were."""

    def failures(self, channel: str) -> int:
        """How many sends in a row the channel did not answer; below zero: answered with a wish to wait."""

    def recover(self, *, epoch: int, now: datetime, lease_expired_before: datetime | None = None) -> int:
        """Turn ``sending`` rows of other epochs into ``unsure``. Returns how many.

        Operators are told of those whose chats hold them.
        """

    def add(self, deliveries: Sequence[Delivery], now: datetime) -> int:
        """Insert deliveries whose key is new. Returns how many were."""

    def get(self, key: str) -> Delivery | None: ...
    def alert_of(self, chat_id: str, story_id: str) -> Delivery | None:
        """The chat's alert delivery about a story, or the one that it was parted from: the first that was
        not given up, else the latest, in any state."""

    def of_message(self, chat_id: str, message_id: str) -> Delivery | None:
        """The delivery that a message of this chat came from."""

    def sent_alerts(self, chat_id: str, *, since: datetime) -> tuple[Delivery, ...]:
        """The alerts that a chat got since then, oldest first."""

    def list(self, *, states: Sequence[str] = (), limit: int = 50) -> tuple[Delivery, ...]: ...
    def retry(self, key: str, now: datetime) -> bool:
        """Put a dead, cancelled or unsure delivery back to pending."""

    def rearm(self, key: str, *, not_before: datetime, now: datetime) -> bool:
        """Put an unsure delivery back to pending, to be sent once more (``uncertain_sends`` + 1)."""

    def settling(self, now: datetime) -> bool:
        """Whether an alert waits for nothing but what else is being read."""

    def settle(self, now: datetime) -> int:
        """Let the alerts go out that wait for what else is being read: nothing is. Returns how many."""

    def resendable(self, now: datetime, limit: int = 500) -> tuple[Delivery, ...]:
        """Due deliveries of unknown outcome whose chats want them once more, oldest first."""

    def cancel(self, key: str, reason: str) -> bool:
        """Give up a delivery that is not in flight and not over, and the parts that wait for it."""

    def next_due(self, now: datetime) -> datetime | None: ...
    def open_count(self) -> int: ...
    def add_events(self, events: Sequence[Event]) -> None: ...
    def last_event(self, kind: str) -> datetime | None:
        """When the newest event of this kind happened, told or not; None for never."""

    def untold_events(self, limit: int = 100) -> tuple[tuple[int, Event], ...]: ...
    def told_events(self, ids: Sequence[int], deliveries: Sequence[Delivery], now: datetime) -> None:
        """Mark events as told and insert the notices that tell them, in one transaction."""
