"""The words, persons and organisations that queries share as ``@name``."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field
from typing import Any

from monitor.config.models.files import NameShape
from monitor.config.validate.sections import Item
from monitor.core.query.syntax.terms import list_term
from monitor.errors import Problem, QueryError


@dataclass(frozen=True, slots=True, kw_only=True)
class SharedNames:
    """What stands behind each ``@name``.

    A list is its words and phrases; a person or an organisation is ``{name, spellings, off}``.
    """

    lists: Mapping[str, tuple[str, ...]] = field(default_factory=dict)
    people: Mapping[str, Mapping[str, object]] = field(default_factory=dict)
    orgs: Mapping[str, Mapping[str, object]] = field(default_factory=dict)


def shared(
    lists: tuple[Item[tuple[str, ...]], ...],
    people: tuple[Item[NameShape], ...],
    orgs: tuple[Item[NameShape], ...],
) -> SharedNames:
    """All valid ones of every file; entries of lists that cannot be read are left out."""
    return SharedNames(
        lists={
            item.id: tuple(entry for entry in item.value if _refusal(entry) is None)
            for item in lists
            if item.value is not None
        },
        people=_names(people),
        orgs=_names(orgs),
    )


def unreadable(lists: tuple[Item[tuple[str, ...]], ...]) -> tuple[Problem, ...]:
    """A problem for each entry of a list that is no term of the query language."""
    return tuple(
        item.problem(refusal.message, refusal.hint, at)
        for item in lists
        for at, entry in enumerate(item.value or ())
        if (refusal := _refusal(entry)) is not None
    )


def _refusal(entry: str) -> QueryError | None:
    try:
        list_term(entry)
    except QueryError as error:
        return error
    return None


def _names(items: tuple[Item[NameShape], ...]) -> dict[str, Mapping[str, object]]:
    return {item.id: item.value.model_dump() for item in items if item.value is not None}


def clashes(
    lists: tuple[Item[tuple[str, ...]], ...],
    people: tuple[Item[NameShape], ...],
    orgs: tuple[Item[NameShape], ...],
) -> tuple[Problem, ...]:
    """A problem for each ``@name`` that means two things."""
    first: dict[str, str] = {}
    problems: list[Problem] = []
    every: tuple[Item[Any], ...] = (*lists, *people, *orgs)
    for item in every:
        if item.id in first:
            message = f"the name @{item.id} exists already, at {first[item.id]}"
            problems.append(
                item.problem(message, "lists, people and orgs share their names; rename one", key=True)
            )
        first.setdefault(item.id, item.where)
    return tuple(problems)
