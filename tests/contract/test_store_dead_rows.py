"""A transaction that stays open (a dump, a forgotten session) keeps the dead rows of the jobs table."""

from __future__ import annotations

import statistics
import time
from datetime import UTC, datetime

import pytest
from sqlalchemy import create_engine, text

from monitor.model import Job, Outcome
from monitor.ports import Store

NOW = datetime(2026, 5, 4, 9, 30, tzinfo=UTC)
DEAD = 30_000
MANY = text(
    "INSERT INTO jobs (kind, key, host_key, state, attempts, epoch, created_at) "
    "SELECT 'read', 'old' || n, 'h' || n % 500, 'pending', 0, 0, now() - interval '1 day' "
    "FROM generate_series(1, :count) AS n"
)


def claim_ms(store: Store) -> float:
    """How long a claim takes, the median of several; what is claimed is done."""
    took: list[float] = []
    for _ in range(9):
        began = time.perf_counter()
        claimed = store.jobs.claim(now=NOW, owner="me", epoch=0, limit=16)
        took.append(1000 * (time.perf_counter() - began))
        assert len(claimed) == 16
        for job in claimed:
            store.jobs.commit(job, Outcome(), now=NOW)
    return statistics.median(took)


@pytest.mark.postgres
@pytest.mark.parametrize("store_url", ["postgresql"], indirect=True)
def test_claims_stay_quick_behind_thousands_of_dead_rows(store: Store, store_url: str) -> None:
    store.jobs.add([Job(kind="read", key=f"a{n}", host_key=f"h{n}") for n in range(200)], NOW)
    usual = claim_ms(store)
    engine = create_engine(store_url)
    dump = create_engine(store_url, isolation_level="REPEATABLE READ")
    try:
        with engine.begin() as connection:
            connection.execute(MANY, {"count": DEAD})
        with dump.connect() as open_one:
            open_one.execute(text("SELECT count(*) FROM jobs")).all()
            with engine.begin() as connection:  # each row dies twice: when it is claimed and when it is done
                connection.execute(text("UPDATE jobs SET state = 'running' WHERE key LIKE 'old%'"))
                connection.execute(text("DELETE FROM jobs WHERE key LIKE 'old%'"))
            store.jobs.add([Job(kind="read", key=f"b{n}", host_key=f"h{n}") for n in range(200)], NOW)
            behind = claim_ms(store)
    finally:
        dump.dispose()
        engine.dispose()
    assert behind < 10 * usual + 50, f"{behind:.0f} ms, without dead rows {usual:.0f} ms"
