"""Addresses of feeds, sitemaps and news pages that a page, its headers and robots.txt name."""

from __future__ import annotations

import re
from collections.abc import Iterator, Mapping
from typing import Final
from urllib.parse import urljoin, urlsplit

from bs4 import BeautifulSoup, Tag

from monitor.core.text.urls import same_site
from monitor.sources.discovery.records import Lead
from monitor.sources.entries import absolute

_MAX_LEADS: Final = 12
_FEED_TYPES: Final = frozenset(
    {
        *("application/rss+xml", "application/atom+xml", "application/rdf+xml", "application/feed+json"),
        *("application/rss", "application/atom", "text/rss+xml", "text/rss", "application/x-rss+xml"),
    }
)
_VAGUE_TYPES: Final = frozenset({"application/xml", "text/xml", "application/json", ""})
_FEEDISH: Final = re.compile(
    r"(?:^|[/._?=&-])(?:rss\d?|feeds?|atom|rdf)(?:$|[/._?=&-])|\.(?:rss|atom|rdf)$", re.IGNORECASE
)
_FEED_WORDS: Final = re.compile(r"\b(?:rss|atom|feed|xml[- ]?feed|json feed)\b", re.IGNORECASE)
_NO_FEED: Final = re.compile(
    r"oembed|wp-json|opensearch|\.(?:png|jpe?g|gif|svg|css|js|pdf|zip)(?:$|\?)", re.IGNORECASE
)
_NEWS_PAGE: Final = re.compile(
    r"news|nouvelles|actualit|noticias|notizie|nachrichten|nyheter|uutiset|aktualn|aktualit|wiadomo"
    r"|naujien|zinas|ziņas|uudised|naviny|novosti|новост|навін|новин|вести|latest|articles|stories|archive"
    r"|press-?(?:release|room|centre|center)|blog|lenta|лента|стужк|все-материалы|publications",
    re.IGNORECASE,
)
_LINK_HEADER: Final = re.compile(r"<([^<>]{1,2000})>((?:\s*;[^,;<>]{1,300}){1,10})")
_PARAMETER: Final = re.compile(r""";\s*([\w*-]+)\s*=\s*"?([^";]+)"?""")
_ROBOTS_SITEMAP: Final = re.compile(
    r"^[^\S\n]*+sitemap[^\S\n]*+:[^\S\n]*+(\S+)", re.IGNORECASE | re.MULTILINE
)
# At once; a page that reloads itself every few minutes sends nobody elsewhere.
_REFRESH: Final = re.compile(r"\s*(?:\d|10)(?:\.\d+)?\s*[;,]\s*url\s*=\s*['\"]?([^'\";]+)", re.IGNORECASE)

# Where common systems keep feeds, the most common first.
FEED_PATHS: Final = (
    *("feed/", "feed", "rss", "rss.xml", "feed.xml", "atom.xml", "index.xml", "feed.json", "rss/", "atom"),
    *(
        "feeds/",
        "feeds",
        "rss/all.xml",
        "rss/index.xml",
        "rss/news.xml",
        "news/rss",
        "news/feed/",
        "news.rss",
    ),
    *("?feed=rss2", "blog/feed/", "feeds/posts/default", "rss/all", "rss/news", "export/rss.xml", "api/rss"),
    *("index.rdf", "rss.php", "feed.php", "rss2.xml", "feed/rss", "feed/atom", "news.xml", "news/rss.xml"),
    *(
        "feeds/all.atom.xml",
        "posts/index.xml",
        "news/index.xml",
        "blog/index.xml",
        "blog/rss.xml",
        "main.rss",
    ),
)
SITEMAP_PATHS: Final = (
    *("news-sitemap.xml", "sitemap-news.xml", "sitemap_news.xml", "googlenews.xml", "sitemap.xml"),
    *("sitemap_index.xml", "wp-sitemap.xml", "sitemap.xml.gz", "sitemap.txt"),
)


def base_of(soup: BeautifulSoup, url: str) -> str:
    """The address that the page's relative links start from."""
    tag = soup.find("base", href=True)
    return (absolute(str(tag["href"]), url) or url) if isinstance(tag, Tag) else url


def refreshed(soup: BeautifulSoup, url: str) -> str | None:
    """Where a page that is only a signpost (``<meta http-equiv=refresh>``) sends its reader."""
    for tag in soup.select("meta[http-equiv][content]"):
        if str(tag["http-equiv"]).lower() == "refresh" and (found := _REFRESH.match(str(tag["content"]))):
            return absolute(found[1], base_of(soup, url))
    return None


def linked_feeds(soup: BeautifulSoup, url: str, headers: Mapping[str, str]) -> tuple[Lead, ...]:
    """Feeds that the page names in ``<link>`` tags and HTTP headers, then those that it links to."""
    base = base_of(soup, url)
    found: dict[str, Lead] = {}
    for lead in (*_tags(soup, base), *_header(headers, url), *_anchors(soup, base)):
        found.setdefault(lead.url, lead)
    return tuple(found.values())[:_MAX_LEADS]


def _tags(soup: BeautifulSoup, base: str) -> Iterator[Lead]:
    for tag in soup.select("link[href]"):
        rel = {word.lower() for word in _words(tag.get("rel"))}
        kind = str(tag.get("type") or "").split(";")[0].strip().lower()
        href = str(tag["href"])
        if not _is_feed_link(rel, kind, href):
            continue
        if link := absolute(href, base):
            name = " ".join(str(tag.get("title") or "").split())[:80]
            yield Lead(url=link, why=f"a <link> tag names it{f' “{name}”' if name else ''}", weight=1.0)


def _is_feed_link(rel: set[str], kind: str, href: str) -> bool:
    if _NO_FEED.search(href) or not rel & {"alternate", "feed", "service.feed"}:
        return False
    if kind in _FEED_TYPES or "feed" in rel:
        return True
    return kind in _VAGUE_TYPES and bool(_FEEDISH.search(href))


def _words(value: object) -> list[str]:
    return [str(word) for word in value] if isinstance(value, list) else str(value or "").split()


def _header(headers: Mapping[str, str], url: str) -> Iterator[Lead]:
    for target, given in _LINK_HEADER.findall(headers.get("link", "")[:8_000]):
        parameters = {name.lower(): value.strip().lower() for name, value in _PARAMETER.findall(given)}
        rel = set(parameters.get("rel", "").split())
        if _is_feed_link(rel, parameters.get("type", ""), target) and (link := absolute(target, url)):
            yield Lead(url=link, why="an HTTP Link header names it", weight=1.0)


def _anchors(soup: BeautifulSoup, base: str) -> Iterator[Lead]:
    """Links to feeds that readers may click, those that say so first."""
    sure: list[Lead] = []
    likely: list[Lead] = []
    for tag in soup.select("a[href]", limit=3_000):
        href = str(tag["href"])
        path = urlsplit_path(href)
        text = " ".join(
            (tag.get_text(" ", strip=True), str(tag.get("title") or ""), *_words(tag.get("class")))
        )
        is_feedish, says_so = bool(_FEEDISH.search(path)), bool(_FEED_WORDS.search(text[:200]))
        if _NO_FEED.search(href) or not (is_feedish or says_so):
            continue
        if link := absolute(href, base):
            if not (is_feedish or same_site(link, base)):
                continue
            lead = Lead(url=link, why="the page links to it", weight=0.8 if is_feedish else 0.6)
            (sure if is_feedish and says_so else likely).append(lead)
    yield from (*sure, *likely)


def urlsplit_path(href: str) -> str:
    """Path and query of a link, "" when it is none."""
    try:
        parts = urlsplit(href)
    except ValueError:
        return ""
    return f"{parts.path}?{parts.query}" if parts.query else parts.path


def robots_sitemaps(text: str, url: str) -> tuple[Lead, ...]:
    """Sitemaps that robots.txt names (sitemaps.org), those for news first."""
    links = (absolute(found, url) for found in _ROBOTS_SITEMAP.findall(text[:500_000]))
    found = dict.fromkeys(link for link in links if link and same_site(link, url))
    news_first = sorted(found, key=lambda link: not is_news_name(link))
    return tuple(Lead(url=link, why="robots.txt names it", weight=0.9) for link in news_first[:_MAX_LEADS])


def is_news_name(url: str) -> bool:
    """Whether a sitemap's address says that it is for news."""
    return bool(re.search(r"news|latest|recent|novost|naviny|today", urlsplit_path(url), re.IGNORECASE))


def guesses(url: str, paths: tuple[str, ...]) -> tuple[Lead, ...]:
    """Common addresses at the site's root, and beside the page when it is not the front page."""
    parts = urlsplit(url)
    root = f"{parts.scheme}://{parts.netloc}/"
    leads = [Lead(url=urljoin(root, path), why="a common address", weight=0.3) for path in paths]
    folder = urljoin(root, parts.path.rstrip("/") + "/")
    if folder != root:
        near = [
            Lead(url=urljoin(folder, path), why="a common address beside the page", weight=0.4)
            for path in paths[:4]
        ]
        leads = [*near, *leads]
    return tuple(leads)


def news_pages(soup: BeautifulSoup, url: str) -> tuple[Lead, ...]:
    """Pages of the same site that are called news, archive, blog …; the shortest addresses first."""
    base = base_of(soup, url)
    found: dict[str, Lead] = {}
    for tag in soup.select("a[href]", limit=2_000):
        link = absolute(str(tag["href"]), base)
        text = tag.get_text(" ", strip=True)
        if link is None or not same_site(link, url) or link.split("#")[0] == url or len(text) > 40:  # noqa: PLR2004  # a menu's word
            continue
        path = urlsplit_path(link)
        if path.count("/") <= 3 and (_NEWS_PAGE.search(path) or _NEWS_PAGE.search(text)):  # noqa: PLR2004  # deeper ones are articles
            found.setdefault(
                link.split("#")[0],
                Lead(url=link.split("#")[0], why=f"the page links to it as “{text}”", weight=0.5),
            )
    return tuple(sorted(found.values(), key=lambda lead: len(lead.url)))[:4]
