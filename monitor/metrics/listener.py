"""Serves the figures at a place of their own, for a service without its desk."""

from __future__ import annotations

from collections.abc import Iterable
from contextlib import suppress
from typing import TYPE_CHECKING
from wsgiref.simple_server import WSGIServer

import structlog
from prometheus_client import start_http_server

from monitor.metrics.instruments import ServiceMetrics
from monitor.metrics.stored_state import StoredState
from monitor.ports import Ports

if TYPE_CHECKING:
    from wsgiref.types import StartResponse, WSGIApplication, WSGIEnvironment

log = structlog.get_logger(__name__)


class MetricsListener:
    """From ``start`` to ``stop`` the store's state is among the figures, and they are served if wanted.

    ``listen`` is host:port, or "" for the desk's ``/metrics`` only. A place that is taken is told in the log
    and the service goes on without.
    """

    def __init__(self, ports: Ports, metrics: ServiceMetrics, listen: str = "") -> None:
        self._metrics = metrics
        self._state = StoredState(ports)
        self._listen = listen
        self._server: WSGIServer | None = None

    @property
    def port(self) -> int:
        """The port that is listened on; 0 when there is none."""
        return 0 if self._server is None else self._server.server_port

    def start(self) -> None:
        """Begin."""
        self._metrics.registry.register(self._state)
        if not self._listen:
            return
        host, _, port = self._listen.rpartition(":")
        try:
            self._server, _thread = start_http_server(
                int(port), host.strip("[]"), registry=self._metrics.registry
            )
            self._server.set_app(_with_head(self._server.get_app()))  # type: ignore[arg-type]
        except (OSError, OverflowError) as error:
            log.warning("metrics are not served", listen=self._listen, error=str(error))
            return
        log.info("metrics", address=f"http://{host}:{self.port}/metrics")

    def stop(self) -> None:
        """End; a scrape that runs ends by itself."""
        with suppress(KeyError):
            self._metrics.registry.unregister(self._state)
        if self._server is not None:
            self._server.shutdown()
            self._server.server_close()


def _with_head(app: WSGIApplication) -> WSGIApplication:
    """The application, which answers HEAD as it does GET, without the body: some watchers ask that way."""

    def answered(environ: WSGIEnvironment, start: StartResponse) -> Iterable[bytes]:
        if environ["REQUEST_METHOD"] != "HEAD":
            return app(environ, start)

        def started(status: str, headers: list[tuple[str, str]], error: object = None) -> object:
            del error
            begun.append((status, headers))
            return lambda _piece: None

        begun: list[tuple[str, list[tuple[str, str]]]] = []
        length = sum(map(len, app({**environ, "REQUEST_METHOD": "GET"}, started)))  # type: ignore[arg-type]
        ((status, headers),) = begun
        start(status, [*headers, ("Content-Length", str(length))])
        return []

    return answered
