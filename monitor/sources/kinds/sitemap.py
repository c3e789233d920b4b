"""The source kind ``sitemap``: sitemaps.org lists, Google's news extension, indexes, text lists."""

from __future__ import annotations

import heapq
import itertools
import re
from collections.abc import Iterable, Iterator
from datetime import UTC, datetime
from functools import cache
from typing import Final

from lxml import etree
from pydantic import BaseModel, ConfigDict, field_validator

from monitor.core.text.clean import clean
from monitor.core.text.urls import http_url, same_site
from monitor.errors import ParseError
from monitor.i18n.lazy import lazy
from monitor.i18n.localizer import note
from monitor.model import Fetched, FetchRequest, Parsed, Source, SourceState
from monitor.ports import SourceKind
from monitor.sources.body import complaint, root_name, text_of
from monitor.sources.dates import moment
from monitor.sources.draft import EntryDraft, Sheet
from monitor.sources.entries import MAX_ENTRIES, absolute, parsed
from monitor.sources.feed.xml import DECLARATION, xml_root

MAX_MORE: Final = 20
MAX_BYTES: Final = 20_000_000
MAX_SHOWN: Final = 80
_FEEDS: Final = frozenset({"rss", "rdf", "feed"})
_LONG_AGO: Final = datetime(1, 1, 1, tzinfo=UTC)
_RELATIVE: Final = re.compile(r"(?!//)[/.?]|[\w-]+/|[\w-]+\.\w+$")


class SitemapOptions(BaseModel):
    """``news_only`` reads only addresses with Google's news block; ``include`` is a regular
    expression that an address must hold somewhere."""

    model_config = ConfigDict(extra="forbid", frozen=True)

    news_only: bool = False
    include: str = ""

    @field_validator("include")
    @classmethod
    def _compiles(cls, value: str) -> str:
        try:
            re.compile(value)
        except re.error as error:
            raise ValueError(f"not a regular expression: {error}") from error
        return value


def request(source: Source, state: SourceState | None) -> FetchRequest:
    """A conditional GET of the sitemap, which may be larger than other documents (20 MB)."""
    return FetchRequest(
        url=source.url,
        etag=state.etag if state else None,
        last_modified=state.last_modified if state else None,
        accept="application/xml, text/xml, application/gzip;q=0.9, text/plain;q=0.8, */*;q=0.1",
        allow_private=source.allow_private,
        max_bytes=MAX_BYTES,
    )


def parse(source: Source, fetched: Fetched) -> Parsed:
    """The newest 500 addresses of a sitemap, newest first, or the sitemaps that an index names.

    The latter stand in ``more``: at most 20 of the same site, newest first. Raises ``ParseError``
    for an empty body, a broken gzip file, a page, a feed, and what is no sitemap.
    """
    options = SitemapOptions.model_validate(dict(source.options))
    text = text_of(fetched)
    name = root_name(text)
    if name in _FEEDS:
        raise ParseError(lazy("a feed came instead of a sitemap ({url}; set kind: feed)", url=fetched.url))
    if not name and (drafts := _lines(text)):
        return _listed(source, fetched, drafts, options)
    root = (
        xml_root(DECLARATION.sub("", text, count=1), recover=True)
        if name in ("urlset", "sitemapindex")
        else None
    )
    if root is None:
        raise complaint(text, fetched, wanted=note("a sitemap"))
    if name == "sitemapindex":
        return _index(source, fetched, root)
    found = (_draft(element, fetched.url, options) for element in _named(root, "url"))
    return _listed(source, fetched, filter(None, found), options)


def _local(element: etree._Element) -> str:
    """Local name; "" for entity references. Prefixes and namespaces differ from site to site."""
    return element.tag.rpartition("}")[2].rpartition(":")[2].lower() if isinstance(element.tag, str) else ""


def _named(element: etree._Element, name: str) -> Iterator[etree._Element]:
    return (child for child in element if _local(child) == name)


def _child_text(element: etree._Element, *path: str) -> str:
    """The text at the end of a path of local names, "" when there is none."""
    found: etree._Element | None = element
    for name in path:
        found = next(_named(found, name), None) if found is not None else None
    return (found.text or "").strip() if found is not None else ""


def _draft(element: etree._Element, base: str, options: SitemapOptions) -> EntryDraft | None:
    news = next(_named(element, "news"), None)
    if news is None and options.news_only:
        return None
    changed = _child_text(element, "lastmod")
    link = _child_text(element, "loc")
    if news is None:
        return EntryDraft(links=(link,), base=base, updated=(changed,) if changed else ())
    published = _child_text(news, "publication_date")
    return EntryDraft(
        links=(link,),
        base=base,
        title=_child_text(news, "title"),
        published=(published,) if published else (),
        updated=(changed,) if changed else (),
        language=_child_text(news, "publication", "language") or _child_text(news, "language"),
    )


def _lines(text: str) -> list[EntryDraft]:
    """A text sitemap holds one address a line and nothing else."""
    lines = [line.strip() for line in text.splitlines() if line.strip()]
    if not all(http_url(line) for line in lines):
        return []
    return [EntryDraft(links=(line,)) for line in lines]


def _listed(
    source: Source, fetched: Fetched, drafts: Iterable[EntryDraft], options: SitemapOptions
) -> Parsed:
    wanted = re.compile(options.include)
    counted = itertools.count()
    with_host = _WithHost(drafts)
    kept = ((next(counted), draft) for draft in with_host if wanted.search(draft.links[0]))
    # Only the newest are held: tens of thousands of addresses are usual here.
    chosen = heapq.nlargest(MAX_ENTRIES, kept, key=lambda row: (_newest(row[1], source, fetched), -row[0]))
    listed = next(counted)
    warnings: list[str] = []
    if with_host.relative and not with_host.whole:
        raise with_host.refused(fetched.url)
    if with_host.relative:
        warnings.append(lazy("{count} addresses without a host were left out", count=with_host.relative))
    if listed > MAX_ENTRIES:
        warnings.append(
            lazy("{count} addresses are listed, the newest {most} were read", count=listed, most=MAX_ENTRIES)
        )
    newest = tuple(draft for _, draft in chosen)
    return parsed("sitemap", source, fetched, Sheet(drafts=newest, warnings=tuple(warnings)))


class _WithHost:
    """Passes on the drafts with whole addresses and counts the others."""

    def __init__(self, drafts: Iterable[EntryDraft]) -> None:
        self._drafts = drafts
        self.whole = 0
        self.relative = 0
        self.example = ""

    def __iter__(self) -> Iterator[EntryDraft]:
        for draft in self._drafts:
            if http_url(draft.links[0]):
                self.whole += 1
                yield draft
            elif _RELATIVE.match(draft.links[0]):
                self.relative += 1
                self.example = self.example or draft.links[0]

    def refused(self, url: str) -> ParseError:
        """What they are relative to is anybody's guess (sitemaps.org, "loc")."""
        return ParseError(
            lazy(
                "the sitemap names addresses without a host, such as {address} ({url}; sitemaps must name "
                "whole ones: tell the outlet, or watch a page with kind: listing)",
                address=clean(self.example, limit=MAX_SHOWN),
                url=url,
            )
        )


def _newest(draft: EntryDraft, source: Source, fetched: Fetched) -> datetime:
    dates = (moment(text, source, fetched) for text in (*draft.published, *draft.updated))
    return next((date for date in dates if date), _LONG_AGO)


def _index(source: Source, fetched: Fetched, root: etree._Element) -> Parsed:
    """Sitemaps of other sites are not followed: anybody's address may stand in a file."""
    found: list[tuple[datetime, str]] = []
    foreign = 0

    @cache
    def is_near(origin: str) -> bool:
        return same_site(origin, fetched.url) or same_site(origin, source.site)

    for element in _named(root, "sitemap"):
        url = absolute(_child_text(element, "loc"), fetched.url)
        if url is None:
            continue
        if not is_near("/".join(url.split("/", 3)[:3])):
            foreign += 1
            continue
        changed = moment(_child_text(element, "lastmod"), source, fetched)
        found.append((changed or _LONG_AGO, url))
    found.sort(key=lambda pair: pair[0], reverse=True)
    warnings: list[str] = []
    if foreign:
        warnings.append(lazy("{count} sitemaps of other sites were left out", count=foreign))
    if len(found) > MAX_MORE:
        warnings.append(
            lazy("{count} sitemaps are named, the newest {most} are read", count=len(found), most=MAX_MORE)
        )
    more = tuple(dict.fromkeys(url for _, url in found))[:MAX_MORE]
    return parsed("sitemap", source, fetched, Sheet(drafts=(), warnings=tuple(warnings)), more=more)


def sniff(fetched: Fetched) -> float:
    """1 for a sitemap's root element, 0.6 for lines of addresses."""
    try:
        text = text_of(fetched)
    except ParseError:
        return 0.0
    name = root_name(text)
    if name in ("urlset", "sitemapindex"):
        return 1.0
    return 0.6 if not name and _lines(text) else 0.0


KIND: Final = SourceKind(name="sitemap", options=SitemapOptions, request=request, parse=parse, sniff=sniff)
