"""Every mistake in the operator's files is named by file, line and column, with the mend."""

from __future__ import annotations

import os
import re
from collections.abc import Callable
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import pytest
from pydantic import BaseModel, ConfigDict

from monitor.channels.telegram.channel import is_address
from monitor.config import check, load
from monitor.errors import ConfigError, Problem
from monitor.ports import ChannelKind, SourceKind

TABLE = Path(__file__).parents[2] / "data" / "config" / "broken.txt"
MARK = "¦"


class ListingOptions(BaseModel):
    model_config = ConfigDict(extra="forbid")
    items: str = "li"
    limit: int = 10


class NoOptions(BaseModel):
    model_config = ConfigDict(extra="forbid")


class HookOptions(BaseModel):
    model_config = ConfigDict(extra="forbid")
    url: str
    secret: str = ""


def never(*_args: Any) -> Any:
    raise AssertionError("the config must not run a kind")


def source_kind(name: str, options: type[BaseModel]) -> SourceKind:
    return SourceKind(name=name, options=options, request=never, parse=never, sniff=never)


def channel_kind(name: str, options: type[BaseModel]) -> ChannelKind:
    return ChannelKind(
        name=name,
        options=options,
        open=never,
        is_group=never,
        is_address=is_address if name == "telegram" else bool,
        addressed="its number or @name",
    )


KINDS = {
    "feed": source_kind("feed", NoOptions),
    "listing": source_kind("listing", ListingOptions),
}
CHANNELS = {
    "console": channel_kind("console", NoOptions),
    "telegram": channel_kind("telegram", NoOptions),
    "webhook": channel_kind("webhook", HookOptions),
}
ENV = {"HOOK_SECRET": "s3cret"}


@dataclass(frozen=True)
class Case:
    title: str
    files: dict[str, str]
    expected: tuple[tuple[str, str, str], ...]


def cases() -> list[Case]:
    """The cases of the table: files without marks, and (place, message part, mend part) of each problem."""
    found = []
    for chunk in re.split(r"^=== ", TABLE.read_text(encoding="utf-8"), flags=re.MULTILINE)[1:]:
        title, _, rest = chunk.partition("\n")
        body, *told = re.split(r"^>>> ", rest.rstrip(), flags=re.MULTILINE)
        files, places = {}, []
        for part in re.split(r"^--- ", body, flags=re.MULTILINE)[1:]:
            name, _, text = part.partition("\n")
            clean = ""
            for piece in text.split(MARK)[:-1]:
                clean += piece
                places.append(f"{name}:{clean.count(chr(10)) + 1}:{len(clean) - clean.rfind(chr(10))}")
            files[name] = text.replace(MARK, "")
        expected = []
        for line in told:
            message, _, hint = line.strip().partition("||")
            own = re.match(r"@(\S+:\d+:\d+) (.*)", message)
            place = own[1] if own else places.pop(0)
            expected.append((place, (own[2] if own else message).strip(), hint.strip()))
        assert not places, title
        found.append(Case(title, files, tuple(expected)))
    return found


def lay(folder: Path, files: dict[str, str]) -> Path:
    for name, text in files.items():
        path = folder / name
        path.parent.mkdir(parents=True, exist_ok=True)
        path.write_text(text, encoding="utf-8")
    return folder


def seen(folder: Path, problems: tuple[Problem, ...]) -> list[tuple[str, str, str]]:
    return [
        (
            f"{Path(problem.file).relative_to(folder)}:{problem.line}:{problem.column}",
            problem.message.replace(f"{folder}/", ""),
            problem.hint,
        )
        for problem in problems
    ]


def test_the_table_is_long() -> None:
    assert len(cases()) >= 60


@pytest.mark.parametrize("case", cases(), ids=lambda case: case.title)
def test_mistakes_are_placed(case: Case, tmp_path: Path) -> None:
    """All problems of a case are told at once: place, message and mend."""
    problems = check(lay(tmp_path, case.files), env=ENV, kinds=KINDS, channel_kinds=CHANNELS)
    got = sorted(seen(tmp_path, problems))
    wanted = sorted(case.expected)
    assert [place for place, _, _ in got] == [place for place, _, _ in wanted], got
    for (_, message, hint), (_, message_part, mend_part) in zip(got, wanted, strict=True):
        assert message_part in message
        assert mend_part in hint
    assert list(problems) == sorted(problems)


def test_load_raises_what_check_tells(tmp_path: Path) -> None:
    """``load`` refuses with the errors; warnings alone are taken and handed over."""
    lay(tmp_path, {"topics/a.yaml": "topics:\n  - id: A\n", "stray.yaml": ""})
    with pytest.raises(ConfigError) as refused:
        load(tmp_path, env={})
    errors = [p for p in check(tmp_path, env={}) if p.level == "error"]
    assert list(refused.value.problems) == errors
    assert len(errors) == 2

    (tmp_path / "topics" / "a.yaml").write_text("topics: []\n", encoding="utf-8")
    assert [problem.message for problem in load(tmp_path, env={}).warnings] == ["nobody reads this file"]


@pytest.mark.parametrize(
    ("content", "place", "part"),
    [
        (b"topics: []\n# caf\xe9\n", (2, 6), "is not UTF-8: byte 0xe9"),
        (b"topics: []\n# \x07\n", (2, 3), "a control character (U+0007)"),
        (b"# " + b"x" * 1_000_000, (0, 0), "is too large"),
        (b"lists:\n  a: " + b"[" * 20_000, (0, 0), "nested too deeply"),
    ],
    ids=["not UTF-8", "control character", "too large", "too deep"],
)
def test_files_that_are_not_text(content: bytes, place: tuple[int, int], part: str, tmp_path: Path) -> None:
    (tmp_path / "topics").mkdir()
    (tmp_path / "topics" / "a.yaml").write_bytes(content)
    [problem] = check(tmp_path, env={})
    assert (problem.line, problem.column) == place
    assert part in problem.message
    assert problem.hint or place == (0, 0)


@pytest.mark.parametrize(
    ("name", "make"),
    [
        ("chats.yaml", lambda path: path.symlink_to("/mnt/away/chats.yaml")),
        ("chats.yaml", lambda path: path.symlink_to(path)),
        ("chats.yaml", Path.mkdir),
        ("chats.yaml", os.mkfifo),
        ("sources", lambda path: path.symlink_to("/mnt/away/sources")),
        ("sources", Path.touch),
        ("topics/b.yaml", lambda path: path.symlink_to("/mnt/away/b.yaml")),
    ],
)
def test_what_lies_behind_a_name_that_stands_for_no_file_is_not_taken_for_removed(
    name: str, make: Callable[[Path], object], tmp_path: Path
) -> None:
    lay(tmp_path, {"topics/a.yaml": "topics: []\n"})
    make(tmp_path / name)
    [problem] = check(tmp_path, env={})
    assert problem.file == str(tmp_path / name)
    assert problem.message in {"is a link that leads nowhere", "is no file", "is no folder"}
    assert "take the name away" in problem.hint


def test_what_editors_leave_in_the_folder_is_no_mistake(tmp_path: Path) -> None:
    lay(tmp_path, {"topics/a.yaml": "topics: []\n", "topics/old.yaml/b.yaml": "topics: []\n"})
    (tmp_path / "topics" / ".#a.yaml").symlink_to("somebody@host.1234")
    assert check(tmp_path, env={}) == ()


def test_missing_folder_says_where_one_is(tmp_path: Path) -> None:
    lay(tmp_path, {"config/topics/a.yaml": "topics: []\n"})
    [problem] = check(tmp_path / "nothing", env={})
    assert problem.message == "there is no such folder"
    assert problem.hint == f"did you mean {tmp_path / 'config'}?"
    [problem] = check(tmp_path / "config" / "topics" / "a.yaml", env={})
    assert problem.message == "is a file, not a folder"
    (tmp_path / "empty").mkdir()
    [problem] = check(tmp_path / "empty", env={})
    assert problem.message == "holds no config files"
    assert "topics/" in problem.hint
