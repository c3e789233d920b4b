"""The world of the faults bench: outlets that publish all the time, a service that reads them, a judge."""

from __future__ import annotations

import random
import re
import signal
import threading
import time
from collections import Counter, defaultdict
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from dataclasses import dataclass, field
from datetime import UTC, datetime
from pathlib import Path

from monitor.core.message.alert import REPEAT_MARK
from parts.delivery_long import Apart, Distinct
from parts.delivery_world import Clock, World, server_for, wait
from tests.support.botapi.ledger import LedgerRow
from tests.support.botapi.server import BotApiServer

READER, OPERATOR = 1, 2
# Two words: of ten thousand made-up first ones some are the same.
_SUBJECT = re.compile(r"\bsubject[a-y]+ [a-y]+")


class Asked(Distinct):
    """Outlets, each on a host of its own, that note when each was asked for its feed."""

    def __init__(self, feeds: int) -> None:
        super().__init__(feeds=feeds, ports=feeds)
        self._articles = {feed: [] for feed in range(feeds)}
        self.asked: dict[int, list[float]] = defaultdict(list)
        self.subjects: dict[str, int] = {}

    def publish(self, feed: int, number: int, *, matching: bool) -> None:
        """Noted by its subject, which stands in its headline alone."""
        title = Apart(number=number, at=datetime.now(UTC), matching=matching).title
        subject = " ".join(title.split()[:2])
        self.subjects[subject] = number
        super().publish(feed, number, matching=matching)

    def answer(self, path: str) -> tuple[bytes, str]:
        """As the outlet answers; feeds are noted."""
        feed, _, number = path.strip("/").partition("/")
        if not number:
            self.asked[int(feed)].append(time.monotonic())
        return super().answer(path)

    def asked_again_s(self, since: float) -> float:
        """Seconds from a moment until the last of the hosts was asked again; infinite when one never was."""
        never = float("inf")
        firsts = (min((at for at in self.asked[n] if at > since), default=never) for n in range(self.feeds))
        return max(firsts) - since


@dataclass(slots=True)
class Newsroom:
    """Outlets, one reader, one operator, and the services on one store."""

    outlets: Asked
    server: BotApiServer
    world: World
    every_s: float
    published: list[int] = field(default_factory=list)
    _stop: threading.Event = field(default_factory=threading.Event)

    @contextmanager
    def publishing(self) -> Iterator[None]:
        """A new article that matches every ``every_s`` seconds, in any of the outlets."""
        self._stop.clear()
        thread = threading.Thread(target=self._publish)
        thread.start()
        try:
            yield
        finally:
            self._stop.set()
            thread.join()

    def _publish(self) -> None:
        dice = random.Random(len(self.published))
        while not self._stop.wait(self.every_s):
            self.publish(dice.randrange(self.outlets.feeds))

    def publish(self, feed: int) -> None:
        """One more article."""
        number = len(self.published)
        self.outlets.publish(feed, number, matching=True)
        self.published.append(number)

    def told(self, ledger: list[LedgerRow] | None = None) -> Counter[int]:
        """How often each article was told to the reader without a mark."""
        rows = self.server.ledger if ledger is None else ledger
        counts = Counter(dict.fromkeys(self.published, 0))
        for row in rows:
            if row.chat_id == READER and row.edited_from is None and REPEAT_MARK not in row.text:
                counts.update(self._named(row.text))
        return counts

    def lost(self) -> int:
        """Articles that the reader did not hear of at all, marked or not."""
        return untold(self, self)

    def heard_of(self) -> set[int]:
        """Articles that the reader was told of, marked or not."""
        texts = " ".join(row.text for row in self.server.ledger if row.chat_id == READER)
        return self._named(texts)

    def _named(self, text: str) -> set[int]:
        """The articles whose subject, two words that only their headlines have, stands in a text."""
        subjects = self.outlets.subjects
        return {subjects[word] for word in _SUBJECT.findall(text) if word in subjects}

    def settle(self) -> int:
        """Wait until all is told. Returns how many were lost."""
        return settled(self.lost)

    def warm(self) -> None:
        """Every host was asked and something was told."""
        asked = self.outlets.asked
        wait(lambda: len(asked) == self.outlets.feeds, 300, f"not all asked: {self.world.said()}")
        self.publish(0)
        wait(lambda: any(self.told().values()), 300, f"nothing is told: {self.world.said()}")

    def notices(self) -> list[str]:
        """What the operator was told."""
        return [row.text for row in self.server.ledger if row.chat_id == OPERATOR]

    def repeats(self) -> int:
        """Articles told more than once without a mark."""
        return sum(count > 1 for count in self.told().values())


def untold(*rooms: Newsroom) -> int:
    """Articles that no reader of these rooms, which have the same outlets, heard of."""
    return len(set(rooms[0].published).difference(*(room.heard_of() for room in rooms)))


def settled(lost: Callable[[], int], *, still_s: float = 120.0) -> int:
    """Wait until nothing is lost any more, as long as it gets on: a slow machine loses nothing."""
    fewest, since = lost(), time.monotonic()
    while fewest and time.monotonic() - since < still_s:
        time.sleep(1.0)
        if (now := lost()) < fewest:
            fewest, since = now, time.monotonic()
    return fewest


@contextmanager
def newsroom(
    folder: Path,
    *,
    feeds: int,
    database: str = "",
    every_s: float = 0.5,
    clock: Clock | None = None,
    outlets: Asked | None = None,
    options: Callable[[BotApiServer], None] = lambda _server: None,
    more: str = "",
    roles: str = "",
) -> Iterator[Newsroom]:
    """A service that reads ``feeds`` hosts every 2 s; with another's ``outlets`` it is not started."""
    started = outlets is None
    outlets = outlets or Asked(feeds)
    with server_for((READER, OPERATOR)) as server:
        options(server)
        world = world_of(folder, outlets, server, database=database, clock=clock or Clock(), more=more)
        room = Newsroom(outlets=outlets, server=server, world=world, every_s=every_s)
        if started:
            world.start(**({"ROLES": roles} if roles else {}))
            world.wait_up(1)
        try:
            yield room
        finally:
            for process in world.living():
                world.end(signal.SIGKILL, process)


def world_of(
    folder: Path, outlets: Asked, server: BotApiServer, *, database: str, clock: Clock, more: str = ""
) -> World:
    """A config folder for these outlets."""
    sources = "".join(
        f"  - {{id: s{feed}, url: '{outlets.url(feed)}', every: 2s, language: en}}\n"
        for feed in range(outlets.feeds)
    )
    world = World(
        folder=folder,
        base_url=server.base_url,
        sources=f"sources:\n{sources}",
        fetch="{host_delay_s: 0, per_second: 10000, allow_private: true}",
        topics="topics:\n  - {id: subjects, query: subject*, languages: [en]}\n",
        database=database,
        clock=clock,
        more=more,
    )
    (folder / "config" / "chats.yaml").write_text(
        f"chats:\n  - {{id: 'telegram:{READER}', subscriptions: [{{topic: '*'}}]}}\n"
        f"  - {{id: 'telegram:{OPERATOR}', operator: true}}\n"
    )
    return world
