"""Which files of a folder are the operator's, and of which sort."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path

from monitor.errors import ConfigError, Problem

SUFFIXES = {".yaml", ".yml"}
SHELVES = ("topics", "sources")
SINGLES = ("monitor", "chats")


@dataclass(frozen=True, slots=True, kw_only=True)
class ConfigFile:
    """A file of the operator. ``sort`` is topics, sources, chats or monitor."""

    path: Path
    sort: str


def files(folder: Path) -> tuple[ConfigFile, ...]:
    """Every config file under ``folder``, in the order of their names.

    Raises ``ConfigError`` when the folder is missing or holds none, and for a name that stands for no file:
    what lies behind a link that leads nowhere is away, not taken out.
    """
    if not folder.exists():
        raise ConfigError((_whole(folder, "there is no such folder", _nearby(folder)),))
    if not folder.is_dir():
        hint = f"say --config {folder.parent}" if folder.parent.name else "name its folder"
        raise ConfigError((_whole(folder, "is a file, not a folder", hint),))
    try:
        no_files = [path for path in _named(folder) if _is_no_file(path)]
        found = tuple(_found(folder))
    except OSError as error:  # moved away while it was listed
        problem = _whole(folder, f"cannot be listed: {error.strerror}", "look at its rights and its disk")
        raise ConfigError((problem,)) from error
    if no_files:
        raise ConfigError(tuple(_whole(path, _no_file(path), _NO_FILE_HINT) for path in no_files))
    if not found:
        hint = "put a topics file to topics/, e.g. topics/mine.yaml"
        raise ConfigError((_whole(folder, "holds no config files", hint),))
    return found


def unexpected_files(folder: Path) -> tuple[Problem, ...]:
    """Warnings for YAML files that nobody reads."""
    read = {file.path for file in files(folder)}
    unread = [
        path
        for path in sorted(folder.iterdir())
        if path.suffix in SUFFIXES and path.is_file() and path not in read and visible(path)
    ]
    return tuple(
        Problem(
            file=str(path),
            line=0,
            column=0,
            message="nobody reads this file",
            hint="topics belong in topics/, sources in sources/; here only monitor.yaml and chats.yaml",
            level="warning",
        )
        for path in unread
    )


def visible(path: Path) -> bool:
    """Whether a file is the operator's, not an editor's (hidden, backup, swap)."""
    return not path.name.startswith((".", "#")) and not path.name.endswith("~")


_NO_FILE_HINT = "put the file there, or take the name away"


def _named(folder: Path) -> Iterator[Path]:
    """Where files of the operator stand, or would."""
    for suffix in sorted(SUFFIXES):
        yield from (folder / f"{name}{suffix}" for name in SINGLES)
    for name in SHELVES:
        yield folder / name
        yield from (
            path
            for path in sorted((folder / name).rglob("*"))
            if path.suffix in SUFFIXES and visible(path) and (path.is_symlink() or not path.is_dir())
        )


def _is_no_file(path: Path) -> bool:
    there = path.exists() or path.is_symlink()
    return there and not (path.is_dir() if path.name in SHELVES else path.is_file())


def _no_file(path: Path) -> str:
    if not path.exists():
        return "is a link that leads nowhere"
    return "is no folder" if path.name in SHELVES else "is no file"


def _found(folder: Path) -> Iterator[ConfigFile]:
    for name in SINGLES:
        for suffix in sorted(SUFFIXES):
            if (path := folder / f"{name}{suffix}").is_file():
                yield ConfigFile(path=path, sort=name)
    for name in SHELVES:
        for path in sorted((folder / name).rglob("*")):
            if path.suffix in SUFFIXES and path.is_file() and visible(path):
                yield ConfigFile(path=path, sort=name)


def _whole(path: Path, message: str, hint: str) -> Problem:
    return Problem(file=str(path), line=0, column=0, message=message, hint=hint)


def _nearby(folder: Path) -> str:
    for near in (folder.parent, folder.parent / "config"):
        if any((near / name).is_dir() for name in SHELVES):
            return f"did you mean {near}?"
    return "make it and put a topics file to topics/, or say --config DIR"
