"""A whole service against a site on loopback: learnt, changed, dropped, and no text lost."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from pathlib import Path
from typing import Any

import pytest

from monitor.app import Service
from tests.integration.sites import Shape, served
from tests.recipe_pages import page, redesigned, sentences
from tests.unit.cli.running import Command, in_process

SETTINGS = """
store: sqlite:///{folder}/monitor.db
fetch: {{host_delay_s: 0, allow_private: true}}
reading: {{first_look: false, look_again: []}}
recipes: {{pages: 3, first_checks: 2, check_every: 1, drop_after: 2}}
"""
TOPIC = "topics:\n  - id: trams\n    query: tram\n    languages: [en]\n"
SOURCE = "sources:\n  # the herald\n  - id: herald\n    url: {site}/rss\n"


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


def test_learnt_changed_dropped_and_no_text_lost(monitor: Command, tmp_path: Path) -> None:
    herald = Herald()
    shape = Shape(name="herald", about="", start="", expect={}, routes=herald.routes)

    def ways(numbers: range) -> list[str]:
        """How each page was read, in a new process's service; its text is whole in any case."""
        assert Service(config).run(once=True)
        found = [monitor("why", f"{site}/story/{n}", "--json", "--config", config).lines[0] for n in numbers]
        read = monitor("search", '"ended the account"', "--limit", "50", "--json", "--config", config)
        assert {line["url"].rpartition("/")[2] for line in read.lines} == set(map(str, herald.listed))
        for number in numbers:
            whole = monitor("search", f'"{sentences(number)[3][:-1]}"', "--json", "--config", config)
            assert [line["url"] for line in whole.lines] == [f"{site}/story/{number}"]
        return sorted(each["readings"][0]["trace"]["extracted_by"] for each in found)

    with served(shape) as site:
        config = configured(tmp_path, site)
        herald.publish(range(1, 9))
        assert ways(range(1, 9)) == ["content"] * 3 + ["learnt recipe"] * 5
        (recipe,) = monitor("sources", "recipes", "--json", "--config", config).lines
        assert (recipe["state"], recipe["select"], recipe["checks"]) == ("trusted", "div.story-text", 5)
        (source,) = monitor("sources", "list", "--json", "--config", config).lines
        assert source["recipe"] == "trusted: div.story-text"
        shown = monitor("extract", f"{site}/story/1", "--config", config, "--explain", "--allow-private")
        assert "text from learnt recipe div.story-text (" in shown.out
        assert "trafilatura: " in shown.out

        herald.publish(range(9, 13), redesigned)
        assert ways(range(9, 13)) == ["content"] * 4
        (recipe,) = monitor("sources", "recipes", site, "--json", "--config", config).lines
        assert (recipe["state"], recipe["checks"]) == ("dropped", 7)
        assert "agreed with other readings by" in recipe["reason"]
        listed = monitor("sources", "list", "--json", "--config", config).lines[0]
        assert "div.story-text was dropped" in listed["recipe_lost"]
        assert "rests until" in monitor("sources", "recipes", "--config", config).out


def test_a_recipe_is_pinned_dropped_and_forgotten_from_the_command_line(
    monitor: Command, tmp_path: Path
) -> None:
    herald = Herald()
    herald.publish(range(1, 5))
    with served(Shape(name="herald", about="", start="", expect={}, routes=herald.routes)) as site:
        config = configured(tmp_path, site)
        assert Service(config).run(once=True)

        def recipes(*more: str) -> tuple[int, str]:
            done = monitor("sources", "recipes", *more, "--config", config)
            return done.code, done.out + done.err

        assert recipes(site, "--pin", "nobody") == (
            1,
            "nobody: is no source; `monitor sources list` shows the ids\n",
        )
        assert recipes("other.example", "--pin", "herald")[0] == 1
        code, said = recipes(site, "--pin", "herald")
        assert (code, "herald is read by div.story-text" in said) == (0, True)
        written = (config / "sources" / "s.yaml").read_text(encoding="utf-8")
        assert "# the herald" in written
        assert "select: div.story-text" in written
        assert "remove: div.promo-line" in written
        listed = monitor("sources", "list", "--json", "--config", config).lines[0]
        assert listed["recipe"] == "written: div.story-text"

        assert recipes(site, "--drop", "div.gone")[0] == 1
        assert recipes(site, "--drop", "div.story-text")[0] == 0
        assert "dropped by the operator" in recipes()[1]
        assert recipes(site, "--forget")[0] == 0
        assert recipes(site, "--forget")[0] == 1
        assert recipes("--forget")[0] == recipes(site, "--forget", "--drop", "x")[0] == 2
