"""Addresses: one canonical form, one lane of politeness, one notion of "the same site".

Pure: nothing here asks the network. The registrable domain comes from the public suffix list that
the ``tld`` package carries; it is read once, lazily, from that package.
"""

from __future__ import annotations

import re
from functools import lru_cache
from ipaddress import ip_address
from typing import Final
from urllib.parse import SplitResult, parse_qsl, unquote, urlsplit, urlunsplit

from tld import get_fld
from w3lib.url import canonicalize_url

from monitor.core.text import tracking_parameters as rules

MAX_URL: Final = 2_048
_MAX_UNWRAPS: Final = 4
_EDGE: Final = re.compile(r"^[\s\x00-\x20]+|[\s\x00-\x20]+$")
_INSIDE: Final = re.compile(r"[\x00-\x1f\x7f]+")
_HOST: Final = re.compile(r"[a-z0-9_-]+(?:\.[a-z0-9_-]+)*")
# Addresses that need no parser: lower case, no port, no fragment, nothing escaped ...
_SIMPLE: Final = re.compile(
    r"(https?)://([a-z0-9-]+(?:\.[a-z0-9-]+)*\.[a-z]{2,24})(/[A-Za-z0-9/_.~-]*)?(?:\?([A-Za-z0-9_.~=&-]*))?"
)
# ... and what in a path the rules look at.
_ODD_PATH: Final = re.compile(r"//|/\.|amp|print|/(?:index|default)\.", re.IGNORECASE)
_DOTS: Final = re.compile(r"/\.{1,2}(?:/|$)")
_USUAL: Final = re.compile(r"https?://[a-z0-9-]+(?:\.[a-z0-9-]+)*\.[a-z]{2,24}(?:[/?#][!-~]*)?")
_DEFAULT_PORTS: Final = frozenset({80, 443})


def canonical_url(url: str) -> str:
    """The one form of an address under which an article is known.

    Tracking parameters, fragments (routes and numbered posts stay), mobile and AMP variants, print views,
    default ports, index pages, trailing slashes, the order of parameters and the way of
    percent-encoding (RFC 3986 §6.2) make no difference; redirectors that carry their target in
    the address are unwrapped. ``http`` becomes ``https`` unless the host is a loopback one or names
    a port. It is a key first: a site without TLS does not answer under it. Idempotent; never
    raises: what is no http(s) address comes back with its outer white space removed.
    """
    if (simple := _SIMPLE.fullmatch(url)) and (known := _without_parser(simple)):
        return known
    text = _INSIDE.sub("", _EDGE.sub("", url))
    if "//" not in text:
        return text
    try:
        return _canonical(_unwrap(text))
    except ValueError:
        return text


def http_url(url: str) -> str | None:
    """The address trimmed, if it is http(s) with a host, without credentials, ≤ 2,048 characters.

    Everything else (``javascript:``, ``data:``, relative links, bad ports) is None.
    """
    if usual := usual_url(url):
        return usual
    text = _EDGE.sub("", url)
    if len(text) > MAX_URL or _INSIDE.search(text):
        return None
    parts = _http_parts(text)
    if parts is None or parts.username is not None or parts.password is not None:
        return None
    return text


def usual_url(url: str) -> str | None:
    """The address as it is when it plainly is a whole http(s) one; None when it takes a closer look."""
    return url if len(url) <= MAX_URL and _USUAL.fullmatch(url) else None


def host_key(url: str) -> str:
    """Lower-case ``host`` or ``host:port`` (the port only when it is not 80 or 443).

    One request at a time goes to a lane. "" when the address has no host.
    """
    parts = _http_parts(_EDGE.sub("", url))
    if parts is None:
        return ""
    try:
        return _netloc(_ascii_host(parts.hostname or ""), parts.port)
    except ValueError:
        return (parts.hostname or "").lower()


def site_of(url: str) -> str:
    """The host of an address, with and without ``www.`` the same; "" when it has none."""
    return host_key(url).removeprefix("www.")


def same_site(a: str, b: str) -> bool:
    """Whether two addresses have one registrable domain (public suffix list, private part too).

    Hosts outside it (IP addresses, ``localhost``) are the same site when host and port are equal.
    """
    first, second = _site(a), _site(b)
    return bool(first) and first == second


def site_label(url: str) -> str:
    """``bbc`` of ``https://www.bbc.co.uk/news``: the outlet's own part of its host's name; "" for none."""
    return _site(url).split(".")[0] if _registrable(host_key(url).rsplit(":", 1)[0]) else ""


@lru_cache(maxsize=64)  # one of two that are compared is often the same for a whole list
def _site(url: str) -> str:
    host = host_key(url)
    return _registrable(host.rsplit(":", 1)[0]) or host


@lru_cache(maxsize=4_096)
def _registrable(host: str) -> str:
    """``bbc.co.uk`` of ``www.bbc.co.uk``; "" for IP addresses, bare names, unknown suffixes."""
    if "." not in host or host.startswith("["):
        return ""
    try:
        found = get_fld(host, fail_silently=True, fix_protocol=True, search_private=True)
    except (ValueError, IndexError):
        return ""
    return found if isinstance(found, str) else ""


def _without_parser(simple: re.Match[str]) -> str | None:
    """The canonical form of a usual address, which most are; None for one that the rules look at."""
    scheme, name, path, query = simple.groups()
    host, is_loopback = _host_form(name)
    if not host:
        return None
    if path and _ODD_PATH.search(path):
        path = _plain_path(path)
        if _DOTS.search(path):  # what was taken away ("/..amp") left a dot
            return None
    path = (path or "").rstrip("/")
    if query:
        pairs = [piece.partition("=") for piece in query.split("&") if piece]
        if any("=" in value for _, _, value in pairs):
            return None
        kept = sorted(
            (key, value) for key, _, value in pairs if not rules.is_noise(key.lower(), value.lower())
        )
        if kept:
            path = f"{path or '/'}?{'&'.join(f'{key}={value}' for key, value in kept)}"
    return f"{scheme if is_loopback else 'https'}://{host}{path}"


@lru_cache(maxsize=8_192)
def _host_form(host: str) -> tuple[str, bool]:
    """The plain form of a lower-case host and whether it is a loopback one; "" for redirectors."""
    bare = host.removeprefix("www.")
    wraps = any(rule.host.fullmatch(bare) for rule in rules.REDIRECTORS)
    if wraps or rules.CACHE_HOST.search(bare):
        return "", False
    plain = _plain_host(host)
    if plain in rules.HOST_NOISE or plain == "youtu.be":
        return "", False
    return plain, _is_loopback(plain)


def _http_parts(text: str) -> SplitResult | None:
    try:
        parts = urlsplit(text)
        has_host = bool(parts.hostname) and not any(map(str.isspace, parts.hostname or ""))
        usable = parts.scheme.lower() in {"http", "https"} and has_host and parts.port != 0
    except ValueError:
        return None
    return parts if usable else None


def _unwrap(url: str) -> str:
    """Follow redirectors and AMP caches that name their target, without asking anyone."""
    if video := rules.SHORT_VIDEO.fullmatch(url):
        return f"https://youtube.com/watch?v={video[1]}"
    for _ in range(_MAX_UNWRAPS):
        parts = _http_parts(url)
        target = _target(parts) if parts else ""
        if not target:
            break
        url = target
    return url


def _target(parts: SplitResult) -> str:
    host = (parts.hostname or "").removeprefix("www.")
    for pattern in rules.CACHES:
        found = pattern.match(f"{host}{parts.path}")
        if found:
            query = f"?{parts.query}" if parts.query else ""
            scheme = "https" if found["secure"] else "http"
            return f"{scheme}://{found['target']}{query}"
    for rule in rules.REDIRECTORS:
        if rule.host.fullmatch(host) and parts.path.startswith(rule.path):
            values = dict(parse_qsl(parts.query))
            for name in rule.parameters:
                target = values.get(name, "")
                if _http_parts(target):
                    return target
    return ""


def _canonical(url: str) -> str:
    parts = _http_parts(url)
    if parts is None:
        return url
    host = _plain_host(_ascii_host(parts.hostname or ""))
    port = parts.port
    keep_scheme = _is_loopback(host) or (port is not None and port not in _DEFAULT_PORTS)
    scheme = parts.scheme.lower() if keep_scheme else "https"
    fragment = parts.fragment if rules.ROUTE.match(parts.fragment) else ""
    netloc = _netloc(host, port)
    for _ in range(3):  # escapes that hide rules ("/%61mp", "%75tm_source=") show after one round
        rough = (scheme, netloc, _plain_path(parts.path), _plain_query(parts.query, host), fragment)
        clean = canonicalize_url(urlunsplit(rough), keep_fragments=True)
        again = urlsplit(clean)
        if (again.path, again.query) == (parts.path, parts.query):
            break
        parts = again
    bare = again.path == "/" and not again.query and not again.fragment
    return urlunsplit(again._replace(path="" if bare else again.path))


def _ascii_host(host: str) -> str:
    """Lower-case host in ASCII (IDNA); brackets around IPv6 addresses. ValueError for no host."""
    host = unquote(host).strip(".").lower()
    if ":" in host:
        return f"[{ip_address(host).compressed}]"
    plain = host if host.isascii() else host.encode("idna").decode("ascii").lower()
    if not _HOST.fullmatch(plain):
        raise ValueError(plain)
    return plain


def _plain_host(host: str) -> str:
    site = _registrable(host)
    if not site or not host.endswith(f".{site}"):
        return rules.HOST_NAMES.get(host, host)
    labels = host.removesuffix(site).rstrip(".").split(".")
    kept = [label for label in labels if not rules.VARIANT_LABEL.fullmatch(label)]
    plain = ".".join([*kept, site])
    return rules.HOST_NAMES.get(plain, plain)


def _netloc(host: str, port: int | None) -> str:
    return host if port is None or port in _DEFAULT_PORTS else f"{host}:{port}"


def _is_loopback(host: str) -> bool:
    if host == "localhost" or host.endswith(".localhost"):
        return True
    try:
        return ip_address(host.strip("[]")).is_loopback
    except ValueError:
        return False


def _plain_path(path: str) -> str:
    path = _no_dots(path)
    before = None
    while path != before:
        before = path
        for pattern, replacement in rules.PATH_RULES:
            path = pattern.sub(replacement, path)
    return path


def _no_dots(path: str) -> str:
    """Resolve ``.`` and ``..`` (RFC 3986 §5.2.4), also when written with ``%2E``."""
    kept: list[str] = []
    for segment in rules.ESCAPED_DOT.sub(".", path).split("/"):
        if segment == "..":
            del kept[-1:]
        elif segment not in {"", "."}:
            kept.append(segment)
    return "/" + "/".join(kept)


def _plain_query(query: str, host: str) -> str:
    kept = []
    noise = rules.HOST_NOISE.get(host, frozenset())
    for piece in query.replace("&amp;", "&").split("&"):
        name, _, value = piece.partition("=")
        plain = unquote(name).lower()
        if piece and plain not in noise and not rules.is_noise(plain, unquote(value).lower()):
            kept.append(piece)
    return "&".join(kept)
