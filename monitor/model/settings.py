"""The operator's settings, each written once: type, default, meaning and bounds.

From these records ``monitor.config`` makes what reads config/monitor.yaml, its JSON schema, the commented
example and the table in docs/configuration.md (``make reference``; a test compares). A field that no
``_setting`` describes is a secret: it comes from the environment and never from a file.
"""

from __future__ import annotations

import dataclasses
from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import timedelta
from typing import TypeVar

T = TypeVar("T")
DESCRIPTION = "setting"
"""The key of a field's metadata under which its description stands."""


@dataclass(frozen=True, slots=True, kw_only=True)
class SettingDescription:
    """What a setting means and which values it takes.

    Args:
        doc: one sentence or two for the operator.
        ge: the least number.
        gt: a number that is too small.
        le: the greatest number.
        most: how many items a list may have.
        choices: the words that may be given.
        form: the name of a form of text that ``monitor.config`` checks.
    """

    doc: str
    ge: float | None = None
    gt: float | None = None
    le: float | None = None
    most: int | None = None
    choices: tuple[str, ...] = ()
    form: str = ""


def descriptions(record: type) -> Mapping[str, SettingDescription]:
    """The settings of a section by name; sections and secrets are not among them."""
    return {
        item.name: item.metadata[DESCRIPTION]
        for item in dataclasses.fields(record)
        if DESCRIPTION in item.metadata
    }


def _setting(
    default: T,
    doc: str,
    *,
    ge: float | None = None,
    gt: float | None = None,
    le: float | None = None,
    most: int | None = None,
    choices: tuple[str, ...] = (),
    form: str = "",
) -> T:
    description = SettingDescription(doc=doc, ge=ge, gt=gt, le=le, most=most, choices=choices, form=form)
    made: T = field(default=default, metadata={DESCRIPTION: description})
    return made


@dataclass(frozen=True, slots=True, kw_only=True)
class FetchSettings:
    """How the web is read."""

    contact: str = _setting("", "E-mail or page that sites find in the User-Agent.")
    workers: int = _setting(16, "Jobs at work at a time; never two at a time to one host.", ge=1, le=256)
    slow_workers: int = _setting(
        240,
        "Further requests that may wait for hosts that do not answer soon; each is a thread and a "
        "connection.",
        ge=0,
        le=4_096,
    )
    host_delay_s: float = _setting(
        1.0,
        "Pause between two requests to one host, in seconds.",
        ge=0,
        le=86_400,
    )
    read_s: float = _setting(
        10.0,
        "A host that sends nothing for so long is given up, in seconds.",
        gt=0,
        le=86_400,
    )
    deadline_s: float = _setting(
        30.0,
        "Time for one whole exchange with its redirects, in seconds.",
        gt=0,
        le=86_400,
    )
    max_bytes: int = _setting(
        5_000_000,
        "Larger answers are refused, in bytes.",
        ge=1_000,
        le=1_000_000_000,
    )
    max_entries: int = _setting(500, "Entries taken from one answer of a source.", ge=1, le=1_000_000)
    max_redirects: int = _setting(6, "Redirects followed for one request.", ge=0, le=20)
    allow_private: bool = _setting(default=False, doc="true lets every source stand in your own network.")
    per_second: float = _setting(50.0, "Requests a second, all hosts together.", gt=0, le=86_400)
    robots: str = _setting(
        "pages",
        "What obeys robots.txt: pages (article pages and listings); all (feeds and sitemaps too); "
        "off (nothing).",
        choices=("pages", "all", "off"),
    )
    longest_rest_s: float = _setting(
        60.0,
        "A longer crawl-delay of a robots.txt is not honoured, in seconds.",
        ge=0,
        le=86_400,
    )
    fastest: timedelta = _setting(
        timedelta(minutes=1),
        "Shortest interval for sources whose list is nearly all new at each look.",
    )
    slowest: timedelta = _setting(
        timedelta(hours=2),
        "Longest interval to which a quiet source's is stretched.",
    )
    stretch: float = _setting(
        3.0,
        "In hours in which a source has usually nothing, its interval grows up to this many times; 1: never.",
        ge=1,
        le=100,
    )
    tell_after: int = _setting(3, "Failures in a row after which operators are told.", ge=1, le=1_000_000)
    tell_together: timedelta = _setting(
        timedelta(minutes=3),
        "How long word of sources that break or recover waits for others, so that an outage is one message.",
        form="pause",
    )
    quarantine_after: int = _setting(
        10,
        "Failures in a row after which a source is asked rarely.",
        ge=1,
        le=1_000_000,
    )
    stale_after: timedelta = _setting(
        timedelta(days=7),
        "Operators are told of so long a silence of a source that answers; less once its habits are known.",
    )
    follow_moved: timedelta = _setting(
        timedelta(days=28),
        "How long a permanent redirect to another site is followed without the operator's word.",
    )
    full_pages: bool = _setting(
        default=True, doc="Read the page behind each entry; false: only what the source lists."
    )


@dataclass(frozen=True, slots=True, kw_only=True)
class AlertSettings:
    """What is alerted, and how fast."""

    max_age: timedelta = _setting(
        timedelta(hours=6),
        "On first contact, entries older than this are stored but not alerted.",
    )
    outage: timedelta = _setting(
        timedelta(hours=6),
        "A source that was silent for longer counts as first contact again.",
    )
    same_headline_window: timedelta = _setting(
        timedelta(days=3),
        "How long an equal headline and lead mean the same story.",
    )
    concurrency: int = _setting(4, "Sends in flight.", ge=1, le=64)
    per_second: float = _setting(
        30.0,
        "Messages a second, all chats of a paced channel together.",
        gt=0,
        le=86_400,
    )
    per_chat_per_second: float = _setting(
        1.0,
        "Messages a second to one chat of a paced channel.",
        gt=0,
        le=86_400,
    )
    per_group_per_minute: int = _setting(
        20,
        "Messages a minute to one group of a paced channel.",
        ge=1,
        le=1_000_000,
    )
    unsure_resend_after_s: float = _setting(
        30.0,
        "Wait before a send that may have arrived is repeated, in seconds.",
        ge=0,
        le=86_400,
    )
    settle: timedelta = _setting(
        timedelta(seconds=30),
        "While other pages of the same minute are still to be read, a new alert waits at most so long: what "
        "they tell of its story is in it then. 0s: never. A topic's own `settle` or `urgent: true` "
        "goes before.",
        form="pause",
    )
    give_up_after: timedelta = _setting(
        timedelta(days=2),
        "A message that could not be sent to one chat for so long is given up, and operators are told.",
    )
    stale_after: timedelta = _setting(timedelta(hours=1), "Alerts that waited longer come as one digest.")
    hourly_budget: int = _setting(
        60,
        "Alerts an hour for chats that set no budget; what is more comes as a digest. 0: no limit.",
        ge=0,
        le=1_000,
    )
    flood_factor: float = _setting(
        10.0,
        "An edit that would bring so many times the present alerts is held until it is accepted. 0: never.",
        ge=0,
        le=1_000,
    )


@dataclass(frozen=True, slots=True, kw_only=True)
class StorySettings:
    """When a text is a copy, and when two articles tell one story. Shares and likeness: 0 to 1."""

    copy_share: float = _setting(
        0.45,
        "A copy: so much of the shorter text stands in the longer one.",
        gt=0,
        le=1,
    )
    own_copy_share: float = _setting(
        0.85,
        "The same within one outlet, under another headline.",
        gt=0,
        le=1,
    )
    copy_words: int = _setting(30, "Texts with fewer words are copies only word for word.", ge=8, le=1_000)
    copy_days: int = _setting(
        42,
        "How long a text is remembered for finding its copies, in days.",
        ge=1,
        le=366,
    )
    boilerplate_stories: int = _setting(
        3,
        "A passage that stands in so many stories is boilerplate and counts no more.",
        ge=2,
        le=100,
    )
    window: timedelta = _setting(
        timedelta(days=4),
        "How long after its last article a story takes up further ones.",
    )
    same: float = _setting(
        0.5,
        "Likeness from which two articles of one language tell the same story.",
        gt=0,
        le=1,
    )
    across: float = _setting(0.5, "Likeness from which two articles of different languages do.", gt=0, le=1)
    merge: float = _setting(0.62, "Likeness to two stories from which both become one.", gt=0, le=1)
    follow: float = _setting(
        0.1,
        "Likeness from which a new story names the older one that it follows.",
        gt=0,
        le=1,
    )
    replies_a_day: int = _setting(
        3,
        "New facts told in one chat about one story within a day; 0: none.",
        ge=0,
        le=1_000,
    )
    semantic: bool = _setting(
        default=True,
        doc="Use sentence vectors when the extra coverage-monitor[semantic] is installed.",
    )

    @property
    def lately(self) -> timedelta:
        """How long a story that closed may still be followed by a new one."""
        return 3 * self.window

    @property
    def compared(self) -> timedelta:
        """How long an article is compared with those that come after it."""
        return max(timedelta(days=self.copy_days), self.lately)


@dataclass(frozen=True, slots=True, kw_only=True)
class TelegramSettings:
    """The Telegram bot. Its token: MONITOR_TELEGRAM_TOKEN or MONITOR_TELEGRAM_TOKEN_FILE."""

    base_url: str = _setting(
        "https://api.telegram.org/bot",
        "Address of the Bot API up to the token.",
        form="address",
    )
    access: str = _setting(
        "allow-list",
        "Who may talk to the bot: anybody; those with an invitation of an admin; or those listed here.",
        choices=("open", "invite", "allow-list"),
    )
    admins: tuple[int, ...] = _setting((), "Numeric Telegram user ids that may ask for /status.")
    allowed: tuple[int, ...] = _setting((), "Numeric Telegram user ids that may talk to the bot.")
    token: str = field(default="", repr=False)


@dataclass(frozen=True, slots=True, kw_only=True)
class ReceiverSettings:
    """What comes to us: inboxes, and hints of hubs (WebSub). Its secret: MONITOR_RECEIVER_SECRET."""

    folder: str = _setting(
        "var/inbox",
        "Where the folders of inbox://name lie; a relative path begins at the config folder's parent.",
    )
    listen: str = _setting(
        "",
        "host:port of the HTTP receiver, e.g. 127.0.0.1:8787; empty: there is none.",
        form="listen",
    )
    public_url: str = _setting(
        "",
        "How hubs reach the receiver from outside; empty: no hub is asked.",
        form="address or nothing",
    )
    max_bytes: int = _setting(1_000_000, "Larger posts are refused, in bytes.", ge=1_000, le=100_000_000)
    secret: str = field(default="", repr=False)


DAY = timedelta(days=1)
LOOKS = (timedelta(minutes=15), timedelta(hours=1), timedelta(hours=6), DAY, 3 * DAY)


@dataclass(frozen=True, slots=True, kw_only=True)
class ReadingSettings:
    """How pages are read: docs/reading.md."""

    first_look: bool = _setting(
        default=True,
        doc="Pages without a word of any topic are noted and not extracted; false: every page is extracted.",
    )
    look_again: tuple[timedelta, ...] = _setting(
        LOOKS,
        "Ages after first sight at which matched articles are read again for corrections; []: never.",
        most=12,
    )
    next_pages: int = _setting(
        4,
        "Further pages of an article that goes on are read with it, at most so many; 0: none.",
        ge=0,
        le=20,
    )


@dataclass(frozen=True, slots=True, kw_only=True)
class WebSettings:
    """The desk, pages for a browser: docs/desk.md."""

    listen: str = _setting(
        "127.0.0.1:8484",
        "host:port of the pages; off: there are none. Elsewhere than on loopback only with accounts "
        "(`monitor web adduser`).",
        form="listen or off",
    )
    hosts: tuple[str, ...] = _setting(
        (),
        "Further names under which browsers reach the pages, e.g. monitor.example.org.",
        most=20,
    )
    proxies: tuple[str, ...] = _setting(
        (),
        "Addresses of reverse proxies whose X-Forwarded-For and X-Forwarded-Proto are believed.",
        most=20,
    )


@dataclass(frozen=True, slots=True, kw_only=True)
class EvidenceSettings:
    """What is kept to prove later what an outlet published: docs/evidence.md."""

    keep: str = _setting(
        "off",
        "on: of each matched article its pages as they came, their headers, its text and why it matched are "
        "kept in a chain of hashes.",
        choices=("off", "on"),
    )
    max_bytes: int = _setting(
        2_000_000,
        "So much of an article's pages is kept, in bytes before compression; of the rest only its hash.",
        ge=0,
        le=100_000_000,
    )
    days: int = _setting(
        3_650,
        "Evidence older than this is deleted, in days; its hashes stay.",
        ge=1,
        le=36_500,
    )


@dataclass(frozen=True, slots=True, kw_only=True)
class RetentionSettings:
    """How long rows are kept beside articles (`archive_days`); 0: for ever. docs/storage.md."""

    passed_over_days: int = _setting(
        365, "Why a page was passed over without a word of any topic, in days.", ge=0, le=36_500
    )
    deliveries_days: int = _setting(
        1_095, "Messages that were sent or given up, in days; open ones stay.", ge=0, le=36_500
    )
    events_days: int = _setting(365, "What operators were told, in days.", ge=0, le=36_500)
    gaps_days: int = _setting(1_095, "Gaps of sources that ended, in days.", ge=0, le=36_500)
    entries_days: int = _setting(
        0,
        "That an entry was seen, and what tells copies of deleted articles, in days; an outlet that lists "
        "one after that brings it as new.",
        ge=0,
        le=36_500,
    )


@dataclass(frozen=True, slots=True, kw_only=True)
class BackupSettings:
    """Copies of the store on schedule, each read back: docs/operate.md."""

    every: timedelta = _setting(timedelta(), "How often, e.g. 1d; 0s: never.", form="pause")
    keep: int = _setting(7, "So many copies are kept, the newest.", ge=1, le=10_000)
    folder: str = _setting(
        "var/backups", "Where they lie; a relative path begins at the config folder's parent."
    )


@dataclass(frozen=True, slots=True, kw_only=True)
class MetricsSettings:
    """Figures for Prometheus: docs/operate.md. The desk serves them too, at /metrics."""

    listen: str = _setting(
        "",
        "host:port that serves nothing but the figures, e.g. 127.0.0.1:9484; empty: there is none. Whoever "
        "reaches it may read them.",
        form="listen",
    )


@dataclass(frozen=True, slots=True, kw_only=True)
class Settings:
    """config/monitor.yaml: settings of the service."""

    store: str = _setting(
        "sqlite:///var/monitor.db",
        "Where everything is kept: sqlite:///PATH or postgresql+psycopg://user@host/database. A relative "
        "PATH begins at the config folder's parent.",
        form="database",
    )
    engine: str = _setting(
        "local",
        "Who hands out the jobs: local (the database), or celery (RabbitMQ, for those who run one; needs "
        "coverage-monitor[celery], PostgreSQL and broker).",
        choices=("local", "celery"),
    )
    broker: str = _setting(
        "",
        "Where RabbitMQ answers, for engine: celery, e.g. amqp://user@host:5672//. With a password: "
        "MONITOR_BROKER.",
        form="broker",
    )
    processes: int = _setting(
        1,
        "Processes on this machine that ask sources and read pages, the service itself among them; more than "
        "one needs PostgreSQL. As many as there are cores use them all.",
        ge=1,
        le=64,
    )
    timezone: str = _setting("UTC", "IANA time zone for chats that name none.", form="zone")
    language: str = _setting("en", "Language for chats that name none.", form="language")
    logs: str = _setting(
        "text", "Log lines of `monitor run`: for people, or JSON objects.", choices=("text", "json")
    )
    archive_days: int = _setting(365, "Articles older than this are deleted, in days.", ge=1, le=36_500)
    fetch: FetchSettings = field(default_factory=FetchSettings)
    alerts: AlertSettings = field(default_factory=AlertSettings)
    stories: StorySettings = field(default_factory=StorySettings)
    telegram: TelegramSettings = field(default_factory=TelegramSettings)
    receiver: ReceiverSettings = field(default_factory=ReceiverSettings)
    reading: ReadingSettings = field(default_factory=ReadingSettings)
    web: WebSettings = field(default_factory=WebSettings)
    evidence: EvidenceSettings = field(default_factory=EvidenceSettings)
    retention: RetentionSettings = field(default_factory=RetentionSettings)
    backup: BackupSettings = field(default_factory=BackupSettings)
    metrics: MetricsSettings = field(default_factory=MetricsSettings)
