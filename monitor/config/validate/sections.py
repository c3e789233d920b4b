"""The things that a file lists, each validated by itself, so that one mistake hides no other."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import Any, Generic, TypeVar

from pydantic import BaseModel, TypeAdapter, ValidationError

from monitor.config.model_errors import complaints
from monitor.config.models.files import ChatShape, Name, NameShape, SourceShape, TopicShape
from monitor.config.models.types import Id, Text, closest
from monitor.config.yaml.document import YamlDocument, YamlPath
from monitor.errors import Problem

T = TypeVar("T")

SECTIONS: Mapping[str, tuple[str, ...]] = {
    "topics": ("topics", "lists", "people", "orgs"),
    "sources": ("sources",),
    "chats": ("chats",),
}
"""The sections that a file of each sort may have."""


@dataclass(frozen=True, slots=True)
class Form(Generic[T]):
    """How one listed thing is validated; ``model`` knows its keys, if it has any."""

    adapter: TypeAdapter[T]
    model: type[BaseModel] | None = None


_ID: TypeAdapter[str] = TypeAdapter(Id)
WORDS: Form[tuple[str, ...]] = Form(TypeAdapter(tuple[Text, ...]))
NAME: Form[NameShape] = Form(TypeAdapter(Name), NameShape)
TOPIC = Form(TypeAdapter(TopicShape), TopicShape)
SOURCE = Form(TypeAdapter(SourceShape), SourceShape)
CHAT = Form(TypeAdapter(ChatShape), ChatShape)


@dataclass(frozen=True, slots=True, kw_only=True)
class Item(Generic[T]):
    """One listed thing. ``value`` is None when the file's ``raw`` form was refused."""

    document: YamlDocument
    path: YamlPath
    id: str
    raw: object
    value: T | None

    def problem(self, message: str, hint: str = "", *steps: str | int, **more: Any) -> Problem:  # noqa: ANN401 (handed on)
        """A problem at the item, or at what ``steps`` lead to in it."""
        return self.document.problem((*self.path, *steps), message, hint, **more)

    @property
    def where(self) -> str:
        """``file:line`` for other problems to point at."""
        return f"{self.document.file}:{self.document.place(self.path)[0]}"


@dataclass(frozen=True, slots=True, kw_only=True)
class AcceptedItems(Generic[T]):
    """What a section holds, and what is wrong with it."""

    items: tuple[Item[T], ...] = ()
    problems: tuple[Problem, ...] = ()


def sections(document: YamlDocument, sort: str) -> tuple[Problem, ...]:
    """Problems with a file as a whole: it must be a mapping of known sections."""
    known = SECTIONS[sort]
    if document.data is None:
        return ()
    if not isinstance(document.data, Mapping):
        return (
            document.problem((), f"expected the section {known[0]}:", f"begin the file with {known[0]}:"),
        )
    return tuple(
        document.problem((key,), f"unknown key {key!r}", closest(key, known), key=True)
        for key in document.data
        if key not in known
    )


def listed(document: YamlDocument, section: str, form: Form[T]) -> AcceptedItems[T]:
    """The members of a section that is a list of mappings with an ``id``."""
    content = _content(document, section)
    if content is None:
        return AcceptedItems()
    if not isinstance(content, list):
        hint = "write one member each, beginning with a dash"
        return AcceptedItems(
            problems=(document.problem((section,), f"{section} is not a list", hint, key=True),)
        )
    parts = [_item(document, (section, at), raw, form) for at, raw in enumerate(content)]
    return AcceptedItems(
        items=tuple(item for item, _ in parts),
        problems=tuple(problem for _, problems in parts for problem in problems),
    )


def named(document: YamlDocument, section: str, form: Form[T]) -> AcceptedItems[T]:
    """The members of a section that is a mapping from ids."""
    content = _content(document, section)
    if content is None:
        return AcceptedItems()
    if not isinstance(content, Mapping):
        hint = "write name: … lines"
        return AcceptedItems(
            problems=(document.problem((section,), f"{section} holds no names", hint, key=True),)
        )
    items: list[Item[T]] = []
    problems: list[Problem] = []
    for key, raw in content.items():
        try:
            _ID.validate_python(key)
        except ValidationError as error:
            context = error.errors()[0].get("ctx") or {}
            problems.append(document.problem((section, key), context["said"], context["hint"], key=True))
        item, own = _item(document, (section, key), raw, form)
        items.append(item)
        problems.extend(own)
    return AcceptedItems(items=tuple(items), problems=tuple(problems))


def joined(parts: Sequence[AcceptedItems[T]]) -> AcceptedItems[T]:
    """What several files' sections hold together."""
    return AcceptedItems(
        items=tuple(item for part in parts for item in part.items),
        problems=tuple(problem for part in parts for problem in part.problems),
    )


def _content(document: YamlDocument, section: str) -> object:
    return document.data.get(section) if isinstance(document.data, Mapping) else None


def _item(
    document: YamlDocument, path: YamlPath, raw: object, form: Form[T]
) -> tuple[Item[T], tuple[Problem, ...]]:
    own = raw.get("id") if isinstance(raw, Mapping) else None
    id_ = own if isinstance(own, str) else str(path[-1]) if isinstance(path[-1], str) else ""
    try:
        value = form.adapter.validate_python(raw)
    except ValidationError as error:
        return (
            Item(document=document, path=path, id=id_, raw=raw, value=None),
            tuple(complaints(error.errors(include_url=False), document, path, form.model)),
        )
    return Item(document=document, path=path, id=id_, raw=raw, value=value), ()


def twice(items: tuple[Item[T], ...], what: str) -> tuple[Problem, ...]:
    """A problem for each item whose id another one before it has."""
    first: dict[str, Item[T]] = {}
    problems: list[Problem] = []
    for item in items:
        if not item.id:
            continue
        other = first.setdefault(item.id, item)
        if other is not item:
            in_list = isinstance(item.path[-1], int)
            problems.append(
                item.problem(
                    f"the {what} {item.id!r} exists already, at {other.where}",
                    "give one of them another id",
                    *(("id",) if in_list else ()),
                    key=not in_list,
                )
            )
    return tuple(problems)
