"""Learning where a site's pages hold their article.

Of each page that was read the ordinary way only a sample is kept: selectors that find the article there,
and how far what they find is the same text (``agreement``). A recipe is a selector that all samples share.
"""

from __future__ import annotations

import hashlib
import re
import statistics
from collections import Counter, defaultdict
from collections.abc import Iterator, Sequence
from itertools import chain, islice
from typing import TYPE_CHECKING, Final, cast

from selectolax.lexbor import SelectolaxError

from monitor.core.page_content import Weights, container
from monitor.core.page_recipe import Found, RecipePage
from monitor.core.page_tree import second_opinion, tree_of
from monitor.core.recipe_names import names_of, selectors_of
from monitor.model import Candidate, Recipe, RecipeSample

if TYPE_CHECKING:
    from lxml import etree

MAX_CHARS: Final = 600_000
MAX_TAGS: Final = 10_000
"""Larger pages teach nothing: they are read several times over for a sample."""
OWN_AGREEMENT: Final = 0.9
"""So far at least a recipe's text is the ordinary extraction's, on each page."""
MOST_CANDIDATES: Final = 16
MOST_PARTS: Final = 40
MOST_ANCESTORS: Final = 3
MOST_REMOVED: Final = 8
MIN_PART_WORDS: Final = 3
MAX_PART_WORDS: Final = 80
MAX_PART_CHARS: Final = 1_000
MIN_REPEATS: Final = 3

_WORD: Final = re.compile(r"\w+")


def agreement(one: str, other: str) -> float:
    """How far two texts hold the same words: F1, 0 to 1, whatever their order and case."""
    first, second = _words(one), _words(other)
    total = first.total() + second.total()
    return round(2 * (first & second).total() / total, 4) if total else 0.0


def second_text(light: str) -> str:
    """The text that trafilatura finds in a page (``page_tree.slim``); "" when none."""
    tree = tree_of(light)
    return "" if tree is None else second_opinion(tree)


def sample_of(page: str, light: str, text: str) -> RecipeSample:
    """What there is to learn from a page: ``page`` is its key, ``text`` what the ordinary way made of it.

    Candidates stand in order: those for the closest element around the text first. Without candidates when
    the page's article has no name of its own, and of huge pages. Never raises.
    """
    if len(light) > MAX_CHARS or light.count("<") > MAX_TAGS:
        return RecipeSample(page=page)
    tree = tree_of(light)
    box = container(Weights(tree)) if tree is not None else None
    if box is None:
        return RecipeSample(page=page)
    around: Iterator[etree._Element] = islice(box.iterancestors(), MOST_ANCESTORS)
    selectors = dict.fromkeys(chain.from_iterable(selectors_of(each) for each in (box, *around)))
    second = second_text(light)
    found = _found(RecipePage(light), selectors)
    candidates = (
        Candidate(
            select=select,
            own=agreement(each.text, text),
            second=agreement(each.text, second),
            share=round(each.share, 3),
        )
        for select, each in found
    )
    good = (each for each in candidates if each.own >= OWN_AGREEMENT)
    return RecipeSample(page=page, candidates=tuple(islice(good, MOST_CANDIDATES)), parts=tuple(_parts(box)))


def learn(samples: Sequence[RecipeSample], *, least: float) -> tuple[Recipe, float] | None:
    """The recipe that reproduces the text of every page seen, and its agreement with trafilatura (0–1).

    ``least`` is the mean agreement with trafilatura that is asked for. None when no selector does, or when
    there is nothing to learn from. Never raises.
    """
    by_select: dict[str, list[Candidate]] = defaultdict(list)
    places: Counter[str] = Counter()
    for sample in samples:
        found_here = {each.select: each for each in sample.candidates}
        for place, (select, candidate) in enumerate(found_here.items()):
            by_select[select].append(candidate)
            places[select] += place
    shared = {select: found for select, found in by_select.items() if len(found) == len(samples)}
    rated = [
        (round(min(each.own for each in found), 2), round(_mean_second(found), 2), -places[select], select)
        for select, found in shared.items()
    ]
    good = [each for each in rated if each[0] >= OWN_AGREEMENT and each[1] >= least]
    if not good:
        return None
    select = max(good)[-1]
    found = shared[select]
    recipe = Recipe(
        select=select,
        remove=", ".join(_repeated(samples)),
        share=round(min(each.share for each in found), 3),
    )
    return recipe, round(_mean_second(found), 3)


def _mean_second(found: Sequence[Candidate]) -> float:
    return statistics.fmean(each.second for each in found)


def _found(page: RecipePage, selectors: Sequence[str] | dict[str, None]) -> Iterator[tuple[str, Found]]:
    """What each selector finds; the same element is read once."""
    read: dict[int, Found] = {}
    for select in selectors:
        try:
            element = page.element(select)
        except SelectolaxError:
            continue
        if element is None:
            continue
        if element not in read:
            read[element] = page.text(Recipe(select=select))
        yield select, read[element]


def _parts(box: etree._Element) -> Iterator[tuple[str, str]]:
    """Named elements inside the article: a selector and its text's hash; at most forty."""
    found = 0
    for element in islice(box.iterdescendants(), 2_000):
        names = [name for name in names_of(element) if name.startswith("#") or "." in name]
        words = _short_text(element).split() if names else []
        if MIN_PART_WORDS <= len(words) <= MAX_PART_WORDS:
            yield names[0], hashlib.blake2s(" ".join(words).encode(), digest_size=6).hexdigest()
            found += 1
        if found == MOST_PARTS:
            return


def _repeated(samples: Sequence[RecipeSample]) -> list[str]:
    """Selectors inside the article under which most pages hold one and the same text, and none another."""
    texts: dict[str, Counter[str]] = defaultdict(Counter)
    for sample in samples:
        for select, text in set(sample.parts):
            texts[select][text] += 1
    least = max(MIN_REPEATS, (len(samples) + 1) // 2)
    found = [select for select, seen in texts.items() if min(seen.values()) >= least]
    return sorted(found)[:MOST_REMOVED]


def _short_text(element: etree._Element) -> str:
    """Its text, or "" when that is longer than a part's: nested elements would be read over and over."""
    pieces: list[str] = []
    room = MAX_PART_CHARS
    for piece in cast("Iterator[str]", element.itertext()):
        room -= len(piece)
        if room < 0:
            return ""
        pieces.append(piece)
    return " ".join(pieces)


def _words(text: str) -> Counter[str]:
    return Counter(_WORD.findall(text.casefold()))
