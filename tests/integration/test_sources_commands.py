"""``monitor sources discover, add, test, import, export`` against sites on loopback."""

from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path

import pytest

from monitor.cli.sources.additions import write_sources
from monitor.errors import ConfigError
from tests.support.command_line import Command, in_process
from tests.support.sites import served, shapes

SHAPES = {shape.name: shape for shape in shapes()}
TOPIC = "topics:\n  - id: trams\n    query: tram\n    languages: [en]\n"
FILE = "# my outlets\nsources:\n  # the first\n  - id: a\n    url: 'https://a.example/rss'  # keep me\n"


@pytest.fixture
def monitor() -> Iterator[Command]:
    with in_process() as run:
        yield run


@pytest.fixture
def config(tmp_path: Path) -> Path:
    folder = tmp_path / "config"
    (folder / "topics").mkdir(parents=True)
    (folder / "topics" / "t.yaml").write_text(TOPIC, encoding="utf-8")
    (folder / "sources").mkdir()
    (folder / "sources" / "x.yaml").write_text(FILE, encoding="utf-8")
    (folder / "monitor.yaml").write_text(f"store: sqlite:///{tmp_path}/monitor.db\n", encoding="utf-8")
    return folder


def test_discover_shows_previews_and_writes_the_best_with_comments_kept(
    monitor: Command, config: Path
) -> None:
    with served(SHAPES["06-article-cards"]) as site:
        done = monitor("sources", "discover", site, "--json", "--write", "x", "--config", config)
        assert done.code == 0, done.err
        (best,) = done.lines
        assert (best["rank"], best["kind"], best["entries"], len(best["preview"])) == (1, "listing", 8, 8)
        assert "headlines repeat" in best["reason"]
        text = (config / "sources" / "x.yaml").read_text(encoding="utf-8")
        assert text.startswith(FILE)
        assert "item: article" in text
        assert monitor("check", "--config", config).code == 0
        tested = monitor(
            "sources", "test", best["source"].get("id", "the-amber-gazette"), "--json", "--config", config
        )
        (line,) = tested.lines
        assert line["entries"] == 8
        again = monitor("sources", "discover", site, "--write", "x", "--config", config)
        assert (again.code, "reads this address already" in again.err) == (1, True)


def test_test_tells_what_is_late_and_which_topics_match(monitor: Command, config: Path) -> None:
    with served(SHAPES["01-link-rss"]) as site:
        monitor("sources", "discover", site, "--write", "x", "--id", "amber", "--config", config)
        (line,) = monitor("sources", "test", "amber", "--json", "--config", config).lines
        shown = monitor("sources", "test", "amber", "--config", config).out
    assert (line["late"], line["new"], line["known"], line["reason"]) == (8, 0, 0, "first_contact")
    matched = [item for item in line["items"] if item["topics"]]
    assert [item["title"] for item in matched] == ["Mayor opens the rebuilt tram line"]
    assert matched[0]["topics"][0]["topic"] == "trams"
    assert "matches trams" in shown
    assert "was never read" in shown


def test_nothing_found_says_what_was_tried(monitor: Command, config: Path) -> None:
    with served(SHAPES["14-nothing"]) as site:
        done = monitor("sources", "discover", site, "--json", "--config", config)
    assert done.code == 1
    assert "no feed, no sitemap and no repeated headlines" in done.lines[0]["error"]
    assert done.lines[0]["tried"]
    with served(SHAPES["13-challenge"]) as site:
        walled = monitor("sources", "discover", site, "--config", config)
    assert (walled.code, "challenge page" in walled.err) == (1, True)
    assert monitor("sources", "discover", "http://127.0.0.1:9", "--config", config).code == 3


def test_pick_writes_another_candidate(monitor: Command, config: Path) -> None:
    with served(SHAPES["02-link-atom-json"]) as site:
        arguments = ("sources", "discover", site, "--write", "x", "--config", config)
        assert monitor(*arguments, "--pick", "9").code == 1
        assert monitor(*arguments, "--pick", "2", "--id", "second").code == 0
    assert "feed.json" in (config / "sources" / "x.yaml").read_text(encoding="utf-8")


def test_add_looks_first_and_refuses_what_is_no_source(monitor: Command, config: Path) -> None:
    with served(SHAPES["01-link-rss"]) as site:
        page = monitor("sources", "add", site, "--config", config)
        assert (page.code, "an HTML page came instead of a feed" in page.err) == (1, True)
        assert "Nothing was added" in page.err
        good = monitor(
            *("sources", "add", f"{site}/export/news.rss", "--file", "new", "--json", "--config", config)
        )
    assert good.code == 0, good.err
    assert good.lines[0]["id"] == "amber-gazette"
    assert (config / "sources" / "new.yaml").exists()
    wrong = monitor("sources", "add", "https://x.example", "--language", "zz", "--config", config)
    assert (wrong.code, "is not a language code" in wrong.err) == (1, True)


def test_a_file_that_the_config_refuses_is_put_back(config: Path) -> None:
    twins = [{"id": "b", "url": f"https://b.example/{n}"} for n in (1, 2)]
    with pytest.raises(ConfigError):
        write_sources("x", twins, config)
    with pytest.raises(ConfigError):
        write_sources("made", twins, config)
    assert (config / "sources" / "x.yaml").read_text(encoding="utf-8") == FILE
    assert not (config / "sources" / "made.yaml").exists()


def test_export_and_import_round_trip_and_skip_what_is_there(
    monitor: Command, config: Path, tmp_path: Path
) -> None:
    sheet = tmp_path / "outlets.csv"
    sheet.write_text(
        "name,url,language\nA again,http://a.example/rss,be\nRiver,https://river.example/feed,en\n"
        "Bad,notaurl,en\nWorse,https://w.example,elvish\n",
        encoding="utf-8",
    )
    arguments = ("sources", "import", sheet, "--into", "river", "--config", config)
    dry = monitor(*arguments, "--dry-run")
    assert not (config / "sources" / "river.yaml").exists()
    assert "1 source would be added" in dry.out
    done = monitor(*arguments, "--json")
    assert done.code == 1  # two rows cannot be used
    assert [(row["state"], row["name"]) for row in done.lines] == [
        ("added", "River"),
        ("known", "A again"),
        ("wrong", "Bad"),
        ("wrong", "Worse"),
    ]
    assert "line 4: Bad" in done.err
    for name in ("out.opml", "out.csv"):
        assert monitor("sources", "export", tmp_path / name, "--config", config).code == 0
        back = monitor("sources", "import", tmp_path / name, "--config", config)
        assert (back.code, "0 sources added" in back.out, "2 already there" in back.out) == (0, True, True)
