"""Every regular expression of the package, found by import and by reading the source."""

from __future__ import annotations

import ast
import importlib
import pkgutil
import re
from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from pathlib import Path
from types import ModuleType
from typing import Any

import monitor
from monitor.core.query.engine import filters
from monitor.core.query.forms.belarusian import orthography
from monitor.core.query.names import cyrillic, english, transliteration
from monitor.core.query.syntax import lint_signs, quotes
from monitor.core.text.dates import names as date_names

# What reads our own and the operator's files only.
OUR_OWN = ("monitor.demo", "monitor.__main__", "monitor.store.migrations", "monitor.config.models")
# Expressions that are made at run time, by the function that makes them.
MADE_AT_RUN_TIME: dict[str, list[re.Pattern[str]]] = {
    "monitor.core.text.dates.names:_pattern": [
        pattern for language in (*date_names.LANGUAGES, "hr") for pattern in date_names._pattern(language)
    ],
    "monitor.core.query.syntax.lint_signs:_patterns": [
        re.compile(rf"(?<![^\s(])(?:{pattern})") for pattern, _, _ in lint_signs._ELSEWHERE
    ],
    "monitor.core.query.syntax.quotes:_any_of": [quotes._any_of("".join(quotes.CLOSERS))],
    "monitor.core.query.syntax.quotes:single_quoted": [
        re.compile(rf"(?<=[\w.!?…])[{re.escape(''.join(quotes.SINGLE))}]{{1,3}}(?=[\s)~^]|\Z)")
    ],
    "monitor.core.query.names.english:_ending": [re.compile(pattern) for pattern, _ in english._ENDINGS],
    "monitor.core.query.forms.belarusian.orthography:_roots": [orthography._roots()],
    "monitor.core.query.engine.filters:_pattern": [filters._pattern("sport"), filters._pattern("/a-b/c*")],
    "monitor.core.query.names.cyrillic:sources_of": list(map(re.compile, cyrillic._FOREIGN_TO.values())),
    "monitor.core.query.names.cyrillic:_by": [
        re.compile(pattern)
        for rules in vars(cyrillic).values()
        if isinstance(rules, tuple) and rules and all(isinstance(rule, tuple) for rule in rules)
        for pattern, _ in rules
    ],
    "monitor.core.query.names.transliteration:written": [
        re.compile(pattern)
        for letters in vars(transliteration).values()
        if isinstance(letters, tuple)
        for each in letters
        if isinstance(each, transliteration.Letters)
        for pattern, _ in each.endings
    ],
    "monitor.core.text.tracking_parameters:_to": [],  # held by the module
    # The operator's own, run over addresses of 2,000 characters at most.
    "monitor.sources.kinds.sitemap:_compiles": [],
    "monitor.sources.kinds.sitemap:_listed": [],
}
# Records that are walked through: ``for rule in REDIRECTORS: rule.host.fullmatch(…)``.
_BY_RECORD = {"CACHES": frozenset({"match"}), "REDIRECTORS": frozenset({"fullmatch"})}
METHODS = frozenset({"search", "match", "fullmatch", "split", "findall", "finditer", "sub", "subn"})


@dataclass(frozen=True, slots=True)
class Found:
    """One expression: where it stands, and the methods that the package calls it by."""

    where: str
    pattern: re.Pattern[Any]
    methods: frozenset[str]


def modules() -> list[ModuleType]:
    """All modules of the package but those that only stand in for the world."""
    every = pkgutil.walk_packages(monitor.__path__, "monitor.")
    names = [each.name for each in every if not each.name.startswith(OUR_OWN)]
    return [monitor, *map(importlib.import_module, names)]


def source_of(module: ModuleType) -> ast.Module:
    assert module.__file__ is not None
    return ast.parse(Path(module.__file__).read_text(encoding="utf-8"))


def patterns() -> list[Found]:
    """Each compiled expression that a module holds and each that it writes in a call, once."""
    found: dict[tuple[Any, int], Found] = {}
    every = modules()
    calls = {**_methods_called(every), **_BY_RECORD}
    for module in every:
        for where, pattern, methods in (*_held(module, calls), *_written(module)):
            key = (pattern.pattern, pattern.flags)
            before = found[key].methods if key in found else frozenset()
            found[key] = Found(found[key].where if key in found else where, pattern, methods | before)
    for where, made in MADE_AT_RUN_TIME.items():
        for pattern in made:
            found[pattern.pattern, pattern.flags] = Found(where, pattern, frozenset({"search", "fullmatch"}))
    return list(found.values())


def _held(
    module: ModuleType, calls: Mapping[str, frozenset[str]]
) -> Iterator[tuple[str, re.Pattern[Any], frozenset[str]]]:
    for name, value in vars(module).items():
        if name.startswith("__"):
            continue
        for pattern in _inside(value, module.__name__, set()):
            yield f"{module.__name__}.{name}", pattern, calls.get(_scope(module, name), METHODS)


def _inside(value: Any, module: str, seen: set[int]) -> Iterator[re.Pattern[Any]]:
    """The expressions in a value: in containers, in the attributes of records and classes."""
    if isinstance(value, re.Pattern):
        yield value
        return
    if id(value) in seen or isinstance(value, str | bytes | int | float | ModuleType):
        return
    seen.add(id(value))
    if isinstance(value, Mapping):
        parts = [*value.keys(), *value.values()]
    elif isinstance(value, tuple | list | set | frozenset):
        parts = list(value)
    elif isinstance(value, type):
        parts = list(vars(value).values()) if value.__module__ == module else []
    elif type(value).__module__.startswith("monitor."):
        names = [*getattr(type(value), "__slots__", ()), *getattr(value, "__dict__", ())]
        parts = [getattr(value, name, None) for name in names]
    else:
        return
    for part in parts:
        yield from _inside(part, module, seen)


def _methods_called(every: list[ModuleType]) -> dict[str, frozenset[str]]:
    """``{"_WORD": {"search"}}``: by which methods the expressions of a name are called, anywhere."""
    called: dict[str, set[str]] = {}
    handed: set[str] = set()
    for module in every:
        tree = source_of(module)
        calls = {
            id(node.func.value): node.func.attr
            for node in ast.walk(tree)
            if isinstance(node, ast.Call)
            and isinstance(node.func, ast.Attribute)
            and node.func.attr in METHODS
        }
        read = {
            id(node.value)
            for node in ast.walk(tree)
            if isinstance(node, ast.Attribute) and node.attr in {"pattern", "flags"}
        }
        for node in ast.walk(tree):
            name = node.id if isinstance(node, ast.Name) else getattr(node, "attr", None)
            if not isinstance(name, str) or not isinstance(getattr(node, "ctx", None), ast.Load):
                continue
            if id(node) in read:
                continue
            if id(node) in calls:
                called.setdefault(_scope(module, name), set()).add(calls[id(node)])
            else:
                handed.add(_scope(module, name))
    # A name that is also handed about may be called in any way.
    return {name: frozenset(methods) for name, methods in called.items() if name not in handed}


def _scope(module: ModuleType, name: str) -> str:
    """A private name means something in its module only."""
    return f"{module.__name__}.{name}" if name.startswith("_") else name


def _written(module: ModuleType) -> Iterator[tuple[str, re.Pattern[Any], frozenset[str]]]:
    for call, function in re_calls(module):
        if function is None and call_name(call) == "compile":
            continue
        try:
            pattern = evaluated(call, module)
        except (NameError, AttributeError):
            continue  # ``built_elsewhere`` in the test asks about these
        name = call_name(call)
        methods = METHODS if name == "compile" else frozenset({name})
        yield f"{module.__name__}:{call.lineno}", pattern, methods


def call_name(call: ast.Call) -> str:
    assert isinstance(call.func, ast.Attribute)
    return call.func.attr


def re_calls(module: ModuleType) -> Iterator[tuple[ast.Call, str | None]]:
    """Calls of ``re`` that take an expression, with the function that they stand in."""

    def walk(node: ast.AST, function: str | None) -> Iterator[tuple[ast.Call, str | None]]:
        for child in ast.iter_child_nodes(node):
            inside = function
            if isinstance(child, ast.FunctionDef | ast.AsyncFunctionDef):
                inside = child.name
            elif isinstance(child, ast.Lambda):
                inside = function or "<lambda>"
            if _is_re_call(child):
                assert isinstance(child, ast.Call)
                yield child, inside
            yield from walk(child, inside)

    yield from walk(source_of(module), None)


def _is_re_call(node: ast.AST) -> bool:
    return (
        isinstance(node, ast.Call)
        and isinstance(node.func, ast.Attribute)
        and isinstance(node.func.value, ast.Name)
        and node.func.value.id == "re"
        and node.func.attr in {*METHODS, "compile"}
    )


def evaluated(call: ast.Call, module: ModuleType) -> re.Pattern[Any]:
    """The expression that a call of ``re`` writes; ``NameError`` when it is made at run time."""
    at = {"compile": 1, "sub": 4, "subn": 4, "split": 3}.get(call_name(call), 2)
    given = [keyword.value for keyword in call.keywords if keyword.arg == "flags"] or call.args[at : at + 1]
    flags = _value(given[0], module) if given else 0
    return re.compile(_value(call.args[0], module), flags)


def _value(node: ast.expr, module: ModuleType) -> Any:
    code = compile(ast.Expression(node), "<an expression>", "eval")
    return eval(code, dict(vars(module)))  # noqa: S307  # our own source
