"""From a page, or from what a feed carries, to an article.

What the page says about itself (``core.page.facts``) is believed with care: addresses only of the
same site, dates with a zone before dates without, headlines without the outlet's name.
"""

from __future__ import annotations

import re
from collections.abc import Callable
from datetime import datetime
from typing import TYPE_CHECKING, Final
from urllib.parse import urljoin, urlsplit

from monitor.core.page.article_text import PageText, page_text
from monitor.core.page.facts import PageFacts, page_facts, shown_dates
from monitor.core.page.pagination import next_page
from monitor.core.page.pictures import MOST_PICTURES, picture_addresses
from monitor.core.page.selectors import ByRecipe, by_recipe
from monitor.core.page.tree import decode, slim, tree_of
from monitor.core.story.fingerprint import article_id, fingerprint, lead_of
from monitor.core.text.clean import clean, plain
from monitor.core.text.dates.find import Dated, find_date
from monitor.core.text.language import detect
from monitor.core.text.urls import canonical_url, http_url, same_site, site_of
from monitor.model import Article, Entry, Extracted, Recipe, Source

if TYPE_CHECKING:
    from lxml import etree

MAX_TEXT: Final = 200_000
MAX_TITLE: Final = 1_000
MAX_NAME: Final = 200
SURE_WORDS: Final = 150

_SEPARATOR: Final = re.compile(r"(?<!\s)\s++(?:[|—–\-:·•»]|::|\|\|)\s++|(?:(?<!\s)\s++)?\|\s*+")
_PROMOTION: Final = re.compile(
    r"(?:^|\n)(?:The post .{1,300} (?:appeared first on|first appeared on) .{1,120}"
    r"|Сообщение .{1,300} появились сначала на .{1,120}"
    r"|Запис .{1,300} (?:спершу|вперше) з.явився на .{1,120}"
    r"|Artykuł .{1,300} pochodzi z serwisu .{1,120})\s*$"
)


def extract(
    html: bytes | str,
    *,
    url: str,
    fetched_at: datetime,
    charset: str | None = None,
    entry: Entry | None = None,
    language_hint: str | None = None,
    recipe: Recipe | None = None,
) -> Extracted:
    """What stands in a page; empty text when it holds none. Never raises, whatever the bytes.

    ``url`` is the address after redirects, ``charset`` that of the HTTP header, ``fetched_at`` the
    moment (UTC) that relative and future dates are read against. ``entry`` fills what the page
    leaves out and decides between dates without a zone; ``language_hint`` (ISO 639-1) is what the
    source is written in. ``recipe`` says where this outlet's pages hold their text; a page on which it
    finds too little is read as if there were none.
    """
    return extract_light(
        light_page(html, charset=charset),
        url=url,
        fetched_at=fetched_at,
        entry=entry,
        language_hint=language_hint,
        recipe=recipe,
    )


def extract_light(
    light: str,
    *,
    url: str,
    fetched_at: datetime,
    entry: Entry | None = None,
    language_hint: str | None = None,
    recipe: Recipe | None = None,
) -> Extracted:
    """``extract`` for a page that is a ``light_page`` already."""
    least = len(entry.summary) // 2 if entry else 0
    chosen, facts = _by_recipe(by_recipe(light, recipe, least=least) if recipe else None)
    tree = None if chosen else tree_of(light)
    if tree is not None:
        facts = page_facts(tree)
    site = _site(facts, url)
    title = _title(facts, site) or (clean(entry.title, limit=MAX_TITLE) if entry else "")
    if chosen is not None:
        found = PageText(chosen.text, "written recipe", 1.0)
    else:
        found = page_text(tree, facts.body) if tree is not None else PageText()
    text = _without_title(clean(found.text, limit=MAX_TEXT), title)
    hint = language_hint or next((name[:2].lower() for name in facts.languages), None)
    stated = tuple(name.replace("_", "-") for name in facts.languages)
    modified = _date(facts.modified, fetched_at, stated)
    base = _joined(url, facts.base) or url
    published = _published(
        facts, (lambda: tree_of(light)) if chosen else (lambda: tree), entry, fetched_at, stated
    )
    return Extracted(
        url=url,
        canonical_url=_canonical(facts, url),
        title=title,
        text=text,
        authors=facts.authors or (entry.authors if entry else ()),
        published=published,
        modified=modified.moment if modified else (entry.updated if entry else None),
        language=detect(f"{title}\n{text}", hint=hint),
        site=site,
        extracted_by=found.by if text else "",
        score=found.score if text else 0.0,
        paywalled=facts.paywalled,
        live=facts.live,
        next_page=next_page(url, _joined_all(base, facts.following)),
        pictures=picture_addresses(facts.pictures, base),
        recipe=recipe.select if recipe and chosen else "",
    )


def light_page(html: bytes | str, *, charset: str | None = None) -> str:
    """A page as text without scripts and the like: what trees are made of."""
    page = html if isinstance(html, str) else decode(html, charset=charset)
    return slim(page.replace("\x00", ""))


def _by_recipe(chosen: ByRecipe | None) -> tuple[ByRecipe | None, PageFacts]:
    """What a recipe read, unless the linked data says twice as much; and the facts."""
    if chosen is None:
        return None, PageFacts()
    facts = page_facts(chosen.facts)
    is_less = len(facts.body.split()) > 2 * len(chosen.text.split())
    return (None if is_less else chosen), facts


def extract_entry(entry: Entry, *, url: str, language_hint: str | None = None) -> Extracted:
    """What the entry itself carries, when no page is needed or none can be had.

    The text is its content, or its summary when that says more.
    """
    content = clean(_PROMOTION.sub("", plain(entry.content)), limit=MAX_TEXT)
    summary = clean(plain(entry.summary), limit=MAX_TEXT)
    title = clean(entry.title, limit=MAX_TITLE)
    text = _without_title(max(content, summary, key=len), title)
    return Extracted(
        url=url,
        canonical_url=canonical_url(url),
        title=title,
        text=text,
        authors=entry.authors,
        published=entry.published,
        modified=entry.updated,
        language=detect(f"{title}\n{text}", hint=language_hint or entry.language),
        site=site_of(url),
        extracted_by="feed" if text else "",
        score=round(min(1.0, len(text.split()) / SURE_WORDS), 2),
    )


def article(extracted: Extracted, *, entry: Entry, source: Source, seen_at: datetime) -> Article:
    """The identified article of an entry: what was extracted, the entry where it says nothing."""
    url = http_url(extracted.url) or entry.url
    canonical = extracted.canonical_url or canonical_url(url)
    title = extracted.title or entry.title
    lead = lead_of(extracted.text) or lead_of(entry.summary)
    keys = fingerprint(
        source_id=entry.source_id,
        guid=entry.guid,
        canonical_url=canonical,
        title=title,
        lead=lead,
        text=extracted.text,
    )
    return Article(
        id=article_id(keys.url_key or entry.id),
        entry_id=entry.id,
        source_id=entry.source_id,
        url=url,
        canonical_url=canonical,
        title=title,
        text=extracted.text,
        lead=lead,
        fingerprint=keys,
        seen_at=seen_at,
        published=extracted.published or entry.published,
        modified=extracted.modified or entry.updated,
        authors=extracted.authors or entry.authors,
        language=extracted.language or entry.language or source.language,
        site=extracted.site,
        source_name=source.name,
        tier=source.tier,
        country=source.country,
        late=entry.late,
        pictures=picture_addresses((*extracted.pictures, *entry.pictures), url)[:MOST_PICTURES],
    )


def _without_title(text: str, title: str) -> str:
    first, _, rest = text.partition("\n")
    return rest if rest and first.casefold() == title.casefold() else text


def _title(facts: PageFacts, site: str) -> str:
    """The headline: linked data, social title, sole heading or window title, without the outlet."""
    names = {name.casefold() for name in (site, facts.site) if name}
    others = (facts.headline, facts.heading)
    candidates = [
        _without_outlet(title, names, others)
        for title in (facts.headline, facts.social_title, facts.heading, facts.window_title)
        if title
    ]
    candidates = [title for title in candidates if title.casefold() not in names] or candidates
    if not candidates:
        return ""
    best = candidates[0]
    if best.endswith(("…", "...")):
        stem = best.rstrip(".… ")
        best = next((title for title in candidates[1:] if title.startswith(stem)), best)
    return clean(best, limit=MAX_TITLE)


def _without_outlet(title: str, names: set[str], headlines: tuple[str, ...]) -> str:
    """``Headline | Section | Outlet`` → ``Headline`` when the outlet's name or another headline of
    the page says so."""
    for found in _SEPARATOR.finditer(title):
        head, tail = title[: found.start()], title[found.end() :]
        if tail.casefold().strip() in names or (head and head in headlines):
            return head
    return title


def _canonical(facts: PageFacts, url: str) -> str:
    """The page's own canonical address if it is of the same site and not merely its front page."""
    base = _joined(url, facts.base) or url
    for address in facts.addresses:
        stated = _joined(base, address)
        if stated and (not url or (same_site(stated, url) and _is_page(stated, url))):
            return canonical_url(stated)
    return canonical_url(url)


def _joined(base: str, address: str) -> str | None:
    try:
        return http_url(urljoin(base, address))
    except ValueError:
        return None


def _joined_all(base: str, addresses: tuple[str, ...]) -> tuple[str, ...]:
    return tuple(filter(None, (_joined(base, address) for address in addresses)))


def _is_page(stated: str, url: str) -> bool:
    """Faulty templates name the front page as the canonical address of everything."""
    parts, own = urlsplit(stated), urlsplit(url)
    names_page = bool(parts.path.strip("/") or parts.query)
    return names_page or not (own.path.strip("/") or own.query)


def _date(stated: tuple[str, ...], now: datetime, languages: tuple[str, ...]) -> Dated | None:
    """The most certain of the dates a page states; the first among equals."""
    read = (find_date(text, timezone=None, now=now, languages=languages) for text in stated[:6])
    return max((date for date in read if date), key=lambda date: date.confidence, default=None)


def _published(
    facts: PageFacts,
    page: Callable[[], etree._Element | None],
    entry: Entry | None,
    now: datetime,
    languages: tuple[str, ...],
) -> datetime | None:
    """An exact date of the page, else the entry's, else a vague or merely shown one of the page."""
    found = _date(facts.published, now, languages)
    if entry and entry.published and (found is None or found.kind != "exact"):
        return entry.published
    if found is None and (tree := page()) is not None:
        found = _date(shown_dates(tree), now, languages)
    return found.moment if found else None


def _site(facts: PageFacts, url: str) -> str:
    """The outlet's name as the page gives it, else its host."""
    name = clean(facts.site, limit=MAX_NAME).lstrip("@")
    return site_of(name) or name.removeprefix("www.") or site_of(url)
