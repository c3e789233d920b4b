"""Prints: what is shared between texts, and how much of one the other holds."""

from __future__ import annotations

from hypothesis import given
from hypothesis import strategies as st

from monitor.core.story.winnowing import containment, print_of
from monitor.model import Print
from tests.support.made_up import prose


def shared(one: Print, other: Print) -> int:
    return len(set(one.anchors) & set(other.anchors))


def test_a_cut_text_stands_whole_in_the_long_one() -> None:
    whole, cut = prose(600, 1), " ".join(prose(600, 1).split()[:150])
    short, long = print_of("", cut), print_of("", prose(400, 2) + " " + whole + " " + prose(500, 3))
    assert shared(short, long) >= 3
    assert containment(short, long)[0] > 0.95
    assert containment(long, short)[0] < 0.2


@given(st.integers(40, 300), st.integers(0, 200), st.integers(0, 200), st.integers(0, 9))
def test_a_run_longer_than_a_window_always_shares_an_anchor(
    run: int, before: int, after: int, seed: int
) -> None:
    common = prose(run, seed)
    one = print_of("", f"{prose(before, seed + 10)} {common} {prose(after, seed + 20)}")
    other = print_of("", f"{prose(after, seed + 30)} {common} {prose(before, seed + 40)}")
    assert shared(one, other) >= 1


def test_other_texts_share_nothing() -> None:
    one, other = print_of("", prose(500, 1)), print_of("", prose(500, 2))
    assert shared(one, other) == 0
    assert containment(one, other)[0] < 0.02


def test_a_repeated_headline_case_and_typography_do_not_count() -> None:
    text = prose(120, 5)
    assert print_of("Big news", f"BIG NEWS\n{text.upper()}") == print_of("", text)


@given(st.text(max_size=400))
def test_any_text_has_a_print(text: str) -> None:
    made = print_of(text[:20], text)
    assert containment(made, made)[0] in {0.0, 1.0}
    assert all(-(2**63) <= anchor < 2**63 for anchor in made.anchors)


def test_a_very_long_text_is_bounded() -> None:
    made = print_of("", prose(50_000, 7))
    assert len(made.anchors) <= 200
    assert len(made.sketch) <= 2 * 6_000
