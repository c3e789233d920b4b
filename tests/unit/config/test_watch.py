"""Changes on disk are told once; what an editor leaves beside is not."""

from __future__ import annotations

import contextlib
import queue
import shutil
import threading
import time
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


@pytest.mark.parametrize("broken", [True, False])
def test_what_the_system_does_not_tell_of_is_seen_all_the_same(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch, *, broken: bool
) -> None:
    """No watches left (inotify's limit), or another folder put in the place of the one that is watched."""
    folder = tmp_path / "config"
    (folder / "topics").mkdir(parents=True)
    (folder / "topics" / "a.yaml").write_text("topics: []\n", encoding="utf-8")
    if broken:

        def no_watches(*_: object, **__: object) -> None:
            raise OSError(28, "inotify watch limit reached")

        monkeypatch.setattr("watchfiles.watch", no_watches)
    calls: queue.Queue[str] = queue.Queue()
    stop = threading.Event()
    thread = threading.Thread(
        target=watch, args=(folder, stop, lambda: calls.put("changed")), kwargs={"look_s": 0.2}
    )
    thread.start()
    try:
        time.sleep(1.0)
        folder.rename(tmp_path / "before")
        shutil.copytree(tmp_path / "before", folder)
        while not calls.empty():
            calls.get()
        time.sleep(1.0)
        while not calls.empty():
            calls.get()
        (folder / "topics" / "a.yaml").write_text("topics: [] # later\n", encoding="utf-8")
        assert calls.get(timeout=20) == "changed"
    finally:
        stop.set()
        thread.join()


def test_a_folder_that_goes_while_it_is_listed_is_none_to_read(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    """It used to end the thread that watches: no later edit was taken."""
    (tmp_path / "topics").mkdir()

    def gone(*_: object) -> None:
        raise FileNotFoundError(2, "No such file or directory")

    monkeypatch.setattr(Path, "rglob", gone)
    assert stamps(tmp_path) == frozenset()
    with pytest.raises(ConfigError, match="cannot be listed: No such file"):
        watch(tmp_path, threading.Event(), lambda: None)


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
