"""Which network addresses may be asked. Pure: no name is looked up here.

``ipaddress``'s ``is_global`` is not enough: it calls NAT64, 6to4 and some cloud metadata addresses
global. So this is an explicit list (IANA special-purpose registries, RFC 6890 and its followers),
and addresses that carry an IPv4 address inside are judged by what they carry.
"""

from __future__ import annotations

import re
import socket
from collections.abc import Iterator
from dataclasses import dataclass
from ipaddress import (
    IPv4Address,
    IPv4Network,
    IPv6Address,
    IPv6Network,
    ip_address,
    ip_network,
)

from monitor.i18n.localizer import note

Address = IPv4Address | IPv6Address

PORTS = frozenset({80, 443, 8080, 8443})


@dataclass(frozen=True, slots=True)
class Denied:
    """A network that is not asked; ``openable`` ones are, when the operator allows private ones."""

    network: IPv4Network | IPv6Network
    reason: str
    openable: bool = False


def _denied(reason: str, *networks: str, openable: bool = False) -> tuple[Denied, ...]:
    return tuple(Denied(ip_network(network), reason, openable) for network in networks)


# The first row that holds an address decides, so single addresses stand before their networks.
DENIED: tuple[Denied, ...] = (
    *_denied(
        note("a cloud provider's metadata service"),
        "100.100.100.200/32",
        "168.63.129.16/32",
        "169.254.169.254/32",
        "192.0.0.192/32",
        "fd00:ec2::254/128",
        "fd20:ce::254/128",
    ),
    *_denied(note("this machine itself"), "127.0.0.0/8", "::1/128", openable=True),
    *_denied(
        note("a private network"),
        "10.0.0.0/8",
        "172.16.0.0/12",
        "192.168.0.0/16",
        "198.18.0.0/15",
        "fc00::/7",
        "fec0::/10",
        openable=True,
    ),
    *_denied(note("a provider's shared network"), "100.64.0.0/10", openable=True),
    *_denied(note("a link-local address"), "169.254.0.0/16", "fe80::/10"),
    *_denied(note("a multicast address"), "224.0.0.0/4", "ff00::/8"),
    *_denied(note("no address of any host"), "0.0.0.0/8", "::/96"),
    *_denied(
        note("reserved for documentation"),
        "192.0.2.0/24",
        "198.51.100.0/24",
        "203.0.113.0/24",
        "2001:db8::/32",
        "3fff::/20",
    ),
    *_denied(
        note("reserved and never a web server"),
        "192.0.0.0/24",
        "192.88.99.0/24",
        "240.0.0.0/4",
        "64:ff9b:1::/48",
        "100::/64",
        "2001:2::/48",
        "2001:10::/28",
        "2001:20::/28",
        "5f00::/16",
    ),
)

GLOBAL_UNICAST = IPv6Network("2000::/3")
# Prefixes whose last 32 bits are an IPv4 address: mapped, translated (RFC 2765), NAT64 (RFC 6052).
CARRIERS = (
    IPv6Network("::ffff:0:0/96"),
    IPv6Network("::ffff:0:0:0/96"),
    IPv6Network("64:ff9b::/96"),
)
# What inet_aton takes besides dotted quads; it would also take trailing rubbish after a space.
NUMERIC = re.compile(r"[0-9a-fx]+(\.[0-9a-fx]+){0,3}", re.IGNORECASE)


def numeric(host: str) -> Address | None:
    """The address that ``host`` spells in numbers, or None when it is a name.

    Knows the spellings that C libraries accept: ``127.1``, ``0x7f000001``, ``2130706433``,
    ``0177.0.0.1``, ``[::1]``, and a trailing dot.
    """
    bare = host.strip("[]").removesuffix(".")
    try:
        return ip_address(bare.partition("%")[0])
    except ValueError:
        pass
    if not NUMERIC.fullmatch(bare):
        return None
    try:
        return IPv4Address(socket.inet_aton(bare))
    except OSError:
        return None


def refusal(address: str, *, allow_private: bool = False) -> str | None:
    """Why ``address`` (numeric, as a resolver answers) may not be asked, or None when it may.

    ``allow_private`` opens loopback, private and shared networks; link-local, metadata, multicast
    and reserved addresses stay closed. The reason reads after "is": "is a private network".
    """
    try:
        outer = ip_address(address.partition("%")[0])
    except ValueError:
        return note("not an address")
    for judged in _layers(outer):
        reason = _judge(judged, allow_private=allow_private)
        if reason:
            return reason
    return None


def _judge(address: Address, *, allow_private: bool) -> str | None:
    for row in DENIED:
        if address in row.network:
            return None if row.openable and allow_private else row.reason
    if isinstance(address, IPv6Address) and address not in GLOBAL_UNICAST:
        return note("not an assigned address")
    return None


def _layers(address: Address) -> Iterator[Address]:
    """The addresses that decide: the IPv4 ones carried inside, else the address itself."""
    if isinstance(address, IPv4Address):
        yield address
    elif any(address in carrier for carrier in CARRIERS):
        yield IPv4Address(int(address) & 0xFFFFFFFF)
    elif address.sixtofour is not None:
        yield address.sixtofour
    elif address.teredo is not None:
        yield from address.teredo
    else:
        yield address
