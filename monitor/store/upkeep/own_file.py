"""Whether the file of a SQLite store is still the one that was opened.

Connections that are open go on with a file that was deleted or moved away, and new ones would begin another
one under its name: a part of the service would write here, a part there.
"""

from __future__ import annotations

from pathlib import Path


class OwnFile:
    """One file, by its device and inode."""

    def __init__(self, path: Path) -> None:
        self.path = path
        self._opened = _identity(path)

    def is_there(self) -> bool:
        """The file that was opened stands under its name."""
        return _identity(self.path) == self._opened

    def is_missing(self) -> bool:
        """No file stands under the name."""
        return _identity(self.path) is None

    def put_back(self, copy: Path) -> None:
        """Give ``copy`` the name. What a log of the file that is gone would add to it must go first."""
        for companion in ("-wal", "-shm"):
            self.path.with_name(self.path.name + companion).unlink(missing_ok=True)
        copy.rename(self.path)
        self._opened = _identity(self.path)


def _identity(path: Path) -> tuple[int, int] | None:
    try:
        found = path.stat()
    except FileNotFoundError:
        return None
    return found.st_dev, found.st_ino
