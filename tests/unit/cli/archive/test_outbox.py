"""``monitor outbox``: what was given up is put back to be sent, with what follows it."""

from __future__ import annotations

import dataclasses
from pathlib import Path

import pytest

from monitor.core.delivery.retry import Decision
from monitor.model import Chat, Delivery
from monitor.model.payloads import PictureSet
from monitor.ports import Store
from monitor.store import open_store
from tests.support.command_line import Command
from tests.support.records import NOW, delivery

KEY = "3f2a77aa"


@pytest.fixture
def config(tmp_path: Path) -> str:
    """A config with an empty store."""
    folder = tmp_path / "config"
    (folder / "topics").mkdir(parents=True)
    (folder / "monitor.yaml").write_text(f"store: sqlite:///{tmp_path}/monitor.db\n")
    return str(folder)


@pytest.fixture
def store(config: str, tmp_path: Path) -> Store:
    del config
    store = open_store(f"sqlite:///{tmp_path}/monitor.db", now=lambda: NOW)
    store.admin.upgrade()
    store.chats.save(Chat(id="telegram:1", channel="telegram", address="1"), NOW)
    return store


def with_pictures() -> list[Delivery]:
    """An alert and the pictures that follow it; the key of these begins as the alert's does."""
    alert = delivery(key=KEY, state="pending", attempts=0, story_id="s1", article_id="a1")
    pictures = dataclasses.replace(
        alert,
        key=f"{KEY}-pictures",
        kind="pictures",
        payload=PictureSet(
            alert=KEY, outlet="The Herald", source_id="herald", pictures=("https://a.example/1",)
        ),
        after_key=KEY,
    )
    return [alert, pictures]


@pytest.mark.parametrize("named", [KEY, KEY[:4], "--dead"])
def test_a_dead_alert_is_put_back_with_its_pictures(
    monitor: Command, config: str, store: Store, named: str
) -> None:
    store.outbox.add(with_pictures(), NOW)
    (claimed,) = store.outbox.claim(now=NOW, owner="me", epoch=1, limit=9, lease_s=60)
    store.outbox.finish(
        Decision(delivery=dataclasses.replace(claimed, state="dead", error="refused")), now=NOW
    )
    assert {item.state for item in store.outbox.list(limit=9)} == {"dead", "cancelled"}

    done = monitor("outbox", "retry", named, "--config", config)

    assert done.code == 0, done.err
    assert "will be sent again" in done.out
    assert {item.state for item in store.outbox.list(limit=9)} == {"pending"}


def test_a_beginning_that_names_several_is_refused(monitor: Command, config: str, store: Store) -> None:
    others = [delivery(key=f"{KEY[:4]}{n}", state="pending", attempts=0, story_id=f"s{n}") for n in range(2)]
    store.outbox.add(others, NOW)

    done = monitor("outbox", "cancel", KEY[:4], "--config", config)

    assert done.code == 1
    assert "stands for several deliveries" in done.err


@pytest.mark.parametrize("paused", [True, False])
def test_what_is_put_back_for_a_paused_chat_is_not_promised_at_once(
    monitor: Command, config: str, store: Store, *, paused: bool
) -> None:
    store.outbox.add(with_pictures()[:1], NOW)
    store.outbox.cancel(KEY, "cancelled by the operator")
    if paused:
        store.chats.pause("telegram:1", "bot was blocked", NOW)

    said = monitor("outbox", "retry", KEY, "--config", config).out

    assert ("monitor chats wake telegram:1" in said) == paused
    assert ("will be sent again" in said) != paused
