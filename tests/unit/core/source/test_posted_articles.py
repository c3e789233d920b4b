"""Dropped articles: every shape that is promised, and a sentence for all else."""

from __future__ import annotations

import json

import pytest
from hypothesis import given
from hypothesis import strategies as st

from monitor.core.source.posted_articles import read_posted

ONE = {"id": "1", "title": "River rises", "text": "After rain.", "lang": "en", "url": "https://x.example/1"}
TWO = {"title": "Bridge closed"}


@pytest.mark.parametrize(
    "document",
    [
        json.dumps([ONE, TWO]),
        json.dumps([ONE, TWO], indent=2),
        json.dumps({"articles": [ONE, TWO]}),
        f"{json.dumps(ONE)}\n\n{json.dumps(TWO)}\n",
        f"\ufeff{json.dumps(ONE)}\r\n{json.dumps(TWO)}",
    ],
)
def test_every_shape_gives_the_same_articles(document: str) -> None:
    drops, refused = read_posted(document)
    assert [dict(drop.fields) for drop in drops] == [ONE, TWO]
    assert refused == ()
    assert [json.loads(drop.raw) for drop in drops] == [ONE, TWO]


def test_other_names_and_authors_are_understood() -> None:
    ((drop,), _) = read_posted(
        '{"headline":"H","body":"B","language":"be","link":"u","authors":["A",1,"B"],"id":7}'
    )
    assert dict(drop.fields) == {"title": "H", "text": "B", "lang": "be", "url": "u", "id": "7"}
    assert drop.authors == ("A", "B")


@pytest.mark.parametrize(
    ("document", "why"),
    [
        ("", "the document is empty"),
        ("<html>", "the document is no JSON"),
        ('{"url": "https://x.example"}', "neither a title nor a text"),
        ('[1, {"title": "x"}]', "article 1 is no object but 1"),
        ('{"title": ["x"]}', 'title is ["x"], not a text'),
        ('{"title": "x"}\n{"title": \n', "line 2 is no JSON"),
        ("[" * 100_000, "the document is no JSON: nested too deeply"),
    ],
)
def test_what_is_no_article_says_why(document: str, why: str) -> None:
    assert why in read_posted(document)[1][0].why


def test_what_is_refused_is_kept_as_it_was_written() -> None:
    _, (refused,) = read_posted('["Мінск"]')
    assert refused.raw == '"Мінск"'


def test_good_lines_survive_bad_ones() -> None:
    drops, refused = read_posted('{"title": "a"}\nnonsense\n{"title": "b"}\n')
    assert [drop.fields["title"] for drop in drops] == ["a", "b"]
    assert [part.raw for part in refused] == ["nonsense"]


@given(
    st.one_of(
        st.text(max_size=80),
        st.recursive(
            st.none() | st.booleans() | st.integers() | st.text(max_size=5),
            lambda inner: (
                st.lists(inner, max_size=3)
                | st.dictionaries(st.sampled_from(["title", "text", "articles", "id"]), inner, max_size=3)
            ),
            max_leaves=8,
        ).map(json.dumps),
    )
)
def test_anything_is_read_or_refused(document: str) -> None:
    drops, refused = read_posted(document)
    assert drops or refused
