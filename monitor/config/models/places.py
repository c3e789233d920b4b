"""Places to listen at, as host:port."""

from __future__ import annotations

import ipaddress
import re
from typing import Final

MOST_PORT: Final = 65_535
_NAME: Final = re.compile(
    r"(?=.{1,253}\Z)[A-Za-z0-9_](?:[A-Za-z0-9_-]{0,62})(?:\.[A-Za-z0-9_][A-Za-z0-9_-]{0,62})*\.?"
)
_NUMBERS: Final = re.compile(r"[\d.]+")


def no_place(text: str) -> str:
    """Why nobody can listen at ``text``; "" when it may be a place.

    >>> no_place("127.0.0.1:8484"), no_place("[::1]:80"), no_place("localhost:99999")
    ('', '', 'ports end at 65535')
    """
    host, colon, port = text.rpartition(":")
    if not colon or not host:
        return "it is not host:port"
    if not re.fullmatch(r"[0-9]{1,5}", port):
        return f"{port!r} is no port"
    if int(port) > MOST_PORT:
        return f"ports end at {MOST_PORT}"
    if host.startswith("[") and host.endswith("]"):
        return _no_address(host[1:-1], 6)
    if _NUMBERS.fullmatch(host):
        return _no_address(host, 4)
    return "" if _NAME.fullmatch(host) else f"{host!r} is no host (an IPv6 address stands in brackets)"


def _no_address(text: str, version: int) -> str:
    try:
        found = ipaddress.ip_address(text)
    except ValueError:
        return f"{text!r} is no IP address"
    return "" if found.version == version else f"{text!r} is no IPv{version} address"
