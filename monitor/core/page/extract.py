"""From a page, or from what a feed carries, to an article.

What the page says about itself (``core.page.facts``) is believed with care: addresses only of the
same site, dates with a zone before dates without, headlines without the outlet's name.
"""

from __future__ import annotations

import dataclasses
import re
from datetime import UTC, datetime, timedelta
from typing import TYPE_CHECKING, Final
from urllib.parse import urljoin, urlsplit

from monitor.core.page.article_text import PageText, evidence_of, page_text
from monitor.core.page.blocks import word_count
from monitor.core.page.checks.identity import is_plausible
from monitor.core.page.embedded_data import data_scripts, data_text
from monitor.core.page.facts import PageFacts, page_facts
from monitor.core.page.pagination import next_page
from monitor.core.page.pictures import MOST_PICTURES, picture_addresses
from monitor.core.page.selectors import by_recipe
from monitor.core.page.stated.body_dates import address_date, stated_offset
from monitor.core.page.stated.headline import StatedTitle, best_headline, letters
from monitor.core.page.tree import decode, slim, tree_of
from monitor.core.text.clean import clean, plain
from monitor.core.text.dates.find import Dated, find_date
from monitor.core.text.fingerprint import article_id, fingerprint, lead_of
from monitor.core.text.language import detect
from monitor.core.text.urls import canonical_url, http_url, same_site, site_label, site_of
from monitor.model import Article, Entry, Extracted, Recipe, Source

if TYPE_CHECKING:
    from lxml.html import HtmlElement

MAX_TEXT: Final = 200_000
MAX_TITLE: Final = 1_000
MAX_NAME: Final = 200
SURE_WORDS: Final = 150
FEW_PARAGRAPHS: Final = 5
OLD_AFTER: Final = timedelta(days=7)
DAY_CONFIDENCE: Final = 0.7
"""That of a date with day and year (``core.text.dates.find``)."""

PROMOTION: Final = re.compile(
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
    tree = tree_of(light)
    facts = page_facts(tree, url=url) if tree is not None else PageFacts()
    site = _site(facts, url)
    own_title = _title(facts, site, url, entry)
    title = own_title or (clean(entry.title, limit=MAX_TITLE) if entry else "")
    chosen = by_recipe(light, recipe, least=least) if recipe else ""
    if word_count(facts.body) > 2 * word_count(chosen):
        chosen = ""
    if chosen:
        found = PageText(chosen, "written recipe", 1.0)
    else:
        found = _read(tree, facts, title, entry, light) if tree is not None else PageText()
    text = _without_title(clean(found.text, limit=MAX_TEXT), title)
    hint = language_hint or next((name[:2].lower() for name in facts.languages), None)
    stated = tuple(name.replace("_", "-") for name in facts.languages)
    modified = _date(facts.modified, fetched_at, stated)
    base = _joined(url, facts.base) or url
    published = _published(facts, url, entry, fetched_at, stated)
    return Extracted(
        url=url,
        canonical_url=_canonical(facts, url),
        title=title,
        titled=bool(own_title),
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


def _read(tree: HtmlElement, facts: PageFacts, title: str, entry: Entry | None, light: str) -> PageText:
    descriptions = (*facts.descriptions, plain(entry.summary) if entry else "")
    evidence = evidence_of(
        tree, title=title, descriptions=descriptions, authors=facts.authors, outlet=_outlet(facts, title)
    )
    return page_text(tree, facts.body, evidence, data=lambda: data_text(light, title))


def _outlet(facts: PageFacts, title: str) -> tuple[str, ...]:
    """Names of the outlet: those that the page states, and what stands beside the headline in the window."""
    beside = facts.window_title.replace(title, "").strip(" |-–—·•:»")
    return (facts.site, facts.publisher, *([beside] if beside != facts.window_title else []))


def light_page(html: bytes | str, *, charset: str | None = None) -> str:
    """A page as text without scripts and the like: what trees are made of.

    One that shows next to nothing keeps the data of its scripts.
    """
    page = html if isinstance(html, str) else decode(html, charset=charset)
    page = page.replace("\x00", "")
    light = slim(page)
    return light if light.count("<p") >= FEW_PARAGRAPHS else light + data_scripts(page)


def extract_entry(entry: Entry, *, url: str, language_hint: str | None = None) -> Extracted:
    """What the entry itself carries, when no page is needed or none can be had.

    The text is its content, or its summary when that says more.
    """
    content = clean(PROMOTION.sub("", plain(entry.content)), limit=MAX_TEXT)
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
    published, modified = extracted.published or entry.published, extracted.modified or entry.updated
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
        published=published and published.astimezone(UTC),
        modified=modified and modified.astimezone(UTC),
        authors=extracted.authors or entry.authors,
        language=extracted.language or entry.language or source.language,
        site=extracted.site,
        source_name=source.name,
        tier=source.tier,
        country=source.country,
        late=entry.late or _is_old(published, entry, seen_at),
        pictures=picture_addresses((*extracted.pictures, *entry.pictures), url)[:MOST_PICTURES],
    )


def _is_old(published: datetime | None, entry: Entry, seen_at: datetime) -> bool:
    """Whether a page dates the article of an undated entry long before it was first seen: an old address in a
    list is no news."""
    return entry.published is None and published is not None and seen_at - published > OLD_AFTER


def _without_title(text: str, title: str) -> str:
    first, _, rest = text.partition("\n")
    return rest if rest and first.casefold() == title.casefold() else text


def _title(facts: PageFacts, site: str, url: str, entry: Entry | None) -> str:
    """The headline that most of the places where the page states it agree on, without the outlet."""
    outlet = frozenset(filter(None, map(letters, (site, facts.site, facts.publisher, site_label(url)))))
    heading = facts.heading
    is_logo = not heading or letters(heading) in outlet or _heads(facts.window_title, heading)
    stated = [
        StatedTitle(text=facts.headline, trust=1.2),
        *(
            StatedTitle(text=text, trust=trust)
            for text, trust in zip(facts.social_titles, (1.0, 0.4), strict=False)
        ),
        StatedTitle(text=heading, trust=0.6 if is_logo else 1.5),
        StatedTitle(text=facts.marked_headline, trust=0.8),
        StatedTitle(text=facts.window_title, trust=0.8, window=True),
        StatedTitle(text=facts.name if facts.name != facts.headline else "", trust=0.4),
        StatedTitle(text=facts.second_heading if is_logo else "", trust=0.7),
    ]
    best = best_headline(stated, outlet, clean(entry.title, limit=MAX_TITLE) if entry else "")
    return clean(best, limit=MAX_TITLE)


def _heads(window: str, heading: str) -> bool:
    """Whether a heading is what stands last in the window's title: the outlet's name, not the headline."""
    return len(window) > len(heading) and window.rstrip().endswith(heading) and not window.startswith(heading)


def _canonical(facts: PageFacts, url: str) -> str:
    """The page's own canonical address if it is of the same site and not merely its front page."""
    base = _joined(url, facts.base) or url
    for address in facts.addresses:
        stated = _joined(base, address)
        if not stated or (url and not (same_site(stated, url) and _is_page(stated, url))):
            continue
        # What the canonical form leaves of two addresses is what they must share.
        if not url or is_plausible(canonical_url(stated), canonical_url(url)):
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
    """The most certain of the dates a page states, in its own offset; the first among equals."""
    read = ((find_date(text, timezone=None, now=now, languages=languages), text) for text in stated[:6])
    best = max(
        ((date, text) for date, text in read if date), key=lambda pair: pair[0].confidence, default=None
    )
    if best is None:
        return None
    date, text = best
    return dataclasses.replace(date, moment=date.moment.astimezone(stated_offset(text)))


def _published(
    facts: PageFacts,
    url: str,
    entry: Entry | None,
    now: datetime,
    languages: tuple[str, ...],
) -> datetime | None:
    """An exact date of the page, else the entry's, else a vague or merely shown one of the page."""
    found = _date(facts.published, now, languages)
    if entry and entry.published and (found is None or found.kind != "exact"):
        return entry.published
    if found is None:
        # A shown date may be of anything; one that names its year is believed before the address.
        named = tuple(filter(None, map(address_date, (url, *facts.addresses))))
        dates = (_date(some, now, languages) for some in (facts.shown_dates, named, facts.distant_dates))
        ranked = sorted(filter(None, dates), key=lambda date: date.confidence < DAY_CONFIDENCE)
        found = next(iter(ranked), None)
    return found.moment if found else None


def _site(facts: PageFacts, url: str) -> str:
    """The outlet's name as the page gives it, else its host."""
    name = clean(facts.site, limit=MAX_NAME).lstrip("@")
    return site_of(name) or name.removeprefix("www.") or site_of(url)
