"""Kinds are found by name and loaded when somebody asks for one."""

from __future__ import annotations

import importlib.metadata
import subprocess
import sys
from collections.abc import Callable
from importlib.metadata import EntryPoint

import pytest

from monitor import plugins
from monitor.errors import ConfigError
from monitor.ports import SourceKind

Install = Callable[..., None]


@pytest.fixture
def install(monkeypatch: pytest.MonkeyPatch) -> Install:
    """Further plugins beside the built-in ones: ``name="module:attribute"``."""

    def installed(group: str, **points: str) -> None:
        real = importlib.metadata.entry_points(group=group)
        more = [EntryPoint(name=name, value=value, group=group) for name, value in points.items()]
        monkeypatch.setattr(plugins, "entry_points", lambda group: [*real, *more])  # noqa: ARG005

    return installed


def test_every_built_in_kind_is_there_under_its_name() -> None:
    kinds = plugins.source_kinds()
    assert {"feed", "sitemap", "listing", "telegram", "inbox"} <= set(kinds)
    assert all(kind.name == name for name, kind in kinds.items())
    assert all(isinstance(kind, SourceKind) for kind in kinds.values())
    assert set(plugins.channel_kinds()) >= {"console", "telegram", "webhook", "apprise"}
    assert "nope" not in kinds
    assert kinds.get("nope") is None
    assert len(kinds) == len(list(kinds))


@pytest.mark.parametrize(
    ("value", "why"),
    [
        ("nowhere.at.all:KIND", "cannot be loaded"),
        ("monitor.sources.kinds.feed:NOPE", "cannot be loaded"),
        ("monitor.channels.console:KIND", "is no SourceKind"),
    ],
)
def test_a_bad_plugin_is_named_when_it_is_asked_for_and_hurts_no_other(
    install: Install, value: str, why: str
) -> None:
    install("monitor.sources", odd=value)
    kinds = plugins.source_kinds()
    assert kinds["feed"].name == "feed"
    with pytest.raises(ConfigError, match=why) as refused:
        kinds["odd"]
    assert refused.value.problems[0].file == value


def test_a_config_that_names_no_telegram_chat_loads_no_client_of_it() -> None:
    code = (
        "import sys; from monitor.cli import app\n"
        "try: app(['check'])\nexcept SystemExit: pass\n"
        "assert 'telegram' not in sys.modules and 'requests' not in sys.modules, 'loaded'"
    )
    subprocess.run([sys.executable, "-c", code], check=True, capture_output=True)
