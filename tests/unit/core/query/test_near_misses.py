"""What a clause that is false was short of, in words."""

from __future__ import annotations

import pytest

from monitor.core.message.explanation import near_misses
from monitor.core.query.engine.matcher import Matcher
from monitor.model import MatchText, Topic

TEXT = MatchText(
    title="Envoy in Minsk",
    body="Potash exports fell. The envoy of Lithuania met the NATO mission near the old bank of Minsk.",
    url="https://herald.example/a",
    source="The Herald",
    source_id="herald",
    tier="",
    language="en",
)


def missed(query: str) -> list[str]:
    matcher = Matcher.build([Topic(id="t", query=query, languages=("en",))])
    return [str(note).partition(": ")[2] for note in near_misses(matcher.explain("t", TEXT))]


@pytest.mark.parametrize(
    ("query", "why"),
    [
        ("nickel", "does not stand here"),
        ("title:potash", "stands in the text, but not in the title"),
        ("{nato}", "stands as 'NATO', but { } wants this case"),
        ("{Zinc}", "no word of {Zinc} stands here"),
        ("zin*", "no word here has this piece"),
        ("=export", "stands as 'exports', but = wants this form"),
        ("ATLEAST/3(minsk)", "stands 2 times, 3 are needed"),
        ("ATLEAST/2(potash)", "stands 1 time, 2 are needed"),
        ("FIRST/1(exports)", "stands first at word 2, after the first 1"),
        ("SENT(potash envoy)", "all of it stands here, but not in one sentence"),
        ("tier:state", "the tier is not known"),
        ("source:other", "the source is The Herald"),
        ("lang:be", "the lang is en"),
        ("SCORE/5(potash^2 nickel^3)", "adds up to 2, 5 is needed"),
        ("potash NEAR/0 fell", "NEAR/0 not met: nearest distance 1"),
        ("fell ONEAR/3 potash", "ONEAR/3 not met: in the other order only"),
        ("title:(envoy) AND nickel", "does not stand here"),
        ('"potash fell"', "its words stand apart: 1 others between at the nearest place"),
        ('"exports potash"', "its words stand together, in another order"),
        ('"potash nickel"', "of the phrase nickel does not stand here"),
        ('"nickel zinc"', "of the phrase nickel, zinc do not stand here"),
        ("nickel NEAR/3 potash", "nickel does not stand here"),
        ("potash NOT NEAR/3 exports", "every potash has exports within 3 words"),
    ],
)
def test_what_was_missing(query: str, why: str) -> None:
    found = missed(query)
    assert found == [why]


def test_what_stands_only_within_what_is_excluded() -> None:
    (found,) = missed('minsk EXCEPT "bank of minsk" EXCEPT "in minsk"')
    assert found.startswith("excluded by EXCEPT: stands only within ")
    assert found.index("bank of minsk") < found.index("in minsk")
