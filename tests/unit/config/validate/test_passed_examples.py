"""Examples that passed are not tried again until something that they rest on changes."""

from __future__ import annotations

import dataclasses
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pytest

from monitor.config import check
from monitor.config.models.files import TopicShape
from monitor.config.validate import passed_examples, queries
from monitor.config.validate.shared_names import SharedNames
from monitor.errors import Problem


def topic(example: str = "Potash is dear.", *, query: str = "potash") -> TopicShape:
    return TopicShape.model_validate({"id": "potash", "query": query, "must_match": [example]})


TOPIC = topic()


@pytest.fixture(autouse=True)
def cache(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    monkeypatch.setenv("XDG_CACHE_HOME", str(tmp_path / "cache"))
    return passed_examples.cache_file()


def test_what_passed_is_known_and_the_latest_are_kept(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(passed_examples, "MOST_KEPT", 3)
    assert passed_examples.known() == ()
    for number in range(5):
        passed_examples.keep([f"k{number}"], passed_examples.known())
    assert passed_examples.known() == ("k2", "k3", "k4")


def test_another_query_example_or_name_is_another_key(monkeypatch: pytest.MonkeyPatch) -> None:
    names = SharedNames()
    keys = {
        passed_examples.key_of(TOPIC, names),
        passed_examples.key_of(topic(query="potassium"), names),
        passed_examples.key_of(topic("Potash is cheap."), names),
        passed_examples.key_of(TOPIC, dataclasses.replace(names, lists={"salts": ("potash",)})),
    }
    monkeypatch.setattr(passed_examples, "_tried_by", lambda: "another version")
    assert len(keys | {passed_examples.key_of(TOPIC, names)}) == 5


def test_a_cache_that_cannot_be_read_or_written_is_none(cache: Path) -> None:
    cache.mkdir(parents=True)  # a folder in its place
    assert passed_examples.known() == ()
    passed_examples.keep(["k"], ())
    assert list(cache.parent.iterdir()) == [cache]


def test_only_what_is_new_or_failed_is_tried(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    tried: list[str] = []
    honest = queries.example_problems

    def watched(item: Any, matcher: Any) -> Iterator[Problem]:
        tried.append(item.id)
        return honest(item, matcher)

    monkeypatch.setattr(queries, "example_problems", watched)
    (tmp_path / "topics").mkdir()
    topics = tmp_path / "topics" / "all.yaml"
    sound = "topics:\n  - {id: salt, query: potash, must_match: [Potash is dear]}\n"
    wrong = "  - {id: zinc, query: zinc, must_match: [Lead is dear]}\n"
    topics.write_text(sound + wrong, encoding="utf-8")
    for _ in range(2):
        assert any("zinc" in str(problem) for problem in check(tmp_path, env={}))
    assert tried == ["salt", "zinc", "zinc"]
    topics.write_text(sound.replace("Potash is dear", "Of potash"), encoding="utf-8")
    check(tmp_path, env={})
    assert tried == ["salt", "zinc", "zinc", "salt"]
