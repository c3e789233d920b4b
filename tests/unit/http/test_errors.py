"""Every error of the libraries below has a meaning here."""

from __future__ import annotations

import http.client
import inspect
import socket
import ssl
from types import ModuleType

import pytest
import requests.exceptions
import urllib3.exceptions

from monitor.errors import FetchError, Forbidden, Unreachable
from monitor.http.errors import CAUGHT, FAULTS, host_of, translate

Broken = requests.exceptions.ConnectionError


def raised_by(module: ModuleType) -> list[type[Exception]]:
    """The exceptions that ``module`` defines; warnings are not raised."""
    return [
        kind
        for _, kind in inspect.getmembers(module, inspect.isclass)
        if issubclass(kind, Exception)
        and not issubclass(kind, Warning)
        and kind.__module__ == module.__name__
    ]


@pytest.mark.parametrize("kind", [*raised_by(requests.exceptions), *raised_by(urllib3.exceptions)], ids=repr)
def test_every_library_error_is_mapped(kind: type[Exception]) -> None:
    """A new version with a new error fails here, so that somebody decides what it means."""
    assert kind in FAULTS


@pytest.mark.parametrize("kind", raised_by(http.client), ids=repr)
def test_every_http_client_error_is_caught(kind: type[Exception]) -> None:
    assert issubclass(kind, CAUGHT)
    assert any(base in FAULTS for base in kind.__mro__)


@pytest.mark.parametrize("kind", FAULTS, ids=repr)
def test_every_mapping_makes_a_sentence(kind: type[Exception]) -> None:
    """Any of them can be told to a person, without the arguments it was made with."""
    error = translate(kind.__new__(kind, "s3cret"), host="outlet.example", seconds=30)
    assert isinstance(error, FetchError)
    assert "outlet.example" in str(error)
    assert "s3cret" not in str(error)


def wrapped(inner: Exception) -> Exception:
    """As requests hands over what urllib3 wrapped."""
    return Broken(urllib3.exceptions.ProtocolError("Connection aborted.", inner))


@pytest.mark.parametrize(
    ("error", "kind", "says"),
    [
        (wrapped(ConnectionResetError(104, "reset")), Unreachable, "closed the connection"),
        (wrapped(http.client.RemoteDisconnected("x")), Unreachable, "closed the connection"),
        (wrapped(http.client.BadStatusLine("x")), Unreachable, "not proper HTTP (BadStatusLine)"),
        (wrapped(OSError(113, "No route to host")), Unreachable, "(No route to host)"),
        (wrapped(TimeoutError("timed out")), Unreachable, "says nothing for 2.5 s"),
        (Broken(socket.gaierror(-2, "Name unknown")), Unreachable, "(Name unknown)"),
        (requests.exceptions.SSLError(ssl.SSLError(1, "x")), Unreachable, "secure connection"),
        (requests.exceptions.InvalidURL("x"), Forbidden, "no web address"),
        (UnicodeError("label too long"), Forbidden, "no web address"),
        (urllib3.exceptions.ResponseError("x"), Unreachable, "inside the HTTP library"),
    ],
)
def test_the_innermost_cause_is_told(error: Exception, kind: type[FetchError], says: str) -> None:
    told = translate(error, host="outlet.example", seconds=2.5)
    assert type(told) is kind
    assert says in str(told)


def test_errors_that_wrap_each_other() -> None:
    """A circle of causes is walked once."""
    first, second = OSError(1, "one"), OSError(2, "two")
    first.__cause__, second.__cause__ = second, first
    assert "(two)" in str(translate(first, host="h", seconds=1))


@pytest.mark.parametrize(
    ("url", "host"),
    [
        ("https://Outlet.example/feed?key=s3cret", "outlet.example"),
        ("https://user:s3cret@outlet.example:8443/", "outlet.example:8443"),
        ("http://[2001:db8::1]/", "2001:db8::1"),
        ("http://" + "a" * 300, "a" * 100),
        ("http://[::1", "this address"),
        ("http://x:port/", "this address"),
        ("nonsense", "this address"),
        ("", "this address"),
    ],
)
def test_hosts_in_messages(url: str, host: str) -> None:
    assert host_of(url) == host
