"""Chats: their channels accept their options, they subscribe to topics that exist."""

from __future__ import annotations

from collections.abc import Iterator, Mapping

from pydantic import ValidationError

from monitor.config import to_model
from monitor.config.environment import resolve
from monitor.config.model_errors import complaints
from monitor.config.models.files import ChatShape
from monitor.config.models.types import closest
from monitor.config.validate.sections import Item, twice
from monitor.errors import Problem
from monitor.i18n.localizer import LANGUAGES
from monitor.model import Chat, Settings
from monitor.ports import ChannelKind

EVERY_TOPIC = "*"


def read_chats(
    items: tuple[Item[ChatShape], ...],
    *,
    topic_ids: frozenset[str],
    settings: Settings,
    env: Mapping[str, str],
    kinds: Mapping[str, ChannelKind],
    secrets: bool = True,
) -> tuple[dict[str, Chat], tuple[Problem, ...]]:
    """The chats by id, and what is wrong with them. No ``kinds``: every channel is known.

    Without ``secrets`` a chat whose ``env:NAME`` the environment lacks has no options.
    """
    problems = [*twice(items, "chat")]
    chats: dict[str, Chat] = {}
    for item in items:
        if item.value is None:
            continue
        problems += _subscriptions(item, item.value, topic_ids)
        problems += _reviews(item, item.value, topic_ids)
        problems += _language(item, item.value)
        options, own = _options(item, item.value, env, kinds, secrets=secrets)
        problems += own
        chats.setdefault(item.id, to_model.chat(item.value, options, settings))
    return chats, tuple(problems)


def _language(item: Item[ChatShape], shape: ChatShape) -> Iterator[Problem]:
    if shape.language is not None and shape.language not in LANGUAGES:
        message = f"the bot does not speak {shape.language!r}"
        yield item.problem(message, f"it speaks {', '.join(sorted(LANGUAGES))}", "language")


def _subscriptions(item: Item[ChatShape], shape: ChatShape, topic_ids: frozenset[str]) -> Iterator[Problem]:
    seen: set[str] = set()
    for at, wanted in enumerate(shape.subscriptions):
        steps = ("subscriptions", at, "topic")
        if wanted.topic != EVERY_TOPIC and wanted.topic not in topic_ids:
            # A warning: a topic that is taken out must not hold back every other edit.
            message = f"unknown topic {wanted.topic!r}: {shape.id} hears nothing of it"
            hint = closest(wanted.topic, topic_ids)
            yield item.problem(message, hint, *steps, level="warning")
        if wanted.topic in seen:
            message = f"{shape.id} subscribes to {wanted.topic!r} twice"
            yield item.problem(message, "keep one of them", *steps)
        seen.add(wanted.topic)


def _reviews(item: Item[ChatShape], shape: ChatShape, topic_ids: frozenset[str]) -> Iterator[Problem]:
    for at, review in enumerate(shape.reviews):
        for place, topic in enumerate(review.topics):
            if topic not in topic_ids:
                message = f"unknown topic {topic!r}: the review of {shape.id} tells nothing of it"
                steps = ("reviews", at, "topics", place)
                yield item.problem(message, closest(topic, topic_ids), *steps, level="warning")


def _options(
    item: Item[ChatShape],
    shape: ChatShape,
    env: Mapping[str, str],
    kinds: Mapping[str, ChannelKind],
    *,
    secrets: bool,
) -> tuple[Mapping[str, object], tuple[Problem, ...]]:
    path = (*item.path, "options")
    resolved, missing = resolve(shape.options, env)
    if missing and not secrets:
        return {}, ()
    if missing:
        return {}, tuple(
            item.document.problem(
                (*path, *where),
                f"the environment has no {name or 'variable without a name'}",
                f"set {name}" if name else "write env:NAME",
            )
            for where, name in missing
        )
    options = resolved if isinstance(resolved, Mapping) else {}
    if not kinds:
        return options, ()
    channel, _, address = shape.id.partition(":")
    kind = kinds.get(channel)
    if kind is None:
        return {}, (item.problem(f"unknown channel {channel!r}", closest(channel, kinds), "id"),)
    if not kind.is_address(address):
        message = f"{address!r} is no address of {channel}"
        return {}, (item.problem(message, f"write {kind.addressed}", "id"),)
    try:
        return kind.options.model_validate(options).model_dump(), ()
    except ValidationError as error:
        return {}, tuple(complaints(error.errors(include_url=False), item.document, path, kind.options))
