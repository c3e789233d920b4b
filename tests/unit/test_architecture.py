"""The picture in docs/architecture.md is the one that import-linter keeps."""

from __future__ import annotations

import ast
import re
import subprocess
import sys
import tomllib
from collections import Counter, defaultdict
from collections.abc import Iterator
from pathlib import Path
from typing import get_args

import pytest

from monitor.core.delivery.kinds import KINDS
from monitor.core.delivery.payload_json import RECORDS
from monitor.model.alert import DeliveryKind

ROOT = Path(__file__).parents[2]


@pytest.mark.parametrize(("at", "name"), list(enumerate(["layers", "subjects of core"])))
def test_the_documented_layers_are_the_contract(at: int, name: str) -> None:
    text = (ROOT / "docs/architecture.md").read_text(encoding="utf-8")
    found = re.search(rf"<!-- {name} -->\s*```\n(.*?)```", text, re.DOTALL)
    assert found is not None
    documented = found[1].split("\n")[:-1]
    project = tomllib.loads((ROOT / "pyproject.toml").read_text(encoding="utf-8"))
    contract = project["tool"]["importlinter"]["contracts"][at]
    assert documented == contract["layers"]
    assert contract["exhaustive"] is True


MODULES = sorted((ROOT / "monitor").rglob("*.py"))
MAX_LINES, MAX_MODULES = 500, 15


def test_every_module_stays_small_and_is_named_for_what_it_holds() -> None:
    for path in MODULES:
        assert path.stem not in {"utils", "util", "helpers", "common", "misc", "manager", "base"}
        text = path.read_text(encoding="utf-8")
        assert len(text.splitlines()) <= MAX_LINES, f"{path} has {len(text.splitlines())} lines"


def test_no_folder_holds_more_than_fifteen_modules() -> None:
    sizes = Counter(path.parent for path in MODULES if path.stem != "__init__")
    full = {str(folder.relative_to(ROOT)): count for folder, count in sizes.items() if count > MAX_MODULES}
    assert not full, f"cut these folders by subject: {full}"


def test_every_package_says_what_it_holds() -> None:
    for path in MODULES:
        if path.stem == "__init__":
            documented = ast.get_docstring(ast.parse(path.read_text(encoding="utf-8")))
            assert documented, f"{path.relative_to(ROOT)} has no docstring"


def test_a_class_name_is_defined_once() -> None:
    """A reader who searches for a name finds one thing."""
    places: dict[str, list[str]] = defaultdict(list)
    for path in MODULES:
        for node in ast.parse(path.read_text(encoding="utf-8")).body:
            if isinstance(node, ast.ClassDef) and not node.name.startswith("_"):
                places[node.name].append(str(path.relative_to(ROOT)))
    twice = {name: found for name, found in places.items() if len(found) > 1}
    assert not twice


def test_importing_the_command_line_loads_nothing_heavy() -> None:
    script = (
        "import sys, monitor.cli; "
        "heavy = ('trafilatura', 'sqlalchemy', 'telegram', 'feedparser', 'pymorphy3'); "
        "print([name for name in heavy if name in sys.modules])"
    )
    done = subprocess.run([sys.executable, "-c", script], capture_output=True, text=True, check=True)
    assert done.stdout.strip() == "[]"


def test_every_method_of_a_port_has_a_caller_in_the_package() -> None:
    """What only tests call is deleted, or gets the command that it was made for."""
    trees = {path: ast.parse(path.read_text(encoding="utf-8")) for path in (ROOT / "monitor").rglob("*.py")}
    ports = [each for path, tree in trees.items() if path.parent.name == "ports" for each in _classes(tree)]
    callers = [_Mentions(tree) for path, tree in trees.items() if path.parent.name != "ports"]
    fields = {
        (ast.unparse(field.annotation), field.target.id)
        for record in ports
        if not _is_protocol(record)
        for field in record.body
        if isinstance(field, ast.AnnAssign) and isinstance(field.target, ast.Name)
    }
    dead = [
        f"{port.name}.{method.name}"
        for port in filter(_is_protocol, ports)
        for names in [{name for kind, name in fields if kind == port.name}]
        for method in port.body
        if isinstance(method, ast.FunctionDef) and method.name != "__call__"
        if not any(module.calls(port.name, names, method.name) for module in callers)
    ]
    assert dead == []


def _classes(tree: ast.Module) -> Iterator[ast.ClassDef]:
    return (node for node in tree.body if isinstance(node, ast.ClassDef))


def _is_protocol(node: ast.ClassDef) -> bool:
    return any(ast.unparse(base) == "Protocol" for base in node.bases)


class _Mentions:
    """What a module assigns, annotates and asks attributes of, as text: read once, asked many times."""

    def __init__(self, tree: ast.Module) -> None:
        self.assigned: list[tuple[str, str]] = []
        self.annotated: list[tuple[str, str]] = []
        self.attributes: defaultdict[str, set[str]] = defaultdict(set)
        for node in ast.walk(tree):
            if isinstance(node, ast.Assign):
                pairs = [(node.targets[0], node.value)]
                if isinstance(node.targets[0], ast.Tuple) and isinstance(node.value, ast.Tuple):
                    pairs = list(zip(node.targets[0].elts, node.value.elts, strict=True))
                self.assigned += [(ast.unparse(name), _last(value)) for name, value in pairs]
            elif isinstance(node, ast.arg | ast.AnnAssign) and node.annotation is not None:
                name = node.arg if isinstance(node, ast.arg) else ast.unparse(node.target)
                self.annotated.append((name, ast.unparse(node.annotation)))
            elif isinstance(node, ast.Attribute):
                self.attributes[node.attr].add(_last(node.value))

    def calls(self, port: str, fields: set[str], method: str) -> bool:
        """Whether the module asks the port for the method: through a field of its records
        (``store.outbox``), or a name that is such a field or is annotated with the port. A port in no
        record: by name alone."""
        asked = self.attributes.get(method, set())
        if not fields:
            return bool(asked)
        names = fields | {name for name, value in self.assigned if value in fields}
        names |= {name for name, kind in self.annotated if re.search(rf"\b{port}\b", kind)}
        return not asked.isdisjoint(names)


def _last(node: ast.expr) -> str:
    return node.attr if isinstance(node, ast.Attribute) else ast.unparse(node)


KIND_TABLE = ROOT / "monitor/core/delivery/kinds.py"


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


# They show traces to people; everybody else may only hand one on.
MAY_LOOK_INTO_A_TRACE = {"store/queries/trace.py", "cli/archive/why.py", "core/why/article.py"}


def test_no_logic_reads_a_trace() -> None:
    """``trace`` explains to people what happened. A decision that read it would hang on a text for people."""
    found = [
        f"{name}:{line}"
        for path in sorted((ROOT / "monitor").rglob("*.py"))
        if (name := str(path.relative_to(ROOT / "monitor"))) not in MAY_LOOK_INTO_A_TRACE
        for line in looks_into_trace(path.read_text(encoding="utf-8"))
    ]
    assert found == []


def test_the_rule_about_traces_sees_each_way_of_reading_one() -> None:
    for reading in (
        'placed.trace["headline_since"]',
        'placed.trace.get("live")',
        "analysis.trace == {}",
        'trace["live"]',
        'trace.get("live")',
        'row["trace"]',
        'row.get("trace")',
        "'live' in trace",
        "for name in trace: pass",
        "if trace: pass",
        "getattr(placed, 'trace')",
        "dict(trace)",
    ):
        assert looks_into_trace(reading), reading
    for handing_on in (
        "trace: dict[str, object] = {'late': late}",
        "Placed(trace=trace)",
        "Placed(trace={**analysis.trace, 'late': late})",
        "trace = trace_of(extracted)",
        "return trace | {'late': late}",
        "values = {'at': now, 'trace': placed.trace}",
        "Column('trace', Json, nullable=False)",
    ):
        assert not looks_into_trace(handing_on), handing_on


def looks_into_trace(source: str) -> list[int]:
    """Lines that use a trace as anything but a whole: handed on, merged into another one, returned."""
    tree = ast.parse(source)
    parents = {child: node for node in ast.walk(tree) for child in ast.iter_child_nodes(node)}
    lines = []
    for node in ast.walk(tree):
        if isinstance(node, ast.Constant) and node.value == "trace":
            if _is_key(parents[node]):
                lines.append(node.lineno)
        elif (
            isinstance(node, ast.Name | ast.Attribute)
            and _is_trace(node)
            and not _only_handed_on(node, parents[node])
        ):
            lines.append(node.lineno)
    return lines


def _is_key(parent: ast.AST) -> bool:
    """Whether what stands in it is asked for: ``row["trace"]``, ``row.get("trace")``, ``getattr(…)``."""
    if not isinstance(parent, ast.Call):
        return isinstance(parent, ast.Subscript)
    name = parent.func.attr if isinstance(parent.func, ast.Attribute) else ast.unparse(parent.func)
    return name in {"get", "pop", "getattr", "itemgetter", "attrgetter"}


def _is_trace(node: ast.Name | ast.Attribute) -> bool:
    name = node.attr if isinstance(node, ast.Attribute) else node.id
    return name == "trace" and isinstance(node.ctx, ast.Load)


def _only_handed_on(node: ast.AST, parent: ast.AST) -> bool:
    if isinstance(parent, ast.Call):
        return node is parent.func  # a method of this name
    if isinstance(parent, ast.Dict):
        return node in parent.values
    merged = isinstance(parent, ast.BinOp) and isinstance(parent.op, ast.BitOr)
    return merged or isinstance(parent, ast.keyword | ast.Return)


UNIT_TESTS = ROOT / "tests/unit"


def test_a_unit_test_mirrors_a_module_or_is_named_in_the_readme_of_tests() -> None:
    """Who looks for the tests of a module finds them at its own path, or is told where else."""
    documented = (ROOT / "tests/README.md").read_text(encoding="utf-8")
    named = set(re.findall(r"^\| `(\S*test_\w+\.py)` \|", documented, re.MULTILINE))
    strays = {
        str(path.relative_to(UNIT_TESTS)) for path in UNIT_TESTS.rglob("test_*.py") if not mirrored(path)
    }
    assert strays - named == set(), "name these in tests/README.md with the reason, or move them"
    assert named - strays == set(), "named in tests/README.md, and they mirror a module or are gone"


def test_the_rule_about_mirrors_knows_a_module_a_package_and_neither() -> None:
    assert mirrored(UNIT_TESTS / "core/query/engine/test_matcher.py")
    assert mirrored(UNIT_TESTS / "core/test_query.py")
    assert not mirrored(UNIT_TESTS / "core/query/test_matcher.py")


def mirrored(test: Path) -> bool:
    """Whether ``tests/unit/a/test_b.py`` has its ``monitor/a/b.py`` or ``monitor/a/b/``."""
    module = ROOT / "monitor" / test.relative_to(UNIT_TESTS).with_name(test.stem.removeprefix("test_"))
    return module.with_suffix(".py").is_file() or (module / "__init__.py").is_file()
