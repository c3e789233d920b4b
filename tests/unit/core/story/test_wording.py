"""Whether an opening stands in another text word for word."""

from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis import strategies as st

from monitor.core.story.wording import missing_words, sentences_of, stands_whole

TEXT = "The ferry will sail on Friday, the harbour master said. Tickets are on sale. Nobody was hurt at sea."


@pytest.mark.parametrize(
    "opening",
    [
        "The ferry will sail on Friday, the harbour master said.",
        "«THE FERRY» will sail on Friday – the harbour master said.",
        "Nobody was hurt at sea. The ferry will sail on Friday, the harbour master said.",
        "will sail on Friday, the harbour master said. Tickets are on",
        "KLAIPEDA The ferry will sail on Friday, the harbour master said.",
        "The ferry will sail on Friday, the harbour master said, according to Reuters.",
    ],
    ids=["same", "typeset anew", "reordered", "cut", "place in front", "credit behind"],
)
def test_what_stands_there(opening: str) -> None:
    assert missing_words(opening, TEXT, "en") == ()


@pytest.mark.parametrize(
    ("opening", "missing"),
    [
        ("The ferry will not sail on Friday, the harbour master said.", {"not"}),
        ("The ferry will sail on Monday, the harbour master said.", {"monday"}),
        ("Nobody will sail on Friday, the harbour master said.", {"nobody"}),
        ("Not so: The ferry will sail on Friday, the harbour master said.", {"not", "so"}),
        ("It sank. The ferry will sail on Friday, the harbour master said.", {"it", "sank"}),
    ],
)
def test_what_does_not(opening: str, missing: set[str]) -> None:
    assert missing <= set(missing_words(opening, TEXT, "en"))


def test_a_word_that_was_left_out_is_noticed() -> None:
    assert missing_words("She was released.", "She was not released. He was glad.", "en")


_WORDS = st.sampled_from(
    ["The", "ferry", "sank", "not", "MINSK", "in", "Friday", "(Reuters) –", "reports AP", "«he", "Ё"]
)
_TEXTS = st.lists(st.tuples(_WORDS, st.sampled_from([" ", " ", " ", ". ", "\n", "! "]))).map(
    lambda parts: "".join(word + end for word, end in parts)
)


@given(_TEXTS, _TEXTS)
def test_a_sentence_stands_whole_where_none_of_its_words_is_missing(text: str, other: str) -> None:
    for sentence in sentences_of(text):
        assert stands_whole(sentence, other, "en") == (not missing_words(sentence.text, other, "en"))
