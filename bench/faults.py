"""Nothing stops, nothing is lost: what the monitor does when what it stands on breaks.

Real service processes that read loopback outlets, a Bot API server on loopback whose ledger is the judge, a
PostgreSQL server of the bench's own, a small file system that is really full.

    .venv/bin/python bench/faults.py [--quick] [--row NAME …]

The whole table takes a quarter of an hour (``make bench-faults``). ``--quick`` breaks the same things, less
and in three rows at a time; what happens to workers and to RabbitMQ it has in one world for each engine.
"""

from __future__ import annotations

import argparse
import os
import platform
import tempfile
import time
import traceback
from collections.abc import Callable, Mapping
from concurrent.futures import ThreadPoolExecutor
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from parts.delivery_world import Result
from parts.faults_engines import all_at_once, broker_wiped, poison, postgres_under_workers, workers_killed
from parts.faults_rows import (
    bad_gateway,
    chat_closed,
    clock_steps,
    disk_full,
    postgres_away,
    two_services,
    write_lock,
)
from parts.faults_servers import Missing
from parts.last_line import last_line


@dataclass(frozen=True, slots=True, kw_only=True)
class Verdict:
    """What came of a row; ``holds`` is None where the machine has not what it needs."""

    figures: Mapping[str, object]
    holds: bool | None


HOUR_S, DAY_S = 3600.0, 86_400.0
Row = Callable[..., Result]
# name → (what is broken, row, the whole size, the quick size)
ROWS: Mapping[str, tuple[str, Row, Mapping[str, Any], Mapping[str, Any]]] = {
    "postgres": (
        "PostgreSQL restarted, sessions dropped",
        postgres_away,
        {"restarts": 10, "drops": 20, "feeds": 20},
        {"restarts": 1, "drops": 2, "feeds": 4},
    ),
    "disk": (
        "disk full",
        disk_full,
        {"times": 3, "seconds": 10, "feeds": 12},
        {"times": 1, "seconds": 2, "feeds": 4},
    ),
    "lock": ("write lock held", write_lock, {"seconds": 80, "feeds": 12}, {"seconds": 3, "feeds": 4}),
    "two": ("lock's session dropped", two_services, {"drops": 10, "feeds": 8}, {"drops": 1, "feeds": 3}),
    "clock": (
        "clock set",
        clock_steps,
        {"steps_s": (-HOUR_S, HOUR_S, -DAY_S, DAY_S, DAY_S, -DAY_S), "between_s": 20, "feeds": 12},
        {"steps_s": (-HOUR_S, DAY_S), "between_s": 1, "feeds": 4},
    ),
    "closed": (
        "chat closed and opened",
        chat_closed,
        {"seconds": 60, "feeds": 8},
        {"seconds": 2, "feeds": 3},
    ),
    "killed": (
        "a worker killed every 5 s",
        workers_killed,
        {"engine": "local", "articles": 10_000, "feeds": 40, "every_s": 5, "most": 1_000},
        {"engine": "local", "articles": 60, "feeds": 6, "every_s": 2, "most": 2},
    ),
    "killed-celery": (
        "a worker killed every 5 s, RabbitMQ between",
        workers_killed,
        {"engine": "celery", "articles": 10_000, "feeds": 40, "every_s": 5, "most": 1_000},
        {"engine": "celery", "articles": 60, "feeds": 6, "every_s": 2, "most": 2},
    ),
    "broker": (
        "RabbitMQ stopped and wiped",
        broker_wiped,
        {"seconds": 60, "feeds": 20, "articles": 2_000},
        {"seconds": 3, "feeds": 6, "articles": 80},
    ),
    "workers-postgres": (
        "PostgreSQL restarted under workers",
        postgres_under_workers,
        {"engine": "local", "restarts": 3, "feeds": 20},
        {"engine": "local", "restarts": 1, "feeds": 4},
    ),
    "celery-postgres": (
        "PostgreSQL restarted under workers, RabbitMQ between",
        postgres_under_workers,
        {"engine": "celery", "restarts": 3, "feeds": 20},
        {"engine": "celery", "restarts": 1, "feeds": 4},
    ),
    "poison": (
        "an article that kills its worker",
        poison,
        {"feeds": 10, "articles": 400},
        {"feeds": 4, "articles": 20, "forked": True},
    ),
    "poison-celery": (
        "an article that kills its worker, RabbitMQ between",
        poison,
        {"feeds": 10, "articles": 400, "engine": "celery"},
        {"feeds": 4, "articles": 20, "engine": "celery", "forked": True},
    ),
    "gateway": ("502 for a while", bad_gateway, {"seconds": 120, "feeds": 8}, {"seconds": 3, "feeds": 3}),
    "workers": (
        "a worker killed and PostgreSQL crashed",
        all_at_once,
        {"engine": "local", "articles": 400, "feeds": 20, "away_s": 0},
        {"engine": "local", "articles": 30, "feeds": 6, "away_s": 0},
    ),
    "celery": (
        "a worker killed, RabbitMQ wiped and PostgreSQL crashed",
        all_at_once,
        {"engine": "celery", "articles": 400, "feeds": 20, "away_s": 10},
        {"engine": "celery", "articles": 30, "feeds": 6, "away_s": 1},
    ),
}
# What takes longest begins first. Rows that are not here break one thing of "workers" or "celery" for long.
QUICK = (
    "celery",
    "poison",
    "workers",
    "two",
    "postgres",
    "clock",
    "lock",
    "disk",
    "closed",
    "gateway",
)
AT_ONCE = 3


def main() -> int:
    """Run the rows, print the table and one JSON line."""
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawTextHelpFormatter)
    parser.add_argument("--quick", action="store_true", help="under a minute on two idle cores")
    parser.add_argument("--row", action="append", choices=list(ROWS), help="only these rows")
    chosen = parser.parse_args()
    print(f"{platform.platform()}, Python {platform.python_version()}, {os.cpu_count()} cores", end="; ")
    print("load", *(f"{value:.1f}" for value in os.getloadavg()))
    began = time.monotonic()
    names = chosen.row or (QUICK if chosen.quick else tuple(ROWS))
    with ThreadPoolExecutor(AT_ONCE if chosen.quick else 1) as pool:
        results = dict(zip(names, pool.map(lambda name: run(name, quick=chosen.quick), names), strict=True))
    ours = {name: result.figures for name, result in results.items()}
    goals = {name: result.holds for name, result in results.items() if result.holds is not None}
    holds = bool(goals) and all(goals.values())
    left_out = [name for name in ours if name not in goals]
    print(f"all rows in {time.monotonic() - began:.0f} s")
    print(last_line("faults", ours=ours, peers={}, ratios={}, goals=goals, holds=holds, missing=left_out))
    return 0 if holds else 1


def run(name: str, *, quick: bool) -> Verdict:
    """One row, told as soon as it is over."""
    what, row, whole, small = ROWS[name]
    began = time.monotonic()
    with tempfile.TemporaryDirectory(prefix="faults-") as folder:
        try:
            result = row(Path(folder), **(small if quick else whole))
        except Missing as error:
            print(f"skip   {what}: {error}", flush=True)
            return Verdict(figures={"skipped": str(error)}, holds=None)
        except Exception as error:  # noqa: BLE001 - the other rows are wanted all the same
            traceback.print_exc()
            result = Result(figures={"error": f"{type(error).__name__}: {error}"}, holds=False)
    said = ", ".join(f"{key} {value}" for key, value in result.figures.items())
    verdict = "holds" if result.holds else "FAILS"
    print(f"{verdict}  {what} ({time.monotonic() - began:.0f} s): {said}", flush=True)
    return Verdict(figures=result.figures, holds=result.holds)


if __name__ == "__main__":
    raise SystemExit(main())
