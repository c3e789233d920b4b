"""Which faults ``make mutants`` leaves out, and which tests it holds the others against."""

from __future__ import annotations

from pathlib import Path

import pytest

from tests.support.mutants import ROOT, chosen_tests, unnoticed

CODE = """\
@dataclass(frozen=True)
class Pair:
    one: int | None = None

@lru_cache(maxsize=16)
def both(a: int | str, *, b: bool = True) -> int | None:
    return escape(a | b, quote=False) if a is None else a * b
"""


@pytest.mark.parametrize(
    ("operator", "shown", "line", "left_out"),
    [
        ("core/ReplaceTrueWithFalse", "True", 1, True),
        ("core/ReplaceTrueWithFalse", "True", 6, False),
        ("core/ReplaceBinaryOperator_BitOr_Add", "|", 3, True),
        ("core/ReplaceBinaryOperator_BitOr_Add", "|", 6, True),
        ("core/ReplaceBinaryOperator_BitOr_Add", "|", 7, False),
        ("core/NumberReplacer", "16", 5, True),
        ("core/RemoveDecorator", "@", 5, True),
        ("core/RemoveDecorator", "@", 1, False),
        ("core/ReplaceBinaryOperator_Mul_Div", "*", 6, True),
        ("core/ReplaceBinaryOperator_Mul_Div", "*", 7, False),
        ("core/ReplaceFalseWithTrue", "False", 7, True),
        ("core/ReplaceComparisonOperator_Is_Eq", "is", 7, True),
        ("core/ReplaceComparisonOperator_Is_IsNot", "is", 7, False),
        ("core/AddNot", "a is None", 7, False),
    ],
)
def test_only_what_nobody_could_notice_is_left_out(
    operator: str, shown: str, line: int, left_out: bool
) -> None:
    column = CODE.splitlines()[line - 1].index(shown)
    found = unnoticed(CODE)(operator, (line, column), (line, column + len(shown)))
    assert found is left_out


def test_the_tests_that_mirror_a_module_come_first_then_those_that_import_it() -> None:
    found = chosen_tests(Path("monitor/core/story/terms.py"))
    assert found[0] == "tests/unit/core/story/test_terms.py"
    assert "tests/unit/core/story/test_copies.py" in found
    assert found[-1] == "tests/unit/core/story"
    assert (
        chosen_tests(Path("monitor/core/message/report.py"))[0] == "tests/unit/core/delivery/test_report.py"
    )


def test_every_module_of_core_with_code_has_tests() -> None:
    for path in sorted((ROOT / "monitor/core").rglob("*.py")):
        if path.name != "__init__.py":
            assert chosen_tests(path.relative_to(ROOT)), path
