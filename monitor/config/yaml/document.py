"""One YAML file as plain values, with the place of every key and value.

Read through ruamel.yaml's node graph (YAML 1.2: ``no`` and ``22:00`` are texts), because its
nodes know their marks. Refused: tags, merge keys, keys said twice, values that hold themselves,
and aliases that blow a small file up.
"""

from __future__ import annotations

import math
import re
import warnings
from collections.abc import Iterator, Sequence
from dataclasses import dataclass, field
from pathlib import Path

from ruamel.yaml import YAML
from ruamel.yaml.error import MarkedYAMLError, ReusedAnchorWarning, YAMLError
from ruamel.yaml.nodes import MappingNode, Node, ScalarNode, SequenceNode
from ruamel.yaml.reader import ReaderError

from monitor.config.yaml import positions, syntax_errors
from monitor.errors import Problem

MAX_BYTES = 1_000_000
MAX_VALUES = 200_000
"""Values in one file, those that aliases repeat counted each time."""

_TAGGED = re.compile(r"(?:&\S+\s+)?!")
_PREFIX = "tag:yaml.org,2002:"
_TOKEN = re.compile(r"(?<![\w-])\d{6,12}:[A-Za-z0-9_-]{30,}")

YamlPath = tuple[str | int, ...]


@dataclass(frozen=True, slots=True, kw_only=True)
class YamlDocument:
    """A file that could be read. ``file`` is its name as people know it; ``data`` its content."""

    file: str
    source: str
    data: object
    root: Node | None

    def place(self, path: Sequence[str | int], *, key: bool = False) -> tuple[int, int]:
        """Line and column (from 1) of the value at ``path``, or of its key.

        Steps that the file does not have are left out; a file without content answers (1, 1).
        """
        if self.root is None:
            return 1, 1
        node, name = _descend(self.root, path)
        mark = (name if key and name is not None else node).start_mark
        return mark.line + 1, mark.column + 1

    def inside(self, path: Sequence[str | int], line: int, column: int) -> tuple[int, int]:
        """Line and column in the file of a place inside the text value at ``path``."""
        node = _descend(self.root, path)[0] if self.root is not None else None
        if not isinstance(node, ScalarNode):
            return self.place(path)
        index = positions.index_of(self.source, node, positions.offset_of(node.value, line, column))
        return _line_column(self.source, index)

    def problem(
        self,
        path: Sequence[str | int],
        message: str,
        hint: str = "",
        *,
        key: bool = False,
        level: str = "error",
    ) -> Problem:
        """A problem at the value (or key) at ``path``."""
        line, column = self.place(path, key=key)
        return Problem(file=self.file, line=line, column=column, message=message, hint=hint, level=level)


def read(path: Path, shown: str) -> tuple[YamlDocument | None, tuple[Problem, ...]]:
    """Read one file; ``shown`` is its name in problems. No document when it cannot be read."""
    text, trouble = _text(path, shown)
    if trouble is not None:
        return None, (trouble,)
    leaked = tuple(_tokens(text, shown))
    try:
        with warnings.catch_warnings():  # an anchor given twice; anchors are refused anyway
            warnings.simplefilter("ignore", ReusedAnchorWarning)
            root = YAML(typ="safe", pure=True).compose(text)
        reader = _Reader(shown, text)
        data = None if root is None else reader.value(root)
    except (MarkedYAMLError, ReaderError) as error:
        return None, (*leaked, syntax_errors.explain(error, shown, text))
    except YAMLError as error:
        return None, (*leaked, Problem(file=shown, line=0, column=0, message=str(error)))
    except RecursionError:
        return None, (
            *leaked,
            Problem(file=shown, line=0, column=0, message="values are nested too deeply"),
        )
    problems = (*leaked, *reader.problems)
    fatal = any(problem.line == 0 for problem in reader.problems)
    document = YamlDocument(file=shown, source=text, data=data, root=root)
    return None if fatal else document, problems


def _text(path: Path, shown: str) -> tuple[str, Problem | None]:
    def refuse(message: str, hint: str, line: int = 0, column: int = 0) -> tuple[str, Problem]:
        return "", Problem(file=shown, line=line, column=column, message=message, hint=hint)

    try:
        raw = path.read_bytes()
    except OSError as error:
        return refuse(f"cannot be read: {error.strerror}", "check the file's permissions")
    if len(raw) > MAX_BYTES:
        size = f"{len(raw) / 1e6:.1f} MB"
        return refuse(f"is too large: {size}, at most 1 MB", "split it into several files")
    try:
        return raw.decode("utf-8-sig"), None
    except UnicodeDecodeError as error:
        before = raw[: error.start]
        line = before.count(b"\n") + 1
        column = len(before.rpartition(b"\n")[2].decode("utf-8", "replace")) + 1
        return refuse(f"is not UTF-8: byte 0x{raw[error.start]:02x}", "save it as UTF-8", line, column)


def _tokens(text: str, shown: str) -> Iterator[Problem]:
    for found in _TOKEN.finditer(text):
        line, column = _line_column(text, found.start())
        yield Problem(
            file=shown,
            line=line,
            column=column,
            message="a bot token stands in the file",
            hint="put it into MONITOR_TELEGRAM_TOKEN (elsewhere: env:NAME) and have "
            "@BotFather issue a new one",
        )


def _line_column(text: str, index: int) -> tuple[int, int]:
    before = text[:index]
    return before.count("\n") + 1, index - (before.rfind("\n") + 1) + 1


def _descend(node: Node, path: Sequence[str | int]) -> tuple[Node, Node | None]:
    name: Node | None = None
    for step in path:
        if isinstance(node, MappingNode):
            pair = next((pair for pair in node.value if pair[0].value == str(step)), None)
            if pair is not None:
                name, node = pair
        elif isinstance(node, SequenceNode) and isinstance(step, int) and step < len(node.value):
            name, node = None, node.value[step]
    return node, name


@dataclass(slots=True)
class _Reader:
    """Turns nodes into values; keeps going after a problem that leaves the rest readable."""

    file: str
    source: str
    problems: list[Problem] = field(default_factory=list)
    _count: int = 0
    _open: set[int] = field(default_factory=set)

    def value(self, node: Node) -> object:
        self._count += 1
        if self._count > MAX_VALUES:
            self._fatal(f"holds more than {MAX_VALUES} values once its aliases are followed")
            return None
        if id(node) in self._open:
            self._fatal("an alias stands inside the value it names")
            return None
        if _TAGGED.match(self.source, node.start_mark.index):
            self._say(node, "YAML tags are not accepted", "take the !… away")
            return None
        if isinstance(node, ScalarNode):
            return _plain(node)
        self._open.add(id(node))
        try:
            return self._mapping(node) if isinstance(node, MappingNode) else self._sequence(node)
        finally:
            self._open.discard(id(node))

    def _sequence(self, node: Node) -> list[object]:
        values: list[object] = []
        for child in node.value:
            values.append(self.value(child))
            if self._count > MAX_VALUES:
                break
        return values

    def _mapping(self, node: MappingNode) -> dict[str, object]:
        values: dict[str, object] = {}
        lines: dict[str, int] = {}
        for name, child in node.value:
            if self._count > MAX_VALUES:
                break
            if not isinstance(name, ScalarNode):
                self._say(name, "a key must be one word", 'quote it if it begins with "{" or "["')
            elif name.tag == f"{_PREFIX}merge":
                self._say(name, "merge keys (<<) are not accepted", "write the keys out")
            elif name.value in values:
                message = f"the key {name.value!r} stands here twice, first on line"
                self._say(name, f"{message} {lines[name.value]}", "keep one of them")
            else:
                lines[name.value] = name.start_mark.line + 1
                values[name.value] = self.value(child)
        return values

    def _say(self, node: Node, message: str, hint: str) -> None:
        mark = node.start_mark
        self.problems.append(
            Problem(
                file=self.file,
                line=mark.line + 1,
                column=mark.column + 1,
                message=message,
                hint=hint,
            )
        )

    def _fatal(self, message: str) -> None:
        if not any(problem.line == 0 for problem in self.problems):
            hint = "write the values out instead of using & and *"
            self.problems.append(Problem(file=self.file, line=0, column=0, message=message, hint=hint))


def _plain(node: ScalarNode) -> object:
    """The value of a scalar; whatever is not null, bool or a number is a text."""
    text: str = node.value
    kind = str(node.tag).removeprefix(_PREFIX)
    if kind == "null":
        return None
    if kind == "bool":
        return text.lower() == "true"
    try:
        if kind == "int":
            return int(text.replace("_", ""), 0)
        if kind == "float":
            number = float(text.replace("_", ""))
            return number if math.isfinite(number) else text
    except ValueError:
        return text
    return text
