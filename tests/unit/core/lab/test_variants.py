"""A query without each of its clauses."""

from __future__ import annotations

import pytest

from monitor.core.lab.variants import MOST, variants
from monitor.core.query import parse, show


@pytest.mark.parametrize(
    ("query", "expected"),
    [
        ("a", []),
        ("a OR b", [("a", "alternative", "b"), ("b", "alternative", "a")]),
        ("a AND NOT b", [("NOT b", "exclusion", "a")]),
        (
            "a AND (b OR c OR d)",
            [
                ("b", "alternative", "a AND (c OR d)"),
                ("c", "alternative", "a AND (b OR d)"),
                ("d", "alternative", "a AND (b OR c)"),
            ],
        ),
        ("(a OR b) NEAR/5 c", [("a", "alternative", "b NEAR/5 c"), ("b", "alternative", "a NEAR/5 c")]),
        ('minsk EXCEPT "minsk mazowiecki"', [('"minsk mazowiecki"', "exclusion", "minsk")]),
        ("title:(a OR b)", [("a", "alternative", "title:b"), ("b", "alternative", "title:a")]),
    ],
)
def test_each_clause_is_left_out_once(query: str, expected: list[tuple[str, str, str]]) -> None:
    found = variants(query)
    assert [(each.clause, each.role, each.query) for each in found] == expected
    for each in found:
        assert show(parse(each.query)) == each.query


def test_there_is_a_bound() -> None:
    assert len(variants(" OR ".join(f"word{number}" for number in range(500)))) == MOST
