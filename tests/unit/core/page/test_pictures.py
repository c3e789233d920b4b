"""Which addresses are pictures of an article, where they are found, and what is made of them."""

from __future__ import annotations

from dataclasses import replace
from datetime import timedelta
from urllib.parse import urlsplit

import pytest
from hypothesis import given
from hypothesis import strategies as st

from monitor.core.delivery.payload_json import payload_of
from monitor.core.delivery.plan import plan
from monitor.core.delivery.retry import after_receipt
from monitor.core.message.pictures import pictures_after, render_pictures
from monitor.core.page.extract import article as article_of
from monitor.core.page.extract import extract
from monitor.core.page.pictures import MOST_PICTURES, picture_addresses, stated_images
from monitor.model import (
    AlertSettings,
    Blocked,
    Delivery,
    Digest,
    Message,
    Mute,
    PictureSet,
    Placement,
    QuietHours,
    Receipt,
    Refused,
    Unsure,
)
from tests.support.records import NOW, article, chat, entry, match, source

BASE = "https://herald.example/news/1"
PICTURES = tuple(f"https://cdn.example/photo-of-{name}.jpg" for name in ("ann", "bob", "cid"))


@pytest.mark.parametrize(
    "stated",
    [
        "https://cdn.example/2026/05/minsk.jpg",
        "/files/minsk.webp?itok=abc",
        "//cdn.example/i/minsk.PNG",
        "https://cdn.example/image.php?id=77&amp;v=2",
        "https://i.ytimg.com/vi/abc/maxresdefault.jpg",
        "https://herald.example/sites/default/files/minsk.jpg",
        "https://cdn.example/16x9/minsk.jpg",
        "https://cdn.example/logotypes-are-made-here-4711.jpg",
    ],
)
def test_pictures(stated: str) -> None:
    (found,) = picture_addresses([stated], BASE)
    assert found.startswith("https://")
    assert "&amp;" not in found


@pytest.mark.parametrize(
    "stated",
    [
        "data:image/png;base64,iVBORw0KGgo=",
        "javascript:alert(1)",
        "ftp://cdn.example/minsk.jpg",
        "https://user:secret@cdn.example/minsk.jpg",
        "https://cdn.example/",
        "https://cdn.example/img/logo.png",
        "https://cdn.example/logo-white.png",
        "https://cdn.example/sprite/main.png",
        "https://cdn.example/favicon.png",
        "https://cdn.example/minsk.svg",
        "https://cdn.example/a.gif",
        "https://cdn.example/1x1.png",
        "https://cdn.example/pixel.png?u=1",
        "https://cdn.example/icon-32x32.png",
        "https://cdn.example/thumb/60x40/minsk.jpg",
        "https://cdn.example/minsk.jpg?w=40",
        "https://cdn.example/og-default.png",
        "https://cdn.example/share-image.jpg",
        "https://cdn.example/default.jpg",
        "https://mc.yandex.ru/watch/4711",
        "https://counter.herald.example/hit.jpg",
        "https://stats.g.doubleclick.net/r/minsk.jpg",
        "https://cdn.example/film.mp4",
        "https://cdn.example/" + "x" * 3000,
        "",
    ],
)
def test_no_pictures(stated: str) -> None:
    assert picture_addresses([stated], BASE) == ()


def test_of_several_cuts_of_one_picture_the_first() -> None:
    cuts = ["/p/minsk-1200x675.jpg", "/p/minsk-16x9.jpg", "/p/minsk.jpg?w=800", "/p/minsk@2x.jpg"]
    assert picture_addresses([*cuts, "/p/vilnius.jpg"], BASE) == (
        "https://herald.example/p/minsk-1200x675.jpg",
        "https://herald.example/p/vilnius.jpg",
    )


NASTY = st.one_of(
    st.text(max_size=60),
    st.builds(
        "{}{}{}{}".format,
        st.sampled_from(
            ["http://", "HTTPS://", "//", "/", "data:", "https://[::1", "https://a.example:x/", ""]
        ),
        st.text(max_size=20),
        st.sampled_from(["/", "", "/logo", "/1x1", "?w=", "/a-30x20", "\x00", "\ud800"]),
        st.sampled_from([".jpg", ".svg", ".JPG?x=1", "#.jpg", "", " .png"]),
    ),
)


@given(st.lists(NASTY, max_size=80), st.one_of(st.just(BASE), NASTY))
def test_whatever_stands_there_few_whole_web_addresses_come_of_it(stated: list[str], base: str) -> None:
    found = picture_addresses(stated, base)
    assert len(found) <= MOST_PICTURES
    assert len(set(found)) == len(found)
    for url in found:
        parts = urlsplit(url)
        assert parts.scheme in {"http", "https"}
        assert parts.hostname
        assert parts.username is None
        assert len(url) <= 2048
        assert not parts.path.lower().endswith((".svg", ".gif"))
        assert url.encode().isascii() or url.isprintable(), "every database can store it"
    assert picture_addresses(found, BASE) == found, "what was taken once is taken again"


def test_a_page_and_its_entry_say_where_they_are() -> None:
    page = """<html><head><base href="https://cdn.example/"><title>Minsk</title>
        <meta property="og:image" content="/big/minsk.jpg"><meta property="og:image" content="/big/envoy.jpg">
        <script type="application/ld+json">{"@type": "NewsArticle", "headline": "Minsk", "image": [
          "https://cdn.example/big/minsk.jpg",
          {"@type": "ImageObject", "url": "https://cdn.example/big/hall.jpg", "width": 1200},
          {"@type": "ImageObject", "url": "https://cdn.example/big/tiny.jpg", "width": "60px"},
          {"@type": "ImageObject", "url": {"no": "address"}}, 7, [["https://cdn.example/deep.jpg"]]]}</script>
        </head><body><article><p>The envoy met officials in Minsk.</p></article></body></html>"""
    found = extract(page, url=BASE, fetched_at=NOW)
    assert found.pictures == tuple(
        f"https://cdn.example/{name}.jpg" for name in ("big/minsk", "big/envoy", "big/hall", "deep")
    )
    listed = entry(pictures=("https://feed.example/other.jpg", "https://cdn.example/big/minsk.jpg"))
    made = article_of(found, entry=listed, source=source(), seen_at=NOW)
    assert made.pictures == (*found.pictures, "https://feed.example/other.jpg")


def planned(**changes: object) -> tuple[Delivery, ...]:
    return plan(
        article=article(pictures=PICTURES),
        placement=Placement(verdict="new", article_id="a1", story_id="s1"),
        matches=(match(),),
        already=(),
        told={},
        chats=(chat(**changes),),
        topics={},
        now=NOW,
    )


def test_pictures_are_planned_with_their_alert() -> None:
    assert [item.kind for item in planned()] == ["alert"]

    alert, one = planned(pictures="one")
    assert (one.kind, one.after_key, one.messages) == ("pictures", alert.key, 1)
    assert payload_of(one, PictureSet).pictures == PICTURES[:1]
    assert one.key == planned(pictures="one")[1].key != alert.key

    _, album = planned(pictures="album")
    assert (album.messages, payload_of(album, PictureSet).pictures) == (3, PICTURES)
    night = QuietHours(start=NOW.time(), end=(NOW + timedelta(hours=8)).time())
    alert, album = planned(pictures="album", quiet=night)
    assert album.not_before == alert.not_before > NOW


def test_who_is_at_risk_or_reads_digests_gets_none() -> None:
    for changes in (
        {"safe_links": "plain"},
        {"safe_links": "archive"},
        {"digest": Digest(every="daily")},
    ):
        assert [item.kind for item in planned(pictures="album", **changes)] == ["alert"]
    alert = planned()[0]
    assert pictures_after(alert, article(), chat(pictures="album")) == ()


def shown(**changes: object) -> Message | None:
    alert, album = planned(pictures="album")
    uncertain_sends = int(str(changes.pop("uncertain_sends", 0)))
    sent = replace(alert, state="sent", message_id=changes.pop("message_id", "77"))  # type: ignore[arg-type]
    row, to = replace(album, uncertain_sends=uncertain_sends), chat(**({"pictures": "album"} | changes))
    return render_pictures(payload_of(row, PictureSet), row, to, sent, NOW)


def test_a_message_of_pictures() -> None:
    message = shown()
    assert message is not None
    assert (message.plain, message.html, message.silent) == ("The Herald", "", True)
    assert (message.pictures, message.reply_to) == (PICTURES, "77")
    assert message.data["pictures"] == list(PICTURES)
    fewer, again = shown(pictures="one"), shown(uncertain_sends=1)
    assert fewer is not None
    assert fewer.pictures == PICTURES[:1]
    assert again is not None
    assert again.plain == "The Herald\n↻ possibly sent twice"


@pytest.mark.parametrize(
    "changes",
    [
        {"pictures": "off"},
        {"safe_links": "plain"},
        {"message_id": None},
        {"mutes": (Mute(kind="story", target="s1"),)},
        {"mutes": (Mute(kind="outlet", target="herald"),)},
        {"mutes": (Mute(kind="topic", target="belarus"),)},
    ],
)
def test_nothing_is_shown_that_is_not_wanted_any_more(changes: dict[str, object]) -> None:
    assert shown(**changes) is None


@pytest.mark.parametrize(
    ("receipt", "state", "told"),
    [
        (Refused(reason="Failed to get http url content"), "dead", []),
        (Refused(reason="can't parse entities", formatting=True), "dead", []),
        (Unsure(reason="timeout"), "unsure", []),
        (Blocked(reason="bot was blocked"), "dead", ["undelivered"]),
    ],
)
def test_a_picture_that_cannot_be_shown_bothers_nobody(receipt: Receipt, state: str, told: list[str]) -> None:
    _, album = planned(pictures="album")
    decision = after_receipt(album, receipt, chat(), AlertSettings(), NOW)
    assert decision.delivery.state == state
    assert decision.delivery.error
    assert not decision.delivery.plain_only
    assert [event.kind for event in decision.events] == told


@pytest.mark.parametrize(
    ("address", "shown"),
    [
        ("/a/100x100.jpg", True),
        ("/a/99x200.jpg", False),
        ("/a/16x9.jpg", True),  # a shape
        ("/a/10x200.jpg", False),
        ("/a/photo.jpg?w=100", True),
        ("/a/photo.jpg?w=99", False),
        ("/a/photo.jpg?height=99", False),
        ("/a/photo.jpg?x=9", True),
        ("/", False),
    ],
)
def test_a_picture_is_a_hundred_pixels_wide_and_high(address: str, shown: bool) -> None:
    assert bool(picture_addresses([address], "https://a.example/")) is shown


def test_ten_pictures_of_fifty_that_are_stated() -> None:
    many = [f"https://a.example/p/{name}{number}.jpg" for number in range(30) for name in ("a", "b")]
    assert len(picture_addresses(many, "https://a.example/")) == 10
    logos = [f"https://a.example/logo.{number}.png" for number in range(49)]
    photo = "https://a.example/photo.jpg"
    assert picture_addresses([*logos, photo], "https://a.example/") == (photo,)
    assert picture_addresses([*logos, logos[0], photo], "https://a.example/") == ()


@pytest.mark.parametrize(
    ("sides", "stated"),
    [
        ({}, 1),
        ({"width": 100, "height": "100"}, 1),
        ({"width": "99px"}, 0),
        ({"height": 99}, 0),
        ({"width": "wide"}, 1),
    ],
)
def test_an_image_that_says_it_is_tiny_is_none(sides: dict[str, object], stated: int) -> None:
    image = {"url": "https://a.example/photo.jpg", **sides}
    assert len(list(stated_images([[image]]))) == stated
    assert list(stated_images([[[[image]]]])) == [], "nobody nests so deep"
