"""What the project ships: the example config, the packs, the schemas, the reference page."""

from __future__ import annotations

import dataclasses
import json
import re
from collections import Counter
from pathlib import Path

import pytest

from monitor.config import check, load, schemas, variables
from monitor.config.models.files import ChatShape, SourceShape, TopicsFile, TopicShape
from monitor.config.models.reference import example, page
from monitor.config.models.schemas import text
from monitor.model import Settings
from monitor.model.settings import descriptions

ROOT = Path(__file__).parents[3]
PACKS = sorted((ROOT / "seeds" / "topics").glob("*.yaml"))


def test_the_example_config_is_sound() -> None:
    assert [str(problem) for problem in check(ROOT / "config", env={})] == []


def test_the_example_topics() -> None:
    topics = load(ROOT / "config", env={}).rulebook.topics
    assert set(topics) >= {
        "belarus",
        "lukashenko",
        "potash-sanctions",
        "political-prisoners",
        "us-belarus",
        "banks-sanctions",
    }
    for topic in topics.values():
        assert len(topic.must_match) >= 3
        assert len(topic.must_not_match) >= 2


def test_the_catalogue_covers_the_region() -> None:
    sources = load(ROOT / "config", env={}).rulebook.sources.values()
    assert len(sources) >= 40
    assert {"be", "ru", "uk", "pl", "lt", "en", "de"} <= {source.language for source in sources}
    assert {"BY", "LT", "LV", "PL", "UA", "RU", "US"} <= {source.country for source in sources}
    tiers = Counter(source.tier for source in sources)
    assert set(tiers) >= {"state", "independent", "wire", "public", "business", "official", "ngo"}
    assert all(source.site for source in sources)


@pytest.mark.parametrize("pack", PACKS, ids=lambda path: path.stem)
def test_packs_fit_beside_the_example_config(pack: Path, tmp_path: Path) -> None:
    (tmp_path / "topics").mkdir()
    for path in (pack, ROOT / "config" / "topics" / "belarus.yaml"):
        (tmp_path / "topics" / path.name).write_bytes(path.read_bytes())
    assert [str(problem) for problem in check(tmp_path, env={})] == []


def test_there_are_packs() -> None:
    assert PACKS


@pytest.mark.parametrize("name", schemas())
def test_the_schemas_are_current(name: str) -> None:
    """Written by ``make reference``."""
    written = (ROOT / "config" / "schema" / f"{name}.json").read_text(encoding="utf-8")
    assert written == text(schemas()[name])
    assert json.loads(written)["additionalProperties"] is False


def test_yaml_files_name_their_schema() -> None:
    for path in [*(ROOT / "config").rglob("*.yaml"), *PACKS]:
        first = path.read_text(encoding="utf-8").partition("\n")[0]
        named = re.fullmatch(r"# yaml-language-server: \$schema=(\S+)", first)
        assert named, path
        assert (path.parent / named[1]).is_file(), path


def test_every_key_is_documented() -> None:
    page = (ROOT / "docs" / "configuration.md").read_text(encoding="utf-8")
    told = set(re.findall(r"^\| `([\w.]+)`", page, flags=re.MULTILINE))
    keys = {".".join(map(str, path)) for path in variables().values()}
    for shape in (TopicsFile, TopicShape, SourceShape, ChatShape):
        keys |= set(shape.model_fields)
    assert keys - told == {"sources", "chats"} & (keys - told)


def test_the_example_settings_and_the_reference_table_are_made_from_the_settings() -> None:
    """Written by ``make reference``."""
    assert (ROOT / "config" / "monitor.yaml").read_text(encoding="utf-8") == example()
    docs = (ROOT / "docs" / "configuration.md").read_text(encoding="utf-8")
    assert docs == page(docs)
    assert "| `fetch.workers` | jobs at work at a time" in docs
    assert "| `16` | 1 to 256 |" in docs
    assert page("<!-- settings -->\nold\n<!-- /settings -->") != "<!-- settings -->\nold\n<!-- /settings -->"


def test_every_setting_is_described_and_every_secret_is_in_no_file() -> None:
    """A field without a description is a secret: neither file, schema nor example knows it."""
    sections = [Settings(), *(part for part in vars_of(Settings()) if dataclasses.is_dataclass(part))]
    for section in sections:
        for item in dataclasses.fields(section):
            if not dataclasses.is_dataclass(getattr(section, item.name)):
                described = item.name in descriptions(type(section))
                assert described is item.repr, item.name
    assert all(
        told.doc.endswith(".") for section in sections for told in descriptions(type(section)).values()
    )
    keys = set(re.findall(r"^# +(\w+):", example(), flags=re.MULTILINE))
    assert "workers" in keys
    assert not keys & {"token", "secret"}


def vars_of(record: Settings) -> list[object]:
    return [getattr(record, item.name) for item in dataclasses.fields(record)]


def test_the_example_settings_show_the_defaults(tmp_path: Path) -> None:
    """With the comment signs taken away monitor.yaml says what holds without it."""
    commented = (ROOT / "config" / "monitor.yaml").read_text(encoding="utf-8")
    lines = [
        line.removeprefix("# ")
        for line in commented.splitlines()
        if re.match(r"# +\w+:|# [a-z]+:( |$)", line)
    ]
    (tmp_path / "topics").mkdir()
    (tmp_path / "topics" / "a.yaml").write_text("topics: []\n", encoding="utf-8")
    default = load(tmp_path, env={}).rulebook.settings
    (tmp_path / "monitor.yaml").write_text("\n".join(lines) + "\n", encoding="utf-8")
    shown = load(tmp_path, env={}).rulebook.settings
    assert dataclasses.asdict(shown) == dataclasses.asdict(default)
    keys = {str(path[-1]) for path in variables().values()}
    assert keys <= set(re.findall(r"(\w+):", "\n".join(lines)))
