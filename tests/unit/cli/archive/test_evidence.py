"""``monitor evidence export`` and ``verify``."""

from __future__ import annotations

import json
import zipfile
from datetime import UTC, datetime
from pathlib import Path

import pytest
from sqlalchemy import create_engine, text

from monitor.app import load_rulebook, open_rulebook_store
from monitor.model import Job, Outcome
from monitor.ports import Store
from tests.support.command_line import Command
from tests.support.evidence import capture


@pytest.fixture
def store(config: Path) -> Store:
    store = open_rulebook_store(load_rulebook(config, env={}), config, lambda: datetime.now(UTC))
    store.admin.upgrade()
    return store


def _keep(store: Store) -> None:
    now = datetime.now(UTC)
    store.jobs.add([Job(kind="read", key="k")], now)
    (job,) = store.jobs.claim(now=now, owner="me", epoch=1, limit=1)
    store.jobs.commit(job, Outcome(captures=(capture(1), capture(2))), now=now)


def test_a_topic_is_exported_and_the_pack_verified(
    monitor: Command, config: Path, store: Store, tmp_path: Path
) -> None:
    _keep(store)
    pack = tmp_path / "case.zip"
    said = monitor("evidence", "export", "potash", "--config", str(config), "-o", str(pack), "--json")
    told = json.loads(said.out)
    assert (said.code, told["records"], told["findings"]) == (0, 2, [])
    assert told["head"]["hash"] == store.evidence.head()[1]
    with zipfile.ZipFile(pack) as archive:
        assert "report.html" in archive.namelist()
    fine = monitor("evidence", "verify", str(pack), "--head", told["head"]["hash"])
    assert (fine.code, "nothing was changed" in fine.out) == (0, True)
    other = monitor("evidence", "verify", str(pack), "--head", "0" * 64)
    assert (other.code, "does not end with" in other.err) == (1, True)


def test_an_empty_case_says_why_it_is_empty(
    monitor: Command, config: Path, store: Store, tmp_path: Path
) -> None:
    pack = tmp_path / "case.zip"
    off = monitor("evidence", "export", "potash", "--config", str(config), "-o", str(pack))
    assert (off.code, pack.exists()) == (1, False)
    assert "no evidence was kept; `evidence: {keep: on}` in monitor.yaml" in off.err
    _keep(store)
    (config / "monitor.yaml").write_text("evidence: {keep: on}\n", encoding="utf-8")
    late = monitor("evidence", "export", "minsk", "--since", "1d", "--config", str(config), "-o", str(pack))
    assert (late.code, "no evidence was kept in the last 1d" in late.err) == (1, True)
    unknown = monitor("evidence", "export", "https://nowhere.example/", "--config", str(config))
    assert (unknown.code, "names no topic, no story and no article" in unknown.err) == (1, True)


def test_the_store_is_verified_in_place(monitor: Command, config: Path, store: Store) -> None:
    empty = monitor("evidence", "verify", "--config", str(config))
    assert (empty.code, "Nothing was kept yet" in empty.out) == (0, True)
    _keep(store)
    head = store.evidence.head()[1]
    fine = monitor("evidence", "verify", "--config", str(config), "--head", head)
    assert (fine.code, head in fine.out) == (0, True)
    cut = monitor("evidence", "verify", "--config", str(config), "--head", "f" * 64)
    assert (cut.code, "was cut or written anew" in cut.err) == (1, True)
    engine = create_engine(f"sqlite:///{config.parent / 'var' / 'monitor.db'}")
    with engine.begin() as connection:
        connection.execute(text("UPDATE evidence_parts SET blocks = x'00' WHERE n = 2 AND name = 'page'"))
    engine.dispose()
    changed = monitor("evidence", "verify", "--config", str(config), "--json")
    assert changed.code == 1
    assert json.loads(changed.out)["findings"] == ["record 2, page: the sums of its blocks were changed"]


def test_a_pack_that_is_not_there(monitor: Command, tmp_path: Path) -> None:
    said = monitor("evidence", "verify", str(tmp_path / "none.zip"))
    assert (said.code, "no such file" in said.err) == (1, True)
