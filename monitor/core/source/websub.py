"""Which hubs are to be asked, when, and what their answers mean (WebSub)."""

from __future__ import annotations

import dataclasses
from collections.abc import Iterable, Mapping
from datetime import datetime, timedelta

from monitor.model import HubSubscription, SourceState

LEASE = timedelta(days=10)
SHORTEST_LEASE = timedelta(minutes=5)
LONGEST_LEASE = timedelta(days=90)
FIRST_WAIT = timedelta(minutes=10)
LONGEST_WAIT = timedelta(days=1)
REFUSED_WAIT = timedelta(days=7)
RENEW_SHARE = 0.2


def to_ask(
    states: Iterable[SourceState], hub_subscriptions: Mapping[str, HubSubscription], now: datetime
) -> tuple[SourceState, ...]:
    """The sources whose hub is to be asked now: never asked, changed, silent, or soon to expire."""
    return tuple(
        state for state in states if state.hub and _is_due(state, hub_subscriptions.get(state.source_id), now)
    )


def _is_due(state: SourceState, push: HubSubscription | None, now: datetime) -> bool:
    if push is None or (push.hub, push.topic) != (state.hub, state.hub_topic):
        return True
    if push.state == "refused":
        return now - push.asked_at >= REFUSED_WAIT
    waited: bool = now - push.asked_at >= min(FIRST_WAIT * 2 ** min(push.tries, 10), LONGEST_WAIT)
    if push.state == "asked" or push.lease_until is None:
        return waited
    lease = push.lease_until - push.asked_at
    return push.lease_until - now <= lease * RENEW_SHARE and waited


def asked(
    state: SourceState, before: HubSubscription | None, secret: str, now: datetime, *, error: str = ""
) -> HubSubscription:
    """The subscription after its hub was asked; a confirmed one stays active while it is renewed."""
    same = before is not None and (before.hub, before.topic) == (state.hub, state.hub_topic)
    active = same and before is not None and before.state == "active" and not _is_over(before, now)
    return HubSubscription(
        source_id=state.source_id,
        hub=state.hub or "",
        topic=state.hub_topic or "",
        secret=secret,
        state="active" if active else "asked",
        asked_at=now,
        tries=(before.tries if same and before is not None else 0) + 1,
        lease_until=before.lease_until if active and before is not None else None,
        error=error,
    )


def _is_over(push: HubSubscription, now: datetime) -> bool:
    return push.lease_until is not None and push.lease_until <= now


def confirmed(push: HubSubscription, lease_s: int, now: datetime) -> HubSubscription:
    """The hub confirms for so many seconds; leases out of reason are brought into it."""
    lease = min(max(timedelta(seconds=lease_s), SHORTEST_LEASE), LONGEST_LEASE)
    return dataclasses.replace(push, state="active", tries=0, asked_at=now, lease_until=now + lease, error="")


def refused(push: HubSubscription, why: str) -> HubSubscription:
    """The hub says no; it is asked again in a week."""
    return dataclasses.replace(
        push, state="refused", lease_until=None, error=why or "the hub gives no reason"
    )
