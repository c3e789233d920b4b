"""A service's config for the newsroom: its outlets as sources, the bundled topics, one chat."""

from __future__ import annotations

import shutil
from collections.abc import Mapping, Sequence
from datetime import timedelta
from pathlib import Path

from ruamel.yaml import YAML

from monitor.demo.newsroom.seeds import Outlet
from monitor.model import Source

CONSOLE_CHAT: Mapping[str, object] = {
    "id": "console:main",
    "title": "Terminal",
    "language": "en",
    "timezone": "UTC",
    "operator": True,
    "subscriptions": [{"topic": "*", "mode": "instant"}],
}


def source_of(outlet: Outlet, *, every: timedelta) -> Source:
    """An outlet as a source row."""
    return Source(
        id=outlet.id,
        name=outlet.name,
        kind=_source_kind(outlet),
        url=outlet.url,
        site=outlet.site,
        language=outlet.language,
        country=outlet.country,
        tier=outlet.tier,
        every=every,
        options=dict(outlet.options),
        allow_private=True,
    )


def write_config(
    folder: Path,
    *,
    outlets: Sequence[Outlet],
    topics: Path,
    every_s: float,
    chats: Sequence[Mapping[str, object]] | None,
    telegram_base_url: str | None,
) -> None:
    """Write monitor.yaml, sources/, topics/ and chats.yaml into ``folder``, which is made if need be."""
    (folder / "sources").mkdir(parents=True, exist_ok=True)
    shutil.copytree(topics, folder / "topics", dirs_exist_ok=True)
    settings: dict[str, object] = {
        "store": f"sqlite:///{(folder / 'monitor.db').resolve()}",
        "fetch": {
            "contact": "newsroom@example.org",
            "host_delay_s": 0.0,
            "allow_private": True,
            "tell_together": "0s",
        },
    }
    if telegram_base_url is not None:
        settings["telegram"] = {"base_url": telegram_base_url, "access": "open"}
    _write(folder / "monitor.yaml", settings)
    rows = [_source_row(outlet, every_s) for outlet in outlets]
    _write(folder / "sources" / "newsroom.yaml", {"sources": rows})
    _write(folder / "chats.yaml", {"chats": list(chats if chats is not None else [CONSOLE_CHAT])})


def _source_row(outlet: Outlet, every_s: float) -> dict[str, object]:
    row: dict[str, object] = {
        "id": outlet.id,
        "name": outlet.name,
        "kind": _source_kind(outlet),
        "url": outlet.url,
        "language": outlet.language,
        "country": outlet.country,
        "tier": outlet.tier,
        "every": f"{every_s:g}s",
        "allow_private": True,
    }
    if outlet.options:
        row["options"] = dict(outlet.options)
    return row


def _source_kind(outlet: Outlet) -> str:
    """``feed-atom`` is a feed, ``sitemap-index`` a sitemap."""
    return outlet.kind.partition("-")[0]


def _write(file: Path, data: Mapping[str, object]) -> None:
    yaml = YAML()
    yaml.allow_unicode = True
    with file.open("w", encoding="utf-8") as stream:
        yaml.dump(dict(data), stream)
