"""The process dies between two commits, at each place where it can; afterwards all is as if it had not."""

from __future__ import annotations

import dataclasses
import signal
import subprocess
import sys
from collections import Counter
from datetime import timedelta
from pathlib import Path
from typing import Any

import pytest
from sqlalchemy import text

from monitor.chores.crash_points import COMMITS, fate, watched_channels, watched_store
from monitor.core.message.alert import REPEAT_MARK
from monitor.jobs.deliver import deliver, resend_unsure
from monitor.jobs.run import run_job
from monitor.ports import Ports
from tests.unit.jobs.test_run import World, ports, world  # noqa: F401 - fixtures

TABLES = {
    "articles": "id, title, text",
    "placements": "article_id, story_id, copy_of",
    "matches": "article_id, topic_id, spans",
    "deliveries": "key, chat_id, kind, story_id, state",
    "jobs": "kind, key, state",
    "entries": "id, source_id, title, stamp",
}


ALBUM = "".join(f'<meta property="og:image" content="/{name}.jpg">' for name in ("mine", "port"))


class Killed(BaseException):
    """Nothing after this line runs."""


class Fate:
    """Counts every point that is come to; at one of them the process ends."""

    def __init__(self, point: str = "", nth: int = 0) -> None:
        self.point, self.nth = point, nth
        self.seen: Counter[str] = Counter()

    def __call__(self, point: str) -> None:
        self.seen[point] += 1
        if point == self.point and self.seen[point] == self.nth:
            raise Killed


def step(ports: Ports) -> bool:  # noqa: F811 - the same name on purpose
    """One look at the store, as an engine does; whether there was anything to do."""
    resend_unsure(ports)
    now = ports.now()
    jobs = ports.store.jobs.claim(now=now, owner="test", epoch=ports.epoch, limit=2)
    sends = ports.store.outbox.claim(now=now, owner="test", epoch=ports.epoch, limit=2, lease_s=60)
    for job in jobs:
        run_job(job, ports)
    for delivery in sends:
        deliver(delivery, ports)
    return bool(jobs or sends)


def live(ports: Ports, world: World, watcher: Fate) -> None:  # noqa: F811
    """A service that polls two sources until nothing is left, and is started again when it dies."""
    world.list_entry(1, "Lukashenko meets an envoy from overseas")
    potash = world.list_entry(
        2, "Lukashenko speaks about potash", body="Lukashenko spoke of potash at length. " * 20
    )
    # Its pictures are said after it, by a row of their own.
    ports.store.chats.prefer("screen:1", {"pictures": "album"}, world.moment)
    world.pages[potash.url] = str(world.pages[potash.url]).replace("<head>", f"<head>{ALBUM}")
    for related in ("herald", "wire"):
        world.list_entry(
            3, "The very same words in two papers", source=related, body="Lukashenko left. " * 40
        )
    watched = dataclasses.replace(
        ports,
        store=watched_store(ports.store, watcher),
        channels=watched_channels(ports.channels, watcher),
    )
    hosts = {"herald": "", "wire": ""}
    asked = False
    for _ in range(200):
        try:
            if not asked:
                watched.store.sources.enqueue_due(hosts, world.moment, limit=10)
                asked = True
            busy = step(watched)
        except Killed:
            watched = dataclasses.replace(watched, epoch=watched.epoch + 1)
            watched.store.jobs.release(epoch=watched.epoch, now=world.moment)
            watched.store.outbox.recover(epoch=watched.epoch, now=world.moment)
            busy = True
        if not busy and not watched.store.jobs.open_count() and not watched.store.outbox.open_count():
            return
        world.moment += timedelta(seconds=0 if busy else 5)
    pytest.fail("the work does not end")


def snapshot(ports: Ports) -> dict[str, list[str]]:  # noqa: F811
    store: Any = ports.store.outbox
    with store.database.read() as connection:
        found = {}
        for table, columns in TABLES.items():
            rows = connection.execute(text(f"SELECT {columns} FROM {table}"))  # noqa: S608 - our own names
            found[table] = sorted(str(tuple(row)) for row in rows)
        return found


def settling(ports: Ports) -> Ports:  # noqa: F811
    """The same, but new alerts wait for what else is being read, as is the default."""
    rulebook = ports.rulebook()
    alerts = dataclasses.replace(rulebook.settings.alerts, settle=timedelta(seconds=30))
    changed = dataclasses.replace(rulebook, settings=dataclasses.replace(rulebook.settings, alerts=alerts))
    return dataclasses.replace(ports, rulebook=lambda: changed)


POINTS = [
    f"{part}.{name}:{side}"
    for part, name in (
        ("sources", "enqueue_due"),
        ("jobs", "claim"),
        ("jobs", "commit"),
        ("outbox", "claim"),
        ("channel", "send"),
        ("outbox", "finish"),
    )
    for side in ("before", "after")
]


@pytest.mark.parametrize("nth", [1, 2, 3])
@pytest.mark.parametrize("point", POINTS)
def test_dying_there_changes_nothing(
    ports: Ports,  # noqa: F811
    world: World,  # noqa: F811
    point: str,
    nth: int,
) -> None:
    watcher = Fate(point, nth)

    live(settling(ports), world, watcher)

    assert watcher.seen[point] >= min(nth, 1)
    after = snapshot(ports)
    assert {row.partition(",")[0] for row in after["jobs"]} <= {"('recheck'"}, "looks again wait for later"
    assert {row.rpartition(", ")[2] for row in after["deliveries"]} <= {"'sent')", "'cancelled')"}
    assert len(after["articles"]) == 4
    alerts = [message for message in world.screen if message.data["kind"] == "alert"]
    times = Counter(message.key for message in alerts)
    assert len(times) == 3, "three stories"
    albums = [message for message in world.screen if message.pictures]
    assert [len(message.pictures) for message in albums] in ([2], [2, 2])
    # Killed before the send, the only album that comes says that it may be the second.
    assert [REPEAT_MARK in message.plain for message in albums] in ([False], [True], [False, True])
    repeated = [key for key, count in times.items() if count > 1]
    assert len(repeated) <= 1
    for key in repeated:
        said = [REPEAT_MARK in message.plain for message in alerts if message.key == key]
        assert said == [False, True]


def test_the_whole_run_comes_to_every_point(ports: Ports, world: World) -> None:  # noqa: F811
    watcher = Fate()
    live(ports, world, watcher)
    assert set(POINTS) <= set(watcher.seen)


def test_what_commits_is_what_the_store_has() -> None:
    """A name that a store no longer has would be a point that nobody comes to."""
    from monitor.store import open_store  # noqa: PLC0415

    store = open_store("sqlite://", now=lambda: pytest.fail("no clock needed"))
    for part, names in COMMITS.items():
        for name in names:
            assert callable(getattr(getattr(store, part), name)), f"{part}.{name}"
    store.admin.close()


def test_without_the_variables_nothing_is_wrapped(ports: Ports) -> None:  # noqa: F811
    assert fate({}) is None
    assert watched_store(ports.store, None) is ports.store
    assert watched_channels(ports.channels, None) is ports.channels


def test_a_process_dies_at_the_point_that_is_named(tmp_path: Path) -> None:
    log = tmp_path / "points"
    script = (
        "from monitor.chores.crash_points import fate, watched_store\n"
        "from monitor.store import open_store\n"
        "from datetime import datetime, UTC\n"
        "import os\n"
        "now = datetime(2026, 5, 4, tzinfo=UTC)\n"
        "store = watched_store(open_store('sqlite://', now=lambda: now), fate(os.environ))\n"
        "store.admin.upgrade()\n"
        "store.outbox.recover(epoch=1, now=now)\n"
        "store.outbox.recover(epoch=1, now=now)\n"
        "print('alive')\n"
    )
    done = subprocess.run(
        [sys.executable, "-c", script],
        env={"MONITOR_CRASH_AT": "outbox.recover:after#2", "MONITOR_CRASH_LOG": str(log), "PATH": ""},
        capture_output=True,
        check=False,
    )
    assert done.returncode == -signal.SIGKILL
    assert done.stdout == b""
    assert log.read_text().split()[-4:] == ["outbox.recover:before", "outbox.recover:after"] * 2
