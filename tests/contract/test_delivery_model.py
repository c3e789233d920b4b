"""Delivery against a judge: clock, crashes and a failing channel, driven and shrunk by hypothesis.

The sender is the real one (``jobs.deliver``) on a real store. What stands in are the clock, the fate
that ends the process between two commits, and the channel, which keeps a ledger of what people saw
before it answers.
"""

from __future__ import annotations

import dataclasses
from collections.abc import Iterator, Mapping
from contextlib import contextmanager
from datetime import UTC, datetime, timedelta
from typing import Any, cast

import pytest
from hypothesis import HealthCheck, settings
from hypothesis import strategies as st
from hypothesis.stateful import RuleBasedStateMachine, invariant, rule, run_state_machine_as_test
from pydantic import BaseModel

from monitor.chores.crash_points import watched_channels, watched_store
from monitor.core.message.alert import REPEAT_MARK
from monitor.core.message.pictures import pictures_after
from monitor.core.query.engine.matcher import Matcher
from monitor.core.rulebook import Rulebook
from monitor.jobs.deliver import deliver, pace_of, resend_unsure
from monitor.jobs.digests import collect_digests
from monitor.model import (
    Alert,
    AlertSettings,
    Blocked,
    Chat,
    Delivery,
    Message,
    Receipt,
    Refused,
    Sent,
    Settings,
    Throttled,
    Unsent,
    Unsure,
)
from monitor.ports import ChannelKind, Ports, Store
from tests.support.records import article

NOW = datetime(2026, 5, 4, 9, 30, tzinfo=UTC)
PEOPLE = ("ann", "bob", "hold", "-group")
PICTURED = ("ann", "hold", "-group")
ALBUM = tuple(f"https://outlet.test/{number}.jpg" for number in range(3))
ALERTS = AlertSettings(
    per_second=3, per_chat_per_second=1, per_group_per_minute=20, unsure_resend_after_s=5, hourly_budget=6
)
FAULTS = ("throttled", "unsent", "refused", "formatting", "taken", "hang")
POINTS = ("outbox.claim:after", "channel.send:before", "channel.send:after", "outbox.finish:after")


class Killed(BaseException):
    """The process is gone: nothing after this line runs."""


@dataclasses.dataclass
class Seen:
    """One message as a person sees it."""

    at: datetime
    text: str
    marked: bool
    key: str


class Judge:
    """The channel: what it shows, what it refuses, and the moments of both."""

    def __init__(self) -> None:
        self.now = NOW
        self.seen: dict[str, list[Seen]] = {}
        self.tries: list[tuple[datetime, str, int]] = []
        self.closed_until: dict[str, datetime] = {}
        self.next_faults: dict[str, list[str]] = {}
        self.early: list[str] = []

    def send(self, chat: Chat, message: Message) -> Receipt:
        if self.now < self.closed_until.get(chat.id, NOW):
            self.early.append(message.key)
        self.tries.append((self.now, chat.id, len(message.pictures) or 1))
        planned = self.next_faults.get(chat.id, [])
        fault = planned.pop(0) if planned else "none"
        if fault in {"none", "taken", "hang"}:
            seen = Seen(self.now, message.plain, REPEAT_MARK in message.plain, message.key)
            self.seen.setdefault(chat.id, []).append(seen)
        if fault == "throttled":
            self.closed_until[chat.id] = self.now + timedelta(seconds=9)
        answers: Mapping[str, Receipt] = {
            "throttled": Throttled(retry_after_s=9),
            "unsent": Unsent(reason="refused"),
            "refused": Refused(reason="chat not found"),
            "formatting": Refused(reason="can't parse", formatting=True),
            "taken": Unsure(reason="502"),
            "hang": Unsure(reason="timeout"),
            "blocked": Blocked(reason="kicked"),
        }
        return answers.get(fault, Sent(message_id=str(len(self.tries))))

    def close(self) -> None:
        """Nothing is open."""


class NoOptions(BaseModel):
    """Nothing to set."""


class Machine(RuleBasedStateMachine):
    """A service that sends, dies and comes back, while alerts come in."""

    store: Store
    runs = 0

    def __init__(self) -> None:
        super().__init__()
        type(self).runs += 1
        self.prefix = f"r{type(self).runs}"
        self.channel = f"model{self.prefix}"
        self.judge = Judge()
        self.numbers: dict[str, int] = {}
        self.planned: dict[str, Delivery] = {}
        self.albums: dict[str, str] = {}  # key of the pictures → key of their alert
        self.epoch = 1
        self.dies_at = ""
        self.store.chats.sync([self.person(name) for name in PEOPLE], NOW)

    def person(self, name: str) -> Chat:
        chat_id = f"{self.channel}:{name}{self.prefix}"
        policy = "hold" if name == "hold" else "resend"
        return Chat(
            id=chat_id,
            channel=self.channel,
            address=name + self.prefix,
            unsure=policy,  # type: ignore[arg-type]
            pictures="album" if name in PICTURED else "off",
        )

    def ports(self) -> Ports:
        kind = ChannelKind(
            name=self.channel,
            options=NoOptions,
            open=lambda _rulebook: self.judge,
            is_group=lambda address: address.startswith("-"),
            paced=True,
        )
        rulebook = Rulebook(revision="r", settings=Settings(alerts=ALERTS), matcher=Matcher.build(()))
        return Ports(
            store=watched_store(self.store, self.fate),
            fetch=cast("Any", None),
            kinds={},
            channels=watched_channels({self.channel: self.judge}, self.fate),
            channel_kinds={self.channel: kind},
            rulebook=lambda: rulebook,
            now=lambda: self.judge.now,
            owner="me",
            epoch=self.epoch,
        )

    def fate(self, point: str) -> None:
        if point == self.dies_at:
            self.dies_at = ""
            raise Killed

    @contextmanager
    def mortal(self) -> Iterator[None]:
        """What ends with the process is followed by the next one's start."""
        try:
            yield
        except Killed:
            self.epoch += 1
            for item in self.store.outbox.list(states=("sending",), limit=100):
                if item.chat_id.startswith(f"{self.channel}:"):
                    # Had it been refused, nobody knows any more how long to wait.
                    self.judge.closed_until.pop(item.chat_id, None)
            self.store.outbox.recover(epoch=self.epoch, now=self.judge.now)

    @rule(name=st.sampled_from(PEOPLE), count=st.integers(1, 4), minutes=st.sampled_from([0, 0, 0, 2]))
    def alerts(self, name: str, count: int, minutes: int) -> None:
        """Alerts come in, some held on purpose."""
        self.post(name, count, state="pending", not_before=self.judge.now + timedelta(minutes=minutes))

    @rule(name=st.sampled_from(PEOPLE), count=st.integers(1, 3), minutes=st.integers(0, 2))
    def collected(self, name: str, count: int, minutes: int) -> None:
        """Alerts come in for a digest."""
        self.post(name, count, state="collected", not_before=self.judge.now + timedelta(minutes=minutes))

    def post(self, name: str, count: int, **changes: Any) -> None:
        chat = self.person(name)
        for _ in range(count):
            number = self.numbers[name] = self.numbers.get(name, 0) + 1
            key = f"{chat.id}/{number}"
            alert = Alert(
                story_id=key,
                article_id=key,
                headline=f"Alert {number}.",
                url=f"https://outlet.test/{number}",
                outlet="Outlet",
                tier="",
                language="en",
                published=None,
                seen_at=self.judge.now,
                excerpt="",
                highlights=(),
                headline_highlights=(),
                topics=(),
            )
            made = Delivery(
                key=key,
                chat_id=chat.id,
                kind="alert",
                payload=alert,
                created_at=self.judge.now,
                not_before=self.judge.now,
                story_id=key,
            )
            self.planned[key] = dataclasses.replace(made, **changes)
            shown = article(pictures=ALBUM if number % 2 else ())
            rows = [self.planned[key], *pictures_after(self.planned[key], shown, chat)]
            self.albums.update({item.key: key for item in rows[1:]})
            assert self.store.outbox.add(rows, self.judge.now) == len(rows)

    @rule(name=st.sampled_from(PEOPLE), fault=st.sampled_from(FAULTS), point=st.sampled_from(("", *POINTS)))
    def trouble(self, name: str, fault: str, point: str) -> None:
        """What will go wrong next: with this chat, and with the process."""
        self.judge.next_faults.setdefault(self.person(name).id, []).append(fault)
        self.dies_at = point or self.dies_at

    @rule(steps=st.integers(1, 6))
    def work(self, steps: int) -> None:
        """What the engine does, over and over, one send after the other."""
        for _ in range(steps):
            ports = self.ports()
            with self.mortal():
                resend_unsure(ports)
                collect_digests(ports)
                for item in ports.store.outbox.claim(
                    now=self.judge.now, owner="me", epoch=self.epoch, limit=4, lease_s=60, pace=pace_of(ports)
                ):
                    deliver(item, ports)
            self.judge.now += timedelta(seconds=0.4)

    @rule(seconds=st.sampled_from([1, 10, 60, 4000]))
    def wait(self, seconds: int) -> None:
        """Time passes."""
        self.judge.now += timedelta(seconds=seconds)

    @invariant()
    def nothing_is_early_or_too_fast(self) -> None:
        assert not self.judge.early, "written to before the time that was asked for"
        moments = [moment for moment, _, messages in self.judge.tries for _ in range(messages)]
        for first, fourth in zip(moments, moments[3:], strict=False):
            assert fourth - first >= timedelta(seconds=1), "more than three within a second"
        last: dict[str, tuple[datetime, int]] = {}
        for moment, chat_id, messages in self.judge.tries:
            before, shown = last.get(chat_id, (datetime.min.replace(tzinfo=UTC), 1))
            # As if the pictures of an album came one by one, before it and after it.
            gap = (3 if ":-" in chat_id else 1) * (shown + messages - 1)
            assert moment - before >= timedelta(seconds=gap)
            last[chat_id] = (moment, messages)

    @invariant()
    def repeats_are_marked_and_known(self) -> None:
        for chat_id, messages in self.judge.seen.items():
            times: dict[str, int] = {}
            for message in messages:
                assert message.key not in times or message.marked, "a repeat without its mark"
                times[message.key] = times.get(message.key, 0) + 1
            if ":hold" in chat_id:
                assert max(times.values(), default=0) <= 1, "repeated where it is to be held"

    @invariant()
    def pictures_come_after_their_alert(self) -> None:
        for messages in self.judge.seen.values():
            told: list[str] = []
            for message in messages:
                if message.key in self.albums:
                    assert self.albums[message.key] in told
                elif message.key in self.planned:
                    told.append(message.key)

    @invariant()
    def alerts_keep_their_order(self) -> None:
        for chat_id, messages in self.judge.seen.items():
            if ":hold" in chat_id:
                continue  # what the operator releases comes late by his choice
            first: dict[str, None] = dict.fromkeys(
                item.key for item in messages if item.key in self.planned and not self.held(item.key)
            )
            numbers = [int(key.rpartition("/")[2]) for key in first]
            assert numbers == sorted(numbers)

    def held(self, key: str) -> bool:
        """Whether it was planned for later, and the others were not to wait for it."""
        planned = self.planned[key]
        return planned.not_before > planned.created_at or planned.state == "collected"

    def teardown(self) -> None:
        """The trouble ends: everything that was planned has been said, or somebody knows why not."""
        self.judge.next_faults.clear()
        self.dies_at = ""
        for _ in range(400):
            self.work(3)
            ports = self.ports()
            moment = ports.store.outbox.next_due(self.judge.now)
            waiting = [
                item
                for item in ports.store.outbox.list(states=("collected", "pending", "sending"), limit=1000)
                if item.chat_id.startswith(f"{self.channel}:") and not self.follows(item)
            ]
            if not waiting and not ports.store.outbox.resendable(self.judge.now + timedelta(hours=1)):
                break
            soonest = min([item.not_before for item in waiting] + ([moment] if moment else []), default=None)
            if soonest:
                self.judge.now = max(self.judge.now, soonest)
        else:
            pytest.fail("delivery does not come to an end")
        said = " ".join(message.text for messages in self.judge.seen.values() for message in messages)
        for key in self.planned:
            stored = self.store.outbox.get(key)
            assert stored is not None
            self.check_end(stored, said)
        for key, alert_key in self.albums.items():
            self.check_album(key, alert_key)
        self.store.chats.sync([], NOW)

    def follows(self, item: Delivery) -> bool:
        """Whether it only waits for its alert, or for what is held for the operator to decide."""
        before = self.store.outbox.get(item.after_key or "")
        if before is None or before.state == "sent":
            return False
        return before.kind == "alert" or (before.state == "unsure" and ":hold" in item.chat_id)

    def check_album(self, key: str, alert_key: str) -> None:
        """Sent where the alert was, or given up with a reason; nothing waits for ever."""
        stored, alert = self.store.outbox.get(key), self.store.outbox.get(alert_key)
        assert stored is not None
        assert alert is not None
        if stored.state == "sent":
            assert alert.state == "sent"
            assert any(message.key == key for message in self.judge.seen[stored.chat_id])
        elif alert.state == "sent":
            assert stored.state == "dead" or ":hold" in stored.chat_id
        elif alert.state != "unsure":
            assert stored.state == "cancelled"
        assert not stored.plain_only, "the same picture is not tried in other words"

    def check_end(self, stored: Delivery, said: str) -> None:
        number = stored.key.rpartition("/")[2]
        messages = self.judge.seen.get(stored.chat_id, [])
        match stored.state:
            case "sent":
                assert any(message.key == stored.key for message in messages), "said to be sent, never seen"
            case "bundled":
                digest = self.store.outbox.get(stored.bundle or "")
                assert digest is not None
                assert digest.state in {"sent", "dead", "unsure"}
                if digest.state == "sent":
                    assert f"Alert {number}." in said
            case "dead":
                assert stored.error, "given up without a reason"
            case "unsure":
                assert ":hold" in stored.chat_id
            case _:
                pytest.fail(f"{stored.key} is left {stored.state}")


@pytest.mark.timeout(900)
@pytest.mark.parametrize("runs", [8, pytest.param(100, marks=pytest.mark.nightly)])
def test_delivery_keeps_its_promises_whatever_happens(store: Store, runs: int) -> None:
    machine = type("OnThisStore", (Machine,), {"store": store})

    run_state_machine_as_test(
        machine,
        settings=settings(
            max_examples=runs,
            stateful_step_count=25,
            deadline=None,
            suppress_health_check=list(HealthCheck),
        ),
    )
