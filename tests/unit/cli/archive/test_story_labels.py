"""``monitor stories --export-labels`` and ``--calibrate``: what operators mended teaches the thresholds."""

from __future__ import annotations

import json
from datetime import UTC, datetime
from pathlib import Path

import pytest
from sqlalchemy import create_engine, text

from monitor.store import open_store
from tests.support.command_line import Command
from tests.unit.core.story.pairs.test_calibrate import label

NOW = datetime(2026, 5, 4, 9, 30, tzinfo=UTC)


@pytest.fixture
def config(tmp_path: Path) -> Path:
    """A config with comments, over a store in which 40 pairs were labelled."""
    folder = tmp_path / "config"
    (folder / "topics").mkdir(parents=True)
    store_url = f"sqlite:///{tmp_path}/monitor.db"
    (folder / "monitor.yaml").write_text(
        f"# Ours.\nstore: {store_url}\nstories:\n  window: 3d  # slow news\n"
    )
    store = open_store(store_url, now=lambda: NOW)
    store.admin.upgrade()
    store.admin.close()
    labels = [label(at, words=0.24 if at % 2 else 0.02, same=at % 2 == 1) for at in range(40)]
    rows = [
        {"one": item.one, "other": item.other, "same": item.same, "features": json.dumps(dict(item.features))}
        for item in labels
    ]
    with create_engine(store_url).begin() as connection:
        insert = "INSERT INTO story_labels VALUES (:one, :other, :same, 0, :features)"
        connection.execute(text(insert), rows)
    return folder


def test_labels_are_written_out_as_json_lines(monitor: Command, config: Path, tmp_path: Path) -> None:
    rows = monitor("stories", "--export-labels", "-", "--config", str(config)).lines
    assert len(rows) == 40
    assert {row["same"] for row in rows} == {True, False}
    assert rows[0]["features"]["same_language"] == 1.0
    file = tmp_path / "labels.jsonl"
    assert (
        "40 labelled pairs" in monitor("stories", "--export-labels", str(file), "--config", str(config)).out
    )
    assert len(file.read_text(encoding="utf-8").splitlines()) == 40


def test_calibrate_shows_before_and_after_and_writes_when_told_to(monitor: Command, config: Path) -> None:
    file = config / "monitor.yaml"
    before = file.read_text(encoding="utf-8")
    shown = monitor("stories", "--calibrate", "--config", str(config))
    assert "stories.same: 0.5 → " in shown.out
    assert "Of 40 pairs 20 are judged as you did, then 40." in shown.out
    assert "stories.across: 0.5. Too little was joined and parted" in shown.out
    assert "--apply" in shown.err
    assert file.read_text(encoding="utf-8") == before

    monitor("stories", "--calibrate", "--apply", "--config", str(config))
    after = file.read_text(encoding="utf-8")
    assert "# Ours." in after
    assert "window: 3d  # slow news" in after
    assert "same: 0." in after
    again = monitor("stories", "--calibrate", "--config", str(config))
    assert "40 are judged as you did, then 40." in again.out


def test_apply_alone_is_a_mistake(monitor: Command, config: Path) -> None:
    assert monitor("stories", "--apply", "--config", str(config)).code == 2
