"""Bringing the schema to a revision, from the migrations that travel inside the package."""

from __future__ import annotations

import re
from pathlib import Path
from typing import TYPE_CHECKING

from sqlalchemy import Connection, inspect, text

from monitor.errors import StoreError

if TYPE_CHECKING:
    from alembic.config import Config

_FOLDER = Path(__file__).parent / "migrations"
_UNRELEASED = re.compile(r"\d{4}")
"""Revisions before 1.0; those of releases are called v0001 and so on."""


def upgrade(connection: Connection, revision: str = "head") -> None:
    """Migrate up, inside the connection's transaction."""
    from alembic import command  # noqa: PLC0415 - 15 MB that only a migration needs

    command.upgrade(_config(connection), revision)


def downgrade(connection: Connection, revision: str) -> None:
    """Migrate down, inside the connection's transaction; ``base`` takes every table away."""
    from alembic import command  # noqa: PLC0415

    command.downgrade(_config(connection), revision)


def current(connection: Connection) -> str | None:
    """The revision that the database is at; None when it has no tables of ours."""
    if not inspect(connection).has_table("alembic_version"):
        return None
    found: str | None = connection.execute(text("SELECT version_num FROM alembic_version")).scalar()
    return found


def newest() -> str | None:
    """The revision that this program wants."""
    names = [file.stem.partition("_")[0] for file in (_FOLDER / "versions").glob("v*.py")]
    return max(names, default=None)


def check(revision: str, what: str) -> None:
    """Raise ``StoreError`` for a revision that no migration leads to; ``what`` names the store."""
    from alembic.script import ScriptDirectory  # noqa: PLC0415

    scripts = ScriptDirectory.from_config(_config(None)).walk_revisions()
    if any(script.revision == revision for script in scripts):
        return
    if _UNRELEASED.fullmatch(revision):
        raise StoreError(
            f"{what}: it was made by a development version before 1.0 (schema {revision}), and its tables "
            "cannot be brought up to date; move it aside or name another store in monitor.yaml (`store:`), "
            "and start again: a new one is made"
        )
    raise StoreError(
        f"{what}: it was made by a newer monitor (schema {revision}); install that version, or restore a "
        "backup that is older"
    )


def _config(connection: Connection | None) -> Config:
    from alembic.config import Config  # noqa: PLC0415

    config = Config()
    # Alembic reads per cent signs as interpolation.
    config.set_main_option("script_location", str(_FOLDER).replace("%", "%%"))
    config.set_main_option("path_separator", "newline")
    config.attributes["connection"] = connection
    return config
