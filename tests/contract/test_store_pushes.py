"""Subscriptions at hubs survive in every store."""

from __future__ import annotations

import dataclasses
from datetime import timedelta

from monitor.model import HubSubscription
from monitor.ports import Store
from tests.contract.conftest import NOW

PUSH = HubSubscription(
    source_id="a",
    hub="https://hub.example/",
    topic="https://a.example/rss",
    secret="s" * 64,
    state="active",
    asked_at=NOW,
    tries=2,
    lease_until=NOW + timedelta(days=10),
)


def test_what_is_put_is_found_until_it_is_dropped(store: Store) -> None:
    assert store.hub_subscriptions.get("a") is None
    store.hub_subscriptions.put(PUSH)
    other = dataclasses.replace(PUSH, source_id="b", state="refused", lease_until=None, error="no")
    store.hub_subscriptions.put(other)
    assert store.hub_subscriptions.all() == (PUSH, other)
    renewed = dataclasses.replace(PUSH, tries=0)
    store.hub_subscriptions.put(renewed)
    assert store.hub_subscriptions.get("a") == renewed
    store.hub_subscriptions.drop("a")
    assert store.hub_subscriptions.all() == (other,)
    assert "s" * 64 not in repr(other)
