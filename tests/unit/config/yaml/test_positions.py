"""A place inside a query is found again in the file, however YAML wrote the text."""

from __future__ import annotations

import io
from pathlib import Path

import pytest
from hypothesis import given, reject
from hypothesis import strategies as st
from ruamel.yaml import YAML
from ruamel.yaml.error import YAMLError
from ruamel.yaml.nodes import MappingNode, ScalarNode

from monitor.config.yaml import positions
from monitor.config.yaml.document import read

WRITTEN = {
    "plain": "q: one two three",
    "plain on several lines": "q: one\n  two\n\n  three",
    "single quotes": "q: 'it''s one two three'",
    "double quotes": 'q: "\\"one\\" \\u0442wo\\n two three"',
    "double quotes, line joined": 'q: "one \\\n  two three"',
    "folded": "q: >-\n  one two\n  three",
    "folded, blank line": "q: >\n    one\n\n    two\n    three\n",
    "literal": "q: |\n  one\n    two\n  three\n",
    "literal, indentation said": "q: |2-\n  one\n  two three\n",
    "anchored": "q: &one one two three",
    "anchored block": "q: &one >-\n  one\n  two three",
    "windows lines": "q: >-\r\n  one\r\n  two\r\n  three\r\n",
}


@pytest.mark.parametrize("source", WRITTEN.values(), ids=WRITTEN.keys())
def test_each_word_is_found(source: str, tmp_path: Path) -> None:
    (tmp_path / "a.yaml").write_bytes(source.encode())
    document, problems = read(tmp_path / "a.yaml", "a.yaml")
    assert document is not None
    assert not problems
    assert isinstance(document.data, dict)
    value = document.data["q"]
    for word in ("two", "three"):
        before = value[: value.index(word)]
        line, column = before.count("\n") + 1, len(before) - (before.rfind("\n") + 1) + 1
        row, place = document.inside(("q",), line, column)
        found = source.replace("\r\n", "\n").split("\n")[row - 1][place - 1 :]
        assert found.startswith(word), (row, place)


@given(
    st.text(st.sampled_from("ab Шя'\"\\\n:#"), min_size=1),
    st.sampled_from(["|", ">", "'", '"', None]),
)
def test_every_character_is_at_its_place(text: str, style: str | None) -> None:
    """Whatever a dumper writes, a place in the value is at its character in the file."""
    out = io.StringIO()
    tag = "tag:yaml.org,2002:"
    pair = (ScalarNode(f"{tag}str", "q"), ScalarNode(f"{tag}str", text, style=style))
    pure().serialize(MappingNode(f"{tag}map", [pair]), out)
    source = out.getvalue()
    try:
        node = pure().compose(source).value[0][1]
    except YAMLError:
        reject()  # the dumper wrote what nobody can read
    for offset, char in enumerate(node.value):
        if not char.isspace():
            assert source[positions.index_of(source, node, offset)] in {char, "\\"}


def pure() -> YAML:
    return YAML(typ="safe", pure=True)
