"""The first look and extraction read the same words, however a page is written."""

from __future__ import annotations

import html
import json
import unicodedata
from collections.abc import Callable
from datetime import UTC, datetime

import pytest
from hypothesis import assume, example, given, settings
from hypothesis import strategies as st

from monitor.core.page.extract import extract
from monitor.core.page.tree import decode, without_scripts
from monitor.core.query.engine.matcher import Matcher
from monitor.core.query.engine.prefilter import raw_chunks
from monitor.core.text.clean import clean
from monitor.model import MatchText, Topic

NOW = datetime(2026, 1, 1, tzinfo=UTC)
FILL = (
    "Relatives were waiting on the far side of the bridge for a whole evening, while guards counted the "
    "cars that came from the other bank and wrote each of them into a long list of their own."
)
QUERIES = (
    "Лукашенко", "калийный", '"белорусские власти"', "Łukaszenka", "sanctions NEAR/5 potash", "=Минск",
    "{NATO}", "санкц*", "ёлка", "палітв'язень", 'Minsk EXCEPT "Minsk Mazowiecki"', "author:roe", "東京",
    "title:envoy", "*калий*",
)  # fmt: skip
WORDS = (
    "Лукашенко", "Лукашенкой", "калийной", "белорусских властей", "Łukaszenki", "sanctions", "potash",
    "sanctions on potash", "Минск", "Минску", "NATO", "nato", "санкциями", "елка", "Ёлки", "палітв’язняў",
    "Minsk", "Minsk Mazowiecki", "東京都", "envoy", "Jane Roe", "Беларуськалия", "Лукaшенко", "nothing",
)  # fmt: skip
MATCHER = Matcher.build([Topic(id=str(number), query=query) for number, query in enumerate(QUERIES)])

DRESSES: dict[str, Callable[[str], str]] = {
    "plain": lambda word: word,
    "references": lambda word: "".join(f"&#{ord(char)};" for char in word),
    "hex": lambda word: "".join(f"&#x{ord(char):x};" for char in word),
    "soft": "&shy;".join,
    "zero": "\u200b".join,
    "split": lambda word: f"{word[:2]}<b class='x'>{word[2:]}</b>",
    "link": lambda word: f"<a href='/x?a=1&b=2' title='of it'>{word[:1]}</a>{word[1:]}",
    "custom": lambda word: f"{word[:3]}<x-mark>{word[3:]}</x-mark>",
    "comment": lambda word: f"{word[:2]}<!-- a <p> > b -->{word[2:]}",
    "space": lambda word: word.replace(" ", "&nbsp;"),
    "tagspace": lambda word: word.replace(" ", "</b> <i>"),
    "highlights": lambda word: "".join(char + ("\u0301" if char in "аеоуaeo" else "") for char in word),
    "decomposed": lambda word: unicodedata.normalize("NFD", word),
    "breaks": lambda word: word.replace(" ", "<br>"),
    "hidden": "<wbr>".join,
    "quoted": lambda word: f"«{word}»,",
    "svg": lambda word: f"{word}<svg><text>x</text></svg>{word}",
    "control": "\x1c".join,
    "capitals": lambda word: f"<EM>{word[:2]}</EM>{word[2:]}<BR>x",
}  # fmt: skip
PLACES: dict[str, Callable[[str], str]] = {
    "body": lambda said: f"<p>{FILL} {said} {FILL}</p>",
    "tight": lambda said: f"<p>{FILL}</p><p>{said}</p><p>{FILL}</p>",
    "list": lambda said: (
        f"<p>{FILL}</p><ul><li>{said} was named first of all.</li><li>x</li></ul><p>{FILL}</p>"
    ),
    "cell": lambda said: f"<p>{FILL}</p><table><tr><td>{said}</td><td>{FILL}</td></tr></table>",
    "heading": lambda said: f"<h2>{said}</h2><p>{FILL}</p>",
    "broken": lambda said: f"<p>{FILL}<p>{said} <div>{FILL}",
}


def _page(body: str, head: str = "") -> str:
    return f"<html><head><title>x</title>{head}</head><body><article>{body}</article></body></html>"


def _both(page: str) -> tuple[set[str], bool]:
    """The topics that match what is extracted, and what the first look says."""
    found = extract(page, url="https://outlet.example/a", fetched_at=NOW)
    text = MatchText(
        title=found.title, body=found.text, author=", ".join(found.authors), language=found.language
    )
    return set(MATCHER.matching(text)), MATCHER.could_match(without_scripts(page))


@settings(max_examples=400, deadline=None)
@given(
    st.lists(st.tuples(st.sampled_from(WORDS), st.sampled_from(sorted(DRESSES))), min_size=1, max_size=4),
    st.sampled_from(sorted(PLACES)),
    st.sampled_from(["", " ", "\n", "&nbsp;", "<br/>", "</p><p>"]),
)
@example([("Лукашенко", "comment")], "tight", "")
@example([("Лукашенко", "control")], "body", "")
@example([("Лукашенко", "custom"), ("Лукашенко", "breaks")], "heading", "")
def test_what_matches_the_article_is_seen_in_the_page(
    said: list[tuple[str, str]], place: str, between: str
) -> None:
    """Never a false negative, whatever hides a word."""
    page = _page(PLACES[place](between.join(DRESSES[dress](word) for word, dress in said)))
    matched, looked = _both(page)
    assert looked or not matched


@settings(max_examples=150, deadline=None)
@given(
    st.sampled_from(WORDS),
    st.sampled_from(["headline", "articleBody", "author"]),
    st.booleans(),
    st.booleans(),
)
def test_what_matches_the_linked_data_is_seen(word: str, key: str, ascii_only: bool, escaped: bool) -> None:
    """JSON escapes and references inside JSON hide nothing."""
    said = (
        html.escape(f"One <b>{word[:2]}</b>{word[2:]} more\n{word}/x") if escaped else f"One {word}\n{word}/x"
    )
    value = f"{said} {FILL * 2}" if key == "articleBody" else said
    data = {"@type": "NewsArticle", key: value}
    head = f'<script type="application/ld+json">{json.dumps(data, ensure_ascii=ascii_only)}</script>'
    matched, looked = _both(_page("", head))
    assert looked or not matched


@settings(max_examples=100, deadline=None)
@given(st.sampled_from(WORDS), st.sampled_from(["og:title", "author"]), st.sampled_from(sorted(DRESSES)))
def test_what_matches_the_meta_elements_is_seen(word: str, name: str, dress: str) -> None:
    """Titles and authors come from the page's head."""
    dressed = DRESSES[dress](word)
    content = html.escape(dressed) if "<" in dressed else dressed
    matched, looked = _both(_page(f"<p>{FILL}</p>", f'<meta property="{name}" content="The {content}">'))
    assert looked or not matched


@settings(max_examples=300, deadline=None)
@given(st.text(alphabet="abя <>/&;#\"'=!-\\u0041\x00\x0c\x1c\u00ad\u0301\u2028pbdiv", max_size=80))
@example("0<p\u2028>0")
def test_any_markup_is_cut_and_what_is_shown_is_there(markup: str) -> None:
    """No page raises; words that extraction shows stand in the chunks. What an unclosed tag swallows, each
    parser decides for itself."""
    assume(markup.rfind("<") <= markup.rfind(">"))
    page = _page(f"<p>{FILL}</p><p>{markup}</p><p>{FILL}</p>")
    chunks = raw_chunks(without_scripts(page))
    found = extract(page, url="https://outlet.example/a", fetched_at=NOW)
    if chunks is None:
        return
    everything = " ".join(chunks)
    missing = [word for word in clean(found.text, limit=9_999).split() if word not in everything]
    assert missing == [], (markup, missing)


@pytest.mark.parametrize("charset", ["windows-1251", "koi8-r", "utf-16"])
def test_other_encodings_are_read(charset: str) -> None:
    page = _page(f"<p>{FILL} Лукашенко {FILL}</p>").encode(charset)
    assert MATCHER.could_match(without_scripts(decode(page, charset=charset)))


def test_a_page_about_something_else_is_not_worth_reading() -> None:
    """Else the first look would save nothing."""
    matched, looked = _both(_page(f"<p>{FILL}</p><p>{FILL} &amp; more&nbsp;of it.</p>"))
    assert (matched, looked) == (set(), False)


def test_a_page_of_ever_new_words_is_extracted_without_a_look() -> None:
    """Looking at each of them would cost as much as the match that follows."""
    assert raw_chunks("<p>" + " ".join(f"w{n}q" for n in range(20_001))) is None
    assert raw_chunks("<p>" + " ".join(f"w{n}q" for n in range(10_000))) is not None
