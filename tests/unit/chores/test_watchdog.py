"""Operators hear of a service that stands still, straight through their channels."""

from __future__ import annotations

from dataclasses import dataclass, field
from datetime import UTC, datetime, timedelta
from typing import Any

import pytest

from monitor.chores.pulse import Pulse
from monitor.chores.watchdog import RETRY_S, OperatorAlarm
from monitor.core.query.engine.matcher import Matcher
from monitor.core.rulebook import Rulebook
from monitor.core.watchdog import overdue
from monitor.model import Chat, Message, Receipt, Sent, Settings, Source, SourceState, Unsent
from monitor.ports import Ports

NOW = datetime(2026, 11, 23, 12, 0, tzinfo=UTC)
OPERATOR = Chat(id="screen:1", channel="screen", address="1", operator=True)


@dataclass(slots=True)
class Screen:
    """What the operator reads; ``away`` sends in a row do not come through."""

    away: int = 0
    seen: list[str] = field(default_factory=list)

    def send(self, _chat: Chat, message: Message) -> Receipt:
        if self.away:
            self.away -= 1
            return Unsent(reason="no route")
        self.seen.append(message.plain)
        return Sent(message_id="1")

    def close(self) -> None:
        """Nothing is open."""


class Silent:
    """A store of which nothing may be asked."""

    def __getattr__(self, name: str) -> Any:
        raise AssertionError(f"the watchdog asked the store for {name}")


class Stuck(Pulse):
    """The store took its last write so long ago."""

    silent = 0.0

    @property
    def silent_s(self) -> float:
        return self.silent


@dataclass(slots=True)
class World:
    screen: Screen
    pulse: Stuck
    watchdog: OperatorAlarm
    seconds: list[float]


@pytest.fixture
def world() -> World:
    screen, pulse, seconds = Screen(), Stuck(), [0.0]
    rulebook = Rulebook(
        revision="r",
        settings=Settings(),
        topics={},
        sources={},
        chats={OPERATOR.id: OPERATOR, "screen:2": Chat(id="screen:2", channel="screen", address="2")},
        matcher=Matcher.build(()),
    )
    silent: Any = Silent()
    ports = Ports(
        store=silent,
        fetch=silent,
        kinds={},
        channels={"screen": screen},
        channel_kinds={},
        rulebook=lambda: rulebook,
        now=lambda: NOW,
        owner="test",
    )
    return World(screen, pulse, OperatorAlarm(ports, pulse, steady=lambda: seconds[0]), seconds)


def test_a_store_that_is_silent_for_a_minute_is_told_once_and_its_return_once(world: World) -> None:
    for silent_s in (0.0, 30.0, 61.0, 66.0, 300.0):
        world.pulse.silent = silent_s
        world.watchdog.look()
    assert len(world.screen.seen) == 1
    assert "database has not answered" in world.screen.seen[0]
    world.pulse.silent = 0.0
    world.watchdog.look()
    world.watchdog.look()
    assert len(world.screen.seen) == 2
    assert "answers again" in world.screen.seen[1]


def test_a_process_that_was_paused_does_not_say_that_the_store_was_silent(world: World) -> None:
    world.watchdog.look()
    world.seconds[0] += 125.0  # SIGSTOP, a frozen container: nobody wrote, for nobody ran
    world.pulse.silent = 128.0
    world.watchdog.look()
    world.seconds[0] += 5.0
    world.pulse.silent = 1.0
    world.watchdog.look()
    assert world.screen.seen == []
    for _ in range(14):  # and a store that really is silent afterwards is told as ever
        world.seconds[0] += 5.0
        world.pulse.silent += 5.0
        world.watchdog.look()
    assert len(world.screen.seen) == 1


def test_sources_that_are_late_for_a_moment_after_a_sleep_are_no_alarm(world: World) -> None:
    """The clock shows two hours more before the due times are moved on with it."""
    world.pulse.looked(overdue=["The Herald", "The Wire"], operators=[OPERATOR])
    world.watchdog.look()
    world.pulse.looked(overdue=["The Wire"], operators=[OPERATOR])
    world.watchdog.look()
    world.pulse.looked(overdue=[], operators=[OPERATOR])
    world.watchdog.look()
    assert len(world.screen.seen) == 2
    assert "1 source was not asked" in world.screen.seen[0]
    assert "The Herald" not in world.screen.seen[0]


def test_a_damaged_store_is_told_as_what_it_is_and_not_as_one_that_will_answer_again(world: World) -> None:
    world.pulse.damaged("store monitor.db: the file is damaged; restore a backup (malformed)")
    for silent_s in (5.0, 61.0, 300.0):
        world.pulse.silent = silent_s
        world.watchdog.look()
    assert len(world.screen.seen) == 1
    assert "does not pass by itself: store monitor.db: the file is damaged" in world.screen.seen[0]
    assert "Nothing is lost" not in world.screen.seen[0]


def test_a_message_that_does_not_come_through_is_tried_again(world: World) -> None:
    world.pulse.silent, world.screen.away = 61.0, 2
    for _ in range(4):
        world.watchdog.look()
        world.seconds[0] += RETRY_S
    assert len(world.screen.seen) == 1


def test_sources_that_nobody_asks_are_told_by_name(world: World) -> None:
    for _ in range(2):
        world.pulse.looked(overdue=["The Herald", "The Wire"], operators=[OPERATOR])
    world.watchdog.look()
    world.watchdog.look()
    assert len(world.screen.seen) == 1
    assert "2 sources" in world.screen.seen[0]
    assert "The Herald" in world.screen.seen[0]
    world.pulse.looked(overdue=[], operators=[OPERATOR])
    world.watchdog.look()
    assert "asked again" in world.screen.seen[1]


def source(name: str, *, minutes: float) -> Source:
    return Source(
        id=name,
        name=name.title(),
        kind="feed",
        url=f"https://{name}.example",
        every=timedelta(minutes=minutes),
    )


@pytest.mark.parametrize(
    ("late_minutes", "every_minutes", "told"),
    [(4, 1, False), (6, 1, True), (29, 10, False), (31, 10, True), (170, 60, False), (181, 60, True)],
)
def test_overdue_is_three_intervals_and_five_minutes_at_least(
    late_minutes: float, every_minutes: float, *, told: bool
) -> None:
    one = source("herald", minutes=every_minutes)
    state = SourceState(source_id="herald", next_fetch_at=NOW - timedelta(minutes=late_minutes))
    found = overdue([state], {"herald": one}, NOW, since=NOW - timedelta(days=1))
    assert bool(found) is told


def test_nothing_is_overdue_just_after_a_start() -> None:
    state = SourceState(source_id="herald", next_fetch_at=NOW - timedelta(days=3))
    late = overdue([state], {"herald": source("herald", minutes=1)}, NOW, since=NOW - timedelta(minutes=2))
    assert late == ()
