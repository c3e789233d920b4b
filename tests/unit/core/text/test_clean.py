"""What comes from outside is made safe, and the pieces people see are cut where they should be."""

from __future__ import annotations

import unicodedata

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from monitor.core.text.clean import clean, nearest, plain, printable, sentences, shortened, utf16_length


@pytest.mark.parametrize(
    ("dirty", "expected"),
    [
        ("a\x00b\x07c", "abc"),
        ("  many   spaces\t\u00a0here ", "many spaces here"),
        ("one\r\n\r\n \n two\u2028three", "one\ntwo\nthree"),
        ("Мін\u00adск", "Мінск"),
        ("safe\u202eevil\u2066x", "safeevilx"),
        ("\ufeffzero\u200bwidth\u2060", "zerowidth"),
        ("broken\ud800pair", "brokenpair"),
        ("и\u0306", "й"),
        ("\U0001f468\u200d\U0001f469", "\U0001f468\u200d\U0001f469"),
        ("می\u200cخواهم", "می\u200cخواهم"),
        ("Lat\u200din", "Latin"),
    ],
)
def test_clean_removes_what_cannot_be_seen(dirty: str, expected: str) -> None:
    assert clean(dirty, limit=100) == expected


def test_clean_keeps_to_its_limit() -> None:
    assert clean("word " * 100, limit=9) == "word word"


@settings(deadline=None)
@given(st.text(), st.integers(0, 50))
def test_clean_text_is_storable_and_stable(text: str, limit: int) -> None:
    once = clean(text, limit=limit)
    assert len(once) <= limit
    assert once.encode("utf-8") is not None
    assert unicodedata.is_normalized("NFC", once)
    assert "\x00" not in once
    assert clean(once, limit=limit) == once


@pytest.mark.parametrize(
    ("html", "expected"),
    [
        ("<p>Hello <b>wor</b>ld &amp; co</p>", "Hello world & co"),
        ("<p>one</p><p>two</p>three<br>four", "one\ntwo\nthree\nfour"),
        ("a<script>alert(1)</script>b<style>p{}</style>", "ab"),
        ("<!-- no -->yes", "yes"),
        ("5 &lt; 6", "5 < 6"),
        ("5 < 6 and <b>7</b>", "5 < 6 and 7"),
        ("no tags at all", "no tags at all"),
        ("<ul><li>a<li>b</ul>", "a\nb"),
        ("<p>line\nbroken</p>", "line broken"),
        ("<p>&laquo;Так&raquo;&nbsp;&#1103;</p>", "«Так» я"),
        ("", ""),
    ],
)
def test_plain_reads_html(html: str, expected: str) -> None:
    assert plain(html) == expected


def test_plain_survives_deep_nesting() -> None:
    assert plain("<div>" * 100_000 + "deep down") == "deep down"


@settings(deadline=None)
@given(st.text(alphabet="<>/abp&;#!- \x00\ud800«", max_size=60))
def test_plain_never_raises(html: str) -> None:
    plain(html)


def said(text: str) -> list[str]:
    return [text[start:end] for start, end in sentences(text)]


@pytest.mark.parametrize(
    "expected",
    [
        ["Президент А. Лукашенко встретился с послом.", "Он молчал."],
        ["В городе, т.е. на ул. Ленина, тихо.", "Это всё."],
        ["Он родился в г. Минске.", "Потом уехал."],
        ["Это было в 2020 г.", "Потом всё изменилось."],
        ["«Правда?»", "Да…", "Он ушёл!"],
        ["У Мінску сустрэўся прэм'ер А. Р. Іваноў.", "Ён нічога не сказаў."],
        ["На вул. Хрещатик, 5 тис. людей.", "Вони мовчали."],
        ["U.S. envoy J. D. Smith met Mr. Brown.", '"We agreed," he said.', "Then they left."],
        ["The U.S. Treasury paid $3.5 million.", "Nobody asked why."],
        ["Rozmowy prowadził m.in. prof. Jan Nowak.", "Potem wyszedł."],
        ["Am 3. Juli kam er.", "Dr. Müller ging."],
        ["Susitikimas įvyko prie sienos.", "Pareigūnai tylėjo."],
        ["“Is it over?” she asked.", "It was."],
    ],
)
def test_sentences_end_where_people_end_them(expected: list[str]) -> None:
    assert said(" ".join(expected)) == expected


def test_a_line_break_ends_a_sentence() -> None:
    assert said("Headline without a stop\nFirst sentence. second part\n") == [
        "Headline without a stop",
        "First sentence. second part",
    ]


@settings(deadline=None)
@given(st.text(alphabet=st.sampled_from([*"aбВ.!?…\n «»\"'3"]), max_size=120))
def test_sentences_cover_everything_in_order(text: str) -> None:
    bounds = sentences(text)
    at = 0
    for start, end in bounds:
        assert not text[at:start].strip()
        assert text[start:end] == text[start:end].strip() != ""
        at = end
    assert not text[at:].strip()


def test_utf16_length_counts_as_telegram_does() -> None:
    assert utf16_length("Мінск") == 5
    assert utf16_length("🇧🇾!") == 5


@pytest.mark.parametrize("steering", list("\x1b\x00\r\x7f\x9b\u202e\u202a\u2067\u200f\u061c"))
def test_nothing_printed_steers_a_terminal_or_turns_what_follows(steering: str) -> None:
    assert printable(f"a{steering}б") == "aб"
    assert printable(f"a{steering}б", instead=" ") == "a б"


def test_what_is_printed_keeps_lines_tabs_and_joined_emoji() -> None:
    assert printable("one\n\ttwo 👩\u200d🚒 می\u200cخواهم") == "one\n\ttwo 👩\u200d🚒 می\u200cخواهم"


def test_a_shortened_text_has_at_most_so_many_characters() -> None:
    assert (shortened("abcd", 4), shortened("ab cd", 4), shortened("abcde", 4)) == ("abcd", "ab…", "abc…")


def test_the_nearest_names_are_found_whatever_their_case() -> None:
    assert nearest("europe/minks", ["Europe/Paris", "Europe/Minsk"]) == ("Europe/Minsk",)
    assert nearest("potsh", ["Potash", "poach", "salt"], most=2) == ("Potash", "poach")
    assert nearest("zzz", ["Potash"]) == ()


@pytest.mark.parametrize(
    ("text", "ends"),
    [
        ("He came on 5. May and left.", 1),
        ("Он приехал 5. мая 2024 г. и уехал.", 1),
        ("It was 2024. May came late.", 2),
        ("It cost 500. May came late.", 2),
        ("It cost 5. Bread went up.", 2),
        ("В 2024 г. Минск молчал.", 2),
        ("Старый г. Минск молчал.", 1),
        ("А. Лукашенко приехал.", 1),
        ("He asked why? nobody knew.", 1),
        ("He asked why? Nobody knew.", 2),
        ("He asked why?\nnobody knew.", 2),
        ("“He left.” She stayed.", 2),
        ("The U.S. Senate voted.", 1),
        ("Wait... what now.", 1),
        ("Wait... What now.", 2),
    ],
)
def test_how_many_sentences_a_text_has(text: str, ends: int) -> None:
    assert len(sentences(text)) == ends


def test_a_long_text_is_cut_at_its_limit_after_it_was_cleaned() -> None:
    assert clean("a" * 10, limit=10) == "a" * 10
    assert clean("a" * 11, limit=10) == "a" * 10
    assert clean("aaaa bbbb", limit=5) == "aaaa"
    assert clean(" \u200b" * 300 + "word", limit=10) == "word", "what is dropped takes no room"
    assert clean("é" * 5 + "\u200b" + "x" * 9, limit=7) == "é" * 5 + "xx"


@pytest.mark.parametrize(
    ("length", "most", "kept"), [(5, 5, "xxxxx"), (6, 5, "xxxx…"), (0, 5, ""), (2, 1, "…")]
)
def test_a_shortened_text_ends_in_an_ellipsis(length: int, most: int, kept: str) -> None:
    assert shortened("x" * length, most) == kept


def test_only_names_that_are_near_enough_are_proposed() -> None:
    assert nearest("belarus", ["Belarus", "Bulgaria", "Poland"], most=3) == ("Belarus",)
    assert nearest("belaru", ["belarus", "belarusian"], most=2) == ("belarus", "belarusian")
    assert nearest("belaru", ["belarus", "belarusian"]) == ("belarus",)
    assert nearest("abcd", ["abxy"]) == ()
    assert nearest("abcd", ["abxy"], likeness=0.5) == ("abxy",)
