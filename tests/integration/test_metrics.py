"""The figures: served over real HTTP, named in the dashboard and the alert rules, never a reason to fail."""

from __future__ import annotations

import json
import re
from collections.abc import Iterator
from dataclasses import replace
from datetime import datetime, timedelta
from pathlib import Path

import pytest
import requests
from prometheus_client.parser import text_string_to_metric_families
from ruamel.yaml import YAML

from monitor.core.delivery.retry import Decision
from monitor.errors import StoreError
from monitor.metrics import MetricsListener, ServiceMetrics, observed_store
from monitor.model import Chat, Delivery, Job, NoticeText, Outcome, Retry, Seen
from monitor.store import open_store
from tests.support.desk import DeskWorld, filled, migrated

DEPLOY = Path(__file__).parents[2] / "deploy"
_METRIC = re.compile(r"\b(?:monitor|process)_[a-z_]+\b")


@pytest.fixture(scope="module")
def empty_file(tmp_path_factory: pytest.TempPathFactory) -> Path:
    return migrated(tmp_path_factory.mktemp("metrics") / "store.db")


@pytest.fixture
def world(tmp_path: Path, empty_file: Path) -> Iterator[DeskWorld]:
    with filled(tmp_path, empty_file) as world:
        yield world


@pytest.fixture
def metrics() -> ServiceMetrics:
    return ServiceMetrics()


def counted(world: DeskWorld, metrics: ServiceMetrics) -> DeskWorld:
    """The same world, its store counted in ``metrics``."""
    world.store = observed_store(world.store, metrics)
    world.ports = replace(world.ports, store=world.store)
    return world


def send_one(world: DeskWorld) -> None:
    """An alert that went out, written twice: the second time it is not ours any more."""
    epoch, outbox = world.ports.epoch, world.store.outbox
    (alert,) = outbox.claim(now=world.at, owner="t", epoch=epoch, limit=1, lease_s=60)
    later = alert.created_at + timedelta(seconds=90)
    sent = replace(alert, state="sent", sent_at=later)
    assert outbox.finish(Decision(delivery=sent), now=later)
    assert not outbox.finish(Decision(delivery=sent), now=later)


def figures(text: str) -> dict[tuple[str, str], float]:
    """Sample by name and the values of its labels."""
    return {
        (sample.name, ",".join(sample.labels.values())): sample.value
        for family in text_string_to_metric_families(text)
        for sample in family.samples
    }


def test_jobs_and_sends_are_counted_as_they_are_written(world: DeskWorld, metrics: ServiceMetrics) -> None:
    counted(world, metrics)
    world.poll("wire", health="failing", error="HTTP 503", failures=1)
    world.poll("herald", health="fresh")
    job = Job(kind="read", key="e1", not_before=world.at - timedelta(seconds=20))
    world.store.jobs.add([job, replace(job, key="e2")], world.at)
    first, second = world.store.jobs.claim(now=world.at, owner="t", epoch=world.ports.epoch, limit=2)
    world.store.jobs.commit(first, Outcome(seen=(Seen(entry_id="e1", reason="no word"),)), now=world.at)
    world.store.jobs.commit(second, Outcome(ending=Retry(not_before=world.at, error="slow")), now=world.at)
    found = figures(metrics.text().decode())
    assert found["monitor_polls_total", "failed"] == 1
    assert found["monitor_polls_total", "unchanged"] == 1
    assert found["monitor_articles_total", "prefilter"] == 1
    assert found["monitor_jobs_total", "retry,read"] == 1
    assert found["monitor_job_lateness_seconds_bucket", "read,10.0"] == 0
    assert found["monitor_job_lateness_seconds_bucket", "read,30.0"] == 2


def test_an_article_is_counted_at_its_last_gate(world: DeskWorld, metrics: ServiceMetrics) -> None:
    counted(world, metrics)
    told = "Sanctions on potash from the mine are extended by a year, the council said on Monday evening. "
    world.keep("n1", told + "The ministers met for six hours and left without a word to those who waited.")
    world.keep("n2", "A cat sat on a mat in Minsk. Nobody but one subscriber of nothing heard of that cat.")
    world.keep("n3", "Rain falls on the hills of a far country, and no topic of ours asks for the weather.")
    found = figures(metrics.text().decode())
    gates = {name: found["monitor_articles_total", name] for name in ("told", "nobody", "no_topic")}
    assert gates == {"told": 1, "nobody": 1, "no_topic": 1}
    assert found["monitor_deliveries_planned_total", "alert"] == 1


def test_sends_are_counted_by_what_became_of_them(world: DeskWorld, metrics: ServiceMetrics) -> None:
    send_one(counted(world, metrics))
    found = figures(metrics.text().decode())
    assert found["monitor_sends_total", "alert,sent"] == 1
    assert found["monitor_send_delay_seconds_bucket", "alert,60.0"] == 0
    assert found["monitor_send_delay_seconds_bucket", "alert,120.0"] == 1


def test_the_age_of_the_outbox_is_that_of_the_oldest_that_may_go_out(world: DeskWorld) -> None:
    chats = [Chat(id="console:main", channel="console", address="main")]
    world.store.chats.sync(chats, world.at)
    old = Delivery(
        key="k",
        chat_id="console:main",
        kind="notice",
        payload=NoticeText(text="x"),
        created_at=world.at - timedelta(hours=1),
        not_before=world.at - timedelta(hours=1),
    )
    world.store.outbox.add([old], world.at)
    found = figures(world.client().get("/metrics").text)
    assert found["monitor_outbox_age_seconds", ""] == 3600
    world.store.chats.save(replace(chats[0], state="paused", paused_because="gone"), world.at)
    found = figures(world.client().get("/metrics").text)
    assert found["monitor_outbox_age_seconds", ""] < 3600


def test_writes_are_timed_and_errors_counted(tmp_path: Path, metrics: ServiceMetrics, now: datetime) -> None:
    store = open_store(f"sqlite:///{tmp_path / 'new.db'}", now=lambda: now, observer=metrics)
    with pytest.raises(StoreError, match="tables are missing"):
        store.admin.heartbeat(now)
    store.admin.upgrade()
    store.admin.heartbeat(now)
    store.admin.close()
    found = figures(metrics.text().decode())
    assert found["monitor_store_write_seconds_count", ""] >= 2
    assert found["monitor_store_write_wait_seconds_count", ""] >= 2
    assert found["monitor_store_errors_total", "no"] == 1


def test_a_store_that_does_not_answer_is_a_figure(world: DeskWorld, metrics: ServiceMetrics) -> None:
    listener = MetricsListener(world.ports, metrics, "127.0.0.1:0")
    listener.start()
    try:
        with world.away():
            text = requests.get(f"http://127.0.0.1:{listener.port}/metrics", timeout=10).text
        assert figures(text)["monitor_store_up", ""] == 0
    finally:
        listener.stop()
    assert ("monitor_store_up", "") not in figures(metrics.text().decode())


def test_a_place_that_is_taken_is_told_and_nothing_more(world: DeskWorld, metrics: ServiceMetrics) -> None:
    first = MetricsListener(world.ports, metrics, "127.0.0.1:0")
    first.start()
    second = MetricsListener(world.ports, ServiceMetrics(), f"127.0.0.1:{first.port}")
    second.start()
    assert second.port == 0
    second.stop()
    first.stop()


def test_the_dashboard_and_the_rules_name_only_figures_that_are_served(
    world: DeskWorld, metrics: ServiceMetrics
) -> None:
    counted(world, metrics)
    listener = MetricsListener(world.ports, metrics, "127.0.0.1:0")
    listener.start()
    world.store.admin.heartbeat(world.at)
    world.store.admin.backed_up(world.at)
    world.poll("herald", health="fresh", first_read_at=world.at - timedelta(hours=2))
    send_one(world)
    world.keep("n9", "Sanctions on potash are lifted. The ministry said so in a note of two lines on Friday.")
    served = {
        name for name, _ in figures(requests.get(f"http://127.0.0.1:{listener.port}/", timeout=10).text)
    }
    listener.stop()
    rules = YAML(typ="safe").load(DEPLOY / "prometheus/alerts.yaml")
    asked = [rule["expr"] for group in rules["groups"] for rule in group["rules"]]
    board = json.loads((DEPLOY / "grafana/coverage-monitor.json").read_text(encoding="utf-8"))
    asked += [target["expr"] for panel in board["panels"] for target in panel.get("targets", ())]
    named = {name for query in asked for name in _METRIC.findall(query)}
    assert named - served == set()
    own = {name for name in served if name.startswith("monitor_") and not name.endswith(("_sum", "_count"))}
    assert own - named <= {"monitor_build_info", "monitor_topics"}


def test_the_head_of_the_figures_is_answered_without_them(world: DeskWorld, metrics: ServiceMetrics) -> None:
    listener = MetricsListener(world.ports, metrics, "127.0.0.1:0")
    listener.start()
    try:
        answer = requests.head(f"http://127.0.0.1:{listener.port}/metrics", timeout=10)
        assert (answer.status_code, answer.text) == (200, "")
        assert int(answer.headers["content-length"]) > 1000
        assert requests.get(f"http://127.0.0.1:{listener.port}/metrics", timeout=10).status_code == 200
    finally:
        listener.stop()
