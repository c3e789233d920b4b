"""Jobs that wait for slow hosts do not take the turn of the others."""

from __future__ import annotations

import threading
from collections.abc import Callable
from datetime import UTC, datetime

import pytest

from monitor.engines.worker_slots import WorkerSlots
from monitor.errors import Unreachable
from monitor.model import Fetched, FetchRequest, NotModified

ANSWER = NotModified(url="http://h.example/", fetched_at=datetime(2026, 1, 1, tzinfo=UTC))


class Host:
    """Answers when it is let; ``asked`` is set when a request has come."""

    def __init__(self) -> None:
        self.asked = threading.Event()
        self.let = threading.Event()

    def __call__(self, request: FetchRequest) -> Fetched | NotModified:
        del request
        self.asked.set()
        self.let.wait()
        return ANSWER


def until(true: Callable[[], bool]) -> None:
    """Wait for what must come; the test's own time limit is the end."""
    pause = threading.Event()
    while not true():
        pause.wait(0.005)


def job(places: WorkerSlots, host: Host, name: str, done: threading.Event | None = None) -> threading.Thread:
    fetch = places.watching(host)

    def work() -> None:
        try:
            fetch(FetchRequest(url=f"http://{name}.example/"))
            if done is not None:
                done.wait()
        finally:
            places.end()

    places.begin()
    thread = threading.Thread(target=work)
    thread.start()
    host.asked.wait()
    return thread


def test_a_slow_host_gives_its_place_to_others() -> None:
    places, host = WorkerSlots(1, 4, slow_after_s=0.0), Host()
    thread = job(places, host, "slow")
    until(lambda: places.free() == 1)
    host.let.set()
    thread.join()
    assert places.free() == 1


def test_after_the_answer_a_place_is_needed_again() -> None:
    """Reading costs CPU and memory: never more than ``size`` jobs at it."""
    places, slow, quick, busy = WorkerSlots(1, 4, slow_after_s=0.0), Host(), Host(), threading.Event()
    first = job(places, slow, "slow")
    until(lambda: places.free() == 1)
    quick.let.set()
    second = job(places, quick, "quick", busy)
    until(lambda: places.free() == 0 or not second.is_alive())
    slow.let.set()
    first.join(0.05)
    assert first.is_alive(), "the place is taken by the second job"
    busy.set()
    first.join()
    second.join()
    assert places.free() == 1


def test_without_room_for_slow_ones_a_place_is_kept_and_their_lanes_are_shunned() -> None:
    places, hosts = WorkerSlots(2, 1, slow_after_s=0.0), [Host(), Host()]
    threads = [job(places, host, f"slow{n}") for n, host in enumerate(hosts)]
    until(lambda: places.free() == 1)
    assert places.excluded() == (), "no host has ended slow so far"
    hosts[0].let.set()
    threads[0].join()
    until(lambda: places.free() == 2)
    assert places.excluded() == ("slow0.example",)
    hosts[1].let.set()
    threads[1].join()
    assert places.excluded() == (), "there is room again"


def test_a_host_known_as_slow_gives_its_place_at_once_and_a_quick_answer_clears_it() -> None:
    places, host = WorkerSlots(1, 4, slow_after_s=0.0), Host()
    host.let.set()
    job(places, host, "once-slow").join()
    patient = WorkerSlots(1, 4, slow_after_s=3_600.0)
    patient._slow_lanes.update(places._slow_lanes)
    again = Host()
    thread = job(patient, again, "once-slow")
    assert patient.free() == 1
    again.let.set()
    thread.join()
    fresh = Host()
    thread = job(patient, fresh, "once-slow")
    assert patient.free() == 0, "its last answer was quick"
    fresh.let.set()
    thread.join()


def test_a_failed_request_counts_like_an_answer() -> None:
    places = WorkerSlots(1, 4, slow_after_s=3_600.0)

    def fails(request: FetchRequest) -> Fetched | NotModified:
        raise Unreachable(f"no answer to {request.url}")

    places.begin()
    with pytest.raises(Unreachable):
        places.watching(fails)(FetchRequest(url="http://h.example/"))
    places.end()
    assert places.free() == 1
