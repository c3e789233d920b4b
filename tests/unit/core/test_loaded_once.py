"""What is slow to load is loaded once, however many threads ask at the same moment."""

from __future__ import annotations

import os
import signal
import threading
import warnings
from concurrent.futures import ThreadPoolExecutor

import pytest

from monitor.core.loaded_once import loaded_once


def test_of_many_threads_one_loads_and_all_get_the_same() -> None:
    loads: list[str] = []
    everybody = threading.Barrier(8)

    @loaded_once
    def dictionary(language: str) -> list[str]:
        loads.append(language)
        threading.Event().wait(0.05)  # others come meanwhile
        return [language]

    def ask(language: str) -> list[str]:
        everybody.wait()
        return dictionary(language)

    with ThreadPoolExecutor(8) as pool:
        found = list(pool.map(ask, ["pl", "cs"] * 4))
    assert sorted(loads) == ["cs", "pl"]
    assert all(item is found[0] for item in found[::2])
    assert [item[0] for item in found] == ["pl", "cs"] * 4


def test_what_was_let_go_is_loaded_again_and_an_error_is_not_kept() -> None:
    loads: list[int] = []

    @loaded_once
    def table(*, rows: int) -> int:
        loads.append(rows)
        if len(loads) == 1:
            raise OSError("disk")
        return rows

    with pytest.raises(OSError, match="disk"):
        table(rows=3)
    assert (table(rows=3), table(rows=3)) == (3, 3)
    table.cache_clear()
    assert table(rows=3) == 3
    assert loads == [3, 3, 3]


def test_a_fork_while_something_is_loaded_does_not_hang() -> None:
    """The config's examples are tried in a fork of a service whose threads may be loading just then."""
    loading, go_on = threading.Event(), threading.Event()

    @loaded_once
    def dictionary(language: str) -> str:
        if language == "slow":
            loading.set()
            go_on.wait(30)
        return language

    thread = threading.Thread(target=dictionary, args=("slow",))
    thread.start()
    loading.wait(30)
    with warnings.catch_warnings():
        warnings.simplefilter("ignore", DeprecationWarning)  # newer Pythons warn of just this
        child = os.fork()
    if child == 0:
        signal.alarm(20)
        os._exit(0 if dictionary("pl") == "pl" else 1)
    go_on.set()
    thread.join()
    assert os.waitpid(child, 0)[1] == 0
