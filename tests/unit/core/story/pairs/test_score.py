"""What makes two articles one story, and what is not enough for it."""

from __future__ import annotations

from monitor.core.story.pairs.features import Compared, features, profile_of
from monitor.core.story.pairs.rarity import weight_of
from monitor.core.story.pairs.score import log_odds
from monitor.core.story.terms import terms_of


def compared(title: str, text: str, language: str) -> Compared:
    terms = terms_of(title, text, language)
    profile = profile_of(terms, weight_of({term.key: 1 for term in terms}, 10_000))
    return Compared(profile=profile, language=language, outlet=language, hours=0.0)


def odds(one: Compared, other: Compared) -> float:
    return float(log_odds(features([one, other]))[0, 1])


def test_a_number_that_two_far_languages_share_makes_no_story() -> None:
    dogs = compared(
        "Envenenan a 4 perros en Sevilla", "La policia busca al autor de la muerte de 4 perros.", "es"
    )
    schools = compared("Kaune uždaromos 4 klasės", "Mokykloje dėl gripo uždaromos 4 klasės.", "lt")
    assert odds(dogs, schools) < -1


def test_names_and_a_number_that_two_far_languages_share_do() -> None:
    one = compared(
        "Incendio en Novi Sad: 14 muertos",
        "Catorce personas murieron en Novi Sad, dijo Milan Petrov. Son 14.",
        "es",
    )
    other = compared(
        "Gaisras Novi Sade: 14 žuvusiųjų", "Novi Sade žuvo 14 žmonių, pranešė Milan Petrov. Jų buvo 14.", "lt"
    )
    assert odds(one, other) > 0
