"""Whether the articles of one story fall apart into two events.

Two events of one kind share most of their words, and no likeness from which articles tell one story suits
both a hot event and a quiet one. But once each has a few articles, the articles of one are clearly more
like one another than like those of the other.
"""

from __future__ import annotations

import math
from collections.abc import Callable, Sequence
from typing import Final

FEWEST: Final = 3
"""Articles that an event must have before it is told from another one."""


def parted(names: Sequence[int], likeness: Callable[[int, int], float], *, part: float) -> tuple[int, ...]:
    """One of two groups that the articles fall into, in the given order; empty when they hold together.

    They fall apart when articles of the two groups are less than ``part`` times as alike as articles of
    one group are. Of all groups that grow by joining what is most alike, the one that stands apart most
    is taken.
    """
    if len(names) < 2 * FEWEST:
        return ()
    table = [[0.0 if a == b else likeness(a, b) for b in names] for a in names]
    total = sum(map(sum, table)) / 2
    apart = [(_apart(group, table, total), group) for group in _groups(table)]
    ratio, group = min(apart, default=(math.inf, frozenset()), key=lambda each: (each[0], sorted(each[1])))
    return tuple(name for at, name in enumerate(names) if at in group) if ratio < part else ()


def _groups(table: Sequence[Sequence[float]]) -> list[frozenset[int]]:
    """All groups on the way from single articles to one group, the two most alike joined each time."""
    members = {at: frozenset([at]) for at in range(len(table))}
    sums = {(a, b): table[a][b] for a in members for b in members if a < b}
    made: list[frozenset[int]] = []
    while len(members) > 1:
        a, b = max(
            sums, key=lambda pair: (sums[pair] / (len(members[pair[0]]) * len(members[pair[1]])), pair)
        )
        for other in members:
            if other not in (a, b):
                gone = sums.pop((min(b, other), max(b, other)))
                sums[min(a, other), max(a, other)] += gone
        del sums[a, b]
        members[a] |= members.pop(b)
        made.append(members[a])
    return [group for group in made if FEWEST <= len(group) <= len(table) - FEWEST]


def _apart(group: frozenset[int], table: Sequence[Sequence[float]], total: float) -> float:
    """Likeness between the group and the rest, to the geometric mean of that within either."""
    size, rest = len(group), len(table) - len(group)
    inside = sum(table[a][b] for a in group for b in group) / 2
    across = sum(sum(table[a]) for a in group) - 2 * inside
    outside = total - inside - across
    within = math.sqrt(max(inside, 0) / (size * (size - 1) / 2) * max(outside, 0) / (rest * (rest - 1) / 2))
    return across / (size * rest) / within if within else math.inf
