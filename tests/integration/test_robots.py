"""Robots rules asked of real servers, before their pages are."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from contextlib import ExitStack
from datetime import UTC, datetime, timedelta

import pytest

from monitor.errors import Forbidden, Unreachable
from monitor.http import HttpFetcher, RobotsFetcher
from monitor.model import Fetched, FetchRequest, FetchSettings
from tests.support.hostile_server import HostileServer, Reply, answer

START = datetime(2026, 3, 1, 12, 0, tzinfo=UTC)
PAGE = answer(b"<p>news</p>")
NO_NEWS = answer(b"User-agent: *\nDisallow: /news\nCrawl-delay: 7\n")
Serve = Callable[[dict[str, Reply]], HostileServer]


class Clock:
    def __init__(self) -> None:
        self.moment = START

    def __call__(self) -> datetime:
        return self.moment


@pytest.fixture
def clock() -> Clock:
    return Clock()


@pytest.fixture
def stack() -> Iterator[ExitStack]:
    with ExitStack() as stack:
        yield stack


@pytest.fixture
def serve(stack: ExitStack) -> Serve:
    def start(replies: dict[str, Reply]) -> HostileServer:
        return stack.enter_context(HostileServer({"/news": PAGE, "/about": PAGE, **replies}))

    return start


@pytest.fixture
def fetch(stack: ExitStack, clock: Clock) -> RobotsFetcher:
    settings = FetchSettings(allow_private=True, deadline_s=5, max_bytes=50_000)
    polite = HttpFetcher(settings, version="1", now=clock)
    stack.callback(polite.close)
    return RobotsFetcher(polite, now=clock)


def page(server: HostileServer, path: str = "/news") -> FetchRequest:
    return FetchRequest(url=server.url(path), robots=True)


def paths(server: HostileServer) -> list[str]:
    return [asked.path for asked in server.asked]


def test_the_rules_are_asked_once_and_obeyed(serve: Serve, fetch: RobotsFetcher) -> None:
    server = serve({"/robots.txt": NO_NEWS})
    with pytest.raises(Forbidden, match=r"robots\.txt of 127\.0\.0\.1:\d+ does not let us"):
        fetch(page(server))
    answered = fetch(page(server, "/about"))
    assert isinstance(answered, Fetched)
    assert answered.rest_s == 7
    assert paths(server) == ["/robots.txt", "/about"]


def test_what_is_offered_to_programs_is_read_without_asking(serve: Serve, fetch: RobotsFetcher) -> None:
    server = serve({"/robots.txt": NO_NEWS})
    assert fetch(FetchRequest(url=server.url("/news"))).rest_s is None
    fetch(page(server, "/about"))
    assert fetch(FetchRequest(url=server.url("/news"))).rest_s == 7, "a known crawl-delay holds for feeds"
    assert paths(server) == ["/news", "/robots.txt", "/about", "/news"]


@pytest.mark.parametrize("status", ["401 No", "403 No", "404 Not Found", "410 Gone", "451 Law"])
def test_without_rules_all_is_allowed(serve: Serve, fetch: RobotsFetcher, status: str) -> None:
    server = serve({"/robots.txt": answer(status=status)})
    assert isinstance(fetch(page(server)), Fetched)


@pytest.mark.parametrize("status", ["500 Oh", "503 Later", "429 Slow down"])
def test_a_host_that_cannot_say_is_waited_for(
    serve: Serve, fetch: RobotsFetcher, clock: Clock, status: str
) -> None:
    server = serve({"/robots.txt": answer(b"", "Retry-After: 1800", status=status)})
    with pytest.raises(Unreachable, match="does not say what robots may read") as caught:
        fetch(page(server))
    assert caught.value.retry_at == START + timedelta(minutes=30)
    clock.moment += timedelta(minutes=29)
    with pytest.raises(Unreachable):
        fetch(page(server))
    assert paths(server) == ["/robots.txt"], "it is not asked again before it wants to be"
    clock.moment += timedelta(minutes=2)
    server.replies["/robots.txt"] = answer(b"")
    assert isinstance(fetch(page(server)), Fetched)


def test_old_rules_hold_while_the_host_is_broken(serve: Serve, fetch: RobotsFetcher, clock: Clock) -> None:
    server = serve({"/robots.txt": NO_NEWS})
    fetch(page(server, "/about"))
    server.replies["/robots.txt"] = answer(status="500 Oh")
    clock.moment += timedelta(hours=25)
    fetch(page(server, "/about"))
    with pytest.raises(Forbidden):
        fetch(page(server))
    clock.moment += timedelta(hours=25)
    fetch(page(server, "/about"))
    clock.moment += timedelta(days=31)
    fetch(page(server))
    assert paths(server).count("/robots.txt") == 4


def test_rules_live_a_day(serve: Serve, fetch: RobotsFetcher, clock: Clock) -> None:
    server = serve({"/robots.txt": NO_NEWS})
    fetch(page(server, "/about"))
    server.replies["/robots.txt"] = answer(b"")
    clock.moment += timedelta(hours=23)
    with pytest.raises(Forbidden):
        fetch(page(server))
    clock.moment += timedelta(hours=2)
    assert isinstance(fetch(page(server)), Fetched)


def test_a_detour_does_not_help(serve: Serve, fetch: RobotsFetcher) -> None:
    """A page that another host's rules forbid is not read by way of a redirect."""
    closed = serve({"/robots.txt": NO_NEWS})
    open_one = serve({"/go": answer(b"", f"Location: {closed.url('/news')}", status="302 Found")})
    with pytest.raises(Forbidden):
        fetch(page(open_one, "/go"))
    with pytest.raises(Forbidden):
        fetch(
            page(
                serve({"/go": answer(b"", "Location: /news", status="302 F"), "/robots.txt": NO_NEWS}), "/go"
            )
        )


def test_a_huge_robots_file_is_no_rules(serve: Serve, fetch: RobotsFetcher) -> None:
    server = serve({"/robots.txt": answer(b"Disallow: /\n" * 60_000)})
    assert isinstance(fetch(page(server)), Fetched)


def test_robots_of_a_refused_address_are_not_asked_for(serve: Serve, clock: Clock) -> None:
    server = serve({"/robots.txt": answer(b"")})
    polite = HttpFetcher(FetchSettings(), version="1", now=clock)
    with pytest.raises(Forbidden):
        RobotsFetcher(polite, now=clock)(page(server))
    polite.close()
    assert server.connections == 0
