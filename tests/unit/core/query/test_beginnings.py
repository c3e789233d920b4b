"""Words that begin like nothing asked for satisfy nothing: seen by two letters, or not said."""

from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis import strategies as st

from monitor.core.query.engine.lexicon import Lexicon
from monitor.core.query.syntax.tree import Mode, Word

ASKED = (
    "Lukashenko", "Belaruskali", "go", "mouse", "colour", "Müller", "Łukaszenka", "ЕС", "СВОР", "NATO",
    "vieil", "œuvre", "Šimonytė", "prisoners", "aeroplane", "tyre",
)  # fmt: skip
FOUND = (
    "Lukashenka", "went", "goes", "mice", "color", "colours", "Mueller", "muller", "Lukaszenki", "EC",
    "COBOP", "NATOs", "vieux", "oeuvre", "Simonyte", "prisoner", "airplane", "tire", "market", "weather",
)  # fmt: skip
MODES: tuple[Mode, ...] = ("forms", "exact", "case", "prefix", "suffix", "infix", "capitals", "shout")
LANGUAGES = (None, ("en",), ("de",), ("fr", "en"), ("pl",), ("lt", "en"), ("sv",), ("sr",))
WORDS = st.sampled_from(FOUND) | st.from_regex("[A-Za-z]{1,9}", fullmatch=True)


@given(
    asked=st.lists(
        st.tuples(st.sampled_from(ASKED), st.sampled_from(MODES), st.sampled_from(LANGUAGES)), max_size=6
    ),
    words=st.lists(WORDS, min_size=1, max_size=12),
    languages=st.sampled_from(LANGUAGES),
)
def test_a_word_that_is_let_off_satisfies_nothing(
    asked: list[tuple[str, Mode, tuple[str, ...] | None]],
    words: list[str],
    languages: tuple[str, ...] | None,
) -> None:
    lexicon = Lexicon()
    for text, mode, own in asked:
        lexicon.intern(Word(text.upper() if mode in {"capitals", "shout"} else text, mode, own))
    for word in words:
        if lexicon.begins_like_none(word.lower(), languages):
            assert lexicon.satisfied(word, languages) == set(), word


@pytest.mark.parametrize("word", ["market", "weather", "strategy"])
def test_most_words_are_let_off(word: str) -> None:
    lexicon = Lexicon()
    lexicon.intern(Word("Lukashenko", languages=("en",)))

    assert lexicon.begins_like_none(word, None)
    assert not lexicon.begins_like_none("luggage", None), "begins like what is asked for"

    lexicon.intern(Word("rateg", mode="infix"))

    assert not lexicon.begins_like_none(word, None), "what may stand anywhere lets no word off"
