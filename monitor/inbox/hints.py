"""Somebody says that a source has something new: have it polled."""

from __future__ import annotations

import threading
from typing import Final

import structlog

from monitor.core.text.urls import host_key
from monitor.errors import StoreError
from monitor.model import Job, Source
from monitor.ports import Ports

AGAIN_S: Final = 2.0

log = structlog.get_logger(__name__)


def poll_soon(ports: Ports, source: Source, tries: int = 5) -> None:
    """Have the source polled now, and once more in a moment when a poll of it is under way: that one
    may have looked already."""
    now = ports.now()
    try:
        is_new = ports.store.jobs.add([Job(kind="poll", key=source.id, host_key=host_key(source.url))], now)
    except StoreError as error:
        log.warning("the poll has to wait for its time", source=source.id, error=str(error))
        return
    ports.wake()
    if not is_new and tries > 1:
        again = threading.Timer(AGAIN_S, poll_soon, (ports, source, tries - 1))
        again.daemon = True
        again.start()
