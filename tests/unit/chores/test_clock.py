"""A clock that is set, back or forward, stops nothing and repeats nothing."""

from __future__ import annotations

import dataclasses
from datetime import timedelta

import pytest

from monitor.chores.clock import ClockWatch
from monitor.chores.pulse import Pulse
from monitor.core.clock_step import ClockReading, clock_step, moved_back
from monitor.model import Job, Outcome
from monitor.ports import Ports
from tests.unit.jobs.test_run import START, World, ports, work, world  # noqa: F401 - fixtures

HOUR, DAY = timedelta(hours=1), timedelta(days=1)


class Clocks:
    """The world's wall clock beside one that is never set."""

    def __init__(self, world: World) -> None:  # noqa: F811
        self.world, self.steady = world, 1000.0

    def run(self, span: timedelta) -> None:
        self.world.moment += span
        self.steady += span.total_seconds()

    def set(self, step: timedelta) -> None:
        self.world.moment += step


@pytest.fixture
def clocks(world: World) -> Clocks:  # noqa: F811
    return Clocks(world)


@pytest.fixture
def watch(ports: Ports, clocks: Clocks) -> ClockWatch:  # noqa: F811
    watching = ClockWatch(ports, Pulse(), steady=lambda: clocks.steady, on_step=lambda: None)
    watching.look()
    return watching


def polled(ports: Ports, world: World) -> list[str]:  # noqa: F811
    """Which sources a tick finds due now."""
    ports.store.sources.enqueue_due({"herald": "h", "wire": "w"}, world.moment, limit=10)
    return sorted(
        job.key for job in ports.store.jobs.claim(now=world.moment, owner="t", epoch=ports.epoch, limit=9)
    )


@pytest.mark.parametrize("step", [-HOUR, -DAY, -30 * DAY])
def test_a_clock_set_back_keeps_no_source_waiting(
    ports: Ports,  # noqa: F811
    world: World,  # noqa: F811
    clocks: Clocks,
    watch: ClockWatch,
    step: timedelta,
) -> None:
    work(ports, world, sources=("herald", "wire"))
    clocks.run(timedelta(seconds=5))
    watch.look()
    clocks.set(step)
    watch.look()
    clocks.run(timedelta(minutes=12))
    assert polled(ports, world) == ["herald", "wire"]


def test_what_was_under_way_when_the_clock_was_set_back_waits_no_longer(
    ports: Ports,  # noqa: F811
    world: World,  # noqa: F811
    clocks: Clocks,
    watch: ClockWatch,
) -> None:
    """A poll that began before the step writes a next time by the clock of before."""
    work(ports, world, sources=("herald",))
    state = ports.store.sources.state("herald")
    assert state is not None
    before = dataclasses.replace(
        state, last_fetch_at=world.moment, next_fetch_at=world.moment + timedelta(minutes=10)
    )
    ports.store.jobs.add([Job(kind="poll", key="herald")], world.moment)
    (job,) = ports.store.jobs.claim(now=world.moment, owner="t", epoch=ports.epoch, limit=1)
    clocks.set(-HOUR)
    watch.look()
    ports.store.jobs.commit(job, Outcome(source_state=before), now=world.moment)
    for _ in range(12):
        clocks.run(timedelta(minutes=1))
        watch.look()
    assert "herald" in polled(ports, world)


def test_alerts_go_out_at_once_after_the_clock_was_set_back_a_day(
    ports: Ports,  # noqa: F811
    world: World,  # noqa: F811
    clocks: Clocks,
    watch: ClockWatch,
) -> None:
    """The sends of the day before do not count as those of the last second, nor rests as to come."""
    world.list_entry(1, "Lukashenko meets an envoy")
    work(ports, world)
    world.list_entry(2, "Lukashenko sells a mine", body="The mine was sold by Lukashenko on Monday. " * 9)
    clocks.run(timedelta(minutes=11))
    clocks.set(-DAY)
    watch.look()
    seen = len(world.screen)
    moment = world.moment
    work(ports, world)
    assert [message for message in world.screen[seen:] if "sells a mine" in message.plain]
    assert world.moment - moment < timedelta(minutes=1)
    assert sum("meets an envoy" in message.plain for message in world.screen) == 1, "no repeat"


def test_the_operator_hears_of_a_step_once(
    ports: Ports,  # noqa: F811
    clocks: Clocks,
    watch: ClockWatch,
) -> None:
    for _ in range(3):
        clocks.run(timedelta(seconds=40))
        watch.look()
    assert ports.store.outbox.untold_events() == ()
    for step in (-DAY, DAY):
        clocks.set(step)
        watch.look()
        clocks.run(timedelta(seconds=1))
        watch.look()
    texts = [str(event.text) for _, event in ports.store.outbox.untold_events()]
    assert len(texts) == 2
    assert "set back" in texts[0]
    assert "forward" in texts[1]


def test_a_clock_that_was_set_back_while_nothing_ran_is_seen_at_the_start(
    ports: Ports,  # noqa: F811
    world: World,  # noqa: F811
    clocks: Clocks,
    watch: ClockWatch,
) -> None:
    work(ports, world, sources=("herald", "wire"))
    clocks.run(timedelta(seconds=30))
    watch.look()
    clocks.set(-DAY)
    ClockWatch(ports, Pulse(), steady=lambda: 5.0, on_step=lambda: None).look()
    clocks.run(timedelta(minutes=12))
    assert polled(ports, world) == ["herald", "wire"]


def test_a_clock_set_forward_makes_no_source_look_silent(
    ports: Ports,  # noqa: F811
    world: World,  # noqa: F811
    clocks: Clocks,
    watch: ClockWatch,
) -> None:
    world.list_entry(1, "Lukashenko meets an envoy")
    work(ports, world)
    clocks.run(timedelta(minutes=11))
    clocks.set(60 * DAY)
    watch.look()
    work(ports, world)
    state = ports.store.sources.state("herald")
    assert state is not None
    assert state.health == "fresh"
    (gap,) = ports.store.sources.gaps(START)
    assert gap.reason == "not asked", "what was skipped stands in the ledger"


def test_ordinary_running_is_no_step() -> None:
    before = ClockReading(wall=START, steady_s=10.0)
    assert clock_step(before, ClockReading(wall=START + DAY, steady_s=10.0 + 86_400)) == timedelta()
    assert clock_step(before, ClockReading(wall=START + timedelta(seconds=2), steady_s=11.0)) == timedelta()
    assert clock_step(before, ClockReading(wall=START - HOUR, steady_s=11.0)) == timedelta(seconds=-3601)


@pytest.mark.parametrize(
    ("step", "kind", "moved"),
    [
        (-HOUR, "soon", -HOUR),
        (-HOUR, "hour", -HOUR),
        (-HOUR, "day", timedelta()),  # 08:00 stays 08:00
        (-DAY, "day", -DAY),
        (-25 * HOUR, "day", -DAY),
        (timedelta(minutes=-90), "hour", -HOUR),
    ],
)
def test_a_time_of_day_stays_a_time_of_day(step: timedelta, kind: str, moved: timedelta) -> None:
    assert moved_back(START, step, kind) - START == moved  # type: ignore[arg-type]
