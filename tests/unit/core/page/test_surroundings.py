"""What belongs to an article and does not stand in the box that holds most of it; what must not join it."""

from __future__ import annotations

from datetime import UTC, datetime

import pytest

from monitor.core.page.extract import extract

NOW = datetime(2026, 3, 2, 12, tzinfo=UTC)
URL = "https://rivertimes.example/news/dam"
HEAD = "Dam above Vileyka is drained"
LEAD = "For the first time in forty years the gates will be taken out"
P1 = (
    "The dam above Vileyka will be drained in April so that its gates can be taken out, the "
    "board said on Monday."
)
P2 = (
    "Fishermen asked for a delay until the spawn is over, and the board promised to give "
    "them an answer by Friday."
)
P3 = (
    "Nobody lives below the dam any more, but two summer camps will stay closed this year, "
    "the governor explained."
)
P4 = (
    "The work is paid for by the province and will last until the first frost, unless the "
    "river rises again in May."
)
OTHER = (
    "A choir from the valley won a prize in Riga and came home on a bus that broke down "
    "twice on its way there."
)
BODY = f"<p>{P1}</p><p>{P2}</p><p>{P3}</p><p>{P4}</p>"


def lines(body: str, head: str = "") -> list[str]:
    html = f"<html lang='en'><head><title>{HEAD} | River Times</title>{head}</head><body>{body}</body></html>"
    return extract(html, url=URL, fetched_at=NOW).text.split("\n")


@pytest.mark.parametrize(
    "top",
    [
        f"<header><h1>{HEAD}</h1><p>{LEAD}</p></header>",
        f"<div><h1>{HEAD}</h1></div><div class='x1'><h2>{LEAD}</h2></div>",
        f"<h1>{HEAD}</h1><div><em>{LEAD}</em></div><figure><img src='a.jpg'></figure>",
        (
            f"<div class='hed'><h1>{HEAD}</h1><div class='dek'>{LEAD}</div><div class='byline'>By Ann "
            "Lee</div></div>"
        ),
        f"<h1>{HEAD}</h1><time datetime='2026-03-01'>1 March 2026</time><p class='zajawka'>{LEAD}</p>",
    ],
)
def test_the_standfirst_comes_first(top: str) -> None:
    assert lines(f"<main>{top}<div class='body'>{BODY}</div></main>") == [LEAD, P1, P2, P3, P4]


def test_a_standfirst_in_furniture_is_known_by_the_pages_description() -> None:
    head = f'<meta name="description" content="{LEAD}">'
    top = f"<h1>{HEAD}</h1><div class='share-teaser'>{LEAD}</div>"
    assert lines(f"<main>{top}<div class='body'>{BODY}</div></main>", head)[0] == LEAD


@pytest.mark.parametrize(
    "top",
    [
        f"<h1>{HEAD}</h1><div>By Ann Lee, Water Correspondent of the Times in Minsk</div>",
        f"<h1>{HEAD}</h1><div>Monday, 1 March 2026, 10:30 a.m. local time</div>",
        f"<h1>{HEAD}</h1><div>{HEAD}: {P1[:70]}…</div>",
        (
            f"<h1>{HEAD}</h1><div><a href='/a'>Another story that is told</a> <a href='/b'>and a "
            "third one</a></div>"
        ),
        f"<h1>{HEAD}</h1><div>Subscribe to our newsletter to know more</div>",
    ],
)
def test_what_stands_below_the_headline_and_is_no_standfirst(top: str) -> None:
    assert lines(f"<main>{top}<div class='body'>{BODY}</div></main>") == [P1, P2, P3, P4]


@pytest.mark.parametrize(
    "body",
    [
        (
            f"<div class='part'><p>{P1}</p><p>{P2}</p></div><div class='ad'>Ad</div><div class='part'>"
            f"<p>{P3}</p><p>{P4}</p></div>"
        ),
        (
            f"<div class='t-1'><p>{P1}</p></div><div class='t-2'><p>{P2}</p></div><div class='t-3'>"
            f"<p>{P3}</p><p>{P4}</p></div>"
        ),
        f"<div class='intro'><p>{P1}</p></div><div class='rest'><p>{P2}</p><p>{P3}</p><p>{P4}</p></div>",
        f"<div class='rest'><p>{P1}</p><p>{P2}</p><p>{P3}</p></div><p>{P4}</p>",
    ],
)
def test_a_body_in_several_containers_is_whole(body: str) -> None:
    assert lines(f"<article><h1>{HEAD}</h1>{body}</article>") == [P1, P2, P3, P4]


@pytest.mark.parametrize(
    "after",
    [
        f"<div class='box'><h3>About us</h3><p>{OTHER}</p></div>",
        (
            "<div class='box'><p>River Times is a weekly paper of the valley that was founded by two "
            "teachers in 1991.</p></div>"
        ),
        "".join(
            f"<div class='t'><h3><a href='/{n}'>Choir number {n} wins</a></h3><p>{OTHER}</p></div>"
            for n in range(4)
        ),
        f"<article><h2>Choir wins prize</h2><p>{OTHER}</p><p>{OTHER} Again.</p></article>",
        (
            f"<div><h4>Mielipiteet (2)</h4><div class='m'><p>{OTHER}</p></div><div class='m'>"
            f"<p>{OTHER}</p></div></div>"
        ),
        f"<div hidden><p>{OTHER}</p></div>",
    ],
)
def test_what_follows_and_is_about_something_else_stays_out(after: str) -> None:
    assert lines(f"<main><article><h1>{HEAD}</h1><div>{BODY}</div></article>{after}</main>") == [
        P1,
        P2,
        P3,
        P4,
    ]


def test_a_flash_is_all_there_is() -> None:
    flash = "Water has reached the first street of Vileyka, the rescue service says."
    about = "".join(f"<p>{OTHER} {n}.</p>" for n in range(4))
    page = f"<main><article><h1>{HEAD}</h1><p>{flash}</p></article><div class='zz'>{about}</div></main>"
    assert lines(page) == [flash]


@pytest.mark.parametrize(
    "end",
    [
        "<p>These streets are closed on Friday:</p><ul><li>Green Street</li><li>Mill Lane</li></ul>",
        (
            "<p>These men were named in court today:</p><ul><li><a href='/1'>Ivan Kot</a></li><li><a "
            "href='/2'>Piotr Zub</a></li></ul>"
        ),
        (
            "<table><tr><th>Street</th><th>Depth in metres</th></tr><tr><td>Mill Lane</td><td>2.40"
            "</td></tr></table>"
        ),
        "<dl><dt>Green Street</dt><dd>closed until Monday</dd></dl>",
        "<p>Save our river, save the town</p>",
    ],
)
def test_lists_tables_and_lines_at_the_end_stay(end: str) -> None:
    found = lines(f"<article><h1>{HEAD}</h1>{BODY}{end}</article>")
    assert found[:4] == [P1, P2, P3, P4]
    assert len(found) > 4
    assert found[-1].split()[-1] in {"Lane", "Zub", "2.40", "Monday", "town"}


@pytest.mark.parametrize(
    ("html", "sentence"),
    [
        (("<p>The board thanked <a class='tag-link' href='/t/1'>Nina Sokal</a>'s team for its work "
            "last year.</p>"),
         "The board thanked Nina Sokal's team for its work last year."),
        (("<p><a href='/x'>The board will answer all letters that came before the first of May"
            "</a>, it wrote.</p>"),
         "The board will answer all letters that came before the first of May, it wrote."),
        ("<p>The mayor, <span class='author-name'>Oleg Bui</span>, was not at home when the letter came.</p>",
         "The mayor, Oleg Bui, was not at home when the letter came."),
    ],
)  # fmt: skip
def test_names_and_sentences_that_are_links_stay(html: str, sentence: str) -> None:
    assert sentence in lines(f"<article><h1>{HEAD}</h1><p>{P1}</p>{html}<p>{P2}</p></article>")


@pytest.mark.parametrize(
    "hidden",
    [
        f"<section id='rest' style='display:none'><p>{P4}</p></section>",
        f"<div hidden><p>{P4}</p></div>",
        f"<div class='widget-story'><p>{P4}</p></div>",
        f"<noscript><p>{P4}</p><p>{OTHER}</p></noscript>",
    ],
)
def test_paragraphs_behind_a_switch_or_a_doubtful_name_are_read(hidden: str) -> None:
    assert P4 in lines(f"<article><h1>{HEAD}</h1><p>{P1}</p><p>{P2}</p><p>{P3}</p>{hidden}</article>")


@pytest.mark.parametrize(
    "noise",
    [
        (
            "<div><img src='a.jpg' alt='Workers of the board look at the gates'><span>Workers of the "
            "board look at the gates</span></div>"
        ),
        f"<blockquote>{P2[:60]}</blockquote>",
        f"<div class='fact-box'><p>{OTHER}</p></div>",
        "<p>Join our Telegram channel to get the news first.</p>",
    ],
)
def test_captions_quotes_and_boxes_in_the_text_go(noise: str) -> None:
    assert lines(f"<article><h1>{HEAD}</h1><p>{P1}</p>{noise}<p>{P2}</p><p>{P3}</p></article>") == [
        P1,
        P2,
        P3,
    ]


def test_the_article_may_stand_in_an_aside() -> None:
    assert lines(f"<div id='c'><p>{OTHER}</p></div><aside><h1>{HEAD}</h1>{BODY}</aside>") == [P1, P2, P3, P4]
