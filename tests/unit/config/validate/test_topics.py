"""An edited topic that fails its own examples does not load; the others do."""

from __future__ import annotations

from pathlib import Path

import pytest

from monitor.config import Loaded, load
from monitor.errors import ConfigError
from monitor.model import MatchText

GOOD = """\
lists:
  metals: [potash, nickel]
topics:
  - {id: potash, query: potash, must_match: [Potash prices fell]}
  - {id: bank, query: bank, must_match: [The bank closed]}
  - {id: metals, query: "@metals", must_match: [Nickel mines]}
"""


@pytest.fixture
def file(tmp_path: Path) -> Path:
    """The only file of a config folder."""
    (tmp_path / "topics").mkdir()
    path = tmp_path / "topics" / "a.yaml"
    path.write_text(GOOD, encoding="utf-8")
    return path


def edited(file: Path, *changes: tuple[str, str]) -> Loaded:
    """What a service that runs with GOOD makes of the edited file."""
    before = load(file.parents[1], env={}).rulebook
    text = GOOD
    for old, new in changes:
        assert old in text
        text = text.replace(old, new)
    file.write_text(text, encoding="utf-8")
    return load(file.parents[1], env={}, previous=before)


def found(loaded: Loaded, text: str) -> set[str]:
    return {match.topic_id for match in loaded.rulebook.matcher.match(MatchText(body=text, language="en"))}


def test_a_topic_that_fails_its_examples_stays_as_it_was(file: Path) -> None:
    loaded = edited(file, ("query: potash,", "query: salt,"), ("query: bank,", "query: bank OR river,"))
    assert found(loaded, "Potash and salt by the river") == {"potash", "bank", "metals"}
    assert loaded.rulebook.topics["potash"].query == "potash"
    (refused,) = loaded.refused
    assert "does not match its must_match line" in refused.message
    assert refused.line == 4


def test_a_query_that_cannot_be_read_stays_as_it_was(file: Path) -> None:
    loaded = edited(file, ("query: potash,", 'query: "potash AND",'))
    assert found(loaded, "Potash") == {"potash", "metals"}
    assert [problem.line for problem in loaded.refused] == [4]


def test_a_new_topic_that_fails_is_left_out(file: Path) -> None:
    new = "  - {id: new, query: tin, must_match: [Zinc]}\n"
    loaded = edited(file, ("topics:\n", f"topics:\n{new}"))
    assert set(loaded.rulebook.topics) == {"potash", "bank", "metals"}
    assert loaded.refused


def test_a_mended_topic_is_taken(file: Path) -> None:
    refused = edited(file, ("query: potash,", "query: salt,")).rulebook
    file.write_text(GOOD.replace("query: potash,", 'query: "potash OR salt",'), encoding="utf-8")
    loaded = load(file.parents[1], env={}, previous=refused)
    assert not loaded.refused
    assert "potash" in found(loaded, "Salt")


def test_a_list_edit_that_breaks_a_topic_is_not_taken_at_all(file: Path) -> None:
    """The old topic would mean something else with the new list."""
    with pytest.raises(ConfigError):
        edited(file, ("nickel]", "tin]"))


def test_other_mistakes_are_still_errors_of_the_whole(file: Path) -> None:
    with pytest.raises(ConfigError):
        edited(file, ("query: potash,", "query: salt,"), ("id: bank", "id: bank, nope: 1"))


def test_at_the_start_every_topic_must_pass(file: Path) -> None:
    file.write_text(GOOD.replace("query: potash,", "query: salt,"), encoding="utf-8")
    with pytest.raises(ConfigError):
        load(file.parents[1], env={})
