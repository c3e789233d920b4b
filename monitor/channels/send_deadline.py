"""A whole deadline for one HTTP request: the time that its connection may be used, however it drips."""

from __future__ import annotations

import os
import socket
import threading
from collections.abc import Iterator
from contextlib import contextmanager, suppress
from typing import Any

import requests
from requests.adapters import HTTPAdapter
from urllib3 import HTTPConnectionPool, HTTPSConnectionPool, PoolManager
from urllib3.connection import HTTPConnection, HTTPSConnection


class Deadline:
    """Shuts the connection of one request when its time is over. ``passed`` tells that it did."""

    def __init__(self, seconds: float) -> None:
        self.seconds = seconds
        self.passed = False
        self._sockets: list[socket.socket] = []
        self._lock = threading.Lock()

    def watch(self, sock: socket.socket) -> socket.socket:
        """Have it shut in time. A duplicate is kept: TLS takes the original over."""
        with self._lock:
            self._sockets.append(socket.socket(fileno=os.dup(sock.fileno())))
            passed = self.passed
        if passed:
            self._shut()
        return sock

    def _shut(self) -> None:
        with self._lock:
            self.passed = True
            for sock in self._sockets:
                with suppress(OSError):  # the other side was faster
                    sock.shutdown(socket.SHUT_RDWR)

    def _release(self) -> None:
        with self._lock:
            for sock in self._sockets:
                sock.close()
            self._sockets.clear()

    @contextmanager
    def session(self) -> Iterator[requests.Session]:
        """A session for the one request, as ``requests`` makes them, over connections that are watched."""
        timer = threading.Timer(self.seconds, self._shut)
        timer.daemon = True
        timer.start()
        try:
            with requests.Session() as session:
                for scheme in ("http://", "https://"):
                    session.mount(scheme, _Adapter(self))
                yield session
        finally:
            timer.cancel()
            self._release()


class _Adapter(HTTPAdapter):
    def __init__(self, deadline: Deadline) -> None:
        self._pools = _pools(deadline)
        super().__init__()

    def init_poolmanager(self, *args: Any, **options: Any) -> None:  # noqa: ANN401  # as inherited
        super().init_poolmanager(*args, **options)
        self.poolmanager.pool_classes_by_scheme = self._pools

    def proxy_manager_for(self, *args: Any, **options: Any) -> PoolManager:  # noqa: ANN401  # as inherited
        manager: PoolManager = super().proxy_manager_for(*args, **options)
        manager.pool_classes_by_scheme = self._pools
        return manager


def _pools(deadline: Deadline) -> dict[str, Any]:
    """urllib3 pools, by scheme, whose connections are watched."""

    class Plain(HTTPConnection):
        def _new_conn(self) -> socket.socket:
            return deadline.watch(super()._new_conn())

    class Secure(HTTPSConnection):
        def _new_conn(self) -> socket.socket:
            return deadline.watch(super()._new_conn())

    class PlainPool(HTTPConnectionPool):
        ConnectionCls = Plain

    class SecurePool(HTTPSConnectionPool):
        ConnectionCls = Secure

    return {"http": PlainPool, "https": SecurePool}
