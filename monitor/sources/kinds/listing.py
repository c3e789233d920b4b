"""The source kind ``listing``: headlines of an HTML page, by CSS selectors or by what repeats."""

from __future__ import annotations

import contextlib
import dataclasses
import html
import re
from collections.abc import Iterator
from datetime import datetime
from itertools import islice
from typing import Final

from bs4 import BeautifulSoup, Tag
from pydantic import BaseModel, ConfigDict, field_validator
from soupsieve import SelectorSyntaxError
from soupsieve import compile as compile_selector

from monitor.core.text.dates.zones import zone_named
from monitor.core.text.markup_limits import few_attributes
from monitor.core.text.urls import canonical_url, same_site
from monitor.errors import ParseError
from monitor.i18n.lazy import lazy
from monitor.i18n.localizer import note
from monitor.model import Fetched, FetchRequest, Parsed, Source, SourceState
from monitor.ports import SourceKind
from monitor.sources.body import complaint, few_tags, is_challenge, is_page, root_name, text_of
from monitor.sources.draft import EntryDraft, Sheet
from monitor.sources.entries import absolute, parsed

MAX_PAGE: Final = 2_000_000
MAX_TAGS: Final = 50_000
MIN_WORDS: Final = 4
_MIN_UNSPACED: Final = 12
_MAX_LINKS: Final = 500
_AROUND_HEADLINES: Final = frozenset({"article", "h1", "h2", "h3", "h4", "li"})
_INSIDE_HEADLINES: Final = frozenset({"h2", "h3", "h4"})
_FURNITURE: Final = frozenset({"nav", "footer", "form"})
_MAX_DATES: Final = 3
_MAX_CLIMB: Final = 6
_UNSPACED: Final = "\u3040"  # from here on, scripts write without spaces
HEADINGS: Final = ("h1", "h2", "h3", "h4")
_DECLARATION: Final = re.compile(r"<\?xml[^>]*>?", re.IGNORECASE)
_DATE_ATTRIBUTES: Final = ("datetime", "content", "data-time", "data-timestamp", "title")


class ListingOptions(BaseModel):
    """CSS selectors. ``item`` is one entry's box; the others are looked for inside it.

    ``link`` defaults to the first link with words, ``title`` to the link's text. ``date_format`` is a
    ``strptime`` format for dates that are not understood; ``timezone`` (IANA name) holds for dates
    without a zone and overrides the source's. Without ``item`` the headlines are found by
    themselves.
    """

    model_config = ConfigDict(extra="forbid", frozen=True)

    item: str = ""
    link: str = ""
    title: str = ""
    date: str = ""
    summary: str = ""
    date_format: str = ""
    timezone: str = ""

    @field_validator("item", "link", "title", "date", "summary")
    @classmethod
    def _selects(cls, value: str) -> str:
        try:
            compile_selector(value or "*")
        except SelectorSyntaxError as error:
            raise ValueError(f"not a CSS selector: {str(error).splitlines()[0]}") from error
        return value

    @field_validator("timezone")
    @classmethod
    def _is_zone(cls, value: str) -> str:
        if value and zone_named(value) is None:
            raise ValueError(f"no time zone is called {value}; use a name such as Europe/Minsk")
        return value


def request(source: Source, state: SourceState | None) -> FetchRequest:
    """A conditional GET of the page."""
    return FetchRequest(
        url=source.url,
        etag=state.etag if state else None,
        last_modified=state.last_modified if state else None,
        accept="text/html, application/xhtml+xml;q=0.9, */*;q=0.1",
        allow_private=source.allow_private,
    )


def parse(source: Source, fetched: Fetched) -> Parsed:
    """The entries of a page, in page order.

    Raises ``ParseError`` when no page came, or when nothing on it looks like an entry: a page that
    was rebuilt must not fall silent.
    """
    options = ListingOptions.model_validate(dict(source.options))
    text = _DECLARATION.sub("", text_of(fetched))
    if root_name(text) in ("rss", "feed", "rdf", "urlset", "sitemapindex") or "<" not in text:
        raise complaint(text, fetched, wanted=note("an HTML page"))
    soup = BeautifulSoup(few_attributes(few_tags(text[:MAX_PAGE], MAX_TAGS)), "lxml")
    base = _base(soup, fetched.url)
    found = _selected(soup, base, options) if options.item else _headlines(soup, base)
    drafts = tuple(islice(found, _MAX_LINKS))
    if not drafts:
        raise _nothing(text, fetched, options)
    zoned = _in_zone(source, options)
    title = soup.title.get_text(" ", strip=True) if soup.title else ""
    language = soup.html.get("lang") if soup.html else None
    sheet = Sheet(drafts=drafts, title=html.escape(title), home=fetched.url, language=str(language or ""))
    return parsed("listing", zoned, fetched, sheet)


def _base(soup: BeautifulSoup, url: str) -> str:
    stated = next((tag["href"] for tag in _tags(soup) if tag.name == "base" and tag.has_attr("href")), None)
    return (absolute(str(stated), url) or url) if stated is not None else url


def _tags(box: Tag) -> Iterator[Tag]:
    """The elements inside, in the page's order: a plain walk, since selectors cost ten times as much and a
    hostile page has fifty thousand elements."""
    return (inner for inner in box.descendants if isinstance(inner, Tag))


def _in_zone(source: Source, options: ListingOptions) -> Source:
    if not options.timezone:
        return source
    return dataclasses.replace(source, timezone=options.timezone)


def _selected(soup: BeautifulSoup, base: str, options: ListingOptions) -> Iterator[EntryDraft]:
    """One draft for each box that the operator's selectors find a link in."""
    for box in soup.select(options.item, limit=_MAX_LINKS * 2):
        own = box if box.get("href") else None
        link = (box.select_one(options.link) or own) if options.link else telling_link(box)
        title = box.select_one(options.title) if options.title else link
        url = absolute(str(link.get("href") or ""), base) if link else None
        if title is None or url is None:
            continue
        date = box.select_one(options.date) if options.date else date_near(box)
        summary = box.select_one(options.summary) if options.summary else None
        yield EntryDraft(
            links=(url,),
            base=base,
            title=title.get_text(" ", strip=True),
            title_is_html=False,
            summary=html.escape(summary.get_text(" ", strip=True)) if summary else "",
            published=date_texts(date, options.date_format) if date else (),
        )


def telling_link(box: Tag) -> Tag | None:
    """The first link of a box that shows words, else the first one (a picture), else the box itself."""
    if box.get("href"):
        return box
    links = box.select("a[href]", limit=20)
    return next((link for link in links if link.get_text(strip=True)), links[0] if links else None)


def _headlines(soup: BeautifulSoup, base: str) -> Iterator[EntryDraft]:
    """Links of the same site that read like headlines, the longest text of each address."""
    best: dict[str, tuple[str, str, Tag]] = {}
    here = canonical_url(base)
    for link, heading in islice(_headline_links(soup), _MAX_LINKS * 10):
        url = absolute(str(link["href"]), base)
        words = (heading or link).get_text(" ", strip=True)
        if url is None or not is_headline(words) or _is_furniture(link):
            continue
        key = canonical_url(url)
        if key == here or not same_site(url, base):
            continue
        if key not in best or len(words) > len(best[key][1]):
            best[key] = (url, words, link)
    for url, words, link in best.values():
        date = date_near(_box(link, base))
        yield EntryDraft(
            links=(url,),
            base=base,
            title=words,
            title_is_html=False,
            published=date_texts(date, "") if date else (),
        )


def _headline_links(soup: BeautifulSoup) -> Iterator[tuple[Tag, Tag | None]]:
    """Links in articles, headings and items of lists, and links around headings; with the heading inside."""
    for link in _tags(soup):
        if link.name != "a" or not link.has_attr("href"):
            continue
        heading = next((tag for tag in _tags(link) if tag.name in HEADINGS), None)
        if (
            (heading is not None and heading.name in _INSIDE_HEADLINES)
            or any(around.name in _AROUND_HEADLINES for around in link.parents)
            or (heading is not None and any(tag.name in _INSIDE_HEADLINES for tag in _tags(link)))
        ):
            yield link, heading


def is_headline(words: str) -> bool:
    """Four words, or twelve characters of a script without spaces."""
    if len(words.split()) >= MIN_WORDS:
        return True
    return sum(char >= _UNSPACED for char in words) >= _MIN_UNSPACED


def _is_furniture(link: Tag) -> bool:
    """Whether the link belongs to menus and the like; an article's own header is none."""
    around = {parent.name for parent in link.parents}
    return bool(around & _FURNITURE) or ("header" in around and "article" not in around)


def _box(link: Tag, base: str) -> Tag:
    """The largest element around the link that leads to no other article."""
    box = link
    for parent in list(link.parents)[:_MAX_CLIMB]:
        others = parent.find_all("a", href=True, limit=10)
        headlines = {
            canonical_url(absolute(str(other["href"]), base) or "")
            for other in others
            if is_headline(other.get_text(" ", strip=True))
        }
        if len(headlines) > 1:
            break
        box = parent
        if box.name in ("article", "li", "body"):
            break
    return box


def date_near(box: Tag) -> Tag | None:
    """The element that tells when: ``<time>``, else what its class calls a date or time."""
    for candidate in islice(filter(_names_date, _tags(box)), _MAX_DATES):
        if any(char.isdecimal() for char in (*candidate.get_text(), *str(candidate.get("datetime") or ""))):
            return candidate
    return None


def _names_date(tag: Tag) -> bool:
    if tag.name == "time":
        return True
    if not tag.attrs:
        return False
    kind = tag.get("class") or ""
    kind = kind if isinstance(kind, str) else " ".join(kind)
    return "date" in kind or "time" in kind or tag.get("itemprop") == "datePublished"


def date_texts(element: Tag, date_format: str) -> tuple[str, ...]:
    """The texts of a date, its machine-readable attributes first."""
    shown = element.get_text(" ", strip=True)
    texts = [str(element.get(name) or "") for name in _DATE_ATTRIBUTES] + [shown]
    if date_format:
        # Not in the operator's format today: the other ways are tried.
        with contextlib.suppress(ValueError):
            texts.insert(0, datetime.strptime(shown, date_format).isoformat())  # noqa: DTZ007  # zone: later
    return tuple(text for text in texts if text)


def _nothing(text: str, fetched: Fetched, options: ListingOptions) -> ParseError:
    if is_challenge(text):
        return complaint(text, fetched, wanted=note("a list of articles"))
    if options.item:
        return ParseError(
            lazy(
                "the page lists nothing: no link inside item: {item} "
                "({url}; the page was rebuilt or the selectors are wrong)",
                item=options.item,
                url=fetched.url,
            )
        )
    return ParseError(
        lazy(
            "no headline links were found ({url}; give options item, link and title as CSS selectors)",
            url=fetched.url,
        )
    )


def sniff(fetched: Fetched) -> float:
    """0.5 for an HTML page: any page may list articles, so other kinds go first."""
    try:
        return 0.5 if is_page(text_of(fetched)) else 0.0
    except ParseError:
        return 0.0


KIND: Final = SourceKind(
    name="listing", options=ListingOptions, request=request, parse=parse, sniff=sniff, offered=False
)
