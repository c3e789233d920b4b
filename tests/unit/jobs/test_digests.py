"""Too much at once, and what was collected, comes as one digest."""

from __future__ import annotations

import dataclasses
from datetime import timedelta

from monitor.jobs.deliver import collect_digests
from monitor.model import AlertSettings, Digest
from monitor.ports import Ports
from tests.unit.core.test_prints import prose
from tests.unit.jobs.test_run import World, later, ports, work, world  # noqa: F401 - fixtures


def tell(world: World, numbers: range) -> None:  # noqa: F811
    for number in numbers:
        # Made-up words: another event each, or they would be one story.
        subject, *rest = prose(90, number).split()
        body = f"Lukashenko said so. {' '.join(rest)}."
        world.list_entry(number, f"Lukashenko on {subject} {rest[0]} {rest[1]}", body=body)


def with_budget(ports: Ports, budget: int) -> Ports:  # noqa: F811
    rulebook = ports.rulebook()
    alerts = AlertSettings(hourly_budget=budget)
    changed = dataclasses.replace(rulebook, settings=dataclasses.replace(rulebook.settings, alerts=alerts))
    return dataclasses.replace(ports, rulebook=lambda: changed)


def test_more_than_the_budget_comes_as_a_digest_with_a_count_when_the_hour_is_over(
    ports: Ports,  # noqa: F811
    world: World,  # noqa: F811
) -> None:
    few = with_budget(ports, 2)
    tell(world, range(1, 8))
    work(few, world)
    assert [message.data["kind"] for message in world.screen] == ["alert", "alert"]

    later(world, hours=1, minutes=1)
    work(few, world, sources=())

    digest = world.screen[2]
    assert digest.data["kind"] == "digest"
    assert digest.subject.startswith("5 alerts since")
    assert digest.plain.count("https://herald.example/") == 5
    assert len(world.screen) == 3
    assert len(ports.store.outbox.list(states=("bundled",))) == 5
    assert ports.store.outbox.open_count() == 0


def test_what_a_chat_collects_comes_at_its_hour(ports: Ports, world: World) -> None:  # noqa: F811
    ports.store.chats.prefer("screen:1", {"digest": Digest(every="hourly"), "pictures": True}, world.moment)
    tell(world, range(1, 4))
    work(ports, world)
    assert world.screen == []
    assert collect_digests(ports) == 0

    world.moment = world.moment.replace(minute=0, second=0) + timedelta(hours=1)
    assert collect_digests(ports) == 1
    work(ports, world, sources=())

    (digest,) = world.screen
    assert digest.subject == "3 alerts of the last hour"
    assert collect_digests(ports) == 0


def test_a_daily_digest_has_a_picture_and_a_health_line(ports: Ports, world: World) -> None:  # noqa: F811
    ports.store.chats.prefer("screen:1", {"digest": Digest(every="daily"), "pictures": True}, world.moment)
    tell(world, range(1, 4))
    work(ports, world)
    later(world, hours=24)
    collect_digests(ports)
    work(ports, world, sources=())

    digest, chart = world.screen
    assert "sources watched" in digest.plain
    assert chart.picture.startswith(b"\x89PNG")
    assert chart.plain == "3 articles: 0 of state outlets, 3 of others"
