"""What holds for every query and every text."""

from __future__ import annotations

from hypothesis import example, given, settings
from hypothesis import strategies as st

from monitor.core.query import check, parse, show
from monitor.core.query.engine.expand import SharedLists, expand
from monitor.core.query.engine.matcher import Matcher
from monitor.core.query.syntax.lex import lex
from monitor.core.query.syntax.tree import Node
from monitor.core.query.tokens import fold, words
from monitor.errors import QueryError
from monitor.model import MatchText, Topic
from tests.support.obvious_matcher import obviously
from tests.support.query_strategies import texts, trees

LANGUAGES = ("en", "de", "be")
PIECES = (
    *'()"«»“”{}^~@=*:?,;|&!-+',
    *[
        "AND",
        "OR",
        "NOT",
        "EXCEPT",
        "NEAR",
        "NEAR/3",
        "ONEAR/0",
        "SENT",
        "SCORE/2",
        "FIRST/9",
        "ATLEAST/2",
        "and",
    ],
    *[
        "title:",
        "lang:",
        "url:",
        "nope:",
        "word",
        "сло'во",
        "ёж",
        "NATO",
        "12",
        "北京",
        "\u200b",
        "\xa0",
        "\n",
    ],
)


@given(
    st.text()
    | st.lists(st.sampled_from(PIECES)).map(" ".join)
    | st.lists(st.sampled_from(PIECES)).map("".join)
)
@example("AAAA\u200bA:A")  # all in capitals, also in what it prints
@settings(max_examples=120, deadline=None)
def test_any_text_parses_or_raises_a_query_error_with_a_place(query: str) -> None:
    """Nothing that a person can type escapes as another error, and what parses prints and parses."""
    refused = None
    try:
        node = parse(query)
        check(query)
    except QueryError as error:
        refused = error
    if refused is None:
        assert parse(show(node)) == node
    else:
        assert refused.message
        assert 1 <= refused.line <= query.count("\n") + 1
        assert refused.column >= 1


@given(trees)
@settings(max_examples=120, deadline=None)
def test_a_printed_tree_parses_to_itself(node: Node) -> None:
    """Trees that are no queries (purely negative, weights too low) are refused. A word that may be
    written in several ways becomes all of them, once."""
    try:
        tree = parse(show(node))
    except QueryError:
        return
    assert parse(show(tree)) == tree, show(node)


@given(st.lists(trees, min_size=1, max_size=4), st.lists(texts, min_size=1, max_size=3))
@settings(max_examples=120, deadline=None)
def test_the_matcher_agrees_with_the_obvious_reading(nodes: list[Node], given_texts: list[MatchText]) -> None:
    """All topics at once, text after text: anchors, chunks and first tests change no answer."""
    topics = []
    for number, node in enumerate(nodes):
        try:
            parse(show(node))
        except QueryError:
            continue
        topics.append(Topic(id=str(number), query=show(node), languages=LANGUAGES))
    matcher = Matcher.build(topics)
    for text in given_texts:
        expected = []
        for topic in topics:
            tree = expand(parse(topic.query), topic.query, LANGUAGES, SharedLists())
            if obviously(tree, text):
                expected.append(topic.id)
        assert list(matcher.matching(text)) == expected
        matches = matcher.match(text)
        assert [match.topic_id for match in matches] == expected
        for topic in topics:
            assert matcher.explain(topic.id, text).true == (topic.id in expected)
        for match in matches:
            assert 0 < match.score <= 1
            for span in match.spans:
                assert getattr(text, span.field)[span.start : span.end] == span.text
                assert span.text


@given(trees, texts)
@settings(max_examples=60, deadline=None)
def test_spans_cut_the_text_at_words(node: Node, text: MatchText) -> None:
    """A span begins at the first letter of a word and ends at the last of one."""
    try:
        matcher = Matcher.build([Topic(id="t", query=show(node), languages=LANGUAGES)])
    except QueryError:
        return
    for match in matcher.match(text):
        for span in match.spans:
            if span.field in {"url", "source"}:  # a piece of an address is no word
                continue
            inside = words(span.text)
            assert span.text.startswith(inside[0])
            assert span.text.endswith(inside[-1])


@given(trees, texts)
@settings(max_examples=50, deadline=None)
def test_the_first_look_never_says_no_to_a_match(node: Node, text: MatchText) -> None:
    """A page is only left unread when its text cannot match."""
    try:
        matcher = Matcher.build([Topic(id="t", query=show(node))])
    except QueryError:
        return
    if matcher.match(text):
        assert matcher.could_match(f"<html><h1>{text.title}</h1><p>{text.body}</p></html>")


@given(st.text())
def test_folding_is_stable(word: str) -> None:
    """A folded word is not changed by folding again."""
    for each in words(word):
        once = fold(each)
        assert fold(once) == once


@given(st.text())
def test_tokens_lie_in_the_query(query: str) -> None:
    """Every token points into the query, one after the other."""
    at = 0
    try:
        for token in lex(query):
            assert at <= token.start <= token.end <= len(query)
            at = token.end
    except QueryError:
        return
