"""Backtests in the background: a few at a time, with progress; the latest results are kept a while."""

from __future__ import annotations

import secrets
import threading
from collections import OrderedDict
from collections.abc import Iterable, Iterator
from dataclasses import dataclass, field, replace
from datetime import timedelta
from types import MappingProxyType

import structlog

from monitor.core.lab.backtest import Backtest, backtest
from monitor.core.lab.difference import TopicChange, difference
from monitor.core.rulebook import Rulebook, alone
from monitor.errors import MonitorError
from monitor.model import ArchivedArticle, Topic
from monitor.ports import Ports

MOST_AT_ONCE = 2
MOST_KEPT = 20
SAMPLES = 20

log = structlog.get_logger(__name__)


@dataclass(slots=True)
class BacktestRun:
    """One backtest: how far it is, and what came of it."""

    id: str
    topic: Topic
    days: int
    looked_at: int = 0
    total: int = 0
    state: str = "running"
    error: str = ""
    found: Backtest | None = None
    change: TopicChange | None = None
    cancelled: threading.Event = field(default_factory=threading.Event)


class TooManyRuns(MonitorError):
    """As many backtests run as may; one must end first."""


class _CancelledRun(Exception):
    """Somebody does not want the result any more."""


class Backtests:
    """Starts backtests in threads and remembers the latest ones."""

    def __init__(self, ports: Ports) -> None:
        self._ports = ports
        self._runs: OrderedDict[str, BacktestRun] = OrderedDict()
        self._lock = threading.Lock()

    def start(self, topic: Topic, days: int) -> BacktestRun:
        """Begin one; raises ``TooManyRuns``."""
        with self._lock:
            if sum(run.state == "running" for run in self._runs.values()) >= MOST_AT_ONCE:
                raise TooManyRuns("two backtests run already; wait until one has ended, or cancel it")
            run = BacktestRun(id=secrets.token_urlsafe(9), topic=topic, days=days)
            self._runs[run.id] = run
            while len(self._runs) > MOST_KEPT:
                self._runs.popitem(last=False)
        threading.Thread(target=self._work, args=(run,), name="backtest", daemon=True).start()
        return run

    def get(self, run_id: str) -> BacktestRun | None:
        """A run by its id, while it is remembered."""
        return self._runs.get(run_id)

    def _work(self, run: BacktestRun) -> None:
        ports, rulebook = self._ports, self._ports.rulebook()
        since = ports.now() - timedelta(days=run.days)
        store = ports.store.articles
        run.total = ports.store.lists.figures(since, ports.now() + timedelta(seconds=1)).articles
        try:
            running = rulebook.topics.get(run.topic.id)
            articles = _counted(store.since(since), run)
            run.found = backtest(run.topic, articles, rulebook, store.stories_of, samples=SAMPLES)
            old, new = _only(running, rulebook), _only(run.topic, rulebook)
            again = _watched(store.since(since), run)
            changes = difference(old, new, again, store.stories_of).topics
            run.change = next((each for each in changes if each.topic_id == run.topic.id), None)
            run.state = "done"
        except _CancelledRun:
            run.state = "cancelled"
        except MonitorError as error:
            run.state, run.error = "failed", str(error)
        except Exception as error:  # whoever waits for it must hear of it
            log.exception("a backtest failed", topic=run.topic.id)
            run.state, run.error = "failed", f"{type(error).__name__}: {error}"


def _counted(articles: Iterable[ArchivedArticle], run: BacktestRun) -> Iterator[ArchivedArticle]:
    for article in _watched(articles, run):
        run.looked_at += 1
        yield article


def _watched(articles: Iterable[ArchivedArticle], run: BacktestRun) -> Iterator[ArchivedArticle]:
    for article in articles:
        if run.cancelled.is_set():
            raise _CancelledRun
        yield article


def _only(topic: Topic | None, rulebook: Rulebook) -> Rulebook:
    """A rulebook of this topic alone, or of none."""
    topics = {topic.id: topic} if topic is not None else {}
    shared = rulebook.matcher.book.shared
    matcher = (
        alone(topic, rulebook)
        if topic is not None
        else type(rulebook.matcher).build([], lists=shared.lists, people=shared.people, orgs=shared.orgs)
    )
    return replace(rulebook, topics=MappingProxyType(topics), watches={}, matcher=matcher)
