"""Making digests: of what a chat collects, and of what waits behind an alert."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from datetime import datetime

import structlog

from monitor.core.delivery.digest import DigestContext, digest_of, reason_of
from monitor.core.delivery.report import WEEK, Watching, watching_text
from monitor.core.rulebook import source_names
from monitor.errors import StoreError
from monitor.model import Chat, Delivery, Reach
from monitor.model.payloads import DigestReason
from monitor.ports import Ports
from monitor.ports.outbox import Compose

log = structlog.get_logger(__name__)


def collect_digests(ports: Ports) -> int:
    """Make the digests that are due of what was collected for them. Returns how many."""
    now, made = ports.now(), 0
    due = ports.store.outbox.collectors(now)
    if not due:
        return 0
    watching = Watching(
        status=ports.store.admin.status(),
        states=ports.store.sources.states(),
        gaps=ports.store.sources.gaps(now - WEEK),
        names=source_names(ports.rulebook()),
    )
    for chat_id in due:
        chat = ports.store.chats.chat(chat_id)
        if chat is None:
            continue
        reason = reason_of(chat)
        health = watching_text(watching, chat, now, weekly=reason == "weekly")
        compose = composer(chat, now, reason=reason, health=health)
        try:
            made += bool(ports.store.outbox.collect(chat_id, compose, now))
        except StoreError:
            raise
        except Exception:  # one chat's odd row must not keep the digests of all others
            log.exception("a digest cannot be made", chat=chat_id)
    if made:
        ports.wake()
    return made


def composer(chat: Chat, now: datetime, *, reason: DigestReason = "waited", health: str = "") -> Compose:
    """What makes a digest for this chat of alerts and the reach of their stories."""

    def compose(members: Sequence[Delivery], reach: Mapping[str, Reach]) -> Sequence[Delivery]:
        around = DigestContext(reach=reach, health=health)
        return digest_of(chat, members, around, now, reason=reason)

    return compose
