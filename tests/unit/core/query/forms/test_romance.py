"""Plurals of French, Spanish, Italian, Portuguese and Romanian."""

from __future__ import annotations

import pytest

from monitor.core.query.forms.keys import keys
from tests.support.written import found

PAIRS = {
    "es": "cruz cruces | raíz raíces | flor flores | mar mares | orden órdenes | ratón ratones | día días"
    " | tabú tabúes | señal señales | té tés",
    "fr": "joie joies | feu feux | bijou bijoux | émail émaux | hôpital hôpitaux | noyau noyaux | clé clés"
    " | œil yeux"
    " | monsieur messieurs | bail baux | an ans",
    "it": "ago aghi | zia zie | occhio occhi | monaco monaci | goccia gocce | braccio braccia | uomo uomini"
    " | rivista riviste",
    "pt": "canal canais | anel anéis | funil funis | lençol lençóis | limão limões | cão cães | irmão irmãos"
    " | jardim jardins | cor cores | pé pés | nariz narizes",
    "ro": "poartă porțile | floare florilor | soldat soldații | brad brazii | minister ministerele"
    " | lege legilor",
}
APART = {
    "es": "me mes | ano año",
    "fr": "mai mais | moi mois | foi fois | vert vers",
    "pt": "doi dois | mai mais",
    "it": "anca anche",
    "ro": "car cer",
}


def _rows(of: dict[str, str]) -> list[tuple[str, str, str]]:
    pairs = [(language, row.split()) for language, rows in of.items() for row in rows.split("|")]
    return [(language, one, other) for language, (one, other) in pairs]


@pytest.mark.parametrize(("language", "one", "many"), _rows(PAIRS))
def test_singular_and_plural_find_each_other(language: str, one: str, many: str) -> None:
    assert found(language, one, many)
    assert found(language, many, one)


@pytest.mark.parametrize(("language", "one", "other"), _rows(APART))
def test_what_only_looks_like_a_plural_stays_apart(language: str, one: str, other: str) -> None:
    assert keys(one, language).isdisjoint(keys(other, language))


@pytest.mark.parametrize(
    ("query", "text"),
    [("go", "she went home"), ("ad", "the ads ran"), ("ox", "two oxen"), ("do", "it was done")],
)
def test_english_words_of_two_letters_have_forms(query: str, text: str) -> None:
    assert found("en", query, text)
    assert not found("en", "ad", "to add more")
