"""The command line in-process, and a small config."""

from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path

import pytest

from tests.support.command_line import Command, in_process

TOPICS = """\
lists:
  belarus: [Belarus*, беларус*]
topics:
  - id: potash
    title: Potash sanctions
    query: potash AND (sanction* OR embargo) AND NOT tomato
    must_match: [Sanctions on potash stay]
  - id: minsk
    query: "@belarus OR Minsk OR Минск"
"""


@pytest.fixture
def monitor() -> Iterator[Command]:
    """Runs ``monitor …``; an exception that escapes fails the test."""
    with in_process() as run:
        yield run


@pytest.fixture
def config(tmp_path: Path) -> Path:
    """A config folder with nothing but topics."""
    folder = tmp_path / "config"
    (folder / "topics").mkdir(parents=True)
    (folder / "topics" / "mine.yaml").write_text(TOPICS, encoding="utf-8")
    return folder
