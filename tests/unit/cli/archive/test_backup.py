"""``monitor backup``: a copy of what is there."""

from __future__ import annotations

from pathlib import Path

from tests.support.command_line import Command


def test_a_store_that_is_not_there_has_no_backup(monitor: Command, tmp_path: Path) -> None:
    """From a wrong folder, or beside a disk that is not mounted, cron would keep empty copies for years."""
    config = tmp_path / "config"
    (config / "topics").mkdir(parents=True)
    (config / "monitor.yaml").write_text("{}\n", encoding="utf-8")
    done = monitor("backup", str(tmp_path / "copy.db"), "--config", str(config))
    assert done.code == 3
    assert "there is no database yet" in done.err
    assert not (tmp_path / "copy.db").exists()
    assert monitor("db", "upgrade", "--config", str(config)).code == 0
    assert monitor("backup", str(tmp_path / "copy.db"), "--config", str(config)).code == 0
