"""``monitor sources recipes``: selectors that were learnt for sites."""

from __future__ import annotations

import dataclasses
from collections.abc import Sequence
from pathlib import Path
from typing import TYPE_CHECKING

import typer

from monitor.cli.archive import opened
from monitor.cli.inputs import InputError
from monitor.cli.output import (
    CONFIG_OPTION,
    JSON_OPTION,
    complain,
    counted,
    emit,
    examples,
    moment,
    say,
    table,
)
from monitor.core.recipe_trust import BY_OPERATOR, site_of
from monitor.model import LearntRecipe, SiteRecipes, Source

if TYPE_CHECKING:
    from monitor.core.rulebook import Rulebook
    from monitor.ports import Store

_Done = tuple[dict[str, object], str]

EXAMPLES = examples(
    "monitor sources recipes",
    "monitor sources recipes outlet.example --json",
    "monitor sources recipes outlet.example --pin my-outlet",
    "monitor sources recipes outlet.example --drop 'div.article-body'",
    "monitor sources recipes outlet.example --forget",
)


def command(
    site: str = typer.Argument("", metavar="[SITE]", help="A host, or an address of it; absent: all."),
    config: Path = CONFIG_OPTION,
    pin: str = typer.Option(
        "", "--pin", metavar="SOURCE", help="Copy the recipe into this source of the config (text:)."
    ),
    drop: str = typer.Option("", "--drop", metavar="SELECT", help="Put this recipe out of force."),
    select: str = typer.Option("", "--select", help="With --pin: which one; absent: the one asked first."),
    *,
    forget: bool = typer.Option(False, "--forget", help="Delete all that was learnt; learning begins anew."),
    json: bool = JSON_OPTION,
) -> None:
    """Selectors learnt for sites: state, checks, why they were dropped; pin, drop or forget them."""
    if sum(map(bool, (pin, drop, forget))) > 1:
        raise typer.BadParameter("say one of --pin, --drop and --forget")
    if not site and (pin or drop or forget):
        raise typer.BadParameter("name the site, e.g. www.outlet.example")
    host = _host(site)
    with opened(config) as (store, rulebook):
        if pin:
            done = _pinned(store, host, select, _source(pin, rulebook), config)
        elif drop:
            done = _dropped(store, host, drop)
        elif forget:
            done = _forgotten(store, host)
        else:
            _list([known for known in store.recipes.all() if host in {"", known.site}], as_json=json)
            return
    record, said = done
    if json:
        emit(record)
        return
    say(said)
    complain("A running service goes by it from the next page on.")


def recipe_remark(source: Source, by_site: dict[str, SiteRecipes]) -> tuple[str, str]:
    """A source's recipe in force and, when its site has lost one and has none, why."""
    if source.recipe is not None:
        return f"written: {source.recipe.select}", ""
    known = by_site.get(site_of(source.site)) or by_site.get(site_of(source.url))
    if known is None:
        return "", ""
    if known.alive:
        best = known.alive[0]
        return f"{best.state}: {best.recipe.select}", ""
    lost = known.recipes[-1] if known.recipes else None
    return "", f"its recipe {lost.recipe.select} was dropped: it {lost.reason}" if lost else ""


def _list(found: Sequence[SiteRecipes], *, as_json: bool) -> None:
    if not as_json:
        columns = ("site", "state", "select", "remove", "agreement", "checks", "last", "learnt", "remark")
        table(counted(len(found), "site"), columns, [row for known in found for row in _rows(known)])
        return
    for known in found:
        for learnt in _in_order(known) or (None,):
            emit(_record(known, learnt))


def _source(source_id: str, rulebook: Rulebook) -> Source:
    source = rulebook.sources.get(source_id)
    if source is None:
        raise InputError(f"{source_id}: is no source; `monitor sources list` shows the ids")
    return source


def _pinned(store: Store, host: str, select: str, source: Source, config: Path) -> _Done:
    recipes = store.recipes.of(host).recipes if select else store.recipes.in_force(host)
    chosen = next((each for each in recipes if select in {"", each.recipe.select}), None)
    if chosen is None:
        raise InputError(f"{host}: there is no such recipe; {_known(store, host)}")
    path = _written(source, chosen, config)
    record: dict[str, object] = {"source": source.id, "file": str(path), "text": _text(chosen)}
    return record, f"{source.id} is read by {chosen.recipe.select}: written into {path}"


def _dropped(store: Store, host: str, select: str) -> _Done:
    if not store.recipes.drop(host, select, BY_OPERATOR):
        raise InputError(f"{host}: no recipe in force is called {select!r}; {_known(store, host)}")
    return {"site": host, "select": select, "state": "dropped"}, f"{host}: {select} is dropped"


def _forgotten(store: Store, host: str) -> _Done:
    if not any(known.site == host for known in store.recipes.all()):
        raise InputError(f"{host}: nothing was learnt of it; {_known(store, host)}")
    count = store.recipes.forget(host)
    return {"site": host, "forgotten": count}, f"{host}: forgotten, with {counted(count, 'recipe')}"


def _written(source: Source, chosen: LearntRecipe, config: Path) -> Path:
    """The file into which the recipe was written; one that the config then refuses is put back."""
    from monitor.app import load_rulebook
    from monitor.config import file_of, put
    from monitor.errors import ConfigError

    path = file_of(source.id, config)
    if path is None:
        raise InputError(f"{source.id}: stands in no file of {config / 'sources'}")
    before = path.read_bytes()
    put(path, "sources", {"id": source.id, "text": _text(chosen)})
    try:
        load_rulebook(config)
    except ConfigError:
        path.write_bytes(before)
        raise
    return path


def _text(chosen: LearntRecipe) -> dict[str, str]:
    recipe = chosen.recipe
    return {"select": recipe.select} | ({"remove": recipe.remove} if recipe.remove else {})


def _host(site: str) -> str:
    return (site_of(site if "://" in site else f"https://{site}") or site) if site else ""


def _known(store: Store, host: str) -> str:
    names = [each.recipe.select for each in store.recipes.of(host).recipes]
    return f"it has {', '.join(names)}" if names else "`monitor sources recipes list` shows all"


def _in_order(known: SiteRecipes) -> tuple[LearntRecipe, ...]:
    """Those in force as they are asked, then those that were dropped."""
    return (*known.alive, *(each for each in known.recipes if not each.alive))


def _rows(known: SiteRecipes) -> list[tuple[str, ...]]:
    rows: list[tuple[str, ...]] = [
        (
            known.site,
            each.state,
            each.recipe.select,
            each.recipe.remove,
            f"{each.agreement:.2f}",
            str(each.checks),
            " ".join(f"{value:.2f}" for value in each.recent),
            moment(each.learnt_at),
            each.reason,
        )
        for each in _in_order(known)
    ]
    if not known.alive:
        rows.append((known.site, "learning", *[""] * 6, _learning(known)))
    return rows


def _learning(known: SiteRecipes) -> str:
    if known.samples or known.not_before is None:
        return f"{counted(len(known.samples), 'page')} seen so far"
    return f"rests until {moment(known.not_before)}"


def _record(known: SiteRecipes, learnt: LearntRecipe | None) -> dict[str, object]:
    about: dict[str, object] = {"site": known.site, "select": None, "remove": None, "state": "learning"}
    if learnt is not None:
        fields = dataclasses.asdict(learnt)
        fields.pop("recipe")
        about |= {
            "select": learnt.recipe.select,
            "remove": learnt.recipe.remove,
            "share": learnt.recipe.share,
        }
        about |= fields
    return about | {"samples": len(known.samples), "not_before": known.not_before}
