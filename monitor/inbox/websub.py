"""WebSub (w3.org/TR/websub): hubs tell us when a feed has something new, so that we look at once.

What a hub sends is only a hint: the feed itself is read, with all its manners. A hub must prove that
it knows the secret of the subscription; the address it calls holds a token, so that nobody guesses it.
"""

from __future__ import annotations

import hashlib
import hmac
import re
import secrets
import threading
from collections.abc import Mapping
from typing import Final
from urllib.parse import parse_qs

import structlog

from monitor.core.source.websub import LEASE, asked, confirmed, refused, to_ask
from monitor.errors import FetchError, StoreError
from monitor.inbox.hints import poll_soon
from monitor.inbox.server import Answer
from monitor.model import FetchRequest, HubSubscription, SourceState
from monitor.ports import Ports

EVERY_S: Final = 15.0
_PATH: Final = re.compile(r"/websub/([a-z0-9._-]{1,64})/([0-9a-f]{32})")
_SIGNATURE: Final = re.compile(r"(sha1|sha256|sha384|sha512)=([0-9a-fA-F]{40,128})")
_MAX_CHALLENGE: Final = 2_000

log = structlog.get_logger(__name__)


class Subscriber:
    """Keeps one subscription for each watched source that names a hub. Thread-safe.

    ``public_url`` is how hubs reach ``/websub/`` of our receiver.
    """

    def __init__(self, ports: Ports, public_url: str, *, every_s: float = EVERY_S) -> None:
        self._ports = ports
        self._public_url = public_url.rstrip("/")
        self._every_s = every_s
        self._stop = threading.Event()
        self._thread = threading.Thread(target=self._run, name="websub", daemon=True)

    def start(self) -> None:
        """Ask hubs from now on, in a thread of its own."""
        self._thread.start()

    def stop(self) -> None:
        """Stop asking; leases run out by themselves."""
        self._stop.set()
        self._thread.join(5.0)

    def _run(self) -> None:
        while not self._stop.is_set():
            try:
                self.ask_hubs()
            except StoreError as error:
                log.warning("hubs have to wait", error=str(error))
            self._stop.wait(self._every_s)

    def ask_hubs(self) -> None:
        """Ask every hub that is to be asked now; forget the subscriptions of sources that are gone."""
        store, now = self._ports.store, self._ports.now()
        watched = self._ports.rulebook().sources
        states = [state for state in store.sources.states() if state.source_id in watched]
        hub_subscriptions = {push.source_id: push for push in store.hub_subscriptions.all()}
        for state in to_ask(states, hub_subscriptions, now):
            if self._stop.is_set():
                return
            self._ask(state, hub_subscriptions.get(state.source_id))
        named = {state.source_id for state in states if state.hub}
        for source_id in hub_subscriptions.keys() - named:
            store.hub_subscriptions.drop(source_id)

    def _ask(self, state: SourceState, before: HubSubscription | None) -> None:
        """Subscribe or renew. The row is written first: a hub may verify before it answers."""
        source = self._ports.rulebook().sources[state.source_id]
        secret = before.secret if before is not None else secrets.token_hex(32)
        push = asked(state, before, secret, self._ports.now())
        self._ports.store.hub_subscriptions.put(push)
        form = (
            ("hub.mode", "subscribe"),
            ("hub.topic", push.topic),
            ("hub.callback", f"{self._public_url}{path_of(push)}"),
            ("hub.secret", push.secret),
            ("hub.lease_seconds", str(int(LEASE.total_seconds()))),
        )
        request = FetchRequest(url=push.hub, form=form, allow_private=source.allow_private, max_bytes=10_000)
        try:
            self._ports.fetch(request)
        except FetchError as error:
            log.warning("a hub does not take the subscription", source=source.id, error=str(error))
            stored = self._ports.store.hub_subscriptions.get(source.id)
            if stored is not None and stored.state == "asked":
                failed = asked(state, before, secret, self._ports.now(), error=str(error))
                self._ports.store.hub_subscriptions.put(failed)
            return
        log.info("hub asked", source=source.id, hub=push.hub)

    def verify(self, path: str, query: str) -> Answer:
        """The hub asks whether we meant it (WebSub §5.3), or says that it will not (§5.2)."""
        push = self._push_at(path)
        given = {name: values[0] for name, values in parse_qs(query, max_num_fields=20).items()}
        if push is None or given.get("hub.topic") != push.topic:
            return _NOT_HERE
        if given.get("hub.mode") == "denied":
            self._ports.store.hub_subscriptions.put(refused(push, given.get("hub.reason", "")[:200]))
            log.warning("a hub refuses", source=push.source_id, reason=given.get("hub.reason", "")[:200])
            return Answer(status=200, text="")
        challenge, lease = given.get("hub.challenge", ""), given.get("hub.lease_seconds", "")
        if given.get("hub.mode") != "subscribe" or push.state == "refused" or not challenge:
            return _NOT_HERE
        if len(challenge) > _MAX_CHALLENGE or not (lease.isdecimal() and len(lease) < 12):  # noqa: PLR2004
            return _NOT_HERE
        self._ports.store.hub_subscriptions.put(confirmed(push, int(lease), self._ports.now()))
        log.info("hub confirmed", source=push.source_id, lease_s=int(lease))
        return Answer(status=200, text=challenge)

    def pushed(self, path: str, headers: Mapping[str, str], body: bytes) -> Answer:
        """The hub says that there is something new: look now. 410 tells it to stop calling.

        A wrong signature gets the same answer as a right one and nothing else (WebSub §7.1).
        """
        push = self._push_at(path)
        source = self._ports.rulebook().sources.get(push.source_id) if push is not None else None
        if push is None or source is None or not source.enabled:
            return Answer(status=410, text="nobody listens here")
        if _is_signed(push.secret, headers.get("x-hub-signature", ""), body):
            poll_soon(self._ports, source)
        else:
            log.warning("a push without a right signature was ignored", source=push.source_id)
        return Answer(status=202, text="")

    def _push_at(self, path: str) -> HubSubscription | None:
        found = _PATH.fullmatch(path)
        push = self._ports.store.hub_subscriptions.get(found[1]) if found else None
        if push is None or found is None or not hmac.compare_digest(_token(push), found[2]):
            return None
        return push


_NOT_HERE: Final = Answer(status=404, text="there is no such subscription")


def path_of(push: HubSubscription) -> str:
    """Where the hub calls: the source's id and a token that only the hub and we know."""
    return f"/websub/{push.source_id}/{_token(push)}"


def _token(push: HubSubscription) -> str:
    return hmac.new(push.secret.encode(), b"callback", hashlib.sha256).hexdigest()[:32]


def _is_signed(secret: str, signature: str, body: bytes) -> bool:
    found = _SIGNATURE.fullmatch(signature.strip())
    if found is None:
        return False
    right = hmac.new(secret.encode(), body, found[1]).hexdigest()
    return hmac.compare_digest(right, found[2].lower())
