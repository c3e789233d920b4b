"""A rulebook as text and back, for the ledger of rules in the store.

Commands that only read go on with what the service has in force while the files hold a mistake, and
``monitor rules diff`` compares both.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field, replace
from types import MappingProxyType
from typing import Final, cast

from pydantic import TypeAdapter, ValidationError
from pydantic_core import to_json

from monitor.config.validate.shared_names import SharedNames
from monitor.core.query.engine.matcher import Matcher
from monitor.core.rulebook import Rulebook
from monitor.errors import QueryError, StoreError
from monitor.model import Chat, Settings, Source, Topic

NO_CHATS: Final[Mapping[str, Chat]] = MappingProxyType({})


@dataclass(frozen=True, slots=True, kw_only=True)
class KeptRules:
    """The content of a rulebook without what is compiled, and without secrets."""

    revision: str
    settings: Settings
    topics: tuple[Topic, ...]
    sources: tuple[Source, ...]
    chats: tuple[Chat, ...]
    shared: SharedNames = field(default_factory=SharedNames)


def written(rulebook: Rulebook) -> str:
    """The operator's rules as JSON.

    Tokens, the receiver's secret, the store's address and the options of chats stay out: they hold
    secrets, and whoever opens the store has its address.
    """
    settings = rulebook.settings
    shared = rulebook.matcher.book.shared
    kept = KeptRules(
        revision=rulebook.revision,
        settings=replace(
            settings,
            store="",
            broker="",
            telegram=replace(settings.telegram, token=""),
            receiver=replace(settings.receiver, secret=""),
        ),
        topics=tuple(rulebook.topics.values()),
        sources=tuple(rulebook.sources.values()),
        chats=tuple(replace(chat, options={}) for chat in rulebook.chats.values()),
        shared=SharedNames(
            lists={name: tuple(words) for name, words in shared.lists.items()},
            people=_plain(shared.people),
            orgs=_plain(shared.orgs),
        ),
    )
    return to_json(kept, fallback=_unknown).decode()


def read_kept(text: str) -> KeptRules:
    """What ``written`` wrote. Raises StoreError for what another version wrote in another form."""
    try:
        return TypeAdapter(KeptRules).validate_json(text)
    except ValidationError as error:
        raise StoreError(
            f"the rules in the store were written by another version ({error.error_count()} fields differ); "
            "mend the files, then the service writes them anew"
        ) from error


def restored(kept: KeptRules, own: Settings, chats: Mapping[str, Chat] = NO_CHATS) -> Rulebook:
    """The rulebook again; the address of the store and the secrets are those of ``own``, the options of
    chats those of ``chats``."""
    settings = replace(
        kept.settings,
        store=own.store,
        broker=own.broker,
        telegram=replace(kept.settings.telegram, token=own.telegram.token),
        receiver=replace(kept.settings.receiver, secret=own.receiver.secret),
    )
    return Rulebook(
        revision=kept.revision,
        settings=settings,
        topics=MappingProxyType({topic.id: topic for topic in kept.topics}),
        sources=MappingProxyType({source.id: source for source in kept.sources}),
        chats=MappingProxyType({chat.id: _with_options(chat, chats) for chat in kept.chats}),
        matcher=_compiled(kept),
    )


def _with_options(chat: Chat, own: Mapping[str, Chat]) -> Chat:
    return replace(chat, options=own[chat.id].options) if chat.id in own else chat


def _compiled(kept: KeptRules) -> Matcher:
    shared = kept.shared
    enabled = [topic for topic in kept.topics if topic.enabled]
    try:
        return Matcher.build(enabled, lists=shared.lists, people=shared.people, orgs=shared.orgs)
    except QueryError as error:
        raise StoreError(f"the rules in the store cannot be read by this version: {error}") from error


def _plain(names: Mapping[str, object]) -> Mapping[str, Mapping[str, object]]:
    return {name: dict(cast("Mapping[str, object]", value)) for name, value in names.items()}


def _unknown(value: object) -> object:
    return dict(value) if isinstance(value, Mapping) else str(value)
