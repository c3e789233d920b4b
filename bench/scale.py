"""Growth: a hundred thousand sources on twenty thousand hosts, and articles a second by engine and processes.

A PostgreSQL server (and a RabbitMQ node) of the bench's own, outlets on loopback, one service and its workers
as processes. Two tables: how quickly what is due is found and asked, and how many articles are read a second.

    .venv/bin/python bench/scale.py [--quick]

The whole run takes a quarter of an hour (``make bench-scale``); ``--quick`` has a tenth of the sources.
"""

from __future__ import annotations

import argparse
import os
import platform
import statistics
import tempfile
import time
from contextlib import ExitStack
from datetime import timedelta
from pathlib import Path

from parts.faults_servers import Missing, PostgresServer, RabbitServer, postgres, rabbitmq
from parts.last_line import last_line
from parts.scale_world import World, hosts_of, now, outlet_server, prepare, running
from sqlalchemy import create_engine, text

OVERDUE_S = 60
DUE_A_SECOND = 83
GOALS = {
    "tick p99 < 100 ms": False,
    "overdue > 60 s under 0.1 %": False,
    "never two requests to a host at once": False,
}


Figures = dict[str, object]


def ticks(server: PostgresServer, *, sources: int, hosts: int, every: timedelta, seconds: float) -> Figures:
    """A service and two workers ask unchanged sources, each when it is due."""
    with outlet_server(1, 0) as outlets:
        world = World(
            database=database(server), port=outlets.port, sources=sources, hosts=hosts, every=every, path="f"
        )
        rulebook = world.rulebook()
        prepare(world, rulebook, spread=True)
        engine = create_engine(world.database)
        overdue: list[float] = []
        with running(world, rulebook, engine="workers", processes=2) as service:
            began, asked = time.monotonic(), outlets.report()["asked"]
            cpu, server_cpu = service.cpu_s(), server.cpu_s()
            while time.monotonic() - began < seconds:
                time.sleep(2.0)
                with engine.connect() as connection:
                    late = connection.execute(
                        text("SELECT count(*) FROM sources WHERE listed AND next_fetch_at < :before"),
                        {"before": now() - timedelta(seconds=OVERDUE_S)},
                    ).scalar_one()
                overdue.append(100 * late / sources)
            took = time.monotonic() - began
            cpu, server_cpu = service.cpu_s() - cpu, server.cpu_s() - server_cpu
            report, memory = outlets.report(), service.memory_mb()
            took_ms = sorted(1000 * each for each in service.ticks.took_s[1:])
        engine.dispose()
    return {
        "sources": sources,
        "hosts": hosts_of(rulebook),
        "due a second": round(sources / every.total_seconds(), 1),
        "polls a second": round((report["asked"] - asked) / took, 1),
        "CPU ms a poll": round(1000 * cpu / max(report["asked"] - asked, 1), 1),
        "of the database": round(1000 * server_cpu / max(report["asked"] - asked, 1), 1),
        "tick median ms": round(statistics.median(took_ms), 1),
        "tick p99 ms": round(took_ms[min(len(took_ms) - 1, int(len(took_ms) * 0.99))], 1),
        "tick most ms": round(took_ms[-1], 1),
        "overdue %": round(max(overdue), 3),
        "most at once to a host": report["most_at_once"],
        "memory MB": memory,
    }


def articles(
    server: PostgresServer, broker: RabbitServer | None, *, engine: str, processes: int, hosts: int, each: int
) -> Figures:
    """So many hosts list so many articles each, three of ten relevant; all are read."""
    with outlet_server(each, 30) as outlets:
        world = World(
            database=database(server),
            port=outlets.port,
            sources=hosts,
            hosts=hosts,
            every=timedelta(hours=1),
            path="l",
            broker=broker.url if broker and engine == "celery" else "",
        )
        rulebook = world.rulebook()
        prepare(world, rulebook, spread=False)
        total = hosts * each
        counted = create_engine(world.database)
        moments: list[tuple[float, int]] = []
        with running(world, rulebook, engine=engine, processes=processes) as service:
            deadline = time.monotonic() + 600
            cpu, server_cpu = service.cpu_s(), server.cpu_s()
            done = 0
            while done < total and time.monotonic() < deadline:
                with counted.connect() as connection:
                    done = connection.execute(text("SELECT count(*) FROM traces")).scalar_one()
                moments.append((time.monotonic(), done))
                time.sleep(0.2)
            cpu, server_cpu = service.cpu_s() - cpu, server.cpu_s() - server_cpu
            memory, report = service.memory_mb(), outlets.report()
        counted.dispose()
    # From the first tenth on: what starting costs is another figure.
    first = next(at for at, count in moments if count >= total / 10)
    counts = dict(moments)
    rate = (moments[-1][1] - counts[first]) / max(moments[-1][0] - first, 0.001)
    return {
        "articles": moments[-1][1],
        "a second": round(rate, 1),
        "CPU ms an article": round(1000 * cpu / total, 1),
        "of the database": round(1000 * server_cpu / total, 1),
        "most at once to a host": report["most_at_once"],
        "memory MB": memory,
    }


def database(server: PostgresServer) -> str:
    """A new database on the server."""
    name = f"scale_{time.monotonic_ns()}"
    engine = create_engine(server.url, isolation_level="AUTOCOMMIT")
    with engine.connect() as connection:
        connection.execute(text(f"CREATE DATABASE {name}"))
    engine.dispose()
    return server.url.rsplit("/", 1)[0] + f"/{name}"


def main() -> int:
    """Run both tables, print them and one JSON line."""
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawTextHelpFormatter)
    parser.add_argument("--quick", action="store_true", help="under a minute, the same keys")
    parser.add_argument("--sources", type=int, help="so many instead")
    chosen = parser.parse_args()
    quick = chosen.quick
    print(f"{platform.platform()}, Python {platform.python_version()}, {os.cpu_count()} cores", end="; ")
    print("load", *(f"{value:.1f}" for value in os.getloadavg()), flush=True)
    rounds = [("local", 1), ("workers", 2), ("celery", 2)]
    if not quick:
        rounds = [("local", 1)] + [(name, n) for n in (1, 2, 4) for name in ("workers", "celery")]
    missing: list[str] = []
    ours: dict[str, object] = {}
    with tempfile.TemporaryDirectory(prefix="scale-") as folder, ExitStack() as stack:
        try:
            server = stack.enter_context(postgres(Path(folder)))
        except Missing as error:
            print(
                last_line(
                    "scale", ours={}, peers={}, ratios={}, goals=GOALS, holds=True, missing=[str(error)]
                )
            )
            return 0
        sources = chosen.sources or (10_000 if quick else 100_000)
        found = ticks(
            server,
            sources=sources,
            hosts=sources // 5,
            every=timedelta(seconds=sources / DUE_A_SECOND),
            seconds=10 if quick else 300,  # of ninety looks the slowest would be the 99th hundredth
        )
        ours["ticks"] = found
        print(*(f"{name} {value}" for name, value in found.items()), sep=", ", flush=True)
        broker = None
        try:
            broker = stack.enter_context(rabbitmq(Path(folder)))
        except Missing as error:
            missing.append(str(error))
        at_once = [int(str(found["most at once to a host"]))]
        for engine, processes in rounds:
            if engine == "celery" and broker is None:
                continue
            row = articles(
                server,
                broker,
                engine=engine,
                processes=processes,
                hosts=20 if quick else 60,
                each=6 if quick else 25,
            )
            at_once.append(int(str(row["most at once to a host"])))
            ours[f"{engine} {processes}"] = row
            print(
                f"{engine} {processes}:",
                *(f"{name} {value}" for name, value in row.items()),
                sep=" ",
                flush=True,
            )
    goals = dict(
        zip(
            GOALS,
            (float(str(found["tick p99 ms"])) < 100, float(str(found["overdue %"])) < 0.1, max(at_once) <= 1),
            strict=True,
        )
    )
    rates = {
        name: float(str(row["a second"]))
        for name, row in ours.items()
        if isinstance(row, dict) and "a second" in row
    }
    ratios = {
        f"{name} to local 1": round(rate / rates["local 1"], 2)
        for name, rate in rates.items()
        if name != "local 1"
    }
    holds = all(goals.values())
    print(last_line("scale", ours=ours, peers={}, ratios=ratios, goals=goals, holds=holds, missing=missing))
    return 0 if holds else 1


if __name__ == "__main__":
    raise SystemExit(main())
