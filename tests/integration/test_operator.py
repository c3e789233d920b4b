"""What an operator is told: the doctor beside a Bot API server, an edit that would flood."""

from __future__ import annotations

import json
import threading
import time
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from datetime import UTC, datetime, timedelta
from pathlib import Path
from typing import Any

import pytest

from monitor.app import Service, load_rulebook, open_rulebook_store
from monitor.errors import StoreReplaced
from monitor.model import NoticeText
from tests.support.botapi.server import BotApiServer
from tests.support.command_line import Command, in_process
from tests.support.conversation import article, store_articles
from tests.support.records import delivery

GROUP, NOWHERE = -100777, -100888
TOPIC = "topics: [{id: metal, query: %s}]\n"
PATIENCE_S = 60.0


@pytest.fixture
def folder(tmp_path: Path) -> Path:
    made = tmp_path / "config"
    (made / "topics").mkdir(parents=True)
    (made / "topics" / "metal.yaml").write_text(TOPIC % "lithium", encoding="utf-8")
    return made


@pytest.fixture
def monitor() -> Iterator[Command]:
    with in_process() as command:
        yield command


def found(out: str, about: str) -> list[dict[str, Any]]:
    rows = [json.loads(line) for line in out.splitlines()]
    return [row for row in rows if row["about"] == about]


def test_the_doctor_asks_telegram_for_the_bot_and_each_chat(monitor: Command, folder: Path) -> None:
    with BotApiServer() as server:
        server.add_chat(GROUP, chat_type="supergroup")
        (folder / "monitor.yaml").write_text(
            f"telegram: {{base_url: '{server.base_url}'}}\nweb: {{listen: off}}\n", encoding="utf-8"
        )
        chats = f"chats: [{{id: 'telegram:{GROUP}/7'}}, {{id: 'telegram:{NOWHERE}'}}]\n"
        (folder / "chats.yaml").write_text(chats, encoding="utf-8")
        done = monitor("doctor", "--json", "-c", folder, env={"MONITOR_TELEGRAM_TOKEN": server.token})
        assert done.code == 1
        assert found(done.out, "telegram")[0]["text"].startswith("the bot is @")
        good, bad = found(done.out, "chat")
        assert (good["level"], good["text"]) == ("ok", f"telegram:{GROUP}/7")
        assert (bad["level"], str(NOWHERE) in bad["text"]) == ("error", True)
        assert "press Start" in bad["todo"]

        (folder / "chats.yaml").write_text(f"chats: [{{id: 'telegram:{GROUP}'}}]\n", encoding="utf-8")
        wrong = "12345678:" + "A" * 35
        done = monitor("doctor", "--json", "-c", folder, env={"MONITOR_TELEGRAM_TOKEN": wrong})
        (telegram,) = found(done.out, "telegram")
        assert "is the token right" in telegram["todo"]
        assert wrong not in done.out + done.err
        assert done.code == 3


@contextmanager
def served(folder: Path) -> Iterator[Service]:
    service = Service(folder)
    thread = threading.Thread(target=service.run, name="service")
    thread.start()
    try:
        yield service
    finally:
        service.stop()
        thread.join()


def until(true: Callable[[], bool]) -> None:
    deadline = time.monotonic() + PATIENCE_S
    while not true():
        assert time.monotonic() < deadline
        time.sleep(0.05)


def test_the_service_outlives_an_edit_that_cannot_even_be_read(
    folder: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    """Whatever an edit does to its reader, the operator is told and the next edit is taken."""
    (folder / "monitor.yaml").write_text("web: {listen: off}\n", encoding="utf-8")
    (folder / "chats.yaml").write_text("chats: [{id: 'console:main', operator: true}]\n", encoding="utf-8")
    rulebook = load_rulebook(folder, env={})
    store = open_rulebook_store(rulebook, folder)
    store.admin.upgrade()
    topic = folder / "topics" / "metal.yaml"
    with served(folder):
        until(lambda: bool(store.admin.rulebooks(1)))
        with monkeypatch.context() as broken:
            broken.setattr("monitor.app.service.loaded_folder", lambda *_: 1 / 0)
            topic.write_text(TOPIC % "potash", encoding="utf-8")

            def notices() -> list[str]:
                sent = store.outbox.list(limit=100)
                return [item.payload.text for item in sent if isinstance(item.payload, NoticeText)]

            until(lambda: any("ZeroDivisionError" in text for text in notices()))
        topic.write_text(TOPIC % "nickel", encoding="utf-8")
        until(lambda: store.admin.rulebooks(1)[0].revision != rulebook.revision)
    store.admin.close()


def test_a_chat_that_is_gone_for_a_moment_keeps_what_it_is_to_be_sent(folder: Path) -> None:
    """A file cut off in the middle, or moved away and back, reads as an edit that takes chats away."""
    (folder / "monitor.yaml").write_text("web: {listen: off}\n", encoding="utf-8")
    chats = folder / "chats.yaml"
    chats.write_text(
        "chats:\n  - {id: 'console:main', operator: true}\n  - {id: 'console:second'}\n", encoding="utf-8"
    )
    rulebook = load_rulebook(folder, env={})
    store = open_rulebook_store(rulebook, folder)
    store.admin.upgrade()
    later = datetime.now(UTC) + timedelta(days=1)
    with served(folder):
        until(lambda: bool(store.admin.rulebooks(1)))
        waiting = delivery(key="waits", chat_id="console:second", state="pending", not_before=later)
        store.outbox.add([waiting], datetime.now(UTC))
        whole = chats.read_text(encoding="utf-8")
        for part in (whole[: whole.index("  - {id: 'console:second'")], None):
            chats.unlink() if part is None else chats.write_text(part, encoding="utf-8")
            time.sleep(1.5)
            chats.write_text(whole, encoding="utf-8")
            time.sleep(4)
            kept = store.outbox.get("waits")
            assert kept is not None
            assert kept.state == "pending"
        chats.write_text(whole[: whole.index("  - {id: 'console:second'")], encoding="utf-8")

        def state() -> str | None:
            found = store.outbox.get("waits")
            return None if found is None else found.state

        until(lambda: state() == "cancelled")
    store.admin.close()


@pytest.mark.parametrize("shelf", ["topics", "sources"])
def test_an_edit_that_leaves_nothing_to_watch_is_refused_and_told(folder: Path, shelf: str) -> None:
    """A folder that is not mounted, or moved away: taken as an edit it ends all alerts, and its return is
    held as a flood."""
    (folder / "monitor.yaml").write_text("web: {listen: off}\n", encoding="utf-8")
    (folder / "chats.yaml").write_text("chats: [{id: 'console:main', operator: true}]\n", encoding="utf-8")
    (folder / "sources").mkdir()
    (folder / "sources" / "mine.yaml").write_text(
        "sources: [{id: herald, url: 'http://127.0.0.1:1/feed', language: en}]\n", encoding="utf-8"
    )
    store = open_rulebook_store(load_rulebook(folder, env={}), folder)
    store.admin.upgrade()
    with served(folder) as service:
        until(lambda: bool(store.admin.rulebooks(1)))
        (folder / shelf).rename(folder.with_name("away"))

        def notices() -> list[str]:
            sent = store.outbox.list(limit=100)
            return [item.payload.text for item in sent if isinstance(item.payload, NoticeText)]

        until(lambda: any(f"no {shelf} are left" in text for text in notices()))
        assert set(service.rulebook.topics) == {"metal"}
        assert set(service.rulebook.sources) == {"herald"}
        folder.with_name("away").rename(folder / shelf)
        topic = folder / "topics" / "metal.yaml"
        topic.write_text(TOPIC % "nickel", encoding="utf-8")
        until(lambda: service.rulebook.topics["metal"].query == "nickel")
    store.admin.close()


def test_a_service_whose_database_file_was_replaced_ends_with_that_word(folder: Path) -> None:
    (folder / "monitor.yaml").write_text("web: {listen: off}\n", encoding="utf-8")
    service = Service(folder)
    file = folder.parent / "var" / "monitor.db"

    def replaced() -> None:
        service.store.admin.backup(str(file.with_name("copy.db")))
        file.with_name("copy.db").rename(file)

    with pytest.raises(StoreReplaced, match="another file was put in its place"):
        service.run(ready=replaced)


def test_an_edit_that_would_flood_is_held_and_told_until_it_is_accepted(
    monitor: Command, folder: Path
) -> None:
    (folder / "monitor.yaml").write_text("web: {listen: off}\n", encoding="utf-8")
    (folder / "chats.yaml").write_text("chats: [{id: 'console:main', operator: true}]\n", encoding="utf-8")
    rulebook = load_rulebook(folder, env={})
    store = open_rulebook_store(rulebook, folder)
    store.admin.upgrade()
    now = datetime.now(UTC)
    store_articles(store, [article(n, seen_at=now - timedelta(hours=1), published=now) for n in range(200)])
    topic = folder / "topics" / "metal.yaml"
    with served(folder) as service:
        until(store.admin.service_alive)
        until(lambda: bool(store.admin.rulebooks(1)))
        topic.write_text(TOPIC % "potash", encoding="utf-8")

        def notices() -> list[str]:
            sent = store.outbox.list(limit=100)
            return [item.payload.text for item in sent if isinstance(item.payload, NoticeText)]

        until(lambda: any("An edit is held" in text for text in notices()))
        (told,) = notices()
        assert "instead of 0" in told
        assert "monitor rules accept" in told
        assert store.admin.rulebooks(9)[0].revision == rulebook.revision, "the old rules stay in force"

        assert monitor("rules", "diff", "-c", folder).code == 1
        assert monitor("rules", "accept", "-c", folder).code == 0
        until(lambda: store.admin.rulebooks(1)[0].revision != rulebook.revision)
        assert service.store is not None
    store.admin.close()
