"""How things stand now, asked of the store at each scrape."""

from __future__ import annotations

import time
from collections.abc import Iterable, Iterator, Mapping
from typing import Final

from prometheus_client.core import GaugeMetricFamily
from prometheus_client.registry import Collector

from monitor.chores.uptime import WEEK, overdue_sources, watch_of
from monitor.errors import StoreError
from monitor.ports import Ports

COVERAGE_FRESH_S: Final = 60.0
"""Coverage goes through all sources and a week of gaps."""


class StoredState(Collector):
    """The gauges. Never raises: a store that does not answer is a figure too (``monitor_store_up`` 0)."""

    def __init__(self, ports: Ports) -> None:
        self._ports = ports
        self._coverage: dict[str, float] = {}
        self._coverage_at = float("-inf")

    def describe(self) -> Iterable[GaugeMetricFamily]:
        """Nothing: registering must not ask the store."""
        return ()

    def collect(self) -> Iterator[GaugeMetricFamily]:
        """Every gauge that can be known now."""
        rulebook = self._ports.rulebook()
        yield _gauge("monitor_topics", "Topics in force.", len(rulebook.topics))
        trouble = self._ports.store.admin.trouble()
        found = () if trouble is not None and trouble.silent else self._answered()
        well = bool(found) and trouble is None
        yield _gauge("monitor_store_up", "1 when the store answers and takes writes.", 1 if well else 0)
        yield from found

    def _answered(self) -> tuple[GaugeMetricFamily, ...]:
        try:
            return tuple(self._stored())
        except StoreError:
            return ()

    def _stored(self) -> Iterator[GaugeMetricFamily]:
        store, now = self._ports.store, self._ports.now()
        work, beat = store.lists.open_work(), store.admin.last_heartbeat()
        yield _labelled("monitor_sources", "Listed sources by health.", "health", store.lists.health())
        yield _labelled("monitor_deliveries", "Open and dead deliveries.", "state", work.deliveries)
        yield _gauge("monitor_quarantined_jobs", "Jobs that were set aside.", work.quarantined)
        yield _gauge("monitor_open_jobs", "Jobs that wait or run.", store.jobs.open_count())
        age_s = 0.0 if work.oldest_due is None else (now - work.oldest_due).total_seconds()
        yield _gauge(
            "monitor_outbox_age_seconds",
            "How long the oldest message that may go out waits.",
            max(age_s, 0.0),
        )
        copied = store.admin.last_backup()
        if copied is not None:
            age_s = max(0.0, (now - copied).total_seconds())
            yield _gauge("monitor_backup_age_seconds", "Since the last backup on schedule.", age_s)
        if beat is not None:
            silent_s = max(0.0, (now - beat).total_seconds())
            yield _gauge("monitor_heartbeat_age_seconds", "Since the service last wrote.", silent_s)
        since = store.admin.service_since() or now
        late = overdue_sources(store, self._ports.rulebook(), now=now, since=since)
        yield _gauge("monitor_overdue_sources", "Sources that were not asked for much too long.", len(late))
        yield _labelled("monitor_store_bytes", "Size of the store by part.", "part", store.admin.sizes())
        yield _labelled("monitor_coverage_percent", "Covered time, by span.", "span", self._covered())

    def _covered(self) -> Mapping[str, float]:
        if time.monotonic() - self._coverage_at > COVERAGE_FRESH_S:
            store, now = self._ports.store, self._ports.now()
            watch = watch_of(store.lists.first_reads(), store.sources.gaps(now - WEEK), now=now)
            spans = {"24h": watch.day.percent, "7d": watch.week.percent}
            self._coverage = {name: share for name, share in spans.items() if share is not None}
            self._coverage_at = time.monotonic()
        return self._coverage


def _gauge(name: str, doc: str, value: float) -> GaugeMetricFamily:
    return GaugeMetricFamily(name, doc, value=value)


def _labelled(name: str, doc: str, label: str, values: Mapping[str, float]) -> GaugeMetricFamily:
    family = GaugeMetricFamily(name, doc, labels=[label])
    for value, count in values.items():
        family.add_metric([value], count)
    return family
