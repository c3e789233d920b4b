"""``monitor extract``."""

from __future__ import annotations

import dataclasses
from pathlib import Path
from typing import TYPE_CHECKING

import typer

from monitor.cli.output import JSON_OPTION, emit, examples, moment, say
from monitor.cli.pipeline.inputs import each, fetched, page_address

if TYPE_CHECKING:
    from monitor.core.page.readings import Way
    from monitor.model import Extracted, Recipe

NAME = "extract"
EXAMPLES = examples(
    "monitor extract page.html --url https://outlet.example/a",
    "monitor extract --json pages/*.html",
    "monitor extract https://outlet.example/a",
    "monitor extract https://outlet.example/a --config config --explain",
    "monitor extract page.html --select 'div.article-body' --remove '.teaser'",
)


def command(
    files: list[str] = typer.Argument(..., metavar="FILE…|URL"),
    url: str | None = typer.Option(
        None, "--url", help="The address that a file came from.", callback=page_address
    ),
    select: str = typer.Option("", "--select", metavar="CSS", help="Try a recipe: the element of the text."),
    remove: str = typer.Option("", "--remove", metavar="CSS", help="Try a recipe: what in it is no text."),
    config: Path = typer.Option(
        None, "--config", "-c", metavar="DIR", help="Go by the recipes (text:) of this config."
    ),
    *,
    allow_private: bool = typer.Option(False, "--allow-private", help="Ask private addresses too."),
    explain: bool = typer.Option(False, "--explain", help="Also what each way of reading finds."),
    json: bool = JSON_OPTION,
) -> None:
    """Title, text, authors, dates, language and canonical address of a page."""
    from monitor.core.page.extract import extract, light_page
    from monitor.core.page.readings import ways
    from monitor.core.text.urls import site_of

    tried = _tried(select, remove)
    recipes = _recipes(config) if config is not None else {}

    def show(name: str) -> None:
        answer = fetched(name, url, allow_private=allow_private)
        recipe = tried or recipes.get(site_of(answer.url))
        found = extract(
            answer.body,
            url=answer.url,
            fetched_at=answer.fetched_at,
            charset=answer.charset,
            recipe=recipe,
        )
        light = light_page(answer.body, charset=answer.charset) if explain else ""
        _print(name, found, ways(light, found.text, recipe) if explain else (), as_json=json)

    if code := each(files, show, as_json=json):
        raise typer.Exit(code)


def _tried(select: str, remove: str) -> Recipe | None:
    from monitor.core.page.selectors import check_selector
    from monitor.model import Recipe

    if remove and not select:
        raise typer.BadParameter("--remove needs --select")
    for selector in filter(None, (select, remove)):
        try:
            check_selector(selector)
        except ValueError as error:
            raise typer.BadParameter(str(error)) from None
    return Recipe(select=select, remove=remove) if select else None


def _recipes(config: Path) -> dict[str, Recipe]:
    """Host → the operator's recipe for it."""
    from monitor.app import load_rulebook
    from monitor.core.text.urls import site_of

    sources = load_rulebook(config).sources.values()
    return {site_of(source.site or source.url): source.recipe for source in sources if source.recipe}


def _print(name: str, found: Extracted, found_by: tuple[Way, ...], *, as_json: bool) -> None:
    if as_json:
        emit(
            {
                "url": found.url,
                "canonical_url": found.canonical_url,
                "title": found.title,
                "text": found.text,
                "authors": list(found.authors),
                "published": found.published,
                "modified": found.modified,
                "language": found.language,
                "site": found.site,
                "extracted_by": found.extracted_by,
                "score": found.score,
                "paywalled": found.paywalled,
                "live": found.live,
                "next_page": found.next_page,
                "pictures": list(found.pictures),
                "file": name,
                "recipe": found.recipe or None,
                **({"ways": [dataclasses.asdict(way) for way in found_by]} if found_by else {}),
            }
        )
        return
    say(f"{found.title or '(no title)'}\n{found.canonical_url}")
    authors = ", ".join(found.authors) or "no author named"
    say(f"{found.site} · {authors} · {moment(found.published, 'no date')} · {found.language or '?'}")
    flags = [word for word, is_so in (("paywalled", found.paywalled), ("live", found.live)) if is_so]
    by = f"{found.extracted_by} {found.recipe}".strip() or "nowhere"
    say(" · ".join([f"text from {by} ({found.score:.2f})", *flags]))
    for way in found_by:
        say(f"    {way.name}: {way.words} words, agreement with the text taken {way.agreement:.2f}")
    say(f"\n{found.text or '(no article text found)'}\n")
