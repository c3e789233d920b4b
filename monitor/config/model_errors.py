"""From pydantic's errors to problems: the place in the file, a sentence, the mend."""

from __future__ import annotations

import types
from collections.abc import Iterable, Iterator, Mapping
from typing import Annotated, Any, Union, get_args, get_origin

from pydantic import BaseModel
from pydantic_core import ErrorDetails

from monitor.config.models.types import closest
from monitor.config.yaml.document import YamlDocument, YamlPath
from monitor.errors import Problem

_KINDS = {
    "string": "a text",
    "int": "a whole number",
    "float": "a number",
    "bool": "true or false",
    "list": "a list",
    "tuple": "a list",
    "dict": "keys with values",
    "mapping": "keys with values",
    "model": "keys with values",
    "literal": "one of the known words",
}
_MENDS = {
    "a text": "put the value in quotes",
    "a whole number": "write digits only",
    "a number": "write for instance 1.5",
    "true or false": "write true or false",
    "a list": "write one line each, beginning with a dash",
    "keys with values": "write key: value lines",
}
_BOUNDS = {
    "greater_than": ("more than", "gt"),
    "greater_than_equal": ("at least", "ge"),
    "less_than": ("less than", "lt"),
    "less_than_equal": ("at most", "le"),
}


def complaints(
    details: Iterable[ErrorDetails], document: YamlDocument, path: YamlPath, model: type[BaseModel] | None
) -> Iterator[Problem]:
    """One problem for each detail of a validation error; ``path`` leads to what ``model`` refused."""
    for detail in details:
        loc = detail["loc"]
        kind = detail["type"]
        message, hint = words(detail, model)
        parent = kind == "missing"
        yield document.problem(
            (*path, *(loc[:-1] if parent else loc)),
            message,
            hint,
            key=kind == "extra_forbidden" or _in_key(loc),
        )


def _in_key(loc: tuple[str | int, ...]) -> bool:
    return bool(loc) and loc[-1] == "[key]"


def words(detail: ErrorDetails, model: type[BaseModel] | None) -> tuple[str, str]:
    """The sentence and the mend for one detail of a validation error."""
    kind, loc, given = detail["type"], detail["loc"], detail["input"]
    context: Mapping[str, Any] = detail.get("ctx") or {}
    name = next((str(step) for step in reversed(loc) if isinstance(step, str)), "value")
    if kind == "wrong":
        return str(context["said"]), str(context["hint"])
    if kind == "missing":
        return f"the key {name!r} is missing", f"add {name}: …"
    if kind == "extra_forbidden":
        return f"unknown key {name!r}", closest(name, _known(model, loc[:-1]))
    if kind == "literal_error":
        allowed = [word.strip(" '") for word in str(context["expected"]).replace(" or ", ",").split(",")]
        return f"{name} cannot be {_show(given)}", closest(str(given), allowed)
    if kind in _BOUNDS:
        bound, key = _BOUNDS[kind]
        limit = f"{bound} {context[key]:g}" if isinstance(context[key], float) else f"{bound} {context[key]}"
        return f"{name} is {_show(given)}, out of range", f"it must be {limit}"
    if kind.startswith("value_error"):
        return str(detail["msg"]).removeprefix("Value error, "), ""
    return _mismatch(detail, name)


def _mismatch(detail: ErrorDetails, name: str) -> tuple[str, str]:
    expected = _KINDS.get(detail["type"].partition("_")[0])
    if expected is None:
        return f"{name}: {detail['msg'][:1].lower()}{detail['msg'][1:]}", ""
    if detail["input"] is None:
        return f"{name} is empty, expected {expected}", "give a value or take the key away"
    return f"{name} is {_show(detail['input'])}, expected {expected}", _MENDS.get(expected, "")


def _show(value: object) -> str:
    if isinstance(value, Mapping):
        return "keys with values"
    if isinstance(value, list | tuple):
        return "a list"
    if isinstance(value, bool):
        return str(value).lower()
    text = repr(value) if isinstance(value, str) else str(value)
    return text if len(text) <= 60 else f"{text[:57]}…"  # noqa: PLR2004 (what fits a line)


def _known(model: type[BaseModel] | None, loc: Iterable[str | int]) -> list[str]:
    """The keys of the model that ``loc`` leads to."""
    here = model
    for step in loc:
        if here is None or not isinstance(step, str) or step not in here.model_fields:
            continue
        here = _model_in(here.model_fields[step].annotation)
    return list(here.model_fields) if here is not None else []


def _model_in(annotation: object) -> type[BaseModel] | None:
    if isinstance(annotation, type) and issubclass(annotation, BaseModel):
        return annotation
    if get_origin(annotation) in {Annotated, tuple, list, dict, Union, types.UnionType}:
        found = (_model_in(part) for part in get_args(annotation))
        return next((model for model in found if model is not None), None)
    return None
