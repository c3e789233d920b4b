"""Telegram's preview pages: posts of public channels, and why others cannot be read."""

from __future__ import annotations

from datetime import UTC, datetime
from pathlib import Path

import pytest
from pydantic import ValidationError

from monitor.errors import ParseError
from monitor.model import Fetched, Parsed, Source
from monitor.sources.kinds.telegram import KIND, TelegramSourceOptions

SAMPLES = Path(__file__).parents[3] / "data" / "telegram"
NOW = datetime(2026, 3, 2, tzinfo=UTC)
URL = "https://t.me/s/riverwatch"


def source(url: str = URL, **options: object) -> Source:
    return Source(id="river", name="River", kind="telegram", url=url, options=options)


def read(body: bytes, **options: object) -> Parsed:
    return KIND.parse(source(URL, **options), Fetched(url=URL, status=200, body=body, fetched_at=NOW))


def sample(name: str) -> bytes:
    return (SAMPLES / name).read_bytes()


def test_posts_newest_first_with_link_text_and_date() -> None:
    """A bare picture and "channel created" say nothing and are passed over."""
    parsed = read(sample("channel.html"))
    assert parsed.title == "River Watch & Co"
    assert [entry.guid for entry in parsed.entries] == ["riverwatch/44", "riverwatch/42", "riverwatch/41"]
    post = parsed.entries[-1]
    assert post.url == "https://t.me/riverwatch/41"
    assert post.title == "Ice on the upper river breaks early"
    assert post.summary.endswith("Barges wait at three locks 🧊, says the port.")
    assert post.published == datetime(2026, 3, 1, 7, 15, tzinfo=UTC)
    assert post.authors == ("Nina K.",)


def test_a_forwarded_post_names_whom_it_is_from() -> None:
    """Its text is its own, not that of the post it answers; forwards may be left out."""
    post = read(sample("channel.html")).entries[1]
    assert post.authors == ("Harbour News",)
    assert post.summary == "Порт сегодня закрыт <до вечера>."
    kept = read(sample("channel.html"), forwards=False).entries
    assert [entry.guid for entry in kept] == ["riverwatch/44", "riverwatch/41"]


def test_a_post_that_is_only_a_link_tells_what_it_links_to() -> None:
    """Else a headline that a channel passes on would be missed."""
    post = read(sample("channel.html")).entries[0]
    assert (post.title, post.summary) == ("The dam holds", "The dam holds\nEngineers looked at it twice.")


def test_posts_need_no_page_of_their_own() -> None:
    """t.me shows nothing there that the preview does not."""
    assert not any(KIND.has_page(entry) for entry in read(sample("channel.html")).entries)


@pytest.mark.parametrize(
    ("name", "said"),
    [("preview-off.html", "Quiet River has its preview off"), ("group.html", "River Talk is a group")],
)
def test_what_cannot_be_read_is_told_with_the_mend(name: str, said: str) -> None:
    """Telegram answers 200 with a page of contact: silence would pass for "nothing new"."""
    with pytest.raises(ParseError, match=said) as caught:
        read(sample(name))
    assert "watch the outlet's site" in str(caught.value) or "public channel" in str(caught.value)


def test_a_channel_without_posts_lists_none() -> None:
    """New channels are no failure."""
    assert read(b"<html><body><div class='tgme_channel_info'></div></body></html>").entries == ()


def test_another_page_is_refused() -> None:
    """A captive portal, say."""
    with pytest.raises(ParseError, match="instead of a Telegram channel's preview page: Log in"):
        read(b"<html><head><title>Log in</title></head><body></body></html>")


@pytest.mark.parametrize(
    ("url", "options"),
    [
        (URL, {}),
        ("https://t.me/riverwatch", {}),
        ("https://telegram.me/riverwatch/", {}),
        ("https://t.me", {"channel": "@riverwatch"}),
    ],
)
def test_the_preview_is_asked_for_whatever_the_spelling(url: str, options: dict[str, object]) -> None:
    """People copy the channel's address as they find it."""
    asked = KIND.request(source(url, **options), None).url
    assert asked.partition(".me")[2] == "/s/riverwatch"


def test_a_host_alone_is_not_enough() -> None:
    """The mend names the option."""
    with pytest.raises(ParseError, match="options channel"):
        KIND.request(source("https://t.me/"), None)
    with pytest.raises(ValidationError, match="public name"):
        TelegramSourceOptions(channel="https://t.me/riverwatch")


def test_polls_files_and_previews_are_read_beside_the_text() -> None:
    def post(number: int, inner: str) -> str:
        return (
            f"<div class='tgme_widget_message' data-post='dam/{number}'>{inner}"
            f"<a class='tgme_widget_message_date' href='https://t.me/dam/{number}'></a></div>"
        )

    name = "tgme_widget_message"
    text = f"<div class='{name}_text'>Look at this</div>"
    preview = "<div class='link_preview_title'>Gates sold</div>"
    preview += "<div class='link_preview_description'>By weight</div>"
    options = "".join(f"<div class='{name}_poll_option_text'>{each}</div>" for each in ("April", "May"))
    poll = f"<div class='{name}_poll'><div class='{name}_poll_question'>When?</div>{options}</div>"
    file = f"<div class='{name}_document_title'>Plan of the dam.pdf</div>"
    repeated = f"<div class='{name}_text'>Gates sold by the board</div>"
    repeated += "<div class='link_preview_title'>Gates sold</div>"
    posts = post(1, text + preview) + post(2, poll) + post(3, text + file) + post(4, repeated)
    found = read(f"<section class='tgme_channel_info'></section>{posts}".encode())
    assert [entry.content for entry in reversed(found.entries)] == [
        "Look at this<br>Gates sold<br>By weight",
        "When?<br>April<br>May",
        "Look at this<br>Plan of the dam.pdf",
        "Gates sold by the board",
    ]
