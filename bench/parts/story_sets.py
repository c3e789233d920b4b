"""Labelled articles: the newsroom, our own two parts, and what lies in ../shared, as one record each.

``choosing`` and what is listed in ``CHOSEN_ON`` may be looked at for features, weights and thresholds;
``reporting`` (tests/data/stories) is for figures only.
"""

from __future__ import annotations

import gzip
import json
import random
from collections.abc import Sequence
from dataclasses import dataclass
from datetime import UTC, datetime, timedelta
from pathlib import Path
from typing import Any, Final

from monitor.demo.newsroom.seeds import bundled, load

ROOT: Final = Path(__file__).parents[2]
SHARED: Final = ROOT.parent / "shared" / "data"
NOW: Final = datetime(2026, 11, 24, 12, tzinfo=UTC)
CHOSEN_ON: Final = ("handed", "choosing", "newsroom", "pairs", "ecbplus")


@dataclass(frozen=True, slots=True, kw_only=True)
class Labelled:
    """One article with the event that it tells; ``published`` is None where the set gives no dates."""

    id: str
    family: str
    event: str
    language: str
    outlet: str
    published: datetime | None
    title: str
    text: str
    kind: str = ""
    copy_of: str | None = None
    told: bool | None = None

    @property
    def arguable(self) -> bool:
        """Whether its event is open to dispute: a follow-up days later."""
        return self.event.endswith("?")


def sets(names: Sequence[str]) -> dict[str, list[Labelled]]:
    """The sets that are there, each in the order in which its articles came."""
    found = {}
    for name in names:
        rows = _READ[name]()
        if not rows:
            continue
        if rows[0].published is None:
            random.Random(0).shuffle(rows)
        else:
            rows.sort(key=lambda row: (row.published, row.id))
        found[name] = rows
    return found


def _own(part: str) -> list[Labelled]:
    return _lines(ROOT / "tests" / "data" / "stories" / f"{part}.jsonl")


def _lines(file: Path) -> list[Labelled]:
    if not file.exists():
        return []
    return [_labelled(json.loads(line)) for line in file.read_text("utf-8").splitlines()]


def _labelled(row: dict[str, Any]) -> Labelled:
    return Labelled(
        id=row["id"],
        family=row["family"],
        event=row["event"],
        language=row["lang"],
        outlet=row["outlet"],
        published=datetime.fromisoformat(row["published"]),
        title=row["title"],
        text=row["text"],
        kind=row.get("kind", ""),
        copy_of=row.get("copy_of"),
        told=row.get("told"),
    )


def _zipped(name: str) -> list[dict[str, Any]]:
    if not (SHARED / name).exists():
        return []
    with gzip.open(SHARED / name, "rt", encoding="utf-8") as lines:
        return [json.loads(line) for line in lines]


def _handed() -> list[Labelled]:
    return _lines(SHARED / "stories" / "multilingual.jsonl")


def _pairs() -> list[Labelled]:
    """Each pair is a family; ``b`` tells another event unless the label is OK."""
    return [
        Labelled(
            id=f"{at}{side}",
            family=f"pair{at}",
            event=f"pair{at}" + ("" if row["label"] == "OK" else side),
            language=row["lang"],
            outlet=side,
            published=None,
            title=row[side]["title"],
            text=row[side]["text"],
            kind=row["pool"],
        )
        for at, row in enumerate(_zipped("pairs/tg-news-pairs.jsonl.gz"))
        for side in "ab"
    ]


def _ecbplus() -> list[Labelled]:
    return [
        Labelled(
            id=str(row["id"]),
            family=f"topic{row['topic']}",
            event=row["story"],
            language="en",
            outlet=str(row["id"]),
            published=None,
            title="",
            text=row["text"],
        )
        for row in _zipped("stories/ecbplus.jsonl.gz")
    ]


def _newsroom() -> list[Labelled]:
    return [
        Labelled(
            id=item.id,
            family="newsroom",
            event=item.story,
            language=item.language,
            outlet=item.outlet,
            published=NOW - item.age if item.age else NOW + timedelta(seconds=item.publish_after_s or 0),
            title=item.headline,
            text=item.text,
        )
        for item in load(bundled("seeds/newsroom")).articles
        if item.revision_of is None
    ]


_READ: Final = {
    "handed": _handed,
    "choosing": lambda: _own("choosing"),
    "reporting": lambda: _own("reporting"),
    "newsroom": _newsroom,
    "pairs": _pairs,
    "ecbplus": _ecbplus,
}
