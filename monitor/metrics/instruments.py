"""Counters and histograms of one service, in a registry of their own."""

from __future__ import annotations

import time
from collections.abc import Iterable, Sequence
from datetime import datetime
from functools import partial
from typing import Final

from prometheus_client import (
    CollectorRegistry,
    Counter,
    Gauge,
    GCCollector,
    Histogram,
    Info,
    ProcessCollector,
    disable_created_metrics,
)
from prometheus_client.exposition import generate_latest

from monitor import __version__
from monitor.model import Delivery, Job, Outcome, Placed

WAITS_S: Final = (0.1, 0.5, 1, 2, 5, 10, 30, 60, 120, 300, 900, 3600, 21_600)
WRITES_S: Final = (0.001, 0.002, 0.005, 0.01, 0.02, 0.05, 0.1, 0.25, 0.5, 1, 2.5, 5, 10, 30)
GATES: Final = (
    "prefilter",
    "other_page",
    "known",
    "copy",
    "revision",
    "no_topic",
    "late",
    "nobody",
    "told",
)
"""Where the way of an article ended, in the order in which it comes to them."""
LOOPS: Final = ("tick", "sender")
"""What must not stand still: asking which sources are due, and sending."""
POLLED: Final = ("new", "unchanged", "failed", "unasked", "later", "quarantined")


class ServiceMetrics:
    """What one service counted since it started. Thread-safe."""

    def __init__(self) -> None:
        # Each would have a second series, which nobody asks for.
        disable_created_metrics()  # type: ignore[no-untyped-call]
        self.registry = CollectorRegistry()
        ProcessCollector(registry=self.registry)
        GCCollector(registry=self.registry)
        mine = self.registry
        self._polls = Counter("monitor_polls", "Polls that ended, by outcome.", ["outcome"], registry=mine)
        self._entries = Counter("monitor_entries", "New and changed entries of polls.", registry=mine)
        self._lateness = Histogram(
            "monitor_job_lateness_seconds",
            "From the moment a job was due until it was begun.",
            ["kind"],
            buckets=WAITS_S,
            registry=mine,
        )
        self._ended = Counter("monitor_jobs", "Jobs that ended.", ["kind", "ending"], registry=mine)
        self._articles = Counter(
            "monitor_articles", "Articles, by the gate where their way ended.", ["gate"], registry=mine
        )
        self._planned = Counter(
            "monitor_deliveries_planned", "Messages that articles brought.", ["kind"], registry=mine
        )
        self._sends = Counter(
            "monitor_sends", "Tries to send, by the state they led to.", ["kind", "outcome"], registry=mine
        )
        self._delay = Histogram(
            "monitor_send_delay_seconds",
            "From the decision to tell a chat until the message was sent.",
            ["kind"],
            buckets=WAITS_S,
            registry=mine,
        )
        self._conflicts = Counter(
            "monitor_commit_conflicts", "Articles decided on anew: others were stored meanwhile.",
            registry=mine,
        )  # fmt: skip
        self._write_waits = Histogram(
            "monitor_store_write_wait_seconds",
            "Until a transaction could begin: connection, lock, turn.",
            buckets=WRITES_S,
            registry=mine,
        )
        self._writes = Histogram(
            "monitor_store_write_seconds",
            "From a transaction's begin to its end.",
            buckets=WRITES_S,
            registry=mine,
        )
        self._store_errors = Counter(
            "monitor_store_errors", "Errors of the database.", ["passes"], registry=mine
        )
        self._moved_at: dict[str, float] = {}
        idle = Gauge("monitor_loop_idle_seconds", "Since it last moved.", ["loop"], registry=mine)
        for loop in LOOPS:
            idle.labels(loop).set_function(partial(self.idle_s, (loop,)))
        Info("monitor_build", "The version that runs.", registry=mine).info({"version": __version__})
        self._name_all_series()

    def _name_all_series(self) -> None:
        """A series that appears with its first event has no increase then: alert rules would miss it."""
        for outcome in POLLED:
            self._polls.labels(outcome)
        for gate in GATES:
            self._articles.labels(gate)
        for passes in ("yes", "no"):
            self._store_errors.labels(passes)
        for kind in ("poll", "read", "recheck"):
            self._lateness.labels(kind)
            for ending in ("done", "retry", "quarantined"):
                self._ended.labels(kind, ending)

    def text(self) -> bytes:
        """All figures in the text format of Prometheus."""
        return generate_latest(self.registry)

    def moved(self, loop: str) -> None:
        """A loop of the service came round."""
        if loop in self._moved_at:
            self._moved_at[loop] = time.monotonic()

    def began_turn(self, *, over: bool = False) -> None:
        """The loops begin to move, or are not expected to any more."""
        self._moved_at = {} if over else dict.fromkeys(LOOPS, time.monotonic())

    def idle_s(self, loops: Sequence[str] = LOOPS) -> float:
        """Seconds since the slowest of these loops moved; 0 while none is expected to."""
        moved_at = [at for loop, at in self._moved_at.items() if loop in loops]
        return time.monotonic() - min(moved_at) if moved_at else 0.0

    def wrote(self, wait_s: float, held_s: float) -> None:
        """A write transaction waited and ran so long."""
        self._write_waits.observe(wait_s)
        self._writes.observe(held_s)

    def store_failed(self, passes: bool) -> None:
        """The database refused or did not answer; ``passes``: it may well work later."""
        self._store_errors.labels("yes" if passes else "no").inc()

    def began(self, jobs: Iterable[Job], now: datetime) -> None:
        """These jobs were claimed."""
        for job in jobs:
            if job.not_before is not None:
                late_s = (now - job.not_before).total_seconds()
                self._lateness.labels(job.kind).observe(max(late_s, 0.0))

    def conflicted(self) -> None:
        """What a decision rests on had changed when it was to be written."""
        self._conflicts.inc()

    def ended(self, job: Job, outcome: Outcome) -> None:
        """A job's outcome was written."""
        ending = type(outcome.ending).__name__.lower()
        self._ended.labels(job.kind, ending).inc()
        if job.kind == "poll":
            self._polls.labels(polled(outcome)).inc()
            self._entries.inc(len(outcome.entries))
        if outcome.seen:
            self._articles.labels("prefilter").inc(len(outcome.seen))
        if outcome.other_page is not None:
            self._articles.labels("other_page").inc()
        for placed in outcome.placed:
            self._articles.labels(gate_of(placed, told=bool(outcome.deliveries))).inc()
        for item in outcome.deliveries:
            self._planned.labels(item.kind).inc()

    def tried(self, delivery: Delivery, now: datetime) -> None:
        """What became of a send was written."""
        self._sends.labels(delivery.kind, delivery.state).inc()
        if delivery.state == "sent":
            delay_s = (now - delivery.created_at).total_seconds()
            self._delay.labels(delivery.kind).observe(max(delay_s, 0.0))


def polled(outcome: Outcome) -> str:
    """How a poll ended, in one word of ``POLLED``."""
    ending = type(outcome.ending).__name__
    if ending != "Done":
        return "later" if ending == "Retry" else "quarantined"
    state = outcome.source_state
    if state is not None and state.failures:
        return "failed"
    if outcome.entries:
        return "new"
    return "unasked" if state is None else "unchanged"


def gate_of(placed: Placed, *, told: bool) -> str:
    """The gate at which an article's way ended, a word of ``GATES``."""
    if told:
        return "told"
    if placed.placement.verdict != "new":
        return placed.placement.verdict
    if not placed.matches:
        return "no_topic"
    return "late" if placed.article.late else "nobody"
