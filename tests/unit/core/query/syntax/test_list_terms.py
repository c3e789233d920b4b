"""Entries of shared lists as terms of a query."""

from __future__ import annotations

import pytest

from monitor.core.query.syntax.terms import list_term
from monitor.core.query.syntax.tree import Or, Phrase, Word
from monitor.errors import QueryError


@pytest.mark.parametrize(
    ("entry", "text", "mode"),
    [
        ("potash", "potash", "forms"),
        ("{Potash}", "Potash", "case"),
        ("{potash", "potash", "forms"),
        ("=potash", "potash", "exact"),
        ("potash*", "potash", "prefix"),
        ("  калій ", "калій", "forms"),
    ],
)
def test_an_entry_is_a_word_as_a_query_would_read_it(entry: str, text: str, mode: str) -> None:
    found = list_term(entry)
    term = found.parts[0] if isinstance(found, Or) else found  # {Potash} also stands in a headline: POTASH
    assert isinstance(term, Word)
    assert (term.text, term.mode) == (text, mode)


def test_words_are_a_phrase_and_none_is_a_mistake() -> None:
    assert isinstance(list_term("Belaruskali potash"), Phrase)
    for empty in ("", "=", "{}"):
        with pytest.raises(QueryError, match="has no word"):
            list_term(empty)
