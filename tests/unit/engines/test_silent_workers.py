"""Who may take a silent worker for dead, and when."""

from __future__ import annotations

from dataclasses import dataclass, field
from datetime import timedelta
from types import SimpleNamespace
from typing import Any, cast

import pytest

from monitor.engines.silent_workers import SilentWorkers
from monitor.errors import StoreUnavailable
from monitor.model import Settings
from monitor.ports import Ports


@dataclass
class Table:
    """A table of workers that notes after how long a silence rows would be taken away."""

    asked_s: list[float] = field(default_factory=list)
    away: bool = False

    def remove_silent(self, silent: timedelta, *, rest: timedelta) -> tuple[str, ...]:
        assert rest == timedelta(seconds=Settings().fetch.host_delay_s)
        if self.away:
            raise StoreUnavailable("it is restarted")
        self.asked_s.append(silent.total_seconds())
        return ("w",) if silent < timedelta(minutes=1) else ()


def test_after_an_outage_of_the_store_everybody_has_time_to_speak_again() -> None:
    table, woken, clock = Table(), [], SimpleNamespace(now=100.0)
    rulebook = SimpleNamespace(settings=Settings())
    ports: Any = SimpleNamespace(
        store=SimpleNamespace(workers=table), rulebook=lambda: rulebook, wake=lambda: woken.append(clock.now)
    )
    silent = SilentWorkers(cast("Ports", ports), silent_s=15.0, steady=lambda: clock.now)

    def look(at: float) -> float:
        clock.now = at
        silent.look()
        return table.asked_s[-1]

    assert look(100) > 1e6, "it has only begun to look"
    assert look(110) > 1e6
    assert look(116) == 15.0
    assert woken == [116]
    table.away = True
    for at in (121, 126, 131):
        clock.now = at
        with pytest.raises(StoreUnavailable):
            silent.look()
    table.away = False
    assert look(136) > 1e6, "nobody could speak meanwhile"
    assert look(146) > 1e6
    assert look(152) == 15.0
