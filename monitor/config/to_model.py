"""From validated shapes to the records that the rest of the monitor works with."""

from __future__ import annotations

import re
from collections.abc import Mapping
from dataclasses import replace
from types import MappingProxyType
from typing import TypeVar, get_type_hints

from pydantic import BaseModel

from monitor.config.models.files import ChatShape, ExampleShape, SourceShape, TopicShape
from monitor.model import (
    Chat,
    MatchText,
    PressReview,
    QuietHours,
    Recipe,
    Settings,
    Source,
    Subscription,
    Topic,
)

T = TypeVar("T")


def hashtag(topic_id: str) -> str:
    """The hashtag made from an id: its words with capitals (``us-belarus`` → ``UsBelarus``, ``g7`` → ``G7``).

    One of digits only would be no hashtag, so it begins with a letter.
    """
    made = "".join(word[:1].upper() + word[1:] for word in re.findall(r"[^\W_]+", topic_id))
    return made if re.search(r"[^\W\d_]", made) else f"Topic{made}"


def topic(shape: TopicShape) -> Topic:
    """A topic with its defaults filled in; examples with a title become title, blank line, text."""
    return Topic(
        id=shape.id,
        query=shape.query,
        title=shape.title or shape.id,
        languages=shape.languages,
        must_match=tuple(_as_text(example) for example in shape.must_match),
        must_not_match=tuple(_as_text(example) for example in shape.must_not_match),
        hashtag=shape.hashtag or hashtag(shape.id),
        enabled=shape.enabled,
        urgent=shape.urgent,
        settle=shape.settle,
    )


def _as_text(example: ExampleShape) -> str:
    return f"{example.title}\n\n{example.text}" if example.title else example.text


def example_text(example: ExampleShape) -> MatchText:
    """What the query looks at when it is tried on an example."""
    return MatchText(title=example.title or example.text, body=example.text, language=example.lang)


def source(shape: SourceShape, options: Mapping[str, object]) -> Source:
    """A source; ``options`` are those that its kind has accepted."""
    return Source(
        id=shape.id,
        name=shape.name or shape.id,
        kind=shape.kind,
        url=shape.url,
        site=shape.site or "",
        language=shape.language,
        country=shape.country,
        tier=shape.tier,
        every=shape.every,
        timezone=shape.timezone,
        options=MappingProxyType(dict(options)),
        allow_private=shape.allow_private,
        enabled=shape.enabled,
        recipe=Recipe(select=shape.text.select, remove=shape.text.remove) if shape.text else None,
    )


def chat(shape: ChatShape, options: Mapping[str, object], settings: Settings) -> Chat:
    """A chat with its subscriptions; language and time zone fall back to the settings'."""
    channel, _, address = shape.id.partition(":")
    return Chat(
        id=shape.id,
        channel=channel,
        address=address,
        title=shape.title,
        language=shape.language or settings.language,
        timezone=shape.timezone or settings.timezone,
        unsure=shape.unsure,
        operator=shape.operator,
        preview=shape.preview,
        quiet=QuietHours(start=shape.quiet.start, end=shape.quiet.end) if shape.quiet else None,
        digest=shape.digest,
        safe_links=shape.safe_links,
        silent=shape.silent,
        pictures=shape.pictures,
        hourly_budget=shape.hourly_budget,
        languages=shape.languages,
        least_outlets=shape.least_outlets,
        options=MappingProxyType(dict(options)),
        subscriptions=tuple(
            Subscription(chat_id=shape.id, topic_id=wanted.topic, mode=wanted.mode, digest=wanted.digest)
            for wanted in shape.subscriptions
        ),
        reviews=tuple(
            PressReview(at=each.at, title=each.title, topics=each.topics, most=each.most)
            for each in shape.reviews
        ),
    )


def settings(shape: BaseModel, token: str, secret: str = "") -> Settings:
    """The settings, with the token and the receiver's secret that the environment gave."""
    made = _record(Settings, shape)
    return replace(
        made,
        telegram=replace(made.telegram, token=token),
        receiver=replace(made.receiver, secret=secret),
    )


def _record(kind: type[T], shape: BaseModel) -> T:
    """A record of this class with the shape's values, section by section."""
    hints = get_type_hints(kind)
    return kind(
        **{
            name: _record(hints[name], value) if isinstance(value, BaseModel) else value
            for name, value in shape
        }
    )
