"""A long text in a feed may still be an excerpt."""

from __future__ import annotations

import pytest

from monitor.core.page.checks.excerpt import is_excerpt

URL = "https://a.example/dam"
P = "<p>The water board drains the dam in April, and the gates will be taken out one by one.</p>"


@pytest.mark.parametrize(
    "content",
    [
        f"{P * 9}<p>The gates are […]</p>",
        f"{P * 9}<p>The gates are heavy...</p>",
        f"{P * 9}<p><a href='{URL}?utm_source=rss'>Weiterlesen</a></p>",
        f"{P * 9}<p>Four of the gates will be sold by weight to a dealer from the next town who</p>",
    ],
)
def test_excerpts(content: str) -> None:
    assert is_excerpt(content, URL)


@pytest.mark.parametrize(
    "content",
    [
        P * 9,
        (
            f"{P * 9}<p>The post <a href='{URL}'>Dam</a> appeared first on <a "
            "href='https://a.example'>A</a>.</p>"
        ),
        f"{P * 9}<p>See also <a href='https://a.example/choir'>the choir's prize</a></p>",
        f"{P * 9}<p>Photo: Ann Lee</p>",
        "word " * 150,
    ],
)
def test_whole_texts(content: str) -> None:
    assert not is_excerpt(content, URL)
