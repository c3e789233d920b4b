"""Change ``monitor/core`` on purpose, a sample of small faults, and print which share the unit tests catch.

Cosmic Ray makes the faults and runs the tests, in a copy of the tree. Each fault in ``core/X`` is held
against ``tests/unit/core/X`` only, so that the share says what the tests of a subject catch.
"""

from __future__ import annotations

import argparse
import random
import shutil
import sqlite3
import subprocess
import sys
import tempfile
from contextlib import closing
from pathlib import Path

ROOT = Path(__file__).parents[2]
GOAL = 0.92
COPIED = ("monitor", "tests", "docs", "config", "seeds", "pyproject.toml")
SETTINGS = """[cosmic-ray]
module-path = "monitor/core/{part}"
timeout = 120.0
excluded-modules = []
test-command = "{python} -m pytest -x -q -p no:randomly -p no:cacheprovider tests/unit/core/{part}"

[cosmic-ray.distributor]
name = "local"
"""


def copied(folder: Path) -> None:
    for name in COPIED:
        source = ROOT / name
        (shutil.copytree if source.is_dir() else shutil.copy)(source, folder / name)


def cosmic_ray(folder: Path, *words: str) -> None:
    command = [sys.executable, "-m", "cosmic_ray.cli", *words]
    subprocess.run(command, cwd=folder, check=True, stdout=subprocess.DEVNULL)


def keep_some(session: Path, count: int, dice: random.Random) -> None:
    """Leave a sample of the faults to be tried."""
    with closing(sqlite3.connect(session)) as database, database:
        every = {row[0] for row in database.execute("SELECT job_id FROM work_items")}
        # ``|`` stands mostly in annotations, which nothing runs: no test could catch those.
        query = "SELECT job_id FROM mutation_specs WHERE operator_name NOT LIKE '%BinaryOperator_BitOr_%'"
        jobs = [row[0] for row in database.execute(f"{query} ORDER BY module_path, start_pos_row, job_id")]
        spared = every - set(dice.sample(jobs, min(count, len(jobs))))
        for table in ("mutation_specs", "work_items"):
            database.executemany(f"DELETE FROM {table} WHERE job_id = ?", [(job,) for job in spared])  # noqa: S608 - our names


def outcomes(session: Path) -> list[tuple[str, str]]:
    """What was changed, and what came of it."""
    query = (
        "SELECT module_path || ':' || start_pos_row || ' ' || operator_name, test_outcome "
        "FROM work_results JOIN mutation_specs USING (job_id)"
    )
    with closing(sqlite3.connect(session)) as database:
        return [(str(where), str(outcome)) for where, outcome in database.execute(query)]


def main() -> int:
    """Try the sample part by part; print what was missed and the share caught."""
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--each", type=int, default=40, help="faults in each part of core")
    parser.add_argument("--part", action="append", help="only these parts of core")
    parser.add_argument("--seed", type=int, default=1)
    chosen = parser.parse_args()
    parts = chosen.part or sorted(path.name for path in (ROOT / "tests/unit/core").iterdir() if path.is_dir())
    dice, found = random.Random(chosen.seed), list[tuple[str, str]]()
    with tempfile.TemporaryDirectory(prefix="mutants-") as name:
        folder = Path(name)
        copied(folder)
        for part in (each for each in parts if (folder / "monitor/core" / each).is_dir()):
            settings, session = folder / f"{part}.toml", folder / f"{part}.sqlite"
            settings.write_text(SETTINGS.format(part=part, python=sys.executable), encoding="utf-8")
            cosmic_ray(folder, "init", settings.name, session.name)
            keep_some(session, chosen.each, dice)
            cosmic_ray(folder, "exec", settings.name, session.name)
            now_found = outcomes(session)
            sys.stdout.write(f"{part}: {len(now_found)} tried\n")
            found += now_found
    missed = [where for where, outcome in found if not outcome.upper().endswith("KILLED")]
    sys.stdout.writelines(f"missed: {where}\n" for where in missed)
    share = 1 - len(missed) / len(found) if found else 0.0
    sys.stdout.write(f"caught {share:.3f} of {len(found)} faults (goal {GOAL})\n")
    return 0 if share >= GOAL else 1


if __name__ == "__main__":
    raise SystemExit(main())
