"""Readings leave evidence when it is switched on: a first one, a changed page, a page that is gone."""

from __future__ import annotations

import dataclasses
import json
from collections.abc import Iterable
from datetime import timedelta

import pytest

from monitor.core.evidence.cases import unpacked_record
from monitor.core.evidence.stored import ChainCheck
from monitor.errors import HttpStatus
from monitor.model import EvidenceSettings
from monitor.ports import Ports
from tests.unit.jobs.test_recheck import TEXT, TITLE, URL, look, page
from tests.unit.jobs.test_run import World, later, ports, work, world  # noqa: F401 - fixtures


@pytest.fixture
def keeping(ports: Ports) -> Ports:  # noqa: F811
    rulebook = ports.rulebook()
    settings = dataclasses.replace(rulebook.settings, evidence=EvidenceSettings(keep="on"))
    kept = dataclasses.replace(rulebook, settings=settings)
    return dataclasses.replace(ports, rulebook=lambda: kept)


def _facts(ports: Ports) -> list[dict[str, object]]:  # noqa: F811
    records = list(ports.store.evidence.records())
    assert list(ChainCheck().findings(records)) == []
    return [unpacked_record(record).facts for record in records]


def _readings(facts: Iterable[dict[str, object]]) -> list[object]:
    return [each["reading"] for each in facts]


def test_a_reading_leaves_its_page_and_why_it_matched(keeping: Ports, world: World) -> None:  # noqa: F811
    world.list_entry(1, TITLE)
    world.pages[URL] = page(TEXT)
    world.list_entry(2, "A mine lowers its price", body="Nothing of interest was said about it. " * 9)
    work(keeping, world)
    (record,) = keeping.store.evidence.records()
    kept = unpacked_record(record)
    assert kept.parts["page"].decode() == world.pages[URL]
    assert kept.facts["text_from"] == "page"
    assert json.loads(record.link)["topics"] == ["ruler"]
    assert {match["topic"] for match in kept.facts["matches"]} == {"ruler"}


def test_a_changed_page_and_its_end_are_further_records(keeping: Ports, world: World) -> None:  # noqa: F811
    world.list_entry(1, TITLE)
    world.pages[URL] = page(TEXT)
    work(keeping, world)
    later(world, minutes=20)
    look(keeping, world)
    assert _readings(_facts(keeping)) == ["read"]
    world.pages[URL] = page(TEXT.replace("Three prisoners", "Four prisoners"))
    later(world, hours=1)
    look(keeping, world)
    assert _readings(_facts(keeping)) == ["read", "recheck"]
    world.pages[URL] = HttpStatus("404 Not Found", status=404)
    for _ in range(8):
        later(world, hours=2)
        look(keeping, world)
    facts = _facts(keeping)
    assert _readings(facts) == ["read", "recheck", "vanished"]
    assert "404" in str(facts[-1]["how"])


def test_what_is_carried_by_the_feed_is_kept_as_it_was_listed(keeping: Ports, world: World) -> None:  # noqa: F811
    entry = world.list_entry(1, TITLE)
    whole = "".join(f"<p>{TEXT}</p>" for _ in range(3))
    world.listed[0] = dataclasses.replace(entry, content=whole)
    work(keeping, world)
    (record,) = keeping.store.evidence.records()
    kept = unpacked_record(record)
    assert kept.facts["text_from"] == "entry"
    assert kept.parts["entry"].decode() == whole


def test_without_the_setting_nothing_is_kept(ports: Ports, world: World) -> None:  # noqa: F811
    world.list_entry(1, TITLE)
    work(ports, world)
    assert list(ports.store.evidence.records()) == []
    assert ports.store.evidence.prune(world.moment + timedelta(days=1), now=world.moment) == 0
