"""What is a copy, and what only looks like one."""

from __future__ import annotations

import dataclasses
from datetime import UTC, datetime, timedelta
from typing import Any

import pytest

from monitor.core.story.copies import find_copy
from monitor.core.story.winnowing import print_of
from monitor.model import Candidate, StorySettings
from tests.unit.core.story.test_winnowing import prose

NOW = datetime(2026, 11, 24, 12, tzinfo=UTC)
FOOTER = prose(45, 99)


def stored(text: str, number: int = 1, *, source: str = "wire", title: str = "A headline") -> Candidate:
    return Candidate(
        number=number,
        article_id=f"a{number}",
        story_id=f"s{number}",
        source_id=source,
        title=title,
        language="en",
        seen_at=NOW + timedelta(minutes=number),
        copy_of=None,
        print=print_of(title, text),
        terms=(),
    )


def copied(
    text: str,
    *found: Candidate,
    source: str = "paper",
    title: str = "Another headline",
    alike: float = 1.0,
    **settings: Any,
) -> str | None:
    kept = find_copy(
        print_of(title, text),
        title=title,
        source_id=source,
        found=found,
        settings=dataclasses.replace(StorySettings(), **settings),
        alike=lambda _: alike,
    )
    return kept.of.article_id if kept else None


TEXT = prose(400, 1)
WORDS = TEXT.split()


@pytest.mark.parametrize(
    "edited",
    [
        " ".join(WORDS[:160]),
        " ".join(WORDS[160:]),
        "VILNIUS (Agency) – " + TEXT,
        " ".join(WORDS[200:] + WORDS[:200]),
        f"{prose(60, 2)} {TEXT} {prose(60, 3)}",
        " ".join("Somebody" if at % 25 == 0 else word for at, word in enumerate(WORDS)),
        f"{prose(300, 4)} {' '.join(WORDS[:200])} {prose(250, 5)}",
    ],
    ids=[
        "cut end",
        "cut start",
        "agency line",
        "reordered",
        "framed",
        "names changed",
        "inside a longer piece",
    ],
)
def test_an_edited_text_is_a_copy(edited: str) -> None:
    inside_a_longer_one = len(edited.split()) > 700
    first = stored(" ".join(WORDS[:200]) if inside_a_longer_one else TEXT)
    assert copied(edited, first) == "a1"


def test_the_earliest_is_the_original() -> None:
    assert copied(TEXT, stored(TEXT, 2), stored(TEXT, 1)) == "a1"


def test_two_briefs_with_the_same_footer_are_no_copies() -> None:
    first = stored(f"{prose(25, 11)} {FOOTER}", source="paper")
    assert copied(f"{prose(25, 12)} {FOOTER}", first) is None


def test_what_stands_in_several_stories_is_furniture_elsewhere_too() -> None:
    pages = [stored(f"{prose(20, 20 + at)} {FOOTER}", at, source=f"site{at}") for at in range(1, 4)]
    assert copied(f"{prose(20, 30)} {FOOTER}", *pages) is None
    assert copied(f"{prose(90, 21)} {FOOTER}", stored(f"{prose(90, 21)} {FOOTER}", 9), *pages) == "a9"


def test_very_short_texts_are_left_to_the_exact_keys() -> None:
    assert copied(prose(20, 1), stored(prose(20, 1))) is None


def test_a_newsletter_is_nobodys_copy_and_nobody_is_a_copy_of_it() -> None:
    briefs = [prose(120, seed) for seed in range(50, 55)]
    letter = " ".join(briefs)
    assert copied(letter, *(stored(brief, at) for at, brief in enumerate(briefs, 1))) is None
    assert copied(briefs[0], stored(letter), alike=0.05) is None


def test_an_outlets_second_report_on_its_own_story_is_no_copy() -> None:
    later = f"{prose(200, 70)} {' '.join(WORDS[:150])}"
    assert copied(later, stored(" ".join(WORDS[:200]), source="paper"), source="paper") is None


def test_the_share_that_makes_a_copy_is_a_setting() -> None:
    half = " ".join(WORDS[:160]) + " " + prose(240, 80)
    assert copied(half, stored(TEXT)) is None
    assert copied(half, stored(TEXT), copy_share=0.35) == "a1"
