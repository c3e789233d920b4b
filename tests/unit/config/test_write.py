"""Edits from chat or command line keep what a person wrote around them."""

from __future__ import annotations

from pathlib import Path

import pytest

from monitor.config import load, put, remove
from monitor.errors import ConfigError

WRITTEN = """\
# Our topics.

topics:
  - id: belarus   # the country
    query: "Belarus"

  # Keep this one.
  - id: minsk
    query: >-
      Minsk
      OR Менск
    languages: [en, be]
"""


@pytest.fixture
def path(tmp_path: Path) -> Path:
    file = tmp_path / "topics" / "a.yaml"
    file.parent.mkdir()
    file.write_text(WRITTEN, encoding="utf-8")
    return file


def test_an_edit_changes_only_what_it_names(path: Path) -> None:
    put(path, "topics", {"id": "belarus", "query": "Belarus OR Беларусь"})
    assert path.read_text(encoding="utf-8") == WRITTEN.replace('"Belarus"', '"Belarus OR Беларусь"')


def test_an_edit_without_change_leaves_the_file_as_it_was(path: Path) -> None:
    put(path, "topics", {"id": "minsk", "languages": ["en", "be"]})
    assert path.read_text(encoding="utf-8") == WRITTEN


def test_a_new_member_is_added_and_taken_away(path: Path, tmp_path: Path) -> None:
    query = " OR ".join(f"word{number}" for number in range(30))
    put(path, "topics", {"id": "new", "query": query, "languages": ("en",)})
    text = path.read_text(encoding="utf-8")
    assert text.startswith(WRITTEN)
    assert load(tmp_path, env={}).rulebook.topics["new"].query.strip() == query
    assert remove(path, "topics", "new")
    assert not remove(path, "topics", "new")
    assert path.read_text(encoding="utf-8") == WRITTEN


def test_a_file_is_made(tmp_path: Path) -> None:
    put(tmp_path / "topics" / "mine.yaml", "topics", {"id": "a", "query": "Minsk"})
    assert load(tmp_path, env={}).rulebook.topics["a"].query == "Minsk"
    assert [path.name for path in (tmp_path / "topics").iterdir()] == ["mine.yaml"]


def test_comments_of_an_empty_file_stay(tmp_path: Path) -> None:
    path = tmp_path / "chats.yaml"
    path.write_text("# Where alerts go.\n", encoding="utf-8")
    put(path, "chats", {"id": "console:main"})
    assert path.read_text(encoding="utf-8") == ("# Where alerts go.\n\nchats:\n  - id: console:main\n")


def test_a_broken_file_is_not_touched(tmp_path: Path) -> None:
    path = tmp_path / "chats.yaml"
    path.write_text("chats: [", encoding="utf-8")
    with pytest.raises(ConfigError, match="cannot be edited"):
        put(path, "chats", {"id": "console:main"})
    assert path.read_text(encoding="utf-8") == "chats: ["
