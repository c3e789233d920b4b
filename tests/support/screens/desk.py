"""The desk's pictures in the README: pages of a running desk in a real browser."""

from __future__ import annotations

import sys
import tempfile
from datetime import timedelta
from pathlib import Path

from tests.support.browser import chromium
from tests.support.desk import TEXTS, DeskWorld, filled, migrated

WIDTH, HEIGHT = 900, 620


def draw(target: Path) -> None:
    """Write ``desk-now.png``, ``desk-why.png`` and ``desk-topic.png``."""
    with tempfile.TemporaryDirectory() as name, chromium() as browser:
        folder = Path(name)
        empty = migrated(folder / "empty.db")
        (folder / "world").mkdir()
        with filled(folder / "world", empty) as world:
            shown = _pages(world)
            page = browser.new_page(viewport={"width": WIDTH, "height": HEIGHT})
            for title, path in shown.items():
                page.goto(world.base + path)
                page.screenshot(path=target / f"desk-{title}.png")


def _pages(world: DeskWorld) -> dict[str, str]:
    world.poll("wire", health="failing", error="HTTP 503 Service Unavailable", failures=4)
    world.keep("copy", TEXTS["potash"], source="quiet", ago=timedelta(minutes=20))
    near = "Embargo on potash and tomato crates. The embargo on potash also holds crates of tomato back."
    missed = world.keep("near", near, ago=timedelta(minutes=10))
    world.store.articles.index()
    return {"now": "/", "why": f"/why?q={missed}", "topic": "/topics/potash"}


if __name__ == "__main__":
    draw(Path(sys.argv[1]))
