"""Large pages are read in a process of their own that is killed when a page takes too long."""

from __future__ import annotations

import os
import signal
import sys
import threading
import time
from collections.abc import Callable, Iterator
from datetime import UTC, datetime
from pathlib import Path

import pytest

from monitor.core.page.extract import extract
from monitor.engines.page_workers import MOST_TAGS_HERE, PageWorkers
from monitor.errors import CostlyPage
from monitor.model import Extracted

NOW = datetime(2026, 3, 1, 12, 0, tzinfo=UTC)
URL = "https://outlet.example/page"
PARAGRAPH = "<p>The council of Vilnius bought forty trams on Monday, said the mayor in a long speech.</p>"
SMALL = f"<title>Trams</title>{PARAGRAPH * 10}"
LARGE = f"<title>Trams</title>{PARAGRAPH * (MOST_TAGS_HERE // 2)}"
# Workers that misbehave as told, in the worker's own protocol.
HANGS = "import time, sys; sys.stdin.buffer.read(8); time.sleep(600)"
BURNS = """
import resource, sys
sys.stdin.buffer.read(8)
resource.setrlimit(resource.RLIMIT_CPU, (1, 2))
while True: pass
"""
DIES = "import sys; sys.stdin.buffer.read(8); sys.exit(3)"


@pytest.fixture
def pages() -> Iterator[PageWorkers]:
    workers = PageWorkers(wall_s=110.0)
    yield workers
    workers.close()


def read(workers: PageWorkers, html: str) -> Extracted:
    return workers(html, url=URL, fetched_at=NOW)


def children() -> set[int]:
    """Processes that this one began and that are there, zombies included."""
    own = str(os.getpid())
    found = set()
    for folder in Path("/proc").glob("[0-9]*"):
        try:
            fields = (
                (folder / "stat").read_text(encoding="utf-8", errors="replace").rpartition(")")[2].split()
            )
        except OSError:
            continue
        if fields[1] == own:
            found.add(int(folder.name))
    return found


def until(true: Callable[[], bool]) -> None:
    for _ in range(3_000):
        if true():
            return
        time.sleep(0.01)
    pytest.fail("it did not come to pass in 30 s")


def test_a_small_page_starts_no_process(pages: PageWorkers) -> None:
    assert read(pages, SMALL) == extract(SMALL, url=URL, fetched_at=NOW)
    assert pages.worker_pid is None


def test_a_large_page_is_read_as_ever_by_one_process_that_stays(pages: PageWorkers) -> None:
    assert read(pages, LARGE) == extract(LARGE, url=URL, fetched_at=NOW)
    worker = pages.worker_pid
    assert worker
    read(pages, LARGE)
    assert pages.worker_pid == worker


def test_the_process_ends_when_there_is_nothing_to_read() -> None:
    before = children()
    workers = PageWorkers(idle_s=0.2, wall_s=110.0)
    read(workers, LARGE)
    until(lambda: children() <= before)
    assert read(workers, LARGE).title == "Trams", "and a new one comes when it is needed"
    workers.close()
    assert children() <= before


@pytest.mark.parametrize(
    ("worker", "limits", "why"),
    [
        (HANGS, {"wall_s": 0.5}, "took more than"),
        (BURNS, {"wall_s": 60.0}, "took more than"),
        (DIES, {}, "the process that reads large pages ended"),
    ],
)
def test_a_page_that_cannot_be_read_is_told_and_leaves_nothing_behind(
    worker: str, limits: dict[str, float], why: str
) -> None:
    before = children()
    workers = PageWorkers(command=(sys.executable, "-c", worker), **limits)  # type: ignore[arg-type]
    with pytest.raises(CostlyPage, match=why):
        read(workers, LARGE)
    assert workers.worker_pid is None
    assert children() <= before
    workers.close()


def test_the_worker_bounds_its_own_cpu_so_that_it_ends_when_nobody_waits() -> None:
    """A page of real cost against a budget of nothing: the system's limit ends it, not the caller's clock."""
    workers = PageWorkers(cpu_s=-0.9, wall_s=100)
    heavy = LARGE + "".join(f"<i class=c{n}>word </i>" for n in range(40_000))

    def reads() -> None:
        for _ in range(40):  # each page may take what is left of a second
            read(workers, heavy)

    with pytest.raises(CostlyPage, match="took more than"):
        reads()
    workers.close()


def test_a_page_may_not_take_all_memory() -> None:
    """Its tree takes several times what the worker's imports left free: that is said, and never taken for an
    empty page (the parser calls it a syntax error, or the system ends the process)."""
    workers = PageWorkers(memory_mb=1)
    with pytest.raises(CostlyPage, match=r"took more than 1 MB|process .* ended"):
        read(workers, "<title>Trams</title>" + "<p>a b c d e f g h.</p>" * 24_000)
    workers.close()


def test_a_killed_worker_is_followed_by_another_one(pages: PageWorkers) -> None:
    read(pages, LARGE)
    killed = pages.worker_pid
    assert killed
    os.kill(killed, signal.SIGKILL)
    assert read(pages, LARGE).title == "Trams"
    assert pages.worker_pid not in {None, killed}


def test_it_may_be_killed_at_any_instant(pages: PageWorkers) -> None:
    """Twenty kills while pages are read: each page is read or said to be unreadable, nothing hangs."""
    done: list[str] = []

    def reads() -> None:
        for _ in range(4):
            try:
                done.append(read(pages, LARGE).title)
            except CostlyPage as error:
                done.append(str(error))

    thread = threading.Thread(target=reads)
    thread.start()
    for turn in range(20):
        if (worker := pages.worker_pid) is not None:
            os.kill(worker, signal.SIGKILL)
        time.sleep(0.01 * turn)
    thread.join(100)
    assert len(done) == 4
    assert read(pages, LARGE).title == "Trams"


def test_closing_ends_what_is_being_read() -> None:
    before = children()
    workers = PageWorkers(command=(sys.executable, "-c", HANGS))
    told: list[BaseException] = []

    def reads() -> None:
        try:
            read(workers, LARGE)
        except CostlyPage as error:
            told.append(error)

    thread = threading.Thread(target=reads)
    thread.start()
    until(lambda: workers.worker_pid is not None)
    workers.close()
    thread.join(10)
    assert told
    assert children() <= before
