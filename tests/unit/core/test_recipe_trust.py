"""A site's recipes: on trial, trusted, dropped, learnt again; whatever the order of things, bounded."""

from __future__ import annotations

import dataclasses
from datetime import UTC, datetime, timedelta

from hypothesis import given
from hypothesis import strategies as st

from monitor.core.recipe_trust import (
    BY_OPERATOR,
    MISSES,
    MOST_ALIVE,
    MOST_DROPPED,
    after,
    site_of,
    wants_check,
    wants_sample,
)
from monitor.model import Candidate, RecipeNote, RecipeSample, RecipeSettings, SiteRecipes

NOW = datetime(2026, 11, 23, 12, tzinfo=UTC)
SITE = "herald.example"
LIMITS = RecipeSettings(pages=3, first_checks=4, check_every=10, drop_after=3)
A, B = "div.a", "div.b"


def sampled(number: int, select: str = A, second: float = 0.95) -> RecipeNote:
    candidate = Candidate(select=select, own=1.0, second=second, share=0.9)
    sample = RecipeSample(page=f"{select}{number}", candidates=(candidate,))
    return RecipeNote(site=SITE, sample=sample, settings=LIMITS)


def checked(value: float | None, select: str = A) -> RecipeNote:
    return RecipeNote(site=SITE, used=select, agreement=value, settings=LIMITS)


def missed() -> RecipeNote:
    return RecipeNote(site=SITE, settings=LIMITS)


def told(*notes: RecipeNote, known: SiteRecipes | None = None, now: datetime = NOW) -> SiteRecipes:
    known = known or SiteRecipes(site=SITE)
    for note in notes:
        known = after(known, note, now)
    return known


def learnt(select: str = A) -> SiteRecipes:
    return told(*(sampled(number, select) for number in range(3)))


def test_it_is_learnt_from_enough_different_pages_then_tried_then_trusted() -> None:
    early = told(sampled(1), sampled(1), sampled(2), sampled(1))
    assert (early.recipes, len(early.samples)) == ((), 2)
    known = learnt()
    assert known.samples == ()
    (recipe,) = known.recipes
    assert (recipe.state, recipe.recipe.select, recipe.pages, recipe.agreement) == ("trial", A, 3, 0.95)
    assert wants_check(recipe, "any page", LIMITS)
    (recipe,) = told(*[checked(0.9)] * 4, known=known).recipes
    assert (recipe.state, recipe.checks) == ("trusted", 4)
    share = sum(wants_check(recipe, f"page {number}", LIMITS) for number in range(2_000)) / 2_000
    assert 0.07 < share < 0.13


def test_it_is_dropped_after_checks_in_a_row_that_disagree_and_learning_rests_longer_each_time() -> None:
    known = told(*[checked(0.9)] * 4, checked(0.2), checked(0.8), checked(0.3), checked(0.1), known=learnt())
    assert known.alive
    known = told(checked(0.25), known=known)
    assert known.alive == ()
    assert (
        known.recipes[0].reason == "agreed with other readings by 0.30, 0.10, 0.25 only at the last 3 checks"
    )
    assert known.not_before == NOW + timedelta(hours=6)
    assert not wants_sample(known, "new", NOW + timedelta(hours=5))
    later = NOW + timedelta(hours=7)
    assert wants_sample(known, "new", later)
    known = told(*(sampled(number) for number in range(3)), known=known, now=later)
    assert [recipe.state for recipe in known.recipes] == ["trial"]  # the old row gave way to the new one
    known = told(*[checked(0.1)] * 3, known=known, now=later)
    assert known.not_before == later + timedelta(hours=12)


def test_a_recipe_that_just_scrapes_through_its_trial_is_dropped() -> None:
    known = told(checked(0.1), checked(0.76), checked(0.1), checked(0.8), known=learnt())
    assert (known.alive, known.recipes[0].reason) == ((), "agreed with other readings by 0.44 only on trial")


def test_after_a_failed_check_the_next_use_is_checked() -> None:
    (recipe,) = told(*[checked(0.9)] * 4, checked(0.2), known=learnt()).recipes
    assert all(wants_check(recipe, f"page {number}", LIMITS) for number in range(50))


def test_trust_forgives_earlier_failures() -> None:
    known = told(*(sampled(number, second=0.1) for number in range(3)))
    assert known.failures == 1
    later = NOW + timedelta(days=1)
    known = told(*(sampled(number) for number in range(3)), *[checked(0.9)] * 4, known=known, now=later)
    assert (known.failures, known.not_before) == (0, None)


def test_a_template_that_is_gone_gives_way_to_the_new_one() -> None:
    known = told(*(sampled(number, B) for number in range(3)), known=learnt())
    assert [(each.recipe.select, each.state) for each in known.recipes] == [(A, "dropped"), (B, "trial")]
    assert "another template was learnt" in known.recipes[0].reason


def test_what_the_operator_dropped_is_not_learnt_again() -> None:
    (recipe,) = learnt().recipes
    dropped = dataclasses.replace(recipe, state="dropped", reason=BY_OPERATOR)
    known = told(*(sampled(n) for n in range(3)), known=SiteRecipes(site=SITE, recipes=(dropped,)))
    assert known.recipes == (dropped,)
    assert known.not_before is not None


def test_a_second_template_lives_beside_the_first() -> None:
    known = told(sampled(1, B), checked(None), sampled(2, B), checked(None), sampled(3, B), known=learnt())
    assert {each.recipe.select for each in known.alive} == {A, B}


def test_recipes_that_find_nothing_for_long_are_dropped() -> None:
    known = told(*[missed()] * (MISSES - 1), checked(None), *[missed()] * (MISSES - 1), known=learnt())
    assert known.alive
    known = told(missed(), known=known)
    assert known.recipes[0].reason == f"found nothing on {MISSES} pages in a row"


def test_a_site_is_its_host_with_and_without_www() -> None:
    assert site_of("https://www.Herald.example:443/a") == site_of("http://herald.example/b") == SITE
    assert site_of("https://news.herald.example/") != SITE


def test_a_note_on_a_recipe_that_is_not_in_force_changes_nothing() -> None:
    known = learnt()
    assert told(checked(0.1, "div.other"), checked(None, "x"), known=known) == known


_NOTES = st.one_of(
    st.builds(
        sampled, st.integers(0, 30), st.sampled_from([A, B, "p.c", "p.d", "p.e", "p.f"]), st.floats(0.7, 1)
    ),
    st.builds(checked, st.none() | st.floats(0, 1), st.sampled_from([A, B, "p.c", "p.d"])),
    st.builds(missed),
)


@given(st.lists(st.tuples(_NOTES, st.integers(0, 30)), max_size=150))
def test_whatever_happens_a_site_stays_small(notes: list[tuple[RecipeNote, int]]) -> None:
    known, now = SiteRecipes(site=SITE), NOW
    for note, hours in notes:
        now += timedelta(hours=hours)
        known = after(known, note, now)
        assert len(known.alive) <= MOST_ALIVE
        assert len(known.recipes) - len(known.alive) <= MOST_ALIVE + MOST_DROPPED
        assert len(known.samples) < LIMITS.pages
        assert all(each.reason for each in known.recipes if not each.alive)
        assert known.not_before is None or known.not_before <= now + timedelta(days=32)
        names = [each.recipe.select for each in known.recipes]
        assert len(names) == len(set(names))
