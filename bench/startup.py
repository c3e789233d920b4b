"""How long a command takes before it says something: CPU beside a floor, in one run.

    .venv/bin/python bench/startup.py [--config config] [--rounds 5]

The floor is ``python -c "import yaml"`` (an interpreter and one library). ``check`` is of the shipped config
with its 150 examples in seven languages, and of one that ``monitor init`` wrote. Medians of interleaved
rounds, CPU seconds of the child, so that a busy machine hurts no one more than another.
"""

from __future__ import annotations

import argparse
import resource
import statistics
import subprocess
import sys
import tempfile
from pathlib import Path

from parts.last_line import last_line

GOALS = {"help s": 0.4, "check s": 1.5}


def spent(words: list[str]) -> float:
    """CPU seconds of one child."""
    before = resource.getrusage(resource.RUSAGE_CHILDREN)
    subprocess.run([sys.executable, *words], check=True, stdout=subprocess.DEVNULL, stderr=subprocess.DEVNULL)
    after = resource.getrusage(resource.RUSAGE_CHILDREN)
    return after.ru_utime + after.ru_stime - before.ru_utime - before.ru_stime


def main() -> None:
    """Measure and print."""
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--config", default="config")
    parser.add_argument("--rounds", type=int, default=5)
    given = parser.parse_args()
    with tempfile.TemporaryDirectory() as folder:
        small = str(Path(folder) / "config")
        monitor = ["-m", "monitor"]
        words = ["--words", "lithium, litio, литијум", "--languages", "en,es,sr", "--yes"]
        spent([*monitor, "init", small, *words])
        commands = {
            "floor": ["-c", "import yaml"],
            "help": [*monitor, "--help"],
            "check (init)": [*monitor, "check", "-c", small],
            "check": [*monitor, "check", "-c", given.config],
        }
        times: dict[str, list[float]] = {name: [] for name in commands}
        for _ in range(given.rounds):
            for name, command in commands.items():
                times[name].append(spent(command))
    found = {name: statistics.median(each) for name, each in times.items()}
    for name, seconds in found.items():
        print(f"{name:<14} {seconds:6.2f} s CPU  {seconds / found['floor']:6.1f} x floor")
    ours = {"help s": round(found["help"], 3), "check s": round(found["check"], 3)}
    floor = {"import yaml s": round(found["floor"], 3)}
    ratios = {name: round(seconds / found["floor"], 1) for name, seconds in found.items()}
    holds = all(ours[name] <= goal for name, goal in GOALS.items())
    print(last_line("startup", ours=ours, peers=floor, ratios=ratios, goals=GOALS, holds=holds))


if __name__ == "__main__":
    main()
