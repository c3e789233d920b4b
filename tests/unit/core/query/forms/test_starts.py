"""What the keys of a word begin with, told without making them."""

import re
from pathlib import Path

from hypothesis import given
from hypothesis import strategies as st

from monitor.core.query.forms.keys import keys, start_of, start_of_keys

LANGUAGES = ("de", "en", "es", "fr", "it", "pt", "ro", "sv")
NEWSROOM = Path(__file__).parents[5] / "seeds/newsroom"


def test_keys_of_real_words_begin_as_told() -> None:
    text = " ".join(file.read_text(encoding="utf-8") for file in NEWSROOM.rglob("*.*") if file.is_file())
    words = set(re.findall(r"[^\W\d_]{3,}", text.lower()))
    told = 0
    for language in LANGUAGES:
        for word in words:
            start = start_of_keys(word, language)
            told += start is not None
            assert start is None or {start_of(key) for key in keys(word, language)} == {start}
    assert told > len(words)


@given(
    st.from_regex(
        r"(ge|ae|oe|ue|haem|paed|gaol|kerb|enqui|foet|went|people|[a-z]{1,3})[a-zé]{0,8}(ies|s|ing|ed|en)?",
        fullmatch=True,
    ),
    st.sampled_from(LANGUAGES),
)
def test_keys_of_any_word_begin_as_told(word: str, language: str) -> None:
    start = start_of_keys(word, language)
    assert start is None or {start_of(key) for key in keys(word, language)} == {start}


def test_words_listed_under_others_are_not_told() -> None:
    """*went* is a form of *go*: what it begins with says nothing."""
    assert start_of_keys("went", "en") is None
    assert start_of_keys("haemoglobin", "en") is None
    assert start_of_keys("talks", "en") == "ta"
