"""``monitor jobs``: what was set aside is listed with its reason and can be tried again."""

from __future__ import annotations

from datetime import UTC, datetime
from pathlib import Path

import pytest

from monitor.model import Entry, Job, Outcome, Quarantined
from monitor.model.job import JobKind
from monitor.ports import Store
from monitor.store import open_store
from tests.support.command_line import Command

NOW = datetime(2026, 5, 4, 9, 30, tzinfo=UTC)
PAGE = "https://outlet.example/story/1"


@pytest.fixture
def config(tmp_path: Path) -> str:
    """A config whose store is empty."""
    folder = tmp_path / "config"
    (folder / "topics").mkdir(parents=True)
    (folder / "monitor.yaml").write_text(f"store: sqlite:///{tmp_path}/monitor.db\n")
    store = open_store(f"sqlite:///{tmp_path}/monitor.db", now=lambda: NOW)
    store.admin.upgrade()
    store.admin.close()
    return str(folder)


@pytest.fixture
def store(config: str, tmp_path: Path) -> Store:
    del config
    return open_store(f"sqlite:///{tmp_path}/monitor.db", now=lambda: NOW)


def set_aside(store: Store, kind: JobKind, key: str, error: str) -> None:
    """A job of the service's, begun and quarantined."""
    store.jobs.add([Job(kind=kind, key=key)], NOW)
    (job,) = store.jobs.claim(now=NOW, owner="me", epoch=1, limit=1)
    entry = Entry(id=key, source_id="outlet", guid="1", url=PAGE, title="Story")
    outcome = Outcome(ending=Quarantined(error=error), entries=(entry,) if kind == "read" else ())
    store.jobs.commit(job, outcome, now=NOW)


def test_what_was_set_aside_is_listed_with_its_page_and_reason(
    monitor: Command, config: str, store: Store
) -> None:
    set_aside(store, "read", "3f2a77", "boom (read.py:12)")
    set_aside(store, "poll", "outlet", "begun 5 times")

    rows = monitor("jobs", "list", "--config", config, "--json").lines
    assert [(row["kind"], row["key"], row["about"], row["attempts"], row["error"]) for row in rows] == [
        ("poll", "outlet", "outlet", 1, "begun 5 times"),
        ("read", "3f2a77", PAGE, 1, "boom (read.py:12)"),
    ]
    shown = monitor("jobs", "list", "--config", config).out
    assert "Jobs set aside" in shown
    assert "begun 5 times" in shown


def test_one_is_tried_again_by_the_beginning_of_its_key_and_the_other_stays(
    monitor: Command, config: str, store: Store
) -> None:
    set_aside(store, "read", "3f2a77", "boom")
    set_aside(store, "poll", "outlet", "boom")

    done = monitor("jobs", "retry", "3f2a", "--config", config)

    assert (done.code, done.out) == (0, "read 3f2a77: will be tried again.\n")
    assert [job.key for job, _ in store.jobs.quarantined()] == ["outlet"]
    (again,) = store.jobs.claim(now=NOW, owner="me", epoch=1, limit=9)
    assert (again.key, again.attempts) == ("3f2a77", 1)


def test_all_are_tried_again(monitor: Command, config: str, store: Store) -> None:
    set_aside(store, "read", "3f2a77", "boom")
    set_aside(store, "poll", "outlet", "boom")

    rows = monitor("jobs", "retry", "--all", "--config", config, "--json").lines

    assert {(row["key"], row["state"]) for row in rows} == {("3f2a77", "pending"), ("outlet", "pending")}
    assert store.jobs.quarantined() == ()


def test_a_name_that_is_none_or_several_is_said_and_the_others_go_on(
    monitor: Command, config: str, store: Store
) -> None:
    set_aside(store, "poll", "outlet", "boom")
    set_aside(store, "poll", "outlet-2", "boom")
    set_aside(store, "read", "outlet", "boom")

    done = monitor("jobs", "retry", "gone", "outlet", "poll:outlet", "--config", config)

    assert done.code == 1
    assert "gone: no such job is set aside; see `monitor jobs list`" in done.err
    assert "outlet: stands for several jobs: poll:outlet, read:outlet; say KIND:KEY" in done.err
    assert done.out == "poll outlet: will be tried again.\n"


def test_an_empty_list_says_so_and_a_retry_of_nothing_is_asked_for_names(
    monitor: Command, config: str
) -> None:
    assert monitor("jobs", "list", "--config", config).out == "No job is set aside.\n"
    assert monitor("jobs", "list", "--config", config, "--json").out == ""
    assert (
        monitor("jobs", "retry", "--all", "--config", config).out
        == "No job is set aside: nothing to retry.\n"
    )
    assert monitor("jobs", "retry", "--config", config).code == 2
    assert monitor("jobs", "retry", "x", "--all", "--config", config).code == 2
