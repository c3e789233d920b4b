"""From drafts to entries: clean text, whole addresses, dates in UTC, stable ids, caps."""

from __future__ import annotations

import dataclasses
import re
from collections import defaultdict
from collections.abc import Sequence
from functools import lru_cache
from typing import Final
from urllib.parse import urljoin, urlsplit

from monitor.core.text.clean import clean, plain, unescape
from monitor.core.text.fingerprint import entry_id, entry_stamp
from monitor.core.text.urls import canonical_url, http_url, usual_url
from monitor.i18n.lazy import lazy
from monitor.model import Entry, Fetched, Parsed, Source
from monitor.sources.dates import SlowDates, surest_date
from monitor.sources.draft import EntryDraft, Sheet

MAX_ENTRIES: Final = 500
MAX_TITLE: Final = 1_000
MAX_SUMMARY: Final = 5_000
MAX_CONTENT: Final = 500_000
MAX_GUID: Final = 2_000
MAX_AUTHORS: Final = 10
MAX_PICTURES: Final = 20
_MAX_AUTHOR: Final = 200
_HEADLINE: Final = 120
_EXCERPT: Final = 500
_ENOUGH_MARKUP: Final = 4_000
_ANY_TAG: Final = re.compile(r"<[^<>]*>")
# <link> and <video> alone are what a headline may be about.
_INLINE: Final = re.compile(
    r"</?(?:a|abbr|applet|b|big|br|center|cite|code|del|div|em|embed|font|frame|frameset|h[1-6]|i|iframe|img|ins"
    r"|link(?=\s)|mark|object|p|q|s|script|small|span|strong|style|sub|sup|svg|tt|u|wbr)\b[^<>]*/?>",
    re.IGNORECASE,
)
_STILL_ESCAPED: Final = re.compile(
    r"&(?:amp|quot|apos|lt|gt|nbsp|[a-z]{2,8}quo|[mn]dash|hellip|#\d{1,7}|#x[\da-f]{1,6});", re.IGNORECASE
)
_MAIL_AND_NAME: Final = re.compile(r"[^\s@]+@\S++\s++\((.+)\)")
_LANGUAGE: Final = re.compile(r"([a-z]{2,3})(?:[-_].*)?", re.IGNORECASE)
# Country codes that feeds give for a language, where no language has that code.
_MISTAKEN: Final = {
    "us": "en",
    "gb": "en",
    "cz": "cs",
    "gr": "el",
    "dk": "da",
    "jp": "ja",
    "cn": "zh",
    "ua": "uk",
}
_BREAK: Final = re.compile(r"[\r\n\t]+\s*")


def parsed(kind: str, source: Source, fetched: Fetched, sheet: Sheet, *, more: Sequence[str] = ()) -> Parsed:
    """Entries of the drafts, in document order, at most 500.

    Where a document lists more, the end with the newer dates is kept. A draft that says nothing
    at all is left out; what was left out stands in ``warnings``.
    """
    warnings = list(sheet.warnings)
    budget = SlowDates()
    drafts = _newest(sheet, source, fetched, warnings)
    made = [_entry(draft, sheet, source, fetched, budget) for draft in drafts]
    entries = apart([entry for entry in made if entry is not None], warnings)
    if len(entries) < len(made):
        warnings.append(
            lazy("{count} entries that say nothing were left out", count=len(made) - len(entries))
        )
    return Parsed(
        kind=kind,
        title=headline(sheet.title, is_html=True),
        entries=entries,
        more=tuple(more),
        warnings=tuple(warnings),
        hub=(absolute(sheet.hub, fetched.url) or "") if sheet.hub else "",
        topic=(absolute(sheet.own, fetched.url) or "") if sheet.own else "",
    )


def apart(entries: Sequence[Entry], warnings: list[str]) -> tuple[Entry, ...]:
    """The entries; those that share an id though they name different articles get ids of their own.

    Some outlets give all entries one guid. Then addresses tell them apart, and titles where all of these are
    the outlet's front page. One address under one guid is one entry, whatever its title.
    """
    shared: dict[str, list[Entry]] = defaultdict(list)
    for entry in entries:
        shared[entry.id].append(entry)
    if len(shared) == len(entries):
        return tuple(entries)
    doubtful = {known for known, some in shared.items() if len(set(map(_apart_by, some))) > 1}
    found = [
        dataclasses.replace(entry, id=entry_id(entry.source_id, "", *_apart_by(entry)), guid="")
        if entry.id in doubtful
        else entry
        for entry in entries
    ]
    if doubtful:
        count = sum(len(shared[known]) for known in doubtful)
        warnings.append(lazy("{count} entries share their ids and were told apart by address", count=count))
    return tuple(found)


def _apart_by(entry: Entry) -> tuple[str, str]:
    """Address and title, as far as they tell one article from another."""
    address = canonical_url(entry.url)
    parts = urlsplit(address)
    is_front = not (parts.path.strip("/") or parts.query or parts.fragment)
    return ("", " ".join(entry.title.casefold().split())) if is_front else (address, "")


def _newest(sheet: Sheet, source: Source, fetched: Fetched, warnings: list[str]) -> tuple[EntryDraft, ...]:
    if len(sheet.drafts) <= MAX_ENTRIES:
        return sheet.drafts
    warnings.append(
        lazy("{count} entries are listed, {most} were read", count=len(sheet.drafts), most=MAX_ENTRIES)
    )
    first, last = (
        surest_date(draft.published or draft.updated, sheet, source, fetched, SlowDates())
        for draft in (sheet.drafts[0], sheet.drafts[-1])
    )
    if first and last and last.stated > first.stated:
        return sheet.drafts[-MAX_ENTRIES:]
    return sheet.drafts[:MAX_ENTRIES]


def _entry(
    draft: EntryDraft, sheet: Sheet, source: Source, fetched: Fetched, budget: SlowDates
) -> Entry | None:
    content = clean(draft.content, limit=MAX_CONTENT)
    summary = clean(plain(draft.summary), limit=MAX_SUMMARY + 1)
    if len(summary) > MAX_SUMMARY:
        # A description as long as an article is the article.
        content = content or clean(draft.summary, limit=MAX_CONTENT)
        summary = summary[:MAX_SUMMARY].rstrip()
    if not summary and content:
        summary = _cut(clean(plain(_opening(content)), limit=MAX_SUMMARY), _EXCERPT)
    guid = clean(draft.guid, limit=MAX_GUID)
    title = headline(draft.title, is_html=draft.title_is_html)
    url = _link(draft, guid)
    if not (url or title or guid or summary or draft.title or draft.published or draft.updated):
        return None
    title = title or _cut(summary.partition("\n")[0], _HEADLINE)
    published = surest_date(draft.published, sheet, source, fetched, budget)
    updated = surest_date(draft.updated, sheet, source, fetched, budget)
    first = published or updated
    stated = first.stated if first and first.kind != "relative" else None
    return Entry(
        id=entry_id(source.id, guid, url, title),
        source_id=source.id,
        guid=guid,
        url=url or _own_address(sheet, source, fetched, guid, title),
        title=title,
        summary=summary,
        content=content,
        published=first.moment if first else None,
        updated=updated.moment if updated else None,
        authors=_authors(draft.authors),
        language=_language(draft.language) or source.language or _language(sheet.language),
        pictures=_pictures(draft),
        stamp=entry_stamp(title, summary, content, stated),
    )


def _pictures(draft: EntryDraft) -> tuple[str, ...]:
    """Addresses as they are stated; which of them are pictures is judged for new articles only
    (``core.page.extract``), since most entries of a poll are known."""
    if not draft.pictures:
        return ()
    whole = (absolute(link, draft.base) for link in draft.pictures[:MAX_PICTURES])
    return tuple(dict.fromkeys(filter(None, whole)))


def headline(text: str, *, is_html: bool) -> str:
    """A title in one line of plain text.

    Only tags that belong into a headline count as tags, so that "a <video> tag" survives. Text that
    was escaped once too often is mended.
    """
    if "<" in text or "&" in text:
        if is_html:
            text = plain(text) if _INLINE.search(text) else unescape(text)
        if _STILL_ESCAPED.search(text):
            text = unescape(text)
        if _INLINE.search(text):
            text = plain(text)
    return " ".join(clean(text, limit=MAX_TITLE).split())


def _opening(content: str) -> str:
    """Enough of the markup for an excerpt, cut between two tags; a page may be a hundred times as long."""
    if len(content) <= _ENOUGH_MARKUP:
        return content
    at = content.rfind("<", _EXCERPT, _ENOUGH_MARKUP)
    opening = content[:at] if at > 0 else content
    return opening if len(_ANY_TAG.sub("", opening)) > _EXCERPT * 3 else content


def _cut(text: str, limit: int) -> str:
    if len(text) <= limit:
        return text
    at = text.rfind(" ", limit // 2, limit)
    return text[: at if at > 0 else limit].rstrip(" ,;:–—-") + "…"


def absolute(link: str, base: str) -> str | None:
    """The address that ``link`` names in a document at ``base``; None when it is no http(s) address."""
    if "&amp;" not in link and "?#" not in link and not link.endswith(("?", "#")) and usual_url(link):
        return link
    link = _BREAK.sub("", link.strip()).replace(" ", "%20")
    if not link or len(link) > MAX_GUID:
        return None
    if "&amp;" in link:
        link = unescape(link)
    if link.lower().startswith("www."):
        link = f"http://{link}"
    try:
        return http_url(urljoin(base, link))
    except ValueError:
        return None


def _link(draft: EntryDraft, guid: str) -> str:
    """The first candidate that is an address; a GUID only counts when it is a whole one."""
    own = (guid,) if draft.guid_is_link and (guid.startswith("/") or http_url(guid)) else ()
    for link in (*draft.links, *own, *draft.fallbacks):
        if url := absolute(link, draft.base):
            return url
    return http_url(guid) or ""


def _own_address(sheet: Sheet, source: Source, fetched: Fetched, guid: str, title: str) -> str:
    """An address of its own for an entry that has none, on its source's home page.

    ``#!`` because plain fragments do not tell addresses apart (``canonical_url``).
    """
    home = absolute(sheet.home, fetched.url) or http_url(source.site) or fetched.url
    return f"{home.partition('#')[0]}#!{entry_id(source.id, guid, '', title)[:16]}"


def _authors(names: Sequence[str]) -> tuple[str, ...]:
    """Names in order, once each; "mail@host (Name)" (RSS 2.0) gives the name."""
    found: dict[str, None] = {}
    for name in names:
        text = headline(name, is_html=True)
        if with_mail := _MAIL_AND_NAME.fullmatch(text):
            text = with_mail[1]
        if text:
            found[text[:_MAX_AUTHOR]] = None
    return tuple(found)[:MAX_AUTHORS]


@lru_cache(maxsize=512)
def _language(tag: str) -> str | None:
    """The primary subtag of a language tag (RFC 5646), lower-case; some countries as languages."""
    found = _LANGUAGE.fullmatch(tag.strip()) if len(tag) < 40 else None  # noqa: PLR2004  # tags are short
    return _MISTAKEN.get(found[1].lower(), found[1].lower()) if found else None
