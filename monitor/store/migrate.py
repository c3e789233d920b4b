"""Bringing the schema to a revision, from the migrations that travel inside the package."""

from __future__ import annotations

import re
from pathlib import Path

from alembic import command
from alembic.config import Config
from alembic.migration import MigrationContext
from alembic.script import ScriptDirectory
from sqlalchemy import Connection

from monitor.errors import StoreError

_FOLDER = Path(__file__).parent / "migrations"
_UNRELEASED = re.compile(r"\d{4}")
"""Revisions before 0.1; those of releases are called v0001 and so on."""


def upgrade(connection: Connection, revision: str = "head") -> None:
    """Migrate up, inside the connection's transaction."""
    command.upgrade(_config(connection), revision)


def downgrade(connection: Connection, revision: str) -> None:
    """Migrate down, inside the connection's transaction; ``base`` takes every table away."""
    command.downgrade(_config(connection), revision)


def current(connection: Connection) -> str | None:
    """The revision that the database is at; None when it has no tables of ours."""
    return MigrationContext.configure(connection).get_current_revision()


def newest() -> str | None:
    """The revision that this program wants."""
    return ScriptDirectory.from_config(_config(None)).get_current_head()


def check(revision: str, what: str) -> None:
    """Raise ``StoreError`` for a revision that no migration leads to; ``what`` names the store."""
    scripts = ScriptDirectory.from_config(_config(None)).walk_revisions()
    if any(script.revision == revision for script in scripts):
        return
    if _UNRELEASED.fullmatch(revision):
        raise StoreError(
            f"{what}: it was made by a development version before 0.1 (schema {revision}), and its tables "
            "cannot be brought up to date; move it aside or name another store in monitor.yaml (`store:`), "
            "and start again: a new one is made"
        )
    raise StoreError(
        f"{what}: it was made by a newer monitor (schema {revision}); install that version, or restore a "
        "backup that is older"
    )


def _config(connection: Connection | None) -> Config:
    config = Config()
    # Alembic reads per cent signs as interpolation.
    config.set_main_option("script_location", str(_FOLDER).replace("%", "%%"))
    config.set_main_option("path_separator", "newline")
    config.attributes["connection"] = connection
    return config
