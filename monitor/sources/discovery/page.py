"""What a page that was asked for is and says."""

from __future__ import annotations

from bs4 import BeautifulSoup

from monitor.core.text.urls import canonical_url
from monitor.errors import ParseError
from monitor.model import Fetched
from monitor.sources.body import is_challenge, is_page, text_of
from monitor.sources.discovery import leads
from monitor.sources.discovery.ranking import AskedPage
from monitor.sources.entries import absolute


def body_text(answer: Fetched | None) -> str:
    """The text of an answer, "" when there is none."""
    try:
        return text_of(answer) if answer is not None else ""
    except ParseError:
        return ""


def described(answer: Fetched) -> str:
    """What came, in a few words."""
    text = body_text(answer)
    if not text:
        return "an empty answer"
    if is_page(text):
        return "a challenge page for robots" if is_challenge(text) else "an HTML page"
    return f"{len(answer.body)} bytes of something else"


def site_name(soup: BeautifulSoup | None) -> str:
    """What the site calls itself, else its window title; at most 120 characters."""
    if soup is None:
        return ""
    site = soup.select_one("meta[property='og:site_name'][content]")
    if site is not None:
        return " ".join(str(site["content"]).split())[:120]
    return soup.title.get_text(" ", strip=True)[:120] if soup.title else ""


def site_language(soup: BeautifulSoup | None) -> str | None:
    """The primary subtag of the language that the page says it is in."""
    tag = str((soup.html.get("lang") if soup is not None and soup.html else None) or "")
    code = tag.replace("_", "-").partition("-")[0].strip().lower()
    return code if code.isalpha() and len(code) in (2, 3) else None


def asked_page(soup: BeautifulSoup | None, url: str) -> AskedPage:
    """The page as ranking sees it."""
    if soup is None:
        return AskedPage(url=url)
    base = leads.base_of(soup, url)
    links = (absolute(str(tag["href"]), base) for tag in soup.select("a[href]", limit=3_000))
    return AskedPage(
        url=url,
        links=frozenset(canonical_url(link) for link in links if link),
        words=" ".join(soup.get_text(" ").lower().split()),
    )
