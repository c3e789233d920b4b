"""Recipes are rows: what a page's reading notes is written in its commit, whatever the database."""

from __future__ import annotations

import threading
from datetime import timedelta

import pytest

from monitor.errors import Conflict
from monitor.model import Candidate, Job, Outcome, RecipeNote, RecipeSample, RecipeSettings
from monitor.ports import Store
from monitor.store import open_store
from tests.contract.conftest import NOW

LIMITS = RecipeSettings(pages=3, first_checks=2, drop_after=2)
BOX = "div.text > p[title='ё']"
HOUR = timedelta(hours=1)


def sampled(page: str, site: str = "a.example", select: str = BOX) -> RecipeNote:
    candidate = Candidate(select=select, own=0.99, second=0.91, share=0.875)
    parts = (("p.promo", "00ff"), ("p.text", page))
    sample = RecipeSample(page=page, candidates=(candidate,), parts=parts)
    return RecipeNote(site=site, sample=sample, settings=LIMITS)


def used(value: float | None) -> RecipeNote:
    return RecipeNote(site="a.example", used=BOX, agreement=value, settings=LIMITS)


def learn(store: Store, site: str = "a.example") -> None:
    for page in "123":
        store.recipes.note(sampled(page, site), now=NOW)


def test_nothing_is_known_of_a_new_site(store: Store) -> None:
    assert store.recipes.all() == ()
    assert store.recipes.in_force("a.example") == ()
    known = store.recipes.of("a.example")
    assert (known.site, known.recipes, known.samples, known.not_before) == ("a.example", (), (), None)


def test_samples_are_kept_until_a_recipe_is_learnt_from_them(store: Store) -> None:
    store.recipes.note(sampled("1"), now=NOW)
    store.recipes.note(sampled("2"), now=NOW)
    kept = store.recipes.of("a.example").samples
    assert kept == (sampled("1").sample, sampled("2").sample)
    assert store.recipes.in_force("a.example") == ()
    store.recipes.note(sampled("3"), now=NOW)
    (recipe,) = store.recipes.in_force("a.example")
    assert (recipe.recipe.select, recipe.recipe.remove, recipe.recipe.share) == (BOX, "p.promo", 0.875)
    assert (recipe.state, recipe.learnt_at, recipe.pages, recipe.agreement) == ("trial", NOW, 3, 0.91)
    assert store.recipes.of("a.example").samples == ()


def test_checks_are_counted_and_a_dropped_recipe_stays_with_its_reason(store: Store) -> None:
    learn(store)
    for value in (0.9, 0.8, 0.1):
        store.recipes.note(used(value), now=NOW + HOUR)
    (recipe,) = store.recipes.in_force("a.example")
    assert (recipe.state, recipe.checks, recipe.recent) == ("trusted", 3, (0.9, 0.8, 0.1))
    assert recipe.checked_at == NOW + HOUR
    store.recipes.note(used(0.2), now=NOW + 2 * HOUR)
    assert store.recipes.in_force("a.example") == ()
    (known,) = store.recipes.all()
    assert known.recipes[0].state == "dropped"
    assert "0.10, 0.20" in known.recipes[0].reason
    assert known.not_before == NOW + 8 * HOUR
    assert known.failures == 1


def test_the_operator_drops_and_forgets(store: Store) -> None:
    learn(store)
    learn(store, "b.example")
    assert not store.recipes.drop("a.example", "div.other", "because")
    assert store.recipes.drop("a.example", BOX, "because")
    assert not store.recipes.drop("a.example", BOX, "because")
    assert store.recipes.of("a.example").recipes[0].reason == "because"
    assert store.recipes.forget("b.example", "div.other") == 0
    assert store.recipes.forget("a.example") == 1
    assert [known.site for known in store.recipes.all()] == ["b.example"]
    assert store.recipes.forget("b.example", BOX) == 1
    assert store.recipes.in_force("b.example") == ()


def test_sites_that_nothing_was_noted_of_for_long_are_pruned(store: Store) -> None:
    learn(store)
    store.recipes.note(sampled("1", "b.example"), now=NOW)
    store.recipes.note(sampled("2", "b.example"), now=NOW + 3 * HOUR)
    assert store.admin.status()["recipes"] == {"trial": 1}
    store.admin.prune(NOW + HOUR)
    assert [known.site for known in store.recipes.all()] == ["b.example"]
    assert store.admin.status()["recipes"] == {}


def test_notes_are_written_with_the_job_or_not_at_all(store: Store) -> None:
    store.jobs.add([Job(kind="read", key="e")], NOW)
    (job,) = store.jobs.claim(now=NOW, owner="me", epoch=1, limit=1)
    store.jobs.commit(job, Outcome(recipes=tuple(map(sampled, "123"))), now=NOW)
    assert len(store.recipes.in_force("a.example")) == 1
    with pytest.raises(Conflict):
        store.jobs.commit(job, Outcome(recipes=(used(0.1), used(0.1))), now=NOW)
    assert store.recipes.in_force("a.example")[0].checks == 0


def test_a_recipe_of_one_process_is_in_force_in_another_at_once(store: Store, store_url: str) -> None:
    other = open_store(store_url, now=lambda: NOW)
    try:
        assert other.recipes.in_force("a.example") == ()
        learn(store)
        assert other.recipes.in_force("a.example") == store.recipes.in_force("a.example") != ()
        other.recipes.drop("a.example", BOX, "because")
        assert store.recipes.in_force("a.example") == ()
    finally:
        other.admin.close()


def test_processes_that_check_at_the_same_moment_lose_no_check(store: Store, store_url: str) -> None:
    learn(store)
    stores = [open_store(store_url, now=lambda: NOW) for _ in range(4)]

    def check(mine: Store) -> None:
        for _ in range(10):
            mine.recipes.note(used(0.9), now=NOW)

    threads = [threading.Thread(target=check, args=(mine,)) for mine in stores]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    for mine in stores:
        mine.admin.close()
    assert store.recipes.in_force("a.example")[0].checks == 40
