"""Sources that an editor adds from the chat: what an address offers, and the operator's files."""

from __future__ import annotations

import threading
import time
from collections.abc import Callable, Iterator, Mapping, Sequence
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path
from typing import Final

from monitor.app import load_rulebook
from monitor.config import Additions, additions, file_named, read_opml
from monitor.config import write as write_records
from monitor.core.rulebook import Rulebook
from monitor.errors import ConfigError, FetchError, Unreachable
from monitor.i18n.lazy import lazy
from monitor.model import Fetched, FetchRequest, NotModified
from monitor.plugins import source_kinds
from monitor.ports import Clock, Fetcher
from monitor.sources.discovery import discover
from monitor.sources.discovery.proposal import as_source

FILE: Final = "chat.yaml"
"""Of config/sources; what is added from chats stands together."""
LONGEST_S: Final = 60.0
MOST_OFFERS: Final = 3
HEADLINES: Final = 3
NOTHING_GIVEN: Final = dict.fromkeys(("id", "name", "language", "country", "tier"), "")
"""What the site says itself is taken."""

Record = Mapping[str, object]


@dataclass(frozen=True, slots=True, kw_only=True)
class Offer:
    """A source that an address offers: its record for the files, and some of what it lists."""

    record: Record
    headlines: tuple[str, ...]


class SourceAdditions:
    """Looks at addresses and writes sources. Thread-safe; one look at a time, of a minute at most.

    Args:
        folder: the operator's config.
        fetch: the service's own fetcher, with its manners and its refusal of private addresses.
        rulebook: gives the rulebook in force.
        now: the clock.
    """

    def __init__(self, folder: Path, *, fetch: Fetcher, rulebook: Callable[[], Rulebook], now: Clock) -> None:
        self._folder = folder
        self._fetch = fetch
        self._rulebook = rulebook
        self._now = now
        self._looking = threading.Lock()
        self._writing = threading.Lock()

    @contextmanager
    def looking(self) -> Iterator[bool]:
        """Whether this look may begin; False while another one goes on."""
        free = self._looking.acquire(blocking=False)
        try:
            yield free
        finally:
            if free:
                self._looking.release()

    def offered(self, address: str) -> tuple[Offer, ...]:
        """What a site offers, best first; of a list of a feed reader (OPML) every source of it.

        Raises ``FetchError`` when the site cannot be reached.
        """
        end = time.monotonic() + LONGEST_S
        fetch = _until(end, self._fetch)
        ways = [address] if "://" in address else [f"https://{address}", f"http://{address}"]
        for way in ways:
            try:
                return self._offered(way, fetch)
            except Unreachable:
                if way == ways[-1]:
                    raise
        return ()

    def _offered(self, url: str, fetch: Fetcher) -> tuple[Offer, ...]:
        try:
            answer = fetch(FetchRequest(url=url))
        except Unreachable:
            raise
        except FetchError:
            answer = None  # a site that refuses this page may have a feed all the same
        if isinstance(answer, Fetched) and b"<opml" in answer.body[:2000].lower():
            return tuple(Offer(record=record, headlines=()) for record in listed(answer.body))
        found = discover(url, fetch=fetch, kinds=source_kinds(), now=self._now())
        return tuple(
            Offer(
                record=as_source(candidate, found, NOTHING_GIVEN, allow_private=False),
                headlines=tuple(entry.title for entry in candidate.entries if entry.title)[:HEADLINES],
            )
            for candidate in found.candidates[:MOST_OFFERS]
        )

    def sorted(self, records: Sequence[Record]) -> Additions:
        """What of these would be new, is watched already, or cannot be a source."""
        return additions((("", record) for record in records), self._rulebook().sources, source_kinds())

    def write(self, records: Sequence[Record]) -> None:
        """Add what is new of these to the files; raises ``ConfigError``, and then nothing has changed."""
        with self._writing:
            # The files, not the rules in force: these are a second behind.
            known = load_rulebook(self._folder).sources
            new = additions((("", record) for record in records), known, source_kinds()).new
            if not new:
                return
            path = file_named(FILE, self._folder)
            before = path.read_bytes() if path.exists() else None
            write_records(path, new)
            try:
                load_rulebook(self._folder)
            except ConfigError:
                if before is None:
                    path.unlink()
                else:
                    path.write_bytes(before)
                raise


def listed(opml: bytes) -> tuple[Record, ...]:
    """The sources of a feed reader's list; none when it is no such list."""
    try:
        return tuple(record for _, record in read_opml(opml, "OPML"))
    except ConfigError:
        return ()


def _until(end: float, fetch: Fetcher) -> Fetcher:
    def bounded(request: FetchRequest) -> Fetched | NotModified:
        if time.monotonic() > end:
            raise Unreachable(lazy("looking took too long"))
        return fetch(request)

    return bounded
