"""Texts that are worded alike and tell different news, in ten languages, placed as the service places them.

Briefs of one frame, round-ups that begin with a whole brief, a report that few changed words turn round,
late news above old paragraphs; beside them reprints that must stay silent
(tests/data/stories/lookalikes.jsonl).
"""

from __future__ import annotations

import json
import shutil
from collections import defaultdict
from collections.abc import Iterator
from datetime import timedelta
from pathlib import Path
from typing import Any

import pytest

from monitor.chores.grouping import plain_article
from monitor.core.decide import analyse, decide, query_for
from monitor.core.query.engine.matcher import Matcher
from monitor.core.rulebook import Rulebook
from monitor.model import Extracted, Placed, Settings
from monitor.ports import Store
from monitor.store import open_store
from tests.support.records import NOW

CASES = [
    json.loads(line)
    for line in (Path(__file__).parents[1] / "data" / "stories" / "lookalikes.jsonl")
    .read_text("utf-8")
    .splitlines()
]
RULEBOOK = Rulebook(revision="", settings=Settings(), matcher=Matcher.build(()))


@pytest.fixture
def store(sqlite_template: Path, tmp_path: Path) -> Iterator[Store]:
    file = shutil.copy(sqlite_template, tmp_path / "store.db")
    opened = open_store(f"sqlite:///{file}", now=lambda: NOW)
    yield opened
    opened.admin.close()


def placed(case: dict[str, Any], store: Store, *, outlets: int) -> list[Placed]:
    """The articles of a case two hours after one another, decided as the read job decides."""
    found = []
    for at, each in enumerate(case["articles"]):
        moment = NOW + timedelta(hours=2 * at)
        told = plain_article(
            Extracted(
                url="", canonical_url="", title=each["title"], text=each["text"], published=moment,
                language=case["lang"],
            ),
            name=f"{case['id']} {outlets} {at}",
            source=f"outlet{at % outlets}",
        )  # fmt: skip
        analysis = analyse(told, RULEBOOK)
        snapshot = store.articles.snapshot(query_for(analysis, RULEBOOK, moment))
        found.append(decide(analysis, snapshot, RULEBOOK))
        store.articles.keep(found[-1], now=moment)
    return found


def copies_of(found: list[Placed]) -> dict[str, int]:
    number = {each.article.id: at for at, each in enumerate(found)}
    return {
        str(at): number[each.placement.copy_of or ""]
        for at, each in enumerate(found)
        if each.placement.verdict == "copy"
    }


# In one outlet and in two by turns; reprints in two alone, for an outlet does not reprint itself.
@pytest.mark.parametrize(
    ("case", "outlets"),
    [
        pytest.param(case, outlets, id=f"{case['id']}-{outlets}")
        for case in CASES
        for outlets in (1, 2)
        if outlets > 1 or not case["copies"]
    ],
)
def test_what_looks_alike(case: dict[str, Any], outlets: int, store: Store) -> None:
    found = placed(case, store, outlets=outlets)
    assert copies_of(found) == case["copies"]
    for at in case["told"]:
        assert found[at].news.kind in {"opens", "fact"}
    if case["stories"]:
        stories = store.articles.stories_of([each.article.id for each in found])
        groups = defaultdict(list)
        for at, each in enumerate(found):
            groups[stories[each.article.id]].append(at)
        assert sorted(groups.values()) == case["stories"]
