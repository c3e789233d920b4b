"""Copies the store on schedule, reads each copy back, keeps the newest ones."""

from __future__ import annotations

from datetime import UTC, datetime, timedelta
from pathlib import Path
from typing import Final

import structlog

from monitor.errors import StoreError
from monitor.i18n.lazy import lazy
from monitor.model import Event
from monitor.ports import Ports

NAME: Final = "monitor-{:%Y%m%dT%H%M%SZ}.backup"
_FORM: Final = "monitor-%Y%m%dT%H%M%SZ.backup"
RETRY: Final = timedelta(hours=1)
"""After a copy that failed: a full disk is not asked each minute."""

log = structlog.get_logger(__name__)


class Backups:
    """Looks whether a copy is due. ``root`` is where a relative folder of the settings begins.

    A copy is made under another name and gets its own only once it was read back: a file with the name of a
    backup is one. Operators hear of a copy that failed, and when one succeeds again.
    """

    def __init__(self, ports: Ports, root: Path) -> None:
        self._ports = ports
        self._root = root
        self._failed_at: datetime | None = None

    def look(self) -> None:
        """Make a copy if one is due."""
        settings, now = self._ports.rulebook().settings.backup, self._ports.now()
        if not settings.every or (self._failed_at is not None and now - self._failed_at < RETRY):
            return
        folder = self._root / settings.folder
        newest = max(copies(folder), default=None)
        if newest is not None and now - newest[0] < settings.every and newest[0] <= now:
            return
        try:
            self._make(folder, now)
            for _, old in sorted(copies(folder))[: -settings.keep]:
                old.unlink()
        except (StoreError, OSError) as error:
            self._tell_failed(str(error), now)
            return
        if self._failed_at is not None:
            self._failed_at = None
            self._note(Event(kind="backup", subject=str(folder), text=lazy("Backups succeed again."), at=now))

    def _make(self, folder: Path, now: datetime) -> None:
        admin, target = self._ports.store.admin, folder / NAME.format(now.astimezone(UTC))
        making = target.with_name(f"{target.name}.making")
        for left in folder.glob("monitor-*.backup.making*"):  # of copies during which the service was killed
            left.unlink()
        try:
            admin.backup(str(making))
            admin.verify_backup(str(making))
            making.replace(target)
        finally:
            making.unlink(missing_ok=True)
        admin.backed_up(now)
        log.info("store copied and read back", file=str(target), bytes=target.stat().st_size)

    def _tell_failed(self, reason: str, now: datetime) -> None:
        first, self._failed_at = self._failed_at is None, now
        log.error("backup failed", error=reason)
        if first:
            text = lazy("A backup failed, it is tried again each hour: {reason}", reason=reason)
            self._note(Event(kind="backup", subject="backup", text=text, at=now))

    def _note(self, event: Event) -> None:
        try:
            self._ports.store.outbox.add_events([event])
        except StoreError as error:
            log.warning("an event could not be written down", event=event.text, error=str(error))


def copies(folder: Path) -> list[tuple[datetime, Path]]:
    """The backups of a folder with the moment of each; other files are nobody's business."""
    found = []
    for file in folder.glob("monitor-*.backup"):
        try:
            found.append((datetime.strptime(file.name, _FORM).replace(tzinfo=UTC), file))
        except ValueError:
            continue
    return found
