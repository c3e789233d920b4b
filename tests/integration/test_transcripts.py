"""A subscriber's way, word for word: set-up, alert, why, mute, digest, stop; in English and in Russian.

The real bot, channel, store and senders against the Bot API server on loopback. What stands in the chat is
compared with ``tests/data/transcripts``. After a wanted change run

    .venv/bin/python -m tests.integration.test_transcripts

and review the diff: every line of it is what somebody reads.
"""

from __future__ import annotations

import dataclasses
import sys
import tempfile
import time
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from datetime import datetime, timedelta
from pathlib import Path

import pytest

from monitor.bot import Bot
from monitor.channels.telegram import channel as telegram
from monitor.channels.telegram.channel import TelegramChannel
from monitor.core.delivery.plan import plan
from monitor.core.query.engine.matcher import Matcher
from monitor.core.rulebook import Rulebook, with_watches
from monitor.jobs.deliver import deliver, pace_of
from monitor.jobs.digests import collect_digests
from monitor.model import Fetched, FetchRequest, Placement, Settings, TelegramSettings
from monitor.ports import Ports, Store
from monitor.store import open_store
from tests.support.botapi.ledger import LedgerRow
from tests.support.botapi.server import BotApiServer
from tests.support.conversation import ANN, NOW, SOURCES, TOPICS, article, store_articles

GOLDEN = Path(__file__).parents[1] / "data" / "transcripts"
PATIENCE_S = 10.0
VISIBLE = frozenset({"sendMessage", "sendPhoto", "editMessageText", "editMessageReplyMarkup"})
HERS = f"telegram:{ANN}"


@dataclasses.dataclass
class Talk:
    """A chat, its service and the clock; ``lines`` is what stands in the chat so far."""

    server: BotApiServer
    ports: Ports
    clock: list[datetime]
    language: str
    lines: list[str] = dataclasses.field(default_factory=list)
    seen: int = 0

    def say(self, text: str, *, reply_to: int | None = None) -> None:
        self.lines.append(f"> {text}" + (" (reply)" if reply_to else ""))
        self._answered(
            lambda: self.server.say(ANN, text, name="Ann", language=self.language, reply_to=reply_to)
        )

    def tap(self, text: str, *, message_id: int | None = None) -> None:
        self.lines.append(f"> [{text}]")
        self._answered(lambda: self.server.tap(ANN, text, message_id=message_id, language=self.language))

    def alert(self, number: int) -> None:
        """An article comes out and is told; the message's number."""
        item = article(number, seen_at=self.clock[0], published=self.clock[0])
        store = self.ports.store
        store_articles(store, [item], "potash")
        chat = store.chats.chat(HERS)
        assert chat is not None
        planned = plan(
            article=item,
            placement=Placement(verdict="new", article_id=item.id, story_id=f"s-{item.id}"),
            matches=store.articles.matches(item.id),
            already=(),
            told={},
            chats=[chat],
            topics=self.ports.rulebook().named,
            now=self.clock[0],
        )
        store.outbox.add(planned, self.clock[0])
        self.lines.append(f"· article {number} comes out")
        self.send()

    def later(self, span: timedelta) -> None:
        """Time passes; what is due is sent."""
        self.clock[0] += span
        self.lines.append(f"· {self.clock[0]:%d %b %H:%M} UTC")
        collect_digests(self.ports)
        self.send()

    def send(self) -> None:
        ports = self.ports
        for _ in range(5):
            due = ports.store.outbox.claim(
                now=ports.now(), owner="test", epoch=0, limit=4, lease_s=60, pace=pace_of(ports)
            )
            for item in due:
                deliver(item, ports)
            self.clock[0] += timedelta(seconds=2)
        self._take()

    def newest(self) -> int:
        return self.server.ledger[-1].message_id

    def _answered(self, act: Callable[[], object]) -> None:
        """Each command and each press is answered by one message, new or changed."""
        before = self._changes()
        act()
        deadline = time.monotonic() + PATIENCE_S
        while self._changes() == before:
            assert time.monotonic() < deadline, self.lines
            time.sleep(0.005)
        self._take()
        self.clock[0] += timedelta(seconds=5)

    def _changes(self) -> int:
        """Calls are noted when they are answered, so the chat is then as the ledger says."""
        return sum(call.method in VISIBLE for call in self.server.calls)

    def _take(self) -> None:
        rows = self.server.ledger[self.seen :]
        self.seen += len(rows)
        for row in rows:
            self.lines += _shown(row)


def _shown(row: LedgerRow) -> list[str]:
    mark = {"editMessageText": "✎ ", "editMessageReplyMarkup": "✎ ", "sendPhoto": "🖼 "}.get(row.method, "")
    said = row.text if row.method != "editMessageReplyMarkup" else ""
    if row.method == "answerCallbackQuery":
        return [f"< ({said})"]
    lines = [f"< {mark}{said}".rstrip()]
    return [*lines, *("    " + " ".join(f"[{text}]" for text in texts) for texts in row.buttons)]


@contextmanager
def talk(language: str, folder: Path) -> Iterator[Talk]:
    clock = [NOW]
    store: Store = open_store(f"sqlite:///{folder / 'monitor.db'}", now=lambda: clock[0])
    store.admin.upgrade()
    with BotApiServer() as server:
        settings = TelegramSettings(token=server.token, base_url=server.base_url, access="open")
        rulebook = with_watches(
            Rulebook(
                revision="r",
                settings=Settings(telegram=settings),
                topics={topic.id: topic for topic in TOPICS},
                sources={source.id: source for source in SOURCES},
                matcher=Matcher.build(TOPICS),
            ),
            (),
        )
        channel = TelegramChannel(server.token, base_url=server.base_url, read_timeout_s=5)
        ports = Ports(
            store=store,
            fetch=_no_web,
            kinds={},
            channels={"telegram": channel},
            channel_kinds={"telegram": telegram.KIND},
            rulebook=lambda: rulebook,
            now=lambda: clock[0],
            owner="test",
        )
        bot = Bot(store=store, rulebook=lambda: rulebook, now=lambda: clock[0], settings=settings)
        bot.start()
        try:
            yield Talk(server, ports, clock, language)
        finally:
            bot.stop()
            channel.close()
            store.admin.close()


def _no_web(request: FetchRequest) -> Fetched:
    raise AssertionError(f"nobody asks the web here: {request.url}")


WORDS = {
    "en": ("English", "Next", "Why", "Details", "Mute", "Back", "/digest daily 18:00"),
    "ru": ("Русский", "Дальше", "Почему", "Подробнее", "Заглушить", "Назад", "/digest каждый день в 18"),
}


def transcript(language: str, folder: Path) -> str:
    """The whole way of one subscriber."""
    name, onward, why, details, mute, back, digest = WORDS[language]
    with talk(language, folder) as chat:
        chat.say("/start")
        chat.tap(name)
        chat.tap("Potash")
        chat.tap(onward)
        chat.tap(back)
        chat.tap(onward)
        chat.tap("Минск" if language == "ru" else "Minsk")
        chat.alert(1)
        alert = chat.newest()
        chat.tap(why, message_id=alert)
        chat.tap(details, message_id=chat.newest())
        chat.tap(mute, message_id=alert)
        chat.tap("The Herald", message_id=alert)
        chat.say("/mutes")
        chat.tap("The Herald")
        chat.say(digest)
        chat.alert(2)
        chat.alert(3)
        chat.later(timedelta(hours=8))
        chat.say("/stop")
        chat.say("/start")
        return "\n".join(chat.lines) + "\n"


@pytest.mark.parametrize("language", sorted(WORDS))
def test_a_subscriber_reads_what_a_person_has_reviewed(language: str, tmp_path: Path) -> None:
    assert transcript(language, tmp_path) == (GOLDEN / f"{language}.txt").read_text(encoding="utf-8")


def regenerate() -> None:
    """Write both transcripts anew."""
    for language in WORDS:
        with tempfile.TemporaryDirectory() as folder:
            path = GOLDEN / f"{language}.txt"
            path.write_text(transcript(language, Path(folder)), encoding="utf-8")
            sys.stdout.write(f"{path}\n")


if __name__ == "__main__":
    regenerate()
