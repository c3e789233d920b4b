"""Reading queries: our descent parser beside a lark LALR grammar of the same language.

    .venv/bin/python bench/parsing.py [--quick]

The grammar covers what the benchmark's queries use and most of the rest; it makes the same trees (which
is checked) but has no mends, no lints and no checks of what a tree may not say. Microseconds of CPU a
query, medians of interleaved rounds. lark is in the extra ``bench``.
"""

from __future__ import annotations

import argparse
import importlib
import platform
import statistics
import time
from collections.abc import Callable, Sequence
from typing import Any

from parts.last_line import last_line
from parts.matching_corpus import Corpus, as_query

from monitor.core.query import parse
from monitor.core.query.syntax import tree
from monitor.core.query.syntax.lint import check

GOALS = {"x lark": 1.0}
GRAMMAR = r"""
start: either
either: both (_OR both)*
both: negation (_AND? negation)*
?negation: _NOT negation -> negated | near
near: atom ((NEAR | NOT_NEAR | EXCEPT) atom)*
?atom: WORD -> word | STAR -> star | EXACT -> exact | CASE -> case | NAME -> reference
     | PHRASE SLOP? -> phrase
     | "(" either ")"
     | FIELD atom -> field
     | CALL "(" either ")" -> call
_OR.3: "OR"
_AND.3: "AND"
_NOT.3: "NOT"
NOT_NEAR.5: /NOT\s+O?NEAR\/\d+/
NEAR.4: /O?NEAR\/\d+/
EXCEPT.3: "EXCEPT"
CALL.4: /(ATLEAST|FIRST|SCORE)\/\d+(?=\s*\()|SENT(?=\s*\()/
FIELD.4: /[a-z]+:/
EXACT.2: /="[^"]*"|=[^\s()"]+/
CASE.2: /\{[^}]*\}/
STAR.2: /\*?[^\s()"^*]+\*/
PHRASE.2: /"[^"]*"/
SLOP.3: /~\d+/
NAME.2: /@[\w.:-]+/
WORD.1: /[^\s()"{}^]+/
%ignore /\s+/
"""


def lark_parser() -> Callable[[str], object]:
    """Lark with its transformer embedded, which is its fastest way; raises ImportError without lark."""
    lark = importlib.import_module("lark")

    def group(kind: Callable[[tuple[Any, ...]], object]) -> Callable[[object, list[Any]], object]:
        return lambda _, parts: parts[0] if len(parts) == 1 else kind(tuple(parts))

    made = {
        "start": lambda _, parts: parts[0],
        "either": group(tree.Or),
        "both": group(tree.And),
        "negated": lambda _, parts: tree.Not(parts[0]),
        "near": lambda _, parts: parts[0] if len(parts) == 1 else _near(parts),
        "word": lambda _, parts: _word(parts[0], "forms"),
        "star": lambda _, parts: _word(parts[0].rstrip("*"), "prefix"),
        "phrase": lambda _, parts: tree.Phrase(tuple(tree.Word(each) for each in parts[0][1:-1].split())),
    }
    transformer = type("Trees", (lark.Transformer,), made)()
    grammar = lark.Lark(GRAMMAR, parser="lalr", transformer=transformer, maybe_placeholders=False)
    found: Callable[[str], object] = grammar.parse
    return found


def _word(token: str, mode: tree.Mode) -> tree.Word:
    return tree.Word(str(token), mode)


def _near(parts: list[Any]) -> tree.Node:
    left: tree.Node = parts[0]
    for operator, right in zip(parts[1::2], parts[2::2], strict=True):
        left = tree.Near(left, right, int(operator.rpartition("/")[2]), operator.startswith("O"))
    return left


def measure(
    work: dict[str, Callable[[str], object]], queries: Sequence[str], rounds: int
) -> dict[str, float]:
    """Microseconds of CPU a query."""
    spent: dict[str, list[float]] = {name: [] for name in work}
    for _ in range(rounds):
        for name, do in work.items():
            started = time.process_time()
            for query in queries:
                do(query)
            spent[name].append((time.process_time() - started) / len(queries) * 1e6)
    return {name: round(statistics.median(times), 1) for name, times in spent.items()}


def main() -> None:
    arguments = argparse.ArgumentParser(description=__doc__)
    arguments.add_argument("--quick", action="store_true")
    quick = arguments.parse_args().quick
    corpus = Corpus()
    queries = [as_query(corpus.topic(f"t{number}")) for number in range(2_000 if quick else 10_000)]
    work: dict[str, Callable[[str], object]] = {"ours": parse, "ours with lints": check}
    same = True
    try:
        work["lark"] = lark_parser()
        same = all(work["lark"](query) == parse(query) for query in queries[:500])
    except ImportError:
        print("lark: skipped, it is not installed")
    us = measure(work, queries, 3 if quick else 7)
    print(f"{platform.machine()}, Python {platform.python_version()}; same trees: {same}")
    for name, value in us.items():
        print(f"{name:<18}{value:>8.1f} us a query   100,000 queries: {value / 10:5.1f} s")
    ratios = {"x lark": round(us["lark"] / us["ours"], 2)} if "lark" in us else {}
    print(
        last_line(
            "parsing",
            ours={name: value for name, value in us.items() if name != "lark"},
            peers={name: value for name, value in us.items() if name == "lark"},
            ratios=ratios,
            goals=GOALS,
            holds=same and all(ratios[name] >= GOALS[name] for name in ratios),
            missing=[] if "lark" in us else ["lark"],
        )
    )


if __name__ == "__main__":
    main()
