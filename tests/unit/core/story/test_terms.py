"""What an article speaks of, as terms."""

from __future__ import annotations

import pytest

from monitor.core.story.terms import HEAD_WORDS, is_title_case, number_of, terms_of, tokens_of


def keys(title: str, text: str = "", language: str | None = "en") -> set[str]:
    return {term.key for term in terms_of(title, text, language)}


@pytest.mark.parametrize(
    ("written", "number"),
    [
        ("1,226", "1226"), ("1 226", "1226"), ("1.226.000", "1226000"), ("3,5", "3.5"), ("3.5", "3.5"),
        ("7:30", "7:30"), ("12", "12"), ("1,22", "1.22"), ("1234,567", "1234.567"),
    ],
)  # fmt: skip
def test_a_number_is_one_however_it_is_written(written: str, number: str) -> None:
    assert number_of(written) == number
    assert f"n:{number}" in keys(f"Some {written} came")


@pytest.mark.parametrize(
    ("part", "names"),
    [
        ("He met Anna today", ["Anna"]),
        ("Anna met him. Boris did not", []),
        ("He left! Boris stayed", []),
        ("He said: Boris stayed", []),
        ("He met “Boris” there", []),
        ("He met “old Boris” there", ["Boris"]),
        ("He left. “Boris stayed”", []),
        ("He left (Boris stayed)", ["Boris"]),
        ("He left. (Boris stayed)", []),
        ("He left\nBoris stayed", []),
        ("He left \n (Boris stayed", []),
        ("He left – Boris stayed", []),
    ],
)
def test_a_capital_is_a_name_where_none_is_due(part: str, names: list[str]) -> None:
    assert [token for token, named, _ in tokens_of(part) if named] == names


def test_whether_only_a_space_parts_two_words() -> None:
    assert [joined for _, _, joined in tokens_of("one two  three, four\nfive six")] == [
        False, True, False, False, False, True,
    ]  # fmt: skip


@pytest.mark.parametrize(
    ("title", "titled"),
    [
        ("Envoy Frees Three Prisoners", True),
        ("Envoy frees three prisoners", False),
        ("Envoy Frees", False),
        ("Three Men Held at the Border Post", True),
        ("Envoy Frees Three prisoners tomorrow", False),
        ("One Two Six", False),
    ],
)
def test_headlines_in_title_case(title: str, titled: bool) -> None:
    assert is_title_case(title) is titled


def test_a_term_keeps_its_best_place_and_its_count() -> None:
    text = " ".join(["word"] * HEAD_WORDS + ["tail", "head"])
    found = {term.key: term for term in terms_of("head", f"first {text}", "xx")}
    by_word = {key.rpartition(":")[2]: term for key, term in found.items() if key.startswith("w:")}
    assert (by_word["head"].place, by_word["head"].count) == (2, 2)
    assert by_word["first"].place == 1
    assert (by_word["word"].place, by_word["word"].count) == (1, HEAD_WORDS)
    assert by_word["tail"].place == 0
    assert {term.place for term in terms_of("", " ".join(["w"] * 3 + ["last"] * 1), "xx")} == {1}


def test_words_numbers_and_concepts_meet_across_languages() -> None:
    assert {"c:border", "n:14"} <= keys("fourteen at the border")
    assert {"c:border", "n:14"} <= keys("четырнадцать на границе", language="ru")
    assert "n:2" in keys("two"), "a word of a number is that number"
    assert keys("a I") == set(), "one letter is no word"
