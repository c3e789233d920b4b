"""The walk over a site: the page, what it names, robots.txt, common addresses, what repeats."""

from __future__ import annotations

import dataclasses
from collections.abc import Callable, Mapping
from dataclasses import dataclass, field
from datetime import datetime
from typing import Final
from urllib.parse import urljoin, urlsplit

from bs4 import BeautifulSoup

from monitor.core.text.markup_limits import few_attributes
from monitor.core.text.urls import canonical_url, http_url
from monitor.errors import FetchError, Forbidden, HttpStatus, ParseError, Unreachable
from monitor.model import Entry, Fetched, FetchRequest, Parsed, Source
from monitor.ports import Fetcher, SourceKind
from monitor.sources.body import is_page
from monitor.sources.discovery import leads
from monitor.sources.discovery.page import asked_page, body_text, described, site_language, site_name
from monitor.sources.discovery.ranking import is_comments, ranked
from monitor.sources.discovery.records import Discovery, Find, Lead, Tried
from monitor.sources.discovery.shapes import MIN_REPEATS, listing_options
from monitor.sources.entries import MAX_ENTRIES

MAX_REQUESTS: Final = 80
MAX_REFUSALS: Final = 5
MAX_PARTS: Final = 4
MAX_SITEMAPS: Final = 6
DEADLINE_S: Final = 15.0
_ACCEPT: Final = "text/html, application/xhtml+xml, application/rss+xml, application/xml;q=0.9, */*;q=0.8"
_MAX_PAGE: Final = 3_000_000
_GOOD: Final = 3
_GUESS: Final = 0.4
_MISSING: Final = frozenset({400, 401, 404, 405, 406, 410, 500, 501})


def discover(
    url: str, *, fetch: Fetcher, kinds: Mapping[str, SourceKind], now: datetime, allow_private: bool = False
) -> Discovery:
    """What of the site at ``url`` lists its news.

    Asks at most 80 addresses, one after the other. Raises the ``FetchError`` of the first request
    when the site cannot be reached at all; what fails later stands in ``tried``.
    """
    walk = _Walk(fetch=fetch, kinds=kinds, now=now, allow_private=allow_private)
    return walk.run(url)


@dataclass(slots=True, kw_only=True)
class _Walk:
    fetch: Fetcher
    kinds: Mapping[str, SourceKind]
    now: datetime
    allow_private: bool
    tried: list[Tried] = field(default_factory=list)
    finds: dict[str, Find] = field(default_factory=dict)
    _asked: dict[str, Fetched | None] = field(default_factory=dict)
    _error: FetchError | None = None
    _refusals: int = 0

    def run(self, url: str) -> Discovery:
        lead = Lead(url=url, why="the address that was given", weight=1.0)
        page, soup = self._arrive(url)
        at = page.url if page is not None else url
        if page is not None:
            self._page(page, soup, lead)
        self._site(at)
        if page is not None and soup is not None:
            self._headlines(soup, page, lead)
            if not self._good():
                self._news_pages(soup, page)
        return Discovery(
            url=at,
            title=site_name(soup),
            language=site_language(soup),
            candidates=ranked(tuple(self.finds.values()), page=asked_page(soup, at), now=self.now),
            tried=tuple(self.tried),
        )

    def _arrive(self, url: str) -> tuple[Fetched | None, BeautifulSoup | None]:
        """The page that was asked for, behind at most one signpost. A site that refuses only this
        page may still have a feed; one that cannot be reached has nothing."""
        page = self._ask(url)
        if page is None and isinstance(self._error, Unreachable | Forbidden):
            raise self._error
        soup = self._soup(page) if page is not None else None
        if page is None or soup is None:
            return page, soup
        onward = leads.refreshed(soup, page.url)
        if onward and onward != page.url and (following := self._ask(onward)):
            return following, self._soup(following)
        return page, soup

    def _page(self, page: Fetched, soup: BeautifulSoup | None, lead: Lead) -> None:
        """What the page is, if it is more than a page, and what it names."""
        surest = max(self.kinds.values(), key=lambda kind: kind.sniff(page))
        if soup is None or surest.name != "listing":
            self._read(page, lead)
        if soup is not None:
            self._follow(leads.linked_feeds(soup, page.url, page.headers))

    def _site(self, at: str) -> None:
        """What robots.txt names, and where feeds and sitemaps commonly lie."""
        robots = self._ask(urljoin(at, "/robots.txt"))
        named = leads.robots_sitemaps(body_text(robots), robots.url) if robots is not None else ()
        if not self._good_feed():
            self._follow(leads.guesses(at, leads.FEED_PATHS), until=self._good_feed)
        self._sitemaps(named)
        if not self._has("sitemap"):
            self._sitemaps(leads.guesses(at, leads.SITEMAP_PATHS))

    def _follow(
        self,
        found: tuple[Lead, ...],
        *,
        until: Callable[[], bool] = lambda: False,
        deeper: bool = True,
    ) -> None:
        """Read what may be feeds; a page in place of one is often the outlet's list of its feeds."""
        for lead in found:
            if until():
                return
            answer = self._ask(lead.url)
            if answer is None:
                continue
            self._read(answer, lead, only=("feed",))
            if deeper and lead.weight > _GUESS and (soup := self._soup(answer)) is not None:
                self._follow(leads.linked_feeds(soup, answer.url, answer.headers), deeper=False)

    def _sitemaps(self, found: tuple[Lead, ...]) -> None:
        """Sitemaps with what they list; of guessed ones the first that is there."""
        named = [lead for lead in found if lead.weight > _GUESS]
        for lead in named[:MAX_SITEMAPS] or found:
            answer = self._ask(lead.url)
            parsed = self._read(answer, lead, only=("sitemap", "feed")) if answer is not None else None
            if parsed is None:
                continue
            if parsed.more:
                self._index(lead, parsed)
            if not named and self._has("sitemap"):
                return

    def _index(self, lead: Lead, index: Parsed) -> None:
        """The parts of an index that look newest, each for itself, and the index with all of them."""
        entries: list[Entry] = []
        for part in sorted(index.more, key=lambda link: not leads.is_news_name(link))[:MAX_PARTS]:
            answer = self._ask(part)
            # A part with a number or date in its name is another one next month.
            weight = lead.weight if not any(char.isdecimal() for char in urlsplit(part).path) else 0.0
            inner = Lead(url=part, why=f"{lead.why}, inside the index {lead.url}", weight=weight)
            parsed = self._read(answer, inner, only=("sitemap",)) if answer is not None else None
            entries += parsed.entries if parsed is not None else ()
        if entries:
            why = f"{lead.why}; an index of {len(index.more)} sitemaps"
            whole = dataclasses.replace(index, entries=tuple(entries[:MAX_ENTRIES]))
            near = Lead(url=lead.url, why=why, weight=lead.weight * 0.8)
            self._keep(Find(kind="sitemap", url=lead.url, parsed=whole, lead=near))

    def _headlines(self, soup: BeautifulSoup, page: Fetched, lead: Lead) -> None:
        options = listing_options(soup, page.url, self.now)
        tries = [options, {}] if options else [{}]
        for chosen in tries:
            parsed = self._parse("listing", page, chosen)
            if parsed is None or len(parsed.entries) < MIN_REPEATS:
                continue
            why = "headlines repeat on the page" if chosen else "the page shows headlines"
            self._keep(
                Find(
                    kind="listing",
                    url=page.url,
                    parsed=parsed,
                    lead=Lead(url=page.url, why=why, weight=lead.weight),
                    options=chosen,
                )
            )
            return

    def _news_pages(self, soup: BeautifulSoup, page: Fetched) -> None:
        """A front page that lists nothing often links to the page that does."""
        for lead in leads.news_pages(soup, page.url):
            answer = self._ask(lead.url)
            inner = self._soup(answer) if answer is not None else None
            if answer is None or inner is None:
                continue
            self._follow(leads.linked_feeds(inner, answer.url, answer.headers))
            self._headlines(inner, answer, lead)
            if self._good():
                return

    def _good_feed(self) -> bool:
        return any(
            find.kind == "feed" and find.parsed.entries and not is_comments(find)
            for find in self.finds.values()
        )

    def _has(self, kind: str) -> bool:
        return any(find.kind == kind for find in self.finds.values())

    def _good(self) -> bool:
        return any(
            len(find.parsed.entries) >= _GOOD and not is_comments(find) for find in self.finds.values()
        )

    def _ask(self, url: str) -> Fetched | None:
        """One address, once; None when it gives nothing. What came of it is kept."""
        key = url.partition("#")[0]
        spent = len(self._asked) >= MAX_REQUESTS or self._refusals >= MAX_REFUSALS
        if key in self._asked or spent or http_url(key) is None:
            return self._asked.get(key)
        self._asked[key] = None
        try:
            answer = self.fetch(
                FetchRequest(url=key, accept=_ACCEPT, allow_private=self.allow_private, deadline_s=DEADLINE_S)
            )
        except FetchError as error:
            self._error = error
            # A host that is down or wants to be left alone is left alone.
            gone = isinstance(error, HttpStatus) and error.status in _MISSING
            self._refusals = 0 if gone else self._refusals + 1
            self.tried.append(Tried(url=key, outcome=str(error)))
            return None
        if not isinstance(answer, Fetched):
            return None
        self._asked[key] = answer
        self._refusals = 0
        return answer

    def _read(self, answer: Fetched, lead: Lead, *, only: tuple[str, ...] = ()) -> Parsed | None:
        """Keep what the answer lists when it is of a kind that is looked for."""
        kind = max(self.kinds.values(), key=lambda item: item.sniff(answer))
        if not kind.sniff(answer) or (only and kind.name not in only):
            self.tried.append(Tried(url=lead.url, outcome=described(answer)))
            return None
        parsed = self._parse(kind.name, answer, {}, lead.url)
        if parsed is not None and not (parsed.more and not parsed.entries):
            url = (
                answer.url
                if answer.moved_to or canonical_url(answer.url) != canonical_url(lead.url)
                else lead.url
            )
            self._keep(Find(kind=kind.name, url=url, parsed=parsed, lead=lead))
        return parsed

    def _keep(self, find: Find) -> None:
        self.finds.setdefault(f"{find.kind} {canonical_url(find.url)}", find)
        self.tried.append(Tried(url=find.url, outcome=f"{find.kind}, {len(find.parsed.entries)} entries"))

    def _parse(
        self, kind: str, answer: Fetched, options: Mapping[str, object], url: str = ""
    ) -> Parsed | None:
        source = Source(id="found", name="found", kind=kind, url=answer.url, site=answer.url, options=options)
        try:
            return self.kinds[kind].parse(source, answer)
        except ParseError as error:
            self.tried.append(Tried(url=url or answer.url, outcome=str(error)))
            return None

    @staticmethod
    def _soup(answer: Fetched) -> BeautifulSoup | None:
        """The page as a tree; None for what is no page."""
        text = body_text(answer)
        if not (is_page(text) or ("<a " in text[:_MAX_PAGE] and "<?xml" not in text[:100])):
            return None
        return BeautifulSoup(few_attributes(text[:_MAX_PAGE]), "lxml")
