"""Names and concepts that meet across languages."""

from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis import strategies as st

from monitor.core.query.forms.stems import phonetic_key, stem_of
from monitor.core.story.concepts import concept_of

LANGUAGES = ("be", "ru", "uk", "pl", "lt", "en", "de", None, "xx")
NAMES = (
    {"ru": "лукашенко", "be": "лукашэнка", "uk": "лукашенком", "pl": "łukaszenki", "lt": "lukašenka"},
    {"ru": "лукашенко", "de": "lukaschenko", "en": "lukashenko's"},
    {"ru": "вашингтоне", "pl": "waszyngtonu", "lt": "vašingtone", "en": "washington"},
    {"ru": "картер", "en": "carter", "pl": "karter"},
    {"ru": "меркель", "de": "merkel", "pl": "merkel", "uk": "меркель"},
)


@pytest.mark.parametrize("name", NAMES, ids=lambda name: next(iter(name.values())))
def test_spellings_of_a_name_have_one_skeleton(name: dict[str, str]) -> None:
    assert len({phonetic_key(spelled, language) for language, spelled in name.items()}) == 1


def test_different_names_have_different_skeletons() -> None:
    assert phonetic_key("merkel", "de") != phonetic_key("macron", "de")
    assert phonetic_key("ли", "ru") == ""


@pytest.mark.parametrize(
    ("concept", "words"),
    [
        ("prisoner", {"en": "prisoners", "ru": "заключенных", "be": "вязняў", "pl": "więźniów"}),
        ("prisoner", {"lt": "kalinių", "de": "gefangene", "uk": "в'язнів"}),
        ("border", {"en": "border", "ru": "границе", "uk": "кордоні", "pl": "granicy", "de": "grenze"}),
        ("3", {"en": "three", "ru": "трое", "uk": "троє", "pl": "troje", "lt": "trys", "de": "drei"}),
        ("usa", {"en": "american", "ru": "сша", "be": "амерыканскі", "lt": "jav", "de": "usa"}),
    ],
)
def test_words_of_a_concept_meet(concept: str, words: dict[str, str]) -> None:
    assert {concept_of(word, language) for language, word in words.items()} == {concept}


def test_whole_words_of_the_table_are_not_beginnings() -> None:
    assert concept_of("port", "en") == "port"
    assert concept_of("portrait", "en") == ""


@given(st.text(max_size=40), st.sampled_from(LANGUAGES))
def test_any_word_has_a_stem_and_nothing_raises(word: str, language: str | None) -> None:
    assert isinstance(stem_of(word, language), str)
    assert phonetic_key(word, language).isascii()
    assert isinstance(concept_of(word, language), str)
