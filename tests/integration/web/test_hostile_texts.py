"""What outlets write is text on every page, whatever it looks like."""

from __future__ import annotations

import re
from collections.abc import Iterator
from html.parser import HTMLParser

import pytest

from tests.support.desk import DeskWorld

CORPUS = (
    "<script>alert(1)</script>",
    "<img src=x onerror=alert(1)>",
    '"><svg onload=alert(1)>',
    "' onmouseover='alert(1)",
    "</title><script>alert(1)</script>",
    "</textarea><script>alert(1)</script>",
    '<!--<img src="--><img src=x onerror=alert(1)//">',
    "{{ 7*7 }}{% raw %}",
    "<iframe srcdoc='<script>alert(1)</script>'>",
    "<a href=javascript:alert(1)>x</a>",
    "&lt;script&gt;alert(1)&lt;/script&gt;",
    "\u202egpj.exe \u2066hidden\u2069",
    "<style>*{display:none}</style>",
    "<base href=//evil.example>",
    "<form action=//evil.example><button>x</button></form>",
    "<meta http-equiv=refresh content='0;url=//evil.example'>",
)


class Tags(HTMLParser):
    """Every tag with its attributes, and the text of the page."""

    def __init__(self) -> None:
        super().__init__()
        self.tags: list[tuple[str, dict[str, str | None]]] = []

    def handle_starttag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        self.tags.append((tag, dict(attrs)))


def tags_of(html: str) -> list[tuple[str, dict[str, str | None]]]:
    parser = Tags()
    parser.feed(html)
    return parser.tags


@pytest.fixture(scope="module")
def hostile(seen: DeskWorld) -> DeskWorld:
    """The corpus in headlines, texts, authors and addresses, matched by a topic and told to a chat."""
    for number, text in enumerate(CORPUS):
        seen.keep(
            f"hostile-{number}",
            f"{text} potash sanctions {number}. Potash sanctions number {number}: {text} and so on. {text}",
            authors=(text,),
        )
    seen.keep(
        "address",
        "Potash sanctions by address. A potash embargo.",
        url="javascript:alert(1)//https://x.example/",
    )
    seen.poll(
        "wire", health="failing", error=CORPUS[0], failures=3, note=CORPUS[1], moved_to="javascript:alert(1)"
    )
    seen.store.chats.pause("console:main", CORPUS[0], seen.at)
    seen.store.articles.index()
    return seen


def _pages(world: DeskWorld) -> Iterator[tuple[str, str]]:
    client = world.client()
    paths = [
        "/",
        "/sources",
        "/sources/herald",
        "/sources/wire",
        "/stories?limit=100",
        "/outbox?state=cancelled",
    ]
    paths += ["/chats", "/topics", "/topics/potash", "/search?q=potash&limit=100", "/why?q=potash sanctions"]
    found = client.get("/api/v1/stories?limit=100").json()["stories"]
    for row in found:
        paths += [f"/stories/{row['id']}"]
        article = client.get(f"/api/v1/stories/{row['id']}").json()["first"]["article_id"]
        paths += [f"/articles/{article}", f"/why?q={article}"]
    for text in CORPUS[:6]:
        yield "/why", client.get("/why", params={"q": text}).text
        yield "/sources", client.get("/sources", params={"q": text}).text
    for text in CORPUS:
        yield "/search", client.get("/search", params={"q": text}).text
        yield "/topics/new", client.get("/topics/new", params={"query": text}).text
        yield "/sign-in", client.get("/sign-in", params={"next": text}).text
    for path in paths:
        yield path, client.get(path).text


def test_no_page_holds_a_tag_or_an_attribute_of_an_outlet(hostile: DeskWorld) -> None:
    seen = 0
    for path, html in _pages(hostile):
        seen += 1
        for tag, attributes in tags_of(html):
            said = (path, tag, attributes)
            assert tag not in {"img", "iframe", "style", "base", "object", "embed"}, said
            assert not any(name.startswith("on") or name == "style" for name in attributes), said
            if tag == "script":
                assert attributes.get("src") == "/static/desk.js", said
            if tag == "form":
                assert (attributes.get("action") or "/").startswith("/"), said
                assert not (attributes.get("action") or "/").startswith("//"), said
            for name in ("href", "src", "action", "formaction"):
                value = (attributes.get(name) or "").strip().lower()
                assert re.match(r"(?:/(?!/)|https?://|#|$)", value), said
        assert "49" not in re.findall(r"\{\{ 7\*7 \}\}|\b49\b(?=\{%)", html)
        assert "\u202e" not in html, path
    assert seen > 80


def test_the_texts_are_there_to_be_read(hostile: DeskWorld) -> None:
    text = hostile.client().get("/search?q=potash&limit=100").text
    assert "&lt;script&gt;" in text or "alert(1)" in text
