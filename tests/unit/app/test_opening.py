"""What a process that starts reads of files that are being written."""

from __future__ import annotations

import os
import threading
import time
from pathlib import Path

import pytest

from monitor.app.opening import WRITTEN_S, rulebook_to_begin_with
from monitor.errors import ConfigError

TOPICS = "topics: [{id: river, query: river}]\n"


@pytest.fixture
def half_written(tmp_path: Path) -> Path:
    """A topic's file of which only the beginning is there."""
    file = tmp_path / "topics" / "a.yaml"
    file.parent.mkdir()
    file.write_text(TOPICS[:20], encoding="utf-8")
    return file


def test_a_start_in_the_middle_of_an_edit_waits_for_its_end(tmp_path: Path, half_written: Path) -> None:
    threading.Timer(0.4, lambda: half_written.write_text(TOPICS, encoding="utf-8")).start()
    assert list(rulebook_to_begin_with(tmp_path).topics) == ["river"]


def test_what_has_been_wrong_for_a_while_is_told_at_once(tmp_path: Path, half_written: Path) -> None:
    before = time.time() - 60
    os.utime(half_written, (before, before))
    began = time.monotonic()
    with pytest.raises(ConfigError):
        rulebook_to_begin_with(tmp_path)
    assert time.monotonic() - began < WRITTEN_S


def test_what_stays_wrong_is_told_in_a_moment(tmp_path: Path, half_written: Path) -> None:
    assert half_written.exists()
    with pytest.raises(ConfigError, match=r"a\.yaml:1"):
        rulebook_to_begin_with(tmp_path)
