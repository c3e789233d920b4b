"""A page of a known template: the same text and facts, by selectors; nothing lost when it changed."""

from __future__ import annotations

import dataclasses
from datetime import UTC, datetime

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from monitor.core.extract import extract, light_page
from monitor.core.page_facts import page_facts
from monitor.core.page_recipe import by_recipe, check_selector
from monitor.core.page_tree import tree_of
from monitor.model import Entry, Extracted, LearntRecipe, Recipe
from tests.recipe_pages import PROMO, page, sentences

NOW = datetime(2026, 11, 23, 12, tzinfo=UTC)
URL = "https://herald.example/story/1"
BOX = "div.story-text"
LETTERS = f"<div class='story-text'>{''.join(f'<p>{PROMO}, reader {n} writes.</p>' for n in range(5))}</div>"


def learnt(select: str = BOX, *, share: float = 0.95) -> LearntRecipe:
    return LearntRecipe(recipe=Recipe(select=select, share=share), learnt_at=NOW, pages=5, agreement=0.93)


def read(
    html: str, *recipes: LearntRecipe, recipe: Recipe | None = None, entry: Entry | None = None
) -> Extracted:
    return extract(html, url=URL, fetched_at=NOW, recipe=recipe, learnt=recipes, entry=entry)


def test_a_known_template_gives_the_same_article_and_names_its_recipe() -> None:
    ordinary, known = read(page(1)), read(page(1), learnt())
    assert known.text == ordinary.text
    assert (known.extracted_by, known.recipe, known.score) == ("learnt recipe", BOX, 0.93)
    assert known.authors == ("Ann Reporter",)
    assert known.published is not None
    same = {"extracted_by": "content", "recipe": "", "score": ordinary.score}
    assert dataclasses.replace(known, **same) == ordinary  # type: ignore[arg-type]


@pytest.mark.parametrize(
    ("html", "why"),
    [
        (page(1, box="body-copy"), "the class is gone"),
        (page(1, lead=f"<div class='story-text'>{PROMO}</div>", box="body-copy"), "next to nothing in it"),
        (page(1, box="body-copy", lead=LETTERS), "a small share of the page's prose"),
    ],
)
def test_a_page_of_another_template_is_read_the_ordinary_way(html: str, why: str) -> None:
    found = read(html, learnt(), learnt("#gone"))
    assert found.extracted_by == "content", why
    assert found.text.endswith(sentences(1)[-1])


def test_the_entrys_summary_and_the_linked_data_say_when_it_is_too_little() -> None:
    html = page(1, body=f"<p>{' '.join(sentences(1, 3))}</p>")
    long = " ".join(sentences(2, 40))
    entry = Entry(id="e", source_id="s", guid="e", url=URL, title="T", summary=long)
    assert read(html, learnt()).extracted_by == "learnt recipe"
    assert read(html, learnt(), entry=entry).extracted_by == "content"
    data = f'<script type="application/ld+json">{{"@type": "NewsArticle", "articleBody": "{long}"}}</script>'
    assert read(html.replace("</body>", f"{data}</body>"), learnt()).extracted_by != "learnt recipe"


def test_the_operators_recipe_comes_first_and_removes() -> None:
    html = page(1, lead=LETTERS, box="body-copy")
    found = read(html, learnt(), recipe=Recipe(select="div.body-copy", remove="p:first-child"))
    assert (found.extracted_by, found.recipe, found.score) == ("written recipe", "div.body-copy", 1.0)
    assert found.text == "\n".join(sentences(1)[1:])
    assert read(html, recipe=Recipe(select="div.gone")).extracted_by == "content"


@pytest.mark.parametrize("select", ["div[", "", "p:contains(x)", "::", "a{}"])
def test_what_is_no_selector_is_named_and_harms_no_page(select: str) -> None:
    with pytest.raises(ValueError, match="is no CSS selector"):
        check_selector(select)
    assert read(page(1), learnt(select)).extracted_by == "content"


def test_dates_that_only_readers_are_told_are_found_as_well() -> None:
    html = page(1).replace("article:published_time", "none")
    html = html.replace("<nav>", "<nav><span class='date'>20 November 2026</span>")
    assert read(html, learnt()).extracted_by == "learnt recipe"
    assert read(html, learnt()).published == read(html).published == datetime(2026, 11, 20, tzinfo=UTC)


_PIECES = st.sampled_from([
    "<div class='story-text'>", "</div>", "<p>", "</p>", "<h1>One headline</h1>", "</time>",
    "<time datetime='2026-11-20'>", "<a rel='next' href='/story/2'>", "<a rel='author'>Ann Bee</a>",
    "<meta name='author' content='Bo'>",
    "<span itemprop='author'>", "</span>", "<link rel='canonical' href='/x'>", "<title>One headline</title>",
    "<script type='application/ld+json'>{\"@type\": \"NewsArticle\", \"headline\": \"H\"}</script>", "<b>",
    *sentences(3),
])  # fmt: skip


@settings(max_examples=150, deadline=None)
@given(st.lists(_PIECES, max_size=40), st.sampled_from([BOX, "p", "div > p", "body", "html"]))
def test_odd_pages_never_raise_and_never_lose_their_text(pieces: list[str], select: str) -> None:
    html = "".join(pieces)
    ordinary, known = read(html), read(html, learnt(select, share=0.0))
    assert known.text or not ordinary.text


@settings(max_examples=60, deadline=None)
@given(st.text(max_size=200), st.text(max_size=20))
def test_no_bytes_and_no_selector_raise(html: str, select: str) -> None:
    by_recipe(html, Recipe(select=select), (learnt(),))


def test_the_facts_of_a_well_formed_page_are_those_of_the_whole_page() -> None:
    light = light_page(page(4))
    known, whole = by_recipe(light, None, (learnt(),)), tree_of(light)
    assert known is not None
    assert whole is not None
    assert page_facts(known.facts) == page_facts(whole)


def test_a_page_of_endless_tags_is_left_to_the_ordinary_way() -> None:
    html = page(1).replace("<nav>", "<nav>" + "<div>" * 30_000)
    assert by_recipe(light_page(html), None, (learnt(),)) is None
