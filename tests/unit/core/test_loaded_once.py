"""What is slow to load is loaded once, however many threads ask at the same moment."""

from __future__ import annotations

import threading
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
