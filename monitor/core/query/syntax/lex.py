"""From query text to tokens. Columns are those of the text as given: nothing is inserted or cut."""

from __future__ import annotations

import re
from collections.abc import Callable, Iterator, Mapping
from html import unescape
from typing import NamedTuple

from monitor.core.query.syntax.diagnostics import error, write
from monitor.core.query.syntax.operators import SIGN_OPERATORS, WORD_OPERATORS, other_operator
from monitor.core.query.syntax.quotes import CLOSERS, QUOTES, SINGLE, Quoted, closing, quoted, single_quoted
from monitor.core.query.syntax.terms import quoted_term, term
from monitor.core.query.syntax.tree import FIELDS, FILTER_FIELDS, At, Node, Reference, Value, Word
from monitor.core.query.tokens import visible as visible_text
from monitor.errors import QueryError
from monitor.i18n.lazy import LazyText, lazy

MAX_LENGTH = 200_000
MAX_DISTANCE = 1000

# Full-width forms typed on an East Asian keyboard, one character for one character.
_NARROW = {0xFF01 + n: 0x21 + n for n in range(94)} | {0x3000: 0x20}
_DASHES = "-–—−‐‑"
_BLANK = re.compile(r"[\s\u00ad\u180e\u200b-\u200f\u202a-\u202e\u2060-\u2064\ufeff]+")
_WIDE = re.compile(r"[\uff01-\uff5e\u3000]")
_CHUNK = re.compile(rf"[^\s(){{}}^{QUOTES}]+")
_PLAIN = re.compile("(?!And\\b|Or\\b|Not\\b)[A-ZА-ЯЁІЎ]?[a-zа-яёіў]+")
_SIMPLE = re.compile(rf"\s*(?:({_PLAIN.pattern})(?=[\s()]|$)|(AND|OR)(?=[\s(]|$)|([()]))")
"""What most of a query is made of: words without signs, AND, OR and brackets."""
_GAP = "[ \u00a0\u2009\u202f]"
_IN_GROUPS = re.compile(
    rf"(?:\d{{1,2}}(?:{_GAP}\d{{3}}){{1,4}}|\d{{3}}(?:{_GAP}\d{{3}}){{0,3}}{_GAP}000)(?![^\s()]|{_GAP}\d{{3}}(?!\d))"
)
"""A number in groups of three. After three digits only a round one is told from two numbers (737 777)."""
_NEAR = re.compile(r"(O?)NEAR/(\d+)$")
_NOT_NEAR = re.compile(r"NOT\s+(O?)NEAR/(\d+)(?=[\s(\"]|$)")
_FUNCTION = re.compile(r"(ATLEAST|FIRST|SCORE)/(\d+)$")
_FIELD = re.compile(r"([^\W\d_]+):(?!//)")
_WEIGHT = re.compile(r"\^(-?\d+)")
_NAME = re.compile(r"@(?:(list|person|org):)?(\w[\w.-]*\w|\w)?")
_ELSEWHERE = {
    **dict.fromkeys(("headline", "hd", "hlead", "intitle", "allintitle", "subject"), "title:"),
    **dict.fromkeys(("site", "domain", "publication", "outlet", "publisher", "rst"), "source: or url:"),
    **dict.fromkeys(("inurl", "allinurl", "link"), "url:"),
    **dict.fromkeys(("language", "la"), "lang:"),
    **dict.fromkeys(("text", "content", "intext", "fulltext"), "body:"),
    **dict.fromkeys(("by", "byline"), "author:"),
    **dict.fromkeys(("location", "region"), "country:"),
    "lp": "lead:",
}
"""What other products call our fields."""
_ENTITY = re.compile(r"&(?:#\d{1,6}|#[xX][0-9a-fA-F]{1,5}|[A-Za-z]{2,8});")


class Token(NamedTuple):
    """``kind``: ``( ) AND OR NOT NEAR EXCEPT FIELD CALL TERM WEIGHT END``."""

    kind: str
    start: int
    end: int
    text: str = ""
    number: int = 0
    node: Node | None = None
    negated: bool = False


def lex(query: str) -> Iterator[Token]:
    """The tokens of a query, the last one ``END``. Raises QueryError."""
    if len(query) > MAX_LENGTH:
        message = lazy("the query is longer than {most} characters", most=f"{MAX_LENGTH:,}")
        raise error(query, 0, message, lazy("use a @list"))
    text = query.translate(_NARROW) if _WIDE.search(query) else query
    if "&" in text:
        text = _ENTITY.sub(_character, text)
    last, depth, raw = Token("", 0, 0), 0, -1  # raw: the depth at which a filter's values began, or -1
    while last.kind != "END":
        token = None if raw >= 0 else _simple(text, last.end)
        if token is None:
            token = _other(query, text, last, raw=raw >= 0)
        if token.kind == "(":
            depth += 1
        elif token.kind == ")":
            depth -= 1
        if token.kind == "FIELD" and token.text in FILTER_FIELDS:
            raw = depth
        elif raw >= 0 and depth <= raw:
            raw = -1
        yield token
        last = token


def _other(query: str, text: str, last: Token, *, raw: bool) -> Token:
    """The next token after ``last`` that is none of the simplest."""
    at = last.end
    while True:
        blank = _BLANK.match(text, at)
        at = blank.end() if blank else at
        if at >= len(text):
            return Token("END", at, at)
        token = _next(query, text, at, raw=raw)
        if not _stands_between(query, text, token, last.kind):
            node = term(query, text, (token.start, token.end), "forms")
            token = Token("TERM", token.start, token.end, node=node)
        if token.kind != "BLANK":
            return token
        at = token.end


def _stands_between(query: str, text: str, token: Token, last: str) -> bool:
    """Whether an operator not spelled as ours has what it joins; else it is a word (*Пётр И*)."""
    if token.kind not in WORD_OPERATORS or not token.text or other_operator(query, token.text) is None:
        return True
    after = _BLANK.match(text, token.end)
    following = text[after.end() if after else token.end :][:1]
    return following not in {"", ")"} and (token.kind == "NOT" or last in {"TERM", ")", "WEIGHT"})


def _character(found: re.Match[str]) -> str:
    """What an HTML reference pasted into a query stands for, as long as it was."""
    meant = unescape(found.group())
    return meant.ljust(len(found.group()), "\u200b") if len(meant) == 1 else found.group()


def _simple(text: str, at: int) -> Token | None:
    """The next token when it is one of the simplest, as ``_next`` would make it."""
    found = _SIMPLE.match(text, at)
    if found is None:
        return None
    start, end = found.span(found.lastindex or 0)
    piece = text[start:end]
    if found.lastindex == 1:
        return Token("TERM", start, end, "", 0, Word(piece, "forms", None, (start, end)))
    return Token(piece, start, end, piece)


def _next(query: str, text: str, at: int, *, raw: bool) -> Token:
    sign = text[at]
    if sign in "()":
        return Token(sign, at, at + 1, sign)
    if sign in CLOSERS:
        return _quoted(quoted(query, text, at, "exact" if raw else "forms", raw=raw))
    if sign == "^":
        return _weight(query, text, at)
    if not raw:
        found = single_quoted(query, text, at) if sign in SINGLE else None
        if found:
            return _quoted(found)
        if sign in _SIGNED:
            return _SIGNED[sign](query, text, at)
    number = _IN_GROUPS.match(text, at) if sign.isdigit() and not raw else None
    chunk = number or _CHUNK.match(text, at)
    if chunk is None:
        if sign == "}":
            hint = lazy("write {example}, or leave it out", example="{NATO}")
            raise error(query, at, lazy("{closing} without {opening}", closing="}", opening="{"), hint)
        return Token("BLANK", at, at + 1)
    return _chunk(query, text, (at, chunk.end()), raw=raw)


def _quoted(found: Quoted) -> Token:
    """A token of quoted words; quotes around nothing are skipped."""
    at, node = found
    return Token("TERM" if node else "BLANK", *at, node=node)


def _braces(query: str, text: str, at: int) -> Token:
    end = text.find("}", at)
    if end < 0:
        raise error(query, at, lazy("this {sign} is never closed", sign="{"), write("{NATO}"))
    node = quoted_term(query, text, (at + 1, end), "case", outer=(at, end + 1))
    return Token("TERM", at, end + 1, node=node)


def _weight(query: str, text: str, at: int) -> Token:
    found = _WEIGHT.match(text, at)
    if not found:
        hint = lazy("write {example}", example=lazy("word^2 inside SCORE/3( … )"))
        raise error(query, at, lazy("{sign} needs a whole number", sign="^"), hint)
    return Token("WEIGHT", at, found.end(), number=int(found[1][:6]))


def _reference(query: str, text: str, at: int) -> Token:
    found = _NAME.match(text, at)
    kind, name, end = (found[1] or "", found[2] or "", found.end()) if found else ("", "", at + 1)
    if not name and end < len(text) and text[end] in CLOSERS:
        close = closing(text, end)
        if close < 0:
            raise error(query, end, lazy("this quote is never closed"), lazy('put a " after the name'))
        name, end = " ".join(text[end + 1 : close].split()), close + 1
    if not name:
        raise error(query, at, lazy("@ needs a name"), lazy("write @name of a list, person or org"))
    return Token("TERM", at, end, node=Reference(name, kind, at=(at, end)))


def _exact(query: str, text: str, at: int) -> Token:
    after = text[at + 1 : at + 2]
    if after and after in CLOSERS:
        return _quoted(quoted(query, text, at + 1, "exact", start=at))
    chunk = _IN_GROUPS.match(text, at + 1) or _CHUNK.match(text, at + 1)
    if not chunk:
        raise _exactly_what(query, at)
    node = term(query, text, chunk.span(), "exact", at)
    if node is None:
        raise _exactly_what(query, at)
    return Token("TERM", at, chunk.end(), node=node)


_SIGNED: Mapping[str, Callable[[str, str, int], Token]] = {"{": _braces, "@": _reference, "=": _exact}
"""What begins with a sign outside filter fields."""


def _exactly_what(query: str, at: int) -> QueryError:
    hint = lazy('write =word or ="a phrase"')
    return error(query, at, lazy("{sign} needs a word right after it", sign="="), hint)


def _chunk(  # noqa: C901, PLR0911 - one way out for each kind of token
    query: str, text: str, at: At, *, raw: bool
) -> Token:
    start, end = at
    visible = text[start:end]
    if not raw and _PLAIN.fullmatch(visible):
        return Token("TERM", start, end, node=Word(visible, at=at))
    visible = visible_text(visible)
    if not visible:
        return Token("BLANK", start, end)
    not_near = _NOT_NEAR.match(text, start) if visible == "NOT" else None
    if not_near:
        distance = _distance(query, start, not_near[2])
        return Token("NEAR", start, not_near.end(), not_near[1], distance, negated=True)
    if visible in WORD_OPERATORS:
        return Token(WORD_OPERATORS[visible], start, end, visible)
    if visible in SIGN_OPERATORS:
        return Token(SIGN_OPERATORS[visible], start, end, visible)
    operator = other_operator(query, visible)
    if operator:
        return Token(operator, start, end, visible)
    if raw and not _NEAR.match(visible):
        return Token("TERM", start, end, node=Value(visible, at=at))
    call = _call(query, text, at, visible)
    if call:
        return call
    signs = len(visible) - len(visible.lstrip(_DASHES + "!"))
    if signs and len(visible) > signs and (visible[signs].isalnum() or visible[signs] in "=@#*"):
        return Token("NOT", start, start + text[start:end].index(visible[signs]), visible[:signs])
    if end < len(text) and text[end] in QUOTES + "({" and visible.strip(_DASHES + "!") in {"", "+"}:
        return Token("BLANK" if "+" in visible else "NOT", start, end, visible)
    field = _field(query, text, at)
    if field:
        return field
    node = term(query, text, at, "forms")
    return Token("TERM", start, end, node=node) if node else Token("BLANK", start, end)


def _call(query: str, text: str, at: At, visible: str) -> Token | None:
    start, end = at
    near = _NEAR.match(visible)
    if near:
        return Token("NEAR", start, end, near[1], _distance(query, start, near[2]))
    if visible in {"NEAR", "ONEAR"} or visible.startswith(("NEAR/", "ONEAR/")):
        word = visible.partition("/")[0]
        message = lazy("{operator} needs a distance in words", operator=word)
        raise error(query, start, message, write(f"{word}/5"))
    opens = text[end:].lstrip()[:1] == "("
    call = _FUNCTION.match(visible)
    if call and opens:
        number = int(call[2][:6])
        if number < 1:
            hint = lazy("write {example} or more", example=f"{call[1]}/1")
            raise error(query, start, lazy("{what} means nothing", what=f"{call[1]}/0"), hint)
        return Token("CALL", start, end, call[1], number)
    if visible == "SENT" and opens:
        return Token("CALL", start, end, "SENT")
    if visible in {"ATLEAST", "FIRST", "SCORE"} and opens:
        message = lazy("{operator} needs a number", operator=visible)
        raise error(query, start, message, write(f"{visible}/2( … )"))
    return None


def _field(query: str, text: str, at: At) -> Token | None:
    found = _FIELD.match(text, at[0], at[1])
    if not found:
        return None
    name = found[1].lower()
    if name not in FIELDS:
        raise error(query, at[0], lazy("unknown field {field}:", field=found[1]), _meant(name))
    return Token("FIELD", at[0], found.end(), name)


def _meant(name: str) -> LazyText:
    listed, meant = ", ".join(f"{field}:" for field in FIELDS), _ELSEWHERE.get(name)
    if meant is None:
        return lazy("fields are {fields}; text with a colon: quote it", fields=listed)
    # Two fields may be meant, joined by a word.
    parts = meant.split(" or ")
    either = lazy("{one} or {other}", one=parts[0], other=parts[1]) if len(parts) > 1 else meant
    return lazy(
        "here it is {meant}; fields are {fields}; text with a colon: quote it", meant=either, fields=listed
    )


def _distance(query: str, at: int, digits: str) -> int:
    number = int(digits[:6])
    if number > MAX_DISTANCE:
        message = lazy("a distance over {most} words", most=MAX_DISTANCE)
        raise error(query, at, message, lazy("use {operator}", operator="AND"))
    return number
