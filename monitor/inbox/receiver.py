"""A small HTTP server for what others send us: articles for inboxes, hints of hubs.

``POST /inbox/<source id>`` takes articles as JSON (``core.source.posted_articles``) and answers when they are
safely in the inbox's folder. With a secret set, the post must carry it: ``Authorization: Bearer
<secret>``, or ``X-Monitor-Signature`` as our own webhook channel signs. ``/websub/…`` belongs to
``monitor.inbox.websub``. Without a secret only loopback is listened on.
"""

from __future__ import annotations

import hashlib
import hmac
import re
import threading
from collections.abc import Mapping
from typing import Final, Protocol

import structlog

from monitor.core.source.posted_articles import read_posted
from monitor.errors import FetchError, MonitorError
from monitor.inbox.hints import poll_soon
from monitor.inbox.server import Answer, BoundedServer
from monitor.inbox.spool import SCHEME, Spool
from monitor.model import ReceiverSettings
from monitor.ports import Ports

_STAMP: Final = re.compile(r"t=(\d{1,12}),v1=([0-9a-f]{64})")
_FRESH_S: Final = 300
_LOOPBACK: Final = re.compile(r"localhost|127(?:\.\d{1,3}){3}|\[?::1\]?")

log = structlog.get_logger(__name__)


class Hub(Protocol):
    """What answers under ``/websub/``."""

    def verify(self, path: str, query: str) -> Answer: ...
    def pushed(self, path: str, headers: Mapping[str, str], body: bytes) -> Answer: ...


class Receiver:
    """Serves until ``stop``; each request has 15 seconds and ``max_bytes``.

    Raises ``MonitorError`` at ``start`` when it may not or cannot listen.
    """

    def __init__(
        self, ports: Ports, spool: Spool, settings: ReceiverSettings, *, hub: Hub | None = None
    ) -> None:
        self._ports = ports
        self._spool = spool
        self._settings = settings
        self._hub = hub
        self._server: BoundedServer | None = None
        self._thread: threading.Thread | None = None

    @property
    def port(self) -> int:
        """The port that is listened on."""
        return self._server.server_port if self._server is not None else 0

    def start(self) -> None:
        """Listen, and serve in threads of its own."""
        host, _, port = self._settings.listen.rpartition(":")
        if not self._settings.secret and not _LOOPBACK.fullmatch(host):
            raise MonitorError(
                f"receiver: listen: {self._settings.listen} needs a secret, since others can reach it"
                " (set MONITOR_RECEIVER_SECRET, or listen on 127.0.0.1)"
            )
        try:
            self._server = BoundedServer((host.strip("[]"), int(port)), self)
        except (OSError, OverflowError) as error:
            raise MonitorError(f"receiver: listen: {self._settings.listen} is not free: {error}") from error
        self._thread = threading.Thread(
            target=self._server.serve_forever, kwargs={"poll_interval": 0.2}, name="receiver", daemon=True
        )
        self._thread.start()
        log.info("receiver listens", address=f"{host}:{self.port}")

    def stop(self) -> None:
        """Stop listening; requests that run are cut."""
        if self._server is not None and self._thread is not None:
            self._server.shutdown()
            self._server.server_close()
            self._thread.join()

    @property
    def limit(self) -> int:
        """The largest post, in bytes."""
        return self._settings.max_bytes

    def get(self, path: str, query: str) -> Answer:
        """Only hubs ask, to verify what was asked of them."""
        if self._hub is not None and path.startswith("/websub/"):
            return self._hub.verify(path, query)
        return Answer(status=404, text="there is nothing here")

    def post(self, path: str, headers: Mapping[str, str], body: bytes) -> Answer:
        """Articles, or the hint of a hub."""
        if path.startswith("/inbox/"):
            return self.take(path, headers, body)
        if self._hub is not None and path.startswith("/websub/"):
            return self._hub.pushed(path, headers, body)
        return Answer.json(404, error="there is nothing here")

    def take(self, path: str, headers: Mapping[str, str], body: bytes) -> Answer:
        """Articles for the inbox that ``path`` names; in its folder when the answer is 202."""
        source = self._ports.rulebook().sources.get(path.removeprefix("/inbox/").strip("/"))
        if not self._may(headers, body):
            return Answer.json(401, error="the post is not signed with the receiver's secret")
        if source is None or not source.url.startswith(f"{SCHEME}:") or not source.enabled:
            return Answer.json(404, error="there is no such inbox")
        try:
            drops, refused = read_posted(body.decode("utf-8-sig"))
        except UnicodeDecodeError:
            return Answer.json(400, error="the post is not UTF-8")
        if refused:
            reasons = [part.why for part in refused[:5]]
            return Answer.json(400, error="; ".join(reasons), accepted=0)
        try:
            self._spool.put(source.url, "\n".join(drop.raw for drop in drops).encode("utf-8", "replace"))
        except FetchError as error:
            log.error("inbox cannot be written", source=source.id, error=str(error))  # noqa: TRY400
            return Answer.json(503, error="the inbox cannot be written now; post again later")
        poll_soon(self._ports, source)
        return Answer.json(202, accepted=len(drops))

    def _may(self, headers: Mapping[str, str], body: bytes) -> bool:
        secret = self._settings.secret
        if not secret:
            return True
        bearer = headers.get("authorization", "").removeprefix("Bearer ").strip()
        if hmac.compare_digest(bearer.encode(), secret.encode()):
            return True
        found = _STAMP.fullmatch(headers.get("x-monitor-signature", ""))
        if not found or abs(self._ports.now().timestamp() - int(found[1])) > _FRESH_S:
            return False
        signed = hmac.new(secret.encode(), f"{found[1]}.".encode() + body, hashlib.sha256).hexdigest()
        return hmac.compare_digest(signed, found[2])
