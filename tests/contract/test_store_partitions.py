"""On PostgreSQL the rows by which stories and copies are found lie in ranges of numbers that are dropped."""

from __future__ import annotations

import threading
from collections.abc import Iterator
from datetime import timedelta

import pytest
from sqlalchemy import URL, Engine, create_engine, text

from monitor.ports import Store
from monitor.store import open_store
from monitor.store.partitions import ARTICLES_A_PARTITION as RANGE
from tests.contract.deciding import decided
from tests.contract.test_store_articles import NOW, article
from tests.support.made_up import prose

pytestmark = pytest.mark.postgres
TABLES = ("print_anchors", "story_terms")


@pytest.fixture
def url(postgres_database: URL) -> Iterator[str]:
    """The address of a schema of this test's own, in which no partition was made or dropped yet."""
    engine = create_engine(postgres_database)
    with engine.begin() as connection:
        connection.execute(text("CREATE SCHEMA parted"))
    own = postgres_database.update_query_dict({"options": "-csearch_path=parted"})
    yield own.render_as_string(hide_password=False)
    with engine.begin() as connection:
        connection.execute(text("DROP SCHEMA parted CASCADE"))
    engine.dispose()


@pytest.fixture
def store(url: str) -> Iterator[Store]:
    opened = open_store(url, now=lambda: NOW)
    opened.admin.upgrade()
    yield opened
    opened.admin.close()


@pytest.fixture
def engine(url: str) -> Iterator[Engine]:
    made = create_engine(url, isolation_level="AUTOCOMMIT")
    yield made
    made.dispose()


def partitions(engine: Engine, table: str) -> list[str]:
    asked = "SELECT inhrelid::regclass::text FROM pg_inherits WHERE inhparent = CAST(:t AS regclass)"
    with engine.connect() as connection:
        return sorted(connection.execute(text(asked), {"t": table}).scalars())


def rows(engine: Engine, table: str) -> int:
    with engine.connect() as connection:
        return int(connection.execute(text(f"SELECT count(*) FROM {table}")).scalar_one())  # noqa: S608


def number_from(engine: Engine, number: int) -> None:
    with engine.connect() as connection:
        connection.execute(text(f"ALTER SEQUENCE prints_number_seq RESTART WITH {number}"))


def put(store: Store, name: str, *, days_ago: int = 0) -> str:
    item = article(name, text=prose(90, sum(map(ord, name))), at=NOW - timedelta(days=days_ago))
    store.articles.keep(decided(store, item), now=item.seen_at)
    return item.id


def test_old_ranges_are_dropped_whole_and_new_ones_are_made(store: Store, engine: Engine) -> None:
    for name in "abc":
        put(store, name, days_ago=400)
    number_from(engine, RANGE + 1)
    put(store, "late", days_ago=400)
    kept = put(store, "kept")

    assert store.admin.prune(NOW - timedelta(days=365)) == 4

    for table in TABLES:
        assert partitions(engine, table) == [
            f"{table}_from_{RANGE}",
            f"{table}_from_{2 * RANGE}",
            f"{table}_rest",
        ]
        with engine.connect() as connection:
            numbers = set(connection.execute(text(f"SELECT number FROM {table}")).scalars())  # noqa: S608
        assert numbers == {RANGE + 2}
    again = article("mirror", outlet="mirror", text=prose(90, sum(map(ord, "kept"))))
    assert decided(store, again).placement.copy_of == kept


def test_a_range_that_young_articles_are_in_stays(store: Store, engine: Engine) -> None:
    put(store, "old", days_ago=400)
    put(store, "young")
    number_from(engine, RANGE + 1)
    put(store, "next")

    store.admin.prune(NOW - timedelta(days=365))

    assert "story_terms_from_0" in partitions(engine, "story_terms")
    assert rows(engine, "story_terms") > 0


def test_what_no_range_was_made_for_is_found_and_deleted_all_the_same(store: Store, engine: Engine) -> None:
    number_from(engine, 7 * RANGE)
    first = put(store, "first", days_ago=400)
    copy = article("mirror", outlet="mirror", text=prose(90, sum(map(ord, "first"))), at=NOW)
    assert decided(store, copy).placement.copy_of == first

    store.admin.prune(NOW - timedelta(days=365))

    assert [rows(engine, table) for table in TABLES] == [0, 0]


def test_a_dump_delays_no_reader_and_the_range_goes_the_next_day(store: Store, engine: Engine) -> None:
    put(store, "old", days_ago=400)
    number_from(engine, RANGE + 1)
    put(store, "kept")
    with engine.connect() as dump:
        dump.execute(text("BEGIN"))
        dump.execute(text("SELECT count(*) FROM story_terms")).all()
        pruning = threading.Thread(target=store.admin.prune, args=(NOW - timedelta(days=365),))
        pruning.start()
        put(store, "meanwhile")
        pruning.join(30)
        assert not pruning.is_alive()
        assert "story_terms_from_0" in partitions(engine, "story_terms")
        dump.execute(text("COMMIT"))

    store.admin.prune(NOW - timedelta(days=365))

    assert "story_terms_from_0" not in partitions(engine, "story_terms")


def test_tables_of_a_time_before_partitions_are_pruned_by_the_row(store: Store, engine: Engine) -> None:
    with engine.connect() as connection:
        for table, column in (("print_anchors", "anchor"), ("story_terms", "term")):
            connection.execute(text(f"DROP TABLE {table}"))
            columns = f"{column} BIGINT, number BIGINT, PRIMARY KEY ({column}, number)"
            connection.execute(text(f"CREATE TABLE {table} ({columns})"))
    put(store, "old", days_ago=400)

    assert store.admin.prune(NOW - timedelta(days=365)) == 1

    assert [rows(engine, table) for table in TABLES] == [0, 0]
