"""The picture in docs/architecture.md is the one that import-linter keeps."""

from __future__ import annotations

import ast
import re
import subprocess
import sys
import tomllib
from collections.abc import Iterator
from pathlib import Path
from typing import get_args

from monitor.core.delivery_kinds import KINDS
from monitor.core.payload_json import RECORDS
from monitor.model.alert import DeliveryKind

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
        assert lines <= 320, f"{path} has {lines} lines"


def test_importing_the_command_line_loads_nothing_heavy() -> None:
    script = (
        "import sys, monitor.cli; "
        "heavy = ('trafilatura', 'sqlalchemy', 'telegram', 'feedparser', 'pymorphy3'); "
        "print([name for name in heavy if name in sys.modules])"
    )
    done = subprocess.run([sys.executable, "-c", script], capture_output=True, text=True, check=True)
    assert done.stdout.strip() == "[]"


KIND_TABLE = ROOT / "monitor/core/delivery_kinds.py"


def test_only_the_table_of_kinds_tells_kinds_of_deliveries_apart() -> None:
    found = [
        place
        for path in (ROOT / "monitor").rglob("*.py")
        if path != KIND_TABLE
        for place in compared_kinds(path.read_text(encoding="utf-8"), str(path.relative_to(ROOT)))
    ]
    assert found == []


def test_a_comparison_of_kinds_is_seen_in_each_of_its_forms() -> None:
    forms = (
        'if delivery.kind == "alert": ...',
        'if "edit" != item.kind: ...',
        'if item.kind in {"edit", "reply"}: ...',
        'query.where(deliveries.c.kind == "notice")',
        'query.where(deliveries.c.kind.in_(("edit",)))',
        'match delivery.kind:\n    case "digest": ...',
    )
    assert [form for form in forms if not list(compared_kinds(form, "form"))] == []
    assert list(compared_kinds('if event.kind == "unsure": ...\nstr(item.kind)', "other")) == []


def test_every_kind_has_its_traits_and_its_payload() -> None:
    kinds = set(get_args(DeliveryKind))
    assert set(KINDS) == kinds
    assert set(RECORDS) == kinds


def test_no_logic_reads_an_untyped_payload() -> None:
    found = [
        f"{path.relative_to(ROOT)}:{node.lineno}"
        for path in (ROOT / "monitor").rglob("*.py")
        for node in ast.walk(ast.parse(path.read_text(encoding="utf-8")))
        if isinstance(node, ast.Subscript | ast.Attribute)
        and isinstance(node.value, ast.Attribute)
        and node.value.attr == "payload"
        and (isinstance(node, ast.Subscript) or node.attr in {"get", "items", "values", "keys"})
    ]
    assert found == []


def compared_kinds(code: str, name: str) -> Iterator[str]:
    """Where a ``kind`` is compared with the name of a kind of delivery."""
    names = set(get_args(DeliveryKind))
    for node in ast.walk(ast.parse(code)):
        sides: list[ast.expr] = []
        values: list[ast.AST] = []
        if isinstance(node, ast.Compare):
            sides, values = [node.left, *node.comparators], [node.left, *node.comparators]
        elif isinstance(node, ast.Match):
            sides, values = [node.subject], [case.pattern for case in node.cases]
        elif isinstance(node, ast.Call) and isinstance(node.func, ast.Attribute) and node.func.attr == "in_":
            sides, values = [node.func.value], list(node.args)
        texts = {each.value for value in values for each in ast.walk(value) if isinstance(each, ast.Constant)}
        if texts & names and any(isinstance(side, ast.Attribute) and side.attr == "kind" for side in sides):
            yield f"{name}:{node.lineno}"  # type: ignore[attr-defined]
