"""Numbers written as words."""

from __future__ import annotations

import pytest

from monitor.core.story.pairs.number_words import number_word


@pytest.mark.parametrize(
    ("word", "language", "number"),
    [
        ("two", "en", 2),
        ("fourteen", "en", 14),
        ("twenty", "en", 20),
        ("ninety", "en", 90),
        ("one", "en", None),
        ("border", "en", None),
        ("четырнадцать", "ru", 14),
        ("пяти", "ru", 5),
        ("tysiące", "pl", 1000),
        ("два", "ru", 2),
        ("čtrnáct", "cs", 14),
        ("dwanaście", "pl", 12),
        ("fourteen", "xx", None),
        ("fourteen", None, None),
    ],
)
def test_a_number_is_read_in_its_language(word: str, language: str | None, number: int | None) -> None:
    assert number_word(word, language) == number
