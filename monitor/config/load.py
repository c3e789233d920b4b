"""From a folder of the operator's files to a rulebook, or to every mistake in them at once."""

from __future__ import annotations

import dataclasses
from collections.abc import Mapping
from dataclasses import dataclass, field
from pathlib import Path
from types import MappingProxyType
from typing import TypeVar

from monitor.config import folder
from monitor.config.apart import in_place
from monitor.config.models.files import ChatShape
from monitor.config.revision import revision
from monitor.config.validate import sections
from monitor.config.validate import topics as topical
from monitor.config.validate.chats import read_chats
from monitor.config.validate.sections import AcceptedItems, Form, Item
from monitor.config.validate.settings import read_settings
from monitor.config.validate.shared_names import SharedNames, clashes, shared, unreadable
from monitor.config.validate.sources import read_sources
from monitor.config.yaml.document import YamlDocument, read
from monitor.core.rulebook import Rulebook
from monitor.errors import ConfigError, Problem
from monitor.model import Chat
from monitor.ports import ChannelKind, SourceKind

T = TypeVar("T")

NO_SOURCE_KINDS: Mapping[str, SourceKind] = MappingProxyType({})
NO_CHANNEL_KINDS: Mapping[str, ChannelKind] = MappingProxyType({})


@dataclass(frozen=True, slots=True, kw_only=True)
class Loaded:
    """What a folder says. ``shared`` is what the queries' ``@names`` mean.

    ``refused``: what is wrong with topics that were not taken, so that their form of before stays.
    """

    rulebook: Rulebook
    warnings: tuple[Problem, ...] = ()
    refused: tuple[Problem, ...] = ()
    shared: SharedNames = field(default_factory=SharedNames)


def load(
    root: Path,
    *,
    env: Mapping[str, str],
    kinds: Mapping[str, SourceKind] = NO_SOURCE_KINDS,
    channel_kinds: Mapping[str, ChannelKind] = NO_CHANNEL_KINDS,
    previous: Rulebook | None = None,
    apart: topical.Apart = in_place,
) -> Loaded:
    """Read the operator's files under ``root`` into a rulebook.

    ``env`` gives secrets and overrides. Without ``kinds`` (or ``channel_kinds``) every kind is
    taken as known and options are taken as they stand. ``previous`` saves compiling unchanged
    topics again, and a topic whose query or examples fail stays as it was there (a new one is left
    out); see ``Loaded.refused``. ``apart`` tries the examples
    (``config.apart``). Raises ``ConfigError`` with every other error of every file, sorted by file and line.
    """
    loaded, problems = _examine(
        root, env=env, kinds=kinds, channel_kinds=channel_kinds, previous=previous, apart=apart
    )
    errors = tuple(problem for problem in problems if problem.level == "error")
    if loaded is None or not set(errors) <= set(loaded.refused):
        raise ConfigError(errors)
    warnings = tuple(problem for problem in problems if problem.level != "error")
    return dataclasses.replace(loaded, warnings=warnings)


def readable(
    root: Path,
    *,
    env: Mapping[str, str],
    kinds: Mapping[str, SourceKind] = NO_SOURCE_KINDS,
    channel_kinds: Mapping[str, ChannelKind] = NO_CHANNEL_KINDS,
) -> Loaded:
    """What is valid in the operator's files, for commands that only read; ``refused`` is the rest.

    Secrets that the environment lacks are left out without a word: nothing is sent. Raises
    ``ConfigError`` only when there is no folder or nothing in it.
    """
    loaded, problems = _examine(
        root, env=env, kinds=kinds, channel_kinds=channel_kinds, previous=None, reading=True
    )
    assert loaded is not None
    errors = tuple(problem for problem in problems if problem.level == "error")
    return dataclasses.replace(loaded, refused=errors)


def check(
    root: Path,
    *,
    env: Mapping[str, str],
    kinds: Mapping[str, SourceKind] = NO_SOURCE_KINDS,
    channel_kinds: Mapping[str, ChannelKind] = NO_CHANNEL_KINDS,
) -> tuple[Problem, ...]:
    """Every error and warning in the operator's files, sorted by file and line. Raises nothing."""
    try:
        return _examine(root, env=env, kinds=kinds, channel_kinds=channel_kinds, previous=None)[1]
    except ConfigError as error:
        return error.problems


def examined(
    root: Path,
    *,
    env: Mapping[str, str],
    kinds: Mapping[str, SourceKind] = NO_SOURCE_KINDS,
    channel_kinds: Mapping[str, ChannelKind] = NO_CHANNEL_KINDS,
) -> tuple[Rulebook | None, tuple[Problem, ...]]:
    """``check`` with the rulebook, which is None when there is an error. Raises nothing."""
    try:
        loaded, problems = _examine(root, env=env, kinds=kinds, channel_kinds=channel_kinds, previous=None)
    except ConfigError as error:
        return None, error.problems
    wrong = loaded is None or any(problem.level == "error" for problem in problems)
    return None if wrong or loaded is None else loaded.rulebook, problems


def _examine(
    root: Path,
    *,
    env: Mapping[str, str],
    kinds: Mapping[str, SourceKind],
    channel_kinds: Mapping[str, ChannelKind],
    previous: Rulebook | None,
    reading: bool = False,
    apart: topical.Apart = in_place,
) -> tuple[Loaded | None, tuple[Problem, ...]]:
    """The rulebook and all problems; ``reading``: of what is valid, and secrets are not needed."""
    documents, problems = _documents(root)
    settings, settings_problems = read_settings(documents["monitor"], env)
    topics = _each(documents["topics"], "topics", sections.TOPIC)
    terms, terms_problems = _shared(documents["topics"])
    source_items = _each(documents["sources"], "sources", sections.SOURCE)
    sources, source_problems = read_sources(
        source_items.items, kinds, allow_private=settings.fetch.allow_private
    )
    chat_items = _each(documents["chats"], "chats", sections.CHAT)
    chats, chat_problems = read_chats(
        chat_items.items,
        topic_ids=frozenset(item.id for item in topics.items),
        settings=settings,
        env=env,
        kinds=channel_kinds,
        secrets=not reading,
    )
    taken, topic_problems = topical.take(root, topics.items, terms, previous, sound_only=reading, apart=apart)
    every = sorted(
        {
            *problems,
            *settings_problems,
            *topics.problems,
            *terms_problems,
            *topic_problems,
            *source_items.problems,
            *source_problems,
            *chat_items.problems,
            *chat_problems,
        }
    )
    if taken is None:
        return None, tuple(every)
    rulebook = Rulebook(
        revision=revision(settings, taken.topics, terms, sources, _unresolved(chat_items.items, chats)),
        settings=settings,
        topics=MappingProxyType(taken.topics),
        sources=MappingProxyType(sources),
        chats=MappingProxyType(chats),
        matcher=taken.matcher,
    )
    return Loaded(rulebook=rulebook, shared=terms, refused=taken.refused), tuple(every)


_EMPTY = "if it is being written, this passes; else delete it, or write a line in it (`# no {} here`)"


def _documents(root: Path) -> tuple[Mapping[str, list[YamlDocument]], list[Problem]]:
    problems = list(folder.unexpected_files(root))
    documents: dict[str, list[YamlDocument]] = {"topics": [], "sources": [], "chats": [], "monitor": []}
    for file in folder.files(root):
        document, own = read(file.path, str(file.path))
        problems += own
        if document is None:
            continue
        if not document.source.strip():
            # Whoever copies or saves a file empties it first: taken at its word, it would end all chats.
            problems.append(document.problem((), "the file is empty", _EMPTY.format(file.sort)))
            continue
        documents[file.sort].append(document)
        if file.sort in sections.SECTIONS:
            problems += sections.sections(document, file.sort)
    return documents, problems


def _each(documents: list[YamlDocument], section: str, form: Form[T]) -> AcceptedItems[T]:
    return sections.joined([sections.listed(document, section, form) for document in documents])


def _shared(documents: list[YamlDocument]) -> tuple[SharedNames, tuple[Problem, ...]]:
    lists = sections.joined([sections.named(document, "lists", sections.WORDS) for document in documents])
    people = sections.joined([sections.named(document, "people", sections.NAME) for document in documents])
    orgs = sections.joined([sections.named(document, "orgs", sections.NAME) for document in documents])
    problems = (*lists.problems, *people.problems, *orgs.problems)
    return (
        shared(lists.items, people.items, orgs.items),
        (*problems, *unreadable(lists.items), *clashes(lists.items, people.items, orgs.items)),
    )


def _unresolved(items: tuple[Item[ChatShape], ...], chats: Mapping[str, Chat]) -> object:
    """The chats as the revision sees them: secrets as ``env:NAME``, not as what they stand for."""
    options = {item.id: item.value.options for item in items if item.value is not None}
    return {id_: dataclasses.replace(chat, options=options[id_]) for id_, chat in chats.items()}
