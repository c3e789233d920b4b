"""What a page says about itself: JSON-LD (schema.org), Open Graph, meta elements, headings.

Values come back as the page wrote them; ``core.page.extract`` decides which of them to believe.
"""

from __future__ import annotations

import re
from collections.abc import Iterator
from dataclasses import dataclass, field
from itertools import islice
from typing import Final

from lxml import etree

from monitor.core.page.pictures import stated_images
from monitor.core.page.stated.body_dates import BodyDates, body_dates
from monitor.core.page.stated.headline import MIN_LETTERS, letters
from monitor.core.page.stated.linked_data import Values, nodes_of, own_article, page_dates, types_of
from monitor.core.page.tree import elements, flat
from monitor.core.text.clean import clean, plain

MAX_METAS: Final = 1_000
"""Pages have up to a hundred."""
MAX_VALUE: Final = 1_000
MAX_AUTHORS: Final = 10
MAX_HEADINGS: Final = 10
MAX_AUTHOR: Final = 80
MAX_NEXT: Final = 3
MAX_PICTURES: Final = 30

_BY: Final = re.compile(r"^(?:by|von|par|por|di|автор(?:ы|и)?|аўтар|autor(?:ius|zy)?)[:\s]+", re.IGNORECASE)
_MARKED_HEADLINE: Final = etree.XPath("//*[@itemprop='headline'][not(self::meta)]")
_MARKED_AUTHORS: Final = etree.XPath("//*[@itemprop='author' or @rel='author']")
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
# Other names that say as much: "created-date", "vr:published_time", "last-update".
_PUBLISHED_NAME: Final = re.compile(
    r"publi(?:sh(?!er)|cation|c_date)|pub_?date|created?|issued|release_?date|displaydate"
)
_MINUTE: Final = re.compile(r"(?:19|20)\d\d.{1,12}\d:\d\d|:\d\d.{1,12}(?:19|20)\d\d")
_MODIFIED_NAME: Final = re.compile(r"modif|updat|lastmod|revis(?!it)")
_AUTHOR: Final = ("author", "article:author", "dc.creator", "parsely-author", "mediator_author")
_PICTURE: Final = ("og:image:secure_url", "og:image", "og:image:url", "twitter:image", "twitter:image:src")
_SITE: Final = ("og:site_name", "application-name")


@dataclass(frozen=True, slots=True, kw_only=True)
class PageFacts:
    """A page's own claims, "" or empty where it makes none. Dates are unread strings, best first."""

    headline: str = ""
    name: str = ""
    social_titles: tuple[str, ...] = ()
    heading: str = ""
    second_heading: str = ""
    marked_headline: str = ""
    window_title: str = ""
    descriptions: tuple[str, ...] = ()
    authors: tuple[str, ...] = ()
    published: tuple[str, ...] = ()
    shown_dates: tuple[str, ...] = ()
    distant_dates: tuple[str, ...] = ()
    modified: tuple[str, ...] = ()
    addresses: tuple[str, ...] = ()
    base: str = ""
    site: str = ""
    publisher: str = ""
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

    def dates_like(self, pattern: re.Pattern[str]) -> tuple[str, ...]:
        """The values with a digit of names that a pattern finds: ``published`` may also be true or false."""
        names = (name for name in self.values if pattern.search(name))
        values = (_line(value) for name in names for value in self.values[name])
        return tuple(value for value in values if any(map(str.isdecimal, value)))


def page_facts(root: etree._Element, *, url: str = "") -> PageFacts:
    """Read the facts of a parsed page, which stands under ``url``. Never raises on odd content."""
    metas, nodes, headings = _metas(root), nodes_of(root), _headings(root)
    window = _line(root.findtext(".//title"))
    social = _some(*metas.all("og:title", "twitter:title", "title"))
    addresses = _some(*_links(root, "canonical", "link"), metas.first("og:url"))
    story = own_article(nodes, (window, *social, *(text for text, _ in headings)), (url, *addresses))
    headline, name = _line(story.get("headline")), _line(story.get("name"))
    heading, where = _heading_of(headings, (window, *social, headline))
    second, beside = _second_heading(root, (window, *social, headline))
    stated = _some(_line(story.get("datePublished")), *metas.all(*PUBLISHED))
    # Where the head says the minute, the body need not be asked.
    is_exact = any(_MINUTE.search(text) for text in stated)
    dates = BodyDates() if is_exact else body_dates(root, where if where is not None else beside)
    return PageFacts(
        headline=headline or name,
        name=name,
        social_titles=social,
        heading=heading,
        second_heading=second,
        marked_headline=_marked_headline(root),
        window_title=window,
        descriptions=_some(
            *metas.all("og:description", "description", "twitter:description"),
            _line(story.get("description")),
            _line(story.get("alternativeHeadline")),
        ),
        authors=_authors(story.get("author")) or _meta_authors(metas) or _marked_authors(root),
        published=_some(
            *stated,
            *dates.marked,
            *metas.dates_like(_PUBLISHED_NAME),
            *map(_line, page_dates(nodes, "datePublished")),
            *dates.near,
            _line(story.get("dateCreated")),
        ),
        shown_dates=_some(*dates.shown),
        distant_dates=_some(*dates.distant),
        modified=_some(
            _line(story.get("dateModified")), *metas.all(*MODIFIED), *metas.dates_like(_MODIFIED_NAME)
        ),
        addresses=addresses,
        base=_attribute(root.find(".//base"), "href"),
        site=metas.first(*_SITE) or _line(_named(story.get("publisher"))),
        publisher=_line(_named(story.get("publisher"))),
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


def _metas(root: etree._Element) -> _Metas:
    metas = _Metas()
    for element in islice(root.iter("meta"), MAX_METAS):
        value = element.get("content")
        if not value:
            continue
        for key in ("property", "name", "itemprop"):
            name = element.get(key)
            if name:
                metas.values.setdefault(name.strip().lower(), []).append(value)
    return metas


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
    valid = (name for name in names if name and "://" not in name and not name.startswith("@"))
    return tuple(dict.fromkeys(valid))[:MAX_AUTHORS]


def _meta_authors(metas: _Metas) -> tuple[str, ...]:
    for name in _AUTHOR:
        authors = _authors(list(metas.all(name)))
        if authors:
            return authors
    return ()


def _headings(root: etree._Element) -> list[tuple[str, etree._Element]]:
    """The first level-one headings with text, and what is marked as a headline."""
    found = ((_line(flat(element)), element) for element in islice(root.iter("h1"), MAX_HEADINGS))
    return [(text, element) for text, element in found if text]


def _heading_of(
    headings: list[tuple[str, etree._Element]], titles: tuple[str, ...]
) -> tuple[str, etree._Element | None]:
    """The heading that is the headline: the one that another title of the page repeats, or the only one."""
    known = "\0".join(map(letters, titles))
    for text, element in headings:
        own = letters(text)
        if len(own) >= MIN_LETTERS and own in known:
            return text, element
    return headings[0] if len({text for text, _ in headings}) == 1 else ("", None)


def _second_heading(root: etree._Element, titles: tuple[str, ...]) -> tuple[str, etree._Element | None]:
    """The level-two heading that another title repeats, else the first: where a logo or nothing is the h1."""
    first: tuple[str, etree._Element | None] = ("", None)
    known = "\0".join(map(letters, titles))
    for element in islice(root.iter("h2"), MAX_HEADINGS):
        text = _line(flat(element))
        if len(letters(text)) >= MIN_LETTERS and letters(text) in known:
            return text, element
        first = first if first[0] or not text else (text, element)
    return first if not known.strip("\0") else ("", None)


def _marked_headline(root: etree._Element) -> str:
    """What is marked as the headline (microdata), when only one text is."""
    texts = {_line(flat(element)) for element in elements(_MARKED_HEADLINE, root)[:MAX_HEADINGS]}
    return texts.pop() if len(texts) == 1 else ""


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


def _is_locked(story: Values, metas: _Metas) -> bool:
    """Whether the page says that only those who pay may read all of it."""
    free = str(story.get("isAccessibleForFree", "")).lower().rsplit("/", 1)[-1]
    return free in {"false", "0", "no"} or metas.first("article:content_tier").lower() in {
        "locked",
        "metered",
    }


def _is_live(story: Values) -> bool:
    return any(name.endswith("LiveBlogPosting") for name in types_of(story))


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
