"""Pages of an invented outlet, each with a text of its own, and what a redesign makes of them."""

from __future__ import annotations

import random

PROMO = "Our letter brings the best of the week to your inbox each Friday at noon"
_WORDS = """
    council bridge river tram harvest minister budget school winter train market village engine court
    forest signal harbour doctor station letter border factory teacher museum garden cable road wagon
    ticket archive orchard kitchen lantern meadow colony parcel quarry saddle timber vessel
"""


def sentences(number: int, count: int = 8) -> list[str]:
    """Sentences that no other number has; the last one names its number."""
    chance, words = random.Random(number), _WORDS.split()
    made = [
        f"The {' '.join(chance.choices(words, k=14))} was spoken of on day {number}." for _ in range(count)
    ]
    return [*made, f"So ended the account that bears the number {number}."]


def page(number: int, *, box: str = "story-text", lead: str = "", body: str = "") -> str:
    """An article's page; ``box`` is the class of the element around its text, ``lead`` stands before it."""
    body = body or "".join(f"<p>{sentence}</p>" for sentence in sentences(number))
    title = f"Account {number} of the tram council"
    return (
        f"<html lang='en'><head><title>{title} | Herald</title>"
        f"<meta property='article:published_time' content='2026-11-23T11:{number % 60:02}:00Z'>"
        f"<meta name='author' content='Ann Reporter'><link rel='canonical' href='/story/{number}'></head>"
        f"<body><nav><a href='/'>Front page</a></nav><div class='layout wide'>{lead}<h1>{title}</h1>"
        f"<div class='{box} css-1x2y{number}z9'>{body}<div class='promo-line'>{PROMO}</div></div></div>"
        "<footer>Herald of the town</footer></body></html>"
    )


def redesigned(number: int) -> str:
    """The same outlet's page later: the old class now stands at its readers' letters, before the article."""
    letters = "".join(
        f"<p>Reader {line} writes that nothing of it is so, and he was there.</p>" for line in range(9)
    )
    return page(
        number,
        box="body-copy",
        lead=f"<div class='story-text comments-list'>{letters}</div>",
        body="<br><br>".join(sentences(number)),
    )
