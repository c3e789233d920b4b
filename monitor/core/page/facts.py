"""What a page says about itself: JSON-LD (schema.org), Open Graph, meta elements, headings.

Values come back as the page wrote them; ``core.page.extract`` decides which of them to believe.
"""

from __future__ import annotations

import json
import re
from collections.abc import Iterator, Mapping
from contextlib import suppress
from dataclasses import dataclass, field
from itertools import islice
from typing import Final, cast

from lxml import etree

from monitor.core.page.pictures import stated_images
from monitor.core.page.tree import elements, flat
from monitor.core.text.clean import clean, plain

MAX_SCRIPT: Final = 1_000_000
MAX_VALUE: Final = 1_000
MAX_AUTHORS: Final = 10
MAX_DEPTH: Final = 6
MAX_SHOWN_DATE: Final = 60
MAX_SHOWN_DATES: Final = 3
MAX_AUTHOR: Final = 80
MAX_NEXT: Final = 3
MAX_PICTURES: Final = 30

_POSTING_TYPES: Final = frozenset({"BlogPosting", "LiveBlogPosting", "Report", "Review"})
_WRAPPERS: Final = ("@graph", "mainEntity", "mainEntityOfPage", "hasPart", "itemListElement")
_AROUND_JSON: Final = (
    ("<!--", "-->"),
    ("//<![CDATA[", "//]]>"),
    ("// <![CDATA[", "// ]]>"),
    ("<![CDATA[", "]]>"),
)
_BY: Final = re.compile(r"^(?:by|von|par|por|di|автор(?:ы|и)?|аўтар|autor(?:ius|zy)?)[:\s]+", re.IGNORECASE)
_MARKED_AUTHORS: Final = etree.XPath("//*[@itemprop='author' or @rel='author']")
_DATE_MARK: Final = re.compile(
    r"(?<![a-z])(?:date|time|datetime|timestamp|published?|pubdate|posted)(?![a-z])"
)
_DATE_LABEL: Final = re.compile(r"^[^\W\d]+(?: [^\W\d]+)?: ")

# Names of meta elements (name, property or itemprop, lower case) in order of trust.
PUBLISHED: Final = (
    "article:published_time", "og:article:published_time", "datepublished", "og:published_time",
    "parsely-pub-date", "sailthru.date", "publication_date", "publish-date", "publishdate",
    "dc.date.issued", "dcterms.created", "dcterms.date", "dc.date", "pubdate", "date",
    "mediator_published_time",
)  # fmt: skip
MODIFIED: Final = (
    "article:modified_time", "og:updated_time", "datemodified", "dcterms.modified", "last-modified",
    "lastmod",
)  # fmt: skip
_AUTHOR: Final = ("author", "article:author", "dc.creator", "parsely-author", "mediator_author")
_PICTURE: Final = ("og:image:secure_url", "og:image", "og:image:url", "twitter:image", "twitter:image:src")
_SITE: Final = ("og:site_name", "application-name")


@dataclass(frozen=True, slots=True, kw_only=True)
class PageFacts:
    """A page's own claims, "" or empty where it makes none. Dates are unread strings, best first."""

    headline: str = ""
    social_title: str = ""
    heading: str = ""
    window_title: str = ""
    authors: tuple[str, ...] = ()
    published: tuple[str, ...] = ()
    modified: tuple[str, ...] = ()
    addresses: tuple[str, ...] = ()
    base: str = ""
    site: str = ""
    languages: tuple[str, ...] = ()
    body: str = ""
    following: tuple[str, ...] = ()
    paywalled: bool = False
    live: bool = False
    pictures: tuple[str, ...] = ()


@dataclass(slots=True)
class _Metas:
    values: dict[str, list[str]] = field(default_factory=dict)

    def first(self, *names: str) -> str:
        return next(filter(None, self.all(*names)), "")

    def all(self, *names: str) -> tuple[str, ...]:
        return tuple(_line(value) for name in names for value in self.values.get(name, ()))


def page_facts(root: etree._Element) -> PageFacts:
    """Read the facts of a parsed page. Never raises on odd content."""
    metas, story = _metas(root), _linked_data(root)
    return PageFacts(
        headline=_line(story.get("headline") or story.get("name")),
        social_title=metas.first("og:title", "twitter:title", "title"),
        heading=_heading(root),
        window_title=_line(root.findtext(".//title")),
        authors=_authors(story.get("author")) or _meta_authors(metas) or _marked_authors(root),
        published=_some(_line(story.get("datePublished")), *metas.all(*PUBLISHED), *_times(root)),
        modified=_some(_line(story.get("dateModified")), *metas.all(*MODIFIED)),
        addresses=_some(*_links(root, "canonical", "link"), metas.first("og:url")),
        base=_attribute(root.find(".//base"), "href"),
        site=metas.first(*_SITE) or _line(_named(story.get("publisher"))),
        languages=_some(
            _line(_named(story.get("inLanguage"))), _attribute(_html(root), "lang"), metas.first("og:locale")
        ),
        body=_body(story.get("articleBody")),
        following=tuple(islice(_links(root, "next"), MAX_NEXT)),
        paywalled=_is_locked(story, metas),
        live=_is_live(story),
        pictures=_some(
            *metas.all(*_PICTURE), *islice(map(_line, stated_images(story.get("image"))), MAX_PICTURES)
        ),
    )


def shown_dates(root: etree._Element) -> tuple[str, ...]:
    """The dates that only readers are told: short texts of elements marked as dates, the first three."""
    found: list[str] = []
    for element in root.iter("time", "span", "div", "p", "li", "td", "small"):
        marks = f"{element.get('class') or ''} {element.get('id') or ''}".lower()
        if element.tag != "time" and not _DATE_MARK.search(marks):
            continue
        text = _line(" ".join(cast("Iterator[str]", element.itertext())))
        if any(map(str.isdigit, text)) and len(text) <= MAX_SHOWN_DATE:
            found.append(_DATE_LABEL.sub("", text))
        if len(found) == MAX_SHOWN_DATES:
            break
    return tuple(found)


def _metas(root: etree._Element) -> _Metas:
    metas = _Metas()
    for element in root.iter("meta"):
        value = element.get("content")
        if not value:
            continue
        for key in ("property", "name", "itemprop"):
            name = element.get(key)
            if name:
                metas.values.setdefault(name.strip().lower(), []).append(value)
    return metas


def _linked_data(root: etree._Element) -> Mapping[str, object]:
    """The page's schema.org article; the one with a headline when there are several."""
    found: list[Mapping[str, object]] = []
    for script in root.iter("script"):
        if "ld+json" not in _attribute(script, "type") or not script.text:
            continue
        found.extend(_articles(_json(script.text[:MAX_SCRIPT])))
    return max(found, key=lambda item: bool(item.get("headline")), default={})


def _json(text: str) -> object:
    # Most scripts hold nothing but JSON; what stands around that of others is taken off.
    for attempt in (text, _bare(text)):
        with suppress(ValueError, RecursionError):
            return cast("object", json.loads(attempt, strict=False))
    return None


def _bare(text: str) -> str:
    for before, after in _AROUND_JSON:
        text = text.strip().removeprefix(before).rstrip("; \t\r\n").removesuffix(after)
    return text.strip().rstrip("; \t\r\n")


def _articles(value: object, depth: int = 0) -> Iterator[Mapping[str, object]]:
    if depth > MAX_DEPTH:
        return
    if isinstance(value, list):
        for item in value[:100]:
            yield from _articles(item, depth + 1)
    elif isinstance(value, dict):
        kinds = value.get("@type")
        names = kinds if isinstance(kinds, list) else [kinds]
        if any(isinstance(name, str) and _is_article(name) for name in names):
            yield value
        for key in _WRAPPERS:
            yield from _articles(value.get(key), depth + 1)


def _is_article(kind: str) -> bool:
    name = kind.rsplit("/", 1)[-1]
    return name.endswith("Article") or name in _POSTING_TYPES


def _named(value: object) -> str:
    """The name in ``"x"``, ``{"name": "x"}`` or a list that starts with one of these."""
    if isinstance(value, list):
        return _named(value[0]) if value and not isinstance(value[0], list) else ""
    if isinstance(value, dict):
        name = value.get("name") or value.get("alternateName")
        return name if isinstance(name, str) else ""
    return value if isinstance(value, str) else ""


def _authors(value: object) -> tuple[str, ...]:
    people = value if isinstance(value, list) else [value]
    names = (_BY.sub("", _line(_named(person))) for person in people[: MAX_AUTHORS * 2])
    kept = (name for name in names if name and "://" not in name and not name.startswith("@"))
    return tuple(dict.fromkeys(kept))[:MAX_AUTHORS]


def _meta_authors(metas: _Metas) -> tuple[str, ...]:
    for name in _AUTHOR:
        authors = _authors(list(metas.all(name)))
        if authors:
            return authors
    return ()


def _heading(root: etree._Element) -> str:
    """The only level-one heading; several say nothing about which is the headline."""
    texts = {_line(flat(element)) for element in root.iter("h1")}
    texts.discard("")
    return texts.pop() if len(texts) == 1 else ""


def _times(root: etree._Element) -> Iterator[str]:
    """``<time datetime>``, those marked as the date of publication first, at most three."""
    found = []
    for element in root.iter("time"):
        value = _attribute(element, "datetime")
        marks = f"{_attribute(element, 'itemprop')} {_attribute(element, 'class')}".lower()
        if value:
            found.append((not ("publish" in marks or "pubdate" in element.attrib), value))
    yield from (value for _, value in sorted(found, key=lambda pair: pair[0])[:3])


def _links(root: etree._Element, relation: str, *tags: str) -> Iterator[str]:
    for element in root.iter(*(tags or ("link", "a"))):
        stated = element.get("rel")
        if stated and relation in stated.lower().split():
            yield _attribute(element, "href")


def _marked_authors(root: etree._Element) -> tuple[str, ...]:
    """Names in elements marked as the author's (microdata, ``rel=author``)."""
    names = []
    for element in elements(_MARKED_AUTHORS, root)[:MAX_AUTHORS]:
        text = _line(flat(element))
        if text and len(text) <= MAX_AUTHOR:
            names.append(text)
    return _authors(list(dict.fromkeys(names)))


def _is_locked(story: Mapping[str, object], metas: _Metas) -> bool:
    """Whether the page says that only those who pay may read all of it."""
    free = str(story.get("isAccessibleForFree", "")).lower().rsplit("/", 1)[-1]
    return free in {"false", "0", "no"} or metas.first("article:content_tier").lower() in {
        "locked",
        "metered",
    }


def _is_live(story: Mapping[str, object]) -> bool:
    kinds = story.get("@type")
    names = kinds if isinstance(kinds, list) else [kinds]
    return any(isinstance(name, str) and name.endswith("LiveBlogPosting") for name in names)


def _html(root: etree._Element) -> etree._Element | None:
    return next(root.iter("html"), None)


def _attribute(element: etree._Element | None, name: str) -> str:
    value = element.get(name) if element is not None else None
    return _line(value)


def _line(value: object) -> str:
    """One clean line of a string that may hold entities; "" for anything else."""
    if not isinstance(value, str) or not value:
        return ""
    if value.isascii() and value.isprintable() and "&" not in value and "<" not in value:
        return " ".join(value[: MAX_VALUE * 2].split())[:MAX_VALUE]
    text = plain(value) if "&" in value or "<" in value else value
    return clean(text, limit=MAX_VALUE).replace("\n", " ")


def _body(value: object) -> str:
    return plain(value) if isinstance(value, str) else ""


def _some(*values: str) -> tuple[str, ...]:
    return tuple(dict.fromkeys(value for value in values if value))
