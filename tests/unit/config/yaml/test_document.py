"""Reading any bytes: a value or problems, never anything else."""

from __future__ import annotations

import tempfile
from pathlib import Path

from hypothesis import given
from hypothesis import strategies as st

from monitor.config.yaml.document import read

PIECES = st.sampled_from(
    [
        "a: ",
        "- ",
        "\n",
        "  ",
        "&a ",
        "*a",
        "!t ",
        "'",
        '"',
        "{",
        "}",
        "[",
        "]",
        ", ",
        "? ",
        "<<: ",
        "|\n",
        "---\n",
        "#",
        "\t",
        "x",
        "1",
        "null",
        "@",
        "é",
        "\0",
    ]
)


@given(
    st.one_of(
        st.lists(PIECES, max_size=25).map(lambda parts: "".join(parts).encode()), st.binary(max_size=60)
    )
)
def test_any_bytes_are_read_or_refused(content: bytes) -> None:
    with tempfile.TemporaryDirectory() as folder:
        path = Path(folder) / "a.yaml"
        path.write_bytes(content)
        document, problems = read(path, "a.yaml")
    assert document is not None or problems
    assert all(problem.message for problem in problems)
    lines = content.decode("utf-8", "replace").count("\n") + content.count(b"\r") + 2
    assert all(0 <= problem.line <= lines + 4 for problem in problems)


def test_yaml_1_2_texts_stay_texts(tmp_path: Path) -> None:
    path = tmp_path / "a.yaml"
    path.write_text("[no, on, 22:00, 2020-01-01, 1e400, .inf, 0o17, 12, 1.5, true, ~]", encoding="utf-8")
    document, problems = read(path, "a.yaml")
    assert document is not None
    assert not problems
    assert document.data == [
        "no", "on", "22:00", "2020-01-01", "1e400", ".inf", 15, 12, 1.5, True, None,
    ]  # fmt: skip
