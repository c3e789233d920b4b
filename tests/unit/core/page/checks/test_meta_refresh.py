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
