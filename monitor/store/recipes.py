"""Recipes that were learnt for sites."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import asdict, dataclass
from datetime import datetime
from typing import Any

from sqlalchemy import ColumnElement, Connection, RowMapping, bindparam, delete, select, update

from monitor.core.recipe_trust import after
from monitor.model import Candidate, LearntRecipe, Recipe, RecipeNote, RecipeSample, SiteRecipes
from monitor.store.columns import KEY_CHARS
from monitor.store.database import Database, chunks, insert_into, upsert
from monitor.store.schema_recipes import recipe_sites, recipes

_IN_ORDER = select(recipes).order_by(recipes.c.learnt_at, recipes.c.selector)
# Asked for every page: made once.
_OF_SITE = _IN_ORDER.where(recipes.c.site == bindparam("wanted"))


@dataclass(frozen=True, slots=True)
class StoredRecipes:
    """``monitor.ports.Recipes`` in a database."""

    database: Database

    def of(self, site: str) -> SiteRecipes:
        with self.database.read() as connection:
            return _site(connection, site[:KEY_CHARS])

    def in_force(self, site: str) -> tuple[LearntRecipe, ...]:
        with self.database.read() as connection:
            rows = connection.execute(_OF_SITE, {"wanted": site[:KEY_CHARS]}).mappings().all()
        return SiteRecipes(site=site, recipes=tuple(_recipe(row) for row in rows)).alive if rows else ()

    def all(self) -> tuple[SiteRecipes, ...]:
        by_site: dict[str, list[LearntRecipe]] = {}
        with self.database.read() as connection:
            rows = connection.execute(select(recipe_sites).order_by(recipe_sites.c.site)).mappings().all()
            for row in connection.execute(_IN_ORDER).mappings():
                by_site.setdefault(row["site"], []).append(_recipe(row))
        return tuple(_known(row, by_site.get(row["site"], ())) for row in rows)

    def note(self, note: RecipeNote, *, now: datetime) -> None:
        with self.database.write() as connection:
            write_recipes(connection, (note,), now)

    def forget(self, site: str, selector: str | None = None) -> int:
        with self.database.write() as connection:
            _lock(connection, recipe_sites.c.site == site)
            these = [recipes.c.site == site]
            if selector is not None:
                these.append(recipes.c.selector == selector)
            forgotten = connection.execute(delete(recipes).where(*these)).rowcount
            if selector is None:
                connection.execute(delete(recipe_sites).where(recipe_sites.c.site == site))
            return forgotten

    def drop(self, site: str, selector: str, reason: str) -> bool:
        with self.database.write() as connection:
            _lock(connection, recipe_sites.c.site == site)
            this = (recipes.c.site == site, recipes.c.selector == selector, recipes.c.state != "dropped")
            values = {"state": "dropped", "reason": reason}
            return connection.execute(update(recipes).where(*this).values(**values)).rowcount > 0


def write_recipes(connection: Connection, notes: Sequence[RecipeNote], now: datetime) -> None:
    """Apply what was noted, inside a transaction, to the rows as they are now.

    The site's row is locked first, so that two processes that read one site come after each other.
    """
    for note in sorted(notes, key=lambda each: each.site):
        site = note.site[:KEY_CHARS]
        fresh: dict[str, object] = {
            "site": site,
            "samples": [],
            "not_before": None,
            "failures": 0,
            "noted_at": now,
        }
        connection.execute(insert_into(connection, recipe_sites).on_conflict_do_nothing(), fresh)
        _lock(connection, recipe_sites.c.site == site)
        before = _site(connection, site)
        _write(connection, before, after(before, note, now), now)


def prune_recipes(connection: Connection, before: datetime) -> None:
    """Forget sites of which nothing was noted since."""
    for sites in chunks(_lock(connection, recipe_sites.c.noted_at < before)):
        connection.execute(delete(recipes).where(recipes.c.site.in_(sites)))
        connection.execute(delete(recipe_sites).where(recipe_sites.c.site.in_(sites)))


def _lock(connection: Connection, these: ColumnElement[bool]) -> list[str]:
    """The names of these sites. Their rows are ours until the commit: who writes recipes does so first."""
    rows = select(recipe_sites.c.site).where(these).order_by(recipe_sites.c.site).with_for_update()
    return list(connection.execute(rows).scalars())


def _write(connection: Connection, before: SiteRecipes, now: SiteRecipes, at: datetime) -> None:
    if before == now:
        return
    connection.execute(
        update(recipe_sites)
        .where(recipe_sites.c.site == now.site)
        .values(
            samples=[asdict(sample) for sample in now.samples],
            not_before=now.not_before,
            failures=now.failures,
            noted_at=at,
        )
    )
    kept = {each.recipe.select for each in now.recipes}
    gone = [each.recipe.select for each in before.recipes if each.recipe.select not in kept]
    if gone:
        connection.execute(delete(recipes).where(recipes.c.site == now.site, recipes.c.selector.in_(gone)))
    changed = [_row(now.site, each) for each in now.recipes if each not in before.recipes]
    if changed:
        connection.execute(upsert(connection.dialect.name, recipes), changed)


def _site(connection: Connection, site: str) -> SiteRecipes:
    row = connection.execute(select(recipe_sites).where(recipe_sites.c.site == site)).mappings().one_or_none()
    if row is None:
        return SiteRecipes(site=site)
    found = connection.execute(_OF_SITE, {"wanted": site}).mappings()
    return _known(row, [_recipe(each) for each in found])


def _known(row: RowMapping, found: Sequence[LearntRecipe]) -> SiteRecipes:
    return SiteRecipes(
        site=row["site"],
        recipes=tuple(found),
        samples=tuple(_sample(each) for each in row["samples"]),
        not_before=row["not_before"],
        failures=row["failures"],
    )


def _sample(kept: Mapping[str, Any]) -> RecipeSample:
    return RecipeSample(
        page=kept["page"],
        candidates=tuple(Candidate(**each) for each in kept["candidates"]),
        parts=tuple((select, text) for select, text in kept["parts"]),
    )


def _recipe(row: RowMapping) -> LearntRecipe:
    return LearntRecipe(
        recipe=Recipe(select=row["selector"], remove=row["remove"], share=row["share"]),
        learnt_at=row["learnt_at"],
        pages=row["pages"],
        agreement=row["agreement"],
        state=row["state"],
        checks=row["checks"],
        recent=tuple(row["recent"]),
        misses=row["misses"],
        checked_at=row["checked_at"],
        reason=row["reason"],
    )


def _row(site: str, learnt: LearntRecipe) -> dict[str, object]:
    return {
        "site": site,
        "selector": learnt.recipe.select,
        "remove": learnt.recipe.remove,
        "share": learnt.recipe.share,
        "learnt_at": learnt.learnt_at,
        "pages": learnt.pages,
        "agreement": learnt.agreement,
        "state": learnt.state,
        "checks": learnt.checks,
        "recent": list(learnt.recent),
        "misses": learnt.misses,
        "checked_at": learnt.checked_at,
        "reason": learnt.reason,
    }
