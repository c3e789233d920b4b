"""The shape of config/monitor.yaml; section by section the fields of ``monitor.model.settings``."""

from __future__ import annotations

import re
from datetime import timedelta
from typing import Annotated, Literal

from pydantic import AfterValidator, Field

from monitor.config.models.files import Shape
from monitor.config.models.types import Address, Database, Duration, Language, Zone, wrong
from monitor.model.settings import LOOKS

Positive = Annotated[float, Field(gt=0, le=86_400, allow_inf_nan=False)]
Pause = Annotated[float, Field(ge=0, le=86_400, allow_inf_nan=False)]
Count = Annotated[int, Field(ge=1, le=1_000_000)]


def _span(span: timedelta, text: str) -> timedelta:
    """A default for a time span, shown in the schema as the operator would write it."""
    default: timedelta = Field(default=span, json_schema_extra={"default": text})
    return default


class FetchShape(Shape):
    """How the web is read."""

    contact: str = ""
    """E-mail or page that sites find in the User-Agent."""
    workers: Annotated[int, Field(ge=1, le=256)] = 16
    """Jobs at work at a time; never two at a time to one host."""
    slow_workers: Annotated[int, Field(ge=0, le=4_096)] = 240
    """Further requests that may wait for hosts that do not answer soon; each is a thread and a connection."""
    host_delay_s: Pause = 1.0
    """Pause between two requests to one host, in seconds."""
    read_s: Positive = 10.0
    """A host that sends nothing for so long is given up, in seconds."""
    deadline_s: Positive = 30.0
    """Time for one whole exchange with its redirects, in seconds."""
    max_bytes: Annotated[int, Field(ge=1_000, le=1_000_000_000)] = 5_000_000
    """Larger answers are refused, in bytes."""
    max_entries: Count = 500
    """Entries taken from one answer of a source."""
    max_redirects: Annotated[int, Field(ge=0, le=20)] = 6
    """Redirects followed for one request."""
    allow_private: bool = False
    """true lets every source stand in your own network."""
    per_second: Positive = 50.0
    """Requests a second, all hosts together."""
    robots: Literal["pages", "all", "off"] = "pages"
    """What obeys robots.txt: article pages and listings; all: feeds and sitemaps too; off: nothing."""
    longest_rest_s: Pause = 60.0
    """A longer crawl-delay of a robots.txt is not honoured, in seconds."""
    fastest: Duration = _span(timedelta(minutes=1), "1m")
    """Shortest interval for sources whose list is nearly all new at each look."""
    slowest: Duration = _span(timedelta(hours=2), "2h")
    """Longest interval to which a quiet source's is stretched."""
    stretch: Annotated[float, Field(ge=1, le=100, allow_inf_nan=False)] = 3.0
    """In hours in which a source has usually nothing, its interval grows up to this many times; 1: never."""
    tell_after: Count = 3
    """Failures in a row after which operators are told."""
    quarantine_after: Count = 10
    """Failures in a row after which a source is asked rarely."""
    stale_after: Duration = _span(timedelta(days=7), "7d")
    """Operators are told of so long a silence of a source that answers; less once its habits are known."""
    follow_moved: Duration = _span(timedelta(days=28), "28d")
    """How long a permanent redirect to another site is followed without the operator's word."""
    full_pages: bool = True
    """Read the page behind each entry; false: only what the source lists."""


class AlertsShape(Shape):
    """What is alerted, and how fast."""

    max_age: Duration = _span(timedelta(hours=6), "6h")
    """On first contact, entries older than this are stored but not alerted."""
    outage: Duration = _span(timedelta(hours=6), "6h")
    """A source that was silent for longer counts as first contact again."""
    same_headline_window: Duration = _span(timedelta(days=3), "3d")
    """How long an equal headline and lead mean the same story."""
    concurrency: Annotated[int, Field(ge=1, le=64)] = 4
    """Sends in flight."""
    per_second: Positive = 30.0
    """Messages a second, all chats of a paced channel together."""
    per_chat_per_second: Positive = 1.0
    """Messages a second to one chat of a paced channel."""
    per_group_per_minute: Count = 20
    """Messages a minute to one group of a paced channel."""
    unsure_resend_after_s: Pause = 30.0
    """Wait before a send that may have arrived is repeated, in seconds."""
    give_up_after: Duration = _span(timedelta(days=2), "2d")
    """A message that could not be sent to one chat for so long is given up, and operators are told."""
    stale_after: Duration = _span(timedelta(hours=1), "1h")
    """Alerts that waited longer come as one digest."""
    hourly_budget: Annotated[int, Field(ge=0, le=1000)] = 60
    """Alerts an hour for chats that set no budget; what is more comes as a digest. 0: no limit."""


Part = Annotated[float, Field(gt=0, le=1, allow_inf_nan=False)]


class StoriesShape(Shape):
    """When a text is a copy, and when two articles tell one story. Shares and likeness: 0 to 1."""

    copy_share: Part = 0.45
    """A copy: so much of the shorter text stands in the longer one."""
    own_copy_share: Part = 0.85
    """The same within one outlet, under another headline."""
    copy_words: Annotated[int, Field(ge=8, le=1_000)] = 30
    """Texts with fewer words are copies only word for word."""
    copy_days: Annotated[int, Field(ge=1, le=366)] = 42
    """How long a text is remembered for finding its copies, in days."""
    boilerplate_stories: Annotated[int, Field(ge=2, le=100)] = 3
    """A passage that stands in so many stories is furniture and counts no more."""
    window: Duration = _span(timedelta(days=4), "4d")
    """How long after its last article a story takes up further ones."""
    same: Part = 0.38
    """Likeness from which two articles of one language tell the same story."""
    across: Part = 0.5
    """Likeness from which two articles of different languages do."""
    merge: Part = 0.57
    """Likeness to two stories from which both become one."""
    part: Part = 0.65
    """Two groups of a story part when they are less than so many times as alike as each is in itself."""
    follow: Part = 0.2
    """Likeness from which a new story names the older one that it follows."""
    replies_a_day: Annotated[int, Field(ge=0, le=1_000)] = 3
    """New facts told in one chat about one story within a day; 0: none."""
    semantic: bool = True
    """Use sentence vectors when the extra coverage-monitor[semantic] is installed."""


class TelegramShape(Shape):
    """The Telegram bot. Its token: MONITOR_TELEGRAM_TOKEN or MONITOR_TELEGRAM_TOKEN_FILE."""

    base_url: Address = "https://api.telegram.org/bot"
    """Address of the Bot API up to the token."""
    access: Literal["open", "invite", "allow-list"] = "allow-list"
    """Who may talk to the bot: anybody; those with an invitation of an admin; or those listed here."""
    admins: tuple[int, ...] = ()
    """Numeric Telegram user ids that may ask for /status."""
    allowed: tuple[int, ...] = ()
    """Numeric Telegram user ids that may talk to the bot."""


def _listen(value: str) -> str:
    if not value or re.fullmatch(r"(?:[\w.-]+|\[[\da-fA-F:]+\]):\d{1,5}", value):
        return value
    raise wrong(f"{value!r} is no place to listen", "write host:port, e.g. 127.0.0.1:8787")


class ReceiverShape(Shape):
    """What comes to us: inboxes, and hints of hubs (WebSub). Its secret: MONITOR_RECEIVER_SECRET."""

    folder: str = "var/inbox"
    """Where the folders of inbox://name lie; a relative path begins at the config folder's parent."""
    listen: Annotated[str, AfterValidator(_listen)] = ""
    """host:port of the HTTP receiver, e.g. 127.0.0.1:8787; empty: there is none."""
    public_url: Address | Literal[""] = ""
    """How hubs reach the receiver from outside; empty: no hub is asked."""
    max_bytes: Annotated[int, Field(ge=1_000, le=100_000_000)] = 1_000_000
    """Larger posts are refused, in bytes."""


class ReadingShape(Shape):
    """How pages are read: docs/reading.md."""

    first_look: bool = True
    """Pages without a word of any topic are noted and not extracted; false: every page is extracted."""
    look_again: Annotated[tuple[Duration, ...], Field(max_length=12)] = Field(
        default=LOOKS, json_schema_extra={"default": ["15m", "1h", "6h", "1d", "3d"]}
    )
    """Ages after first sight at which matched articles are read again for corrections; []: never."""
    next_pages: Annotated[int, Field(ge=0, le=20)] = 4
    """Further pages of an article that goes on are read with it, at most so many; 0: none."""


class MonitorFile(Shape):
    """config/monitor.yaml: settings of the service."""

    store: Database = "sqlite:///var/monitor.db"
    """Where everything is kept: sqlite:///PATH or postgresql+psycopg://user@host/database."""
    engine: Annotated[str, Field(pattern=r"^[a-z][a-z0-9_-]*$")] = "local"
    """Who runs the jobs."""
    timezone: Zone = "UTC"
    """IANA time zone for chats that name none."""
    language: Language = "en"
    """Language for chats that name none."""
    archive_days: Annotated[int, Field(ge=1, le=36_500)] = 365
    """Articles older than this are deleted, in days."""
    fetch: FetchShape = FetchShape()
    """How the web is read."""
    alerts: AlertsShape = AlertsShape()
    """What is alerted, and how fast."""
    stories: StoriesShape = StoriesShape()
    """When a text is a copy, and when two articles tell one story."""
    telegram: TelegramShape = TelegramShape()
    """The Telegram bot."""
    receiver: ReceiverShape = ReceiverShape()
    """What comes to us: inboxes, and hints of hubs."""
    reading: ReadingShape = ReadingShape()
    """How pages are read."""
