"""Articles that go on on further pages."""

from __future__ import annotations

import pytest

from monitor.core.page.pagination import next_page, number_after

A = "https://a.example"


@pytest.mark.parametrize(
    ("url", "stated", "follows"),
    [
        (f"{A}/dam", f"{A}/dam/2", True),
        (f"{A}/dam", f"{A}/dam?page=2", True),
        (f"{A}/dam", f"{A}/dam/page/2/", True),
        (f"{A}/dam.html", f"{A}/dam-2.html", True),
        (f"{A}/dam", f"{A}/dam/3", False),
        (f"{A}/dam/2", f"{A}/dam/3", True),
        (f"{A}/dam/2", f"{A}/dam/2", False),
        (f"{A}/dam/3", f"{A}/dam/2", False),
        (f"{A}/dam", f"{A}/pike/2", False),
        (f"{A}/dam", "https://b.example/dam/2", False),
        (f"{A}/", f"{A}/2", False),
        (f"{A}/dam/49", f"{A}/dam/50", True),
        (f"{A}/dam/50", f"{A}/dam/51", False),
    ],
)
def test_the_next_page_has_the_next_number(url: str, stated: str, follows: bool) -> None:
    assert next_page(url, ["https://a.example/other", stated]) == (stated if follows else None)


def test_there_are_fifty_pages_at_most() -> None:
    assert [number_after(number) for number in (1, 49, 50, 51)] == [2, 50, 0, 0]
