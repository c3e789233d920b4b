"""One hostile input: what the server answers, and what must come of it."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field

from tests.support.hostile_server import Reply, answer

FRESH = "fresh"
FAILING = "failing"
QUARANTINED = "quarantined"
HTML = "Content-Type: text/html; charset=utf-8"


@dataclass(frozen=True, slots=True, kw_only=True)
class Attack:
    """``replies`` by path. The source's own address is ``path``; ``kind`` reads it ``polls`` times.

    ``health`` is what the source must be afterwards, ``says`` a pattern of what is noted about it,
    ``told`` a pattern of what the operator hears. ``entries`` and ``articles`` are exact counts. ``known`` is
    the selector of the operator's recipe for the outlet.
    """

    name: str
    replies: Mapping[str, Reply]
    kind: str = "feed"
    path: str = "/list"
    polls: int = 1
    options: Mapping[str, object] = field(default_factory=dict)
    deadline_s: float = 1.0
    health: str = FRESH
    says: str = ""
    told: str = ""
    entries: int | None = None
    articles: int | None = None
    known: str = ""


def listed(name: str, body: bytes, *headers: str, **expected: object) -> Attack:
    """The source answers ``body``."""
    return Attack(name=name, replies={"/list": answer(body, *headers)}, **expected)  # type: ignore[arg-type]


def scripted(name: str, reply: Reply, **expected: object) -> Attack:
    """The source's server does what ``reply`` says; without more words, no answer comes of it."""
    given = {"health": FAILING, **expected}
    return Attack(name=name, replies={"/list": reply}, **given)  # type: ignore[arg-type]


def paged(name: str, reply: Reply, **expected: object) -> Attack:
    """A good feed lists one page, and the page is hostile: the entry is matched all the same."""
    given: dict[str, object] = {"entries": 1, "articles": 1, **expected}
    return Attack(name=name, replies={"/list": answer(feed(item())), "/page": reply}, **given)  # type: ignore[arg-type]


def item(
    title: str = "Lukashenko met an envoy", link: str = "http://outlet.test/page", more: str = ""
) -> str:
    return f"<item><title>{title}</title><link>{link}</link>{more}</item>"


def feed(*items: str, head: str = "") -> bytes:
    text = f"{head}<rss version='2.0'><channel><title>Outlet</title>{''.join(items)}</channel></rss>"
    return text.encode("utf-8", "surrogatepass")
