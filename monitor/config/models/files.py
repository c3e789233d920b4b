"""The shapes of the operator's files, one model for each thing; their JSON Schemas guide editors.

``TopicsFile``, ``SourcesFile``, ``ChatsFile`` and ``MonitorFile`` are whole files. Keys that no
shape knows are refused.
"""

from __future__ import annotations

from datetime import timedelta
from typing import Annotated, Any, Literal

from pydantic import BaseModel, BeforeValidator, ConfigDict, Field

from monitor.config.models.types import (
    Address,
    ChatId,
    Clock,
    Country,
    Duration,
    Hashtag,
    Id,
    Language,
    Pause,
    Selector,
    SourceAddress,
    Text,
    Zone,
    short,
    wrong,
)
from monitor.core.delivery.preferences import read_digest
from monitor.model import Digest
from monitor.model.chat import Mode, Pictures, SafeLinks, Silent, UnsurePolicy
from monitor.model.source import Tier


class Shape(BaseModel):
    """What all shapes share: unknown keys are refused, values do not change."""

    model_config = ConfigDict(extra="forbid", frozen=True, use_attribute_docstrings=True)


class ExampleShape(Shape):
    """A text that a topic must or must not match."""

    text: Text
    """The text."""
    title: str = ""
    """Its headline; without one the text is looked at as headline and as body."""
    lang: Language | None = None
    """Its language; without one the topic's languages, else those of its script."""


Example = Annotated[ExampleShape, BeforeValidator(short("text"), json_schema_input_type=str | ExampleShape)]


class TopicShape(Shape):
    """A standing query."""

    id: Id
    """Its name in commands, subscriptions and reports."""
    query: Text
    """What to look for: docs/query-language.md."""
    title: str = ""
    """What people read; the id if absent."""
    languages: tuple[Language, ...] = ()
    """Languages whose inflected forms bare words match; absent: the article's own."""
    must_match: tuple[Example, ...] = ()
    """Texts that the query must match; an edit that breaks one is refused."""
    must_not_match: tuple[Example, ...] = ()
    """Texts that the query must not match."""
    hashtag: Hashtag | None = None
    """What alerts show behind the #; made from the id if absent."""
    enabled: bool = True
    """false: kept, but not matched."""
    urgent: bool = False
    """true: its alerts never wait for other pages that are being read."""
    settle: Pause | None = None
    """How long its alerts wait while pages of the same minute are still to be read; absent: alerts.settle."""


class NameShape(Shape):
    """A person or an organisation with all its spellings."""

    name: Text
    """The name as its owner writes it; other languages' spellings are made from it."""
    spellings: tuple[Text, ...] = ()
    """Further spellings."""
    aka: tuple[Text, ...] = ()
    """Other names of the same one, and how people spell themselves; as good as ``spellings``."""
    off: tuple[Text, ...] = ()
    """Made spellings that are not wanted."""


Name = Annotated[NameShape, BeforeValidator(short("name"), json_schema_input_type=str | NameShape)]


class TopicsFile(Shape):
    """config/topics/*.yaml: topics and the words they share."""

    topics: tuple[TopicShape, ...] = ()
    """Standing queries."""
    lists: dict[Id, tuple[Text, ...]] = {}
    """Shared words and phrases; a query says @name."""
    people: dict[Id, Name] = {}
    """Persons; a query says @name."""
    orgs: dict[Id, Name] = {}
    """Organisations; a query says @name."""


class RecipeShape(Shape):
    """Where the pages of an outlet hold their article, when it is not found by itself."""

    select: Selector
    """CSS selector of the element around the text."""
    remove: Selector | Literal[""] = ""
    """CSS selector of what inside it is not text."""


class SourceShape(Shape):
    """An outlet that is watched."""

    id: Id
    """Its name in commands and reports."""
    url: SourceAddress
    """What is read: a feed, a sitemap, a page of headlines; inbox://name is a folder."""
    name: str = ""
    """What alerts call it; the id if absent."""
    kind: str = "feed"
    """How it is read: feed, sitemap, listing or a plugin's kind."""
    site: Address | None = None
    """The outlet's front page."""
    language: Language | None = None
    """ISO 639 code; absent: each article's is detected."""
    country: Country | None = None
    """ISO 3166 code of the country it reports from or for."""
    tier: Tier = ""
    """Who stands behind it."""
    every: Duration = Field(default=timedelta(minutes=10), json_schema_extra={"default": "10m"})
    """Wanted time between two looks: 30s, 5m, 1h."""
    timezone: Zone | None = None
    """IANA time zone of dates that carry none."""
    options: dict[str, Any] = {}
    """What only this kind understands."""
    allow_private: bool = False
    """true lets this source stand in your own network."""
    text: RecipeShape | None = None
    """Where its pages hold their article; absent: found by the weight of the prose."""
    enabled: bool = True
    """false: kept, but not asked."""


class SourcesFile(Shape):
    """config/sources/*.yaml: outlets that are watched."""

    sources: tuple[SourceShape, ...] = ()
    """Outlets."""


def _digest(value: object) -> object:
    if not isinstance(value, str):
        return value
    try:
        return read_digest(value)
    except ValueError:
        raise wrong(f"{value!r} is no digest", "write hourly, daily 08:00 or weekly mon 08:00") from None


DigestTime = Annotated[Digest, BeforeValidator(_digest, json_schema_input_type=str)]


class SubscriptionShape(Shape):
    """Which topic a chat wants, and how."""

    topic: str
    """A topic's id, or "*" for every topic."""
    mode: Mode = "instant"
    """instant: at once, or in the chat's digest if it has one; digest: collected; urgent: at once whatever
    the chat has; off: not at all."""
    digest: DigestTime | None = None
    """mode digest: when, if not with the chat's own digest: hourly, daily 08:00, weekly mon 08:00."""


Subscribed = Annotated[
    SubscriptionShape,
    BeforeValidator(short("topic"), json_schema_input_type=str | SubscriptionShape),
]


class QuietShape(Shape):
    """Hours in which nothing is sent."""

    start: Clock
    """First quiet minute, local time."""
    end: Clock
    """End of the quiet hours; may lie after midnight."""


def _quiet(value: object) -> object:
    if isinstance(value, str) and value.count("-") == 1:
        start, end = value.split("-")
        return {"start": start.strip(), "end": end.strip()}
    return value


Quiet = Annotated[QuietShape, BeforeValidator(_quiet, json_schema_input_type=str | QuietShape)]


class ReviewShape(Shape):
    """A press review that a chat gets by itself."""

    at: DigestTime
    """When: daily 07:30, weekly mon 08:00 or hourly; it tells of the time since the one before."""
    title: str = ""
    """What it is called; absent: press review."""
    topics: tuple[Id, ...] = ()
    """Only these topics; absent: all of the operator."""
    most: Annotated[int, Field(ge=1, le=60)] = 20
    """So many of the most prominent stories."""


class ChatShape(Shape):
    """Where alerts go."""

    id: ChatId
    """<channel>:<address>, e.g. console:main or telegram:-1001234567890/7 (forum topic 7)."""
    title: str = ""
    """What reports call it."""
    language: Language | None = None
    """Language of the words around an alert; absent: the one of monitor.yaml."""
    timezone: Zone | None = None
    """IANA time zone of the times shown; absent: the one of monitor.yaml."""
    unsure: UnsurePolicy = "resend"
    """When nobody knows whether a send arrived: resend once, or hold."""
    operator: bool = False
    """true: this chat is told about broken sources."""
    preview: Literal["off", "small", "large"] = "off"
    """Link preview under an alert."""
    quiet: Quiet | None = None
    """Hours in which nothing is sent: 23:00-07:00."""
    digest: DigestTime | None = None
    """Alerts are collected and sent hourly, daily 08:00 or weekly mon 08:00; absent: at once."""
    safe_links: SafeLinks = "off"
    """For people at risk: plain: no previews, neutral words; archive: links to an archive's copy."""
    silent: Silent = "never"
    """Without a sound: never, night (22:00-07:00 local) or always."""
    pictures: Pictures = "off"
    """An article's picture after its alert (one), or up to ten (album); digests with a chart."""
    hourly_budget: Annotated[int, Field(ge=1, le=1000)] | None = None
    """More alerts an hour than this become one digest."""
    languages: tuple[Language, ...] = ()
    """Only articles in these languages; absent: in all."""
    least_outlets: Annotated[int, Field(ge=1, le=100)] = 1
    """Only stories that so many outlets write about."""
    options: dict[str, Any] = {}
    """What only this channel understands; env:NAME takes a value from the environment."""
    subscriptions: tuple[Subscribed, ...] = ()
    """Topics it wants."""
    reviews: Annotated[tuple[ReviewShape, ...], Field(max_length=20)] = ()
    """Press reviews that it gets by itself, also when there is nothing to tell."""


class ChatsFile(Shape):
    """config/chats.yaml: where alerts go."""

    chats: tuple[ChatShape, ...] = ()
    """Chats."""
