"""Telling a host that is silent from a machine that has no network.

When every host that was asked lately gave no answer, it is not the hosts: nobody is to be blamed, no
source backs off, nothing is given up, and only now and then one request finds out whether the network is
back.
"""

from __future__ import annotations

import threading
from collections.abc import Callable
from datetime import datetime, timedelta
from typing import TYPE_CHECKING, Final

from monitor.core.text.urls import host_key
from monitor.errors import HttpStatus, Offline, TooLarge, Unreachable
from monitor.model import Fetched, FetchRequest, NetworkLoss, NotModified

if TYPE_CHECKING:
    from monitor.ports import Clock, Fetcher

SILENT_HOSTS: Final = 5
SILENT_FOR: Final = timedelta(seconds=20)
PROBED_EVERY: Final = timedelta(seconds=5)


class OfflineDetector:
    """``Fetcher`` over another one that raises ``Offline`` while no host answers. Thread-safe.

    Offline means: at least five hosts in a row were silent, for twenty seconds, and none answered in
    between. An error status is an answer. ``tell`` hears when it begins and when it ends.
    """

    def __init__(self, fetch: Fetcher, *, now: Clock, tell: Callable[[NetworkLoss], None]) -> None:
        self._fetch = fetch
        self._now = now
        self._tell = tell
        self._silent: set[str] = set()
        self._since: datetime | None = None
        self._probed: datetime | None = None
        self._lock = threading.Lock()

    def __call__(self, request: FetchRequest) -> Fetched | NotModified:
        """Make the request. Raises ``Offline`` unasked between two probes of a dead network."""
        self._let_through()
        try:
            answer = self._fetch(request)
        except Unreachable as error:
            since = self._was_silent(host_key(request.url))
            if since is None:
                raise
            raise _offline(since) from error
        except (HttpStatus, TooLarge):
            self._answered()
            raise
        self._answered()
        return answer

    def forget(self) -> None:
        """The clock was set: what was noted by it before says nothing any more."""
        with self._lock:
            self._silent.clear()
            self._since = self._probed = None

    def _let_through(self) -> None:
        with self._lock:
            if self._probed is None or self._since is None:
                return
            now = self._now()
            if now - self._probed < PROBED_EVERY:
                raise _offline(self._since)
            self._probed = now

    def _was_silent(self, host: str) -> datetime | None:
        """Since when nothing answers, once that is sure."""
        with self._lock:
            now = self._now()
            self._silent.add(host)
            self._since = since = self._since or now
            if self._probed is not None:
                return since
            if len(self._silent) < SILENT_HOSTS or now - since < SILENT_FOR:
                return None
            self._probed = now
            loss = NetworkLoss(since=since, hosts=len(self._silent))
        self._tell(loss)
        return since

    def _answered(self) -> None:
        with self._lock:
            was, since, hosts = self._probed, self._since, len(self._silent)
            self._silent.clear()
            self._since = self._probed = None
        if was is not None and since is not None:
            self._tell(NetworkLoss(since=since, hosts=hosts, back=self._now()))


def _offline(since: datetime) -> Offline:
    return Offline(
        "no host answers: this machine seems to have no network; it is asked again soon", since=since
    )
