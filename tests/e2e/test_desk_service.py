"""The desk of a real service: a topic is tried and saved there, and its alert arrives."""

from __future__ import annotations

import re
import socket
from typing import Any
from urllib.parse import quote

import pytest
import requests
from ruamel.yaml import YAML

from monitor.demo.newsroom.service import Newsroom
from tests.support.botapi.server import BotApiServer
from tests.support.browser import chromium
from tests.support.desk import DeskClient
from tests.support.running_service import CHATS, Running, in_two_languages, until

PATIENCE_S = 90.0

pytestmark = pytest.mark.timeout(400)


@in_two_languages
def test_a_topic_saved_at_the_desk_alerts_and_why_says_so(
    running: Running, newsroom: Newsroom, botapi: BotApiServer
) -> None:
    chosen = next(
        item
        for item in newsroom.articles
        if item.publish_after_s is not None
        and item.language == "en"
        and not item.revision_of
        and not item.amp
    )
    word = max(re.findall(r"[a-z]{6,}", chosen.headline), key=len)
    _start_with_desk(running)
    client = DeskClient(running.environment["DESK"])
    form = {"id": "fresh", "title": "Fresh", "query": f'="{word}"', "enabled": "on"}
    assert "The query reads well." in client.post("/topics/lint", form).text
    assert client.post("/topics/backtest", {**form, "days": "1"}).status_code == 200
    assert client.post("/topics", form).status_code == 200
    until(lambda: "config edit taken" in running.said(), timeout_s=PATIENCE_S)
    until(lambda: client.get("/topics/fresh").status_code == 200, timeout_s=PATIENCE_S)
    newsroom.publish_all()

    def alerted() -> bool:
        rows = [row for row in botapi.ledger if row.chat_id == CHATS[0] and chosen.url in row.html]
        return any("#fresh" in row.text.casefold() for row in rows)

    until(alerted, timeout_s=PATIENCE_S)
    # The ledger is written before the store hears of it; which article opens a story is a matter of turns.
    told = {"told", "story-told", "copy"}
    until(lambda: _why(client, chosen.url)["verdict"]["reason"] in told, timeout_s=PATIENCE_S)
    found = _why(client, chosen.url)
    assert any("was told" in chat["text"] for chat in found["verdict"]["chats"])
    assert client.get("/readyz").text == "ok\n"
    assert "monitor_heartbeat_age_seconds" in client.get("/metrics").text


def _why(client: DeskClient, url: str) -> dict[str, Any]:
    answer = client.get("/api/v1/why", params={"q": url})
    assert answer.status_code == requests.codes.ok
    found: dict[str, Any] = answer.json()
    return found


@in_two_languages
def test_what_never_came_is_asked_for_its_source_is_added_and_it_arrives(
    running: Running, newsroom: Newsroom, botapi: BotApiServer
) -> None:
    """Why not → add a source of this site → it is told, all of it in a browser."""
    chosen = next(
        item
        for item in newsroom.articles
        if item.publish_after_s is not None
        and item.language == "en"
        and not (item.revision_of or item.amp or item.copy_of)
        and newsroom.outlets[item.outlet].kind.startswith("feed")
    )
    word = max(re.findall(r"[a-z]{6,}", chosen.headline), key=len)
    _only_other_sources(running, newsroom, chosen.outlet, word)
    newsroom.publish(chosen.id)
    with chromium() as browser:
        _start_with_desk(running)
        page = browser.new_page(base_url=running.environment["DESK"])
        page.goto("/why")
        page.get_by_label("An address, a headline").fill(chosen.url)
        page.get_by_role("button", name="Ask", exact=True).click()
        page.get_by_text("Add one to hear of it.").wait_for()
        page.get_by_role("link", name="Add a source of this site").click()
        page.get_by_role("button", name="What does it offer?").click()
        offered = page.locator("section", has=page.get_by_role("heading", name="feed:")).first
        offered.get_by_label("Name").fill("Found at the desk")
        offered.get_by_role("button", name="Add it").click()
        page.wait_for_url("**/sources")
        until(lambda: any(chosen.url in row.html for row in botapi.ledger), timeout_s=PATIENCE_S)

        def told() -> bool:
            page.goto(f"/why?q={quote(chosen.url, safe='')}")
            return "was told" in page.inner_text("main")

        until(told, timeout_s=PATIENCE_S)
        page.get_by_text("Found at the desk").first.wait_for()


def _only_other_sources(running: Running, newsroom: Newsroom, outlet: str, word: str) -> None:
    """The config watches one outlet of another language, and has a topic for the word."""
    yaml = YAML(typ="safe")
    file = running.config / "sources" / "newsroom.yaml"
    listed = yaml.load(file)["sources"]
    others = [row for row in listed if row["language"] != newsroom.outlets[outlet].language]
    with file.open("w", encoding="utf-8") as stream:
        yaml.dump({"sources": others[:1]}, stream)
    with (running.config / "topics" / "fresh.yaml").open("w", encoding="utf-8") as stream:
        yaml.dump({"topics": [{"id": "fresh", "query": f'="{word}"'}]}, stream)


def _start_with_desk(running: Running) -> None:
    with socket.create_server(("127.0.0.1", 0)) as free:
        place = f"127.0.0.1:{free.getsockname()[1]}"
    running.environment |= {"MONITOR_WEB_LISTEN": place, "DESK": f"http://{place}"}
    running.start()
    until(running.up, timeout_s=PATIENCE_S)
