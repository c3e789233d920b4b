"""What repeats on a page of headlines, as CSS selectors for the source kind ``listing``."""

from __future__ import annotations

from collections import Counter, defaultdict
from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from datetime import datetime
from typing import Final

from bs4 import BeautifulSoup, Tag

from monitor.core.text.dates.find import find_date
from monitor.core.text.urls import canonical_url, same_site
from monitor.sources.discovery.leads import base_of
from monitor.sources.discovery.selectors import marks, simple
from monitor.sources.entries import absolute
from monitor.sources.kinds.listing import (
    HEADINGS,
    MIN_WORDS,
    date_near,
    date_texts,
    is_headline,
    telling_link,
)

MIN_REPEATS: Final = 3
_MAX_LINKS: Final = 1_500
_MAX_CLIMB: Final = 7
_TRIED: Final = 25
_FURNITURE: Final = ("nav", "footer", "form", "noscript")
_ENOUGH: Final = 0.6
_MOST: Final = 0.85
_BARE: Final = 0.5
_DATE_LENGTH: Final = 60
_MIN_HEADED: Final = 2
_FILLED: Final = 8


@dataclass(frozen=True, slots=True, kw_only=True)
class _Headline:
    """One article's link on the page: its key, its text, where it stands."""

    key: str
    words: str
    link: Tag


def listing_options(soup: BeautifulSoup, url: str, now: datetime) -> Mapping[str, str] | None:
    """Options for ``listing`` that give the page's headlines; None when nothing repeats on it.

    ``item`` is always set; ``link``, ``title``, ``date`` and ``summary`` where the first link, its
    text and the obvious date would not do.
    """
    base = base_of(soup, url)
    headlines = _headlines(soup, base, least=MIN_WORDS)
    if len(headlines) < MIN_REPEATS:  # an outlet of short headlines, or names of sections
        headlines = _headlines(soup, base, least=_MIN_HEADED)
    if len(headlines) < MIN_REPEATS:
        return None
    best: tuple[float, str, list[tuple[Tag, _Headline]]] | None = None
    for selector, depth in _selectors(headlines):
        boxes = _boxes(soup, selector, headlines)
        score = _worth(soup, selector, boxes, depth, now)
        if len(boxes) >= MIN_REPEATS and (best is None or score > best[0]):
            best = (score, selector, boxes)
    if best is None:
        return None
    _, selector, boxes = best
    chosen = {"item": selector, **_inside(boxes), **_date(boxes, now), **_summary(boxes)}
    return {name: value for name, value in chosen.items() if value}


def _headlines(soup: BeautifulSoup, base: str, *, least: int) -> dict[str, _Headline]:
    """The best link of each article: the longest text, or the heading around or inside the link."""
    found: dict[str, _Headline] = {}
    here = canonical_url(base)
    for link in soup.select("a[href]", limit=_MAX_LINKS):
        url = absolute(str(link["href"]), base)
        if url is None or not same_site(url, base) or _is_furniture(link):
            continue
        words = _words(link, least)
        key = canonical_url(url)
        if key == here or not words:
            continue
        if key not in found or len(words) > len(found[key].words):
            found[key] = _Headline(key=key, words=words, link=link)
    return found


def _words(link: Tag, least: int) -> str:
    """The headline that a link shows, "" when it shows none. In a heading two words are enough."""
    heading = link.find(HEADINGS)
    words = (heading if isinstance(heading, Tag) else link).get_text(" ", strip=True)
    headed = isinstance(heading, Tag) or link.find_parent(HEADINGS) is not None
    enough = _MIN_HEADED if headed else least
    return words if is_headline(words) or len(words.split()) >= enough else ""


def _is_furniture(link: Tag) -> bool:
    return link.find_parent(_FURNITURE) is not None or (
        link.find_parent("header") is not None and link.find_parent("article") is None
    )


def _selectors(headlines: Mapping[str, _Headline]) -> list[tuple[str, int]]:
    """Selectors of elements that hold one headline each, most headlines first, with their depth."""
    tagged = {id(headline.link): key for key, headline in headlines.items()}
    votes: dict[str, set[str]] = defaultdict(set)
    depths: Counter[str] = Counter()
    for key, headline in headlines.items():
        for depth, element in enumerate((headline.link, *headline.link.parents)):
            if depth > _MAX_CLIMB or element.name in ("body", "html", "main", "[document]"):
                break
            if depth and not _holds_only(element, key, tagged):
                break
            for selector in marks(element):
                votes[selector].add(key)
                depths[selector] = max(depths[selector], depth)
    ranked = sorted(votes, key=lambda selector: (-len(votes[selector]), -depths[selector], len(selector)))
    return [
        (selector, depths[selector]) for selector in ranked[:_TRIED] if len(votes[selector]) >= MIN_REPEATS
    ]


def _holds_only(element: Tag, key: str, tagged: Mapping[int, str]) -> bool:
    return all(tagged.get(id(link), key) == key for link in element.find_all("a", href=True, limit=60))


def _boxes(
    soup: BeautifulSoup, selector: str, headlines: Mapping[str, _Headline]
) -> list[tuple[Tag, _Headline]]:
    """The elements that hold exactly one headline."""
    tagged = {id(headline.link): headline for headline in headlines.values()}
    found = []
    for box in soup.select(selector, limit=_MAX_LINKS):
        links = [box, *box.find_all("a", href=True, limit=60)]
        own = {headline.key: headline for link in links if (headline := tagged.get(id(link)))}
        if len(own) == 1:
            found.append((box, next(iter(own.values()))))
    return found


def _worth(
    soup: BeautifulSoup, selector: str, boxes: list[tuple[Tag, _Headline]], depth: int, now: datetime
) -> float:
    """More articles, fewer wrong entries, a date inside, as much around the link as there is."""
    if not boxes:
        return 0.0
    right = {id(box) for box, _ in boxes}
    wrong = sum(
        id(box) not in right and (box.get("href") is not None or box.select_one("a[href]") is not None)
        for box in soup.select(selector, limit=_MAX_LINKS)
    )
    precision = len(boxes) / (len(boxes) + wrong)
    articles = len({headline.key for _, headline in boxes})
    some = boxes[:20]
    dated = sum(any(_reads_date(leaf, now) for leaf in _leaves(box)) for box, _ in some) / len(some)
    aside = sum(box.find_parent("aside") is not None for box, _ in boxes) / len(boxes)
    order = 0.95 if ":nth-of-type" in selector else 1.0
    return (
        articles * precision**2 * (1 + 0.3 * dated) * (1 - 0.5 * aside) * (1 + 0.01 * min(depth, 5)) * order
    )


def _leaves(box: Tag) -> Iterator[Tag]:
    """Elements that hold text only, and machine-readable times."""
    return (
        element
        for element in box.find_all(True, limit=60)
        if not element.find(True) or element.name == "time"
    )


def _inside(boxes: list[tuple[Tag, _Headline]]) -> dict[str, str]:
    """``link`` and ``title``, where the first link and its text are not the headline."""
    links = ["", *_ranked(one for box, headline in boxes for one in _to_link(box, headline.link))]
    titles = ["", *_ranked(one for box, headline in boxes for one in _to_title(box, headline))]
    best, chosen = -1.0, ("", "")
    for link in links[:12]:
        for title in titles[:12]:
            right = sum(_reads(box, headline, link, title) for box, headline in boxes[:40])
            worth = right - 0.1 * bool(link) - 0.15 * bool(title)
            if worth > best:
                best, chosen = worth, (link, title)
    return {"link": chosen[0], "title": chosen[1]}


def _ranked(selectors: Iterator[str]) -> list[str]:
    return [selector for selector, _ in Counter(selectors).most_common()]


def _to_link(box: Tag, link: Tag) -> Iterator[str]:
    if link is box:
        return
    heading = link.find_parent(HEADINGS)
    if isinstance(heading, Tag) and box in heading.parents:
        yield f"{heading.name} a[href]"
    yield from (f"{selector}[href]" for selector in simple(link))
    cell = link.find_parent("td")
    if isinstance(cell, Tag) and box in cell.parents:
        yield f"td:nth-of-type({len(cell.find_previous_siblings('td')) + 1}) a[href]"


def _to_title(box: Tag, headline: _Headline) -> Iterator[str]:
    for element in box.find_all(True, limit=60):
        if element.get_text(" ", strip=True) == headline.words:
            yield from simple(element)


def _reads(box: Tag, headline: _Headline, link: str, title: str) -> bool:
    """Whether the selectors give this box's headline and address, as ``listing`` applies them."""
    own = box if box.get("href") else None
    target = (box.select_one(link) or own) if link else telling_link(box)
    shown = box.select_one(title) if title else target
    if target is None or shown is None:
        return False
    same = target is headline.link or str(target.get("href")) == str(headline.link.get("href"))
    return same and shown.get_text(" ", strip=True) == headline.words


def _date(boxes: list[tuple[Tag, _Headline]], now: datetime) -> dict[str, str]:
    """Nothing where the obvious date does; else what most boxes write a date in."""
    obvious = sum(_reads_date(date_near(box), now) for box, _ in boxes)
    if obvious >= len(boxes) * _ENOUGH:
        return {}
    votes: Counter[str] = Counter()
    for box, _ in boxes:
        found: dict[str, None] = {}
        for element in _leaves(box):
            if _reads_date(element, now):
                found.update(dict.fromkeys(_to_date(element, box)))
        votes.update(found.keys())
    for selector, _count in votes.most_common(10):
        right = sum(_reads_date(box.select_one(selector), now) for box, _ in boxes)
        if right >= len(boxes) * _ENOUGH and right > obvious:
            return {"date": selector}
    return {}


def _to_date(element: Tag, box: Tag) -> Iterator[str]:
    if element.name == "td":
        yield f"td:nth-of-type({len(element.find_previous_siblings('td')) + 1})"
    yield from simple(element)
    outer = element.parent
    if outer is not None and outer is not box:
        yield from (f"{selector} {element.name}" for selector in simple(outer) if "." in selector)


def _reads_date(element: Tag | None, now: datetime) -> bool:
    if element is None or len(element.get_text(" ", strip=True)) > _DATE_LENGTH:
        return False
    texts = date_texts(element, "")
    return any(
        find_date(text, timezone=None, now=now, phrases=False) is not None
        for text in texts
        if any(char.isdecimal() for char in text)
    )


def _summary(boxes: list[tuple[Tag, _Headline]]) -> dict[str, str]:
    """``p`` or its class, where most boxes hold a sentence beside the headline."""
    votes: Counter[str] = Counter()
    for box, headline in boxes:
        selectors: dict[str, None] = {}
        for element in box.find_all(["p", "div", "span"], limit=40):
            words = element.get_text(" ", strip=True)
            if (
                not element.find(["a", "p", "div", *HEADINGS])
                and words != headline.words
                and len(words.split()) >= _FILLED
            ):
                selectors.update(dict.fromkeys(simple(element)))
        votes.update(selectors.keys())
    best = next(iter(votes.most_common(1)), None)
    return {"summary": best[0]} if best and best[1] >= len(boxes) * _MOST else {}
