"""What the jobs need from the outside, as protocols.

The store is several small protocols in one record, so that a handler names what it uses and a test
hands in just that. Every datetime is aware UTC. Everything here is thread-safe.
"""

from __future__ import annotations

import threading
from collections.abc import Callable, Iterable, Mapping, Sequence
from contextlib import AbstractContextManager
from dataclasses import dataclass, field
from datetime import datetime, timedelta
from typing import Protocol

from monitor.core.page.extract import extract
from monitor.core.rulebook import Rulebook
from monitor.model import (
    ArchivedArticle,
    Article,
    Entry,
    Extracted,
    Fetched,
    FetchRequest,
    Gap,
    Held,
    HubSubscription,
    Job,
    KeptRulebook,
    Look,
    Match,
    NotModified,
    Outcome,
    Period,
    Placed,
    Recipe,
    Reclaimed,
    RetentionSettings,
    Snapshot,
    SnapshotQuery,
    Source,
    SourceState,
    Story,
    StoryLabel,
)
from monitor.model.job import JOB_KINDS, JobKind
from monitor.model.search import Wanted
from monitor.ports.desk import Accounts, Lists
from monitor.ports.evidence import EvidenceChain
from monitor.ports.kinds import Channel as Channel
from monitor.ports.kinds import ChannelKind as ChannelKind
from monitor.ports.kinds import SourceKind as SourceKind
from monitor.ports.outbox import Outbox
from monitor.ports.people import Chats, People, SavedAlerts, Watches
from monitor.ports.workers import Workers

LEASE_S = 180.0


class Clock(Protocol):
    """Tells the time. Only the composition root makes a real one."""

    def __call__(self) -> datetime: ...


class Fetcher(Protocol):
    """One polite GET. Raises the ``FetchError`` tree and nothing else."""

    def __call__(self, request: FetchRequest) -> Fetched | NotModified: ...


class PageExtractor(Protocol):
    """``core.page.extract.extract``; where what a page may cost is bounded, it raises ``CostlyPage``."""

    def __call__(
        self,
        html: bytes | str,
        *,
        url: str,
        fetched_at: datetime,
        charset: str | None = None,
        entry: Entry | None = None,
        language_hint: str | None = None,
        recipe: Recipe | None = None,
    ) -> Extracted: ...


class Engine(Protocol):
    """Decides who runs the jobs table's jobs. ``stop`` drains and returns within its timeout."""

    def start(self, ports: Ports) -> None: ...
    def stop(self, timeout_s: float = 30.0) -> None: ...


class Sources(Protocol):
    """Source rows: what is due, what is known of each."""

    def sync(self, sources: Sequence[Source], now: datetime) -> None:
        """Make a state row for each source (first poll due now), forget the schedule of others."""

    def state(self, source_id: str) -> SourceState | None: ...
    def waiting(self, before: datetime, now: datetime) -> tuple[SourceState, ...]:
        """Sources that were due before ``before``, without those whose host rests; a thousand at most."""

    def states(self) -> tuple[SourceState, ...]: ...

    def gaps(self, since: datetime) -> tuple[Gap, ...]:
        """Every gap that lasts or ended after ``since``, by beginning; of all sources ever listed."""

    def enqueue_due(self, hosts: Mapping[str, str], now: datetime, limit: int) -> int:
        """Turn due rows of the sources in ``hosts`` (source id → lane) into open poll jobs.

        One transaction; a source that has an open job gets no second one. Returns how many.
        """


class Jobs(Protocol):
    """The jobs table and the one commit."""

    def claim(
        self,
        *,
        now: datetime,
        owner: str,
        epoch: int,
        limit: int,
        excluded_hosts: Sequence[str] = (),
        first: JobKind = "read",
        kinds: Sequence[JobKind] = JOB_KINDS,
        lease_s: float = LEASE_S,
        idle: bool | None = None,
    ) -> tuple[Job, ...]:
        """Take up to ``limit`` pending jobs, at most one a lane, none in a lane that runs or rests.

        None in the lanes ``excluded_hosts`` either: hosts for which there is no room now.

        Kind ``first``, then read, poll, recheck, of these only ``kinds``; of a kind the oldest first. The
        claim is committed. Nothing is taken when a later epoch than ``epoch`` is stored (another service
        owns the store), nor by a worker that was taken for dead.

        ``idle`` says whether nothing else runs in the claimer's process (None: it runs no jobs itself). Then
        a job that was running at several deaths is taken by itself, so that one that only stood near ends
        before the next; a process that is not idle takes it some seconds later.
        """

    def take_over(
        self,
        kind: str,
        key: str,
        *,
        published_by: str,
        attempts: int,
        owner: str,
        now: datetime,
        lease_s: float = LEASE_S,
    ) -> Job | None:
        """Make a job that ``published_by`` claimed this worker's own: once, however often its name comes.

        None: another worker has it, it is done, or the claim is not that one any more.
        """

    def dispatched(self, owner: str) -> int:
        """How many jobs ``owner`` claimed and holds: published ones that no worker took over yet."""

    def commit(self, job: Job, outcome: Outcome, *, now: datetime) -> None:
        """Write the outcome, its follow-up jobs and the job's ending in one transaction.

        Raises ``NotOurs`` (nothing written) when the job is no longer ours, ``Conflict`` when a placed
        article's decision could be another one by what was stored since its ``basis``.
        """

    def commit_all(self, finished: Sequence[tuple[Job, Outcome]], *, now: datetime) -> Sequence[Job]:
        """``commit`` for several jobs in one transaction. Returns those that were not ours any more, of
        which nothing was written. Raises ``ValueError`` unless every outcome ``can_be_grouped``."""

    def add(self, jobs: Sequence[Job], now: datetime) -> int:
        """Open jobs that are not open yet. Returns how many were new."""

    def release(self, *, epoch: int, now: datetime) -> int:
        """Put every running job of other epochs back to pending (after a crash), but for those of workers
        that live. Returns how many.

        Jobs that were running at several crashes wait a growing while (``retry.kill_pause_s``).
        """

    def open_count(self) -> int:
        """Jobs that are pending or running; those that look at articles again do not count."""

    def more_to_read(self, since: datetime, now: datetime, *, besides: int = 1) -> bool:
        """Whether readings that were asked for since then are due or, besides so many, running."""

    def others_in_doubt(self, job: Job) -> int:
        """How many other jobs were running when their process died more often than chance would have it."""

    def quarantined(self) -> tuple[tuple[Job, str], ...]:
        """Jobs that were set aside after too many tries, with the error, oldest first."""

    def requeue(self, kind: str, key: str) -> bool:
        """Put a quarantined job back, with all its tries; False when there is none of that name."""


class Leases(Protocol):
    """Who holds what is under way."""

    def renew(self, held: Held, *, until: datetime) -> None:
        """Prolong the leases of what an engine holds."""

    def reclaim(self, held: Held, *, now: datetime) -> Reclaimed:
        """Free what runs under the engine's owner and epoch and is not held (a claim whose answer was
        lost), what an earlier epoch left, and what another process of this epoch let expire.

        Deliveries that were never handed to a thread are pending again, others are of unknown outcome.
        """


class Articles(Protocol):
    """Entries, articles, matches and stories."""

    def known(self, entries: Sequence[Entry]) -> Mapping[str, str]:
        """Which of these entries are stored already: entry id → stored stamp.

        An entry counts as known by its id or by the url key of an entry of any source; in the
        second case its id maps to the stamp "" (listed elsewhere: nothing to read).
        """

    def entry(self, entry_id: str) -> Entry | None: ...

    def to_read(self, entry_id: str) -> tuple[Entry, bool] | None:
        """An entry, and whether an article came of it before, however long ago."""

    def snapshot(self, query: SnapshotQuery) -> Snapshot:
        """All that a decision about an article rests on, in one read; costs the same however much is
        stored."""

    def keep(self, placed: Placed, *, now: datetime) -> None:
        """Write one placed article outside any job; raises ``Conflict`` as ``Jobs.commit`` does."""

    def same_text(self, text_key: str) -> tuple[str, ...]:
        """Ids of the articles whose text, in any version, has this key."""

    def article(self, id_or_url: str) -> Article | None: ...
    def look(self, article_id: str) -> Look | None:
        """The last look at an article's page; None when it was never read from one."""

    def matches(self, article_id: str) -> tuple[Match, ...]: ...
    def story(self, story_id: str) -> Story | None:
        """A story by its id, also by the id of one that was merged into it."""

    def stories(self, *, since: datetime | None = None, limit: int = 20) -> tuple[Story, ...]:
        """Stories, the one with the newest article first."""

    def part(self, article_id: str, *, now: datetime) -> str | None:
        """Give an article a story of its own; its id. Chats told of the old one count as told.

        One that opened its story keeps it, and the others get one; None when it stands alone already.
        """

    def join(self, story_id: str, into: str, *, now: datetime) -> None:
        """Make a story part of another one; nothing is sent for it."""

    def labels(self) -> tuple[StoryLabel, ...]:
        """The pairs of articles that operators joined and parted, oldest first."""

    def story_of(self, article_id: str) -> Story | None:
        """The story that an article belongs to."""

    def stories_of(self, article_ids: Sequence[str]) -> Mapping[str, str]:
        """The ids of the stories that articles belong to now, by article id; no key for an unknown one."""

    def latest(self, *, topic_ids: Sequence[str] = (), limit: int = 10) -> tuple[Article, ...]: ...

    def search(self, wanted: Wanted | None, *, batch: int = 200) -> Iterable[Article]:
        """Articles that hold what is wanted by the text index, newest first; None: every article."""

    def index(self, limit: int = 500) -> int:
        """Add articles that are not yet searchable to the text index. Returns how many."""

    def since(self, moment: datetime, *, batch: int = 2_000) -> Iterable[ArchivedArticle]:
        """Articles seen since then, oldest first, for backtests."""

    def period(self, since: datetime, until: datetime, topic_ids: Sequence[str] = ()) -> Period:
        """The stories that matched between two moments; no ids: of every topic."""

    def moments(self, since: datetime) -> Mapping[str, Sequence[tuple[datetime, str]]]:
        """Topic id → when its articles since then were seen and in which source, oldest first; none that
        came late."""

    def trace(self, id_or_url: str) -> Mapping[str, object] | None:
        """Everything stored about what happened to an article or entry."""


@dataclass(frozen=True, slots=True, kw_only=True)
class StoreTrouble:
    """Why the store takes no writes. ``silent``: it may not even answer questions. ``damaged``: it does not
    pass by itself."""

    reason: str
    silent: bool = False
    damaged: bool = False


class Admin(Protocol):
    """The database itself."""

    def upgrade(self) -> None:
        """Bring the schema to head; a backup is made first when there is data to lose."""

    def check_version(self) -> None:
        """Raise ``StoreError`` when its tables are of a version that this program cannot bring up to date."""

    def is_current(self) -> bool:
        """Whether the schema is this version's."""

    def acquire_service(self) -> int:
        """Become the one service of this store; returns the new epoch. Raises ``StoreBusy``.

        Held by a lock that the operating system or the server drops when the process dies.
        """

    def holds_service(self, epoch: int) -> bool:
        """Whether the service that began with ``epoch`` owns this store still; asked every second.

        A lock whose session broke is taken again when nobody else took the store meanwhile. False: step
        down. Raises ``StoreUnavailable`` while that cannot be known (nobody can claim anything then). A
        SQLite file that was deleted is written anew; raises ``StoreReplaced`` where another one stands.
        """

    def release_service(self) -> None: ...
    def status(self) -> Mapping[str, object]:
        """Counts for ``monitor status``: sources by health, jobs, articles, deliveries by state."""

    def heartbeat(self, now: datetime) -> None:
        """Write down that the service lives and the store takes writes: after a refusal large ones too."""

    def prove_writing(self) -> None:
        """Write as much as a large outcome and take it away again. Raises ``StoreError``."""

    def trouble(self) -> StoreTrouble | None:
        """Why the store takes no writes, as this process saw it last: asks nobody and returns at once."""

    def last_heartbeat(self) -> datetime | None:
        """When the service that runs, or the last one that did, wrote last."""

    def service_since(self) -> datetime | None:
        """When the store was last taken by a service."""

    def correct_times(self, step: timedelta, now: datetime, *, again: bool = False) -> None:
        """Move stored waits with the clock, which was set by ``step`` and shows ``now`` (one transaction).

        ``again`` only looks for rows of work that began before the step and ended after it.
        """

    def sizes(self) -> Mapping[str, int]:
        """Bytes by part: ``file`` and ``wal``, or ``database``."""

    def service_alive(self) -> bool:
        """Whether a service holds this store now (asked from another process)."""

    def backup(self, path: str) -> None:
        """Copy everything into a new file, while it is in use. Raises ``StoreError``."""

    def verify_backup(self, path: str) -> None:
        """Read a copy as a whole. Raises ``StoreError`` for one that is damaged or none of ours."""

    def backed_up(self, now: datetime) -> None:
        """Write down that a copy was made and read back."""

    def last_backup(self) -> datetime | None:
        """When the last copy on schedule was made."""

    def retain(
        self, settings: RetentionSettings, now: datetime, *, go_on: Callable[[], bool] = lambda: True
    ) -> Mapping[str, int]:
        """Delete rows that are older than the settings say; table → how many. Ends early as ``prune``."""

    def prune(self, before: datetime, *, go_on: Callable[[], bool] = lambda: True) -> int:
        """Delete articles seen before, with what hangs on them; keys that prevent repeats stay.

        Ends early, between two transactions, when ``go_on`` says no. Returns how many.
        """

    def deletion_moment(self, now: datetime) -> datetime:
        """By what moment a look at ``now`` deletes what is old: after that of the look before by no more than
        a day and a half, nor than half as much again as the time between them, so that a clock that is wrong
        neither empties the store nor keeps it from being emptied."""

    def prune_marks(self, before: datetime, *, go_on: Callable[[], bool] = lambda: True) -> int:
        """Delete that by which articles seen before are compared with new ones; they stay. Ends early as
        ``prune``. Returns of how many."""

    def keep_rulebook(self, revision: str, content: str, now: datetime) -> None:
        """Write down the rules that are in force from now on; the same ones again are written once."""

    def rulebook_revision(self) -> str | None:
        """The revision of the rules that were kept last; asked every other second."""

    def rulebooks(self, limit: int) -> tuple[KeptRulebook, ...]:
        """The rules that were in force, newest first, ``limit`` at most."""

    def accept_rulebook(self, revision: str) -> None:
        """Let these rules be taken however many alerts they bring."""

    def accepted_rulebook(self) -> str | None:
        """The rules that an operator accepted last."""

    def close(self) -> None: ...


class HubSubscriptions(Protocol):
    """Subscriptions at hubs, one a source."""

    def all(self) -> tuple[HubSubscription, ...]: ...
    def get(self, source_id: str) -> HubSubscription | None: ...
    def put(self, push: HubSubscription) -> None:
        """Insert or replace the source's subscription."""

    def drop(self, source_id: str) -> None: ...


@dataclass(frozen=True, slots=True, kw_only=True)
class Store:
    """The protocols of one database."""

    sources: Sources
    hub_subscriptions: HubSubscriptions
    jobs: Jobs
    leases: Leases
    workers: Workers
    articles: Articles
    chats: Chats
    watches: Watches
    people: People
    saved_alerts: SavedAlerts
    outbox: Outbox
    accounts: Accounts
    lists: Lists
    evidence: EvidenceChain
    admin: Admin


@dataclass(frozen=True, slots=True, kw_only=True)
class Ports:
    """All that handlers and engines are given.

    ``extract`` reads pages; ``wake`` tells the engine of new work. ``refresh`` takes new and deleted watches
    of the store into the rulebook in force. ``metrics`` are the service's figures for Prometheus. ``turn``
    is held by the job that decides about an article, from its look at what is stored to its commit.
    """

    store: Store
    fetch: Fetcher
    kinds: Mapping[str, SourceKind]
    channels: Mapping[str, Channel]
    channel_kinds: Mapping[str, ChannelKind]
    rulebook: Callable[[], Rulebook]
    now: Clock
    owner: str
    epoch: int = 0
    extract: PageExtractor = extract
    wake: Callable[[], None] = field(default=lambda: None)
    refresh: Callable[[], None] = field(default=lambda: None)
    metrics: Callable[[], bytes] = field(default=bytes)
    turn: AbstractContextManager[object] = field(default_factory=threading.Lock)
