"""Subscriptions at hubs survive in every store."""

from __future__ import annotations

import dataclasses
from datetime import timedelta

from monitor.model import Push
from monitor.ports import Store
from tests.contract.conftest import NOW

PUSH = Push(
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
    assert store.pushes.get("a") is None
    store.pushes.put(PUSH)
    other = dataclasses.replace(PUSH, source_id="b", state="refused", lease_until=None, error="no")
    store.pushes.put(other)
    assert store.pushes.all() == (PUSH, other)
    renewed = dataclasses.replace(PUSH, tries=0)
    store.pushes.put(renewed)
    assert store.pushes.get("a") == renewed
    store.pushes.drop("a")
    assert store.pushes.all() == (other,)
    assert "s" * 64 not in repr(other)
