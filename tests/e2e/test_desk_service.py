"""The desk of a real service: a topic is tried and saved there, and its alert arrives."""

from __future__ import annotations

import re
import socket
from typing import Any

import pytest
import requests

from monitor.demo.newsroom.service import Newsroom
from tests.support.botapi.server import BotApiServer
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
    with socket.create_server(("127.0.0.1", 0)) as free:
        port = free.getsockname()[1]
    running.environment["MONITOR_WEB_LISTEN"] = f"127.0.0.1:{port}"
    running.start()
    until(running.up, timeout_s=PATIENCE_S)
    client = DeskClient(f"http://127.0.0.1:{port}")
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
