"""Edits that would bring a flood are measured on what is stored."""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, field, replace
from datetime import datetime, timedelta
from typing import Any, cast

import pytest

from monitor.chores.flood import flood
from monitor.core.query.engine.matcher import Matcher
from monitor.core.rulebook import Rulebook
from monitor.model import AlertSettings, Article, Settings, Topic
from monitor.ports import Store
from tests.conftest import NOW
from tests.support.records import article


def rules(query: str, *, factor: float = 10.0) -> Rulebook:
    topic = Topic(id="metal", query=query)
    return Rulebook(
        revision=query,
        settings=Settings(alerts=AlertSettings(flood_factor=factor)),
        topics={"metal": topic},
        matcher=Matcher.build([topic]),
    )


@dataclass
class _Archive:
    """What ``flood`` asks of the store: a hundred articles of an hour ago, and what was accepted."""

    accepted: str | None = None
    asked: list[datetime] = field(default_factory=list)

    def since(self, moment: datetime) -> Iterable[Article]:
        self.asked.append(moment)
        base = article(seen_at=NOW - timedelta(hours=1), language="en")
        texts = ["Lithium mine opens.", *(f"Match {number} of the season." for number in range(99))]
        return [replace(base, id=f"a{n}", title=text, text=text) for n, text in enumerate(texts)]

    def stories_of(self, _: Sequence[str]) -> Mapping[str, str]:
        return {}

    def accepted_rulebook(self) -> str | None:
        return self.accepted

    @property
    def store(self) -> Store:
        parts: dict[str, Any] = dict.fromkeys(Store.__dataclass_fields__, self)
        return Store(**cast("Any", parts))


OLD = rules("lithium")
WIDE = rules("lithium OR match")


def test_many_times_the_alerts_are_a_flood() -> None:
    archive = _Archive()
    found = flood(archive.store, OLD, WIDE, NOW)
    assert found is not None
    assert (found.alerts_before, found.alerts_after) == (1, 100)
    assert archive.asked == [NOW - timedelta(days=3)]


@pytest.mark.parametrize(
    "new",
    [rules("lithium OR match", factor=0), rules("lithium OR match", factor=200), rules("lithium OR zinc")],
)
def test_what_is_no_flood_is_let_through(new: Rulebook) -> None:
    assert flood(_Archive().store, OLD, new, NOW) is None


def test_what_was_accepted_is_let_through() -> None:
    assert flood(_Archive(accepted=WIDE.revision).store, OLD, WIDE, NOW) is None


def test_edits_of_anything_else_cost_nothing() -> None:
    archive = _Archive()
    assert flood(archive.store, OLD, replace(OLD, revision="other"), NOW) is None
    assert archive.asked == []
