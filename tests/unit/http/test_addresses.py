"""Which addresses may be asked."""

from __future__ import annotations

from ipaddress import IPv4Address, IPv6Address, ip_address

import pytest
from hypothesis import given
from hypothesis import strategies as st

from monitor.http.addresses import DENIED, Denied, numeric, refusal


@pytest.mark.parametrize(
    ("host", "address"),
    [
        ("127.0.0.1", "127.0.0.1"),
        ("127.1", "127.0.0.1"),
        ("127.0.1", "127.0.0.1"),
        ("0x7f000001", "127.0.0.1"),
        ("0X7F.0.0.1", "127.0.0.1"),
        ("0177.0.0.01", "127.0.0.1"),
        ("017700000001", "127.0.0.1"),
        ("2130706433", "127.0.0.1"),
        ("127.0.0.1.", "127.0.0.1"),
        ("0", "0.0.0.0"),  # noqa: S104
        ("2852039166", "169.254.169.254"),
        ("[::1]", "::1"),
        ("[::ffff:127.0.0.1]", "::ffff:127.0.0.1"),
        ("fe80::1%eth0", "fe80::1"),
    ],
)
def test_numbers_in_all_spellings(host: str, address: str) -> None:
    assert numeric(host) == ip_address(address)


@pytest.mark.parametrize(
    "host",
    ["", ".", "outlet.example", "x", "ff.fm", "127.0.0.1 x", "1.2.3.4.5", "4294967296", "256.1.1.1"],
)
def test_names_are_no_numbers(host: str) -> None:
    """What no C library would read as an address stays a name."""
    assert numeric(host) is None


@pytest.mark.parametrize(
    "address",
    [
        "8.8.8.8",
        "1.1.1.1",
        "172.15.255.255",
        "172.32.0.0",
        "100.63.255.255",
        "100.128.0.0",
        "192.0.1.1",
        "223.255.255.255",
        "2606:4700:4700::1111",
        "2a00:1450:4001:82a::200e",
        "::ffff:8.8.8.8",
        "64:ff9b::808:808",
        "2002:808:808::1",
    ],
)
def test_public_addresses(address: str) -> None:
    """Ordinary ones, the neighbours of closed networks, and public ones carried in IPv6."""
    assert refusal(address) is None


@pytest.mark.parametrize(
    "address",
    [
        "127.0.0.1",
        "127.255.255.255",
        "10.0.0.1",
        "172.16.0.1",
        "172.31.255.255",
        "192.168.1.1",
        "100.64.0.1",
        "100.127.255.255",
        "198.18.0.1",
        "::1",
        "fc00::1",
        "fd12:3456::1",
        "fec0::1",
        "::ffff:127.0.0.1",
        "::ffff:0:10.0.0.1",
        "64:ff9b::7f00:1",
        "2002:7f00:1::",
        "2002:c0a8:101::1",
    ],
)
def test_private_addresses_open_on_demand(address: str) -> None:
    """Closed by default, open to a source with allow_private."""
    assert refusal(address)
    assert refusal(address, allow_private=True) is None


@pytest.mark.parametrize(
    "address",
    [
        "0.0.0.0",  # noqa: S104
        "0.1.2.3",
        "169.254.169.254",
        "169.254.0.1",
        "192.0.0.192",
        "192.0.0.1",
        "168.63.129.16",
        "100.100.100.200",
        "192.0.2.1",
        "198.51.100.1",
        "203.0.113.1",
        "224.0.0.1",
        "239.255.255.255",
        "240.0.0.1",
        "255.255.255.255",
        "::",
        "::7f00:1",
        "fe80::1",
        "fe80::1%eth0",
        "ff02::1",
        "fd00:ec2::254",
        "fd20:ce::254",
        "2001:db8::1",
        "3fff::1",
        "100::1",
        "64:ff9b:1::7f00:1",
        "64:ff9b::a9fe:a9fe",
        "::ffff:169.254.169.254",
        "2002:a9fe:a9fe::1",
        "2001:0:a9fe:a9fe::1",
        "4000::1",
        "not an address",
        "",
    ],
)
def test_addresses_that_stay_closed(address: str) -> None:
    """Metadata, link-local, multicast, reserved: no source needs them."""
    assert refusal(address)
    assert refusal(address, allow_private=True)


def test_teredo_is_judged_by_both_ends() -> None:
    """Teredo carries a server and, inverted, a client."""
    assert refusal(teredo(server="8.8.8.8", client="10.0.0.1")) == "a private network"
    assert refusal(teredo(server="10.0.0.1", client="8.8.8.8")) == "a private network"
    assert refusal(teredo(server="8.8.8.8", client="9.9.9.9")) is None


def teredo(*, server: str, client: str) -> str:
    inverted = int(IPv4Address(client)) ^ 0xFFFFFFFF
    return str(IPv6Address((0x20010000 << 96) | (int(IPv4Address(server)) << 64) | inverted))


@given(st.ip_addresses())
def test_never_more_open_than_python_thinks(address: IPv4Address | IPv6Address) -> None:
    """Whatever Python calls private, loopback and so on is refused here as well."""
    closed = address.is_loopback or address.is_link_local or address.is_multicast or address.is_unspecified
    if closed:
        assert refusal(str(address))


@given(st.sampled_from(DENIED), st.data())
def test_every_row_holds_for_its_whole_network(row: Denied, data: st.DataObject) -> None:
    """Any address of a closed network is refused, also when IPv6 carries it."""
    network = row.network
    inside = data.draw(st.integers(0, network.num_addresses - 1).map(lambda n: network[n]))
    assert refusal(str(inside))
    if isinstance(inside, IPv4Address):
        assert refusal(f"::ffff:{inside}")
        assert refusal(f"64:ff9b::{inside}")
