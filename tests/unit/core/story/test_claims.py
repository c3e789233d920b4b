"""What a headline and a first sentence claim."""

from __future__ import annotations

import pytest

from monitor.core.story.claims import without_credit

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
