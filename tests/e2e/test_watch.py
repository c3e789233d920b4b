"""A subscriber's own topic through the whole service: made in chat, kept over a restart and an edit of the
operator's files, told, explained."""

from __future__ import annotations

import re
import signal
from collections.abc import Callable

import pytest

from monitor.demo.newsroom.service import Newsroom
from tests.support.botapi.server import BotApiServer
from tests.support.running_service import Running, in_two_languages
from tests.support.running_service import until as soon

ANN = 300
PATIENCE_S = 90.0  # a service starts slowly where other tests keep the machine busy

pytestmark = pytest.mark.timeout(400)


def until(condition: Callable[[], bool]) -> None:
    soon(condition, timeout_s=PATIENCE_S)


@in_two_languages
def test_a_watch_made_in_chat_outlives_a_restart_and_an_edit_and_alerts_its_chat_only(
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
    running.start()
    botapi.say(ANN, f'/watch ="{word}"', name="Ann")
    until(lambda: any(row.chat_id == ANN and row.buttons for row in botapi.ledger))
    botapi.tap(ANN, "Watch it")
    until(lambda: any(row.chat_id == ANN and "Watching" in row.text for row in botapi.ledger))
    running.send(signal.SIGTERM)
    assert running.wait(PATIENCE_S) == 0

    running.start()
    until(running.up)
    edit = running.config / "topics" / "zinc.yaml"
    edit.write_text("topics:\n  - id: zinc\n    query: zinc\n", encoding="utf-8")
    until(lambda: "config edit taken" in running.said())
    newsroom.publish_all()
    url = chosen.url
    until(lambda: any(row.chat_id == ANN and url in row.html for row in botapi.ledger))

    alert = next(row for row in botapi.ledger if row.chat_id == ANN and url in row.html)
    assert word in alert.text
    assert f'="{word}"' in alert.text
    botapi.tap(ANN, "Why", message_id=alert.message_id)
    until(lambda: any(row.chat_id == ANN and "because of" in row.text for row in botapi.ledger))
    others = [row for row in botapi.ledger if row.chat_id != ANN]
    assert not any(f'="{word}"' in row.text for row in others)
