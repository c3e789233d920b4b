"""Which of a page's titles is the headline."""

from __future__ import annotations

from datetime import UTC, datetime

import pytest

from monitor.core.page.extract import extract

NOW = datetime(2026, 3, 2, 12, tzinfo=UTC)
URL = "https://www.rivertimes.example/2026/dam"
HEAD = "Dam above Vileyka will be drained for the first time in forty years"
BODY = "".join(
    f"<p>{text}</p>"
    for text in (
        (
            "The dam above Vileyka will be drained in April so that its gates can be taken out, the "
            "water board said."
        ),
        (
            "Fishermen asked for a delay until the spawn is over, and the board promised to answer "
            "them by Friday."
        ),
    )
)


def title(head: str, body: str = "") -> str:
    html = f"<html lang='en'><head>{head}</head><body>{body or f'<h1>{HEAD}</h1>'}{BODY}</body></html>"
    return extract(html, url=URL, fetched_at=NOW).title


def linked(headline: str) -> str:
    return f'<script type="application/ld+json">{{"@type": "NewsArticle", "headline": "{headline}"}}</script>'


def social(text: str) -> str:
    return f'<meta property="og:title" content="{text}">'


@pytest.mark.parametrize(
    ("head", "body"),
    [
        (social("Your morning briefing from the valley") + f"<title>{HEAD} | River Times</title>", ""),
        (linked("All about water") + social(HEAD), ""),
        (linked(HEAD[:52]) + social(HEAD), ""),
        (linked(HEAD[:40] + "…") + f"<title>{HEAD}</title>", ""),
        (linked(f"{HEAD} and what it means for anglers in the region") + social(HEAD), ""),
        (f"<title>{HEAD} - River Times</title>", f"<h1>River Times</h1><h2>{HEAD}</h2>"),
        (
            f"<title>River Times | {HEAD}</title><meta property='og:site_name' content='River Times'>",
            "<b></b>",
        ),
        (f"<title>{HEAD} | Water | River Times</title>", "<b></b>"),
        (social(f"River Times: {HEAD}") + "<meta property='og:site_name' content='River Times'>", "<b></b>"),
        (f"<title>{HEAD} – rivertimes.example</title>", "<b></b>"),
        ("", f"<h1> </h1><h2>{HEAD}</h2>"),
        (social(HEAD), f"<h1>{HEAD}</h1><h1>Most read</h1>"),
        ("<title>Home</title>", f"<div itemprop='headline'>{HEAD}</div><h1>{HEAD}</h1>"),
    ],
)
def test_the_headline_is_what_most_places_agree_on(head: str, body: str) -> None:
    assert title(head, body) == HEAD


@pytest.mark.parametrize(
    "headline",
    [
        "River Times changes hands: what the new owner wants",
        "Left - right: who votes for whom",
        "Talks end | nothing signed",
        "20:26 – the minute when the lights went out",
    ],
)
def test_a_headline_with_a_mark_or_the_outlets_name_in_it_stays_whole(headline: str) -> None:
    head = f"<title>{headline} | River Times</title><meta property='og:site_name' content='River Times'>"
    assert title(head + social(headline), f"<h1>{headline}</h1>") == headline
