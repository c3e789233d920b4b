"""Quotes of all countries: where they open and close, and when a sign is an apostrophe instead."""

from __future__ import annotations

import re
from functools import lru_cache

from monitor.core.query.syntax.diagnostics import error
from monitor.core.query.syntax.terms import quoted_term
from monitor.core.query.syntax.tree import At, Node, Value
from monitor.i18n.lazy import lazy

CLOSERS = {
    '"': '"”“″',
    "“": '”"“',
    "”": '”"',
    "„": '“”"',
    "‟": '”"',
    "«": "»",
    "»": "«",
    "‹": "›",
    "″": '″"',
    "❝": "❞",
    "❞": "❞❝",
    "〝": "〞〟",
    "「": "」",
    "『": "』",
}
QUOTES = "".join(CLOSERS) + "›❞〞〟」』"
SINGLE = {"'": "'’", "‘": "’'", "‚": "‘’", "’": "’'", "‛": "’'", "`": "`'´", "´": "´", "❛": "❜", "❟": "❜"}
"""Signs that are quotes before a word and apostrophes within one."""

MAX_SINGLE_QUOTED = 300
"""Characters between single quotes; what is longer has an apostrophe there."""
Quoted = tuple[At, Node | None]
"""Where a quoted piece stands with its signs, and what it says; None: nothing, and it is to be skipped."""
_SLOP = re.compile(r"~(\d+)")


def opening(text: str, at: int) -> int:
    """Past the quotes that open at ``at``: one, or several pasted together (``"“``)."""
    end = at + 1
    while end < len(text) and text[end] in QUOTES:
        end += 1
    return end


def closing(text: str, at: int) -> int:
    """Where the quote that opens at ``at`` is closed, or -1."""
    inside = opening(text, at)
    closers = "".join(sorted({closer for opener in text[at:inside] for closer in CLOSERS.get(opener, "")}))
    found = _any_of(closers).search(text, inside) if closers else None
    return found.start() if found else -1


@lru_cache(maxsize=64)
def _any_of(signs: str) -> re.Pattern[str]:
    return re.compile(f"[{re.escape(signs)}]")


def quoted(query: str, text: str, at: int, mode: str, *, raw: bool = False, start: int = -1) -> Quoted:
    """What stands between the quotes that open at ``at``; ``raw``: a filter's value. Raises QueryError."""
    start = at if start < 0 else start
    opened, end = opening(text, at), closing(text, at)
    if not text[opened : opened + 1].strip() or text[opened] == ")":
        attached = at and not (text[at - 1].isspace() or text[at - 1] in "(=")
        if attached and (opened - at > 1 or end < 0):
            return (start, opened), None  # what is left of quotes within quotes
        if opened - at > 1:
            raise error(query, at, lazy("there is no word between the quotes"), lazy("write a word"))
    if end < 0:
        raise error(query, at, lazy("this quote is never closed"), lazy('put a " after the phrase'))
    after = end + 1
    while after < min(len(text), end + opened - at) and text[after] in QUOTES:
        after += 1
    if raw:
        if not text[opened:end].strip():
            raise error(query, at, lazy("there is nothing between the quotes"), lazy("write a value"))
        return (start, after), Value(text[opened:end].strip(), at=(start, after))
    return _phrase(query, text, (opened, end), mode, (start, after))


def _phrase(query: str, text: str, inside: At, mode: str, outer: At) -> Quoted:
    slop = _SLOP.match(text, outer[1])
    whole = (outer[0], slop.end() if slop else outer[1])
    return whole, quoted_term(query, text, inside, mode, slop=int(slop[1]) if slop else None, outer=whole)


def single_quoted(query: str, text: str, at: int) -> Quoted | None:
    """The phrase between single quotes; None where the sign is an apostrophe."""
    if at and not (text[at - 1].isspace() or text[at - 1] in "(=:" or text[at - 1] in QUOTES):
        return None
    inside = at + 1
    while inside < len(text) and text[inside] in SINGLE:
        inside += 1
    if not text[inside : inside + 1].isalnum():
        return None
    closers = re.escape("".join(sorted({closer for opener in text[at:inside] for closer in SINGLE[opener]})))
    closing_signs = re.compile(rf"(?<=[\w.!?…])[{closers}]{{1,{min(inside - at, 3)}}}(?=[\s)~^]|\Z)")
    found = closing_signs.search(text, inside, inside + MAX_SINGLE_QUOTED)
    if found is None or any(quote in text[inside : found.start()] for quote in QUOTES):
        return None
    return _phrase(query, text, (inside, found.start()), "forms", (at, found.end()))
