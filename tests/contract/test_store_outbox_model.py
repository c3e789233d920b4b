"""The outbox against a model: order in a chat, one in flight a chat, nothing lost or doubled."""

from __future__ import annotations

import dataclasses
from datetime import UTC, datetime, timedelta

import pytest
from hypothesis import HealthCheck, settings
from hypothesis import strategies as st
from hypothesis.stateful import (
    RuleBasedStateMachine,
    invariant,
    precondition,
    rule,
    run_state_machine_as_test,
)

from monitor.core.delivery.retry import Decision
from monitor.model import Chat, Delivery
from monitor.ports import Store
from tests.support.records import alert as said

NOW = datetime(2026, 5, 4, 9, 30, tzinfo=UTC)
OPEN = {"pending", "sending", "unsure"}
CHATS = ("telegram:resend", "telegram:hold", "console:main")


@dataclasses.dataclass
class Row:
    """One delivery as the model remembers it; the list's order is the order of sending."""

    key: str
    chat_id: str
    due: int
    state: str = "pending"
    uncertain_sends: int = 0
    epoch: int = 0
    tried: bool = False


class Outbox(RuleBasedStateMachine):
    """``minute`` is the model's clock; ``epoch`` grows with every crash."""

    store: Store
    runs = 0

    def __init__(self) -> None:
        super().__init__()
        type(self).runs += 1
        self.prefix = f"r{type(self).runs}"  # each run has chats and keys of its own
        self.rows: list[Row] = []
        self.flying: dict[str, Delivery] = {}
        self.minute = 0
        self.epoch = 1
        self.rests: dict[str, int] = {}
        self.store.chats.sync(
            [
                Chat(
                    id=self.chat(name),
                    channel=name.partition(":")[0],
                    address=f"{self.prefix}{name.partition(':')[2]}",
                    unsure="hold" if name.endswith("hold") else "resend",
                )
                for name in CHATS
            ],
            NOW,
        )

    def chat(self, name: str) -> str:
        channel, _, address = name.partition(":")
        return f"{channel}:{self.prefix}{address}"

    def at(self, minute: int) -> datetime:
        return NOW + timedelta(minutes=minute)

    def in_state(self, state: str) -> list[Row]:
        return [row for row in self.rows if row.state == state]

    def expected(self) -> list[Row]:
        heads = []
        for name in CHATS:
            chat_id = self.chat(name)
            mine = [row for row in self.rows if row.chat_id == chat_id]
            holds = name.endswith("hold")
            blocking = [
                row
                for row in mine
                if (row.state == "pending" and (row.tried or row.due <= self.minute))
                or row.state == "sending"
                or (row.state == "unsure" and not holds)
            ]
            busy = any(row.state == "sending" for row in mine)
            if not blocking or busy or self.rests.get(chat_id, 0) > self.minute:
                continue
            if blocking[0].state == "pending" and blocking[0].due <= self.minute:
                heads.append(blocking[0])
        return sorted(heads, key=self.rows.index)

    @rule(name=st.sampled_from(CHATS), delay=st.integers(0, 2), repeat=st.booleans())
    def add(self, name: str, delay: int, *, repeat: bool) -> None:
        row = Row(f"{self.prefix}-{len(self.rows)}", self.chat(name), self.minute + delay)
        delivery = Delivery(
            key=row.key,
            chat_id=row.chat_id,
            kind="alert",
            payload=said(),
            created_at=self.at(self.minute),
            not_before=self.at(row.due),
        )
        batch = [delivery, delivery] if repeat else [delivery]
        assert self.store.outbox.add(batch, NOW) == 1
        self.rows.append(row)

    @rule(limit=st.integers(1, 4))
    def claim(self, limit: int) -> None:
        expected = self.expected()[:limit]
        taken = self.store.outbox.claim(
            now=self.at(self.minute), owner="me", epoch=self.epoch, limit=limit, lease_s=60
        )
        assert [item.key for item in taken] == [row.key for row in expected]
        for row, item in zip(expected, taken, strict=True):
            row.state, row.epoch, row.tried = "sending", self.epoch, True
            self.flying[row.key] = item

    @precondition(lambda self: self.flying)
    @rule(
        data=st.data(),
        state=st.sampled_from(["sent", "pending", "unsure", "dead"]),
        rest=st.integers(0, 2),
    )
    def finish(self, data: st.DataObject, state: str, rest: int) -> None:
        item = self.flying.pop(data.draw(st.sampled_from(sorted(self.flying))))
        row = next(row for row in self.rows if row.key == item.key)
        ended = dataclasses.replace(item, state=state)  # type: ignore[arg-type]
        until = self.at(self.minute + rest) if rest else None
        ours = row.state == "sending" and row.epoch == item.epoch
        assert self.store.outbox.finish(Decision(delivery=ended, chat_rest_until=until), now=NOW) == ours
        if ours:
            row.state = state
            if rest:
                self.rests[row.chat_id] = self.minute + rest

    @precondition(lambda self: self.in_state("unsure"))
    @rule(data=st.data(), delay=st.integers(0, 2))
    def rearm(self, data: st.DataObject, delay: int) -> None:
        row = data.draw(st.sampled_from(self.in_state("unsure")))
        moment = self.at(self.minute + delay)
        assert self.store.outbox.rearm(row.key, not_before=moment, now=NOW)
        row.state, row.due, row.uncertain_sends = "pending", self.minute + delay, row.uncertain_sends + 1

    @precondition(lambda self: self.in_state("dead"))
    @rule(data=st.data())
    def retry(self, data: st.DataObject) -> None:
        row = data.draw(st.sampled_from(self.in_state("dead")))
        assert self.store.outbox.retry(row.key, self.at(self.minute))
        row.state, row.due, row.tried = "pending", self.minute, False

    @rule()
    def crash(self) -> None:
        """The process dies; its sends may still come back and must find the fence."""
        self.epoch += 1
        lost = self.in_state("sending")
        assert self.store.outbox.recover(epoch=self.epoch, now=NOW) == len(lost)
        for row in lost:
            row.state = "unsure"

    @rule()
    def wait(self) -> None:
        self.minute += 1

    @invariant()
    def nothing_is_lost(self) -> None:
        for row in self.rows:
            stored = self.store.outbox.get(row.key)
            assert stored is not None
            assert (stored.state, stored.uncertain_sends) == (row.state, row.uncertain_sends)

    def teardown(self) -> None:
        # The next run shares the store: leave nothing open, and no chat in the config.
        self.store.chats.sync([], NOW)
        for item in self.flying.values():
            self.store.outbox.finish(Decision(delivery=dataclasses.replace(item, state="dead")), now=NOW)


@pytest.mark.parametrize("runs", [20, pytest.param(200, marks=pytest.mark.nightly)])
def test_the_outbox_behaves_like_its_model(store: Store, runs: int) -> None:
    machine = type("Machine", (Outbox,), {"store": store})

    run_state_machine_as_test(
        machine,
        settings=settings(
            max_examples=runs,
            stateful_step_count=30,
            deadline=None,
            suppress_health_check=list(HealthCheck),
        ),
    )
