"""Reading a site's pages teaches where they hold their text; what stops agreeing is dropped."""

from __future__ import annotations

import dataclasses
from collections.abc import Callable
from typing import Any

import pytest

from monitor.core.fingerprint import entry_id
from monitor.jobs.recipes import PageReader
from monitor.jobs.run import run_job
from monitor.model import (
    Candidate,
    Fetched,
    Job,
    ReadingSettings,
    Recipe,
    RecipeNote,
    RecipeSample,
    RecipeSettings,
)
from monitor.ports import Ports
from tests.recipe_pages import page, redesigned, sentences
from tests.unit.jobs.test_run import World, later, ports, world  # noqa: F401 - fixtures

SITE = "herald.example"
LIMITS = RecipeSettings(pages=3, first_checks=2, check_every=1, drop_after=2)


@pytest.fixture
def desk(ports: Ports, world: World) -> Desk:  # noqa: F811
    return Desk(ports, world)


def other(number: int) -> str:
    """A page whose text stands under another class."""
    return page(number, box="body-copy")


class Desk:
    """Reads the herald's pages one by one."""

    def __init__(self, ports: Ports, world: World) -> None:  # noqa: F811
        self.world = world
        self.limit(ports, LIMITS)
        self.number = 0

    def limit(self, given: Ports, recipes: RecipeSettings, written: Recipe | None = None) -> None:
        rulebook = given.rulebook()
        settings = dataclasses.replace(
            rulebook.settings, recipes=recipes, reading=ReadingSettings(first_look=False)
        )
        sources = {
            name: dataclasses.replace(source, recipe=written) for name, source in rulebook.sources.items()
        }
        changed = dataclasses.replace(rulebook, settings=settings, sources=sources)
        self.ports = dataclasses.replace(given, rulebook=lambda: changed)

    def read(self, make: Callable[[int], str] = page) -> tuple[str, str]:
        """One more page; which way it was read and with what recipe. Its text is whole in any case."""
        self.number += 1
        n = self.number
        entry = self.world.list_entry(n, f"Account {n} of the tram council", body="")
        self.world.pages[entry.url] = make(n)
        store = self.ports.store
        (job,) = self._job(Job(kind="poll", key="herald"))
        run_job(job, self.ports)
        (job,) = self._job(Job(kind="read", key=entry_id("herald", entry.url, entry.url, entry.title)))
        run_job(job, self.ports)
        article = store.articles.article(entry.url)
        assert article is not None
        assert all(sentence in article.text for sentence in sentences(n))
        found: Any = store.articles.trace(entry.url)
        trace = found["readings"][0]["trace"]
        return trace["extracted_by"], trace.get("recipe", "")

    def _job(self, wanted: Job) -> tuple[Job, ...]:
        later(self.world, seconds=70)
        self.ports.store.jobs.add([wanted], self.world.moment)
        return self.ports.store.jobs.claim(
            now=self.world.moment, owner="test", epoch=self.ports.epoch, limit=1
        )


def test_a_site_is_learnt_then_changes_then_is_learnt_anew_and_no_text_is_lost(desk: Desk) -> None:
    recipes = desk.ports.store.recipes
    assert [desk.read() for _ in range(3)] == [("content", "")] * 3
    assert [each.state for each in recipes.in_force(SITE)] == ["trial"]
    assert [desk.read() for _ in range(3)] == [("learnt recipe", "div.story-text")] * 3
    assert [each.state for each in recipes.in_force(SITE)] == ["trusted"]
    # The class now stands at a box of the page that is not its article.
    assert [desk.read(redesigned) for _ in range(2)] == [("content", "")] * 2
    (gone,) = recipes.of(SITE).recipes
    assert (gone.state, "agreed with other readings" in gone.reason) == ("dropped", True)
    assert desk.read(redesigned) == ("content", "")
    assert recipes.of(SITE).samples == ()  # learning rests
    later(desk.world, hours=7)
    for _ in range(3):
        desk.read(other)
    assert desk.read(other) == ("learnt recipe", "div.body-copy")


def test_a_template_that_is_gone_is_read_the_ordinary_way_at_once(desk: Desk) -> None:
    for _ in range(4):
        desk.read()
    assert [desk.read(other) for _ in range(3)] == [("content", "")] * 3
    assert desk.read(other) == ("learnt recipe", "div.body-copy")
    assert [each.recipe.select for each in desk.ports.store.recipes.in_force(SITE)] == ["div.body-copy"]


def test_a_recipe_that_the_operator_wrote_leaves_nothing_to_learn(desk: Desk) -> None:
    desk.limit(desk.ports, LIMITS, written=Recipe(select="div.layout"))
    assert [desk.read() for _ in range(4)] == [("written recipe", "div.layout")] * 4
    assert desk.ports.store.recipes.all() == ()


def test_learning_can_be_switched_off(desk: Desk) -> None:
    desk.limit(desk.ports, dataclasses.replace(LIMITS, learn=False))
    assert [desk.read() for _ in range(4)] == [("content", "")] * 4
    assert desk.ports.store.recipes.all() == ()


def test_a_recipe_learnt_meanwhile_makes_no_correction_of_an_article(desk: Desk) -> None:
    """It leaves out a paragraph that the first reading took in: the article is read as it was then."""
    candidate = Candidate(select="div.story-text", own=1.0, second=1.0, share=0.9)
    for number in "123":
        kept = RecipeSample(page=number, candidates=(candidate,), parts=(("p.intro", "00"),))
        note = RecipeNote(site=SITE, sample=kept, settings=LIMITS)
        desk.ports.store.recipes.note(note, now=desk.world.moment)
    entry = desk.world.list_entry(1, "Account 1 of the tram council")
    source = desk.ports.rulebook().sources["herald"]
    body = page(1).replace("<p>", "<p class='intro'>", 1).encode()
    answer = Fetched(url=entry.url, status=200, body=body, fetched_at=desk.world.moment)
    first = sentences(1)[0]

    fresh = PageReader(desk.ports).page_of(entry, source, answer)
    assert fresh is not None
    assert (fresh.extracted_by, first in fresh.text) == ("learnt recipe", False)
    again = PageReader(desk.ports, like="\n".join(sentences(1))).page_of(entry, source, answer)
    assert again is not None
    assert (again.extracted_by, first in again.text) == ("content", True)
    in_a_hurry = PageReader(desk.ports, hurry=True)
    assert in_a_hurry.page_of(entry, source, answer) is not None
    assert in_a_hurry.notes == []
    as_before = PageReader(desk.ports, like=fresh.text).page_of(entry, source, answer)
    assert as_before is not None
    assert as_before.extracted_by == "learnt recipe"


def test_the_same_page_read_again_is_not_a_further_sample(desk: Desk) -> None:
    desk.read()
    desk.read()
    entry = desk.world.listed[0]
    for _ in range(3):
        (job,) = desk._job(Job(kind="read", key=entry.id))
        run_job(job, desk.ports)
    assert len(desk.ports.store.recipes.of(SITE).samples) == 2
