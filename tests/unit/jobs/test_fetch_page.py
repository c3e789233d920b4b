"""How much of a page is read."""

from __future__ import annotations

from hypothesis import given
from hypothesis import strategies as st

from monitor.jobs.fetch_page import MAX_PAGE, MAX_TAGS, page_body


@given(st.binary(max_size=500))
def test_ordinary_pages_are_read_whole(body: bytes) -> None:
    assert page_body(body) == body


def test_huge_pages_are_cut() -> None:
    assert len(page_body(b"x" * (MAX_PAGE + 1))) == MAX_PAGE
    kept = page_body(b"<p>word " * (MAX_TAGS + 5))
    assert kept == b"<p>word " * MAX_TAGS
