"""Durable jobs and what a handler gives back."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import datetime
from typing import Literal

from monitor.model.alert import Delivery
from monitor.model.article import Change, Look
from monitor.model.decision import Placed
from monitor.model.evidence import Capture
from monitor.model.source import Entry, Gap, PollNote, SourceState

JobKind = Literal["poll", "read", "recheck"]
JOB_KINDS: tuple[JobKind, ...] = ("read", "poll", "recheck")
Role = Literal["fetch", "process", "deliver", "chores"]
"""What a process of the monitor does: asks sources, reads pages, sends, keeps order."""
ROLES: tuple[Role, ...] = ("fetch", "process", "deliver", "chores")
KINDS_OF_ROLE: Mapping[Role, tuple[JobKind, ...]] = {"fetch": ("poll",), "process": ("read", "recheck")}
RELAY = " relay"
"""Behind the owner of jobs whose names were given to a broker and that no worker took over yet."""
WORKER_EPOCH = -1
"""Instead of a service's epoch: what a worker claims is fenced by its row in the table of workers."""
EventKind = Literal[
    "broke",
    "recovered",
    "reminder",
    "odd",
    "first_contact",
    "outage",
    "quarantined",
    "moved",
    "config",
    "paused",
    "opened",
    "unsure",
    "undelivered",
    "volume",
    "network",
    "clock",
    "backup",
]


@dataclass(frozen=True, slots=True, kw_only=True)
class Job:
    """A row of the jobs table. ``kind`` and ``key`` together are its natural key.

    poll: ``key`` is a source id. read: ``key`` is an entry id. recheck: ``key`` is an
    article id. ``host_key`` is the host to be polite to: one job a lane runs at a time.
    ``attempts`` counts claims, this one included.
    """

    kind: JobKind
    key: str
    host_key: str = ""
    not_before: datetime | None = None
    attempts: int = 0
    owner: str | None = None
    epoch: int = 0


@dataclass(frozen=True, slots=True, kw_only=True)
class Held:
    """What the threads of one engine hold now: jobs by (kind, key), deliveries by key.

    ``uncertain`` are deliveries whose thread ended without saying whether they went out.
    """

    owner: str
    epoch: int
    jobs: frozenset[tuple[str, str]] = frozenset()
    deliveries: frozenset[str] = frozenset()
    uncertain: frozenset[str] = frozenset()


@dataclass(frozen=True, slots=True, kw_only=True)
class Reclaimed:
    """How much was taken back from nobody: jobs, deliveries that surely never went out, and doubtful ones."""

    jobs: int = 0
    unsent: int = 0
    uncertain: int = 0


@dataclass(frozen=True, slots=True, kw_only=True)
class WorkerProcess:
    """A process that takes jobs of the store beside the service. ``id`` is the owner of its claims.

    ``in_flight`` counts the jobs and deliveries that it holds.
    """

    id: str
    roles: tuple[str, ...]
    host: str
    pid: int
    started_at: datetime
    heartbeat_at: datetime
    in_flight: int = 0


@dataclass(frozen=True, slots=True, kw_only=True)
class Event:
    """Something an operator should know. ``subject`` is a source id, chat id or file name."""

    kind: EventKind
    subject: str
    text: str
    at: datetime


@dataclass(frozen=True, slots=True, kw_only=True)
class Done:
    """The job ended well; its row goes."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Retry:
    """The job is to be tried again at ``not_before``.

    Unless ``counts``, this try is forgotten: it said nothing about the job.
    """

    not_before: datetime
    error: str
    counts: bool = True


@dataclass(frozen=True, slots=True, kw_only=True)
class Quarantined:
    """The job is set aside where an operator sees it."""

    error: str


Ending = Done | Retry | Quarantined


@dataclass(frozen=True, slots=True, kw_only=True)
class Vanished:
    """An article whose page is gone: kept as a revision with the wording so far."""

    article_id: str
    change: Change


@dataclass(frozen=True, slots=True, kw_only=True)
class Seen:
    """An entry whose page was looked at and not extracted: it held no word of any topic."""

    entry_id: str
    reason: str
    trace: Mapping[str, object] = field(default_factory=dict)


@dataclass(frozen=True, slots=True, kw_only=True)
class OtherPage:
    """A page that came for an entry of a source and was not its article; counted in the source's health."""

    source_id: str
    at: datetime
    reason: str


@dataclass(frozen=True, slots=True, kw_only=True)
class Outcome:
    """All that a handler wants written, in one transaction with the job's ending.

    ``poll`` is how the poll of ``source_state`` went.
    ``gaps`` are begun, prolonged or ended. ``cooldown_until`` keeps the job's lane closed (politeness).
    ``captures`` are appended to the chain of evidence. ``jobs`` are follow-ups; a follow-up that is already
    open is left as it is.
    """

    ending: Ending = field(default_factory=Done)
    source_state: SourceState | None = None
    poll: PollNote | None = None
    gaps: tuple[Gap, ...] = ()
    entries: tuple[Entry, ...] = ()
    placed: tuple[Placed, ...] = ()
    seen: tuple[Seen, ...] = ()
    vanished: tuple[Vanished, ...] = ()
    other_page: OtherPage | None = None
    looks: tuple[Look, ...] = ()
    deliveries: tuple[Delivery, ...] = ()
    events: tuple[Event, ...] = ()
    captures: tuple[Capture, ...] = ()
    jobs: tuple[Job, ...] = ()
    cooldown_until: datetime | None = None

    @property
    def can_be_grouped(self) -> bool:
        """Whether nothing is placed, told or proved: what a poll or a reading noted may be written together
        with what others noted, and done again after a power cut."""
        return not (self.placed or self.deliveries or self.events or self.captures)
