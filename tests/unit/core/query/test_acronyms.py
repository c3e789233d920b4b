"""Acronyms: their endings, mixed ones, and outlets that write them as names."""

from __future__ import annotations

import pytest

from monitor.core.query.acronyms import base_of
from tests.support.written import found

FOUND = (
    ("en", "EV", "sales of EVs rose"),
    ("en", "EVs", "an EV caught fire"),
    ("en", "DVDs", "a DVD player"),
    ("en", "NGOs", "the N.G.O. said"),
    ("es", "ONG", "las ONGs piden"),
    ("de", "LKWs", "ein LKW"),
    ("pl", "OPZZ", "szef OPZZu"),
    ("pl", "ABW", "zarzuty ABW-u"),
    ("pl", "PSLem", "koalicja z PSL"),
    ("pl", "CeBu", "o CeB mówiono"),  # capitals at both ends: one too
    ("en", "DoD", "the DOD budget"),
    ("en", "DOD", "the DoD budget"),
    ("ru", "ФСИНа", "во ФСИН заявили"),
    ("be", "МУС", "кіраўнік МУСа"),
    # A pronounced acronym that its outlet writes as a name.
    ("en", "FIFA", "Fifa has fined the club"),
    ("de", "NASA", "Die Nasa startet"),
    ("fr", "OMS", "selon l’Oms"),
    ("es", "OEA", "la Oea pidió"),
    ("it", "BCE", "la Bce taglia i tassi"),
    ("it", "PD", "il segretario del Pd"),
    ("it", "USA", "negli Usa"),
)
NOT_FOUND = (
    ("en", "EVs", "evs in small letters"),
    ("en", "EV", "ev and Ev"),
    ("pl", "PiS", "pis i Pis"),
    ("pl", "PSL", "psl"),
    ("pl", "KOT", "Kot spał"),
    ("en", "WHO", "Who said so?"),
    ("en", "UN", "Kim Jong Un said"),
    ("en", "IRA", "Ira sang"),
    ("it", "DI", "Di notte"),
    ("it", "CASA", "Casa nuova"),
    ("en", "US", "a USB stick"),
)


@pytest.mark.parametrize(("languages", "query", "text"), FOUND)
def test_an_acronym_is_found(languages: str, query: str, text: str) -> None:
    assert found(languages, query, text)


@pytest.mark.parametrize(("languages", "query", "text"), NOT_FOUND)
def test_a_word_is_not_taken_for_an_acronym(languages: str, query: str, text: str) -> None:
    assert not found(languages, query, text)


@pytest.mark.parametrize(
    ("word", "base"),
    [
        ("NGOs", "NGO"), ("U.S.", "U.S."), ("IoT", "IoT"), ("MSWiA", "MSWiA"), ("YouTube", None),
        ("SpaceX", None),
        ("McKay", None), ("iPhone", None), ("Iris", None), ("COVID", None), ("G7", None), ("As", None),
    ],
)  # fmt: skip
def test_what_is_an_acronym(word: str, base: str | None) -> None:
    assert base_of(word) == base


def test_in_a_query_all_in_capitals_nothing_is_one() -> None:
    assert found("en", "POTASH AND EVs", "potash and evs") is False
    assert found("en", "POTASH AND NASA", "potash and nasa")
