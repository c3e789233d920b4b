"""Groups of articles by the likeness of all pairs."""

from __future__ import annotations

import numpy as np
from hypothesis import given
from hypothesis import strategies as st
from numpy.typing import NDArray

from monitor.core.story.groups import COHESIVE, groups


def table(count: int, *blocks: tuple[range, float], between: float) -> NDArray[np.float64]:
    """Log-odds: within each block, and between any two articles of no common block."""
    odds = np.full((count, count), between)
    for block, inside in blocks:
        odds[np.ix_(block, block)] = inside
    return odds


def parts(odds: NDArray[np.float64]) -> list[list[int]]:
    label = groups(odds).tolist()
    return sorted([at for at, its in enumerate(label) if its == one] for one in set(label))


def test_an_article_that_is_like_two_events_does_not_make_them_one() -> None:
    odds = table(7, (range(3), 3.0), (range(3, 6), 3.0), between=-2.0)
    odds[6, :6] = odds[:6, 6] = [1.0, 1.0, 1.0, 0.5, 0.5, 0.5]
    assert parts(odds) == [[0, 1, 2, 6], [3, 4, 5]]


def test_events_of_one_kind_are_told_apart_where_each_is_of_one_piece() -> None:
    alike = COHESIVE + 0.5
    assert parts(table(8, (range(4), alike + 0.4), (range(4, 8), alike + 0.4), between=0.4)) == [
        [0, 1, 2, 3],
        [4, 5, 6, 7],
    ]
    loose = table(8, (range(4), 1.0), (range(4, 8), 1.0), between=0.4)
    assert parts(loose) == [list(range(8))], "no more is asked of articles that are little alike themselves"


def test_two_that_are_alike_by_chance_do_not_shut_out_a_third() -> None:
    assert parts(table(3, (range(2), 4.0), between=0.5)) == [[0, 1, 2]]


def test_one_article_is_one_group() -> None:
    assert groups(np.zeros((1, 1))).tolist() == [0]


@given(st.integers(2, 9), st.integers(0, 2**32 - 1))
def test_the_order_of_articles_does_not_matter(count: int, seed: int) -> None:
    """No two pairs are equally alike: between such, the order decides."""
    values = np.random.default_rng(seed).uniform(-4, 4, (count, count))
    odds = (values + values.T) / 2
    turned = list(reversed(range(count)))
    found = [sorted(turned[at] for at in part) for part in parts(odds[np.ix_(turned, turned)])]
    assert sorted(found) == parts(odds)
