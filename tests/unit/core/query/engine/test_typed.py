"""Numbers with blanks, ligatures, doubled abbreviations, operators of other languages, as people type."""

from __future__ import annotations

import pytest

from monitor.core.query import check, parse, show
from tests.support.written import found

FOUND = (
    # A number in groups of three, typed without quotes.
    ("en", "25 000 tonnes", "25,000 tonnes of salt"),
    ("ru", "1 200 000", "1200000 рублей"),
    ("be", "(3 400 OR срэбра)", "3 400 вагонаў"),
    ("en", "=40 000", "40'000 seats"),
    ("en", "400 000", "some 400,000 people"),
    ("en", "320 747", "an Airbus 320 beside a Boeing 747"),
    # Two letters in one.
    ("fr", "bœuf", "le boeuf et la carotte"),
    ("fr", "noeud", "les nœuds du réseau"),
    ("en", "Kjaer", "Simon Kjær said"),
    ("en", "Kjær", "Simon Kjaer said"),
    ("de", "Preußen", "in Preussen"),
    ("de", "Preussen", "in Preußen"),
    ("de", "=Preußen", "PREUSSEN"),
    ("sr", "Djilas", "Đilas"),
    ("hr", "Djinđić", "Đinđić"),
    # Plurals that are abbreviated to doubled letters.
    ("es", "JJ.OO.", "los JJ. OO. de Madrid"),
    ("es", "CCOO", "el líder de CC.OO. dijo"),
    ("es", '"CC. OO."', "el líder de CCOO dijo"),
    # Endings and articles at an apostrophe.
    ("tr", "Bursa", "Bursa’nın belediyesi"),
    ("tr", "Trabzon", "Trabzon'dan geldi"),
    ("it", "Etna", "sull'Etna nevica"),
    ("it", "anno", "quest’anno"),
)
NOT_FOUND = (
    ("en", "25 000 tonnes", "25 tonnes and 000"),
    ("en", "25 000", "25 000 000 tonnes"),
    ("fr", "=bœuf", "le boeuf"),
    ("fr", "=boeuf", "le bœuf"),
    ("de", "=Preußen", "in Preussen"),
    ("de", "=Preussen", "in Preußen"),
    ("es", "CCOO", "ccoo"),
    ("it", "quest", "quest’anno"),
)


@pytest.mark.parametrize(("languages", "query", "text"), FOUND)
def test_found_as_typed(languages: str, query: str, text: str) -> None:
    assert found(languages, query, text)


@pytest.mark.parametrize(("languages", "query", "text"), NOT_FOUND)
def test_not_found_as_typed(languages: str, query: str, text: str) -> None:
    assert not found(languages, query, text)


@pytest.mark.parametrize(
    ("query", "read"),
    [
        ("pivo NEBO víno", "pivo OR víno"),
        ("skatt OCH jobb", "skatt AND jobb"),
        ("pane OPPURE riso", "pane OR riso"),
        ("çay VEYA kahve", "çay OR kahve"),
        ("pétrole SAUF gaz", "pétrole EXCEPT gaz"),
        ("ПОТАШ ЦІ НІКЕЛЬ", "ПОТАШ AND ЦІ AND НІКЕЛЬ"),  # all in capitals: they say nothing
        ("соль ЦІ цукар", "соль OR цукар"),
    ],
)
def test_an_operator_of_another_language_that_is_no_word_is_read_as_meant(query: str, read: str) -> None:
    assert show(parse(query)) == read


@pytest.mark.parametrize(
    ("query", "word", "operator"),
    [
        ("agua Y gas", "Y", "AND"),
        ("(pane) O (riso)", "O", "OR"),
        ("sole E mare", "E", "AND"),
        ("eau ET gaz", "ET", "AND"),
        ("voda A plyn", "A", "AND"),
        ("agua NO gas", "NO", "NOT"),
        ("apă SAU gaz", "SAU", "OR"),
        ("agua y gas", "y", "AND"),
        ("pane o riso", "o", "OR"),
        ("AGUA Y GASES", "Y", "AND"),
    ],
)
def test_what_may_be_an_operator_is_read_as_a_word_and_said(query: str, word: str, operator: str) -> None:
    (lint,) = check(query)
    assert f"{word!r} is searched as a word" in lint.message
    assert operator in lint.hint


@pytest.mark.parametrize("query", ["vitamin AND A", "hepatitis A", "A NOT B", "(vitamin OR A) AND milk"])
def test_a_letter_that_joins_nothing_is_left_alone(query: str) -> None:
    assert check(query) == ()


def test_two_numbers_that_may_be_one_are_said() -> None:
    (lint,) = check("Boeing 737 787")
    assert lint.message == "737 787 is read as 737 AND 787"
    assert lint.column == 8
    assert check("10 000 500 tonnes") == ()
