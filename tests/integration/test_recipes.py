"""A whole service against a site on loopback: read by the operator's selectors, and no text lost."""

from __future__ import annotations

import json
from collections.abc import Callable, Iterator
from pathlib import Path
from typing import Any

import pytest

from monitor.app import Service
from tests.recipe_pages import PROMO, page, redesigned, sentences
from tests.support.command_line import Command, in_process
from tests.support.sites import Shape, served

SETTINGS = """
store: sqlite:///{folder}/monitor.db
fetch: {{host_delay_s: 0, allow_private: true}}
reading: {{first_look: false, look_again: []}}
"""
TOPIC = "topics:\n  - id: trams\n    query: tram\n    languages: [en]\n"
SOURCE = """
sources:
  - id: herald
    url: {site}/rss
    text: {{select: "div.text-of-story, div.story-text:not(.comments-list)", remove: .promo-line}}
"""


@pytest.fixture
def monitor() -> Iterator[Command]:
    with in_process() as run:
        yield run


class Herald:
    """The site: what it lists and how its pages look now."""

    def __init__(self) -> None:
        self.routes: dict[str, dict[str, Any]] = {"/rss": {"type": "application/rss+xml"}}
        self.listed: list[int] = []

    def publish(self, numbers: range, make: Callable[[int], str] = page) -> None:
        self.listed += numbers
        for number in numbers:
            self.routes[f"/story/{number}"] = {"type": "text/html", "body": make(number)}
        items = "".join(
            f"<item><title>Account {number} of the tram council</title>"
            f"<link>{{site}}/story/{number}</link></item>"
            for number in self.listed
        )
        self.routes["/rss"]["body"] = (
            f"<rss version='2.0'><channel><title>Herald</title>{items}</channel></rss>"
        )


def configured(folder: Path, site: str) -> Path:
    config = folder / "config"
    for name in ("topics", "sources"):
        (config / name).mkdir(parents=True)
    (config / "monitor.yaml").write_text(SETTINGS.format(folder=folder), encoding="utf-8")
    (config / "topics" / "t.yaml").write_text(TOPIC, encoding="utf-8")
    (config / "sources" / "s.yaml").write_text(SOURCE.format(site=site), encoding="utf-8")
    return config


def test_pages_are_read_by_the_selectors_of_their_source_and_after_a_redesign_without_loss(
    monitor: Command, tmp_path: Path
) -> None:
    herald = Herald()
    shape = Shape(name="herald", about="", start="", expect={}, routes=herald.routes)

    def ways(numbers: range) -> list[str]:
        """How each page was read; its text is whole in any case."""
        assert Service(config).run(once=True)
        for number in numbers:
            whole = monitor("search", f'"{sentences(number)[3][:-1]}"', "--json", "--config", config)
            assert [line["url"] for line in whole.lines] == [f"{site}/story/{number}"]
        found = [monitor("why", f"{site}/story/{n}", "--json", "--config", config).lines[0] for n in numbers]
        return [each["readings"][0]["trace"]["extracted_by"] for each in found]

    with served(shape) as site:
        config = configured(tmp_path, site)
        herald.publish(range(1, 3))
        assert ways(range(1, 3)) == ["written recipe"] * 2
        assert not monitor("search", f'"{PROMO}"', "--json", "--config", config).lines
        (source,) = monitor("sources", "list", "--json", "--config", config).lines
        assert source["recipe"] == "div.text-of-story, div.story-text:not(.comments-list)"

        herald.publish(range(3, 5), redesigned)
        assert ways(range(3, 5)) == ["content"] * 2


def test_a_recipe_is_tried_and_compared_from_the_command_line(monitor: Command, tmp_path: Path) -> None:
    herald = Herald()
    herald.publish(range(1, 2))
    with served(Shape(name="herald", about="", start="", expect={}, routes=herald.routes)) as site:
        config, address = configured(tmp_path, site), f"{site}/story/1"
        shown = monitor("extract", address, "--config", config, "--explain", "--allow-private").out
        assert (
            "text from written recipe div.text-of-story, div.story-text:not(.comments-list) (1.00)" in shown
        )
        assert "    content: " in shown
        assert "    trafilatura: " in shown
        assert PROMO not in shown

        tried = monitor(
            "extract", address, "--select", "p:first-child, div.layout", "--remove", "p:last-of-type",
            "--allow-private", "--json",
        )  # fmt: skip
        (found,) = map(json.loads, tried.out.splitlines())
        assert (found["extracted_by"], found["recipe"]) == ("written recipe", "p:first-child, div.layout")
        assert sentences(1)[-1] not in found["text"]

        for wrong, said in (
            (("--remove", "p"), "--remove needs --select"),
            (("--select", "div["), "is no CSS selector"),
        ):
            refused = monitor("extract", address, *wrong)
            assert refused.code == 2
            assert said in " ".join(refused.err.replace("│", " ").split())
