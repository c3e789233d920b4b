"""The operator's settings, as config/monitor.yaml sets them."""

from __future__ import annotations

from dataclasses import dataclass, field
from datetime import timedelta


@dataclass(frozen=True, slots=True, kw_only=True)
class FetchSettings:
    """How the web is read. ``contact`` goes into the User-Agent.

    ``workers`` jobs work at a time, ``slow_workers`` more may wait for slow hosts. A host may be silent
    for ``read_s`` and take ``deadline_s`` for all of its answer. ``per_second`` bounds all requests
    together. ``robots`` is ``pages`` (article pages and listings obey robots.txt), ``all`` (feeds and
    sitemaps too) or ``off``; ``longest_rest_s`` caps the crawl-delay that is honoured. ``fastest``,
    ``slowest`` and ``stretch`` (a factor) bound how far the interval leaves a source's ``every``.
    ``tell_after`` failures in a row are told, ``stale_after`` is the silence that is told of a source
    whose habits are not known. A permanent move to another site is followed for ``follow_moved``.
    """

    contact: str = ""
    workers: int = 16
    slow_workers: int = 240
    host_delay_s: float = 1.0
    read_s: float = 10.0
    deadline_s: float = 30.0
    max_bytes: int = 5_000_000
    max_entries: int = 500
    max_redirects: int = 6
    allow_private: bool = False
    per_second: float = 50.0
    robots: str = "pages"
    longest_rest_s: float = 60.0
    fastest: timedelta = timedelta(minutes=1)
    slowest: timedelta = timedelta(hours=2)
    stretch: float = 3.0
    tell_after: int = 3
    quarantine_after: int = 10
    stale_after: timedelta = timedelta(days=7)
    follow_moved: timedelta = timedelta(days=28)
    full_pages: bool = True


@dataclass(frozen=True, slots=True, kw_only=True)
class AlertSettings:
    """``max_age``: entries older than this are not alerted on first contact or after ``outage``.

    ``same_headline_window``: how long an equal headline and lead mean the same story. Alerts that
    waited longer than ``stale_after`` are bundled; ``hourly_budget`` (0: none) holds for chats that
    name none.
    """

    max_age: timedelta = timedelta(hours=6)
    outage: timedelta = timedelta(hours=6)
    same_headline_window: timedelta = timedelta(days=3)
    concurrency: int = 4
    per_second: float = 30.0
    per_chat_per_second: float = 1.0
    per_group_per_minute: int = 20
    unsure_resend_after_s: float = 30.0
    give_up_after: timedelta = timedelta(days=2)
    stale_after: timedelta = timedelta(hours=1)
    hourly_budget: int = 60


@dataclass(frozen=True, slots=True, kw_only=True)
class StorySettings:
    """When a text is a copy and when two articles tell one story; docs/stories.md has what each costs.

    Shares are 0–1. ``copy_share``: so much of the shorter text must stand in the longer one;
    ``own_copy_share``: the same within one outlet under another headline. ``copy_words``: a shorter text is
    never a near copy. ``copy_days``: how long a text is remembered. ``boilerplate_stories``: a passage
    that so many stories hold is furniture. ``window``: how long a story stays open. ``same`` and
    ``across``: probability from which two articles of one language, or of two, tell one story; ``merge`` the
    same for two stories; ``part``: a story falls apart where two groups are less than so many times as
    alike as each is in itself; ``follow``: probability from which a new story names the old one.
    ``replies_a_day``: new facts told in one chat about one story. ``semantic``: use sentence vectors when
    they are installed.
    """

    copy_share: float = 0.45
    own_copy_share: float = 0.85
    copy_words: int = 30
    copy_days: int = 42
    boilerplate_stories: int = 3
    window: timedelta = timedelta(days=4)
    same: float = 0.5
    across: float = 0.5
    merge: float = 0.62
    part: float = 0.4
    follow: float = 0.1
    replies_a_day: int = 3
    semantic: bool = True


@dataclass(frozen=True, slots=True, kw_only=True)
class TelegramSettings:
    """``token`` comes from the environment or a file, never from the YAML. ``access`` is ``open``,
    ``invite`` or ``allow-list``; ``admins`` and ``allowed`` are numeric Telegram user ids."""

    token: str = field(default="", repr=False)
    base_url: str = "https://api.telegram.org/bot"
    access: str = "allow-list"
    admins: tuple[int, ...] = ()
    allowed: tuple[int, ...] = ()


@dataclass(frozen=True, slots=True, kw_only=True)
class ReceiverSettings:
    """What comes to us. ``folder`` is where named inboxes lie. ``listen`` (``host:port``) switches the
    HTTP receiver on; ``public_url`` is how hubs reach it. ``secret`` comes from the environment or a
    file, never from the YAML."""

    folder: str = "var/inbox"
    listen: str = ""
    public_url: str = ""
    max_bytes: int = 1_000_000
    secret: str = field(default="", repr=False)


DAY = timedelta(days=1)
LOOKS = (timedelta(minutes=15), timedelta(hours=1), timedelta(hours=6), DAY, 3 * DAY)


@dataclass(frozen=True, slots=True, kw_only=True)
class ReadingSettings:
    """How pages are read. ``first_look``: pages without a word of any topic are not extracted.
    ``look_again``: ages after first sight at which matched articles are read again.
    ``next_pages``: further pages of an article that are read with it, at most."""

    first_look: bool = True
    look_again: tuple[timedelta, ...] = LOOKS
    next_pages: int = 4


@dataclass(frozen=True, slots=True, kw_only=True)
class Settings:
    """Everything of config/monitor.yaml."""

    store: str = "sqlite:///var/monitor.db"
    engine: str = "local"
    timezone: str = "UTC"
    language: str = "en"
    archive_days: int = 365
    fetch: FetchSettings = field(default_factory=FetchSettings)
    alerts: AlertSettings = field(default_factory=AlertSettings)
    stories: StorySettings = field(default_factory=StorySettings)
    telegram: TelegramSettings = field(default_factory=TelegramSettings)
    receiver: ReceiverSettings = field(default_factory=ReceiverSettings)
    reading: ReadingSettings = field(default_factory=ReadingSettings)
