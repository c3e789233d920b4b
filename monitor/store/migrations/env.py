"""What Alembic runs: migrate the connection that ``monitor.store.migrate`` hands in."""

from __future__ import annotations

from alembic import context
from sqlalchemy import Connection

from monitor.store.tables.schema import SEARCH_PREFIX, metadata


def is_compared(name: str | None, kind: str, parents: object) -> bool:
    """The full-text index differs by database and is not part of the metadata."""
    del parents
    return not (kind == "table" and name is not None and name.startswith(SEARCH_PREFIX))


def run(connection: Connection) -> None:
    """Run the migrations in the caller's transaction, on SQLite by rebuilding tables (batch)."""
    context.configure(
        connection=connection,
        target_metadata=metadata,
        render_as_batch=True,
        transactional_ddl=True,
        include_name=is_compared,
    )
    with context.begin_transaction():
        context.run_migrations()


given = context.config.attributes.get("connection")
if given is None:
    message = "run `monitor db upgrade`; Alembic's own command line has no database to work on"
    raise RuntimeError(message)
run(given)
