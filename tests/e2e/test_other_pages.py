"""A page that is not the article: the entry's own headline is alerted each time, and nothing else is."""

from __future__ import annotations

import json
import subprocess
import sys
from collections.abc import Iterator, Mapping
from contextlib import ExitStack
from datetime import UTC, datetime, timedelta
from email.utils import format_datetime
from pathlib import Path
from typing import Any

import pytest

from tests.support.command_line import Command, in_process
from tests.support.sites import Shape, served

SHAPES = ("front", "section", "login", "refusal", "missing")
HEADLINES = {
    "river": (
        "Strike at potash pit enters second week",
        "Wagons with potash burn at border station",
        "Court frees engineer who photographed potash sheds",
        "Lithuanian harbour reopens its potash terminal",
        "Geologists look for potash under village school",
    ),
    "valley": (
        "Brazil halves its orders of Belarusian potash",
        "Potash museum shows letters of first settlers",
        "Striker of Potash FC breaks ankle in training",
        "Farmers queue for potash as frost approaches",
        "Ministry doubles the duty on potash exports",
    ),
    "coast": (
        "Ship loaded with potash runs aground off Klaipeda",
        "Doctors warn of dust in potash towns",
        "Parliament hears chairman of potash company",
        "Thieves sell stolen potash to garden centres",
        "New conveyor halves noise of potash mill",
    ),
}
CHATTER = "Choirs of the valley sing in the old church on Sunday, and potash is told of here as well. " * 12

pytestmark = pytest.mark.timeout(400)


@pytest.fixture
def monitor() -> Iterator[Command]:
    with in_process() as run:
        yield run


def _page(title: str) -> Mapping[str, Any]:
    head = f"<html lang='en'><head><title>{title}</title></head>"
    return {"type": "text/html", "body": f"{head}<body><h1>{title}</h1><p>{CHATTER}</p></body></html>"}


def _site(outlet: str) -> Shape:
    """An outlet whose feed lists five articles; behind each of them is another page."""
    at = format_datetime(datetime.now(UTC) - timedelta(minutes=20))
    items = "".join(
        f"<item><title>{headline}</title><link>{{site}}/2026/{outlet}/{shape}-long-story</link>"
        f"<guid isPermaLink='false'>{outlet}-{shape}</guid><pubDate>{at}</pubDate></item>"
        for shape, headline in zip(SHAPES, HEADLINES[outlet], strict=True)
    )
    feed = f"<rss><channel><title>{outlet}</title>{items}</channel></rss>"
    login = f"/account?next=/2026/{outlet}/login-long-story"
    routes: dict[str, Mapping[str, Any]] = {
        "/feed": {"type": "application/rss+xml", "body": feed},
        f"/2026/{outlet}/front-long-story": {"status": 302, "redirect": "/"},
        f"/2026/{outlet}/section-long-story": {"status": 301, "redirect": "/news/"},
        f"/2026/{outlet}/login-long-story": {"status": 302, "redirect": login},
        f"/2026/{outlet}/refusal-long-story": _page("One moment, please"),
        f"/2026/{outlet}/missing-long-story": _page("Nothing is here any more"),
        "/": _page("The paper of the region"),
        "/news/": _page("All news of the day"),
        login: _page("Sign in or register"),
    }
    return Shape(name=outlet, about="", start="/", expect={}, routes=routes)


def _config(folder: Path, bases: Mapping[str, str]) -> Path:
    config = folder / "config"
    for part in ("sources", "topics"):
        (config / part).mkdir(parents=True)
    source = {"kind": "feed", "language": "en"}
    written = {
        "sources/all.yaml": {
            "sources": [{"id": name, "url": f"{base}/feed", **source} for name, base in bases.items()]
        },
        "topics/all.yaml": {"topics": [{"id": "potash", "query": "potash", "languages": ["en"]}]},
        "chats.yaml": {"chats": [{"id": "console:main", "subscriptions": [{"topic": "*"}]}]},
        "monitor.yaml": {
            "store": f"sqlite:///{folder}/monitor.db",
            "fetch": {"allow_private": True, "host_delay_s": 0.0, "per_second": 200.0},
            "stories": {"semantic": False},
        },
    }
    for name, value in written.items():
        (config / name).write_text(json.dumps(value), encoding="utf-8")
    return config


def test_the_entrys_headline_is_told_whatever_page_came(monitor: Command, tmp_path: Path) -> None:
    run = (sys.executable, "-m", "monitor", "run", "--once", "--config")
    with ExitStack() as stack:
        bases = {name: stack.enter_context(served(_site(name))) for name in HEADLINES}
        config = _config(tmp_path, bases)
        said = subprocess.run([*run, str(config)], capture_output=True, text=True, check=True).stdout
    wanted = [headline for headlines in HEADLINES.values() for headline in headlines]
    assert [headline for headline in wanted if headline not in said] == []
    others = ("One moment", "Nothing is here", "The paper of", "All news", "Sign in", "Choirs", "changed")
    assert [other for other in others if other in said] == []
    rows = monitor("sources", "list", "--json", "--config", config).lines
    assert {row["id"]: row["other_pages"] for row in rows} == dict.fromkeys(HEADLINES, len(SHAPES))
    why = monitor("why", f"{bases['river']}/2026/river/front-long-story", "--config", config)
    assert "its address leads to another page" in why.out
