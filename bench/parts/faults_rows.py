"""The rows of the faults bench: what is broken, how often, and what the ledgers say afterwards."""

from __future__ import annotations

import signal
import time
from itertools import pairwise
from pathlib import Path
from urllib.request import urlopen

from parts.delivery_world import Result, SteppedClock, wait
from parts.faults_servers import filled, free_place, locked, postgres, small_disk
from parts.faults_world import Newsroom, newsroom, settled, untold
from tests.support.botapi.faults import Fault

AGAIN_S = 10.0
"""So much longer than without a fault, which on a busy machine is seconds."""
MINUTE_S = 60.0


def postgres_away(folder: Path, *, restarts: int, drops: int, feeds: int) -> Result:
    """PostgreSQL is restarted and crashes under load, and its sessions are dropped."""
    again: list[float] = []
    with postgres(folder) as server, newsroom(folder, feeds=feeds, database=server.url) as room:
        room.warm()
        usual = _asked_again(room)
        with room.publishing():
            for number in range(restarts):
                server.restart("immediate" if number % 2 else "fast")
                again.append(_asked_again(room))
            for _ in range(drops):
                server.drop_sessions(of_lock=False)
                time.sleep(0.5)
            again.append(_asked_again(room))
        lost = room.settle()
        figures = {
            "restarts": restarts,
            "sessions dropped": drops,
            "articles": len(room.published),
            "lost": lost,
            "repeats": room.repeats(),
            "all hosts asked again within s": round(max(again), 1),
            "without a fault": round(usual, 1),
        }
    holds = not lost and not figures["repeats"] and max(again) < AGAIN_S + usual
    return Result(figures=figures, holds=holds)


def disk_full(folder: Path, *, times: int, seconds: float, feeds: int) -> Result:
    """The file system of a SQLite store has no byte left, and then it has."""
    again: list[float] = []
    said = 0
    place = free_place()
    with small_disk(folder, megabytes=64) as disk:
        address = f"sqlite:///{disk}/monitor.db"
        figures_at = f"metrics: {{listen: {place}}}"
        with newsroom(folder, feeds=feeds, database=address, more=figures_at) as room:
            room.warm()
            usual = _asked_again(room)
            with room.publishing():
                for _ in range(times):
                    with filled(disk):
                        time.sleep(seconds)
                        said += not _store_up(place)
                    again.append(_asked_again(room))
            lost = room.settle()
            figures = {
                "times full": times,
                "times the figures said so": said,
                "articles": len(room.published),
                "lost": lost,
                "repeats": room.repeats(),
                "all hosts asked again within s": round(max(again), 1),
                "without a fault": round(usual, 1),
            }
    # Until SQLite's log is used up, nothing is refused.
    heard = said == times if seconds >= AGAIN_S else True
    return Result(
        figures=figures, holds=not lost and not figures["repeats"] and max(again) < AGAIN_S + usual and heard
    )


def write_lock(folder: Path, *, seconds: float, feeds: int) -> Result:
    """Another program keeps the SQLite file's write lock; an operator hears of it after a minute."""
    with newsroom(folder, feeds=feeds) as room:
        room.warm()
        usual = _asked_again(room)
        with room.publishing():
            with locked(folder / "monitor.db"):
                time.sleep(seconds)
            again = _asked_again(room)
            time.sleep(1.0)
        lost = room.settle()
        told = [text for text in room.notices() if "database" in text]
        figures = {
            "locked for s": seconds,
            "articles": len(room.published),
            "lost": lost,
            "repeats": room.repeats(),
            "all hosts asked again within s": round(again, 1),
            "without a fault": round(usual, 1),
            "watchdog messages": len(told),
        }
    heard = len(told) == 2 if seconds > MINUTE_S + AGAIN_S else len(told) <= 2
    return Result(
        figures=figures, holds=not lost and not figures["repeats"] and again < AGAIN_S + usual and heard
    )


def two_services(folder: Path, *, drops: int, feeds: int) -> Result:
    """Two services on PostgreSQL, each with a Bot API server of its own; the lock's session is dropped."""
    other_folder = folder / "other"
    other_folder.mkdir()
    with (
        postgres(folder) as server,
        newsroom(folder, feeds=feeds, database=server.url) as room,
        newsroom(other_folder, feeds=feeds, database=server.url, outlets=room.outlets) as other,
    ):
        room.warm()
        other.world.start()
        wait(lambda: "standing by" in other.world.said(), 60, "the second does not stand by")
        with room.publishing():
            for _ in range(drops):
                server.drop_sessions(of_lock=True)
                time.sleep(3.0)
        lost, repeats = settled(lambda: untold(room, other)), _told_twice(room, other)
        figures = {
            "locks dropped": drops,
            "turns": room.world.ups() + other.world.ups(),
            "articles": len(room.published),
            "lost": lost,
            "told by both": repeats,
            "sent while the other one was": _interleaved(room, other),
        }
        for process in other.world.living():
            other.world.end(signal.SIGKILL, process)
    both = figures["told by both"] or figures["sent while the other one was"]
    return Result(figures=figures, holds=not lost and not both)


def clock_steps(folder: Path, *, steps_s: tuple[float, ...], between_s: float, feeds: int) -> Result:
    """The machine's clock is set, back and forward, while articles are published."""
    offset = folder / "offset"
    offset.write_text("0")
    silent: list[float] = []
    with newsroom(folder, feeds=feeds, clock=SteppedClock(offset=offset)) as room:
        room.warm()
        with room.publishing():
            total = 0.0
            for step in steps_s:
                total += step
                new = folder / "offset.new"
                new.write_text(str(total))
                new.rename(offset)
                began = time.monotonic()
                silent.append(_asked_again(room, limit_s=MINUTE_S + 5))
                _wait_for_news(room)
                silent.append(time.monotonic() - began)
                time.sleep(between_s)
        lost = room.settle()
        notices = room.notices()
        figures = {
            "steps": " ".join(f"{step / 3600:+g} h" for step in steps_s),
            "articles": len(room.published),
            "lost": lost,
            "repeats": room.repeats(),
            "longest silence s": round(max(silent), 1),
            "notices": len(notices),
            "notices of steps": sum("clock of this machine" in text for text in notices),
        }
    calm = len(notices) <= 3 * len(steps_s)
    holds = not lost and not figures["repeats"] and max(silent) < MINUTE_S and calm
    return Result(figures=figures, holds=holds and figures["notices of steps"] != 0)


def chat_closed(folder: Path, *, seconds: float, feeds: int) -> Result:
    """The reader's topic is closed (400) and opened again."""
    with newsroom(folder, feeds=feeds) as room:
        room.warm()
        with room.publishing():
            closed = Fault(kind="bad_request", description="Bad Request: TOPIC_CLOSED")
            room.server.rule(lambda chat, _method: closed if chat == 1 else None)
            time.sleep(seconds)
            room.server.rule(None)
            room.server.say(1, "/start", user_id=1)
            time.sleep(1.0)
        lost = room.settle()
        figures = {
            "closed for s": seconds,
            "articles": len(room.published),
            "lost": lost,
            "repeats": room.repeats(),
            "notices": len(room.notices()),
        }
    return Result(figures=figures, holds=not lost and not figures["repeats"])


def bad_gateway(folder: Path, *, seconds: float, feeds: int) -> Result:
    """The Bot API answers 502 to everything, with the defaults of ``alerts``."""
    with newsroom(folder, feeds=feeds) as room:
        room.warm()
        with room.publishing():
            away = Fault(kind="bad_gateway")
            room.server.rule(lambda _chat, _method: away)
            time.sleep(seconds)
            room.server.rule(None)
        lost = room.settle()
        with room.world.store() as store:
            dead = len(store.outbox.list(states=("dead",), limit=1000))
        figures = {"502 for s": seconds, "articles": len(room.published), "lost": lost, "dead": dead}
    return Result(figures=figures, holds=not lost and not dead)


def _store_up(place: str) -> bool:
    with urlopen(f"http://{place}/metrics", timeout=30) as answer:
        return "\nmonitor_store_up 1.0\n" in answer.read().decode()


def _asked_again(room: Newsroom, *, limit_s: float = MINUTE_S) -> float:
    """Wait until every host was asked since now; the seconds that it took."""
    since = time.monotonic()
    while (took := room.outlets.asked_again_s(since)) == float("inf"):
        if time.monotonic() - since > limit_s:
            break
        time.sleep(0.05)
    return took


def _wait_for_news(room: Newsroom) -> None:
    """Wait until one more article was told."""
    heard = room.told().total()
    wait(lambda: room.told().total() > heard, 90, f"silence: {room.world.said()}")


def _told_twice(room: Newsroom, other: Newsroom) -> int:
    both = room.told(), room.told(other.server.ledger)
    return sum(both[0][number] + both[1][number] > 1 for number in room.published)


def _interleaved(room: Newsroom, other: Newsroom) -> int:
    """How often the sender changed beyond the takeovers: each turn sends in one piece."""
    rows = sorted([(row.at, 0) for row in room.server.ledger] + [(row.at, 1) for row in other.server.ledger])
    changes = sum(before != after for (_, before), (_, after) in pairwise(rows))
    return max(0, changes - (room.world.ups() + other.world.ups() - 1))
