"""``monitor group``: its contract, and what it does with odd input."""

from __future__ import annotations

import json
from pathlib import Path

import pytest

from tests.support.command_line import Command
from tests.support.made_up import prose

TEXT = prose(200, 1)
SWANS = "Gladys and eleven swans came back to the mill bridge in Carrick, and traffic stood still."


def lines(*rows: object) -> str:
    return "\n".join(row if isinstance(row, str) else json.dumps(row) for row in rows)


def grouped(monitor: Command, tmp_path: Path, *rows: object, code: int = 0) -> list[dict[str, object]]:
    file = tmp_path / "articles.jsonl"
    file.write_text(lines(*rows), encoding="utf-8")
    done = monitor("group", "--json", file)
    assert done.code == code
    return done.lines


def test_one_line_for_each_input_in_its_order_with_the_contracts_keys(
    monitor: Command, tmp_path: Path
) -> None:
    found = grouped(
        monitor,
        tmp_path,
        {"id": "late", "title": "Again", "text": TEXT + " More.", "published": "2026-11-24T12:00:00+01:00"},
        {"id": "other", "title": "Swans", "text": SWANS, "published": "2026-11-24T09:00:00Z"},
        {"id": "first", "title": "Once", "text": TEXT, "source": "wire", "published": "2026-11-24T10:00:00Z"},
    )
    assert [row["id"] for row in found] == ["late", "other", "first"]
    assert list(found[0])[:3] == ["id", "copy_of", "story"]
    assert [row["copy_of"] for row in found] == ["first", None, None]
    assert found[0]["story"] == found[2]["story"] != found[1]["story"]


def test_one_address_listed_twice_is_one_article(monitor: Command, tmp_path: Path) -> None:
    row = {"title": "Once", "text": TEXT, "url": "https://a.example/1"}
    found = grouped(
        monitor, tmp_path, {"id": 1, **row}, {"id": 2, **row, "url": "https://a.example/1?utm_source=x"}
    )
    assert [(item["id"], item["copy_of"]) for item in found] == [(1, None), (2, 1)]


def test_a_bad_line_is_reported_and_the_rest_go_on(monitor: Command, tmp_path: Path) -> None:
    found = grouped(
        monitor, tmp_path, {"id": "a", "text": TEXT}, "{broken", {"id": "b", "text": TEXT}, code=1
    )
    assert [row["id"] for row in found] == ["a", "articles.jsonl:2", "b"]
    assert "error" in found[1]
    assert found[2]["copy_of"] == "a"


@pytest.mark.parametrize("row", [{}, {"id": "x"}, {"id": "x", "text": "\ud800"}, {"id": "x", "published": 5}])
def test_odd_articles_stand_alone(monitor: Command, tmp_path: Path, row: dict[str, object]) -> None:
    found = grouped(monitor, tmp_path, row, {"id": "y", "text": TEXT})
    assert [item["copy_of"] for item in found] == [None, None]
    assert found[0]["story"] != found[1]["story"]


def test_a_pair_is_explained_by_its_features_and_what_would_turn_the_verdict(
    monitor: Command, tmp_path: Path
) -> None:
    rows = (
        {"id": "a", "title": "Snow shuts the Brest motorway for six hours", "text": TEXT, "lang": "en"},
        {"id": "b", "title": "Six hours of snow shut the motorway to Brest", "text": TEXT, "lang": "en"},
    )
    file = tmp_path / "articles.jsonl"
    file.write_text(lines(*rows), encoding="utf-8")
    found = monitor("group", "--json", "--explain", "a", "b", file).lines[0]
    assert found["probability"] > 0.9
    by_name = {part["name"]: part for part in found["features"]}
    assert by_name["words"]["adds"] == pytest.approx(by_name["words"]["value"] * by_name["words"]["weight"])
    assert by_name["late"]["needed"] > 0
    assert monitor("group", "--explain", "a", "nobody", file).code == 1
