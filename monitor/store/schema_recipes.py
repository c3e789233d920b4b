"""The tables of recipes that were learnt: one row a site, one row a recipe."""

from __future__ import annotations

from sqlalchemy import Column, Float, Integer, Table

from monitor.store.columns import Json, Utc
from monitor.store.schema_columns import key, metadata, text

recipe_sites = Table(
    "recipe_sites",
    metadata,
    key("site", primary_key=True),
    Column("samples", Json, nullable=False),
    Column("not_before", Utc),
    Column("failures", Integer, nullable=False),
    Column("noted_at", Utc, nullable=False),
)

recipes = Table(
    "recipes",
    metadata,
    key("site", primary_key=True),
    key("selector", primary_key=True),
    text("remove"),
    Column("share", Float, nullable=False),
    Column("learnt_at", Utc, nullable=False),
    Column("pages", Integer, nullable=False),
    Column("agreement", Float, nullable=False),
    key("state"),
    Column("checks", Integer, nullable=False),
    Column("recent", Json, nullable=False),
    Column("misses", Integer, nullable=False),
    Column("checked_at", Utc),
    text("reason"),
)
