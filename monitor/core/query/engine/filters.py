"""Filter fields: ``source: url: tier: lang: country:`` look at an article's particulars."""

from __future__ import annotations

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
    """Where a value of ``url:`` stands in an address (characters), ignoring case."""
    wanted = value.casefold()
    for opening in ("https://", "http://"):
        wanted = wanted.removeprefix(opening)
    start = url.lower().find(wanted)
    return (start, start + len(wanted)) if wanted and start >= 0 else None


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
