"""Copies share a key, different texts do not, and keys stay the same from one release to the next."""

from __future__ import annotations

from datetime import UTC, datetime, timedelta, timezone

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from monitor.core.text.fingerprint import (
    VERSION,
    article_id,
    entry_id,
    entry_stamp,
    fingerprint,
    headline_key,
    lead_of,
    text_key,
    url_key,
    words_of,
)

WORDS = (
    "Польские и литовские посредники ещё вчера привезли к границе трёх освобождённых заключённых, "
    "среди которых один американец - об этом сообщили сразу несколько правозащитных организаций. "
    "По их словам, переговоры шли пять месяцев и завершились в столице 12 мая 2024 года, а "
    'чиновники назвали их "осторожным началом" разговора о смягчении санкций.'
)


def test_the_same_text_in_other_typography_is_the_same() -> None:
    variants = (
        WORDS.upper(),
        WORDS.replace("ё", "е"),
        WORDS.replace(" ", "\u00a0").replace(". ", ".\n\n"),
        WORDS.replace('"осторожным началом"', "«осторожным началом»").replace(" - ", " — "),
        WORDS.replace("заключённых", "заклю\u00adчённых").replace("среди", "среди\u200b"),
        WORDS.replace("столице", "столи\u0301це"),
        WORDS.replace("ё", "е\u0308").replace("й", "и\u0306"),
    )
    assert {text_key("", text) for text in variants} == {text_key("", WORDS)}


def test_one_other_word_is_another_text() -> None:
    assert text_key("", WORDS) != text_key("", WORDS.replace("пять", "шесть"))


def test_the_headline_does_not_count_for_the_text() -> None:
    title = "Трое вышли на свободу"
    assert text_key(title, WORDS) == text_key("Another outlet's headline", WORDS)
    assert text_key(title, f"{title}\n{WORDS}") == text_key(title, WORDS)


@pytest.mark.parametrize("stub", ["", "   ", "Read more on our site.", "слово " * 29, "— … !!!" * 40])
def test_stubs_have_no_text_key(stub: str) -> None:
    assert not text_key("Title", stub)


def test_scripts_without_spaces_have_a_text_key() -> None:
    assert text_key("", "白俄罗斯释放三名政治犯其中一名美国人在立陶宛边境附近被移交给外交官员消息人士说")


def test_headline_key_needs_headline_and_lead() -> None:
    lead = "Three prisoners crossed the border late on Monday, officials said."
    assert headline_key("Prisoners freed", lead) == headline_key("PRISONERS  FREED!", lead.upper())
    assert headline_key("Prisoners freed", lead) != headline_key("Prisoners", f"freed {lead}")
    assert not headline_key("", lead)
    assert not headline_key("Prisoners freed", "Photo: agency")


def test_entry_id_goes_by_guid_then_address_then_title() -> None:
    url = "https://example.com/a"
    assert entry_id("s", "guid-1", url, "T") == entry_id("s", "guid-1", "https://other.org/b", "U")
    assert entry_id("s", "", url, "T") == entry_id("s", "", f"{url}?utm_source=rss", "U")
    assert entry_id("s", "", "", "T") != entry_id("s", "", "", "U")
    assert entry_id("s", "guid-1", url, "T") != entry_id("t", "guid-1", url, "T")


def test_a_guid_that_is_an_address_counts_by_its_canonical_form() -> None:
    assert entry_id("s", "http://www.example.com/a?utm_source=x", "", "") == entry_id(
        "s", "https://example.com/a", "", ""
    )


def test_entry_stamp_sees_words_and_date_only() -> None:
    moment = datetime(2024, 5, 12, 9, 0, tzinfo=UTC)
    stamp = entry_stamp("T", "Some words", "", moment)
    assert stamp == entry_stamp(" T ", "Some\nwords", "", moment.astimezone(timezone(timedelta(hours=3))))
    assert entry_stamp("T", "", "<p>a b</p>", None) == entry_stamp("T", "", "<div>a <i>b</i></div>", None)
    assert stamp != entry_stamp("T", "Some other words", "", moment)
    assert stamp != entry_stamp("T", "Some words", "", moment + timedelta(minutes=1))
    assert entry_stamp("T", "x", "", None) != entry_stamp("T", "", "x", None)


def test_all_keys_of_an_article() -> None:
    keys = fingerprint(
        source_id="s",
        guid="g",
        canonical_url="https://example.com/a",
        title="Трое вышли на свободу",
        lead=lead_of(WORDS),
        text=WORDS,
    )
    assert keys.version == VERSION
    assert keys.url_key == url_key("http://www.example.com/a/?fbclid=1")
    assert keys.text_key == text_key("", WORDS)
    made = (keys.url_key, keys.text_key, keys.headline_key, keys.guid_key, article_id(keys.url_key))
    assert len(set(made)) == len(made)
    assert all(len(key) == 32 and int(key, 16) for key in made)


def test_keys_are_stable_between_releases() -> None:
    """Stored keys must go on working: a change here needs a new ``VERSION``."""
    assert VERSION == 1
    assert url_key("https://example.com/a") == "f885ef2da5a0a3eb5ee9be607a9f3f6f"
    assert text_key("", WORDS) == "efe12c8c151720914bc4f38f959460f3"


def test_nothing_has_no_key() -> None:
    keys = fingerprint(source_id="s", guid="", canonical_url="", title="", lead="", text="")
    assert (keys.url_key, keys.text_key, keys.headline_key, keys.guid_key) == ("", "", "", "")


def test_lead_skips_short_lines() -> None:
    text = "PHOTO: agency\n12 May\nThe envoy arrived in the capital on Monday for talks.\nMore follows."
    assert lead_of(text) == "The envoy arrived in the capital on Monday for talks."


def test_lead_is_cut_between_words() -> None:
    lead = lead_of("verylongword " * 60)
    assert len(lead) <= 400
    assert lead.endswith("verylongword…")


def test_lead_of_a_stub_is_the_stub() -> None:
    assert lead_of("\n  Breaking news \n") == "Breaking news"
    assert not lead_of(" \n ")


@settings(deadline=None)
@given(st.text(), st.text())
def test_any_text_has_keys(title: str, text: str) -> None:
    assert len(text_key(title, text)) in {0, 32}
    assert len(headline_key(title, lead_of(text))) in {0, 32}
    assert len(lead_of(text)) <= 400
    assert entry_stamp(title, text, text, None)


@settings(deadline=None)
@given(st.lists(st.sampled_from(["alpha", "бета", "Ёлка", "17"]), min_size=30, max_size=60), st.data())
def test_white_space_and_case_never_matter(words: list[str], data: st.DataObject) -> None:
    gaps = data.draw(st.lists(st.sampled_from([" ", "\n", "\u00a0 ", " — "]), min_size=60, max_size=60))
    other = "".join(f"{word.upper()}{gap}" for word, gap in zip(words, gaps, strict=False))
    assert text_key("", other) == text_key("", " ".join(words))


def test_thirty_words_of_text_and_eight_of_a_lead_are_just_enough() -> None:
    assert text_key("", "word " * 30)
    assert not text_key("", "word " * 29)
    assert text_key("word", "word " * 31)
    assert not text_key("word", "word " * 30), "a repeated headline does not count"
    assert headline_key("Title", "word " * 8)
    assert not headline_key("Title", "word " * 7)
    assert lead_of("one two three four five six seven\n" + "word " * 8) == ("word " * 8).strip()


@pytest.mark.parametrize(
    ("lead", "shown"),
    [
        ("x" * 400, "x" * 400),
        ("x" * 401, "x" * 399 + "…"),
        ("x" * 201 + " " + "y" * 300, "x" * 201 + "…"),
        ("x" * 200 + " " + "y" * 300, "x" * 200 + " " + "y" * 198 + "…"),
        ("x" * 300 + ", – " + "y" * 300, "x" * 300 + "…"),
    ],
)
def test_a_lead_has_at_most_four_hundred_characters(lead: str, shown: str) -> None:
    assert lead_of(lead) == shown


def test_an_entry_without_anything_and_every_part_of_a_stamp_counts() -> None:
    moment = datetime(2024, 5, 12, 9, 0, tzinfo=UTC)
    stamps = {
        entry_stamp(*parts)
        for parts in (("", "", "", None), ("a", "", "", None), ("", "a", "", None), ("", "", "a", None),
                      ("", "", "", moment), ("a", "a", "a", moment))
    }  # fmt: skip
    assert len(stamps) == 6
    assert entry_stamp("", "", "<p></p>", None) == entry_stamp("", "", "", None)
    assert entry_stamp("a\u00a0b", "", "", None) == entry_stamp("a b", "", "", None)
    assert entry_stamp("a  b", "", "", None) == entry_stamp("a b", "", "", None)


@given(st.text(st.sampled_from([*"aB7_-.'\n\t\x1c\x7f", *"“”‘’„«»–—…\u00a0"])))
def test_words_of_plain_english_are_those_that_any_text_has(text: str) -> None:
    assert words_of(text) == words_of(f"{text} ж")[:-1]
