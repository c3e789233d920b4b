"""Where the fetcher may go: private networks, redirects into them, changing names, TLS names.

The tests stand in for the internet with a `Network` whose names and addresses all lead to servers
on loopback, so that the strict rules themselves are what runs.
"""

from __future__ import annotations

import socket
import ssl
from collections.abc import Callable, Iterator
from contextlib import ExitStack
from dataclasses import dataclass, field
from datetime import UTC, datetime
from pathlib import Path

import pytest
import trustme

from monitor.errors import Forbidden, Unreachable
from monitor.http import HttpFetcher, Network
from monitor.model import Fetched, FetchRequest, FetchSettings
from tests.support.hostile_server import HostileServer, Talk, answer

NOW = datetime(2026, 3, 1, 12, 0, tzinfo=UTC)
PUBLIC = "8.8.8.8"
OTHER = "9.9.9.9"

Serve = Callable[..., HostileServer]


@dataclass
class Internet:
    """Names with successive answers (the last one stays) and what each address leads to."""

    names: dict[str, list[tuple[str, ...]]] = field(default_factory=dict)
    hosts: dict[str, HostileServer] = field(default_factory=dict)
    looked_up: list[str] = field(default_factory=list)
    dialled: list[tuple[str, int]] = field(default_factory=list)

    def network(self) -> Network:
        return Network(look_up=self._look_up, dial=self._dial)

    def _look_up(self, host: str) -> tuple[str, ...]:
        self.looked_up.append(host)
        answers = self.names[host]
        return answers.pop(0) if len(answers) > 1 else answers[0]

    def _dial(self, address: str, port: int, timeout_s: float) -> socket.socket:
        self.dialled.append((address, port))
        if address not in self.hosts:
            raise ConnectionRefusedError(111, "Connection refused")
        return socket.create_connection(("127.0.0.1", self.hosts[address].port), timeout_s)


@pytest.fixture
def stack() -> Iterator[ExitStack]:
    with ExitStack() as stack:
        yield stack


@pytest.fixture
def serve(stack: ExitStack) -> Serve:
    return lambda replies, tls=None: stack.enter_context(HostileServer(replies, tls))


@pytest.fixture
def fetcher(stack: ExitStack) -> Callable[..., HttpFetcher]:
    def make(internet: Internet, ca_bundle: str | None = None) -> HttpFetcher:
        fetch = HttpFetcher(
            FetchSettings(deadline_s=20),
            version="1",
            now=lambda: NOW,
            network=internet.network(),
            ca_bundle=ca_bundle,
        )
        stack.callback(fetch.close)
        return fetch

    return make


Make = Callable[..., HttpFetcher]


def body(fetch: HttpFetcher, request: FetchRequest) -> bytes:
    got = fetch(request)
    assert isinstance(got, Fetched)
    return got.body


@pytest.mark.parametrize(
    "host",
    [
        "127.0.0.1",
        "127.1",
        "0x7f000001",
        "0x7f.1",
        "017700000001",
        "2130706433",
        "127.0.0.1.",
        "[::1]",
        "[::ffff:127.0.0.1]",
        "[64:ff9b::7f00:1]",
        "0",
        "169.254.169.254",
        "[fd00:ec2::254]",
        "１２７.0.0.1",
    ],
)
def test_numbers_that_lead_inside(fetcher: Make, host: str) -> None:
    """However an inner address is spelt, nothing is dialled and no name looked up."""
    internet = Internet()
    with pytest.raises(Forbidden):
        fetcher(internet)(FetchRequest(url=f"http://{host}/"))
    assert internet.dialled == []
    assert internet.looked_up == []


def test_a_name_that_leads_inside(fetcher: Make) -> None:
    """The resolved address decides, and the message says what the operator can do."""
    internet = Internet({"intranet.test": [("10.0.0.7",)]})
    with pytest.raises(Forbidden, match=r"intranet\.test leads to 10\.0\.0\.7.*allow_private"):
        fetcher(internet)(FetchRequest(url="http://intranet.test/"))
    assert internet.dialled == []


def test_only_checked_addresses_are_dialled(serve: Serve, fetcher: Make) -> None:
    """Of several addresses the inner ones are left out; the next answers when one does not."""
    internet = Internet(
        {"outlet.test": [("127.0.0.1", OTHER, "fe80::1%eth0", PUBLIC)]},
        {PUBLIC: serve({"/": answer(b"public")})},
    )
    assert body(fetcher(internet), FetchRequest(url="http://outlet.test/")) == b"public"
    assert internet.dialled == [(OTHER, 80), (PUBLIC, 80)]


def test_a_name_whose_answer_changes(serve: Serve, fetcher: Make) -> None:
    """One look-up a connection: the address checked is the address used (DNS rebinding)."""
    reply = answer(b"public", "Connection: close")
    internet = Internet({"outlet.test": [(PUBLIC,), ("127.0.0.1",)]}, {PUBLIC: serve({"/": reply})})
    fetch = fetcher(internet)
    assert body(fetch, FetchRequest(url="http://outlet.test/")) == b"public"
    assert internet.looked_up == ["outlet.test"]
    with pytest.raises(Forbidden):
        fetch(FetchRequest(url="http://outlet.test/"))
    assert internet.dialled == [(PUBLIC, 80)]


@pytest.mark.parametrize(
    "target",
    [
        "http://169.254.169.254/latest/meta-data/",
        "http://127.0.0.1/",
        "//0x7f.1/",
        "http://inside.test/",
        "http://outlet.test:22/",
        "http://user:pass@outlet.test/",
        "http://user@outlet.test/",
        "file:///etc/passwd",
        "ftp://outlet.test/",
        "javascript:alert(1)",
        "http://[::1",
    ],
)
def test_redirects_to_where_nobody_may_go(serve: Serve, fetcher: Make, target: str) -> None:
    """Every hop is checked as the first one is."""
    reply = answer(b"", f"Location: {target}", status="302 Found")
    internet = Internet(
        {"outlet.test": [(PUBLIC,)], "inside.test": [("192.168.1.1",)]},
        {PUBLIC: serve({"/": reply})},
    )
    with pytest.raises(Forbidden) as caught:
        fetcher(internet)(FetchRequest(url="http://outlet.test/"))
    assert internet.dialled == [(PUBLIC, 80)]
    assert "pass" not in str(caught.value).replace("password", "")


def test_metadata_stays_closed_to_private_sources(fetcher: Make) -> None:
    """allow_private opens the operator's own network, not the cloud's keys."""
    with pytest.raises(Forbidden, match="metadata"):
        fetcher(Internet())(FetchRequest(url="http://169.254.169.254/", allow_private=True))


def test_redirect_from_a_private_source_to_metadata(serve: Serve, fetcher: Make) -> None:
    """The same over a redirect."""
    reply = answer(b"", "Location: http://169.254.169.254/", status="302 Found")
    internet = Internet({}, {"127.0.0.1": serve({"/": reply})})
    with pytest.raises(Forbidden, match=r"127\.0\.0\.1:7000 redirects .*metadata"):
        fetcher(internet)(FetchRequest(url="http://127.0.0.1:7000/", allow_private=True))


def test_a_private_connection_serves_private_requests_only(serve: Serve, fetcher: Make) -> None:
    """A kept connection into the own network is no way in for other sources."""
    internet = Internet({}, {"127.0.0.1": serve({"/": answer(b"inside")})})
    fetch = fetcher(internet)
    url = "http://127.0.0.1:8080/"
    assert body(fetch, FetchRequest(url=url, allow_private=True)) == b"inside"
    with pytest.raises(Forbidden):
        fetch(FetchRequest(url=url))


@pytest.mark.parametrize("port", [80, 443, 8080, 8443])
def test_ports_that_are_open(serve: Serve, fetcher: Make, port: int) -> None:
    internet = Internet({"outlet.test": [(PUBLIC,)]}, {PUBLIC: serve({"/": answer(b"x")})})
    assert body(fetcher(internet), FetchRequest(url=f"http://outlet.test:{port}/")) == b"x"
    assert internet.dialled == [(PUBLIC, port)]


@pytest.mark.parametrize(
    "url",
    [
        "ftp://outlet.test/",
        "file:///etc/passwd",
        "gopher://outlet.test/",
        "outlet.test/feed",
        "",
        "http://",
        "http://user:pass@outlet.test/",
        "http://outlet.test:25/",
        "http://outlet.test:99999/",
        "http://out let.test/",
        "http://*.test/",
        "http://[::1",
    ],
)
def test_addresses_that_are_refused(fetcher: Make, url: str) -> None:
    """Nothing is looked up for what cannot be asked."""
    internet = Internet({"outlet.test": [(PUBLIC,)]})
    with pytest.raises(Forbidden):
        fetcher(internet)(FetchRequest(url=url))
    assert internet.dialled == []
    assert internet.looked_up == []


def test_one_reading_of_an_ambiguous_address(serve: Serve, fetcher: Make) -> None:
    """Where parsers disagree on the host, what is checked is still what is dialled."""
    internet = Internet({"outlet.test": [(PUBLIC,)]}, {PUBLIC: serve({"/%5C@127.0.0.1/": answer(b"x")})})
    url = "http://outlet.test\\@127.0.0.1/"
    assert body(fetcher(internet), FetchRequest(url=url)) == b"x"
    assert internet.dialled == [(PUBLIC, 80)]


def test_a_name_that_is_not_found(fetcher: Make) -> None:
    """Names that nobody knows may come back later."""
    internet = Internet({"gone.test": [()]})
    with pytest.raises(Unreachable, match=r"gone\.test cannot be found"):
        fetcher(internet)(FetchRequest(url="http://gone.test/"))


def test_tls_speaks_to_the_name(serve: Serve, fetcher: Make, tmp_path: Path) -> None:
    """The address is pinned, SNI and certificate are the host's name."""
    authority, bundle = trustme.CA(), tmp_path / "roots.pem"
    authority.cert_pem.write_to_path(str(bundle))
    asked_for: list[str | None] = []
    context = ssl.SSLContext(ssl.PROTOCOL_TLS_SERVER)
    authority.issue_cert("outlet.test").configure_cert(context)
    context.sni_callback = lambda _sock, name, _context: asked_for.append(name)
    server = serve({"/": answer(b"sealed")}, context)
    internet = Internet({"outlet.test": [(PUBLIC,)], "mirror.test": [(PUBLIC,)]}, {PUBLIC: server})
    fetch = fetcher(internet, str(bundle))
    assert body(fetch, FetchRequest(url="https://outlet.test/")) == b"sealed"
    assert body(fetch, FetchRequest(url="https://outlet.test/")) == b"sealed"
    assert internet.dialled == [(PUBLIC, 443)]
    with pytest.raises(Unreachable, match=r"certificate of mirror\.test"):
        fetch(FetchRequest(url="https://mirror.test/"))
    assert asked_for == ["outlet.test", "mirror.test"]


def test_tls_with_an_unknown_authority(serve: Serve, fetcher: Make) -> None:
    """A certificate that nobody vouches for is refused."""
    context = ssl.SSLContext(ssl.PROTOCOL_TLS_SERVER)
    trustme.CA().issue_cert("outlet.test").configure_cert(context)
    server = serve({"/": answer(b"sealed")}, context)
    internet = Internet({"outlet.test": [(PUBLIC,)]}, {PUBLIC: server})
    with pytest.raises(Unreachable, match="certificate of outlet"):
        fetcher(internet)(FetchRequest(url="https://outlet.test/"))


def test_a_handshake_that_never_ends(stack: ExitStack) -> None:
    """The deadline holds inside the TLS handshake too: TLS takes the socket, the watch stays."""
    listener = stack.enter_context(socket.create_server(("127.0.0.1", 0)))
    network = Network(
        look_up=lambda _host: (PUBLIC,),
        dial=lambda _address, _port, timeout_s: socket.create_connection(listener.getsockname(), timeout_s),
    )
    fetch = HttpFetcher(FetchSettings(deadline_s=0.4), version="1", now=lambda: NOW, network=network)
    stack.callback(fetch.close)
    with pytest.raises(Unreachable, match="no complete answer from outlet"):
        fetch(FetchRequest(url="https://outlet.test/"))


def test_slow_body_over_tls(serve: Serve, stack: ExitStack, tmp_path: Path) -> None:
    """And in a body that drips through TLS."""
    authority, bundle = trustme.CA(), tmp_path / "roots.pem"
    authority.cert_pem.write_to_path(str(bundle))
    context = ssl.SSLContext(ssl.PROTOCOL_TLS_SERVER)
    authority.issue_cert("outlet.test").configure_cert(context)

    def slow(talk: Talk) -> None:
        talk.send(b"HTTP/1.1 200 OK\r\n\r\n")
        talk.drip(b"x")

    server = serve({"/": slow}, context)
    internet = Internet({"outlet.test": [(PUBLIC,)]}, {PUBLIC: server})
    fetch = HttpFetcher(
        FetchSettings(deadline_s=0.8),
        version="1",
        now=lambda: NOW,
        network=internet.network(),
        ca_bundle=str(bundle),
    )
    stack.callback(fetch.close)
    with pytest.raises(Unreachable, match="no complete answer from outlet"):
        fetch(FetchRequest(url="https://outlet.test/"))
