"""``monitor chats``: which chats are paused and why, and waking them."""

from __future__ import annotations

from pathlib import Path

import pytest

from monitor.model import Chat
from monitor.ports import Store
from monitor.store import open_store
from tests.support.command_line import Command
from tests.support.records import NOW, delivery


@pytest.fixture
def config(tmp_path: Path) -> str:
    """A config with an empty store."""
    folder = tmp_path / "config"
    (folder / "topics").mkdir(parents=True)
    (folder / "monitor.yaml").write_text(f"store: sqlite:///{tmp_path}/monitor.db\n")
    return str(folder)


@pytest.fixture
def store(config: str, tmp_path: Path) -> Store:
    """Two chats, one of them paused."""
    del config
    store = open_store(f"sqlite:///{tmp_path}/monitor.db", now=lambda: NOW)
    store.admin.upgrade()
    for name in ("desk", "newsroom"):
        store.chats.save(Chat(id=f"webhook:{name}", channel="webhook", address=name), NOW)
    store.chats.pause("webhook:desk", "it answered 403", NOW)
    return store


def test_paused_chats_are_listed_with_their_reason(monitor: Command, config: str, store: Store) -> None:
    del store
    every = monitor("chats", "list", "--config", config, "--json").lines
    assert {row["id"]: row["state"] for row in every} == {
        "webhook:desk": "paused",
        "webhook:newsroom": "active",
    }
    (paused,) = monitor("chats", "list", "--paused", "--config", config, "--json").lines
    assert (paused["id"], paused["reason"]) == ("webhook:desk", "it answered 403")
    assert "it answered 403" in monitor("chats", "list", "--config", config).out


def test_a_chat_that_is_woken_is_written_to_again(monitor: Command, config: str, store: Store) -> None:
    done = monitor("chats", "wake", "webhook:desk", "--config", config)
    assert (done.code, done.out) == (0, "webhook:desk: is written to again.\n")
    chat = store.chats.chat("webhook:desk")
    assert chat is not None
    assert (chat.state, chat.paused_because) == ("active", "")

    store.outbox.add([delivery(chat_id="webhook:desk", state="pending", attempts=0)], NOW)
    (taken,) = store.outbox.claim(now=NOW, owner="me", epoch=1, limit=9, lease_s=60)
    assert taken.chat_id == "webhook:desk"
    again = monitor("chats", "wake", "webhook:desk", "--config", config)
    assert again.out == "webhook:desk: was not paused.\n"


def test_a_chat_that_is_not_there_is_an_error_and_the_others_are_woken(
    monitor: Command, config: str, store: Store
) -> None:
    done = monitor("chats", "wake", "webhook:nobody", "webhook:desk", "--config", config)
    assert done.code == 1
    assert "webhook:nobody: no such chat; see `monitor chats list`" in done.err
    chat = store.chats.chat("webhook:desk")
    assert chat is not None
    assert chat.state == "active"
