"""Reading and printing queries: every operator, every mistake with its place and mend."""

from __future__ import annotations

import pytest

from monitor.core.query import check, parse, pointer, show
from monitor.core.query.syntax.tree import (
    And,
    AtLeast,
    Except,
    Field,
    First,
    Near,
    Node,
    Not,
    Or,
    Phrase,
    Reference,
    Score,
    Sentence,
    Value,
    Word,
)
from monitor.errors import QueryError

A, B, C = Word("a"), Word("b"), Word("c")


@pytest.mark.parametrize(
    ("query", "tree"),
    [
        ("a", A),
        ("a b", And((A, B))),
        ("a AND b", And((A, B))),
        ("a OR b", Or((A, B))),
        ("a OR b AND c", Or((A, And((B, C))))),
        ("a NOT b", And((A, Not(B)))),
        ("a AND NOT b", And((A, Not(B)))),
        ("a -b", And((A, Not(B)))),
        ("a | b", Or((A, B))),
        ("a && b", And((A, B))),
        ("+a b", And((A, B))),
        ("a NOT b NEAR/2 c", And((A, Not(Near(B, C, 2))))),
        ("(a b) c", And((And((A, B)), C))),
        ('"a b"', Phrase((A, B))),
        ('"a b"~3', Phrase((A, B), 3)),
        ('"a"', A),
        ("a NEAR/5 b", Near(A, B, 5)),
        ("a ONEAR/5 b", Near(A, B, 5, ordered=True)),
        ("a NOT NEAR/5 b", Near(A, B, 5, negated=True)),
        ("a NOT ONEAR/5 b", Near(A, B, 5, ordered=True, negated=True)),
        ("(a OR b) NEAR/1 c", Near(Or((A, B)), C, 1)),
        ("a NEAR/1 b NEAR/2 c", Near(Near(A, B, 1), C, 2)),
        ("банк*", Word("банк", "prefix")),
        ("*банк", Word("банк", "suffix")),
        ("*банк*", Word("банк", "infix")),
        ('"банк* a"', Phrase((Word("банк", "prefix"), A))),
        ("=a", Word("a", "exact")),
        ('="a b"', Phrase((Word("a", "exact"), Word("b", "exact")))),
        ("{NATO}", Word("NATO", "case")),
        ("{US EU}", Phrase((Word("US", "case"), Word("EU", "case")))),
        ("{Apple}", Or((Word("Apple", "case"), Word("APPLE", "shout")), "{Apple}")),
        ("US", Word("US", "capitals")),
        ("Nord-Stream", Or((Phrase((Word("Nord"), Word("Stream"))), Word("NordStream")), "Nord-Stream")),
        ("ATLEAST/2(a OR b)", AtLeast(2, Or((A, B)))),
        ("FIRST/50 (a b)", First(50, And((A, B)))),
        ("SENT(a b)", Sentence(And((A, B)))),
        ("SCORE/3(a^2 b c^-1)", Score(3, ((A, 2), (B, 1), (C, -1)))),
        ("title:a", Field("title", A)),
        ("TITLE:(a OR b)", Field("title", Or((A, B)))),
        ("lang:(be OR ru) a", And((Field("lang", Or((Value("be"), Value("ru")))), A))),
        ("url:belta.by/president a", And((Field("url", Value("belta.by/president")), A))),
        ('source:"Наша Ніва"', Field("source", Value("Наша Ніва"))),
        ("@list", Reference("list")),
        ("@person:kalesnikava", Reference("kalesnikava", "person")),
        ('@org:"Беларуськалий"', Reference("Беларуськалий", "org")),
        ('a EXCEPT "a b"', Except(A, Phrase((A, B)))),
    ],
)
def test_operators(query: str, tree: Node) -> None:
    """Each operator makes its node, and prints as a query that makes it again."""
    assert parse(query) == tree
    assert parse(show(tree)) == tree


@pytest.mark.parametrize(
    ("pasted", "typed"),
    [
        ("«белая русь»", '"белая русь"'),
        ("“a b” OR „a c“", '"a b" OR "a c"'),
        ("«ААТ \u201eБеларуськалій\u201d»", '"ААТ Беларуськалій"'),
        ("a\u00a0AND\u202fb", "a AND b"),
        ("\ufeffa OR\u200b b", "a OR b"),
        ("（ａ　ＯＲ　ｂ）", "(a OR b)"),
        ("ｔｉｔｌｅ：a", "title:a"),
        ("a – b", "a b"),
        ("a –b", "a NOT b"),
        ("❝a b❞ c", '"a b" c'),
        ("‘a b’ c", '"a b" c'),
        ("'a b' c", '"a b" c'),
        ('"“a b”" c', '"a b" c'),
        ("&quot;a b&quot; c", '"a b" c'),
        ("a ОR b", "a OR b"),
        ("a ИЛИ b", "a OR b"),
        ("a І b НЕ c", "a b NOT c"),
        ("a/b", '"a b"'),
        ("a, b", "a b"),
        ("a?", "a"),
        ("a — b", "a b"),
    ],
)
def test_what_is_pasted_from_chat_reads_like_what_is_typed(pasted: str, typed: str) -> None:
    """Smart quotes, guillemets, odd blanks, full-width letters and punctuation."""
    assert show(parse(pasted)).casefold() == show(parse(typed)).casefold()


def test_lower_case_operators_are_words_and_noticed() -> None:
    """``a or b`` asks for the word *or*; its author is told."""
    assert parse("a or b") == And((A, Word("or"), B))
    (lint,) = check("a or b")
    assert (lint.line, lint.column) == (1, 3)
    assert "OR" in lint.hint


@pytest.mark.parametrize(
    ("query", "line", "column", "said", "hint"),
    [
        ("", 1, 1, "empty", "word"),
        ("a AND", 1, 6, "missing", "operator"),
        ("AND a", 1, 1, "missing before AND", "quote"),
        ("a OR OR b", 1, 6, "missing before OR", "quote"),
        ("a\nAND (b", 2, 5, "never closed", ")"),
        ("a) b", 1, 2, "without (", "take it out"),
        ("a ()", 1, 3, "empty brackets", "word"),
        ('a "b', 1, 3, "never closed", '"'),
        ('a ""', 1, 3, "no word", "word"),
        ("a {NATO", 1, 3, "never closed", "NATO"),
        ("a }", 1, 3, "without", "leave it out"),
        ("headline:a", 1, 1, "unknown field headline:", "title:"),
        ("site:nn.by a", 1, 1, "unknown field", "here it is source: or url:"),
        ("загаловак:a", 1, 1, "unknown field", "quote"),
        ("title:", 1, 1, "no value", "title:word"),
        ("title:(lead:a)", 1, 8, "cannot stand here", "outside"),
        ("ba*", 1, 1, "fewer than 3", "3 letters"),
        ("*", 1, 1, "everything", "three letters"),
        ("ba*nk", 1, 3, "inside a word", "ba*"),
        ("te?t", 1, 3, "? in a word", "*"),
        ("roam~2", 1, 5, "fuzzy", "word*"),
        ("{NA*}", 1, 4, "do not go together", "{A}"),
        ("NOT a", 1, 1, "must not be", "AND"),
        ("a OR NOT b", 1, 6, "must not be", "AND"),
        ("a AND (NOT b OR NOT c)", 0, 0, "", ""),
        ("title:(NOT a)", 1, 8, "must not be", "AND"),
        ("a NEAR b", 1, 3, "NEAR needs a distance", "NEAR/5"),
        ("a NEAR/9999 b", 1, 3, "1000", "AND"),
        ("a NEAR/5", 1, 9, "missing", "operator"),
        ("(a b) NEAR/5 c", 1, 2, "NEAR needs words or phrases", "OR"),
        ("(NOT a) NEAR/5 c", 1, 2, "NEAR needs words", "OR"),
        ("ATLEAST(a)", 1, 1, "needs a number", "ATLEAST/2"),
        ("ATLEAST/0(a)", 1, 1, "means nothing", "ATLEAST/1"),
        ("ATLEAST/2(a b)", 1, 11, "ATLEAST needs words", "OR"),
        ("SENT(title:a b)", 1, 6, "cannot stand here", "outside"),
        ("SCORE/5(a^2 b)", 1, 1, "never add up to 5", "threshold"),
        ("a^3", 1, 2, "outside SCORE", "SCORE"),
        ("a ^x", 1, 3, "whole number", "SCORE"),
        ("@", 1, 1, "needs a name", "@name"),
        ("lang:(be NEAR/2 ru)", 1, 10, "lang: takes values", "lang:(a OR b)"),
        ("=", 1, 1, "right after it", "=word"),
        ("(" * 60 + "a" + ")" * 60, 1, 42, "levels", "@list"),
    ],
)
def test_mistakes(query: str, line: int, column: int, said: str, hint: str) -> None:
    """Each mistake is named at its place with its mend."""
    if not said:
        assert parse(query)
        return
    with pytest.raises(QueryError) as caught:
        parse(query)
    error = caught.value
    assert said in error.message
    assert hint in error.hint
    assert (error.line, error.column) == (line, column)


def test_the_pointer_stands_under_the_place() -> None:
    """People see the line and a caret."""
    assert pointer("a\nb AND", 2, 6) == "b AND\n     ^"


def test_mixed_operators_show_both_readings() -> None:
    """AND binds tighter than OR, and the author is told what that means."""
    (lint,) = check("a OR b AND c")
    assert "a OR (b AND c)" in lint.message
    assert "(a OR b) AND c" in lint.hint
    assert check("a OR (b AND c)") == ()


@pytest.mark.parametrize(
    ("query", "said"),
    [
        ("a, b", "comma"),
        ("a w/5 b", "NEAR/5"),
        ("a adj3 b", "ONEAR/3"),
        ("a near/5 b", "NEAR/5"),
        ("a OR b OR a", "twice"),
        ("a NOT a", "never true"),
        ("lang:be lang:ru a", "one lang"),
        ("lang:(be ru) a", "side by side"),
        ("lang:Belarusian a", "language code"),
        ("lang:de a", "not in the topic"),
        ("C++", "letters and digits"),
        ("AT&T", "letters and digits"),
        ("/min[sk]+/ a", "no regular expression"),
        ("a hd=minsk", "title:"),
        ("atleast5 minsk", "ATLEAST/5"),
        ("minsk w/s putin", "SENT"),
        ("a NEAR5 b", "NEAR/5"),
        ("sanction OR sanctions", "sanctions is found by sanction anyway"),
        ("sanction* OR sanctions* OR x", "sanctions* is found by sanction* anyway"),
        ("minsk EXCEPT minsk", "hides all"),
        ('FIRST/2("a b c")', "more than 2 words"),
    ],
)
def test_lints(query: str, said: str) -> None:
    """What is allowed but hardly meant."""
    lints = check(query, languages=("be", "ru", "en"))
    assert any(said in f"{lint.message} {lint.hint}" for lint in lints)


@pytest.mark.parametrize(
    "query",
    [
        "a AND (b OR c)",
        'санкц* "калійныя ўгнаенні"',
        "@l NEAR/5 a",
        "lang:be a",
        "a-b c",
        "мінск OR мінскі",
        "минск OR минский",
        "http/2 a",
    ],
)
def test_a_clean_query_has_no_lints(query: str) -> None:
    """No false alarms."""
    assert check(query, languages=("be",), lists={"l": ("x",)}) == ()


def test_an_unknown_name_is_an_error_with_the_nearest_one() -> None:
    """A typo in @name is caught before it silently matches nothing."""
    with pytest.raises(QueryError) as caught:
        check("a OR @sanctoins", lists={"sanctions": ("x",)})
    assert "@sanctions" in caught.value.hint
    assert caught.value.column == 6


def test_an_empty_list_entry_is_named() -> None:
    """A list is checked where it is used."""
    with pytest.raises(QueryError, match="no word"):
        check("@l", lists={"l": ("—",)})
