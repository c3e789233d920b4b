"""From a place inside a YAML text value back to its place in the file.

A query stands in a file plain, quoted, as a block (``|``) or folded (``>``); YAML takes away
indentation, quotes, escapes and line ends. What is left of the value stands in the file in the
same order, so walking both together finds each character again.
"""

from __future__ import annotations

import re

from ruamel.yaml.nodes import ScalarNode

_ANCHOR = re.compile(r"[&!]\S*\s+")
_ESCAPE_DIGITS = {"x": 2, "u": 4, "U": 8}


def index_of(source: str, node: ScalarNode, offset: int) -> int:
    """Index in ``source`` of the value's character ``offset`` (the value's length means its end)."""
    start = _content_start(source, node)
    end = int(node.end_mark.index)
    quoted = node.style == '"'
    at = start
    for wanted in node.value[:offset]:
        at = _after(source, at, end, wanted, quoted=quoted)
    rest = node.value[offset : offset + 1]
    return min(_skip(source, at, end, rest, quoted=quoted) if rest else at, max(start, end))


def offset_of(value: str, line: int, column: int) -> int:
    """Offset of ``line`` and ``column`` (both from 1) inside ``value``, clipped to its end."""
    lines = value.split("\n")
    before = lines[: max(0, min(line, len(lines)) - 1)]
    own = lines[len(before)]
    return sum(len(text) + 1 for text in before) + max(0, min(column - 1, len(own)))


def _content_start(source: str, node: ScalarNode) -> int:
    at: int = node.start_mark.index
    while found := _ANCHOR.match(source, at):
        at = found.end()
    if node.style in {"'", '"'}:
        return at + 1
    if node.style in {"|", ">"}:
        header_end = source.find("\n", at)
        return int(node.end_mark.index) if header_end < 0 else header_end + 1
    return at


def _skip(source: str, at: int, end: int, wanted: str, *, quoted: bool) -> int:
    """The index at which ``wanted`` stands or is written as an escape."""
    while at < end:
        char = source[at]
        if quoted and char == "\\":
            if source[at + 1 : at + 2] not in {"\n", "\r"}:
                return at
            at += 1
        elif char == wanted or (wanted.isspace() and (char in "\r\n" or not char.isspace())):
            return at
        at += 1
    return end


def _after(source: str, at: int, end: int, wanted: str, *, quoted: bool) -> int:
    at = _skip(source, at, end, wanted, quoted=quoted)
    if quoted and source[at : at + 1] == "\\":
        return at + 2 + _ESCAPE_DIGITS.get(source[at + 1 : at + 2], 0)
    if wanted.isspace() and not source[at : at + 1].isspace():
        return at  # a folded line end that a blank before it has stood for already
    return at + 1
