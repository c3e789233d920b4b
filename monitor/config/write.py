"""Edits made from chat, command line or web, written back into the operator's files.

Comments, quotes and the order of keys stay as they were; a file is replaced whole, so that a
reader never sees half of it.
"""

from __future__ import annotations

import io
import os
import tempfile
from collections.abc import Mapping, Sequence
from pathlib import Path
from typing import Any

from ruamel.yaml import YAML
from ruamel.yaml.error import YAMLError
from ruamel.yaml.scalarstring import FoldedScalarString, LiteralScalarString

from monitor.errors import ConfigError, Problem

_LONG = 80


def put(path: Path, section: str, record: Mapping[str, object]) -> None:
    """Add ``record`` to the section's list, or change the keys it names in the one with its ``id``.

    Makes the file when there is none. Raises ``ConfigError`` when the file cannot be edited.
    """
    put_all(path, section, (record,))


def put_all(path: Path, section: str, records: Sequence[Mapping[str, object]]) -> None:
    """``put`` for many records, written once."""
    yaml, content, head = _open(path)
    members = content.setdefault(section, [])
    if members is None:
        members = content[section] = []
    by_id = {member.get("id"): member for member in members}
    for record in records:
        own = by_id.get(record["id"])
        if own is None:
            members.append({key: _shown(value) for key, value in record.items()})
            continue
        for key, value in record.items():
            if own.get(key) != value:
                own[key] = _shown(value)
    _close(path, yaml, content, head)


def put_settings(path: Path, section: str, values: Mapping[str, object]) -> None:
    """Set keys of a section that is a mapping (``stories:`` of ``monitor.yaml``); the others stay."""
    yaml, content, head = _open(path)
    settings = content.get(section)
    if not isinstance(settings, dict):
        settings = content[section] = {}
    settings.update(values)
    _close(path, yaml, content, head)


def extend(path: Path, section: str, id_: str, lists: Mapping[str, Sequence[str]]) -> None:
    """Add lines to lists of the section's member with this id; what stands there stays as it is written.

    Raises ``ConfigError`` when the file cannot be edited or has no such member.
    """
    yaml, content, head = _open(path)
    own = next((member for member in content.get(section) or [] if member.get("id") == id_), None)
    if own is None:
        raise ConfigError((_problem(path, f"cannot be edited: there is no {id_!r} in it"),))
    for key, lines in lists.items():
        if own.get(key) is None:
            own[key] = [_shown(line) for line in lines]
        else:
            own[key].extend(_shown(line) for line in lines if line not in own[key])
    _close(path, yaml, content, head)


def remove(path: Path, section: str, id_: str) -> bool:
    """Take the member with this id out of the section's list. False when there was none."""
    yaml, content, head = _open(path)
    members = content.get(section) or []
    at = next((at for at, member in enumerate(members) if member.get("id") == id_), None)
    if at is None:
        return False
    del members[at]
    _close(path, yaml, content, head)
    return True


def _open(path: Path) -> tuple[YAML, Any, str]:
    """The editor, the content, and the text of a file that holds comments only."""
    yaml = YAML(typ="rt")
    yaml.preserve_quotes = True
    yaml.width = 10_000
    yaml.indent(mapping=2, sequence=4, offset=2)
    if not path.exists():
        return yaml, {}, ""
    try:
        text = path.read_text(encoding="utf-8")
        content = yaml.load(text)
    except (OSError, UnicodeDecodeError, YAMLError) as error:
        raise ConfigError((_problem(path, f"cannot be edited: {error}"),)) from error
    if content is None:
        return yaml, {}, f"{text.rstrip()}\n\n"
    if not isinstance(content, dict):
        raise ConfigError((_problem(path, "cannot be edited: it holds no sections"),))
    return yaml, content, ""


def _problem(path: Path, message: str) -> Problem:
    return Problem(file=str(path), line=0, column=0, message=message, hint="run monitor check first")


def _shown(value: object) -> object:
    """Long texts are folded, texts of several lines stand as a block."""
    if isinstance(value, str) and "\n" in value.strip():
        return LiteralScalarString(value)
    if isinstance(value, str) and len(value) > _LONG:
        return FoldedScalarString(value)
    if isinstance(value, tuple):
        return list(value)
    return value


def _close(path: Path, yaml: YAML, content: object, head: str) -> None:
    text = io.StringIO()
    yaml.dump(content, text)
    replace(path, (head + text.getvalue()).encode())


def replace(path: Path, content: bytes) -> None:
    """Put a file's content in the place of what it had, whole: nobody ever reads a part of it."""
    path.parent.mkdir(parents=True, exist_ok=True)
    handle, name = tempfile.mkstemp(dir=path.parent, prefix=f".{path.name}.")
    try:
        with os.fdopen(handle, "wb") as file:
            file.write(content)
            file.flush()
            os.fsync(file.fileno())
        if path.exists():
            Path(name).chmod(path.stat().st_mode & 0o777)
        else:
            Path(name).chmod(0o644)
        Path(name).replace(path)
    except BaseException:
        Path(name).unlink(missing_ok=True)
        raise
