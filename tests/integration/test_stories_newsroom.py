"""The newsroom's articles through the read job in twenty random orders: one alert a chat and story."""

from __future__ import annotations

import dataclasses
import random
from collections import Counter, defaultdict
from collections.abc import Iterator, Sequence
from dataclasses import dataclass, field
from datetime import UTC, datetime, timedelta
from pathlib import Path

import pytest
from pydantic import BaseModel

from monitor.app import load_rulebook
from monitor.core.fingerprint import entry_id
from monitor.core.rulebook import Rulebook
from monitor.demo.newsroom_seeds import NewsroomArticle, bundled, load
from monitor.jobs.deliver import deliver
from monitor.jobs.run import run_job
from monitor.model import (
    Chat,
    Entry,
    FetchSettings,
    Job,
    Message,
    Outcome,
    Receipt,
    Sent,
    Source,
    Subscription,
)
from monitor.ports import ChannelKind, Ports
from monitor.store import open_store

SEEDS = load(bundled("seeds/newsroom"))
FIRSTS = tuple(item for item in SEEDS.articles if item.revision_of is None)
START = datetime(2026, 11, 23, 12, 0, tzinfo=UTC)
ORDERS = 20
CHAT = "screen:1"


class NoOptions(BaseModel):
    """Nothing to set."""


@dataclass(slots=True)
class Screen:
    """One chat's messages as they read now."""

    moment: datetime = START
    sent: list[Message] = field(default_factory=list)
    shown: dict[str, Message] = field(default_factory=dict)

    def send(self, _chat: Chat, message: Message) -> Receipt:
        self.sent.append(message)
        name = message.edit_of or str(len(self.sent))
        self.shown[name] = message
        return Sent(message_id=name)

    def close(self) -> None:
        """Nothing is open."""

    def now(self) -> datetime:
        return self.moment


@pytest.fixture(scope="module")
def rulebook(tmp_path_factory: pytest.TempPathFactory) -> Rulebook:
    """The shipped topics, the newsroom's outlets, one chat that hears everything."""
    folder = tmp_path_factory.mktemp("config")
    (folder / "topics").symlink_to(Path(bundled("config")) / "topics")
    plain = load_rulebook(folder, env={})
    sources = {
        outlet.id: Source(
            id=outlet.id, name=outlet.name, kind="feed", url=f"https://{outlet.id}.example/", tier=outlet.tier
        )
        for outlet in SEEDS.outlets.values()
    }
    chat = Chat(
        id=CHAT,
        channel="screen",
        address="1",
        subscriptions=(Subscription(chat_id=CHAT, topic_id="*"),),
    )
    return Rulebook(
        revision="r1",
        # Entries carry their texts: what the web adds is not the matter here.
        settings=dataclasses.replace(plain.settings, fetch=FetchSettings(full_pages=False)),
        topics=plain.topics,
        sources=sources,
        chats={chat.id: chat},
        matcher=plain.matcher,
    )


@pytest.fixture
def screen() -> Screen:
    return Screen()


@pytest.fixture
def ports(screen: Screen, rulebook: Rulebook) -> Iterator[Ports]:
    store = open_store("sqlite://", now=screen.now)
    store.admin.upgrade()
    store.chats.sync(tuple(rulebook.chats.values()), START)
    kind = ChannelKind(
        name="screen", options=NoOptions, open=lambda _rulebook: screen, is_group=lambda _address: False
    )
    yield Ports(
        store=store,
        fetch=lambda request: pytest.fail(f"nothing is to be fetched, {request.url} was"),
        kinds={},
        channels={"screen": screen},
        channel_kinds={"screen": kind},
        rulebook=lambda: rulebook,
        now=screen.now,
        owner="test",
        epoch=store.admin.acquire_service(),
    )
    store.admin.close()


def entry(item: NewsroomArticle) -> Entry:
    """The article as a full-text feed lists it."""
    url = f"https://{item.outlet}.example/{item.slug}"
    return Entry(
        id=entry_id(item.outlet, url, url, item.headline),
        source_id=item.outlet,
        guid=url,
        url=url,
        title=item.headline,
        content="".join(f"<p>{part}</p>" for part in item.paragraphs),
        published=START,
        authors=item.authors,
        language=item.language,
        stamp="1",
        seen_at=START,
    )


def read_all(ports: Ports, screen: Screen, items: Sequence[NewsroomArticle]) -> dict[str, str]:
    """Read one article after the other, sending what is due; then let all edits out. Article → story."""
    stories = {}
    for item in items:
        listed = entry(item)
        poll, read = (
            Job(kind="poll", key=item.outlet),
            Job(kind="read", key=listed.id),
        )
        ports.store.jobs.add([poll], screen.moment)
        (job,) = ports.store.jobs.claim(now=screen.moment, owner="test", epoch=ports.epoch, limit=1)
        ports.store.jobs.commit(job, Outcome(entries=(listed,), jobs=(read,)), now=screen.moment)
        (job,) = ports.store.jobs.claim(now=screen.moment, owner="test", epoch=ports.epoch, limit=1)
        run_job(job, ports)
        send(ports, screen)
        screen.moment += timedelta(seconds=30)
    send(ports, screen, minutes=10)
    for item in items:
        trace = ports.store.articles.trace(entry(item).url)
        assert trace is not None
        stories[item.id] = str(trace["placement"]["story_id"])  # type: ignore[index]
    return stories


def send(ports: Ports, screen: Screen, *, minutes: int = 0) -> None:
    for _ in range(minutes * 60 + 1):
        for item in ports.store.outbox.claim(
            now=screen.moment, owner="test", epoch=ports.epoch, limit=9, lease_s=60
        ):
            deliver(item, ports)
        screen.moment += timedelta(seconds=1 if minutes else 0)
        if not ports.store.outbox.open_count():
            return


def b_cubed(found: dict[str, str], truth: dict[str, str]) -> tuple[float, float]:
    """Precision and recall, the mean over articles."""
    ours, theirs = defaultdict(set), defaultdict(set)
    for name in found:
        ours[found[name]].add(name)
        theirs[truth[name]].add(name)
    both = [(ours[found[name]] & theirs[truth[name]], name) for name in found]
    precision = sum(len(shared) / len(ours[found[name]]) for shared, name in both) / len(found)
    return precision, sum(len(shared) / len(theirs[truth[name]]) for shared, name in both) / len(found)


@pytest.mark.parametrize("seed", range(ORDERS))
def test_one_alert_a_story_edited_and_replied_to(ports: Ports, screen: Screen, seed: int) -> None:
    order = random.Random(seed).sample(FIRSTS, len(FIRSTS))
    stories = read_all(ports, screen, order)
    precision, recall = b_cubed(stories, {item.id: item.story for item in FIRSTS})
    assert precision > 0.75
    assert recall > 0.75
    _check_screen(ports, screen, stories)


def _check_screen(ports: Ports, screen: Screen, stories: dict[str, str]) -> None:
    alerts, replies = Counter[str](), Counter[str]()
    for name, message in screen.shown.items():
        story = ports.store.articles.story(str(message.data["story"]))
        assert story is not None
        if message.reply_to is not None:
            replies[story.id] += 1
            assert message.data["news"], "a reply says what is new"
            assert int(message.reply_to) < int(name)
            continue
        alerts[story.id] += 1
        outlets = {item.source_name for item in story.articles} - {message.data["outlet"]}
        assert set(message.data["also_in"]) == outlets, "the alert names every outlet of its story"  # type: ignore[call-overload]
    merged = {story for story, count in alerts.items() if count > 1}
    assert alerts.total() - len(alerts) <= len(merged)
    assert max(replies.values(), default=0) <= ports.rulebook().settings.stories.replies_a_day
    matched = {item.id for item in FIRSTS if item.must and ports.store.articles.story(stories[item.id])}
    assert {stories[name] for name in matched} - set(alerts) == set(), "lost"


@pytest.mark.parametrize("seed", range(3))
def test_copies_hang_under_their_first_whatever_comes_first(ports: Ports, screen: Screen, seed: int) -> None:
    order = random.Random(100 + seed).sample(FIRSTS, len(FIRSTS))
    stories = read_all(ports, screen, order)
    for item in FIRSTS:
        if item.copy in {"exact", "cut"} and item.copy_of is not None:
            assert stories[item.id] == stories[item.copy_of], item.id
