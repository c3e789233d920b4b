"""Matched articles are looked at again: what changed is stored, and told as a reply."""

from __future__ import annotations

import re
from datetime import timedelta
from typing import cast

import pytest

from monitor.errors import HttpStatus, Unreachable
from monitor.jobs.deliver import deliver
from monitor.jobs.run import run_job
from monitor.model import Fetched, FetchRequest, Message, NotModified
from monitor.ports import Ports
from tests.unit.jobs.test_run import BODY, World, later, ports, work, world  # noqa: F401 - fixtures

TITLE = "Lukashenko meets an envoy from overseas"
URL = "https://herald.example/1"
TEXT = (
    "Alexander Lukashenko received an envoy in Minsk on Monday. They spoke about trade for two hours. "
    "Three prisoners were released at the border, relatives say, and were met by friends with flowers. "
    "The envoy left the city in the evening without a word to the reporters who waited at the airport. "
    "Bread cost 2 roubles in the shops of the capital on that day, as it did for most of the year."
)


def page(text: str, title: str = TITLE) -> str:
    body = "".join(f"<p>{sentence}.</p>" for sentence in text.rstrip(".").split(". "))
    return f"<html lang=en><head><title>{title}</title></head><body><article><h1>{title}</h1>{body}</article>"


def look(ports: Ports, world: World) -> None:  # noqa: F811
    """What is due now is done, without a poll."""
    for _ in range(20):
        jobs = ports.store.jobs.claim(now=world.moment, owner="test", epoch=ports.epoch, limit=5)
        for job in jobs:
            run_job(job, ports)
        found = ports.store.outbox.claim(
            now=world.moment, owner="test", epoch=ports.epoch, limit=5, lease_s=60
        )
        for delivery in found:
            deliver(delivery, ports)
        later(world, seconds=2)
        if not jobs and not found:
            return


def told(world: World) -> list[Message]:  # noqa: F811
    return [message for message in world.screen if message.data["kind"] == "revision"]


@pytest.fixture
def read_once(ports: Ports, world: World) -> Ports:  # noqa: F811
    world.list_entry(1, TITLE)
    world.pages[URL] = page(TEXT)
    work(ports, world)
    assert len(world.screen) == 1
    return ports


def revisions(ports: Ports) -> list[dict[str, object]]:  # noqa: F811
    trace = ports.store.articles.trace(URL)
    assert trace is not None
    return trace["revisions"]  # type: ignore[return-value]


def test_an_unchanged_page_is_asked_for_on_a_decaying_schedule(read_once: Ports, world: World) -> None:  # noqa: F811
    began, asked = world.moment, len(world.asked)
    ages = []
    for _ in range(5 * 24 * 12):
        later(world, minutes=15)
        look(read_once, world)
        if len(world.asked) > asked:
            ages.append(world.moment - began)
            asked = len(world.asked)
    assert len(ages) == 5
    for age, least in zip(ages, (0.25, 1, 6, 24, 72), strict=True):
        assert timedelta(hours=least) <= age + timedelta(minutes=1)
        assert age < timedelta(hours=least) * 1.2 + timedelta(minutes=20)
    assert told(world) == []
    assert revisions(read_once) == []


@pytest.mark.parametrize(
    ("old", "new", "what"),
    [
        ("received an envoy in Minsk on Monday", "received an envoy in Minsk on Sunday", "match"),
        ("Three prisoners", "3 prisoners and 12 others", "number"),
        ("cost 2 roubles", "cost 4 roubles", "number"),
        ("met by friends", "met by Natalia and by friends", "name"),
    ],
)
def test_what_matters_is_told_as_a_reply_once(
    read_once: Ports,
    world: World,  # noqa: F811
    old: str,
    new: str,
    what: str,
) -> None:
    world.pages[URL] = page(TEXT.replace(old, new))
    later(world, minutes=16)
    look(read_once, world)
    (reply,) = told(world)
    assert reply.reply_to == "1"
    assert [change[0] for change in reply.data["changes"]] == [what]  # type: ignore[attr-defined]
    ((_, before, after),) = cast("list[tuple[str, str, str]]", reply.data["changes"])
    assert old in before
    assert new in after
    marked = re.sub(r"\[[^]]*\]", "", reply.plain.splitlines()[-1])
    assert {*re.findall(r"\w+", marked)} <= {*re.findall(r"\w+", before)} & {*re.findall(r"\w+", after)}
    assert revisions(read_once)[0]["changes"] == reply.data["changes"]
    later(world, hours=2)
    look(read_once, world)
    assert len(told(world)) == 1
    assert len(world.screen) == 2


def test_a_new_headline_is_told(read_once: Ports, world: World) -> None:  # noqa: F811
    world.pages[URL] = page(TEXT, "Lukashenko did not meet an envoy, his office says")
    later(world, minutes=16)
    look(read_once, world)
    assert "Headline changed" in told(world)[0].plain
    assert TITLE in told(world)[0].plain


@pytest.mark.parametrize(
    ("old", "new"),
    [
        ("in the evening", "late in the evening"),
        ("The envoy left", "The   envoy   left"),
        ("for most of the year.", "for most of the year. Nobody could say why it was so."),
    ],
)
def test_trifles_are_kept_in_silence(read_once: Ports, world: World, old: str, new: str) -> None:  # noqa: F811
    world.pages[URL] = page(TEXT.replace(old, new))
    later(world, minutes=16)
    look(read_once, world)
    assert told(world) == []


@pytest.mark.parametrize("status", [404, 410])
def test_a_page_that_is_gone_is_told_when_it_is_sure(read_once: Ports, world: World, status: int) -> None:  # noqa: F811
    world.pages[URL] = HttpStatus("gone", status=status)
    later(world, minutes=16)
    look(read_once, world)
    assert told(world) == []
    later(world, minutes=6)
    look(read_once, world)
    assert f"The outlet answers {status}." in told(world)[0].plain
    assert revisions(read_once)[-1]["changes"][0][0] == "vanished"  # type: ignore[index]
    asked = len(world.asked)
    later(world, days=2)
    look(read_once, world)
    assert (len(world.asked), len(told(world))) == (asked, 1)


def test_a_page_that_comes_back_was_never_gone(read_once: Ports, world: World) -> None:  # noqa: F811
    world.pages[URL] = HttpStatus("gone", status=404)
    later(world, minutes=16)
    look(read_once, world)
    world.pages[URL] = page(TEXT)
    later(world, minutes=6)
    look(read_once, world)
    assert told(world) == []


def test_a_redirect_to_the_front_page_is_a_vanished_page(
    read_once: Ports,
    world: World,  # noqa: F811
) -> None:
    answer = Fetched(url="https://herald.example/", status=200, body=b"<p>Front", fetched_at=world.moment)
    object.__setattr__(read_once, "fetch", lambda _request: answer)
    later(world, minutes=16)
    look(read_once, world)
    later(world, minutes=6)
    look(read_once, world)
    assert "Its address leads to https://herald.example/." in told(world)[0].plain


@pytest.mark.parametrize("trouble", [Unreachable("no route"), HttpStatus("busy", status=503)])
def test_trouble_says_nothing_about_the_article(read_once: Ports, world: World, trouble: Exception) -> None:  # noqa: F811
    world.pages[URL] = trouble
    for _ in range(6):
        later(world, minutes=16)
        look(read_once, world)
    world.pages[URL] = page(TEXT)
    later(world, hours=7)
    look(read_once, world)
    assert told(world) == []
    assert read_once.store.jobs.quarantined() == ()


def test_the_validators_of_the_page_are_used(read_once: Ports, world: World) -> None:  # noqa: F811
    requests: list[FetchRequest] = []

    def fetch(request: FetchRequest) -> Fetched | NotModified:
        requests.append(request)
        if request.etag:
            return NotModified(url=request.url, fetched_at=world.moment)
        body = page(TEXT).encode()
        return Fetched(url=request.url, status=200, body=body, fetched_at=world.moment, etag='"v1"')

    object.__setattr__(read_once, "fetch", fetch)
    for hours in (0.3, 1, 6):
        later(world, hours=hours)
        look(read_once, world)
    assert [request.etag for request in requests] == [None, '"v1"', '"v1"']
    assert told(world) == []


def test_what_matches_nothing_is_not_asked_for_again(ports: Ports, world: World) -> None:  # noqa: F811
    world.list_entry(2, "A quiet day in the parks of the city", body="Nothing happened at all. " * 30)
    work(ports, world)
    asked = len(world.asked)
    later(world, days=1)
    look(ports, world)
    assert len(world.asked) == asked
    trace = ports.store.articles.trace("https://herald.example/2")
    assert trace is not None
    assert trace["article"] is None
    assert trace["readings"][0]["verdict"] == "seen"  # type: ignore[index]
    assert "not extracted" in trace["readings"][0]["reason"]  # type: ignore[index]


def test_a_read_page_that_loses_its_words_is_a_revision(ports: Ports, world: World) -> None:  # noqa: F811
    """The first look must not hide that the outlet took the name out."""
    world.list_entry(1, TITLE, body=BODY)
    work(ports, world)
    world.pages[URL] = page(TEXT.replace("Alexander Lukashenko", "The ruler"), "The ruler meets an envoy")
    later(world, minutes=16)
    look(ports, world)
    assert "Headline changed" in told(world)[0].plain
