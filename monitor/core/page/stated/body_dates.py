"""Dates that stand in a page's body or address: marked as the date of publication, in ``<time>``, or merely
shown to readers.

What tells them from the clock of the header, the comments and the teasers is where they stand: between
the headline and the first paragraphs, or in one container with the headline.
"""

from __future__ import annotations

import re
from collections.abc import Iterator
from dataclasses import dataclass
from datetime import UTC, timedelta, timezone, tzinfo
from itertools import islice
from typing import TYPE_CHECKING, Final, cast
from urllib.parse import urlsplit

from lxml import etree

from monitor.core.page.tree import elements
from monitor.core.text.clean import clean, plain

if TYPE_CHECKING:
    from collections.abc import Collection

MAX_TEXT: Final = 200
MAX_SHOWN_CHARS: Final = 60
MAX_DATES: Final = 3
MAX_MARKED: Final = 5
MAX_ANCESTORS: Final = 60
NEAR_ANCESTORS: Final = 4
PARAGRAPH_CHARS: Final = 80
NEAR_PARAGRAPHS: Final = 3

_MARKED: Final = etree.XPath(
    "//*[contains(@itemprop, 'datePublished') or contains(@itemprop, 'dateCreated') or @pubdate"
    " or contains(@property, 'datePublished')][not(self::meta)]"
)
_DATE_MARK: Final = re.compile(
    r"(?<![a-z])(?:date|time|datetime|timestamp|published?|pubdate|posted)(?![a-z])"
)
_LATER: Final = re.compile(r"modif|updat|edited|changed")
# Names of the parts of a page that are about other things than its article.
_ELSEWHERE: Final = re.compile(
    r"(?:^|[\s_-])(?:[ck]omm?ent\w*|repl(?:y|ies)|respon[ds]\w*|related\w*|recommend\w*|teaser\w*|trending\w*|popular\w*"
    r"|latest\w*|most-?read|side-?bar\w*|widget\w*|next-?prev|breaking|ticker|weather|clock|current-?\w*)(?:$|[\s_-])",
    re.IGNORECASE,
)
_ELSEWHERE_TAGS: Final = frozenset({"nav", "footer", "aside"})
_LABEL: Final = re.compile(r"^[^\W\d]+(?: [^\W\d]+)?: ")
_YEAR: Final = re.compile(r"(?<!\d)(?:19|20)\d\d(?!\d)")
_ISO: Final = re.compile(r"\s{0,9}(?:19|20)\d\d-\d\d-\d\d(?!\d)")
_OFFSET: Final = re.compile(r"\d:\d\d(?:\.\d{1,9})?\s?([+-])(\d\d):?(\d\d)$")
MAX_OFFSET_MIN: Final = 14 * 60
_WHOLE: Final = frozenset({"html", "body", "main", "form"})
_ADDRESS: Final = re.compile(
    r"/((?:19|20)\d\d)[/-](0?[1-9]|1[0-2])[/-](0?[1-9]|[12]\d|3[01])(?=[/_-])"
    r"|[/_-]((?:19|20)\d\d)-?(0[1-9]|1[0-2])-?(0[1-9]|[12]\d|3[01])(?=[/_.-]|$)"
)


@dataclass(frozen=True, slots=True, kw_only=True)
class BodyDates:
    """Unread strings, best first: ``marked`` and ``near`` say when the article was published; ``shown`` is
    text only; ``distant`` stand elsewhere in the page."""

    marked: tuple[str, ...] = ()
    near: tuple[str, ...] = ()
    shown: tuple[str, ...] = ()
    distant: tuple[str, ...] = ()


def body_dates(root: etree._Element, heading: etree._Element | None) -> BodyDates:
    """The dates in a page's body. ``heading`` is its headline's element."""
    around = set(islice(heading.iterancestors(), MAX_ANCESTORS)) if heading is not None else set()
    near: list[str] = []
    shown: list[str] = []
    distant: list[str] = []
    is_after, paragraphs = heading is None, 0
    for element in root.iter("time", "span", "div", "p", "li", "td", "small", "em", "abbr", "h1", "h2"):
        if element is heading:
            is_after, paragraphs = True, 0
        elif element.tag == "p" and len(element.text or "") > PARAGRAPH_CHARS:
            paragraphs += 1
        text = _text(element)
        if not text:
            continue
        is_near = paragraphs <= NEAR_PARAGRAPHS if is_after else _shares_box(element, around)
        if _is_elsewhere(element, around):
            continue
        stated = _stated(element)
        if stated:
            (near if is_near and not _is_later(element) else distant).append(stated)
        elif is_near and not _shown_in(shown, text):
            shown.append(_LABEL.sub("", text))
    return BodyDates(
        marked=tuple(_marked(root)),
        near=tuple(near[:MAX_DATES]),
        shown=tuple(shown[:MAX_DATES]),
        distant=tuple(distant[-MAX_DATES:]),
    )


def address_date(url: str) -> str:
    """The day that an address names (``/2019/05/14/``, ``-20190514``), as ISO 8601; "" when none."""
    try:
        found = _ADDRESS.search(urlsplit(url).path)
    except ValueError:
        return ""
    if found is None:
        return ""
    year, month, day = (part for part in found.groups() if part)
    return f"{year}-{int(month):02}-{int(day):02}"


def _stated(element: etree._Element) -> str:
    """The machine's form of a date: ``datetime`` of a time, the ISO date that an abbreviation stands for."""
    if element.tag == "time":
        return _line(element.get("datetime"))
    title = element.get("title") if element.tag == "abbr" else None
    return _line(title) if title and _ISO.match(title) else ""


def _is_later(element: etree._Element) -> bool:
    """Whether an element is marked as the date of a change."""
    marks = " ".join(element.get(name) or "" for name in ("class", "id", "itemprop"))
    return _LATER.search(marks.lower()) is not None


def _words(element: etree._Element) -> str:
    """The text of an element as far as it takes to see that it is no date."""
    pieces: list[str] = []
    size = 0
    for piece in cast("Iterator[str]", element.itertext()):
        pieces.append(piece)
        size += len(piece)
        if size > 2 * MAX_TEXT:
            break
    return _line(" ".join(pieces))


def stated_offset(text: str) -> tzinfo:
    """The offset that ends a date ("…T23:30:00-08:00"), in which its day is told; UTC for none."""
    found = _OFFSET.search(text.strip())
    if found is None:
        return UTC
    minutes = int(found[2]) * 60 + int(found[3])
    return (
        timezone(timedelta(minutes=minutes if found[1] == "+" else -minutes))
        if minutes < MAX_OFFSET_MIN
        else UTC
    )


def _text(element: etree._Element) -> str:
    """The short text of an element that may be a date; "" for all others."""
    marks = f"{element.get('class') or ''} {element.get('id') or ''}".lower()
    if element.tag != "time" and _is_later(element):
        return ""
    if element.tag == "abbr" and _stated(element):
        return _words(element) or "-"
    is_marked = element.tag == "time" or _DATE_MARK.search(marks) is not None
    if not is_marked and (element.tag in {"h1", "h2"} or not _YEAR.search(element.text or "")):
        return ""
    text = _words(element)
    if element.tag == "time" and element.get("datetime"):
        return text or "-"
    return text if len(text) <= MAX_SHOWN_CHARS and any(map(str.isdigit, text)) else ""


def _shown_in(shown: list[str], text: str) -> bool:
    return len(shown) >= MAX_DATES or any(text in known or known in text for known in shown)


def _shares_box(element: etree._Element, around: Collection[etree._Element]) -> bool:
    """Whether an element before the headline stands in one small container with it."""
    above = islice(element.iterancestors(), NEAR_ANCESTORS)
    return any(each in around and each.tag not in _WHOLE for each in above)


def _is_elsewhere(element: etree._Element, around: Collection[etree._Element]) -> bool:
    for each in islice(element.iterancestors(), MAX_ANCESTORS):
        if each in around:
            return False
        if each.tag in _ELSEWHERE_TAGS or (each.tag == "a" and len(_words(each)) > MAX_SHOWN_CHARS):
            return True
        marks = f"{each.get('class') or ''} {each.get('id') or ''}"
        if len(marks) > 1 and _ELSEWHERE.search(marks[:MAX_TEXT]):
            return True
    return False


def _marked(root: etree._Element) -> Iterator[str]:
    for element in elements(_MARKED, root)[:MAX_MARKED]:
        for stated in (element.get("content"), element.get("datetime"), element.get("title"), element.text):
            if line := _line(stated):
                yield line
                break


def _line(value: str | None) -> str:
    text = (value or "")[: 4 * MAX_TEXT]
    return clean(plain(text) if "&" in text else text, limit=MAX_TEXT).replace("\n", " ")
