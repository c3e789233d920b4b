"""A page read by the operator's selectors: the same text and facts; nothing lost when it changed."""

from __future__ import annotations

import dataclasses
from datetime import UTC, datetime

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from monitor.core.page.extract import extract, light_page
from monitor.core.page.readings import agreement, ways
from monitor.core.page.selectors import by_recipe, check_selector
from monitor.model import Entry, Extracted, Recipe
from tests.recipe_pages import PROMO, page, sentences

NOW = datetime(2026, 11, 23, 12, tzinfo=UTC)
URL = "https://herald.example/story/1"
BOX = Recipe(select="div.story-text")
LETTERS = f"<div class='story-text'>{''.join(f'<p>{PROMO}, reader {n} writes.</p>' for n in range(5))}</div>"


def read(html: str, recipe: Recipe | None = None, *, entry: Entry | None = None) -> Extracted:
    return extract(html, url=URL, fetched_at=NOW, recipe=recipe, entry=entry)


def test_a_recipe_gives_the_same_article_and_is_named() -> None:
    ordinary, known = read(page(1)), read(page(1), BOX)
    assert known.text == ordinary.text
    assert (known.extracted_by, known.recipe, known.score) == ("written recipe", "div.story-text", 1.0)
    assert known.authors == ("Ann Reporter",)
    assert known.published is not None
    same = {"extracted_by": "content", "recipe": "", "score": ordinary.score}
    assert dataclasses.replace(known, **same) == ordinary  # type: ignore[arg-type]


@pytest.mark.parametrize(
    ("html", "why"),
    [
        (page(1, box="body-copy"), "the class is gone"),
        (page(1, lead=f"<div class='story-text'>{PROMO}</div>", box="body-copy"), "next to nothing in it"),
    ],
)
def test_a_page_of_another_template_is_read_the_ordinary_way(html: str, why: str) -> None:
    found = read(html, BOX)
    assert (found.extracted_by, found.recipe) == ("content", ""), why
    assert found.text.endswith(sentences(1)[-1])


def test_the_entrys_summary_and_the_linked_data_say_when_it_is_too_little() -> None:
    html = page(1, body=f"<p>{' '.join(sentences(1, 3))}</p>")
    long = " ".join(sentences(2, 40))
    entry = Entry(id="e", source_id="s", guid="e", url=URL, title="T", summary=long)
    assert read(html, BOX).extracted_by == "written recipe"
    assert read(html, BOX, entry=entry).extracted_by == "content"
    data = f'<script type="application/ld+json">{{"@type": "NewsArticle", "articleBody": "{long}"}}</script>'
    assert read(html.replace("</body>", f"{data}</body>"), BOX).extracted_by != "written recipe"


def test_the_operators_word_counts_where_another_box_holds_more_and_what_is_removed_is_no_text() -> None:
    html = page(1, lead=LETTERS, box="body-copy")
    found = read(html, Recipe(select="div.body-copy", remove="p:first-child"))
    assert found.text == "\n".join(sentences(1)[1:])
    assert PROMO in read(html, BOX).text


def test_what_is_removed_from_the_text_may_still_state_a_fact() -> None:
    html = page(1, body=f"<time datetime='2026-11-19T08:00Z'>then</time><p>{' '.join(sentences(1))}</p>")
    html = html.replace("article:published_time", "none")
    found = read(html, Recipe(select="div.story-text", remove="time"))
    assert found.published == datetime(2026, 11, 19, 8, tzinfo=UTC)
    assert "then" not in found.text


@pytest.mark.parametrize("select", ["div[", "", "p:contains(x)", "::", "a{}"])
def test_what_is_no_selector_is_named_and_harms_no_page(select: str) -> None:
    with pytest.raises(ValueError, match="is no CSS selector"):
        check_selector(select)
    assert read(page(1), Recipe(select=select)).extracted_by == "content"


def test_dates_that_only_readers_are_told_are_found_as_well() -> None:
    html = page(1).replace("article:published_time", "none")
    html = html.replace("</h1>", "</h1><span class='date'>20 November 2026</span>")
    assert read(html, BOX).extracted_by == "written recipe"
    assert read(html, BOX).published == read(html).published == datetime(2026, 11, 20, tzinfo=UTC)


_PIECES = st.sampled_from([
    "<div class='story-text'>", "</div>", "<p>", "</p>", "<h1>One headline</h1>", "</time>",
    "<time datetime='2026-11-20'>", "<a rel='next' href='/story/2'>", "<a rel='author'>Ann Bee</a>",
    "<meta name='author' content='Bo'>",
    "<span itemprop='author'>", "</span>", "<link rel='canonical' href='/x'>", "<title>One headline</title>",
    "<script type='application/ld+json'>{\"@type\": \"NewsArticle\", \"headline\": \"H\"}</script>", "<b>",
    *sentences(3),
])  # fmt: skip


@settings(max_examples=150, deadline=None)
@given(
    st.lists(_PIECES, max_size=40),
    st.sampled_from(["div.story-text", "p", "div > p", "body", "html", "time"]),
)
def test_odd_pages_never_raise_and_never_lose_their_text(pieces: list[str], select: str) -> None:
    html = "".join(pieces)
    ordinary, known = read(html), read(html, Recipe(select=select))
    assert known.text or not ordinary.text


@settings(max_examples=60, deadline=None)
@given(st.text(max_size=200), st.text(max_size=20))
def test_no_bytes_and_no_selector_raise(html: str, select: str) -> None:
    by_recipe(html, Recipe(select=select))


def test_a_page_of_endless_tags_is_left_to_the_ordinary_way() -> None:
    html = page(1).replace("<nav>", "<nav>" + "<div>" * 30_000)
    assert by_recipe(light_page(html), BOX) == ""


def test_each_way_of_reading_says_what_it_finds() -> None:
    light, taken = light_page(page(2)), read(page(2)).text
    found = {way.name: way for way in ways(light, taken, Recipe(select="div.gone"))}
    assert list(found) == ["written recipe div.gone", "content", "linked data", "trafilatura"]
    assert (found["written recipe div.gone"].words, found["written recipe div.gone"].agreement) == (0, 0.0)
    assert (found["content"].words, found["content"].agreement) == (len(taken.split()), 1.0)
    assert found["trafilatura"].agreement > 0.8


def test_agreement_is_of_words_whatever_their_order_and_case() -> None:
    assert agreement("The tram STOPS", "stops, the tram!") == 1.0
    assert agreement("one two three four", "three four five six") == 0.5
    assert agreement("", "") == 0.0
