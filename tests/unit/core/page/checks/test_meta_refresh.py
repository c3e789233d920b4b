"""Pages that only send their reader on."""

from __future__ import annotations

import pytest

from monitor.core.page.checks.meta_refresh import refresh_target

URL = "https://a.example/old"


@pytest.mark.parametrize(
    ("meta", "target"),
    [
        ('<meta http-equiv="refresh" content="0; url=/new">', "https://a.example/new"),
        (
            ("<META content='0;URL=https://b.example/x?a=1&amp;b=2' HTTP-EQUIV=Refresh>"),
            "https://b.example/x?a=1&b=2",
        ),
        ("""<meta http-equiv="refresh" content="1; url='/new'">""", "https://a.example/new"),
        ('<meta http-equiv="refresh" content="300">', None),
        ('<meta http-equiv="refresh" content="60; url=/new">', None),
        ('<meta http-equiv="refresh" content="0; url=javascript:x">', None),
        ('<meta http-equiv="refresh" content="0; url=/old">', None),
        ('<meta name="refresh" content="0; url=/new">', None),
    ],
)
def test_where_a_page_sends_its_reader(meta: str, target: str | None) -> None:
    assert refresh_target(f"<html><head>{meta}</head><body>Moved</body></html>".encode(), URL) == target


def test_a_page_with_text_is_read_and_not_left() -> None:
    meta = '<meta http-equiv="refresh" content="0; url=/new">'
    assert refresh_target(f"{meta}<p>{'There is much to read here. ' * 40}</p>", URL) is None


def sent(content: str, *, text: str = "", at: str = "https://a.example/1") -> str | None:
    page = f'<html><head><meta http-equiv="refresh" content="{content}"></head><body>{text}</body></html>'
    assert refresh_target(page, at) == refresh_target(page.encode(), at)
    return refresh_target(page, at)


def test_a_reader_is_sent_on_at_once_or_within_five_seconds() -> None:
    assert sent("0; url=/2") == sent("5;url=/2") == sent("0.5, /2") == "https://a.example/2"
    assert sent("6; url=/2") is None
    assert sent("0; url=/1") is None, "a page that loads itself again"
    assert sent("0; url=javascript:x") is None
    assert sent("300") is None


def test_a_page_that_shows_something_is_the_page() -> None:
    assert sent("0; url=/2", text="x" * 599) == "https://a.example/2"
    assert sent("0; url=/2", text="x" * 600) is None
    assert sent("0; url=/2", text=f"<script>{'x' * 700}</script><p>{'y' * 599}</p>") == "https://a.example/2"
    assert sent("0; url=/2", text=f"<script>{'x' * 700}</script><p>{'y' * 600}</p>") is None
    assert sent("0; url=/2", text=f"<style>{'x' * 60_000}") is None, "a large page"


def test_of_several_the_first_that_sends_on_counts() -> None:
    def meta(content: str) -> str:
        return f'<meta http-equiv="refresh" content="{content}">'

    page = meta("99; url=/a") + meta("0; url=/b") + meta("0; url=/c")
    assert refresh_target(page, "https://a.example/1") == "https://a.example/b"
