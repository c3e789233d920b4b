"""A desk over a real store, and people who talk to it without a network."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from contextlib import contextmanager
from dataclasses import dataclass, field
from datetime import UTC, datetime, timedelta
from typing import Any

from monitor.bot.dispatcher import Dispatcher
from monitor.bot.request import Reply, Request
from monitor.core.query.engine.matcher import Matcher
from monitor.core.rulebook import Rulebook, with_watches
from monitor.core.story.place import NO_FEATURES
from monitor.core.text.fingerprint import url_key
from monitor.model import (
    Article,
    Button,
    Chat,
    Fingerprint,
    Job,
    Match,
    NoveltyVerdict,
    Outcome,
    Placed,
    Placement,
    Settings,
    Snapshot,
    Source,
    Span,
    TelegramSettings,
    Topic,
)
from monitor.ports import Store
from monitor.store import open_store
from tests.support.botapi.entities import parse_html, units

NOW = datetime(2026, 11, 23, 12, 0, tzinfo=UTC)
ANN, BOB, ADMIN, STRANGER = 501, 502, 900, 666
GROUP = -100777
TOPICS = (
    Topic(id="potash", title="Potash & sanctions", query="potash", hashtag="Potash"),
    Topic(id="prisoners", title="Political prisoners", query="prisoners"),
    Topic(id="resting", title="Off", query="off", enabled=False),
)
SOURCES = (
    Source(
        id="herald", name="The Herald", kind="feed", url="https://herald.test/", site="https://herald.test"
    ),
)


@dataclass(slots=True)
class Town:
    """The desk, its store and clock, and what people say there."""

    desk: Dispatcher
    store: Store
    clock: list[datetime]
    rulebook: list[Rulebook] = field(default_factory=list)

    @property
    def now(self) -> datetime:
        return self.clock[0]

    def later(self, span: timedelta) -> None:
        self.clock[0] += span

    def say(
        self, command: str, argument: str = "", *, user: int | None = ANN, **changes: Any
    ) -> Reply | None:
        asked = question(command, argument, user=user, **changes)
        reply = self.desk.handle(asked)
        if reply is not None:
            well_formed(reply)
        return reply

    def said(self, command: str, argument: str = "", **changes: Any) -> Reply:
        reply = self.say(command, argument, **changes)
        assert reply is not None
        return reply

    def text(self, command: str, argument: str = "", **changes: Any) -> str:
        return parse_html(self.said(command, argument, **changes).html)[0]

    def press(self, action: str, *, user: int | None = ANN, **changes: Any) -> Reply:
        reply = self.desk.press(question("press", action, user=user, **changes))
        well_formed(reply)
        return reply

    def tap(self, reply: Reply, text: str, **changes: Any) -> Reply:
        return self.press(button(reply, text).action, **changes)

    def chat(self, chat_id: str = f"telegram:{ANN}") -> Chat:
        found = self.store.chats.chat(chat_id)
        assert found is not None
        return found

    def topics(self, chat_id: str = f"telegram:{ANN}") -> list[str]:
        found = self.store.chats.chat(chat_id)
        return [item.topic_id for item in found.subscriptions if item.mode != "off"] if found else []


def question(command: str, argument: str = "", *, user: int | None = ANN, **changes: Any) -> Request:
    address = str(changes.pop("chat", user or ANN))
    given: dict[str, Any] = {
        "command": command,
        "argument": argument,
        "chat_id": f"telegram:{address}",
        "address": address,
        "title": "Ann",
        "user_id": user,
        "group": address.startswith("-"),
        "said_in": f"telegram:{address}",
    }
    return Request(**(given | changes))


def button(reply: Reply, text: str) -> Button:
    found = [each for row in reply.buttons for each in row if text in each.text]
    assert found, f"no button {text!r} among {[each.text for row in reply.buttons for each in row]}"
    return found[0]


def well_formed(reply: Reply) -> None:
    """What Telegram would refuse."""
    text, _ = parse_html(reply.html)
    assert units(text) <= (1024 if reply.file else 4096)
    assert len(reply.toast) <= 200
    for row in reply.buttons:
        for each in row:
            assert each.text.strip()
            assert len(each.action.encode()) <= 64 - 13, each.action


@contextmanager
def town(url: str = "sqlite://", **telegram: Any) -> Iterator[Town]:
    """``telegram`` changes the bot's settings: by default Ann and Bob are on the list."""
    given: dict[str, Any] = {"admins": (ADMIN,), "allowed": (ANN, BOB), "access": "allow-list"}
    clock = [NOW]
    store = open_store(url, now=lambda: clock[0])
    store.admin.upgrade()
    operators = Rulebook(
        revision="0123456789abcdef",
        settings=Settings(telegram=TelegramSettings(**(given | telegram)), timezone="Europe/Vilnius"),
        topics={topic.id: topic for topic in TOPICS},
        sources={source.id: source for source in SOURCES},
        matcher=Matcher.build(TOPICS),
    )
    rulebook = [with_watches(operators, store.watches.all())]

    def refresh() -> None:
        rulebook[0] = with_watches(operators, store.watches.all())

    try:
        yield Town(Dispatcher(store, lambda: rulebook[0], lambda: clock[0], refresh), store, clock, rulebook)
    finally:
        store.admin.close()


def article(number: int, **changes: Any) -> Article:
    title = f"Banks <{number}> & potash"
    text = f"Minister number {number} banned potash exports. The price of bread rose by {number}."
    given: dict[str, Any] = {
        "id": f"a{number}",
        "entry_id": f"e{number}",
        "source_id": "herald",
        "source_name": "The Herald",
        "url": f"https://herald.test/{number}",
        "canonical_url": f"https://herald.test/{number}?a=1&b=2",
        "title": title,
        "text": text,
        "lead": text[:40],
        "language": "en",
        "tier": "independent",
        "seen_at": NOW - timedelta(minutes=number),
        "published": NOW - timedelta(minutes=number),
    }
    given |= changes
    given["fingerprint"] = Fingerprint(
        version=1, url_key=url_key(given["canonical_url"]), text_key=f"t{number}", headline_key=f"h{number}"
    )
    return Article(**given)


def store_articles(store: Store, articles: Sequence[Article], *topics: str) -> None:
    """Put articles into the archive, each a story of its own, matched by these topics."""
    for item in articles:
        job = Job(kind="read", key=item.entry_id, host_key="", not_before=NOW)
        store.jobs.add([job], NOW)
        (claimed,) = store.jobs.claim(now=NOW + timedelta(days=1), owner="t", epoch=1, limit=1)
        at = item.text.find("potash")
        span = Span(field="body", start=at, end=at + 6, text="potash", term="potash")
        matches = tuple(Match(topic_id=topic, score=0.5, spans=(span,)) for topic in topics)
        placed = Placed(
            article=item,
            placement=Placement(verdict="new", article_id=item.id, story_id=f"s-{item.id}"),
            matches=matches,
            features=NO_FEATURES,
            basis=Snapshot(),
            news=NoveltyVerdict(kind="opens"),
        )
        store.jobs.commit(claimed, Outcome(placed=(placed,)), now=NOW)
    store.articles.index()
