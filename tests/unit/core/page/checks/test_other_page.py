"""Whether the page that came for an entry is its article."""

from __future__ import annotations

import pytest

from monitor.core.page.checks.other_page import why_other
from monitor.model import Entry, Extracted

URL = "https://rivertimes.example/news/2026/dam-is-drained"
HEAD = "Dam above Vileyka is drained"
SUMMARY = "The water board takes out the old gates in April, anglers protest."
OTHER = (
    "Choirs of the valley sing in the old church every Sunday and everybody is welcome to join them. "
) * 12


def why(title: str, text: str, *, url: str = URL, summary: str = SUMMARY, before: bool = False) -> str:
    entry = Entry(id="e", source_id="s", guid="", url=URL, title=HEAD, summary=summary)
    found = Extracted(url=url, canonical_url=url, title=title, text=text, titled=bool(title))
    return why_other(entry, found, came_before=lambda: before)


@pytest.mark.parametrize(
    ("title", "url"),
    [
        ("River Times: news of the valley", "https://rivertimes.example/"),
        ("News", "https://rivertimes.example/news/"),
        ("Sign in", "https://rivertimes.example/account?return=%2Fnews%2F2026%2Fdam-is-drained"),
        ("Before you go on", "https://consent.example.net/x?to=https%3A%2F%2Frivertimes.example%2Fnews%2F2026%2Fdam-is-drained"),
        ("Just a second", URL),
        ("Page not found", URL),
        ("", URL),
    ],
)  # fmt: skip
def test_pages_that_are_not_the_article(title: str, url: str) -> None:
    assert why(title, OTHER, url=url)


def test_a_front_page_that_lists_the_headline_is_not_the_article() -> None:
    assert why("River Times", f"{HEAD}\n{OTHER}", url="https://rivertimes.example/")


def test_the_same_page_for_another_entry_is_nobodys() -> None:
    half = f"Dam builders sing. {OTHER}"
    assert why("Valley news of the week", half, before=True)
    assert not why("Valley news of the week", f"{half} {SUMMARY}")


@pytest.mark.parametrize(
    ("title", "text", "url"),
    [
        (HEAD, OTHER, URL),
        ("Vileyka dam drained, anglers are angry", OTHER, URL),
        ("Water board has its way", f"{SUMMARY} The dam above Vileyka will be empty by June. {OTHER}", URL),
        (HEAD, OTHER, "https://rivertimes.example/dam-above-vileyka-is-drained"),
        ("Quite another title", f"{HEAD}. {OTHER}", "https://rivertimes.example/a/7012345"),
        ("Tama opróżniona", f"{SUMMARY} {OTHER}", URL),
    ],
)
def test_pages_that_are(title: str, text: str, url: str) -> None:
    assert why(title, text, url=url) == ""
