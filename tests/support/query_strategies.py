"""Random trees and texts over a small vocabulary, so that they meet often."""

from __future__ import annotations

from hypothesis import strategies as st

from monitor.core.query.syntax import tree
from monitor.model import MatchText

WORDS = ("sanction", "bank", "Bank", "O'Brien", "NATO", "potash", "банк", "ёлка", "Минск", "7", "北")
TEXT_WORDS = (
    *WORDS,
    "sanctions",
    "sanctioned",
    "banks",
    "O’Brien's",
    "nato",
    "банка",
    "елка",
    "Mинск",  # Latin M
    "Nord-Stream",
    "Nord",
    "Stream",
    "–",
    "北京",
    "https://example.org/bank/sanctions?with=a-very-long-tail-that-is-longer-than-any-chunk",
)
ENDS = ("", "", "", ",", ".", "!", "»", "\u200b")

modes = st.sampled_from(("forms", "forms", "exact", "case"))
plain = st.builds(tree.Word, st.sampled_from(WORDS), modes)
starred = st.builds(
    tree.Word, st.sampled_from(("sanct", "ban", "Str", "бан")), st.sampled_from(("prefix", "infix"))
)
ending = st.builds(tree.Word, st.sampled_from(("ions", "ank", "ream")), st.just("suffix"))
words = plain | starred | ending


def _phrase_words() -> st.SearchStrategy[tuple[tree.Word, ...]]:
    def of(mode: tree.Mode) -> st.SearchStrategy[tuple[tree.Word, ...]]:
        one = st.builds(tree.Word, st.sampled_from(WORDS), st.just(mode))
        return st.lists(one, min_size=2, max_size=3).map(tuple)

    modes: tuple[tree.Mode, ...] = ("forms", "exact", "case")
    return st.sampled_from(modes).flatmap(of)


phrases = st.builds(tree.Phrase, _phrase_words()) | st.builds(
    tree.Phrase,
    st.lists(st.builds(tree.Word, st.sampled_from(WORDS)), min_size=2, max_size=3).map(tuple),
    st.integers(0, 4),
)
terms = words | phrases


def _groups(inner: st.SearchStrategy[tree.Node]) -> st.SearchStrategy[tree.Node]:
    return (
        st.builds(tree.Or, st.lists(inner, min_size=2, max_size=3).map(tuple))
        | st.builds(tree.Near, inner, inner, st.integers(0, 4), st.booleans())
        | st.builds(tree.Except, inner, inner)
        | st.builds(tree.First, st.integers(1, 6), inner)
    )


places = st.recursive(terms, _groups, max_leaves=4)
not_near = st.builds(tree.Near, places, places, st.integers(0, 4), st.booleans(), negated=st.just(True))


def _clauses(inner: st.SearchStrategy[tree.Node]) -> st.SearchStrategy[tree.Node]:
    several = st.lists(inner, min_size=2, max_size=3).map(tuple)
    weighted = st.lists(st.tuples(inner, st.integers(-2, 4)), min_size=1, max_size=3).map(tuple)
    return (
        st.builds(tree.And, several)
        | st.builds(tree.Or, several)
        | st.builds(lambda yes, no: tree.And((yes, tree.Not(no))), inner, inner)
        | st.builds(tree.Sentence, inner)
        | st.builds(tree.First, st.integers(1, 6), inner)
        | st.builds(tree.Except, inner, places)
        | st.builds(tree.Score, st.integers(1, 3), weighted)
    )


_scoped = st.recursive(
    places | not_near | st.builds(tree.AtLeast, st.integers(1, 3), places), _clauses, max_leaves=5
)
_fields = st.builds(tree.Field, st.sampled_from(("title", "body", "lead", "author")), _scoped)


def _values(inner: st.SearchStrategy[tree.Node]) -> st.SearchStrategy[tree.Node]:
    several = st.lists(inner, min_size=2, max_size=3).map(tuple)
    return st.builds(tree.Or, several) | st.builds(tree.And, several)


def _filter(name: str, values: tuple[str, ...]) -> st.SearchStrategy[tree.Node]:
    value = st.builds(tree.Value, st.sampled_from(values))
    return st.builds(tree.Field, st.just(name), st.recursive(value, _values, max_leaves=3))


SOURCES = ("BelTA", "Nasha Niva", "nn")
URLS = ("", "https://x.example/economy/1", "https://x.example/sport/NN")
_filters = (
    _filter("lang", ("en", "ru"))
    | _filter("tier", ("state", "Blog"))
    | _filter("country", ("by", "LT"))
    | _filter("source", ("belta", "bel*", "nasha niva", "Niva"))
    | _filter("url", ("x.example", "/economy/", "/nn", "https://x.example/sport"))
)


def _outer(inner: st.SearchStrategy[tree.Node]) -> st.SearchStrategy[tree.Node]:
    several = st.lists(inner, min_size=2, max_size=3).map(tuple)
    return (
        st.builds(tree.And, several)
        | st.builds(tree.Or, several)
        | st.builds(lambda yes, no: tree.And((yes, tree.Not(no))), inner, inner)
    )


trees = st.recursive(_scoped | _fields | _filters, _outer, max_leaves=4)

_sentence = st.lists(
    st.builds(str.__add__, st.sampled_from(TEXT_WORDS), st.sampled_from(ENDS)), max_size=14
).map(" ".join)
_body = st.lists(_sentence, max_size=3).map("\n".join)
texts = st.builds(
    MatchText,
    title=_sentence,
    body=_body,
    author=_sentence,
    source=st.sampled_from(("", *SOURCES)),
    url=st.sampled_from(URLS),
    tier=st.sampled_from(("", "state", "blog")),
    country=st.sampled_from((None, "BY", "LT")),
    language=st.sampled_from(("en", "de")),
)
