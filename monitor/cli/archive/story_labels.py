"""What operators joined and parted: written out, and what it says of the thresholds."""

from __future__ import annotations

import dataclasses
import json
import sys
from pathlib import Path
from typing import TYPE_CHECKING

from monitor.cli.archive.opened import opened
from monitor.cli.output import complain, counted, emit, say

if TYPE_CHECKING:
    from monitor.model import Article


def use_labels(config: Path, export_to: Path | None, *, apply: bool, as_json: bool) -> None:
    """Write the labelled pairs as JSON lines, or show the thresholds by them; ``apply`` writes these."""
    if export_to is not None:
        _export(config, export_to)
    else:
        _calibrate(config, apply=apply, as_json=as_json)


def _export(config: Path, target: Path) -> None:
    with opened(config) as (store, _):
        labels = store.articles.labels()
        known = {name: store.articles.article(name) for item in labels for name in (item.one, item.other)}
    lines = []
    for item in labels:
        row = {
            "one": _article(item.one, known[item.one]),
            "other": _article(item.other, known[item.other]),
            "same": item.same,
            "at": item.at.isoformat(),
            "features": dict(item.features),
        }
        lines.append(json.dumps(row, ensure_ascii=False) + "\n")
    if str(target) == "-":
        sys.stdout.writelines(lines)
        return
    target.write_text("".join(lines), encoding="utf-8")
    say(f"{target}: {counted(len(lines), 'labelled pair')}.")


def _calibrate(config: Path, *, apply: bool, as_json: bool) -> None:
    from monitor.config.write import put_settings
    from monitor.core.story.pairs.calibrate import FEWEST, FEWEST_OF_EACH, calibrated

    with opened(config) as (store, rulebook):
        found = calibrated(store.articles.labels(), rulebook.settings.stories)
    changed: dict[str, object] = {item.setting: item.after for item in found if item.after != item.before}
    for item in found:
        if as_json:
            emit(dataclasses.asdict(item))
        elif not item.enough:
            say(
                f"stories.{item.setting}: {item.before:g}. Too little was joined and parted to say more: "
                f"{counted(item.pairs, 'pair')} of articles; {FEWEST} are needed, at least {FEWEST_OF_EACH} "
                "of them joined and as many parted."
            )
        else:
            say(
                f"stories.{item.setting}: {item.before:g} → {item.after:g}. Of {item.pairs} pairs "
                f"{item.right_before} are judged as you did, then {item.right_after}."
            )
    if apply and changed:
        put_settings(config / "monitor.yaml", "stories", changed)
        complain(f"{config / 'monitor.yaml'}: written; the running service takes it at once")
    elif apply:
        complain("nothing to write")
    elif changed:
        complain("nothing was written; --apply writes it into monitor.yaml")


def _article(name: str, found: Article | None) -> dict[str, object]:
    if found is None:
        return {"id": name}
    return {
        "id": name,
        "title": found.title,
        "url": found.url,
        "language": found.language,
        "source": found.source_id,
    }
