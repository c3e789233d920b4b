"""What every table of the schema is made with."""

from __future__ import annotations

from sqlalchemy import Column, MetaData

from monitor.store.tables.columns import KEY_CHARS, Clean

SEARCH_PREFIX = "article_search"

metadata = MetaData(
    naming_convention={"ix": "ix_%(table_name)s_%(column_0_name)s", "pk": "pk_%(table_name)s"}
)


def key(name: str, *, primary_key: bool = False, nullable: bool = False) -> Column[str]:
    return Column(name, Clean(KEY_CHARS), primary_key=primary_key, nullable=nullable)


def text(name: str, *, nullable: bool = False) -> Column[str]:
    return Column(name, Clean(), nullable=nullable)
