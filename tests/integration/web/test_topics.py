"""Topics are read, tried, saved through the same check into the YAML, and undone."""

from __future__ import annotations

import time
from typing import Any

import feedparser
import pytest
import requests

from monitor.app import load_rulebook
from monitor.config import written
from monitor.model import Feedback
from tests.support.desk import TEXTS, DeskClient, DeskWorld

FORM = {
    "id": "potash",
    "title": "Potash sanctions",
    "query": "potash AND (sanction* OR embargo) AND NOT tomato",
    "languages": "en",
    "enabled": "on",
}


def _text(world: DeskWorld) -> str:
    return (world.config / "topics/mine.yaml").read_text(encoding="utf-8")


def _done(client: DeskClient, run_id: str) -> dict[str, Any]:
    for _ in range(200):
        found: dict[str, Any] = client.get(f"/api/v1/topics/backtests/{run_id}").json()
        if found["state"] != "running":
            return found
        time.sleep(0.02)
    raise AssertionError("the backtest comes to no end")


def test_topics_are_listed_with_what_they_bring(seen: DeskWorld) -> None:
    rows = {row["id"]: row for row in seen.client().get("/api/v1/topics").json()["topics"]}
    assert (rows["potash"]["articles"], rows["potash"]["chats"]) == (1, 1)
    assert (rows["minsk"]["articles"], rows["minsk"]["chats"]) == (1, 0)
    assert "Potash sanctions" in seen.client().get("/topics").text


def test_what_is_wrong_is_said_while_typing_at_its_line(seen: DeskWorld) -> None:
    client = seen.client()
    part = client.post("/topics/lint", {**FORM, "query": "potash AND\n(sanction"}).text
    assert "Line 2" in part
    assert "^" in part
    assert "<html" not in part
    found = client.post("/topics/lint", {**FORM, "query": "potash"}).text
    assert "<mark>" in found
    assert "The query reads well." in found


def test_examples_that_the_draft_fails_are_named(seen: DeskWorld) -> None:
    part = (
        seen.client()
        .post("/topics/lint", {**FORM, "query": "lithium", "must_not_match": "Lithium rises"})
        .text
    )
    assert "does not match: Sanctions on potash stay" in part
    assert "matches, and must not: Lithium rises" in part


def test_saving_keeps_comments_and_everything_else(world: DeskWorld) -> None:
    client, before = world.client(), _text(world)
    query = "potash AND (sanction* OR embargo* OR tariff)"
    form = {**FORM, "query": query, "must_not_match": "A fair in Minsk", "reason": "wider"}
    answer = client.post("/topics/potash", form)
    assert "Saved into the files." in answer.text
    text = _text(world)
    assert "# The operator's own words: comments stay." in text
    assert "# why not: the pizza case" in text
    assert "A fair in Minsk" in text
    assert text.replace(form["query"], FORM["query"]).splitlines()[0] == before.splitlines()[0]
    topic = load_rulebook(world.config, env={}).topics["potash"]
    assert (topic.query, topic.must_not_match) == (form["query"], ("A fair in Minsk",))
    edits = client.get("/api/v1/topics/potash").json()["edits"]
    assert (edits[0]["account"], edits[0]["reason"]) == ("local", "wider")


def test_what_the_config_refuses_is_put_back_and_told(world: DeskWorld) -> None:
    client, before = world.client(), _text(world)
    answer = client.post("/topics/potash", {**FORM, "query": "lithium"})
    assert answer.status_code == 409
    assert "does not match its must_match line" in answer.text
    assert ">lithium</textarea>" in answer.text.replace("\n", "")
    assert _text(world) == before
    wrong = client.post("/topics/potash", {**FORM, "query": "potash AND ("})
    assert (wrong.status_code, _text(world)) == (409, before)


def test_a_topic_that_is_saved_unchanged_leaves_its_file_alone(world: DeskWorld) -> None:
    before = _text(world)
    assert world.client().post("/topics/potash", FORM).status_code == 200
    assert _text(world) == before


@pytest.mark.parametrize("name", ["potash", "../evil", "new", "Ümlaut", ""])
def test_an_id_that_is_taken_or_none_is_refused(world: DeskWorld, name: str) -> None:
    answer = world.client().post("/topics", {**FORM, "id": name, "query": "lithium"})
    assert answer.status_code == 409
    assert sorted(path.name for path in (world.config / "topics").iterdir()) == ["mine.yaml"]


def test_a_new_topic_is_written_into_a_file_of_its_own(world: DeskWorld) -> None:
    assert world.client().post("/topics", {**FORM, "id": "lithium", "query": "lithium"}).status_code == 200
    assert load_rulebook(world.config, env={}).topics["lithium"].query == "lithium"


def test_a_backtest_tells_forecast_samples_and_the_difference(world: DeskWorld) -> None:
    client = world.client()
    answer = client.post("/topics/backtest", {**FORM, "query": "Minsk OR potash", "days": "7"})
    run_id = answer.url.rpartition("/")[2]
    found = _done(client, run_id)
    assert (found["state"], found["matched"], found["gained"], found["lost"]) == ("done", 2, 1, 0)
    page = client.get(f"/topics/backtests/{run_id}").text
    assert "+1 −0" in page
    assert "[Minsk]" in page
    assert client.get("/topics/backtests/none").status_code == 404
    wrong = client.post("/topics/backtest", {**FORM, "query": "x AND ("})
    assert wrong.status_code == 422


def test_the_former_form_comes_back(world: DeskWorld) -> None:
    client = world.client()
    assert client.post("/topics/potash/undo").status_code == 409
    query = "potash AND (sanction* OR embargo* OR tariff)"
    client.post("/topics/potash", {**FORM, "query": query})
    taken = load_rulebook(world.config, env={})
    world.store.admin.keep_rulebook(taken.revision, written(taken), world.at)
    world.take(taken)
    assert client.post("/topics/potash/undo").status_code == 200
    assert load_rulebook(world.config, env={}).topics["potash"].query == FORM["query"]


@pytest.mark.parametrize("form", ["atom", "rss", "json"])
def test_a_feed_is_read_by_readers_and_by_who_knows_its_address_only(world: DeskWorld, form: str) -> None:
    world.keep(
        "odd", "Potash \x07 sanctions <b>& tariffs</b>. An embargo on potash was named & dropped again."
    )
    client = world.client()
    address = client.get("/api/v1/topics/potash").json()["feed"]
    world.account("ann", "viewer")
    answer = world.client().get(f"{address}.{form}")
    assert answer.status_code == 200
    if form == "json":
        titles = [item["title"] for item in answer.json()["items"]]
    else:
        titles = [entry.title for entry in feedparser.parse(answer.content).entries]
    assert len(titles) == 2
    assert TEXTS["potash"].partition(". ")[0] in titles
    assert world.client().get("/feeds/guessed.atom").status_code == 404
    admin = world.account("root", "admin")
    admin.post("/topics/potash/feed")
    assert world.client().get(f"{address}.{form}").status_code == 404


def test_what_people_found_not_relevant_becomes_a_counter_example(world: DeskWorld) -> None:
    for number, headline in enumerate(("Sanctions on potash salad", "Potash and tomato sanctions")):
        mark = Feedback(
            chat_id="console:main",
            user_id=number,
            article_id=f"a{number}",
            story_id="s",
            topic_ids=("potash",),
            headline=headline,
            url="https://herald.example/x",
            reason="not ours",
            at=world.at,
        )
        world.store.people.add_feedback(mark)
    client = world.client()
    marks = client.get("/api/v1/topics/potash").json()["marks"]
    assert {mark["headline"]: mark["matches"] for mark in marks} == {
        "Sanctions on potash salad": True,
        "Potash and tomato sanctions": False,
    }
    page = client.get("/topics/potash", params={"must_not_match": "Sanctions on potash salad"}).text
    assert ">Sanctions on potash salad</textarea>" in page
    assert "matches, and must not: Sanctions on potash salad" in page


@pytest.mark.parametrize("body", [{}, {"query": "  "}])
def test_lint_without_a_query_says_what_is_missing(world: DeskWorld, body: dict[str, str]) -> None:
    answer = requests.post(
        f"{world.base}/api/v1/topics/lint", json=body, headers={"Origin": world.base}, timeout=30
    )
    assert (answer.status_code, answer.json()) == (
        422,
        {"detail": "query: there is none; write the words to look for"},
    )
