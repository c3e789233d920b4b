"""Reasons for yes and no, in words."""

from __future__ import annotations

import json

import pytest

from monitor.core.message.explanation import explanation_json, explanation_lines, near_misses
from monitor.core.query.engine.matcher import Matcher
from monitor.model import MatchText, Topic

TEXT = MatchText(
    title="Potash talks",
    body=(
        "Officials in Vilnius discussed the sanctions for hours. Minsk Mazowiecki is a town. "
        "NATO said nothing about the banks of Belarus, and potash was not named."
    ),
    source="BelTA",
    language="en",
)


def misses(query: str, *, languages: tuple[str, ...] = ("en",), **more: object) -> str:
    """The near misses of a query that does not match."""
    matcher = Matcher.build([Topic(id="t", query=query, languages=languages)], **more)  # type: ignore[arg-type]
    explanation = matcher.explain("t", TEXT)
    assert not explanation.true
    assert not matcher.match(TEXT)
    return "; ".join(near_misses(explanation))


@pytest.mark.parametrize(
    ("query", "said"),
    [
        ("nickel", "does not stand here"),
        ("officials NEAR/2 sanctions", "NEAR/2 not met: nearest distance 4"),
        ("sanctions ONEAR/9 officials", "in the other order only"),
        ("talks NEAR/9 officials", "in different fields"),
        ("sanctions NEAR/9 nickel", "nickel does not stand here"),
        ("sanctions NOT NEAR/3 discussed", "within 3 words"),
        ('"officials vilnius"', "1 others between"),
        ('"vilnius officials"', "1 others between"),
        ('"sanctions the"', "another order"),
        ('"new sanctions"', "new does not stand here"),
        ('"officials sanctions"~2', "4 words between"),
        ('minsk EXCEPT "Minsk Mazowiecki"', "excluded by EXCEPT: stands only within"),
        ('minsk EXCEPT "Minsk Mazowiecki" EXCEPT "Minsk agreements"', 'only within "Minsk Mazowiecki"'),
        ("vilnius NOT banks", "excluded by 'banks' in the body"),
        ("title:vilnius", "in the text, but not in the title"),
        ("{nato}", "stands as 'NATO'"),
        ("=bank", "stands as 'banks', but = wants this form"),
        ("ATLEAST/3(potash)", "stands 2 times, 3 are needed"),
        ("FIRST/2(vilnius)", "first at word 3"),
        ("SENT(vilnius NATO)", "not in one sentence"),
        ("lang:ru", "the lang is en"),
        ("source:onliner", "the source is BelTA"),
        ("tier:state", "the tier is not known"),
        ("SCORE/5(vilnius^2 nickel^4)", "adds up to 2, 5 is needed"),
        ("nickel*", "no word here has this piece"),
    ],
)
def test_near_misses(query: str, said: str) -> None:
    """Each operator says what it was short of."""
    assert said in misses(query)


def test_a_form_of_a_language_that_the_topic_has_not() -> None:
    """The most common surprise: the form is there, the language is not."""
    assert "language en is not in the topic" in misses("bank", languages=("lt",))


def test_a_list_that_has_nothing_here() -> None:
    """A reference is one clause."""
    assert "no word of @l" in misses("@l vilnius", lists={"l": ["nickel", "tin"]})


def test_the_tree_for_people_and_programs() -> None:
    """One line a clause; the JSON form is plain data."""
    matcher = Matcher.build([Topic(id="t", query="vilnius AND (bank OR nickel)", languages=("en",))])
    explanation = matcher.explain("t", TEXT)
    assert explanation_lines(explanation) == (
        "✓ vilnius AND (bank OR nickel)",
        "  ✓ vilnius — 'Vilnius' (body)",
        "  ✓ bank OR nickel",
        "    ✓ bank — 'banks' (body)",
        "    ✗ nickel — does not stand here",
    )
    data = json.loads(json.dumps(explanation_json(explanation)))
    assert data["true"] is True
    assert data["clause"]["parts"][0]["spans"][0]["text"] == "Vilnius"


def test_unknown_topic() -> None:
    """Asking for a topic that is not there is the caller's mistake."""
    with pytest.raises(KeyError):
        Matcher.build([]).explain("t", TEXT)
