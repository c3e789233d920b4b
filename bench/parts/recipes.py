"""Pages whose template is known, and the ways of reading them."""

from __future__ import annotations

import dataclasses
import statistics
import time
from collections import defaultdict
from collections.abc import Callable, Mapping
from dataclasses import dataclass
from datetime import UTC, datetime
from functools import lru_cache
from importlib import import_module
from importlib.util import find_spec
from typing import Any
from urllib.parse import urlsplit

from monitor.core.extract import extract, light_page
from monitor.core.page_blocks import article_blocks, blocks_of
from monitor.core.page_facts import page_facts
from monitor.core.page_recipe import RecipePage, by_recipe
from monitor.core.page_tree import tree_of
from monitor.core.recipe_lesson import learn, sample_of
from monitor.model import LearntRecipe

NOW = datetime(2026, 1, 1, tzinfo=UTC)
LEAST = 0.85


@dataclass(frozen=True, slots=True)
class KnownPage:
    """``seen``: the recipe learnt from this page; ``unseen``: one learnt from another page of its host."""

    html: bytes
    url: str
    seen: LearntRecipe
    unseen: LearntRecipe | None = None

    def as_unseen(self) -> KnownPage:
        return dataclasses.replace(self, seen=self.unseen or self.seen)


def known_pages(pages: Mapping[str, tuple[bytes, str]]) -> dict[str, KnownPage]:
    """The pages from which a recipe can be learnt, as the service would learn it (but from one page)."""
    learnt = {name: found for name, page in pages.items() if (found := _learnt(name, *page)) is not None}
    by_host: dict[str, list[str]] = defaultdict(list)
    for name, (_, url) in pages.items():
        by_host[urlsplit(url).hostname or ""].append(name)
    known = {}
    for names in by_host.values():
        for name in names:
            others = [learnt[other] for other in names if other != name and other in learnt]
            if name in learnt:
                known[name] = KnownPage(*pages[name], learnt[name], others[0] if others else None)
    return known


def _learnt(name: str, html: bytes, url: str) -> LearntRecipe | None:
    text = extract(html, url=url, fetched_at=NOW).text
    lesson = learn([sample_of(name, light_page(html), text)], least=LEAST)
    return lesson and LearntRecipe(recipe=lesson[0], learnt_at=NOW, pages=1, agreement=lesson[1])


def known_templates(
    pages: Mapping[str, tuple[bytes, str]],
    *,
    rounds: int,
    trafilatura: Callable[[bytes, str], str],
    f1: Callable[[Mapping[str, str]], float],
) -> dict[str, Any]:
    """Pages read by a recipe that was learnt, beside our own reading and trafilatura.

    ``unseen_f1`` on pages whose recipe was learnt from another page of the host; ``pages_per_s`` on every
    page that something can be learnt of. The rounds take turns, the first one warms up.
    """
    known, ways = known_pages(pages), readers(trafilatura)
    spent: dict[str, list[float]] = {name: [] for name in ways}
    texts: dict[str, dict[str, str]] = {}
    for turn in range(rounds + 1):
        for name, read in ways.items():
            start = time.process_time()
            texts[name] = {page: read(each) for page, each in known.items()}
            if turn:
                spent[name].append(time.process_time() - start)
    unseen = {page: each.as_unseen() for page, each in known.items() if each.unseen is not None}
    return {
        "pages": len(known),
        "unseen_pages": len(unseen),
        "pages_per_s": {
            name: round(len(known) / statistics.median(seconds), 1) for name, seconds in spent.items()
        },
        "f1": {name: round(f1(found), 4) for name, found in texts.items()},
        "unseen_f1": {
            name: round(f1({page: read(each) for page, each in unseen.items()}), 4)
            for name, read in ways.items()
        },
    }


def report_known(known: Mapping[str, Any]) -> None:
    """The table for people."""
    print(
        f"\nknown templates: {known['pages']} pages; unseen: F1 of the {known['unseen_pages']} whose recipe "
        "was learnt from another page of the host"
    )
    print(f"{'':<44}{'F1':>7}{'unseen':>8}{'pages/s':>9}")
    for name, speed in known["pages_per_s"].items():
        print(f"{name:<44}{known['f1'][name]:>7.3f}{known['unseen_f1'][name]:>8.3f}{speed:>9.0f}")


def readers(trafilatura: Callable[[bytes, str], str]) -> dict[str, Callable[[KnownPage], str]]:
    """Each way of reading a known page, whole jobs first; the last ones find nothing but text."""
    ways: dict[str, Callable[[KnownPage], str]] = {
        "own reading, whole": _own,
        "learnt recipe, whole": _recipe,
        "trafilatura, text alone": lambda page: trafilatura(page.html, page.url),
        "recipe by lexbor, text alone": _text_alone,
        "recipe by lexbor, text and facts": _lexbor,
    }
    return ways | ({"recipe by lxml, text and facts": _lxml} if find_spec("cssselect") else {})


def _own(page: KnownPage) -> str:
    return extract(page.html, url=page.url, fetched_at=NOW).text


def _recipe(page: KnownPage) -> str:
    return extract(page.html, url=page.url, fetched_at=NOW, learnt=(page.seen,)).text


def _text_alone(page: KnownPage) -> str:
    return RecipePage(light_page(page.html)).text(page.seen.recipe).text


def _lexbor(page: KnownPage) -> str:
    found = by_recipe(light_page(page.html), None, (page.seen,))
    if found is None:
        return ""
    page_facts(found.facts)
    return found.found.text


def _lxml(page: KnownPage) -> str:
    """The same with one tree of the whole page, and the selector as XPath."""
    tree = tree_of(light_page(page.html))
    if tree is None:
        return ""
    page_facts(tree)
    boxes = _xpath(page.seen.recipe.select)(tree)
    if not boxes:
        return ""
    prose = _prose()
    blocks = blocks_of(boxes[0], {}, light=lambda part: float(sum(map(len, prose(part)))))
    return "\n".join(block.text for block in article_blocks(blocks))


@lru_cache(maxsize=1_000)
def _xpath(select: str) -> Any:
    translated = import_module("cssselect").GenericTranslator().css_to_xpath(select)
    return import_module("lxml.etree").XPath(translated)


@lru_cache(maxsize=1)
def _prose() -> Any:
    return import_module("lxml.etree").XPath(".//text()[string-length(.) > 30][not(ancestor::a)]")
