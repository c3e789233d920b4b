"""Reading pages by the recipes of their site, and noting what that says about the recipes."""

from __future__ import annotations

import dataclasses
from collections.abc import Callable
from dataclasses import dataclass, field
from functools import partial
from typing import Final

from monitor.core.extract import extract, light_page
from monitor.core.fingerprint import url_key
from monitor.core.recipe_lesson import agreement, sample_of, second_text
from monitor.core.recipe_trust import site_of, wants_check, wants_sample
from monitor.model import Entry, Extracted, Fetched, LearntRecipe, NotModified, RecipeNote, Source
from monitor.ports import Ports

ENOUGH_WORDS: Final = 80
"""A shorter article says nothing about where articles stand: it may be a notice or a video's caption."""


@dataclass(slots=True)
class PageReader:
    """Reads the pages of one job. ``notes`` is what its outcome should write about recipes.

    ``like`` is the text of an article that is looked at again: of two ways of reading the one nearer to it is
    taken, since what another way leaves out or takes in is no correction of the outlet's. ``hurry``: nothing
    is checked or learnt, for pages that were read before and jobs that were begun before and never ended.
    """

    ports: Ports
    like: str | None = None
    hurry: bool = False
    notes: list[RecipeNote] = field(default_factory=list)

    def page_of(self, entry: Entry, source: Source, answer: Fetched | NotModified) -> Extracted | None:
        """The page's content, or None when the page holds less than the entry itself says."""
        if isinstance(answer, NotModified):
            return None
        settings = self.ports.rulebook().settings.recipes
        found = self._learnt(entry, source, answer) if settings.learn and source.recipe is None else None
        if found is None:
            found = _extracted(entry, source, answer)
        return found if len(found.text) >= len(entry.summary) // 2 and found.text else None

    def _learnt(self, entry: Entry, source: Source, answer: Fetched) -> Extracted:
        site = site_of(answer.url)
        known = self.ports.store.recipes.in_force(site)
        found = _extracted(entry, source, answer, known)
        used = next((each for each in known if each.recipe.select == found.recipe), None)
        if used is None:
            self._missed(found, site, answer)
            return found
        ordinary = partial(_extracted, entry, source, answer)
        return self._used(found, used, answer, ordinary)

    def _used(
        self, found: Extracted, used: LearntRecipe, answer: Fetched, ordinary: Callable[[], Extracted]
    ) -> Extracted:
        """What the recipe found; on a page where it fails a check, what the ordinary way finds.

        Trafilatura and our own reading may both be misled by a new template: a recipe must agree with both.
        """
        settings = self.ports.rulebook().settings.recipes
        if self.like is not None:
            otherwise = ordinary()
            if agreement(otherwise.text, self.like) > agreement(found.text, self.like):
                return otherwise
        note = RecipeNote(site=site_of(answer.url), used=used.recipe.select, settings=settings)
        if self.hurry or not wants_check(used, url_key(answer.url), settings):
            if used.misses:
                self.notes.append(note)
            return found
        light = light_page(answer.body, charset=answer.charset)
        otherwise = ordinary()
        agreed = min(agreement(found.text, text) for text in (second_text(light), otherwise.text))
        self.notes.append(dataclasses.replace(note, agreement=agreed))
        if agreed < settings.drop_below:
            return otherwise
        return dataclasses.replace(found, score=round(agreed, 2))

    def _missed(self, found: Extracted, site: str, answer: Fetched) -> None:
        """Note a page of no known template, with what there is to learn from it."""
        is_plain = found.extracted_by == "content" and not (found.paywalled or found.live)
        if not is_plain or len(found.text.split()) < ENOUGH_WORDS:
            return
        settings = self.ports.rulebook().settings.recipes
        known = self.ports.store.recipes.of(site)
        page = url_key(answer.url)
        sample = None
        if not self.hurry and wants_sample(known, page, self.ports.now()):
            sample = sample_of(page, light_page(answer.body, charset=answer.charset), found.text)
        if sample is not None or known.alive:
            self.notes.append(RecipeNote(site=site, sample=sample, settings=settings))


def _extracted(
    entry: Entry, source: Source, answer: Fetched, learnt: tuple[LearntRecipe, ...] = ()
) -> Extracted:
    return extract(
        answer.body,
        url=answer.url,
        fetched_at=answer.fetched_at,
        charset=answer.charset,
        entry=entry,
        language_hint=source.language,
        recipe=source.recipe,
        learnt=learnt,
    )
