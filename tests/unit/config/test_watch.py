"""Changes on disk are told once; what an editor leaves beside is not."""

from __future__ import annotations

import contextlib
import queue
import threading
from collections.abc import Iterator
from pathlib import Path

import pytest

from monitor.config import stamps, watch
from monitor.errors import ConfigError

WAIT_S = 20.0


@pytest.fixture
def told(tmp_path: Path) -> Iterator[queue.Queue[str]]:
    (tmp_path / "topics").mkdir()
    (tmp_path / "topics" / "a.yaml").write_text("topics: []\n", encoding="utf-8")
    calls: queue.Queue[str] = queue.Queue()
    stop = threading.Event()
    thread = threading.Thread(target=watch, args=(tmp_path, stop, lambda: calls.put("changed")))
    thread.start()
    yield calls
    stop.set()
    thread.join(WAIT_S)
    assert not thread.is_alive()


def test_a_change_is_told(tmp_path: Path, told: queue.Queue[str]) -> None:
    """The watch starts in its own time, so the change is repeated until it is seen."""
    for number in range(100):
        (tmp_path / "topics" / "a.yaml").write_text(f"topics: [] # {number}\n", encoding="utf-8")
        try:
            assert told.get(timeout=WAIT_S / 40) == "changed"
        except queue.Empty:
            continue
        return
    pytest.fail("no change was told")


def test_other_files_are_not_told(tmp_path: Path, told: queue.Queue[str]) -> None:
    test_a_change_is_told(tmp_path, told)
    (tmp_path / "topics" / ".a.yaml.swp").write_text("x", encoding="utf-8")
    (tmp_path / "topics" / "a.yaml~").write_text("x", encoding="utf-8")
    (tmp_path / "notes.txt").write_text("x", encoding="utf-8")
    late = 0
    with contextlib.suppress(queue.Empty):  # the change itself may be told twice
        while told.get(timeout=1.5):
            late += 1
    assert late <= 1


def test_a_missing_folder_is_refused(tmp_path: Path) -> None:
    with pytest.raises(ConfigError, match="no such folder"):
        watch(tmp_path / "nothing", threading.Event(), lambda: None)


@pytest.mark.parametrize("edited", [True, False])
def test_an_edit_between_the_reading_and_the_first_look_is_told(tmp_path: Path, *, edited: bool) -> None:
    """A service stands by or starts for a while after it has read its files."""
    (tmp_path / "topics").mkdir()
    file = tmp_path / "topics" / "a.yaml"
    file.write_text("topics: []\n", encoding="utf-8")
    read = stamps(tmp_path)
    if edited:
        file.write_text("topics: [] # later\n", encoding="utf-8")
    calls: queue.Queue[str] = queue.Queue()
    stop = threading.Event()
    thread = threading.Thread(
        target=watch, args=(tmp_path, stop, lambda: calls.put("changed")), kwargs={"since": read}
    )
    thread.start()
    try:
        if edited:
            assert calls.get(timeout=WAIT_S) == "changed"
        else:
            with pytest.raises(queue.Empty):
                calls.get(timeout=1.5)
    finally:
        stop.set()
        thread.join(WAIT_S)
