"""Whether the page that came for an entry is its article."""

from __future__ import annotations

import pytest

from monitor.core.page.checks.other_page import carries, is_shallower, is_specific, why_other
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


@pytest.mark.parametrize(
    ("address", "specific"),
    [
        ("https://a.example/dam-is-drained", True),
        ("https://a.example/dam-drained", False),
        ("https://a.example/dam_is+drained", True),
        ("https://a.example/news/1234", True),
        ("https://a.example/news/123", False),
        ("https://a.example/news?id=7", True),
        ("https://a.example/news?page=next", False),
        ("https://a.example/", False),
    ],
)
def test_an_address_of_one_article(address: str, specific: bool) -> None:
    assert is_specific(address) is specific


@pytest.mark.parametrize(
    ("asked", "answered", "shallower"),
    [
        ("https://a.example/news/dam", "https://a.example/news", True),
        ("https://a.example/news/dam", "https://a.example/", True),
        ("https://a.example/news/dam", "https://a.example/dam", False),
        ("https://a.example/news/dam", "https://a.example/sport/pike", False),
        ("https://a.example/news/dam", "https://a.example/dam-is-drained", False),
        ("https://a.example/news", "https://a.example/sport", False),
        ("https://a.example/news/dam", "https://b.example/", True),
        ("https://a.example/news/dam", "https://b.example/x", False),
        ("https://a.example/", "https://a.example/", False),
    ],
)
def test_an_answer_that_names_less(asked: str, answered: str, shallower: bool) -> None:
    assert is_shallower(asked, answered) is shallower


@pytest.mark.parametrize(
    ("address", "asked", "carried"),
    [
        ("https://b.example/login?to=%2Fnews%2Fdam", "https://a.example/news/dam", True),
        ("https://b.example/login?to=%252Fnews%252Fdam", "https://a.example/news/dam/", True),
        ("https://b.example/login#/news/dam", "https://a.example/news/dam", True),
        ("https://a.example/x/news/dam?from=/news/dam", "https://a.example/news/dam", False),
        ("https://b.example/login?to=%2F", "https://a.example/", False),
        ("https://b.example/login?to=%2Fnews", "https://a.example/news/dam", False),
    ],
)
def test_an_address_that_carries_another(address: str, asked: str, carried: bool) -> None:
    assert carries(address, asked) is carried


def test_what_says_nothing_against_a_page_lets_it_pass() -> None:
    entry = Entry(id="e", source_id="s", guid="", url=URL, title="Dam", summary="")
    bare = Extracted(url=URL, canonical_url=URL, title="Else", text=OTHER, titled=True)
    assert why_other(entry, bare) == "", "one word proves nothing"
    few = Entry(id="e", source_id="s", guid="", url=URL, title="Dam above Vileyka drained", summary="")
    short = Extracted(url=URL, canonical_url=URL, title="", text="word " * 149, titled=False)
    assert why_other(few, short) == "the headline is nowhere on the page"
    three = Entry(id="e", source_id="s", guid="", url=URL, title="Above Vileyka drained", summary="")
    long = Extracted(url=URL, canonical_url=URL, title="", text="word " * 150, titled=False)
    assert why_other(three, long) == "", "three words and a long text are no proof"
    four = Entry(id="e", source_id="s", guid="", url=URL, title="River above Vileyka drained", summary="")
    assert why_other(four, long) == "the headline is nowhere on the page"
