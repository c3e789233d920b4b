"""What a headline and a first sentence claim."""

from __future__ import annotations

import pytest

from monitor.core.story.claims import without_credit, without_dateline

REST = "The envoy met the president in Minsk."


@pytest.mark.parametrize(
    ("credit", "language"),
    [
        ("Об этом пишет «Свободная пристань».", "ru"),
        ("This was reported by Reuters.", "en"),
        ("Das berichtet AFP.", "de"),
    ],
)
def test_a_sentence_that_only_credits_claims_nothing(credit: str, language: str) -> None:
    assert without_credit(f"{credit} {REST}", language) == REST


@pytest.mark.parametrize(
    ("told", "language"),
    [
        ("Он умер, сообщает ТАСС.", "ru"),
        ("She died, Reuters reported.", "en"),
        ("Two are dead, according to Reuters.", "en"),
        ("Er starb, meldet dpa.", "de"),
    ],
)
def test_news_beside_a_credit_is_claimed(told: str, language: str) -> None:
    assert without_credit(f"{told} {REST}", language) == f"{told} {REST}"


@pytest.mark.parametrize(
    "dateline",
    [
        "MINSK, 24 November (Agency) – ",
        "Lima, 24 nov (EFE).- ",
        "Přerov 24. listopadu (ČTK) - ",
        "СОКОБАЊА, 24. новембра (Бета) - ",
        "Šiauliai, lapkričio 24 d. (BNS). ",
    ],
)
def test_a_dateline_claims_nothing(dateline: str) -> None:
    assert without_dateline(f"{dateline}{REST}") == REST


@pytest.mark.parametrize(
    "told",
    [
        "The World Health Organization (WHO) said that nine had died. ",
        "He died. The court (Minsk) – it sat for a day – said nothing. ",
        "Of the 24 died. The court – it sat for a day – said nothing. ",
    ],
)
def test_brackets_within_a_sentence_are_no_dateline(told: str) -> None:
    assert without_dateline(f"{told}{REST}") == f"{told}{REST}"
