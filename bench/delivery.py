"""Delivery that can be proved: what happens to alerts when the service or Telegram breaks.

Real service processes, a Bot API server on loopback, its ledger as the judge.

    .venv/bin/python bench/delivery.py [--quick] [--row NAME …]

The whole table takes about an hour (``make bench-delivery``); ``--quick`` has the same rows, smaller.
"""

from __future__ import annotations

import argparse
import json
import os
import platform
import tempfile
import time
import traceback
from collections.abc import Callable, Iterator, Mapping
from contextlib import contextmanager
from pathlib import Path

from parts import delivery_world
from parts.delivery_long import crash_points, outage
from parts.delivery_rows import doubtful, limits, refusals, sigkill, sigterm, throttled, two_services
from parts.delivery_world import Result
from parts.faults_servers import postgres

Row = Callable[..., Result]
# name → (what is broken, row, the whole size, the quick size)
ROWS: Mapping[str, tuple[str, Row, Mapping[str, float], Mapping[str, float]]] = {
    "sigkill": (
        "SIGKILL at random points",
        sigkill,
        {"kills": 200, "alerts": 10_000, "chats": 200},
        {"kills": 2, "alerts": 80, "chats": 20},
    ),
    "sigterm": (
        "SIGTERM",
        sigterm,
        {"restarts": 50, "alerts": 5_000, "chats": 100},
        {"restarts": 2, "alerts": 80, "chats": 20},
    ),
    "points": (
        "kill at every named point",
        crash_points,
        {"rounds": 20, "most": 1000},
        {"rounds": 1, "most": 2},
    ),
    "throttled": (
        "429 with retry_after on 10 %",
        throttled,
        {"alerts": 5_000, "chats": 100, "per_second": 50},
        {"alerts": 24, "chats": 20, "per_second": 20},
    ),
    "limits": (
        "real limits enforced",
        limits,
        {"alerts": 10_000, "chats": 300, "groups": 20},
        {"alerts": 120, "chats": 60, "groups": 2},
    ),
    "refusals": ("403, 400, migrate mixed", refusals, {"alerts": 1_000}, {"alerts": 120}),
    "doubtful": ("hang, drop, 502 after accept", doubtful, {"faults": 500}, {"faults": 6}),
    "outage": (
        "Telegram away two hours",
        outage,
        {"alerts": 20_000, "chats": 300, "hours": 2, "lasts_s": 60},
        {"alerts": 300, "chats": 10, "hours": 2, "lasts_s": 3},
    ),
    "two": ("two services by mistake", two_services, {"alerts": 1_000}, {"alerts": 60}),
}


@contextmanager
def _store(folder: Path, *, postgres_wanted: bool) -> Iterator[None]:
    """What the services of a row store in: a file of theirs, or a server that is made for the row.

    Row ``points`` reads the file itself, so it has none on a server.
    """
    if not postgres_wanted:
        yield
        return
    with postgres(folder) as server:
        delivery_world.DATABASE = server.url
        try:
            yield
        finally:
            delivery_world.DATABASE = ""


def main() -> int:
    """Run the rows, print the table and one JSON line."""
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawTextHelpFormatter)
    parser.add_argument("--quick", action="store_true", help="under 50 seconds, the same keys")
    parser.add_argument("--row", action="append", choices=list(ROWS), help="only these rows")
    parser.add_argument("--postgres", action="store_true", help="on a PostgreSQL server of the bench's own")
    chosen = parser.parse_args()
    ours: dict[str, Mapping[str, object]] = {}
    goals: dict[str, bool] = {}
    print(f"{platform.platform()}, Python {platform.python_version()}, {os.cpu_count()} cores", end="; ")
    print("load", *(f"{value:.1f}" for value in os.getloadavg()))
    for name in chosen.row or [name for name in ROWS if not (chosen.postgres and name == "points")]:
        what, row, whole, quick = ROWS[name]
        began = time.monotonic()
        with tempfile.TemporaryDirectory(prefix="delivery-") as name_of_folder:
            folder = Path(name_of_folder)
            try:
                with _store(folder, postgres_wanted=chosen.postgres):
                    result = row(folder, **(quick if chosen.quick else whole))
            except Exception as error:  # noqa: BLE001 - the other rows are wanted all the same
                traceback.print_exc()
                result = Result(figures={"error": f"{type(error).__name__}: {error}"}, holds=False)
        ours[name], goals[name] = result.figures, result.holds
        seconds = time.monotonic() - began
        verdict = "holds" if result.holds else "FAILS"
        said = ", ".join(f"{key} {value}" for key, value in result.figures.items())
        print(f"{verdict}  {what} ({seconds:.0f} s): {said}", flush=True)
    holds = bool(goals) and all(goals.values())
    line = {"bench": "delivery", "ours": ours, "peers": {}, "ratios": {}, "goals": goals, "holds": holds}
    print(json.dumps(line, ensure_ascii=False))
    return 0 if holds else 1


if __name__ == "__main__":
    raise SystemExit(main())
