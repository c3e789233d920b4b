"""``monitor demo``: the bundled newsroom on loopback, the real service against it, a summary."""

from __future__ import annotations

import json
import logging
import signal
import tempfile
import threading
import time
from collections import Counter
from collections.abc import Mapping
from pathlib import Path

from rich.console import Console
from rich.table import Table

from monitor.app import Service, utc_now
from monitor.core.delivery.kinds import traits
from monitor.demo.newsroom.service import Newsroom
from monitor.logs import configure
from monitor.model import Alert
from monitor.ports import Store

EVERY_S = 2.0
SETTLE = "3s"
"""The newsroom's pages are read within seconds, and its first alert is to be seen within ten."""
SETTLE_S = 6.0
LONGEST_S = 120.0


def show(*, forever: bool = False, speed: float = 1.0, as_json: bool = False) -> int:
    """Run the demo; returns the exit code: 0 when alerts arrived, 1 when none did."""
    configure(level=logging.WARNING, json_lines=False)
    stop = threading.Event()
    for number in (signal.SIGTERM, signal.SIGINT):
        signal.signal(number, lambda *_: stop.set())
    summary: dict[str, object] = {}
    folder = tempfile.TemporaryDirectory(prefix="coverage-monitor-demo-")
    with folder as name, Newsroom(now=utc_now, speed=speed) as newsroom:
        config = Path(name) / "config"
        newsroom.write_config(config, every_s=EVERY_S)
        with (config / "monitor.yaml").open("a", encoding="utf-8") as settings:
            settings.write(f"alerts: {{settle: {SETTLE}}}\n")
        if not as_json:
            _introduce(newsroom, forever=forever)
        service = Service(config)
        service.store.admin.upgrade()  # what follows asks the store before the service has begun
        thread = threading.Thread(target=service.run, name="service")
        started = time.monotonic()
        thread.start()
        try:
            _wait(newsroom, service, stop, forever=forever, speed=speed)
            summary = dict(_summary(service.store, newsroom, time.monotonic() - started))
        finally:
            service.stop()
            thread.join()
    if as_json:
        print(json.dumps(summary, ensure_ascii=False))  # noqa: T201 - what --json asks for
    else:
        _print(summary)
    return 0 if summary.get("alerts sent") else 1


def _introduce(newsroom: Newsroom, *, forever: bool) -> None:
    languages = sorted({outlet.language for outlet in newsroom.outlets.values()})
    end = "until Ctrl-C" if forever else "for about half a minute"
    Console().print(
        f"[bold]A newsroom of {len(newsroom.outlets)} invented outlets[/bold] "
        f"({', '.join(languages)}) is served on loopback; the real service watches it {end}."
    )


def _wait(
    newsroom: Newsroom, service: Service, stop: threading.Event, *, forever: bool, speed: float
) -> None:
    """Until everything scheduled was published, read and told; or until stopped."""
    last = max((article.publish_after_s or 0.0 for article in newsroom.articles), default=0.0)
    calm_from = time.monotonic() + last / speed + SETTLE_S
    deadline = calm_from + LONGEST_S
    while not stop.wait(0.25):
        if forever:
            continue
        now = time.monotonic()
        if now > deadline:
            return
        open_work = service.store.jobs.open_count() + service.store.outbox.open_count()
        if now > calm_from and not open_work:
            return


def _summary(store: Store, newsroom: Newsroom, seconds: float) -> Mapping[str, object]:
    sent = store.outbox.list(states=("sent",), limit=10_000)
    kinds = Counter[str](delivery.kind for delivery in sent)
    topics = Counter(
        topic.id
        for delivery in sent
        if traits(delivery).opens_story and isinstance(delivery.payload, Alert)
        for topic in delivery.payload.topics
    )
    return {
        "seconds": round(seconds, 1),
        "outlets": len(newsroom.outlets),
        **store.admin.status(),
        "alerts sent": kinds["alert"],
        "edits sent": kinds["edit"],
        "notices sent": kinds["notice"],
        "alerts by topic": dict(topics.most_common()),
    }


def _print(summary: Mapping[str, object]) -> None:
    table = Table(title="What the service did", title_justify="left", show_header=False)
    for name, value in summary.items():
        if isinstance(value, Mapping):
            value = ", ".join(f"{key} {count}" for key, count in value.items()) or "none"  # noqa: PLW2901
        table.add_row(name, str(value))
    Console().print(table)
