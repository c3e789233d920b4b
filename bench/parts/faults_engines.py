"""Rows of the faults bench over several processes: workers killed, the broker wiped, a poison article."""

from __future__ import annotations

import math
import os
import signal
import socket
import sys
import threading
import time
from collections.abc import Callable, Iterator
from concurrent.futures import ThreadPoolExecutor
from contextlib import ExitStack, contextmanager
from datetime import timedelta
from functools import partial
from multiprocessing.process import BaseProcess
from pathlib import Path

from monitor.engines.child_processes import ChildProcesses
from monitor.model import WorkerProcess
from parts import poisoned_worker
from parts.delivery_world import FORKSERVER, Result, wait
from parts.faults_servers import PostgresServer, postgres, rabbitmq
from parts.faults_world import Newsroom, newsroom
from tests.support.botapi.server import TOKEN

PROCESSES = 2
LISTED = 40
"""New articles of a feed at a time, of the fifty that it lists."""


@contextmanager
def _room(folder: Path, engine: str, feeds: int, server: PostgresServer, **more: str) -> Iterator[Newsroom]:
    """A newsroom whose service has workers, with a broker between them or without."""
    with ExitStack() as stack:
        settings = f"processes: {PROCESSES}\n"
        if engine == "celery":
            broker = stack.enter_context(rabbitmq(folder))
            settings += f"engine: celery\nbroker: {broker.url}\n"
        room = stack.enter_context(
            newsroom(folder, feeds=feeds, database=server.url, more=settings, **more)  # type: ignore[arg-type]
        )
        yield room


def _publish(room: Newsroom, articles: int) -> None:
    """Publish a mass of articles, as fast as the feeds, which list the newest fifty, are asked for."""
    portion = LISTED * room.outlets.feeds
    for first in range(0, articles, portion):
        for number in range(first, min(first + portion, articles)):
            room.publish(number % room.outlets.feeds)
        wait(partial(_all_asked, room, time.monotonic()), 300, "a feed is not asked for")


def _all_asked(room: Newsroom, since: float) -> bool:
    return room.outlets.asked_again_s(since) < math.inf


def workers_killed(
    folder: Path, *, engine: str, articles: int, feeds: int, every_s: float, most: int
) -> Result:
    """A worker is killed every few seconds while a mass of articles is read."""
    kills = 0
    with postgres(folder) as server, _room(folder, engine, feeds, server) as room:
        room.warm()
        began = time.monotonic()
        with ThreadPoolExecutor(1) as pool:
            publishing = pool.submit(_publish, room, articles)
            while not publishing.done() or (room.lost() and time.monotonic() - began < 60 + articles):
                time.sleep(every_s)
                kills += _kill_one(room) if kills < most else 0
            publishing.result()
        took = time.monotonic() - began
        lost = room.settle()
        figures = {
            "engine": engine,
            "articles": len(room.published),
            "workers killed": kills,
            "seconds": round(took, 1),
            "lost": lost,
            "repeats": room.repeats(),
        }
    return Result(figures=figures, holds=not lost and not figures["repeats"] and kills > 0)


def broker_wiped(folder: Path, *, seconds: float, feeds: int, articles: int) -> Result:
    """RabbitMQ is killed in the middle, stays away, and comes back without anything."""
    with (
        postgres(folder) as server,
        rabbitmq(folder) as broker,
        newsroom(
            folder,
            feeds=feeds,
            database=server.url,
            more=f"processes: {PROCESSES}\nengine: celery\nbroker: {broker.url}",
        ) as room,
    ):
        room.warm()
        _publish(room, articles)
        wait(lambda: room.lost() < articles * 0.8, 120, "nothing is read")
        before = room.lost()
        broker.stop(wipe=True)
        time.sleep(seconds)
        broker.start()
        began = time.monotonic()
        lost = room.settle()
        figures = {
            "away for s": seconds,
            "articles": len(room.published),
            "untold when it went": before,
            "all told within s": round(time.monotonic() - began, 1),
            "lost": lost,
            "repeats": room.repeats(),
        }
    return Result(figures=figures, holds=before > 0 and not lost and not figures["repeats"])


def postgres_under_workers(folder: Path, *, engine: str, restarts: int, feeds: int) -> Result:
    """PostgreSQL is restarted and crashes while workers are at work."""
    with postgres(folder) as server, _room(folder, engine, feeds, server) as room:
        room.warm()
        with room.publishing():
            for number in range(restarts):
                time.sleep(2.0)
                server.restart("immediate" if number % 2 else "fast")
                time.sleep(2.0)
        lost = room.settle()
        figures = {
            "engine": engine,
            "restarts": restarts,
            "articles": len(room.published),
            "lost": lost,
            "repeats": room.repeats(),
        }
    return Result(figures=figures, holds=not lost and not figures["repeats"])


def all_at_once(folder: Path, *, engine: str, feeds: int, articles: int, away_s: float) -> Result:
    """A worker is killed, RabbitMQ wiped, PostgreSQL crashes: one after the other while articles are read."""
    with ExitStack() as stack:
        server = stack.enter_context(postgres(folder))
        settings = f"processes: {PROCESSES}\n"
        broker = stack.enter_context(rabbitmq(folder)) if engine == "celery" else None
        if broker is not None:
            settings += f"engine: celery\nbroker: {broker.url}\n"
        room = stack.enter_context(newsroom(folder, feeds=feeds, database=server.url, more=settings))
        room.warm()
        wait(lambda: bool(_workers(room)), 120, f"no worker comes up: {room.world.said()}")
        _publish(room, articles)
        wait(lambda: room.lost() < articles, 60, "nothing is read")
        before, kills = room.lost(), _kill_one(room)
        if broker is not None:
            broker.stop(wipe=True)
            time.sleep(away_s)
            broker.start()
        server.restart("immediate")
        began = time.monotonic()
        lost = room.settle()
        figures = {
            "engine": engine,
            "articles": len(room.published),
            "untold when it began": before,
            "workers killed": kills,
            "broker wiped": int(broker is not None),
            "restarts": 1,
            "all told within s": round(time.monotonic() - began, 1),
            "lost": lost,
            "repeats": room.repeats(),
        }
    holds = before > 0 and kills == 1 and not lost and not figures["repeats"]
    return Result(figures=figures, holds=holds)


class _Forked:
    """Keeps workers alive as ``ChildProcesses`` does, without loading the program at each start."""

    def __init__(self, config: str, word: str, ended: Callable[[int], bool]) -> None:
        self._arguments = (config, word)
        self._ended = ended
        self._over = threading.Event()
        self._running: set[BaseProcess] = set()
        self._keepers = [threading.Thread(target=self._keep) for _ in range(PROCESSES)]

    def start(self) -> None:
        for keeper in self._keepers:
            keeper.start()

    def stop(self) -> None:
        self._over.set()
        for process in tuple(self._running):
            process.kill()
        for keeper in self._keepers:
            keeper.join()

    def _keep(self) -> None:
        while not self._over.is_set():
            process = FORKSERVER.Process(target=poisoned_worker.main, args=self._arguments)
            process.start()
            self._running.add(process)
            if self._over.is_set():
                process.kill()
            process.join()
            self._running.discard(process)
            if process.pid is not None:
                self._ended(process.pid)


def poison(folder: Path, *, feeds: int, articles: int, engine: str = "local", forked: bool = False) -> Result:
    """An article kills every worker that asks for its page; the others are read, it is set aside.

    ``forked``: the workers come from a process that has the program loaded.
    """
    deaths: list[int] = []
    with ExitStack() as stack:
        server = stack.enter_context(postgres(folder))
        more = ""
        if engine == "celery":
            more = f"engine: celery\nbroker: {stack.enter_context(rabbitmq(folder)).url}\n"
        room = stack.enter_context(
            newsroom(folder, feeds=feeds, database=server.url, more=more, roles="deliver,chores")
        )
        word = f"/{articles // 2}"
        script = Path(__file__).with_name("poisoned_worker.py")
        command = (sys.executable, str(script), str(room.world.folder / "config"), word)
        root = str(Path(__file__).parents[2])
        os.environ.update({"PYTHONPATH": root, "MONITOR_TELEGRAM_TOKEN": TOKEN})

        def ended(pid: int) -> bool:
            deaths.append(pid)
            with room.world.store() as store:
                return bool(store.workers.remove_ended(socket.gethostname(), pid, rest=timedelta()))

        workers = (
            _Forked(command[2], word, ended) if forked else ChildProcesses(command, PROCESSES, ended=ended)
        )
        workers.start()
        try:
            wait(lambda: len(room.outlets.asked) == feeds, 120, "not all hosts are asked")
            _publish(room, articles)
            # A machine that does other things besides reads an article a second.
            patience_s = 240 + 2 * articles
            wait(lambda: bool(_quarantined(room)), patience_s, f"not set aside after {len(deaths)} deaths")
            times = len(deaths)
            wait(lambda: room.lost() <= 1, 120, "the others are not told")
            untold = room.lost()
        finally:
            workers.stop()
        aside = _quarantined(room)
        figures = {
            "engine": engine,
            "articles": articles,
            "workers it killed": times,
            "set aside": len(aside),
            "others untold": untold - 1,
            "repeats": room.repeats(),
        }
    holds = times <= 5 and len(aside) == 1 and untold == 1 and not figures["repeats"]
    return Result(figures=figures, holds=holds)


def _quarantined(room: Newsroom) -> list[str]:
    with room.world.store() as store:
        return [job.key for job, _ in store.jobs.quarantined()]


def _workers(room: Newsroom) -> tuple[WorkerProcess, ...]:
    with room.world.store() as store:
        return store.workers.all()


def _kill_one(room: Newsroom) -> int:
    """Kill the worker that lives longest. Returns how many were killed."""
    for worker in _workers(room):
        try:
            os.kill(worker.pid, signal.SIGKILL)
        except ProcessLookupError:
            continue
        return 1
    return 0
