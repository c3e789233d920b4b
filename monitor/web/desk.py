"""What the pages are given: the service's ports, the operator's folder, what makes HTML."""

from __future__ import annotations

import threading
import time
from collections.abc import Callable, Mapping, MutableMapping
from dataclasses import dataclass, field
from datetime import tzinfo
from pathlib import Path
from typing import Annotated, Any, Final, TypeVar

from fastapi import Depends, HTTPException, Request
from starlette.responses import HTMLResponse, Response

from monitor.app import load_rulebook
from monitor.chores.uptime import WEEK, UptimeWatch, watch_of, zone_of
from monitor.core.query.engine.matcher import Matcher
from monitor.core.rulebook import Rulebook
from monitor.core.search import prepared
from monitor.model import DeskRole
from monitor.model.search import Wanted
from monitor.ports import Ports, Store
from monitor.web.backtests import Backtests
from monitor.web.identity import Visitor
from monitor.web.render import Renderer

T = TypeVar("T")
COUNTS_FRESH_S: Final = 5.0
FRESH_S: Final = 60.0
"""So long a figure over all sources is good enough: it is the same for everybody who looks."""


@dataclass(slots=True)
class Remembered:
    """Figures that cost more than a page may, each asked for once a minute at most."""

    _kept: MutableMapping[str, tuple[float, Any]] = field(default_factory=dict)
    _lock: threading.Lock = field(default_factory=threading.Lock)

    def get(self, name: str, ask: Callable[[], T], fresh_s: float = FRESH_S) -> T:
        """What ``ask`` said within the last ``fresh_s`` seconds, else what it says now."""
        with self._lock:
            at, value = self._kept.get(name, (float("-inf"), None))
            if time.monotonic() - at > fresh_s:
                value = ask()
                self._kept = {each: kept for each, kept in self._kept.items() if _is_fresh(kept[0])}
                self._kept[name] = (time.monotonic(), value)
        found: T = value
        return found


def _is_fresh(at: float) -> bool:
    return time.monotonic() - at <= FRESH_S


@dataclass(frozen=True, slots=True, kw_only=True)
class Desk:
    """All that a page needs."""

    ports: Ports
    folder: Path
    renderer: Renderer
    backtests: Backtests
    remembered: Remembered = field(default_factory=Remembered)

    @property
    def store(self) -> Store:
        """The service's store."""
        return self.ports.store

    @property
    def rulebook(self) -> Rulebook:
        """The rulebook in force."""
        return self.ports.rulebook()

    @property
    def zone(self) -> tzinfo:
        """The zone in which operators are told moments."""
        return zone_of(self.rulebook)

    def uptime(self) -> UptimeWatch:
        """Coverage of all sources, at most a minute old."""
        return self.remembered.get("uptime", self._uptime)

    def health(self) -> Mapping[str, int]:
        """How many listed sources are in each state of health, a few seconds old at most."""
        return self.remembered.get("health", self.store.lists.health, COUNTS_FRESH_S)

    def source_texts(self) -> Mapping[str, str]:
        """What of each source is looked through for words, folded, by its id."""
        rulebook = self.rulebook

        def fold() -> Mapping[str, str]:
            sources = rulebook.sources.values()
            return {each.id: f"{each.id} {each.name} {each.url}".casefold() for each in sources}

        return self.remembered.get(f"texts {rulebook.revision}", fold)

    def _uptime(self) -> UptimeWatch:
        now = self.ports.now()
        return watch_of(self.store.lists.first_reads(), self.store.sources.gaps(now - WEEK), now=now)

    def tiers(self) -> list[str]:
        """The tiers that sources have, by the alphabet."""
        sources = self.rulebook.sources
        return self.remembered.get("tiers", lambda: sorted({s.tier for s in sources.values() if s.tier}))

    def prepared(self, query: str, languages: tuple[str, ...] = ()) -> tuple[Wanted | None, Matcher]:
        """``core.search.prepared``, remembered for a minute: what a matcher learns of words is most of what a
        search costs. Raises QueryError."""
        rulebook = self.rulebook
        name = f"query {rulebook.revision} {' '.join(languages)} {query}"
        return self.remembered.get(name, lambda: prepared(query, rulebook, languages))

    def check(self) -> Rulebook:
        """Read the operator's files as the service does; raises ``ConfigError`` with what is wrong."""
        return load_rulebook(self.folder)

    def page(self, request: Request, name: str, status: int = 200, **values: object) -> HTMLResponse:
        """A page with the menu, its counts of what is broken, and who is signed in."""
        visitor = request.state.visitor
        return self.renderer.page(
            name,
            status,
            visitor=visitor,
            signed_in=bool(visitor and visitor.session),
            edits=visitor is not None and visitor.may("editor"),
            path=request.url.path,
            troubles=self.troubles() if visitor is not None else {},
            **values,
        )

    def troubles(self) -> dict[str, int]:
        """What the menu counts: sources that fail, deliveries in trouble."""
        health, work = self.health(), self.store.lists.open_work()
        broken = sum(count for name, count in health.items() if name in {"failing", "quarantined"})
        stuck = sum(count for name, count in work.deliveries.items() if name in {"dead", "unsure"})
        return {"/sources": broken, "/outbox": stuck + work.quarantined}


def desk_of(request: Request) -> Desk:
    """The desk that a request came to."""
    desk: Desk = request.app.state.desk
    return desk


def needs(role: DeskRole) -> Callable[[Request], Visitor]:
    """What makes sure that whoever asks may what ``role`` may; the guard has seen to it that he is known."""

    def check(request: Request) -> Visitor:
        visitor: Visitor | None = request.state.visitor
        if visitor is None or not visitor.may(role):
            raise HTTPException(403, f"this is for the role {role}")
        return visitor

    return check


def seen_by_script(request: Request) -> bool:
    """Whether the page's own script asks, for a part of a page."""
    return request.headers.get("x-fragment") == "1"


def gone_to(url: str) -> Response:
    """After a form: the page to look at now."""
    return Response(status_code=303, headers={"location": url})


TheDesk = Annotated[Desk, Depends(desk_of)]
Editor = Annotated[Visitor, Depends(needs("editor"))]
Admin = Annotated[Visitor, Depends(needs("admin"))]
