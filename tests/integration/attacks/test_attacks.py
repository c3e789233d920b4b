"""Hostile inputs against the code that the service runs: no crash, nothing inside is reached, all is bounded.

``make attacks`` runs every one and prints what each costs; ``make test`` takes one of each family of floods.
"""

from __future__ import annotations

import json
import re
import subprocess
import sys
from collections.abc import Iterator
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

import pytest

from tests.integration.attacks import documents, floods, wire
from tests.integration.attacks.attack import Attack, feed, item
from tests.support.hostile_server import HostileServer, answer

ROOT = Path(__file__).parents[3]
ATTACKS = (*wire.ATTACKS, *documents.ATTACKS, *floods.ATTACKS)
MOST_CPU_S = 2.0
MOST_MB = 64.0
TRIES = 3
PAGE = answer(
    b"<html><head><title>A page</title></head><body><article>"
    + b"<p>Lukashenko received an envoy in Minsk on Monday and spoke about trade.</p>" * 9
    + b"</article></body></html>",
    "Content-Type: text/html",
)
SHORT = answer(
    b"<html><head><title>A short page</title></head><body><p>Lukashenko met an envoy.</p></body></html>",
    "Content-Type: text/html",
)
ODD_DATE = "ни́какой 7 день 7"
GENTLE = (
    Attack(name="gentle feed", replies={"/list": answer(feed(item())), "/page": PAGE}),
    Attack(
        name="gentle listing",
        kind="listing",
        replies={
            "/list": answer(b"<h2><a href='/page'>Lukashenko met an envoy today</a></h2>"),
            "/page": PAGE,
        },
    ),
    Attack(name="gentle loose feed", replies={"/list": answer(feed(item("a & b"))), "/page": PAGE}),
    # Odd dates and short pages are read by other parts of the libraries, which are loaded on first use.
    Attack(name="gentle date", replies={"/list": answer(feed(item(more=f"<pubDate>{ODD_DATE}</pubDate>")))}),
    Attack(name="gentle short page", replies={"/list": answer(feed(item(link="/short")))}),
)


def order(attack: Attack, port: int) -> dict[str, Any]:
    names = ("kind", "path", "polls", "deadline_s", "known")
    return {name: getattr(attack, name) for name in names} | {"options": dict(attack.options), "port": port}


@dataclass(slots=True)
class Victim:
    """The process that is attacked, and what each attack has cost it."""

    process: subprocess.Popen[str]
    costs: list[tuple[str, float, float, str]] = field(default_factory=list)

    def suffer(self, attack: Attack) -> dict[str, Any]:
        """Least of three tries where one costs too much: what else the machine does only ever adds."""
        for _ in range(TRIES):
            with HostileServer(dict(attack.replies)) as server:
                report = self._ask(order(attack, server.port))
            if report["cpu_s"] <= MOST_CPU_S:
                break
        self.costs.append((attack.name, report["cpu_s"], report["peak_mb"], report["health"]))
        return report

    def _ask(self, given: dict[str, Any]) -> dict[str, Any]:
        assert self.process.stdin is not None
        assert self.process.stdout is not None
        self.process.stdin.write(json.dumps(given) + "\n")
        self.process.stdin.flush()
        report: dict[str, Any] = json.loads(self.process.stdout.readline())
        assert report["crashes"] == []
        return report


@pytest.fixture(scope="module")
def victim() -> Iterator[Victim]:
    command = [sys.executable, "-m", "tests.integration.attacks.victim"]
    with subprocess.Popen(
        command, cwd=ROOT, stdin=subprocess.PIPE, stdout=subprocess.PIPE, stderr=subprocess.DEVNULL, text=True
    ) as process:
        assert process.stdin is not None
        assert process.stdout is not None
        replies: dict[str, Any] = {"/short": SHORT}
        for gentle in GENTLE:
            replies |= {f"/{gentle.name.replace(' ', '-')}": gentle.replies["/list"], "/page": PAGE}
        with HostileServer(replies) as server:
            orders = [
                order(gentle, server.port) | {"path": f"/{gentle.name.replace(' ', '-')}"}
                for gentle in GENTLE
            ]
            process.stdin.write(json.dumps(orders) + "\n")
            process.stdin.flush()
            assert process.stdout.readline() == "ready\n"
        attacked = Victim(process)
        yield attacked
        process.stdin.close()
    _print_costs(attacked)


def _print_costs(attacked: Victim) -> None:
    lines = [f"\n{'attack':60} {'CPU s':>6} {'MB':>6}  source"]
    for name, cpu_s, peak_mb, health in sorted(attacked.costs, key=lambda row: -row[1]):
        lines.append(f"{name[:60]:60} {cpu_s:6.2f} {peak_mb:6.1f}  {health}")
    sys.stdout.write("\n".join(lines) + "\n")


def test_there_are_enough_attacks() -> None:
    assert len(ATTACKS) >= 60
    assert len({attack.name for attack in ATTACKS}) == len(ATTACKS)


def _daily_or_nightly(attack: Attack) -> Any:
    nightly = attack in floods.ATTACKS and attack.name not in floods.SAMPLE
    return pytest.param(attack, id=attack.name, marks=[pytest.mark.nightly] * nightly)


@pytest.mark.parametrize("attack", [_daily_or_nightly(attack) for attack in ATTACKS])
def test_an_attack_is_survived(attack: Attack, victim: Victim) -> None:
    report = victim.suffer(attack)
    assert report["reached"] == [], "an address was asked that must not be"
    assert report["health"] == attack.health, report
    assert re.search(attack.says, report["said"]), report
    assert re.search(attack.told, " ".join(report["told"])), report
    for counted in ("entries", "articles"):
        wanted = getattr(attack, counted)
        assert wanted is None or report[counted] == wanted, report
    assert report["cpu_s"] <= MOST_CPU_S, report
    assert report["peak_mb"] <= MOST_MB, report


def test_a_gentle_feed_is_read_by_the_same_code(victim: Victim) -> None:
    """Without this, a victim that refuses everything would pass."""
    report = victim.suffer(GENTLE[0])
    assert (report["health"], report["entries"], report["articles"]) == ("fresh", 1, 1)
