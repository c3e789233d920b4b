"""Thresholds by what operators joined and parted: moved by enough of it, and only for the better."""

from __future__ import annotations

from datetime import UTC, datetime

from monitor.core.story.pairs.calibrate import FEWEST, calibrated
from monitor.core.story.pairs.features import WITHIN
from monitor.model import StoryLabel, StorySettings

NOW = datetime(2026, 11, 23, 12, 0, tzinfo=UTC)
SETTINGS = StorySettings()


def label(at: int, *, words: float, same: bool, language: float = 1.0) -> StoryLabel:
    features = dict.fromkeys((*WITHIN, "international", "international_lead", "names_shared"), 0.0)
    features |= {"numbers_shared": 0.0, "in_table": 0.0, "concepts": 0.0}
    features |= {"words": words, "headline": words, "names": words, "same_language": language}
    return StoryLabel(one=f"a{at}", other=f"b{at}", same=same, at=NOW, features=features)


def test_an_installation_whose_stories_are_little_alike_is_content_with_less() -> None:
    labels = [label(at, words=0.24, same=True) for at in range(20)]
    labels += [label(at, words=0.02, same=False) for at in range(20, 40)]
    within, across = calibrated(labels, SETTINGS)
    assert (within.setting, within.pairs, within.enough) == ("same", 40, True)
    assert within.after < within.before == SETTINGS.same
    assert within.right_before < within.right_after == 40
    assert (across.pairs, across.enough, across.after) == (0, False, SETTINGS.across)


def test_few_labels_or_labels_of_one_kind_change_nothing() -> None:
    few = [label(at, words=0.24, same=at % 2 == 0) for at in range(FEWEST - 1)]
    joined_only = [label(at, words=0.24, same=True) for at in range(50)]
    for labels in ([], few, joined_only):
        within, _ = calibrated(labels, SETTINGS)
        assert (within.enough, within.after) == (False, within.before)


def test_what_is_judged_rightly_stays() -> None:
    labels = [label(at, words=0.9 if at % 2 else 0.02, same=at % 2 == 1) for at in range(40)]
    within, _ = calibrated(labels, SETTINGS)
    assert (within.after, within.right_after) == (within.before, 40)
