"""What an outlet lists, written in each kind a source may be: feeds, sitemaps, a listing page."""

from __future__ import annotations

import gzip
import json
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta, timezone
from email.utils import format_datetime
from html import escape
from typing import Any

from lxml import etree

from monitor.demo.newsroom.pages import frame
from monitor.demo.newsroom.seeds import Furniture, NewsroomArticle, Outlet

ATOM = "http://www.w3.org/2005/Atom"
CONTENT = "http://purl.org/rss/1.0/modules/content/"
DC = "http://purl.org/dc/elements/1.1/"
NEWS = "http://www.google.com/schemas/sitemap-news/0.9"
RDF = "http://www.w3.org/1999/02/22-rdf-syntax-ns#"
RSS1 = "http://purl.org/rss/1.0/"
SITEMAP = "http://www.sitemaps.org/schemas/sitemap/0.9"
CAMPAIGN = "?utm_source=feed&utm_medium=rss"


@dataclass(frozen=True, slots=True, kw_only=True)
class Shown:
    """An article as it stands on its outlet's site now. ``modified`` is later than ``published``
    once a revision replaced it. ``url`` is what the feed links to, ``guid`` how it names it."""

    article: NewsroomArticle
    published: datetime
    modified: datetime
    url: str
    guid: str


@dataclass(frozen=True, slots=True, kw_only=True)
class Body:
    """What one path answers with. ``changed`` becomes Last-Modified."""

    data: bytes
    content_type: str
    changed: datetime


Paths = Mapping[str, Callable[[], Body]]


def listings(outlet: Outlet, shown: Sequence[Shown], furniture: Furniture, started: datetime) -> Paths:
    """The paths under which an outlet lists ``shown`` (newest first), each with what writes its body."""
    changed = max((item.modified for item in shown), default=started)
    if outlet.kind == "sitemap-index":
        return _sitemap_index(outlet, shown, changed)

    def written() -> Body:
        write, content_type = WRITERS[outlet.kind]
        data = write(outlet, shown, furniture)
        return Body(data=data, content_type=content_type.format(outlet.encoding), changed=changed)

    return {outlet.feed: written}


def _rss(outlet: Outlet, shown: Sequence[Shown], _: Furniture) -> bytes:
    root = etree.Element("rss", {"version": "2.0"}, {"dc": DC, "content": CONTENT})
    channel = etree.SubElement(root, "channel")
    for tag, text in (("title", outlet.name), ("link", outlet.site), ("language", outlet.language)):
        _add(channel, tag, text)
    for item in shown:
        node = etree.SubElement(channel, "item")
        _add(node, "title", item.article.headline)
        _add(node, "link", item.url + (CAMPAIGN if outlet.tracking else ""))
        etree.SubElement(node, "guid", {"isPermaLink": "false"}).text = item.guid
        _add(node, "pubDate", format_datetime(_local(outlet, item.published)))
        for author in item.article.authors:
            _add(node, f"{{{DC}}}creator", author)
        _add(node, "description", _teaser(item))
        if outlet.full_text:
            _add(node, f"{{{CONTENT}}}encoded", _html(item))
    return _xml(root, outlet)


def _atom(outlet: Outlet, shown: Sequence[Shown], _: Furniture) -> bytes:
    root = etree.Element(
        f"{{{ATOM}}}feed", {"{http://www.w3.org/XML/1998/namespace}lang": outlet.language}, _prefixes(ATOM)
    )
    _add(root, f"{{{ATOM}}}title", outlet.name)
    _add(root, f"{{{ATOM}}}id", f"urn:newsroom:{outlet.id}")
    etree.SubElement(root, f"{{{ATOM}}}link", {"href": outlet.site})
    etree.SubElement(root, f"{{{ATOM}}}link", {"rel": "self", "href": outlet.url})
    if shown:
        _add(root, f"{{{ATOM}}}updated", max(item.modified for item in shown).isoformat())
    for item in shown:
        node = etree.SubElement(root, f"{{{ATOM}}}entry")
        _add(node, f"{{{ATOM}}}title", item.article.headline)
        etree.SubElement(node, f"{{{ATOM}}}link", {"rel": "alternate", "href": item.url})
        _add(node, f"{{{ATOM}}}id", item.guid)
        _add(node, f"{{{ATOM}}}published", _local(outlet, item.published).isoformat())
        _add(node, f"{{{ATOM}}}updated", _local(outlet, item.modified).isoformat())
        for author in item.article.authors:
            _add(etree.SubElement(node, f"{{{ATOM}}}author"), f"{{{ATOM}}}name", author)
        _add(node, f"{{{ATOM}}}summary", _teaser(item))
        if outlet.full_text:
            etree.SubElement(node, f"{{{ATOM}}}content", {"type": "html"}).text = _html(item)
    return _xml(root, outlet)


def _rdf(outlet: Outlet, shown: Sequence[Shown], _: Furniture) -> bytes:
    root = etree.Element(f"{{{RDF}}}RDF", nsmap=_prefixes(RSS1, rdf=RDF, dc=DC))
    about = f"{{{RDF}}}about"
    channel = etree.SubElement(root, f"{{{RSS1}}}channel", {about: outlet.url})
    for tag, text in (("title", outlet.name), ("link", outlet.site), ("description", outlet.name)):
        _add(channel, f"{{{RSS1}}}{tag}", text)
    order = etree.SubElement(etree.SubElement(channel, f"{{{RSS1}}}items"), f"{{{RDF}}}Seq")
    for item in shown:
        etree.SubElement(order, f"{{{RDF}}}li", {f"{{{RDF}}}resource": item.url})
        node = etree.SubElement(root, f"{{{RSS1}}}item", {about: item.url})
        _add(node, f"{{{RSS1}}}title", item.article.headline)
        _add(node, f"{{{RSS1}}}link", item.url)
        _add(node, f"{{{RSS1}}}description", _teaser(item))
        _add(node, f"{{{DC}}}date", _local(outlet, item.published).isoformat(timespec="seconds"))
        for author in item.article.authors:
            _add(node, f"{{{DC}}}creator", author)
    return _xml(root, outlet)


def _json_feed(outlet: Outlet, shown: Sequence[Shown], _: Furniture) -> bytes:
    """JSON Feed 1.1."""
    items = [
        {
            "id": item.guid,
            "url": item.url,
            "title": item.article.headline,
            "summary": _teaser(item),
            "content_html" if outlet.full_text else "content_text": (
                _html(item) if outlet.full_text else _teaser(item)
            ),
            "date_published": _local(outlet, item.published).isoformat(),
            "date_modified": _local(outlet, item.modified).isoformat(),
            "authors": [{"name": author} for author in item.article.authors],
            "language": item.article.language,
        }
        for item in shown
    ]
    feed = {
        "version": "https://jsonfeed.org/version/1.1",
        "title": outlet.name,
        "home_page_url": outlet.site,
        "feed_url": outlet.url,
        "language": outlet.language,
        "items": items,
    }
    return json.dumps(feed, ensure_ascii=False, indent=1).encode()


def _sitemap(outlet: Outlet, shown: Sequence[Shown], _: Furniture) -> bytes:
    root = etree.Element(f"{{{SITEMAP}}}urlset", nsmap=_prefixes(SITEMAP, news=NEWS))
    for item in shown:
        node = etree.SubElement(root, f"{{{SITEMAP}}}url")
        _add(node, f"{{{SITEMAP}}}loc", item.url)
        _add(node, f"{{{SITEMAP}}}lastmod", _local(outlet, item.modified).isoformat())
        news = etree.SubElement(node, f"{{{NEWS}}}news")
        publication = etree.SubElement(news, f"{{{NEWS}}}publication")
        _add(publication, f"{{{NEWS}}}name", outlet.name)
        _add(publication, f"{{{NEWS}}}language", outlet.language)
        _add(news, f"{{{NEWS}}}publication_date", _local(outlet, item.published).isoformat())
        _add(news, f"{{{NEWS}}}title", item.article.headline)
    return _xml(root, outlet)


def _sitemap_index(outlet: Outlet, shown: Sequence[Shown], changed: datetime) -> Paths:
    """A gzipped index of two gzipped sitemaps: today's articles and the rest."""
    border = changed - timedelta(days=1)
    parts = {
        "/sitemaps/today.xml.gz": [item for item in shown if item.published >= border],
        "/sitemaps/archive.xml.gz": [item for item in shown if item.published < border],
    }

    def index() -> Body:
        root = etree.Element(f"{{{SITEMAP}}}sitemapindex", nsmap=_prefixes(SITEMAP))
        for path, items in parts.items():
            node = etree.SubElement(root, f"{{{SITEMAP}}}sitemap")
            _add(node, f"{{{SITEMAP}}}loc", outlet.site + path)
            if items:
                _add(node, f"{{{SITEMAP}}}lastmod", max(item.modified for item in items).isoformat())
        return _packed(_xml(root, outlet), changed)

    def part(items: Sequence[Shown]) -> Callable[[], Body]:
        return lambda: _packed(_sitemap(outlet, items, {}), changed)

    return {outlet.feed: index} | {path: part(items) for path, items in parts.items()}


def _listing(outlet: Outlet, shown: Sequence[Shown], furniture: Furniture) -> bytes:
    rows = "\n".join(
        f'<li class="teaser"><h2><a class="teaser-link" href="{escape(item.url)}">'
        f"{escape(item.article.headline)}</a></h2>\n"
        f'<time datetime="{_local(outlet, item.published).isoformat()}">'
        f"{_local(outlet, item.published):%d.%m.%Y %H:%M}</time>\n"
        f'<p class="teaser-text">{escape(_teaser(item))}</p></li>'
        for item in shown
    )
    main = f'<main><h1>{escape(furniture["news"])}</h1>\n<ul class="river">\n{rows}\n</ul></main>'
    page = frame(outlet, furniture, title=outlet.name, head="", main=main)
    return page.encode(outlet.encoding, "xmlcharrefreplace")


WRITERS: Mapping[str, tuple[Callable[[Outlet, Sequence[Shown], Furniture], bytes], str]] = {
    "feed-rss": (_rss, "application/rss+xml; charset={}"),
    "feed-atom": (_atom, "application/atom+xml; charset={}"),
    "feed-rdf": (_rdf, "application/rdf+xml; charset={}"),
    "feed-json": (_json_feed, "application/feed+json"),
    "sitemap": (_sitemap, "application/xml; charset={}"),
    "listing": (_listing, "text/html; charset={}"),
}


def _packed(data: bytes, changed: datetime) -> Body:
    # mtime=0: the same content is the same bytes, so its ETag stays.
    return Body(data=gzip.compress(data, mtime=0), content_type="application/gzip", changed=changed)


def _add(parent: etree._Element, tag: str, text: str) -> None:
    etree.SubElement(parent, tag).text = text


def _prefixes(default: str, **others: str) -> Any:  # noqa: ANN401 - the stubs know no default namespace
    return {None: default, **others}


def _xml(root: etree._Element, outlet: Outlet) -> bytes:
    data: bytes = etree.tostring(  # type: ignore[assignment] # the stubs forget that a name means bytes
        root, xml_declaration=True, encoding=outlet.encoding, pretty_print=True
    )
    return data


def _teaser(item: Shown) -> str:
    return item.article.summary or item.article.lead


def _html(item: Shown) -> str:
    return "\n".join(f"<p>{escape(part, quote=False)}</p>" for part in item.article.paragraphs)


def _local(outlet: Outlet, moment: datetime) -> datetime:
    return moment.astimezone(timezone(timedelta(hours=outlet.offset_hours)))
