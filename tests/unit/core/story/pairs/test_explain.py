"""Why two articles are taken for one story."""

from __future__ import annotations

import dataclasses

import pytest

from monitor.core.story.pairs.explain import explain_pair
from monitor.core.story.pairs.features import Compared, profile_of
from monitor.core.story.pairs.rarity import weight_of
from monitor.core.story.terms import terms_of

TITLE = "Envoy Podpolsky frees 1,226 miners at Medininkai"
TEXT = "The envoy Yaromir Podpolsky took 1,226 miners over the border at Medininkai, the guard Greenway said."


def compared(
    title: str, text: str, *, language: str = "en", outlet: str = "a", hours: float = 0.0
) -> Compared:
    profile = profile_of(terms_of(title, text, language), weight_of({}, 0))
    return Compared(profile=profile, language=language, outlet=outlet, hours=hours)


ONE = compared(TITLE, TEXT)
RETOLD = compared(
    "Miners freed: Podpolsky walks 900 over", TEXT.replace("1,226", "900"), outlet="b", hours=30
)


@pytest.mark.parametrize(
    "other", [RETOLD, compared(TITLE, TEXT, language="es"), compared(TITLE, TEXT, language="ru")]
)
def test_the_parts_add_up_and_the_heaviest_comes_first(other: Compared) -> None:
    found = explain_pair(ONE, other)
    total = found.constant + sum(each.adds for each in found.features)
    assert max(-8.0, min(8.0, total)) == pytest.approx(found.log_odds, abs=1e-3)
    weights = [abs(each.adds) for each in found.features]
    assert weights == sorted(weights, reverse=True)
    assert all(each.adds == pytest.approx(each.value * each.weight) for each in found.features)
    assert 0 < found.probability < 1


def test_a_needed_value_turns_the_verdict_and_is_a_possible_one() -> None:
    found = explain_pair(ONE, RETOLD, enough=1.0)
    needed = {each.name: each for each in found.features}
    assert any(each.needed is not None for each in needed.values())
    for each in needed.values():
        if each.needed is None:
            continue
        assert each.needed >= 0
        assert found.log_odds + (each.needed - each.value) * each.weight == pytest.approx(1.0, abs=1e-3)
        if each.name in {"words", "headline", "names", "numbers", "outlet"}:
            assert each.needed <= 1


def test_what_speaks_for_and_against() -> None:
    def values(other: Compared) -> dict[str, float]:
        return {each.name: each.value for each in explain_pair(ONE, other).features}

    same = values(dataclasses.replace(ONE))
    shown = (same["words"], same["headline"], same["late"], same["outlet"])
    assert shown == pytest.approx((1.0, 1.0, 0.0, 1.0))
    assert same["names_missing"] == same["headline_conflict"] == 0
    other = values(RETOLD)
    assert 0 < other["words"] < 1
    assert other["outlet"] == 0
    assert other["late"] > 0
    assert values(dataclasses.replace(ONE, hours=18.0))["late"] == 0
    assert values(dataclasses.replace(ONE, hours=-22.0))["late"] == pytest.approx(0.693, abs=1e-3)
