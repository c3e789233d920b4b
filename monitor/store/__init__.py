"""The store: one schema and one implementation for SQLite and PostgreSQL."""

from __future__ import annotations

from dataclasses import replace

from monitor.ports import Clock, Store
from monitor.store.admin import StoredAdmin
from monitor.store.articles import StoredArticles
from monitor.store.chats import StoredChats
from monitor.store.database import StoreObserver, open_database
from monitor.store.desk.accounts import StoredAccounts
from monitor.store.desk.lists import StoredLists
from monitor.store.evidence.records import StoredEvidence
from monitor.store.jobs import StoredJobs
from monitor.store.leases import StoredLeases
from monitor.store.outbox.deliveries import StoredOutbox
from monitor.store.people import StoredPeople, StoredSavedAlerts
from monitor.store.processes.service_lock import sender_lock, service_lock
from monitor.store.processes.workers import StoredWorkers
from monitor.store.restore import Restored, restore
from monitor.store.sources import StoredSources
from monitor.store.watches import StoredWatches
from monitor.store.websub import StoredHubSubscriptions

__all__ = ["Restored", "StoreObserver", "open_store", "restore"]


def open_store(url: str, *, now: Clock, observer: StoreObserver | None = None) -> Store:
    """Open ``sqlite:///file``, ``sqlite://`` (in memory) or ``postgresql+psycopg://user@host/name``.

    The schema is not touched: call ``store.admin.upgrade()`` first. Raises ``StoreError`` when the
    address is not understood or a SQLite file cannot be opened. ``observer`` is told how writes go.
    """
    database = replace(open_database(url), observer=observer)
    return Store(
        sources=StoredSources(database),
        hub_subscriptions=StoredHubSubscriptions(database),
        jobs=StoredJobs(database),
        leases=StoredLeases(database),
        workers=StoredWorkers(database=database, lock=sender_lock(database), now=now),
        articles=StoredArticles(database),
        chats=StoredChats(database),
        watches=StoredWatches(database),
        people=StoredPeople(database),
        saved_alerts=StoredSavedAlerts(database),
        outbox=StoredOutbox(database),
        accounts=StoredAccounts(database),
        lists=StoredLists(database),
        evidence=StoredEvidence(database),
        admin=StoredAdmin(database=database, lock=service_lock(database), now=now),
    )
