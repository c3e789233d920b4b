"""The article is told from what stands around it, by what causes confusion in general."""

from __future__ import annotations

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from monitor.core.page.article_text import page_text
from monitor.core.page.content import content
from monitor.core.page.tree import parse

TITLE = "Envoy's quiet visit ends with three released"
FIRST = (
    "A senior envoy held unannounced talks in the Belarusian capital on Friday, people who know of "
    "the visit said, the first contact of this rank between the two governments for five years."
)
SECOND = (
    "Three prisoners were driven to the Lithuanian border a day later. One of them holds an American "
    "passport, and relatives were waiting for all three with flowers on the far side of the bridge."
)
THIRD = (
    "Diplomats say that a wider amnesty could be answered by easing the measures against potash "
    "exporters and two state banks, although no promise of any kind has been put on paper so far."
)
OTHER = (
    "Quite another matter fills this paragraph, about the price of bread in a town by the sea, where "
    "bakers have closed their shops for a week and nobody knows when they will open them again."
)
ARTICLE = f"<h1>{TITLE}</h1><p>{FIRST}</p><p>{SECOND}</p><p>{THIRD}</p>"
BODY = (FIRST, SECOND, THIRD)


def paragraphs(body: str, *, title: str = TITLE) -> tuple[str, ...]:
    tree = parse(f"<html><head><title>{title} | Outlet</title></head><body>{body}</body></html>")
    assert tree is not None
    return content(tree).paragraphs


@pytest.mark.parametrize(
    "around",
    [
        f"<nav><p>{OTHER}</p></nav>{{}}",
        f"{{}}<div class='comments-area'><p>{OTHER}</p><p>{OTHER}</p></div>",
        f"{{}}<div id='relatedStories'><p>{OTHER}</p></div>",
        f"<div class='cookie-law-info'><p>{OTHER}</p><p>{OTHER}</p></div>{{}}",
        f"{{}}<aside><p>{OTHER}</p></aside>",
        f"{{}}<div class='author-bio'><p>{OTHER}</p></div>",
        f"{{}}<div style='display: none'><p>{OTHER}</p></div>",
        f"{{}}<section role='complementary'><p>{OTHER}</p></section>",
        f"<form id='aspnetForm'><div>{{}}</div></form><footer><p>{OTHER}</p></footer>",
    ],
)
def test_furniture_by_tag_name_role_or_style_is_left_out(around: str) -> None:
    assert paragraphs(around.format(f"<div class='text'>{ARTICLE}</div>")) == BODY


def test_a_name_that_lies_about_most_of_the_page_is_not_believed() -> None:
    assert paragraphs(f"<div class='widget'><div class='has-sidebar'>{ARTICLE}</div></div>") == BODY


def test_the_article_is_the_one_under_the_headline() -> None:
    cards = "".join(f"<article><h2>Another {n}</h2><p>{OTHER}</p></article>" for n in range(6))
    assert paragraphs(f"<main><article>{ARTICLE}</article><div class='list'>{cards}</div></main>") == BODY


@pytest.mark.parametrize(
    "inside",
    [
        "<ul><li><a href='/1'>One more thing happened</a></li><li><a href='/2'>And a third</a></li></ul>",
        "<p><strong>Read more: </strong><a href='/1'>What the envoy said in spring</a></p>",
        "<figure><img src='x'><figcaption>The bridge on Friday. Photo by somebody</figcaption></figure>",
        "<p class='byline'>By Somebody, in the capital</p>",
        "<div class='newsletter-signup'><p>Every day we send you the best of it. Enter an address.</p></div>",
        "<p>Sign up for the morning letter.</p>",
        "<button>Share</button>",
        "<svg><text>Sign</text></svg>",
        "<p>Падпішыцеся на наш канал.</p>",
    ],
)
def test_asides_between_the_paragraphs_are_left_out(inside: str) -> None:
    body = f"<div><h1>{TITLE}</h1><p>{FIRST}</p><p>{SECOND}</p>{inside}<p>{THIRD}</p></div>"
    assert paragraphs(body) == BODY


@pytest.mark.parametrize(
    "sentence",
    [
        "Підписів немає, і до кінця року їх не буде.",
        "Get the family out of the house first, the fireman told them.",
        "Published reports differ on how many were held.",
        "Подписи под письмом поставили сорок человек.",
        "Downloads of the file were stopped by noon.",
        "Related charges were dropped in spring.",
    ],
)
def test_sentences_that_begin_like_asides_stay(sentence: str) -> None:
    body = f"<div><h1>{TITLE}</h1><p>{FIRST}</p><p>{sentence}</p><p>{THIRD}</p></div>"
    assert paragraphs(body) == (FIRST, sentence, THIRD)


def test_what_belongs_to_the_article_stays() -> None:
    body = (
        f"<div><h1>{TITLE}</h1><p>{FIRST}</p><h2>What was agreed</h2>"
        "<ul><li>Three people are free as of Saturday.</li>"
        "<li>A list of further names was handed over.</li></ul>"
        f"<blockquote class='twitter-tweet'><p>We are on the bridge and see them coming.</p></blockquote>"
        f"<p>{SECOND} <a href='/x'>{'A long part of it is a link. ' * 3}</a></p></div>"
    )
    found = paragraphs(body)
    assert found[0] == FIRST
    assert found[1:4] == (
        "What was agreed",
        "Three people are free as of Saturday.",
        "A list of further names was handed over.",
    )
    assert found[4] == "We are on the bridge and see them coming."
    assert found[5].startswith(SECOND)


@pytest.mark.parametrize("quote", ["„So etwas habe ich nie gesehen“", "»So etwas habe ich nie gesehen«"])
def test_speech_may_end_an_article(quote: str) -> None:
    assert paragraphs(f"<main>{ARTICLE}<blockquote>{quote}</blockquote></main>")[-1] == quote


def test_rows_of_values_under_a_heading_end_an_article() -> None:
    rows = "<tr><th>Town</th><th>Hour</th></tr><tr><td>Braslaw</td><td>7:30</td></tr>"
    table = f"<h3>When the ferry leaves</h3><table>{rows}</table>"
    labels = "<h3>Sections</h3><ul><li>Home news</li><li>Other sport</li></ul>"
    assert paragraphs(f"<main>{ARTICLE}{table}</main>")[-2:] == ("Town Hour", "Braslaw 7:30")
    assert paragraphs(f"<main>{ARTICLE}{labels}</main>") == BODY


def test_lines_broken_by_br_and_words_broken_by_tags() -> None:
    body = f"<div><h1>{TITLE}</h1>{FIRST}<br><br>{SECOND}<br>{THIRD} Luka<b>shen</b>ko<i></i></div>"
    text = " ".join(paragraphs(body))
    assert "Lukashenko" in text
    assert f"{FIRST} {SECOND}" in text


def test_a_heading_that_heads_nothing_goes() -> None:
    assert paragraphs(f"<div>{ARTICLE}<h3>More stories</h3></div>") == BODY


def test_the_score_grows_with_text_and_share() -> None:
    whole = parse(f"<title>{TITLE}</title><div>{ARTICLE}</div>")
    short = parse(f"<title>{TITLE}</title><div><h1>{TITLE}</h1><p>{FIRST}</p></div>")
    assert whole is not None
    assert short is not None
    assert 0 < content(short).score < content(whole).score <= 1


def test_text_that_only_the_linked_data_hold() -> None:
    tree = parse(f"<title>{TITLE}</title><div id='app'></div>")
    assert tree is not None
    assert page_text(tree, "\n".join(BODY)).by == "linked data"


def test_one_piece_of_text_however_long_does_not_outweigh_an_article() -> None:
    terms = f"<div id='terms'><p>{OTHER * 20}</p></div>"
    assert (
        paragraphs(f"<div><div class='story'>{ARTICLE.replace('</h1>', '</h1>')}</div>{terms}</div>") == BODY
    )


@settings(max_examples=60, deadline=None)
@given(
    st.lists(st.sampled_from(["<div>", "</div>", "<p>", "<ul><li>", "<a>", "</a>", "<b>", f"{FIRST} ", "x"]))
)
def test_no_page_is_too_odd(pieces: list[str]) -> None:
    tree = parse("".join(pieces) or "<p>")
    if tree is not None:
        assert all(content(tree).paragraphs)
