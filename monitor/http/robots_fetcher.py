"""A fetcher that asks a host's rules for robots before it asks for a page."""

from __future__ import annotations

import dataclasses
import threading
from collections import OrderedDict
from datetime import datetime, timedelta
from typing import TYPE_CHECKING, Final
from urllib.parse import urlsplit

from monitor.errors import FetchError, Forbidden, HttpStatus, TooLarge, Unreachable
from monitor.http.errors import host_of
from monitor.http.robots_rules import MAX_BYTES, NO_RULES, Rules, rules_of
from monitor.i18n.lazy import lazy
from monitor.model import Fetched, FetchRequest, NotModified

if TYPE_CHECKING:
    from monitor.ports import Clock, Fetcher

KEPT_HOSTS: Final = 4_000
# RFC 9309 §2.4: rules are not used for longer than a day without being asked for again.
LIFE: Final = timedelta(hours=24)
ASKED_AGAIN: Final = timedelta(minutes=10)
# RFC 9309 §2.3.1.4: rules that cannot be read for so long may be taken for none.
UNREADABLE_FOR: Final = timedelta(days=30)
CLIENT_ERRORS: Final = range(400, 500)
TOO_MANY: Final = 429


@dataclasses.dataclass(frozen=True, slots=True, kw_only=True)
class _Known:
    """What is known of one host: ``rules`` None means that they could not be read so far."""

    rules: Rules | None
    asked_again: datetime
    unreadable_since: datetime | None = None


class RobotsFetcher:
    """``Fetcher`` over another one. Thread-safe; keeps the rules of at most 4,000 hosts in memory.

    A request with ``robots`` set is made only where robots.txt allows it. No such file (4xx): all is
    allowed. A host that cannot say (5xx, 429, no answer): its old rules hold, and without any the
    request waits. Every answer of a host whose rules are known carries its crawl-delay in ``rest_s``.
    """

    def __init__(self, fetch: Fetcher, *, now: Clock) -> None:
        self._fetch = fetch
        self._now = now
        self._known: OrderedDict[str, _Known] = OrderedDict()
        self._lock = threading.Lock()

    def __call__(self, request: FetchRequest) -> Fetched | NotModified:
        """Make the request if it may be made. Raises ``Forbidden`` when the rules say no."""
        if request.robots:
            self._ask_leave(request)
        answer = self._fetch(request)
        if request.robots and answer.url != request.url:  # a page may not be had by a detour either
            self._ask_leave(dataclasses.replace(request, url=answer.url))
        rest_s = self._rest_s(request.url)
        return answer if rest_s is None else dataclasses.replace(answer, rest_s=rest_s)

    def forget(self) -> None:
        """The clock was set: hosts that were to be asked again at a moment are asked again now."""
        with self._lock:
            for origin in [name for name, known in self._known.items() if known.rules is None]:
                del self._known[origin]

    def _ask_leave(self, request: FetchRequest) -> None:
        rules = self._rules(request)
        if not rules.allow(request.url):
            raise Forbidden(
                lazy(
                    "the robots.txt of {host} does not let us read this page; "
                    "ask the outlet for leave, or read a feed of it",
                    host=host_of(request.url),
                )
            )

    def _rest_s(self, url: str) -> float | None:
        known = self._recall(_origin(url))
        return known.rules.rest_s if known and known.rules else None

    def _rules(self, request: FetchRequest) -> Rules:
        origin, now = _origin(request.url), self._now()
        known = self._recall(origin)
        if known is None or known.asked_again <= now:
            known = self._ask(origin, request, known, now)
            self._remember(origin, known)
        if known.rules is None:
            raise Unreachable(
                lazy(
                    "{host} does not say what robots may read (its robots.txt cannot be had); "
                    "it is asked again later",
                    host=host_of(request.url),
                ),
                retry_at=known.asked_again,
            )
        return known.rules

    def _ask(self, origin: str, request: FetchRequest, before: _Known | None, now: datetime) -> _Known:
        """One robots.txt, under the same guard and limits as every request."""
        asked = FetchRequest(
            url=f"{origin}/robots.txt",
            accept="text/plain, */*;q=0.1",
            allow_private=request.allow_private,
            max_bytes=MAX_BYTES,
            deadline_s=request.deadline_s,
        )
        try:
            answer = self._fetch(asked)
        except TooLarge:
            return _Known(rules=NO_RULES, asked_again=now + LIFE)  # no rules are as long as that
        except Forbidden:
            raise
        except FetchError as error:
            status = error.status if isinstance(error, HttpStatus) else 0
            if status in CLIENT_ERRORS and status != TOO_MANY:
                return _Known(rules=NO_RULES, asked_again=now + LIFE)
            return _unreadable(before, max(error.retry_at or now, now + ASKED_AGAIN), now)
        rules = rules_of(answer.body) if isinstance(answer, Fetched) else NO_RULES
        return _Known(rules=rules, asked_again=now + LIFE)

    def _recall(self, origin: str) -> _Known | None:
        with self._lock:
            known = self._known.get(origin)
            if known is not None:
                self._known.move_to_end(origin)
            return known

    def _remember(self, origin: str, known: _Known) -> None:
        with self._lock:
            self._known[origin] = known
            self._known.move_to_end(origin)
            if len(self._known) > KEPT_HOSTS:
                self._known.popitem(last=False)


def _unreadable(before: _Known | None, again: datetime, now: datetime) -> _Known:
    since = (before.unreadable_since if before else None) or now
    rules = before.rules if before else None
    if now - since > UNREADABLE_FOR:
        rules = NO_RULES
    return _Known(rules=rules, asked_again=again, unreadable_since=since)


def _origin(url: str) -> str:
    """``https://host:port``: robots.txt holds for one scheme, host and port (RFC 9309 §2.3)."""
    try:
        parts = urlsplit(url)
    except ValueError:
        raise Forbidden(lazy("{host} is no web address; write it in full", host=host_of(url))) from None
    return f"{parts.scheme}://{parts.netloc}".lower()
