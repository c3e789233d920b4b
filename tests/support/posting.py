"""The real jobs and senders against the Bot API server, with a scripted web and clock."""

from __future__ import annotations

import dataclasses
from collections.abc import Iterator
from contextlib import contextmanager
from datetime import timedelta
from typing import Any

from monitor.channels import webhook
from monitor.channels.telegram import channel as telegram
from monitor.channels.telegram.channel import TelegramChannel
from monitor.channels.webhook import WebhookChannel
from monitor.chores.notices import tell_operators
from monitor.jobs.deliver import deliver, pace_of, resend_unsure
from monitor.jobs.digests import collect_digests
from monitor.jobs.run import run_job
from monitor.model import Chat, Delivery, Event, Job, Subscription
from monitor.ports import Channel, Ports
from tests.support.botapi.server import BotApiServer, LedgerRow
from tests.support.made_up import event
from tests.unit.jobs.test_run import World

CHAT = 501
OPERATOR = 900
TOPIC = -1000000000700


@dataclasses.dataclass
class Post:
    """A service that sends to Telegram and to webhooks, one step after the other."""

    ports: Ports
    world: World
    server: BotApiServer

    def article(self, number: int, *, source: str = "herald", words: int | None = None) -> None:
        """An outlet publishes; articles of the same ``words`` tell one story."""
        subject, *rest = event(90, number if words is None else words).split()
        body = f"Lukashenko said so. {' '.join(rest)}."
        title = f"Lukashenko on {subject} {rest[0]} {rest[1]}"
        if words is not None:
            title = f"{title} ({number})"
        self.world.listed.clear()
        self.world.list_entry(number, title, source=source, body=body)
        self.ports.store.jobs.add([Job(kind="poll", key=source)], self.world.moment)
        self.run(2)

    def correct(self, number: int, title: str, *, source: str = "herald") -> None:
        """An outlet changes the headline of an article, and its page is looked at again."""
        url = f"https://{source}.example/{number}"
        page = self.world.pages[url]
        assert isinstance(page, str)
        before = page.partition("<h1>")[2].partition("</h1>")[0]
        self.world.pages[url] = page.replace(before, title)
        # The next look is due later today; this outlet is quick.
        soon = self.world.moment + timedelta(days=1)
        for job in self.ports.store.jobs.claim(now=soon, owner="test", epoch=self.ports.epoch, limit=9):
            run_job(job, self.ports)
        article = self.ports.store.articles.article(url)
        assert article is not None
        assert article.title == title

    def titles(self) -> list[str]:
        """The headlines of all articles so far."""
        found = self.ports.store.articles.latest(limit=100)
        return [item.title for item in found]

    def events(self, text: str) -> list[Event]:
        return [Event(kind="broke", subject="herald", text=text, at=self.world.moment)]

    def run(self, seconds: float) -> None:
        """What an engine does in this time; where nothing is due it passes quickly."""
        end = self.world.moment + timedelta(seconds=seconds)
        while self.world.moment < end:
            ports, now = self.ports, self.world.moment
            jobs = ports.store.jobs.claim(now=now, owner="test", epoch=ports.epoch, limit=9)
            for job in jobs:
                run_job(job, ports)
            resend_unsure(ports)
            collect_digests(ports)
            tell_operators(ports.store, now=now)
            due = ports.store.outbox.claim(
                now=now, owner="test", epoch=ports.epoch, limit=4, lease_s=60, pace=pace_of(ports)
            )
            for item in due:
                deliver(item, ports)
            soonest = now + timedelta(seconds=1)
            if not jobs and not due:
                next_due = ports.store.outbox.next_due(now)
                later = min(end, now + timedelta(seconds=120), next_due or end)
                soonest = max(soonest, later)
            self.world.moment = soonest

    def seen(self, chat_id: int = CHAT) -> list[LedgerRow]:
        """What stands in a chat, edits left out."""
        rows = (row for row in self.server.ledger if row.chat_id == chat_id)
        return [row for row in rows if row.method != "editMessageText"]

    def headlines(self, chat_id: int = CHAT) -> str:
        """Everything that a chat was told."""
        return "\n".join(row.text for row in self.seen(chat_id))

    def stored(self, *states: str) -> list[Delivery]:
        return list(self.ports.store.outbox.list(states=states, limit=500))

    def prefer(self, chat_id: str, **changes: object) -> None:
        assert self.ports.store.chats.prefer(chat_id, changes, self.world.moment)

    def chat(self, chat_id: str = f"telegram:{CHAT}") -> Chat:
        found = self.ports.store.chats.chat(chat_id)
        assert found is not None
        return found


def followed(chat_id: str, *, topic: str = "*", **changes: Any) -> Chat:
    channel, _, address = chat_id.partition(":")
    own = (Subscription(chat_id=chat_id, topic_id=topic),)
    return Chat(id=chat_id, channel=channel, address=address, subscriptions=own, **changes)


@contextmanager
def post_to(ports: Ports, world: World, *chats: Chat, operator: bool = True) -> Iterator[Post]:
    """A post office for these chats, and an operator's chat."""
    with BotApiServer() as server:
        server.add_chat(CHAT)
        server.add_chat(OPERATOR)
        server.add_chat(TOPIC, chat_type="supergroup", threads=(7,))
        told = [Chat(id=f"telegram:{OPERATOR}", channel="telegram", address=str(OPERATOR), operator=True)]
        ports.store.chats.sync([*chats, *(told if operator else [])], world.moment)
        channel = TelegramChannel(server.token, base_url=server.base_url, read_timeout_s=2)
        opened: dict[str, Channel] = {"telegram": channel, "webhook": WebhookChannel(read_timeout_s=2)}
        kinds = {"telegram": telegram.KIND, "webhook": webhook.KIND}
        try:
            rulebook = ports.rulebook()
            # Words alone: invented texts must not be alike because a model finds them so.
            stories = dataclasses.replace(rulebook.settings.stories, semantic=False)
            settings = dataclasses.replace(rulebook.settings, stories=stories)
            # The options of chats stand in the files alone.
            files = {chat.id: chat for chat in chats if chat.options}
            changed = dataclasses.replace(rulebook, settings=settings, chats={**rulebook.chats, **files})
            ports = dataclasses.replace(ports, channels=opened, channel_kinds=kinds, rulebook=lambda: changed)
            yield Post(ports, world, server)
        finally:
            channel.close()
