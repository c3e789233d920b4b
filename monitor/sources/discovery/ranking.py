"""Which of the finds is the site's news, and why."""

from __future__ import annotations

import dataclasses
import re
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import Final
from urllib.parse import urlsplit

from monitor.core.text.urls import canonical_url, host_key, same_site
from monitor.model import Entry
from monitor.sources.discovery.records import Find, SourceCandidate

# A plain sitemap lists everything without headlines; a listing stands on the page by its nature.
_BASE: Final = {"feed": 60.0, "sitemap": 25.0, "listing": 52.0}
_NEWS_SITEMAP: Final = 30.0
_COMMENTS: Final = re.compile(
    r"comment|komment|komentar|komentarz|коммент|комент|камент|\breplies\b|kommentar|yorum|\breviews?\b",
    re.IGNORECASE,
)
_COMMENT_TITLE: Final = re.compile(r"^(?:comments? (?:on|for)|комментарии)\b", re.IGNORECASE)
_NO_NEWS: Final = re.compile(
    r"podcast|\bvideos?\b|gallery|galler|photo|jobs?\b|vacanc|event|calendar|weather|forum|shop|product|author|\btags?\b"
    r"|подкаст|видео|відэа|відео|фото|афиша",
    re.IGNORECASE,
)
_WHOLE: Final = re.compile(r"(?:^|[/_-])(?:all|main|index|full|news|latest)(?:[._-]|/?$)", re.IGNORECASE)
_STALE: Final = timedelta(days=60)
_FRESH: Final = timedelta(days=3)
_FULL_TEXT: Final = 800
_FEW: Final = 3
_SOME: Final = 6
_TWINS: Final = 0.7
_MANY: Final = 0.5
_TELLING: Final = 15


@dataclass(frozen=True, slots=True, kw_only=True)
class AskedPage:
    """The page that discovery started from: its address, canonical addresses of its links, its words
    (lower case, one space between)."""

    url: str
    links: frozenset[str] = frozenset()
    words: str = ""

    def shows(self, entry: Entry) -> bool:
        """Whether the page links to the entry, or shows its headline."""
        if canonical_url(entry.url) in self.links:
            return True
        title = " ".join(entry.title.lower().split())
        return len(title) > _TELLING and title in self.words


def ranked(finds: Sequence[Find], *, page: AskedPage, now: datetime) -> tuple[SourceCandidate, ...]:
    """Candidates, best first.

    A find whose entries are a better one's is kept behind it and says so.
    """
    newest = [date for find in finds if (date := _newest(find)) is not None]
    has_listing = any(find.kind == "listing" for find in finds)
    made = [
        _candidate(find, order, page, _Era(now=now, latest=max(newest, default=now), has_listing=has_listing))
        for order, find in enumerate(finds)
    ]
    return tuple(_with_twins(sorted(made, key=lambda candidate: -candidate.score)))


@dataclass(frozen=True, slots=True, kw_only=True)
class _Era:
    """What "old" means here: seen from ``now``, from the newest find, beside a page of headlines."""

    now: datetime
    latest: datetime
    has_listing: bool


def _newest(find: Find) -> datetime | None:
    return max((entry.published for entry in find.parsed.entries if entry.published), default=None)


def _candidate(find: Find, order: int, page: AskedPage, era: _Era) -> SourceCandidate:
    entries = find.parsed.entries
    points = list(_points(find, page, era))
    score = _BASE.get(find.kind, 20.0) - min(order, 10) * 0.5 + sum(value for value, _ in points)
    reasons = [find.lead.why, _counted(len(entries)), *(why for _, why in points if why)]
    return SourceCandidate(
        kind=find.kind,
        url=find.url,
        title=find.parsed.title,
        language=next((entry.language for entry in entries if entry.language), None),
        entries=entries,
        score=round(score, 1),
        reason="; ".join(reasons),
        newest=_newest(find),
        options=find.options,
    )


def _points(find: Find, page: AskedPage, era: _Era) -> Iterator[tuple[float, str]]:
    entries = find.parsed.entries
    shared = sum(page.shows(entry) for entry in entries) if find.kind != "listing" else len(entries)
    yield find.lead.weight * 10, ""
    yield from _about_size(find, entries)
    yield from _about_dates(find, shared, era)
    yield from _about_place(find, page.url, entries)
    if find.kind == "sitemap" and any(entry.title for entry in entries):
        yield _NEWS_SITEMAP, "with headlines for news search"
    if entries and sum(len(entry.content) > _FULL_TEXT for entry in entries) > len(entries) / 2:
        yield 5, "carries full texts"
    if shared and find.kind != "listing":
        yield 20 * min(1.0, shared / min(len(entries), 10)), f"{shared} of them stand on the page"


def _about_size(find: Find, entries: Sequence[Entry]) -> Iterator[tuple[float, str]]:
    if not entries:
        yield -60, "it lists nothing now"
    elif len(entries) < _FEW and find.kind != "feed":
        yield -20, ""
    elif len(entries) < _SOME and find.kind == "listing":
        yield -12, ""
    if is_comments(find):
        yield -70, "it lists readers' comments, not articles"
    elif _NO_NEWS.search(f"{urlsplit(find.url).path} {find.parsed.title}"):
        yield -15, "it looks like something beside the news"


def _about_dates(find: Find, shared: int, era: _Era) -> Iterator[tuple[float, str]]:
    """A feed is dead when another find is newer, or when nothing of it stands among the page's headlines."""
    entries, newest = find.parsed.entries, _newest(find)
    dated = sum(entry.published is not None for entry in entries)
    if not entries:
        return
    yield 8 * dated / len(entries), "" if dated == len(entries) else f"{dated} of {len(entries)} dated"
    if newest is None:
        return
    forgotten = era.now - newest > _STALE and era.has_listing and not shared
    if era.latest - newest > _STALE or forgotten:
        yield -30, f"nothing new since {newest:%Y-%m-%d}"
    elif era.now - newest < _FRESH:
        yield 6, f"newest {newest:%Y-%m-%d %H:%M} UTC"
    else:
        yield 0, f"newest {newest:%Y-%m-%d}"


def _about_place(find: Find, page_url: str, entries: Sequence[Entry]) -> Iterator[tuple[float, str]]:
    own, asked = urlsplit(find.url), urlsplit(page_url)
    section = asked.path.strip("/")
    if find.kind == "listing":
        return
    if section and (f"/{section}/" in f"{own.path}/" or section in own.query):
        yield 12, "of the section that was asked for"
    elif not section:
        depth = len([part for part in own.path.split("/") if part])
        whole = 3.0 if _WHOLE.search(own.path) else 0.0
        yield whole - 1.5 * max(0, depth - 1), ""  # the whole site's feed rather than a section's
    if (
        entries
        and sum(same_site(entry.url, page_url) for entry in entries) < len(entries) / 2
        and host_key(page_url)
    ):
        yield -5, "most links lead to other sites"


def is_comments(find: Find) -> bool:
    """Whether a feed lists what readers wrote under articles."""
    if find.kind != "feed":
        return False
    if _COMMENTS.search(urlsplit(find.url).path + urlsplit(find.url).query) or _COMMENT_TITLE.search(
        find.parsed.title
    ):
        return True
    entries = find.parsed.entries
    marked = sum("#comment" in entry.url for entry in entries)
    return bool(entries) and marked > len(entries) * _MANY


def _counted(number: int) -> str:
    return "1 entry" if number == 1 else f"{number} entries"


def _with_twins(made: Sequence[SourceCandidate]) -> Iterator[SourceCandidate]:
    better: list[tuple[str, frozenset[str]]] = []
    for candidate in made:
        links = frozenset(canonical_url(entry.url) for entry in candidate.entries)
        twin = next((url for url, seen in better if links and len(links & seen) >= _TWINS * len(links)), None)
        better.append((candidate.url, links))
        reason = f"{candidate.reason}; the same articles as {twin}" if twin else candidate.reason
        yield dataclasses.replace(candidate, reason=reason)
