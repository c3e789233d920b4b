"""The way onto the wire: names are resolved, checked and dialled in one place.

The address that was checked is the address that is connected to, so a name whose answer changes
between check and use (DNS rebinding) gains nothing. TLS still speaks to the host's name.
"""

from __future__ import annotations

import queue
import socket
import ssl
import threading
from collections.abc import Callable, Mapping
from dataclasses import dataclass
from typing import TYPE_CHECKING, Any

from requests.adapters import HTTPAdapter
from requests.utils import DEFAULT_CA_BUNDLE_PATH
from urllib3 import HTTPConnectionPool, HTTPSConnectionPool, PoolManager
from urllib3.connection import HTTPConnection, HTTPSConnection
from urllib3.util.ssl_ import create_urllib3_context

from monitor.errors import FetchError, Forbidden, Unreachable
from monitor.http.addresses import PORTS, numeric, refusal
from monitor.http.deadline import CURRENT, Exchange
from monitor.http.meter import MeteredResponse
from monitor.i18n.lazy import lazy, word

if TYPE_CHECKING:
    from urllib3._base_connection import BaseHTTPConnection

# One dead address must not eat the deadline of its neighbours.
DIAL_S = 10.0
# Hosts with kept connections; least recently used ones are closed.
KEPT_HOSTS = 128


def look_up(host: str) -> tuple[str, ...]:
    """Every address of ``host``, as the system's resolver orders them."""
    found = socket.getaddrinfo(host, None, type=socket.SOCK_STREAM)
    return tuple(dict.fromkeys(str(row[4][0]) for row in found))


def dial(address: str, port: int, timeout_s: float) -> socket.socket:
    """Connect to a numeric address."""
    return socket.create_connection((address, port), timeout_s)


@dataclass(frozen=True, slots=True, kw_only=True)
class Network:
    """The two things that touch the network, so that a test can stand in for the internet."""

    look_up: Callable[[str], tuple[str, ...]] = look_up
    dial: Callable[[str, int, float], socket.socket] = dial


def connect(connection: HTTPConnection, network: Network) -> socket.socket:
    """Resolve, check and dial ``connection``'s host for the current exchange.

    Raises ``Forbidden`` when no address may be asked, ``Unreachable`` when none answers.
    """
    exchange = CURRENT.get()
    host, port = connection.host, connection.port
    if port not in PORTS and not exchange.allow_private:
        raise Forbidden(
            lazy(
                "{host} is asked on port {port}; only {ports} are open to sources without allow_private",
                host=exchange.host,
                port=str(port),
                ports=", ".join(map(str, sorted(PORTS))),
            )
        )
    sock = _first_that_answers(allowed(host, exchange, network), port, exchange, network)
    for option in connection.socket_options or ():
        sock.setsockopt(*option)
    exchange.watch(sock, connection=connection, fresh=True)
    return sock


def allowed(host: str, exchange: Exchange, network: Network) -> tuple[str, ...]:
    """The addresses of ``host`` that may be asked; raises ``Forbidden`` when there are none."""
    literal = numeric(host)
    found = (str(literal),) if literal else _look_up_in_time(host, exchange, network)
    reasons = {address: refusal(address, allow_private=exchange.allow_private) for address in found}
    good = tuple(address for address, reason in reasons.items() if reason is None)
    if not good:
        address, reason = next(iter(reasons.items()))
        hint = (
            lazy("if this source is on your own network, set allow_private for it")
            if refusal(address, allow_private=True) is None
            else lazy("give the source an address on the public web")
        )
        told = lazy(
            "{host} leads to {address}, which is {reason}; {hint}",
            host=exchange.host,
            address=address,
            reason=word(reason or ""),
            hint=hint,
        )
        raise Forbidden(told)
    return good


def _look_up_in_time(host: str, exchange: Exchange, network: Network) -> tuple[str, ...]:
    """Resolve in a thread of its own: getaddrinfo cannot be interrupted, but need not be awaited."""
    answer: queue.SimpleQueue[tuple[str, ...] | Exception] = queue.SimpleQueue()

    def ask() -> None:
        try:
            answer.put(network.look_up(host))
        except (OSError, ValueError) as error:  # ValueError: a label that IDNA refuses
            answer.put(error)

    threading.Thread(target=ask, name="fetch-lookup", daemon=True).start()
    try:
        found = answer.get(timeout=exchange.left())
    except queue.Empty:
        raise exchange.overdue() from None
    if isinstance(found, Exception) or not found:
        raise Unreachable(
            lazy(
                "the name {host} cannot be found; check the address, or the network of this machine",
                host=exchange.host,
            )
        )
    return found


def _first_that_answers(
    addresses: tuple[str, ...], port: int, exchange: Exchange, network: Network
) -> socket.socket:
    trouble: FetchError | None = None
    for tried, address in enumerate(addresses):
        share = min(exchange.left() / (len(addresses) - tried), DIAL_S)
        try:
            return network.dial(address, port, share)
        except TimeoutError:
            trouble = Unreachable(
                lazy(
                    "{host} ({address}) does not take a connection within {seconds} s; "
                    "it is asked again later",
                    host=exchange.host,
                    address=str(address),
                    seconds=f"{share:.0f}",
                )
            )
        except OSError as error:
            why = error.strerror or type(error).__name__
            trouble = Unreachable(
                lazy(
                    "no connection to {host} ({address}): {why}; it is asked again later",
                    host=exchange.host,
                    address=str(address),
                    why=str(why),
                )
            )
    raise trouble or exchange.overdue()


class Adapter(HTTPAdapter):
    """requests' transport over guarded connections.

    It is used without a ``requests.Session``: urllib3's pools are thread-safe and a Session is
    not, and what a Session adds (cookies, netrc, proxies from the environment, redirects) is just
    what must not happen here.
    """

    def __init__(self, network: Network, tls: ssl.SSLContext) -> None:
        self._network = network
        self._tls = tls
        # One kept connection a host: the engine asks a host one thing at a time.
        super().__init__(pool_connections=KEPT_HOSTS, pool_maxsize=1)

    def init_poolmanager(
        self,
        connections: int,
        maxsize: int,
        block: bool = False,
        **pool_kwargs: Any,  # noqa: ANN401 - requests' own signature
    ) -> None:
        self.poolmanager = PoolManager(
            num_pools=connections,
            maxsize=maxsize,
            block=block,
            ssl_context=self._tls,
            **pool_kwargs,
        )
        self.poolmanager.pool_classes_by_scheme = pool_classes(self._network)

    def cert_verify(self, conn: object, url: str, verify: object, cert: object) -> None:
        """Nothing to do: the one TLS context verifies; reading the bundle again for each
        connection would cost more than the handshake."""


def pool_classes(network: Network) -> dict[str, Any]:
    """urllib3 pools, by scheme, whose connections are made by ``connect``."""

    class Plain(HTTPConnection):
        response_class = MeteredResponse

        def _new_conn(self) -> socket.socket:
            return connect(self, network)

    class Secure(HTTPSConnection):
        response_class = MeteredResponse

        def _new_conn(self) -> socket.socket:
            return connect(self, network)

    class PlainPool(HTTPConnectionPool):
        ConnectionCls = Plain

        def _validate_conn(self, conn: BaseHTTPConnection) -> None:
            _watch_kept(conn)
            super()._validate_conn(conn)

    class SecurePool(HTTPSConnectionPool):
        ConnectionCls = Secure

        def _validate_conn(self, conn: BaseHTTPConnection) -> None:
            _watch_kept(conn)
            super()._validate_conn(conn)

    return {"http": PlainPool, "https": SecurePool}


def _watch_kept(connection: BaseHTTPConnection) -> None:
    """urllib3 calls this before each request: a connection kept from before gets its watch here."""
    sock = getattr(connection, "sock", None)
    if sock is not None:
        CURRENT.get().watch(sock, connection=connection, fresh=False)


def tls_context(ca_bundle: str | None = None) -> ssl.SSLContext:
    """A verifying context (TLS 1.2 and newer) over requests' roots, or over ``ca_bundle`` (PEM)."""
    context = create_urllib3_context()
    context.load_verify_locations(ca_bundle or DEFAULT_CA_BUNDLE_PATH)
    return context


def adapters(network: Network, tls: ssl.SSLContext) -> Mapping[bool, Adapter]:
    """One adapter for each ``allow_private``: a connection that was let through to a private
    address must not serve a request that may not go there."""
    return {allow_private: Adapter(network, tls) for allow_private in (False, True)}
