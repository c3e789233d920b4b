"""Filter fields: ``source: url: tier: lang: country:`` look at an article's particulars."""

from __future__ import annotations

import re
from functools import lru_cache
from urllib.parse import unquote

from monitor.core.query.syntax.tree import And, Node, Not, Or, Value
from monitor.core.query.tokens import fold, words
from monitor.model import MatchText


def holds(name: str, node: Node, text: MatchText) -> bool:
    """Whether the values of a filter are true for a text."""
    match node:
        case And(parts=parts):
            return all(holds(name, part, text) for part in parts)
        case Or(parts=parts):
            return any(holds(name, part, text) for part in parts)
        case Not(part=part):
            return not holds(name, part, text)
        case Value(text=value):
            return _equal(name, value, text)
        case _:
            raise AssertionError(node)


def url_place(value: str, url: str) -> tuple[int, int] | None:
    """Where a value of ``url:`` stands in an address (characters), ignoring case; query strings never count.

    ``nn.by`` is the host or one under it, ``.by`` its end, ``dw.com/ru`` a host and how its path begins,
    ``/economy/`` a piece of the path from one of its slashes, ``sport`` a word of the path, ``sport*`` how
    a word of it begins.
    """
    address = _ADDRESS.match(url)
    wanted = _SCHEME.sub("", value.strip().lower())
    if address is None or not wanted.strip("*./"):
        return None
    host, slash, rest = wanted.partition("/")
    if host and _is_host(host):
        if not _is_at(host, address["host"]):
            return _path_place(wanted, address) if _FILE.search(wanted) else None
        end = _path_end(rest, address) if rest.strip("/") else address.end("host")
        return None if end is None else (address.start("host"), end)
    return _path_place(wanted, address) if not slash or not host else _path_place(f"/{wanted}", address)


_SCHEME = re.compile(r"^(?:https?://)?(?:www\.(?=.*\.))?")
_ADDRESS = re.compile(r"(?:[a-zA-Z][\w+.-]*://)?(?:[^/?#@]*@)?(?P<host>[^/?#:]*)(?::\d*)?(?P<path>[^?#]*)")
_HOST = re.compile(r"(?:\*?\.)?[\w-]+(?:\.[\w-]+)+|\*?\.[\w-]+")
_FILE = re.compile(r"\.(?:html?|php|aspx?|jsp|pdf|xml|amp)$")


def _is_host(text: str) -> bool:
    return _HOST.fullmatch(text) is not None


def _is_at(wanted: str, host: str) -> bool:
    """Whether a host is the wanted one or under it."""
    end = _ascii(wanted.lstrip("*."))
    found = _ascii(host)
    return found.endswith(f".{end}") or (found == end and wanted[0] not in "*.")


@lru_cache(maxsize=2_000)
def _ascii(host: str) -> str:
    """A host as it is asked for in the network: *новости.бел* is ``xn--b1amarcd.xn--90ais``."""
    host = host.lower().strip(".")
    if host.isascii():
        return host
    try:
        return host.encode("idna").decode("ascii").lower()
    except UnicodeError:
        return host


def _path_end(wanted: str, address: re.Match[str]) -> int | None:
    """Where the beginning of a path that is wanted ends, in characters of the address."""
    found = _pattern(f"/{wanted}").match(address["path"].lower())
    return address.start("path") + found.end() if found else None


def _path_place(wanted: str, address: re.Match[str]) -> tuple[int, int] | None:
    path, pattern = address["path"].lower(), _pattern(wanted)
    found = pattern.search(path)
    if found:
        return address.start("path") + found.start(), address.start("path") + found.end()
    if "%" in path and pattern.search(unquote(path).lower()):
        return address.span("path")
    return None


@lru_cache(maxsize=2_000)
def _pattern(wanted: str) -> re.Pattern[str]:
    """A piece of a path from the beginning of a word to the end of one; ``*``: not to the end."""
    open_end = wanted.endswith("*")
    piece = re.escape(wanted.rstrip("*"))
    before = "" if wanted.startswith("/") else r"(?<![^\W_])"
    after = "" if open_end or wanted.endswith("/") else r"(?![^\W_])"
    return re.compile(before + piece + after)


def _equal(name: str, value: str, text: MatchText) -> bool:
    match name:
        case "url":
            return url_place(value, text.url) is not None
        case "source":
            return any(_same(value, given) for given in (text.source, text.source_id))
        case "lang":
            return _primary(value) == _primary(text.language or "")
        case "country":
            return value.casefold() == (text.country or "").casefold()
        case _:
            return value.casefold() == text.tier.casefold()


def _same(value: str, given: str) -> bool:
    """Equal as words; ``belta*`` needs only the beginning."""
    wanted, found = _plain(value), _plain(given)
    return found.startswith(wanted) if value.endswith("*") and wanted else found == wanted != ""


def _plain(text: str) -> str:
    return " ".join(fold(word) for word in words(text))


def _primary(language: str) -> str:
    return language.casefold().replace("_", "-").partition("-")[0]
