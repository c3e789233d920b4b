"""No regular expression of the package takes more than linear time, whatever text it is run over.

One that does is an off switch: the engine holds the interpreter's lock, so a page of two megabytes stops
alerts, answers in chat and the stop signal alike.
"""

from __future__ import annotations

import ast
import re
import signal
import time
from collections.abc import Callable, Iterator
from itertools import groupby
from typing import Any

import pytest

from tests.unit.patterns.collected import (
    MADE_AT_RUN_TIME,
    METHODS,
    Found,
    call_name,
    evaluated,
    modules,
    patterns,
    re_calls,
    source_of,
)
from tests.unit.patterns.pumps import pumps, runner

# Expressions that are not linear and need not be: the longest text each is ever given, and why.
BOUNDED = {
    "monitor.sources.discovery.selectors._UNSTABLE": 62,  # _NAME lets no longer class pass
    "monitor.core.query.forms.spelling_en._RULES": 30,  # longer words are no English ones
    "monitor.core.text.clean._LAST_WORD": 40,  # the slice before a full stop
}

_SCREENED = 400
_SMALLEST, _LARGEST, _STEP = 500, 128_000, 4
_WORST = 3
# Below this a clock tells nothing.
_MEASURABLE_S = 0.002
_ENOUGH_S = 0.05
_CAP_S = 2.0
# Four times the text: four times the work when linear, sixteen times when quadratic.
_GROWTH = 8.0
_DOUBTS = 4


class Endless(Exception):
    """One run took longer than any linear one."""


@pytest.fixture(autouse=True)
def _stoppable() -> Iterator[None]:
    """The engine looks for signals now and then, so a run without end can be stopped."""

    def stop(*_: object) -> None:
        raise Endless

    before = signal.signal(signal.SIGVTALRM, stop)
    yield
    signal.setitimer(signal.ITIMER_VIRTUAL, 0)
    signal.signal(signal.SIGVTALRM, before)


def cost_s(run: Callable[[str], object], text: str, cap_s: float = _CAP_S) -> float:
    """CPU seconds of one run."""
    signal.setitimer(signal.ITIMER_VIRTUAL, cap_s)
    began = time.thread_time()
    try:
        run(text)
    except Endless:
        return float("inf")
    finally:
        signal.setitimer(signal.ITIMER_VIRTUAL, 0)
    return time.thread_time() - began


def text_of(pump: tuple[str, str, str], size: int) -> str:
    once, again, end = pump
    return once + again * (size // len(again) + 1) + end


def worst(pattern: re.Pattern[Any], methods: frozenset[str]) -> list[tuple[str, str, str]]:
    """The pumps that cost most on short texts."""
    run = runner(pattern, methods)
    costs = []
    for pump in pumps(pattern):
        took = cost_s(run, text_of(pump, _SCREENED), 0.3)
        costs.append((took, pump))
        if took == float("inf"):
            break
    return [pump for _, pump in sorted(costs, key=lambda pair: -pair[0])[:_WORST]]


def growth(run: Callable[[str], object], pump: tuple[str, str, str], longest: int = _LARGEST) -> float:
    """By how much the time grows at most when the text is four times as long."""
    most, before, size = 0.0, 0.0, _SMALLEST
    while size <= longest:
        text = text_of(pump, size)
        took = cost_s(run, text)
        if took == float("inf"):
            return took
        took = min(took, cost_s(run, text))
        if before and took > _MEASURABLE_S and took / before > _GROWTH:
            took = min(took, *(cost_s(run, text) for _ in range(4)))  # the machine was busy, perhaps
            most = max(most, took / before)
        if took > _ENOUGH_S:
            break
        before, size = took, size * _STEP
    return most


def by_package() -> list[Any]:
    """The expressions, some at a time, so that a failure says where to look."""

    def package(found: Found) -> str:
        return ".".join(found.where.split(".")[1:3])

    groups = groupby(sorted(patterns(), key=package), key=package)
    return [pytest.param(list(found), id=name) for name, found in groups]


@pytest.mark.parametrize("found", by_package())
def test_time_grows_with_the_text_and_no_faster(found: list[Found]) -> None:
    slow = []
    for each in found:
        if each.where in BOUNDED:
            continue
        run = runner(each.pattern, each.methods)
        for pump in worst(each.pattern, each.methods):
            times = growth(run, pump)
            for _ in range(_DOUBTS):
                if times <= _GROWTH:
                    break
                time.sleep(0.5)  # the machine was busy, perhaps
                times = min(times, growth(run, pump))
            if times > _GROWTH:
                slow.append(f"{each.where} {each.pattern.pattern!r}: × {times:.0f} for × 4 of {pump!r}")
    assert not slow, "\n".join(slow)


def test_bounded_expressions_are_cheap_on_the_longest_text_that_they_get() -> None:
    known = {found.where: found for found in patterns()}
    for where, longest in BOUNDED.items():
        found = known[where]
        run = runner(found.pattern, found.methods)
        plain = cost_s(runner(re.compile(r"(?:[^<x]|<)*+x"), frozenset({"search"})), "a" * 20_000, 1)
        for pump in worst(found.pattern, found.methods):
            assert min(cost_s(run, text_of(pump, longest)) for _ in range(3)) < 20 * plain, (where, pump)


@pytest.mark.parametrize(
    ("pattern", "method"),
    [
        (r"<(script|style|svg)\b([^>]*)>", "search"),
        (r"\s+$", "search"),
        (r"(\w+)*!", "match"),
        (r"\S+@\S+", "findall"),
        (r"a*b?a*c", "match"),
        (r"[.!?]+\s+(?=[A-Z])", "finditer"),
        (r"(?=.*[a-z][A-Z])x", "search"),
        (r"\d+:\d+", "sub"),
        (r"<meta\b[^>]*>", "findall"),
    ],
)
def test_the_test_finds_what_is_not_linear(pattern: str, method: str) -> None:
    compiled, methods = re.compile(pattern), frozenset({method})
    run = runner(compiled, methods)
    assert any(growth(run, pump) > _GROWTH for pump in worst(compiled, methods))


def test_no_expression_is_made_where_the_test_does_not_see_it() -> None:
    unseen = []
    for module in modules():
        for call, function in re_calls(module):
            if function is None and call_name(call) == "compile":
                continue  # held by the module: found by import
            try:
                evaluated(call, module)
            except (NameError, AttributeError):
                where = f"{module.__name__}:{function}"
                if where not in MADE_AT_RUN_TIME:
                    unseen.append(f"{where} (line {call.lineno})")
    assert not unseen, "say in MADE_AT_RUN_TIME what these are made of: " + ", ".join(unseen)


def test_nothing_but_re_compiles_expressions() -> None:
    for module in modules():
        for node in ast.walk(source_of(module)):
            if isinstance(node, ast.ImportFrom):
                assert node.module not in {"re", "regex", "sre_compile"}, module.__name__
            if isinstance(node, ast.Import):
                names = {alias.name: alias.asname for alias in node.names}
                assert not names.keys() & {"regex", "re2"}, module.__name__
                assert names.get("re") is None, module.__name__


def test_calls_are_known_by_their_methods() -> None:
    by_name = {found.where: found.methods for found in patterns()}
    assert by_name["monitor.core.page.tree._SCRIPT"] == {"search"}
    assert all(methods <= METHODS and methods for methods in by_name.values())
