"""Recipes: where the pages of one site hold their article, written by the operator or learnt."""

from __future__ import annotations

from dataclasses import dataclass, field
from datetime import datetime
from typing import Literal

from monitor.model.settings import RecipeSettings

RecipeState = Literal["trial", "trusted", "dropped"]


@dataclass(frozen=True, slots=True, kw_only=True)
class Recipe:
    """CSS selectors. ``select``: the element around the text; ``remove``: what inside it is not text.

    ``share`` (0–1): a page that holds a smaller share of its prose there is not read by this recipe.
    """

    select: str
    remove: str = ""
    share: float = 0.0


@dataclass(frozen=True, slots=True, kw_only=True)
class LearntRecipe:
    """A recipe that was learnt, and how it did since.

    ``pages`` were seen when it was learnt, ``agreement`` (0–1) is how far its text and trafilatura's were
    the same there. ``checks`` counts the comparisons since, ``recent`` are the last ones, newest last.
    ``misses`` counts the pages in a row on which no recipe of the site found anything. ``reason`` says why it
    was dropped.
    """

    recipe: Recipe
    learnt_at: datetime
    pages: int
    agreement: float
    state: RecipeState = "trial"
    checks: int = 0
    recent: tuple[float, ...] = ()
    misses: int = 0
    checked_at: datetime | None = None
    reason: str = ""

    @property
    def alive(self) -> bool:
        """Whether pages are read by it."""
        return self.state != "dropped"


@dataclass(frozen=True, slots=True, kw_only=True)
class Candidate:
    """A selector that may name a page's article: how far the text found there is the ordinary
    extraction's (``own``) and trafilatura's (``second``), and its share of the page's prose. All 0–1."""

    select: str
    own: float
    second: float
    share: float


@dataclass(frozen=True, slots=True, kw_only=True)
class RecipeSample:
    """What is kept of a page for learning: no text. ``page`` is its address's key.

    ``parts`` are named elements inside the article: selector and hash of the text. A text that repeats
    from page to page is furniture.
    """

    page: str
    candidates: tuple[Candidate, ...] = ()
    parts: tuple[tuple[str, str], ...] = ()


@dataclass(frozen=True, slots=True, kw_only=True)
class SiteRecipes:
    """All that is known of one site (a host). ``samples`` are the pages seen since learning began;
    nothing is sampled before ``not_before``. ``failures`` counts vain or dropped recipes since the last
    one that was trusted."""

    site: str
    recipes: tuple[LearntRecipe, ...] = ()
    samples: tuple[RecipeSample, ...] = ()
    not_before: datetime | None = None
    failures: int = 0

    @property
    def alive(self) -> tuple[LearntRecipe, ...]:
        """The recipes in force, in the order in which they are asked."""
        found = (each for each in self.recipes if each.alive)
        return tuple(sorted(found, key=lambda each: (each.state == "trusted", each.learnt_at), reverse=True))


@dataclass(frozen=True, slots=True, kw_only=True)
class RecipeNote:
    """What the reading of one page says about the recipes of its site.

    ``used`` is the selector that gave the text, "" when none did. ``agreement`` is set when the page was also
    read by trafilatura and the ordinary way: the smaller of both. ``sample`` is what there is to learn.
    """

    site: str
    used: str = ""
    agreement: float | None = None
    sample: RecipeSample | None = None
    settings: RecipeSettings = field(default_factory=RecipeSettings)
