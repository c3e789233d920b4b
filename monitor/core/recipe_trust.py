"""What becomes of a site's recipes: tried, trusted, dropped; and when learning begins again.

``after`` is applied inside the commit of the page that it speaks of, to the rows as they are then: so
several processes may read one site.
"""

from __future__ import annotations

import dataclasses
import hashlib
import statistics
from collections.abc import Callable
from datetime import datetime, timedelta
from typing import Final

from monitor.core.recipe_lesson import learn
from monitor.core.urls import lane
from monitor.model import LearntRecipe, RecipeNote, RecipeSample, RecipeSettings, SiteRecipes

MOST_ALIVE: Final = 3
MOST_DROPPED: Final = 3
MISSES: Final = 20
"""Recipes that found nothing on so many pages in a row are dropped."""
FIRST_PAUSE: Final = timedelta(hours=6)
BY_OPERATOR: Final = "dropped by the operator"
"""The reason of recipes that are not learnt again until they are forgotten."""
LONGEST_PAUSE: Final = timedelta(days=32)


def site_of(url: str) -> str:
    """The name under which a page's recipes are kept: its host, with and without ``www.`` the same."""
    return lane(url).removeprefix("www.")


def wants_check(learnt: LearntRecipe, page: str, settings: RecipeSettings) -> bool:
    """Whether this use of a recipe is to be compared with other readings: the first ones, and after a failed
    check, always; then one page in so many, by the hash of its address."""
    failing = bool(learnt.recent) and learnt.recent[-1] < settings.drop_below
    if learnt.checks < settings.first_checks or failing:
        return True
    number = int.from_bytes(hashlib.blake2s(page.encode("utf-8", "replace"), digest_size=6).digest(), "big")
    return number % settings.check_every == 0


def wants_sample(known: SiteRecipes, page: str, now: datetime) -> bool:
    """Whether a page that no recipe has read is to be learnt from."""
    rests = known.not_before is not None and known.not_before > now
    return not rests and all(sample.page != page for sample in known.samples)


def after(known: SiteRecipes, note: RecipeNote, now: datetime) -> SiteRecipes:
    """The site's recipes after one page was read. Bounded: at most three in force and three dropped."""
    if note.used:
        return _after_use(known, note, now)
    known = _changed_all(known, lambda each: dataclasses.replace(each, misses=each.misses + 1))
    if any(each.misses >= MISSES for each in known.alive):
        reason = f"found nothing on {MISSES} pages in a row"
        known = _failed(_changed_all(known, lambda each: _dropped(each, reason)), now)
    if note.sample is not None and wants_sample(known, note.sample.page, now):
        known = _sampled(known, note.sample, note.settings, now)
    return known


def _after_use(known: SiteRecipes, note: RecipeNote, now: datetime) -> SiteRecipes:
    used = next((each for each in known.alive if each.recipe.select == note.used), None)
    if used is None:  # dropped meanwhile, or forgotten by the operator
        return known
    known = _changed_all(known, lambda each: dataclasses.replace(each, misses=0))
    return known if note.agreement is None else _checked(known, note, note.agreement, now)


def _checked(known: SiteRecipes, note: RecipeNote, agreed: float, now: datetime) -> SiteRecipes:
    settings = note.settings
    used = next(each for each in known.alive if each.recipe.select == note.used)
    kept = max(settings.drop_after, 5)
    used = dataclasses.replace(
        used, checks=used.checks + 1, recent=(*used.recent, round(agreed, 2))[-kept:], checked_at=now
    )
    last = used.recent[-settings.drop_after :]
    if len(last) == settings.drop_after and all(value < settings.drop_below for value in last):
        figures = ", ".join(f"{value:.2f}" for value in last)
        used = _dropped(used, f"agreed with other readings by {figures} only at the last {len(last)} checks")
        return _failed(_with(known, used), now)
    if used.state == "trial" and used.checks >= settings.first_checks:
        if statistics.fmean(used.recent) < settings.drop_below:
            used = _dropped(
                used, f"agreed with other readings by {statistics.fmean(used.recent):.2f} only on trial"
            )
            return _failed(_with(known, used), now)
        used = dataclasses.replace(used, state="trusted")
        known = dataclasses.replace(known, failures=0, not_before=None)
    return _with(known, used)


def _sampled(
    known: SiteRecipes, sample: RecipeSample, settings: RecipeSettings, now: datetime
) -> SiteRecipes:
    known = dataclasses.replace(known, samples=(*known.samples, sample))
    if len(known.samples) < settings.pages:
        return known
    lesson = learn(known.samples, least=settings.agreement)
    shut = {each.recipe.select for each in known.recipes if each.alive or each.reason == BY_OPERATOR}
    if lesson is None or lesson[0].select in shut:
        return _failed(known, now)
    recipe, agreed = lesson
    gone = f"found nothing on the last {settings.pages} pages, another template was learnt"
    known = _changed_all(known, lambda each: _dropped(each, gone) if each.misses >= settings.pages else each)
    learnt = LearntRecipe(recipe=recipe, learnt_at=now, pages=len(known.samples), agreement=agreed)
    return _bounded(dataclasses.replace(_with(known, learnt), samples=()))


def _failed(known: SiteRecipes, now: datetime) -> SiteRecipes:
    """Learning rests: 6 hours, twice as long each further time, 32 days at most."""
    failures = known.failures + 1
    pause = min(FIRST_PAUSE * 2 ** min(failures - 1, 16), LONGEST_PAUSE)
    return _bounded(
        dataclasses.replace(known, samples=(), failures=min(failures, 1_000), not_before=now + pause)
    )


def _dropped(learnt: LearntRecipe, reason: str) -> LearntRecipe:
    return dataclasses.replace(learnt, state="dropped", reason=reason)


def _with(known: SiteRecipes, learnt: LearntRecipe) -> SiteRecipes:
    """The recipe in the place of the one with its selector."""
    others = tuple(each for each in known.recipes if each.recipe.select != learnt.recipe.select)
    return dataclasses.replace(known, recipes=(*others, learnt))


def _changed_all(known: SiteRecipes, change: Callable[[LearntRecipe], LearntRecipe]) -> SiteRecipes:
    recipes = tuple(change(each) if each.alive else each for each in known.recipes)
    return dataclasses.replace(known, recipes=recipes)


def _bounded(known: SiteRecipes) -> SiteRecipes:
    by_use = sorted(known.alive, key=lambda each: each.checked_at or each.learnt_at)
    for old in by_use[: max(0, len(by_use) - MOST_ALIVE)]:
        known = _with(known, _dropped(old, "made room for a newer one"))
    gone = sorted(
        (each for each in known.recipes if not each.alive), key=lambda each: each.reason == BY_OPERATOR
    )
    kept = {each.recipe.select for each in gone[max(0, len(gone) - MOST_DROPPED) :]}
    recipes = tuple(each for each in known.recipes if each.alive or each.recipe.select in kept)
    return dataclasses.replace(known, recipes=recipes)
