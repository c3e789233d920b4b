"""Too much at once, and what was collected, comes as one digest."""

from __future__ import annotations

import dataclasses
from datetime import datetime, time, timedelta

import pytest

from monitor.core.delivery.retry import Decision
from monitor.errors import HttpStatus, StoreError, StoreUnavailable
from monitor.jobs.deliver import deliver
from monitor.jobs.digests import collect_digests, make_reviews
from monitor.jobs.run import run_job
from monitor.model import AlertSettings, Delivery, Digest, PressReview, Unreadable
from monitor.ports import Ports
from tests.support.made_up import event
from tests.unit.jobs.test_run import World, later, ports, work, world  # noqa: F401 - fixtures


def tell(world: World, numbers: range) -> None:  # noqa: F811
    for number in numbers:
        # Made-up words: another event each, or they would be one story.
        subject, *rest = event(90, number).split()
        body = f"Lukashenko said so. {' '.join(rest)}."
        world.list_entry(number, f"Lukashenko on {subject} {rest[0]} {rest[1]}", body=body)


def with_budget(ports: Ports, budget: int) -> Ports:  # noqa: F811
    rulebook = ports.rulebook()
    alerts = AlertSettings(hourly_budget=budget, settle=timedelta(0))
    changed = dataclasses.replace(rulebook, settings=dataclasses.replace(rulebook.settings, alerts=alerts))
    return dataclasses.replace(ports, rulebook=lambda: changed)


def test_more_than_the_budget_comes_as_a_digest_with_a_count_when_the_hour_is_over(
    ports: Ports,  # noqa: F811
    world: World,  # noqa: F811
) -> None:
    few = with_budget(ports, 2)
    tell(world, range(1, 8))
    work(few, world)
    assert [message.data["kind"] for message in world.screen] == ["alert", "alert", "notice"]
    assert "2 alerts within an hour" in world.screen[-1].plain

    later(world, hours=1, minutes=1)
    work(few, world, sources=())

    digest = world.screen[3]
    assert digest.data["kind"] == "digest"
    assert digest.subject.startswith("5 alerts since")
    assert digest.plain.count("https://herald.example/") == 5
    assert len(world.screen) == 4
    assert len(ports.store.outbox.list(states=("bundled",))) == 5
    assert ports.store.outbox.open_count() == 0


def test_what_a_chat_collects_comes_at_its_hour(ports: Ports, world: World) -> None:  # noqa: F811
    ports.store.chats.prefer("screen:1", {"digest": Digest(every="hourly"), "pictures": "one"}, world.moment)
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
    ports.store.chats.prefer("screen:1", {"digest": Digest(every="daily"), "pictures": "one"}, world.moment)
    tell(world, range(1, 4))
    work(ports, world)
    later(world, hours=24)
    collect_digests(ports)
    work(ports, world, sources=())

    digest, chart = world.screen
    assert "sources watched" in digest.plain
    assert "% of the last day covered" in digest.plain
    assert chart.picture.startswith(b"\x89PNG")
    assert chart.plain == "3 articles: 0 of state outlets, 3 of others"


def test_a_daily_digest_tells_the_gaps_of_the_day_in_the_chats_language(
    ports: Ports,  # noqa: F811
    world: World,  # noqa: F811
) -> None:
    wishes = {"digest": Digest(every="daily"), "language": "be", "timezone": "Europe/Minsk"}
    ports.store.chats.prefer("screen:1", wishes, world.moment)
    tell(world, range(1, 4))
    work(ports, world)
    world.broken = HttpStatus("no", status=403)
    later(world, hours=2)
    work(ports, world, sources=("herald",))
    world.broken = None
    later(world, hours=2)
    work(ports, world, sources=("herald",))
    later(world, hours=20)
    collect_digests(ports)
    work(ports, world, sources=())

    digest = world.screen[0]
    health, gaps = digest.plain.splitlines()[-2:]
    assert "% апошніх сутак пад наглядам" in health
    assert gaps.startswith("Прагалы: Herald HTTP 403 23 ліс 17:00–19:00, адноўлена 0 артыкулаў")


def test_a_chat_with_safe_links_learns_no_outlet_from_its_digest(ports: Ports, world: World) -> None:  # noqa: F811
    ports.store.chats.prefer(
        "screen:1", {"digest": Digest(every="weekly"), "safe_links": "plain"}, world.moment
    )
    tell(world, range(1, 4))
    work(ports, world)
    world.broken = HttpStatus("no", status=403)
    later(world, hours=2)
    work(ports, world, sources=("herald",))
    later(world, hours=24 * 7)
    collect_digests(ports)
    work(ports, world, sources=())

    digest = world.screen[0]
    assert "% of the last week covered" in digest.plain
    assert "Herald" not in digest.plain


def test_a_row_that_cannot_be_read_ends_and_the_others_are_said(ports: Ports, world: World) -> None:  # noqa: F811
    tell(world, range(1, 4))
    odd = Delivery(
        key="odd",
        chat_id="screen:1",
        kind="alert",
        payload=Unreadable(stored={"headline": "half a row"}),
        created_at=world.moment - timedelta(hours=2),
        not_before=world.moment,
    )
    ports.store.outbox.add([odd, dataclasses.replace(odd, key="odder")], world.moment)
    work(ports, world)

    assert len([message for message in world.screen if message.data["kind"] == "alert"]) == 3
    dead = ports.store.outbox.list(states=("dead",))
    assert {item.key for item in dead} == {"odd", "odder"}
    assert {event.kind for _, event in ports.store.outbox.untold_events()} == {"undelivered"}


@pytest.mark.parametrize(
    ("refusal", "times", "waited"),
    [(StoreUnavailable("the disk is full"), 2, 2), (StoreError("a column cannot hold it"), 1, 0)],
)
def test_what_became_of_a_message_is_written_when_the_store_answers_again(
    ports: Ports,  # noqa: F811
    world: World,  # noqa: F811
    refusal: StoreError,
    times: int,
    waited: int,
) -> None:
    """Waiting helps where the store is away; what it will never take is written without what else follows."""
    tell(world, range(1, 2))
    inner, refusals = ports.store.outbox, [refusal] * times
    waits: list[int] = []

    class Full:
        def __getattr__(self, name: str) -> object:
            return getattr(inner, name)

        def finish(self, decision: Decision, *, now: datetime) -> bool:
            if refusals:
                raise refusals.pop()
            return inner.finish(decision, now=now)

    def patience() -> bool:
        waits.append(1)
        return True

    full = dataclasses.replace(ports, store=dataclasses.replace(ports.store, outbox=Full()))  # type: ignore[arg-type]
    ports.store.sources.enqueue_due({"herald": ""}, world.moment, limit=1)
    for _ in range(2):
        for job in ports.store.jobs.claim(now=world.moment, owner="test", epoch=ports.epoch, limit=1):
            run_job(job, ports)
        later(world, seconds=5)
    (item,) = inner.claim(now=world.moment, owner="test", epoch=ports.epoch, limit=1, lease_s=60)
    deliver(item, full, patience=patience)

    assert len(world.screen) == 1
    assert len(waits) == waited
    assert [found.state for found in inner.list(states=("sent",))] == ["sent"]


MORNING = PressReview(at=Digest(every="daily", at=time(13)), title="Morning review", most=2)


def _reviewing(ports: Ports, *reviews: PressReview, **chat: str) -> Ports:  # noqa: F811
    rulebook = ports.rulebook()
    changed = dataclasses.replace(rulebook.chats["screen:1"], reviews=reviews, **chat)  # type: ignore[arg-type]
    ports.store.chats.sync([changed], ports.now())
    taken = dataclasses.replace(rulebook, chats={changed.id: changed})
    return dataclasses.replace(ports, rulebook=lambda: taken)


def test_a_press_review_comes_at_its_hour_once(ports: Ports, world: World) -> None:  # noqa: F811
    ports = _reviewing(ports, MORNING)
    tell(world, range(1, 5))
    work(ports, world)
    shown = len(world.screen)
    assert make_reviews(ports) == 0
    world.moment = world.moment.replace(hour=13, minute=0, second=5)
    assert (make_reviews(ports), make_reviews(ports)) == (1, 0)
    work(ports, world, sources=())
    (review,) = world.screen[shown:]
    assert review.subject == "Morning review: 4 stories"
    assert review.plain.count("https://herald.example/") == 2
    assert "… and 2 more\n" in review.plain
    assert "% of the last day covered" in review.plain


def test_a_press_review_says_that_there_is_nothing(ports: Ports, world: World) -> None:  # noqa: F811
    ports = _reviewing(ports, dataclasses.replace(MORNING, title=""), language="ru")
    world.moment = world.moment.replace(hour=15)
    assert make_reviews(ports) == 1
    work(ports, world, sources=())
    (review,) = world.screen
    assert review.subject.startswith("Обзор прессы: с ")
    assert "ничего" in review.subject


def test_a_review_that_is_much_too_late_is_left_out(ports: Ports, world: World) -> None:  # noqa: F811
    ports = _reviewing(ports, MORNING)
    world.moment = world.moment.replace(hour=20)
    assert make_reviews(ports) == 0


def test_a_review_of_each_hour_tells_of_the_hour_that_ended(ports: Ports, world: World) -> None:  # noqa: F811
    ports = _reviewing(ports, PressReview(at=Digest(every="hourly"), topics=("ruler", "gone")))
    tell(world, range(1, 3))
    work(ports, world)
    shown = len(world.screen)
    for _ in range(3):
        world.moment = world.moment.replace(minute=0, second=0) + timedelta(hours=1)
        assert make_reviews(ports) == 1
    work(ports, world, sources=())
    subjects = [message.subject for message in world.screen[shown:]]
    assert subjects[0] == "Press review: 2 stories"
    assert all("nothing since" in subject for subject in subjects[1:])
    assert len(subjects) == 3


def test_a_safe_chat_is_told_no_title_and_no_headline(ports: Ports, world: World) -> None:  # noqa: F811
    ports = _reviewing(ports, MORNING, safe_links="plain")
    tell(world, range(1, 3))
    work(ports, world)
    world.moment = world.moment.replace(hour=13, minute=1)
    make_reviews(ports)
    work(ports, world, sources=())
    assert world.screen[-1].subject == "Press review: 2 stories"
    assert "Lukashenko" not in world.screen[-1].plain
