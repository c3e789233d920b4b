"""The picture in docs/architecture.md is the one that import-linter keeps."""

from __future__ import annotations

import re
import subprocess
import sys
import tomllib
from pathlib import Path

ROOT = Path(__file__).parents[2]


def test_the_documented_layers_are_the_contract() -> None:
    text = (ROOT / "docs/architecture.md").read_text(encoding="utf-8")
    found = re.search(r"<!-- layers -->\s*```\n(.*?)```", text, re.DOTALL)
    assert found is not None
    documented = found[1].split("\n")[:-1]
    project = tomllib.loads((ROOT / "pyproject.toml").read_text(encoding="utf-8"))
    (contract,) = project["tool"]["importlinter"]["contracts"]
    assert documented == contract["layers"]
    assert contract["exhaustive"] is True


def test_every_module_stays_small_and_is_named_for_what_it_holds() -> None:
    for path in (ROOT / "monitor").rglob("*.py"):
        assert path.stem not in {"utils", "util", "helpers", "common", "misc", "manager", "base"}
        lines = len(path.read_text(encoding="utf-8").splitlines())
        assert lines <= 500, f"{path} has {lines} lines"


def test_importing_the_command_line_loads_nothing_heavy() -> None:
    script = (
        "import sys, monitor.cli; "
        "heavy = ('trafilatura', 'sqlalchemy', 'telegram', 'feedparser', 'pymorphy3'); "
        "print([name for name in heavy if name in sys.modules])"
    )
    done = subprocess.run([sys.executable, "-c", script], capture_output=True, text=True, check=True)
    assert done.stdout.strip() == "[]"
