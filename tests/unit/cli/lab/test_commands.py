"""``backtest``, ``rules`` and the topics' own commands, against an archive."""

from __future__ import annotations

import csv
import io
from collections.abc import Callable
from datetime import UTC, datetime, timedelta
from pathlib import Path

import pytest

from monitor.app import load_rulebook, open_rulebook_store
from monitor.config import written
from monitor.core.decide import analyse, decide, query_for
from monitor.core.page.extract import article as article_of
from monitor.core.page.extract import extract_entry
from monitor.model import Entry, Feedback, Source
from monitor.ports import Store
from tests.support.command_line import Command

NOW = datetime.now(UTC)
OUTLET = Source(id="outlet", name="Outlet", kind="feed", url="https://outlet.example/feed", language="en")
TEXTS = {
    "potash": "Sanctions on potash stay. The ministry said that sanctions on potash exports stay in force.",
    "fair": "Minsk Mazowiecki opens a fair. The mayor of Minsk Mazowiecki cut a ribbon at the market square.",
    "talks": "Envoys meet in Minsk. Envoys of both countries met in Minsk to speak of trade and borders.",
    "court": "Court in Minsk closes a case. Judges read the verdict for an hour before an empty hall.",
    "final": "Football final ends in a draw. The teams shared the points after ninety dull minutes.",
}


@pytest.fixture
def store(config: Path) -> Store:
    """An archive of five articles; the service took the rules of the files."""
    rulebook = load_rulebook(config, env={})
    store = open_rulebook_store(rulebook, config)
    store.admin.upgrade()
    store.admin.keep_rulebook(rulebook.revision, written(rulebook), NOW)
    for number, (name, text) in enumerate(TEXTS.items()):
        seen = NOW - timedelta(hours=30 - number)
        url = f"https://outlet.example/{name}"
        title = text.partition(".")[0]
        entry = Entry(id=name, source_id="outlet", guid=name, url=url, title=title, summary=text)
        extracted = extract_entry(entry, url=url, language_hint="en")
        item = article_of(extracted, entry=entry, source=OUTLET, seen_at=seen)
        analysis = analyse(item, rulebook)
        placed = decide(analysis, store.articles.snapshot(query_for(analysis, rulebook, seen)), rulebook)
        store.articles.keep(placed, now=seen)
    return store


@pytest.fixture
def edit(config: Path) -> Callable[[str, str], None]:
    def change(before: str, after: str) -> None:
        file = config / "topics" / "mine.yaml"
        text = file.read_text(encoding="utf-8")
        assert before in text
        file.write_text(text.replace(before, after), encoding="utf-8")

    return change


@pytest.mark.usefixtures("store")
def test_backtest_of_a_topic_tells_what_it_finds(monitor: Command, config: Path) -> None:
    done = monitor("backtest", "minsk", "-c", config)
    assert done.code == 0, done.err
    assert "minsk: 3 of 5 articles" in done.out
    assert "Forecast:" in done.out
    assert "[Minsk]" in done.out
    assert "Idle: without '@belarus' nothing would be different." in done.out


@pytest.mark.usefixtures("store")
def test_backtest_of_a_query_as_json_and_csv(monitor: Command, config: Path) -> None:
    words = ("backtest", "--query", "minsk AND NOT fair", "-c", config)
    (line,) = monitor(*words, "--json").lines
    assert (line["matched"], line["looked_at"]) == (2, 5)
    assert line["clauses"] == [{"clause": "NOT fair", "role": "exclusion", "articles": 1}]
    rows = list(csv.DictReader(io.StringIO(monitor(*words, "--format", "csv").out)))
    assert [row["title"] for row in rows] == ["Court in [Minsk] closes a case", "Envoys meet in [Minsk]"]


@pytest.mark.usefixtures("store")
@pytest.mark.parametrize(
    ("words", "code", "said"),
    [
        ((), 2, "name a topic"),
        (("minsk", "--query", "x"), 2, "name a topic"),
        (("nothing",), 1, "the topics are: potash, minsk"),
        (("--query", "x AND ("), 2, "x AND ("),
        (("minsk", "--since", "soon"), 2, "soon"),
    ],
)
def test_backtest_says_what_it_cannot_do(
    monitor: Command, config: Path, words: tuple[str, ...], code: int, said: str
) -> None:
    done = monitor("backtest", *words, "-c", config)
    assert (done.code, said in done.err) == (code, True), done.err


@pytest.mark.usefixtures("store")
def test_diff_shows_what_an_edit_gains_and_loses(
    monitor: Command, config: Path, edit: Callable[[str, str], None]
) -> None:
    assert "Nothing changes" in monitor("rules", "diff", "-c", config).out
    edit("@belarus OR Minsk OR Минск", "final OR court")
    done = monitor("rules", "diff", "-c", config)
    assert done.code == 0
    assert "minsk (edited): 3 → 2 articles" in done.out
    assert "+ Outlet: Football [final] ends in a draw" in done.out
    assert "- Outlet: Envoys meet in [Minsk]" in done.out


@pytest.mark.usefixtures("store")
def test_diff_ends_with_1_for_a_broken_example(
    monitor: Command, config: Path, edit: Callable[[str, str], None]
) -> None:
    edit("query: potash AND", "query: zinc AND")
    done = monitor("rules", "diff", "-c", config)
    assert (done.code, "does not match its must_match line" in done.err) == (1, True)


def test_diff_without_a_service_has_nothing_to_compare(monitor: Command, config: Path) -> None:
    done = monitor("rules", "diff", "-c", config)
    assert (done.code, "nothing to compare" in done.out) == (0, True)


def test_accept_is_written_for_the_service(monitor: Command, config: Path, store: Store) -> None:
    assert store.admin.accepted_rulebook() is None
    assert monitor("rules", "accept", "-c", config).code == 0
    assert store.admin.accepted_rulebook() == load_rulebook(config, env={}).revision


def test_marks_become_counter_examples_and_a_measured_phrase(
    monitor: Command, config: Path, store: Store
) -> None:
    assert "Nobody has marked" in monitor("rules", "propose", "-c", config).out
    fair = store.articles.article("https://outlet.example/fair")
    assert fair is not None
    store.people.add_feedback(
        Feedback(
            chat_id="telegram:1",
            user_id=1,
            article_id=fair.id,
            story_id="s",
            topic_ids=("minsk",),
            headline=fair.title,
            url=fair.url,
            reason="place",
            at=NOW,
        )
    )
    done = monitor("rules", "propose", "minsk", "-c", config)
    assert done.code == 0, done.err
    assert "- 'Minsk Mazowiecki opens a fair'" in done.out
    assert "EXCEPT 'Minsk Mazowiecki': removes 1 of 1, loses 0 of 2 others" in done.out


def test_a_topic_is_added_and_one_that_is_refused_leaves_nothing(monitor: Command, config: Path) -> None:
    words = ("topics", "add", "lithium", "--query", "lithium OR litio", "-l", "en,es", "-c", config)
    assert monitor(*words, "--example", "Lithium falls").code == 0
    assert load_rulebook(config, env={}).topics["lithium"].languages == ("en", "es")
    assert monitor(*words).code == 1, "it is there already"
    bad = monitor("topics", "add", "zinc", "--query", "zinc AND (", "-c", config)
    assert bad.code == 1
    assert not (config / "topics" / "zinc.yaml").exists()


def test_history_and_undo_bring_the_form_before_back(
    monitor: Command, config: Path, store: Store, edit: Callable[[str, str], None]
) -> None:
    edit("@belarus OR Minsk OR Минск", "Hrodna")
    rulebook = load_rulebook(config, env={})
    store.admin.keep_rulebook(rulebook.revision, written(rulebook), NOW)
    lines = monitor("topics", "history", "minsk", "--json", "-c", config).lines
    assert [line["query"] for line in lines] == ["Hrodna", "@belarus OR Minsk OR Минск"]
    assert monitor("topics", "undo", "minsk", "-c", config).code == 0
    assert load_rulebook(config, env={}).topics["minsk"].query == "@belarus OR Minsk OR Минск"
    assert "Potash sanctions" in (config / "topics" / "mine.yaml").read_text(encoding="utf-8")
    assert monitor("topics", "history", "nothing", "-c", config).code == 1
