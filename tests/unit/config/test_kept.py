"""Rules as text and back."""

from __future__ import annotations

from pathlib import Path

import pytest

from monitor.config import load, read_kept, restored, written
from monitor.errors import StoreError
from monitor.model import MatchText, Settings

FILES = {
    "topics/a.yaml": """\
lists:
  metals: [lithium, litio]
people:
  mayor: {name: Ana Brnabić}
topics:
  - id: lithium
    title: Lithium
    query: "@metals AND (mine* OR @mayor)"
    languages: [en, es, sr]
    must_match: [A lithium mine opens]
  - {id: off, query: nothing, enabled: false}
""",
    "sources/a.yaml": """\
sources:
  - id: wire
    url: https://wire.example/feed
    every: 5m
    text: {select: article, remove: aside}
""",
    "chats.yaml": """\
chats:
  - id: console:main
    quiet: "22:00-07:30"
    digest: weekly mon 07:00
    options: {key: env:HIDDEN}
    subscriptions: [lithium]
""",
    "monitor.yaml": "store: sqlite:///mine.db\narchive_days: 200\n",
}
ENV = {"HIDDEN": "s3cret", "MONITOR_TELEGRAM_TOKEN": "123456:secretsecretsecretsecret"}


@pytest.fixture
def folder(tmp_path: Path) -> Path:
    for name, text in FILES.items():
        (tmp_path / name).parent.mkdir(exist_ok=True)
        (tmp_path / name).write_text(text, encoding="utf-8")
    return tmp_path


def test_rules_come_back_as_they_were_and_match_alike(folder: Path) -> None:
    rulebook = load(folder, env=ENV).rulebook
    again = restored(read_kept(written(rulebook)), rulebook.settings)
    assert dict(again.topics) == dict(rulebook.topics)
    assert dict(again.sources) == dict(rulebook.sources)
    assert again.settings == rulebook.settings
    assert again.revision == rulebook.revision
    chat, before = again.chats["console:main"], rulebook.chats["console:main"]
    assert (chat.quiet, chat.digest, chat.subscriptions) == (
        before.quiet,
        before.digest,
        before.subscriptions,
    )
    text = MatchText(title="Litio: una mine", body="Litio: una mine", language="es")
    assert [match.topic_id for match in again.matcher.match(text)] == ["lithium"]


def test_no_secret_is_written(folder: Path) -> None:
    text = written(load(folder, env=ENV).rulebook)
    assert "s3cret" not in text
    assert "secretsecret" not in text
    assert "mine.db" not in text


def test_rules_of_another_form_are_refused_with_a_sentence() -> None:
    with pytest.raises(StoreError, match="another version"):
        read_kept('{"revision": "1", "topics": 3}')


def test_the_address_of_the_store_is_the_readers_own(folder: Path) -> None:
    kept = read_kept(written(load(folder, env=ENV).rulebook))
    assert restored(kept, Settings(store="sqlite:///other.db")).settings.store == "sqlite:///other.db"
