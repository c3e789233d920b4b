"""Change ``monitor/core`` on purpose, a sample of small faults, and print which share the unit tests catch.

Cosmic Ray makes the faults and runs the tests, in a copy of the tree. A fault is held against the tests that
mirror its module, those that import it, and those of its subject, in this order (``chosen_tests``). Left out
is only what nobody could notice (``unnoticed``).
"""

from __future__ import annotations

import argparse
import ast
import random
import shutil
import sqlite3
import subprocess
import sys
import tempfile
from collections.abc import Callable, Collection, Iterator
from contextlib import closing
from functools import cache
from pathlib import Path

ROOT = Path(__file__).parents[2]
GOAL = 0.92
COPIED = ("monitor", "tests", "docs", "config", "seeds", "pyproject.toml", "README.md")
SETTINGS = """[cosmic-ray]
module-path = "monitor/core"
timeout = 300.0
excluded-modules = []
test-command = "{python} -m pytest -x -q -p no:randomly -p no:cacheprovider {tests}"

[cosmic-ray.distributor]
name = "local"
"""
ELSEWHERE = {
    "why": ("tests/unit/cli/archive/test_why.py",),
    "data": (
        "tests/unit/core/query/names",
        "tests/unit/core/query/forms/belarusian/test_orthography.py",
        "tests/unit/core/story",
    ),
}
"""Tests of a folder's behaviour that stand in no folder of its name."""

UNIT = Path("tests/unit/core")
Place = tuple[int, int]


@cache
def _importers() -> tuple[tuple[str, frozenset[str]], ...]:
    """Each unit test with the modules that it imports."""
    found = []
    for path in sorted((ROOT / "tests/unit").rglob("test_*.py")):
        names = set()
        for node in ast.walk(ast.parse(path.read_text(encoding="utf-8"))):
            if isinstance(node, ast.ImportFrom) and node.module:
                names |= {node.module, *(f"{node.module}.{each.name}" for each in node.names)}
        found.append((path.relative_to(ROOT).as_posix(), frozenset(names)))
    return tuple(found)


def chosen_tests(module: Path) -> list[str]:
    """The tests that a fault in this module is held against, those first that most likely catch it."""
    inside = module.relative_to("monitor/core")
    mirror = UNIT / inside.parent / f"test_{inside.name}"
    named = ".".join(module.with_suffix("").parts)
    importing = [Path(path) for path, names in _importers() if named in names]
    near = [path for path in importing if path.is_relative_to(UNIT)]
    folders = [UNIT / inside.parent, UNIT / inside.parts[0]] if len(inside.parts) > 1 else []
    more = [
        Path(path) for folder, paths in ELSEWHERE.items() if inside.is_relative_to(folder) for path in paths
    ]
    chosen = [mirror, *(near or importing), *folders, *more]
    return list(dict.fromkeys(path.as_posix() for path in chosen if (ROOT / path).exists()))


def unnoticed(source: str) -> Callable[[str, Place, Place], bool]:
    """Whether a fault, by its operator and place, is one that no user could notice, however it is tested."""
    tree = ast.parse(source)
    typed = list(_annotations(tree))
    records = [each for each in _decorators(tree) if _called(each) == "dataclass"]
    caches = [each for each in _decorators(tree) if _called(each) in {"lru_cache", "cache", "cached"}]
    caches_at = {(each.lineno, each.col_offset - 1) for each in caches}  # with the sign "@"

    lines = source.splitlines()
    quotes = [each.value for each in ast.walk(tree) if isinstance(each, ast.keyword) and each.arg == "quote"]

    def hidden(operator: str, start: Place, end: Place) -> bool:
        name = operator.rpartition("/")[2]
        if name.startswith("ReplaceBinaryOperator_BitOr_") and _inside(typed, start, end):
            return True  # nothing runs an annotation
        if name == "ReplaceTrueWithFalse" and _inside(records, start, end):
            return True  # frozen, slots, kw_only: they hold for who writes code; a record says the same
        if name.startswith("ReplaceBinaryOperator_Mul_") and lines[start[0] - 1][start[1] :].startswith("*,"):
            return True  # the sign between parameters: how a function is called, not what it does
        if name == "ReplaceFalseWithTrue" and _inside(quotes, start, end):
            return True  # quotation marks escaped in a text: it reads the same
        if _inside(caches, start, end) or (name == "RemoveDecorator" and start in caches_at):
            return True  # what is remembered, and how much: speed, not an answer
        # Records, None and flags: "is" and "==" give one answer where nothing defines another "==".
        return name in {"ReplaceComparisonOperator_Is_Eq", "ReplaceComparisonOperator_IsNot_NotEq"}

    return hidden


def _annotations(tree: ast.AST) -> Iterator[ast.expr]:
    for node in ast.walk(tree):
        if isinstance(node, ast.AnnAssign | ast.arg) and node.annotation:
            yield node.annotation
        if isinstance(node, ast.FunctionDef) and node.returns:
            yield node.returns


def _decorators(tree: ast.AST) -> Iterator[ast.expr]:
    for node in ast.walk(tree):
        if isinstance(node, ast.FunctionDef | ast.ClassDef):
            yield from node.decorator_list


def _called(decorator: ast.expr) -> str:
    named = decorator.func if isinstance(decorator, ast.Call) else decorator
    return named.id if isinstance(named, ast.Name) else named.attr if isinstance(named, ast.Attribute) else ""


def _inside(nodes: list[ast.expr], start: Place, end: Place) -> bool:
    return any(
        (node.lineno, node.col_offset) <= start
        and end <= (node.end_lineno or node.lineno, node.end_col_offset or 0)
        for node in nodes
    )


def copied(folder: Path) -> None:
    for name in COPIED:
        source = ROOT / name
        (shutil.copytree if source.is_dir() else shutil.copy)(source, folder / name)


def cosmic_ray(folder: Path, *words: str) -> None:
    command = [sys.executable, "-m", "cosmic_ray.cli", *words]
    subprocess.run(command, cwd=folder, check=True, stdout=subprocess.DEVNULL)


def faults(session: Path, folder: Path) -> dict[str, list[str]]:
    """What can be tried in each part of core: job ids in the order of the code."""
    hidden = cache(lambda module: unnoticed((folder / module).read_text(encoding="utf-8")))
    query = (
        "SELECT job_id, module_path, operator_name, start_pos_row, start_pos_col, end_pos_row, end_pos_col "
        "FROM mutation_specs ORDER BY module_path, start_pos_row, start_pos_col, operator_name, occurrence"
    )
    parts: dict[str, list[str]] = {}
    with closing(sqlite3.connect(session)) as database:
        for job, module, operator, *place in database.execute(query):
            row, column, last_row, last_column = place
            if not hidden(module)(operator, (row, column), (last_row, last_column)):
                inside = Path(module).relative_to("monitor/core")
                parts.setdefault(inside.parts[0] if len(inside.parts) > 1 else ".", []).append(job)
    return parts


def keep(session: Path, jobs: Collection[str]) -> None:
    """Leave these faults only."""
    with closing(sqlite3.connect(session)) as database, database:
        every = {row[0] for row in database.execute("SELECT job_id FROM work_items")}
        gone = [(job,) for job in every - set(jobs)]
        database.executemany("DELETE FROM mutation_specs WHERE job_id = ?", gone)
        database.executemany("DELETE FROM work_items WHERE job_id = ?", gone)


def modules_of(session: Path) -> dict[str, list[str]]:
    found: dict[str, list[str]] = {}
    with closing(sqlite3.connect(session)) as database:
        for module, job in database.execute("SELECT module_path, job_id FROM mutation_specs ORDER BY 1"):
            found.setdefault(module, []).append(job)
    return found


def tried(folder: Path, session: Path, module: str, jobs: Collection[str]) -> list[tuple[str, str]]:
    """What was changed in a module, and what came of it: KILLED, SURVIVED, TIMEOUT (caught as well)."""
    settings, own = folder / "settings.toml", folder / "module.sqlite"
    tests = " ".join(chosen_tests(Path(module)))
    settings.write_text(SETTINGS.format(python=sys.executable, tests=tests), encoding="utf-8")
    shutil.copy(session, own)
    keep(own, jobs)
    cosmic_ray(folder, "exec", settings.name, own.name)
    query = (
        "SELECT module_path || ':' || start_pos_row || ' ' || operator_name, "
        "CASE output WHEN 'timeout' THEN 'TIMEOUT' ELSE upper(test_outcome) END "
        "FROM work_results JOIN mutation_specs USING (job_id) ORDER BY start_pos_row"
    )
    with closing(sqlite3.connect(own)) as database:
        return [(str(where), str(outcome)) for where, outcome in database.execute(query)]


def main() -> int:
    """Try a sample of each part, module by module; print what was missed and the share caught."""
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--each", type=int, default=40, help="faults in each part of core")
    parser.add_argument("--part", action="append", help='only these parts of core; "." is its own modules')
    parser.add_argument("--seed", type=int, default=1)
    chosen = parser.parse_args()
    dice, found = random.Random(chosen.seed), list[tuple[str, str]]()
    with tempfile.TemporaryDirectory(prefix="mutants-") as name:
        folder = Path(name)
        copied(folder)
        session = folder / "core.sqlite"
        (folder / "settings.toml").write_text(
            SETTINGS.format(python=sys.executable, tests=""), encoding="utf-8"
        )
        cosmic_ray(folder, "init", "settings.toml", session.name)
        parts = faults(session, folder)
        picked = [dice.sample(jobs, min(chosen.each, len(jobs))) for part, jobs in sorted(parts.items())
                  if not chosen.part or part in chosen.part]  # fmt: skip
        keep(session, {job for jobs in picked for job in jobs})
        for module, jobs in modules_of(session).items():
            now_found = tried(folder, session, module, jobs)
            sys.stdout.writelines(f"{outcome.lower()}: {where}\n" for where, outcome in now_found)
            sys.stdout.flush()
            found += now_found
    missed = sum(outcome == "SURVIVED" for _, outcome in found)
    share = 1 - missed / len(found) if found else 0.0
    late = sum(outcome == "TIMEOUT" for _, outcome in found)
    sys.stdout.write(
        f"caught {share:.3f} of {len(found)} faults (goal {GOAL}), {late} of them by their time\n"
    )
    return 0 if share >= GOAL else 1


if __name__ == "__main__":
    raise SystemExit(main())
