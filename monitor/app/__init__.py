"""Composition root: the only package that knows the concrete classes, the clock and the environment.

``opening`` reads what a folder holds, ``assembly`` puts the ports together, ``service`` is ``monitor run``,
``worker`` is ``monitor worker``.
"""

from monitor.app.opening import (
    load_rulebook,
    open_rulebook_store,
    open_spool,
    readable_rulebook,
    restore_store,
    steady_s,
    store_file,
    store_is_missing,
    store_url,
    utc_now,
)
from monitor.app.service import Attach, Companion, Service, serve
from monitor.app.worker import Worker

__all__ = [
    "Attach",
    "Companion",
    "Service",
    "Worker",
    "load_rulebook",
    "open_rulebook_store",
    "open_spool",
    "readable_rulebook",
    "restore_store",
    "serve",
    "steady_s",
    "store_file",
    "store_is_missing",
    "store_url",
    "utc_now",
]
