"""A feed for each topic and saved search, behind a secret address: Atom, RSS, JSON Feed."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import datetime
from email.utils import format_datetime

from fastapi import APIRouter, HTTPException
from lxml import etree
from starlette.responses import JSONResponse, Response

from monitor.core.text.clean import printable
from monitor.model import Article, Topic
from monitor.web.desk import Desk, TheDesk
from monitor.web.pages.search import found_by
from monitor.web.render import href

page = APIRouter(include_in_schema=False)
ROUTERS = (page,)

MOST = 50
EXCERPT = 300
_ATOM = "http://www.w3.org/2005/Atom"


@page.get("/feeds/{name}")
def feed(desk: TheDesk, name: str) -> Response:
    """The newest articles of the topic or search whose secret this is; whoever has the address may read."""
    secret, _, form = name.rpartition(".")
    found = _of_topic(desk, secret) or _of_search(desk, secret) if secret and form in _FORMS else None
    if found is None:
        raise HTTPException(404, "there is no such feed; its address may have been renewed")
    topic, articles = found
    return _FORMS[form](topic, articles, desk.ports.now())


def _of_topic(desk: Desk, secret: str) -> tuple[Topic, Sequence[Article]] | None:
    topic = desk.rulebook.topics.get(desk.store.accounts.feed_topic(secret) or "")
    return None if topic is None else (topic, desk.store.articles.latest(topic_ids=[topic.id], limit=MOST))


def _of_search(desk: Desk, secret: str) -> tuple[Topic, Sequence[Article]] | None:
    search = desk.store.accounts.search_of_feed(secret)
    if search is None:
        return None
    topic = Topic(id=f"search-{search.id}", query=search.query, title=search.title)
    return topic, found_by(desk, search.query, MOST)


def _atom(topic: Topic, articles: Sequence[Article], now: datetime) -> Response:
    root = etree.Element("feed", xmlns=_ATOM)
    _add(root, "id", f"urn:coverage-monitor:topic:{topic.id}")
    _add(root, "title", _title(topic))
    _add(root, "updated", (articles[0].seen_at if articles else now).isoformat())
    for item in articles:
        entry = etree.SubElement(root, "entry")
        _add(entry, "id", f"urn:coverage-monitor:article:{item.id}")
        _add(entry, "title", item.title or item.url)
        _add(entry, "updated", item.seen_at.isoformat())
        if item.published:
            _add(entry, "published", item.published.isoformat())
        if link := href(item.canonical_url or item.url):
            etree.SubElement(entry, "link", href=link)
        _add(etree.SubElement(entry, "author"), "name", item.source_name or item.source_id)
        _add(entry, "summary", _excerpt(item))
    return _xml(root, "application/atom+xml")


def _rss(topic: Topic, articles: Sequence[Article], now: datetime) -> Response:
    root = etree.Element("rss", version="2.0")
    channel = etree.SubElement(root, "channel")
    _add(channel, "title", _title(topic))
    _add(channel, "link", "about:blank")
    _add(channel, "description", f"Articles that match {_title(topic)}")
    _add(channel, "lastBuildDate", format_datetime(articles[0].seen_at if articles else now))
    for item in articles:
        entry = etree.SubElement(channel, "item")
        guid = etree.SubElement(entry, "guid", isPermaLink="false")
        guid.text = item.id
        _add(entry, "title", item.title or item.url)
        if link := href(item.canonical_url or item.url):
            _add(entry, "link", link)
        _add(entry, "pubDate", format_datetime(item.published or item.seen_at))
        _add(entry, "description", _excerpt(item))
    return _xml(root, "application/rss+xml")


def _json(topic: Topic, articles: Sequence[Article], now: datetime) -> Response:
    del now
    items = [
        {
            "id": item.id,
            "url": href(item.canonical_url or item.url),
            "title": item.title,
            "content_text": _excerpt(item),
            "date_published": (item.published or item.seen_at).isoformat(),
            "authors": [{"name": item.source_name or item.source_id}],
            "language": item.language,
        }
        for item in articles
    ]
    body = {"version": "https://jsonfeed.org/version/1.1", "title": _title(topic), "items": items}
    return JSONResponse(body, media_type="application/feed+json")


_FORMS = {"atom": _atom, "rss": _rss, "json": _json}


def _title(topic: Topic) -> str:
    return topic.title or topic.id


def _excerpt(item: Article) -> str:
    """A short piece: feeds carry headline, link and excerpt, never the text."""
    lead = " ".join(item.lead.split())
    return lead if len(lead) <= EXCERPT else f"{lead[: EXCERPT - 1].rstrip()}…"


def _add(parent: etree._Element, name: str, text: str) -> None:
    # What XML cannot hold (control characters, lone surrogates) is no loss in a headline.
    etree.SubElement(parent, name).text = printable(text, instead="\ufffd")


def _xml(root: etree._Element, kind: str) -> Response:
    return Response(
        etree.tostring(root, xml_declaration=True, encoding="utf-8"), media_type=f"{kind}; charset=utf-8"
    )
