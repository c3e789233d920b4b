"""The command line against a store that the service filled, against servers, pipes and terminals."""

from __future__ import annotations

import dataclasses
import json
import os
import pty
import re
import socket
import sqlite3
import subprocess
import sys
import threading
from collections.abc import Iterator, Mapping
from contextlib import closing, suppress
from datetime import UTC, datetime, timedelta
from pathlib import Path
from typing import Any

import pytest
from ruamel.yaml import YAML

from monitor.app import load_rulebook, open_rulebook_store
from monitor.demo.newsroom.service import Newsroom
from monitor.model import Job, Outcome
from tests.support.command_line import Command, in_process

COMMAND = (sys.executable, "-m", "monitor")
NOWHERE = "http://127.0.0.1:9/feed"


def shell(
    *arguments: object, stdin: str = "", env: Mapping[str, str] | None = None
) -> subprocess.CompletedProcess[str]:
    return subprocess.run(
        [*COMMAND, *map(str, arguments)],
        input=stdin,
        capture_output=True,
        text=True,
        encoding="utf-8",
        timeout=60,
        check=False,
        env={**os.environ, **(env or {})},
    )


def objects(text: str) -> list[dict[str, Any]]:
    return [json.loads(line) for line in text.splitlines()]


@pytest.fixture(scope="module")
def filled(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Path]:
    """A config of one good source and one that is out of reach, after one pass of the service."""
    folder = tmp_path_factory.mktemp("cli") / "config"
    with Newsroom(now=lambda: datetime.now(UTC)) as newsroom:
        newsroom.write_config(folder, every_s=60.0)
        _keep(folder / "sources" / "newsroom.yaml", "amberline")
        done = shell("run", "--once", "--config", folder)
        assert done.returncode == 0, done.stderr
        yield folder


@pytest.fixture
def monitor() -> Iterator[Command]:
    with in_process() as run:
        yield run


def _keep(file: Path, source_id: str) -> None:
    yaml = YAML()
    sources = yaml.load(file)["sources"]
    kept = next(source for source in sources if source["id"] == source_id)
    silent = {**kept, "id": "silent", "name": "Silent", "url": NOWHERE}
    off = {**silent, "id": "off", "enabled": False}
    yaml.dump({"sources": [kept, silent, off]}, file)


def test_status_fails_when_the_service_runs_and_stands_still(monitor: Command, filled: Path) -> None:
    rulebook, now = load_rulebook(filled), datetime.now(UTC)
    began = now - timedelta(hours=2)
    store = open_rulebook_store(rulebook, filled, lambda: began)
    epoch = store.admin.acquire_service()
    try:
        store.admin.heartbeat(now)
        assert monitor("status", "--config", filled).code == 0
        state = store.sources.state("amberline")
        assert state is not None
        late = dataclasses.replace(state, next_fetch_at=now - timedelta(minutes=40))
        store.jobs.add([Job(kind="poll", key="amberline")], now)
        for job in store.jobs.claim(now=now, owner="t", epoch=epoch, limit=9):
            if job.kind == "poll":
                store.jobs.commit(job, Outcome(source_state=late), now=now)
        done = monitor("status", "--config", filled)
        assert done.code == 3
        assert "not asked for longer" in done.err
        store.admin.heartbeat(began)
        done = monitor("status", "--json", "--config", filled)
        assert done.code == 3
        assert len(done.lines[0]["stuck"]) == 2
        file = next(filled.parent.rglob("*.db"))
        with closing(sqlite3.connect(file)) as other:
            other.execute(
                "CREATE TRIGGER full BEFORE INSERT ON meta BEGIN SELECT RAISE(ABORT, 'disk is full'); END"
            )
            done = monitor("status", "--json", "--config", filled)
            other.execute("DROP TRIGGER full")
        assert done.code == 3
        assert "The store takes no writes" in done.lines[0]["stuck"][1]
    finally:
        store.admin.close()


def test_status_tells_what_is_held_and_what_is_broken(monitor: Command, filled: Path) -> None:
    done = monitor("status", "--json", "--config", filled)
    (line,) = done.lines
    assert line["running"] is False
    assert line["articles"] > 0
    assert [row["source"] for row in line["broken"]] == ["silent"]
    assert 0 <= line["coverage"]["24h"] < 100, "the silent source was never read"
    assert [(gap["source_id"], gap["ended_at"]) for gap in line["gaps"]] == [("silent", None)]
    shown = monitor("status", "--config", filled).out
    assert "The service does not run." in shown
    assert "silent" in shown
    told = re.search(r"Coverage: ([\d.]+) % in 24 hours", shown)
    # Asked a little later, when more of the short time has passed uncovered.
    assert told is not None
    assert float(told[1]) == pytest.approx(line["coverage"]["24h"], abs=10)
    assert "no answer since" in shown


def test_sources_are_listed_with_their_health(monitor: Command, filled: Path) -> None:
    lines = monitor("sources", "list", "--json", "--config", filled).lines
    assert [(line["id"], line["health"]) for line in lines] == [
        ("amberline", "fresh"),
        ("silent", "failing"),
        ("off", "disabled"),
    ]
    assert datetime.fromisoformat(lines[0]["last_success"]).utcoffset() is not None


def test_a_source_is_tested_without_storing(monitor: Command, filled: Path) -> None:
    done = monitor("sources", "test", "amberline", "--json", "--config", filled)
    (line,) = done.lines
    assert done.code == 0
    assert list(line)[:3] == ["id", "entries", "newest"]
    assert line["entries"] > 0


@pytest.mark.parametrize(("ids", "code"), [(["silent", "amberline"], 3), (["silent", "bogus"], 1)])
def test_what_is_out_of_reach_ends_with_3(monitor: Command, filled: Path, ids: list[str], code: int) -> None:
    done = monitor("sources", "test", *ids, "--json", "--config", filled)
    assert done.code == code
    assert list(done.lines[0]) == ["id", "error"]
    assert "Traceback" not in done.err


def test_the_archive_is_searched(monitor: Command, filled: Path) -> None:
    done = monitor("search", "Belarus", "--limit", "1", "--json", "--config", filled)
    (line,) = done.lines
    assert list(line)[:3] == ["id", "title", "url"]
    assert line["source"] == "amberline"
    assert "nothing to show" in monitor("search", "[/no] such", "--config", filled).out
    assert monitor("search", "!", "--config", filled).code == 2


def test_the_outbox_is_listed(monitor: Command, filled: Path) -> None:
    done = monitor("outbox", "list", "--state", "sent", "--json", "--config", filled)
    lines = done.lines
    assert lines
    assert {line["state"] for line in lines} == {"sent"}
    assert "Deliveries" in monitor("outbox", "list", "--state", "sent", "--config", filled).out


def test_only_deliveries_in_trouble_are_retried(monitor: Command, filled: Path) -> None:
    sent = monitor("outbox", "list", "-s", "sent", "--json", "--config", filled).lines[0]["key"]
    done = monitor("outbox", "retry", sent, "--json", "--config", filled)
    assert done.code == 1
    assert list(done.lines[0]) == ["id", "error"]
    assert monitor("outbox", "retry", "--config", filled).code == 2


def test_a_dead_delivery_is_put_back(monitor: Command, filled: Path) -> None:
    key = monitor("outbox", "list", "-s", "sent", "--json", "--config", filled).lines[0]["key"]
    _set_state(filled, key, "dead")
    done = monitor("outbox", "retry", key[:12], "--json", "--config", filled)
    assert done.lines == [{"key": key, "state": "pending"}]
    _set_state(filled, key, "dead")
    assert monitor("outbox", "retry", "--dead", "--config", filled).out == f"{key}: will be sent again.\n"
    _set_state(filled, key, "sent")
    assert "No delivery is dead" in monitor("outbox", "retry", "--dead", "--config", filled).out


def test_a_held_delivery_that_arrived_is_ended(monitor: Command, filled: Path) -> None:
    key = str(monitor("outbox", "list", "-s", "sent", "--json", "--config", filled).lines[0]["key"])
    _set_state(filled, key, "unsure")
    held = monitor("outbox", "list", "-s", "unsure", "--json", "--config", filled).lines
    assert [line["key"] for line in held] == [key]
    done = monitor("outbox", "cancel", key[:12], "--json", "--config", filled)
    assert done.lines == [{"key": key, "state": "cancelled"}]
    assert monitor("outbox", "cancel", key, "--config", filled).code == 1
    _set_state(filled, key, "sent")


def test_a_report_counts_what_was_found(monitor: Command, filled: Path) -> None:
    (report,) = monitor("report", "--since", "2d", "--json", "--config", filled).lines
    assert report["articles"] >= report["stories"] > 0
    assert len(report["top"]) == report["stories"]
    assert sum(row["state"] + row["others"] for row in report["buckets"]) == report["articles"]
    assert "Coverage from" in monitor("report", "--config", filled).out


def test_a_report_as_a_page_has_its_chart_inside(monitor: Command, filled: Path, tmp_path: Path) -> None:
    page, chart = tmp_path / "week.html", tmp_path / "week.png"
    done = monitor(
        "report", "--since", "7d", "--format", "html", "--output", page, "--chart", chart, "--config", filled
    )
    assert done.code == 0
    assert "data:image/png;base64," in page.read_text(encoding="utf-8")
    assert chart.read_bytes().startswith(b"\x89PNG")


@pytest.mark.parametrize(
    ("arguments", "code"),
    [(["--since", "7"], 2), (["--topic", "belrus"], 1), (["--output", "/nowhere/x"], 1)],
)
def test_a_report_that_cannot_be_made_says_why(
    monitor: Command, filled: Path, arguments: list[str], code: int
) -> None:
    done = monitor("report", *arguments, "--config", filled)
    assert done.code == code
    assert "Traceback" not in done.err


def _set_state(config: Path, key: str, state: str) -> None:
    with closing(sqlite3.connect(config / "monitor.db", timeout=30)) as connection, connection:
        changed = connection.execute("UPDATE deliveries SET state = ? WHERE key = ?", (state, key))
        assert changed.rowcount == 1


def test_the_database_is_upgraded_as_often_as_one_likes(monitor: Command, filled: Path) -> None:
    assert "up to date" in monitor("db", "upgrade", "--config", filled).out


@pytest.mark.parametrize("command", ["parse", "extract"])
def test_an_address_is_read(monitor: Command, filled: Path, command: str) -> None:
    yaml = YAML(typ="safe")
    url = yaml.load(filled / "sources" / "newsroom.yaml")["sources"][0]["url"]
    done = monitor(command, "--allow-private", "--json", url, NOWHERE)
    good, bad = done.lines
    assert done.code == 3
    assert good["kind" if command == "parse" else "url"]
    assert bad["id"] == NOWHERE
    assert NOWHERE in done.err
    assert "does not say" in done.err or "no connection" in done.err


@pytest.mark.parametrize("words", [("status",), ("search", "x"), ("db", "upgrade"), ("run", "--once")])
def test_a_postgresql_that_does_not_answer_ends_with_3(
    monitor: Command, filled: Path, words: tuple[str, ...]
) -> None:
    store = "postgresql+psycopg://someone:hidden@127.0.0.1:9/none"
    done = monitor(*words, "--config", filled, env={"MONITOR_STORE": store})
    assert done.code == 3
    assert "no server answers there" in done.err
    assert "Traceback" not in done.err
    assert "hidden" not in done.err


def _answer_in_http(server: socket.socket) -> None:
    with suppress(OSError):  # until the server is closed
        while True:
            connection, _ = server.accept()
            with connection:
                connection.recv(64)
                connection.sendall(b"HTTP/1.1 400 Bad Request\r\n\r\n")


def test_what_is_no_postgresql_is_told_as_that(monitor: Command, filled: Path) -> None:
    with socket.create_server(("127.0.0.1", 0)) as server:
        threading.Thread(target=_answer_in_http, args=(server,), daemon=True).start()
        store = f"postgresql://someone@127.0.0.1:{server.getsockname()[1]}/none"
        done = monitor("status", "--config", filled, env={"MONITOR_STORE": store})
    assert done.code == 3
    assert "no PostgreSQL server" in done.err


def test_a_store_that_cannot_be_made_is_a_sentence(monitor: Command, filled: Path, tmp_path: Path) -> None:
    (tmp_path / "file").write_text("")
    store = f"sqlite:///{tmp_path}/file/x/monitor.db"
    done = monitor("status", "--config", filled, env={"MONITOR_STORE": store})
    assert done.code in {1, 3}
    assert str(tmp_path) in done.err
    assert "Traceback" not in done.err


def test_match_speaks_utf8_in_an_ascii_locale() -> None:
    ascii_only = {"LC_ALL": "C", "PYTHONIOENCODING": "ascii"}
    done = shell("match", "-q", "калий", "-l", "ru", "--json", "-", stdin="калия", env=ascii_only)
    assert objects(done.stdout)[0]["topics"][0]["spans"][0]["text"] == "калия"


def test_a_reader_that_has_enough_is_no_error(tmp_path: Path) -> None:
    many = tmp_path / "many.jsonl"
    many.write_text("".join(f'{{"id": {n}, "text": "potash"}}\n' for n in range(3000)))
    command = [*COMMAND, "match", "-q", "potash", "--json", str(many)]
    with subprocess.Popen(command, stdout=subprocess.PIPE, stderr=subprocess.PIPE) as process:
        assert process.stdout is not None
        assert process.stderr is not None
        process.stdout.readline()
        process.stdout.close()
        said = process.stderr.read()
    assert (process.returncode, said) == (0, b"")


def test_a_bar_is_shown_on_a_terminal_and_stdout_stays_clean(tmp_path: Path) -> None:
    many = tmp_path / "many.jsonl"
    many.write_text("".join(f'{{"id": {n}, "text": "potash"}}\n' for n in range(1500)))
    terminal, end = pty.openpty()
    command = [*COMMAND, "match", "-q", "potash", "--json", str(many)]
    env = {**os.environ, "TERM": "xterm", "COLUMNS": "80"}
    out = tmp_path / "out.jsonl"
    with (
        out.open("wb") as stdout,
        subprocess.Popen(command, stdout=stdout, stderr=end, env=env) as process,
    ):
        os.close(end)
        shown = _drained(terminal)
    assert process.returncode == 0
    assert [line["id"] for line in objects(out.read_text())] == list(range(1500))
    assert b"Matching" in shown


def _drained(terminal: int) -> bytes:
    shown = b""
    try:
        while piece := os.read(terminal, 65536):
            shown += piece
    except OSError:  # the other end is closed
        pass
    finally:
        os.close(terminal)
    return shown


def test_why_tells_what_happened_to_an_article(filled: Path, monitor: Command) -> None:
    with closing(sqlite3.connect(filled / "monitor.db")) as database:
        ((url,),) = database.execute(
            "SELECT a.url FROM articles a JOIN deliveries d ON d.article_id = a.id "
            "WHERE d.kind = 'alert' LIMIT 1"
        ).fetchall()
    done = monitor("why", url, "--chat", "console:main", "--config", filled)
    assert done.code == 0
    for said in (
        "listed   2",
        "read     2",
        "placed   in story",
        "matched  belarus by",
        "alert    2",
        ": sent",
    ):
        assert said in done.out, done.out
    (record,) = monitor("why", url, "--json", "--config", filled).lines
    assert record["article"]["url"] == url
    assert {row["topic_id"] for row in record["matches"]} >= {"belarus"}


def test_why_of_something_never_listed_says_where_to_look(filled: Path, monitor: Command) -> None:
    done = monitor("why", "https://nowhere.example/x", "--config", filled)
    assert done.code == 1
    assert "no source has listed it" in done.err
    done = monitor("why", "https://nowhere.example/x", "--chat", "console:nobody", "--config", filled)
    assert done.code == 1
