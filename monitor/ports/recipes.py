"""The part of the store that knows where sites hold their articles."""

from __future__ import annotations

from datetime import datetime
from typing import Protocol

from monitor.model import LearntRecipe, RecipeNote, SiteRecipes


class Recipes(Protocol):
    """Recipes that were learnt for sites (hosts). What a page's reading notes is written by ``Jobs.commit``.

    Nothing is held in memory: the rows are asked for each page, so all processes go by what is there now.
    """

    def in_force(self, site: str) -> tuple[LearntRecipe, ...]:
        """Those that pages of the site are read by, in the order in which they are asked. One look-up."""

    def of(self, site: str) -> SiteRecipes: ...
    def all(self) -> tuple[SiteRecipes, ...]: ...
    def note(self, note: RecipeNote, *, now: datetime) -> None:
        """Write a note outside any job."""

    def forget(self, site: str, selector: str | None = None) -> int:
        """Delete a site's recipes, or one of them; without a selector learning begins anew too. How many."""

    def drop(self, site: str, selector: str, reason: str) -> bool:
        """Put a recipe out of force; False when none of that name is in force."""
