"""``monitor status`` says what an operator asks first; ``outbox show`` one delivery whole."""

from __future__ import annotations

from pathlib import Path

import pytest

from monitor import __version__
from monitor.app import load_rulebook, open_rulebook_store
from monitor.config import written
from monitor.model import Chat, NoticeText
from monitor.ports import Store
from tests.conftest import NOW
from tests.support.command_line import Command
from tests.support.records import delivery


@pytest.fixture
def store(config: Path) -> Store:
    """A store with one chat and one notice for it."""
    rulebook = load_rulebook(config, env={})
    store = open_rulebook_store(rulebook, config)
    store.admin.upgrade()
    store.admin.keep_rulebook(rulebook.revision, written(rulebook), NOW)
    store.chats.save(Chat(id="console:main", channel="console", address="main"), NOW)
    notice = delivery(
        key="k123456", chat_id="console:main", kind="notice", payload=NoticeText(text="The wire is slow.")
    )
    store.outbox.add([notice], NOW)
    return store


@pytest.mark.usefixtures("store")
def test_a_delivery_is_shown_with_its_message(monitor: Command, config: Path) -> None:
    done = monitor("outbox", "show", "k1", "-c", config)
    assert done.code == 0, done.err
    assert "console:main" in done.out
    assert done.out.rstrip().endswith("The wire is slow.")
    (line,) = monitor("outbox", "show", "k123456", "--json", "-c", config).lines
    assert (line["state"], line["text"]) == ("sending", "The wire is slow.")
    missing = monitor("outbox", "show", "zzz", "-c", config)
    assert (missing.code, "no such delivery" in missing.err) == (1, True)


@pytest.mark.usefixtures("store")
def test_status_begins_with_what_an_operator_asks(monitor: Command, config: Path) -> None:
    shown = monitor("status", "-c", config).out
    assert f"Version {__version__}" in shown
    assert "Last poll never, last alert never, next digest none." in shown
    assert "MB free" in shown
    assert "epoch" not in shown
    assert "epoch" in monitor("status", "--verbose", "-c", config).out
    (line,) = monitor("status", "--json", "-c", config).lines
    assert line["version"] == __version__
    assert line["rules_in_force"] == line["rulebook"]


@pytest.mark.usefixtures("store")
def test_status_says_when_the_service_took_other_rules(monitor: Command, config: Path) -> None:
    (config / "monitor.yaml").write_text("archive_days: 300\n", encoding="utf-8")
    assert "`monitor rules diff` shows the difference" in monitor("status", "-c", config).out
