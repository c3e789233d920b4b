"""The service as a process: what its chats see is what the newsroom's manifest says."""

from __future__ import annotations

import json
import os
import random
import signal
import subprocess
import sys
import time
from collections import Counter
from datetime import timedelta

import pytest

from monitor.demo.newsroom.service import Newsroom
from tests.support.botapi.server import TOKEN, BotApiServer
from tests.support.running_service import (
    CHATS,
    Running,
    check_stories,
    families,
    in_two_languages,
    joined,
    placed,
    settled,
    told,
    until,
)

MONITOR = (sys.executable, "-m", "monitor")

pytestmark = pytest.mark.timeout(240)


def _outbox(running: Running, *states: str) -> list[dict[str, object]]:
    chosen = [word for state in states for word in ("--state", state)]
    done = subprocess.run(
        [*MONITOR, "outbox", "list", "--json", "-n", "9999", *chosen, "--config", str(running.config)],
        capture_output=True,
        text=True,
        check=True,
    )
    return [json.loads(line) for line in done.stdout.splitlines()]


def test_a_day_with_a_restart_and_corrections(
    running: Running, newsroom: Newsroom, botapi: BotApiServer
) -> None:
    """Each story is told once and nothing else; SIGTERM drains and a restart repeats nothing; what an outlet
    corrects is told as a reply."""
    running.start()
    until(lambda: len(botapi.ledger) >= 5, timeout_s=60)
    started = time.monotonic()
    running.send(signal.SIGTERM)
    assert running.wait() == 0
    assert time.monotonic() - started < 30
    for article in newsroom.articles:
        if article.revision_of is None:
            newsroom.publish(article.id)
    running.start()
    settled(running, botapi)
    check_stories(running, newsroom, botapi)

    # Which article opens a story depends on who answers first; one that only repeats is told by no message.
    corrected = {newsroom.article(item.revision_of).slug for item in newsroom.articles if item.revision_of}
    heard = any(slug in row.html for row in botapi.ledger for slug in corrected)
    newsroom.publish_all()
    if heard:
        until(lambda: any(row.reply_to and " changed" in row.text for row in botapi.ledger), timeout_s=60)
    settled(running, botapi)
    replies = [row for row in botapi.ledger if row.reply_to and " changed" in row.text]
    alerts = {(row.chat_id, row.message_id) for row in botapi.ledger if "href=" in row.html}
    assert {(row.chat_id, row.reply_to) for row in replies} <= alerts
    assert max(Counter((row.chat_id, row.text) for row in replies).values(), default=1) == 1
    check_stories(running, newsroom, botapi)

    running.send(signal.SIGTERM)
    assert running.wait() == 0
    assert [row for row in _outbox(running) if row["kind"] != "edit"] == []  # edits wait for more copies
    assert TOKEN not in running.said()


@in_two_languages
@pytest.mark.timeout(600)  # a restart waits up to 15 s after a kill
@pytest.mark.parametrize("kills", [6, pytest.param(20, marks=pytest.mark.nightly)])
def test_kills_lose_nothing_and_repeat_only_what_is_marked(
    running: Running, newsroom: Newsroom, botapi: BotApiServer, kills: int
) -> None:
    dice = random.Random(7)
    for number in range(kills):
        running.start()
        until(running.up, timeout_s=30)
        time.sleep(dice.uniform(0.0, 1.5))
        if number == kills // 2:
            newsroom.publish_all()
        running.kill()
    running.start()
    settled(running, botapi, timeout_s=150)
    running.send(signal.SIGTERM)
    running.wait()
    uncertain_sends: Counter[str] = Counter()
    for row in _outbox(running, "sent", "dead", "unsure"):
        if row["kind"] == "alert":
            uncertain_sends[str(row["chat"])] += int(str(row["uncertain_sends"]))
    check_stories(running, newsroom, botapi, repeats=kills)
    for chat in CHATS:
        stories = placed(running, newsroom)
        sent = Counter(stories[article.family] for article in told(botapi, newsroom, chat))
        assert sum(sent.values()) - len(sent) <= uncertain_sends[f"telegram:{chat}"] + joined(running)
    assert [row for row in _outbox(running) if row["kind"] != "edit"] == []  # edits wait for more copies


@in_two_languages
def test_a_second_service_stands_by_and_takes_over(
    running: Running, newsroom: Newsroom, botapi: BotApiServer
) -> None:
    running.start()
    until(running.up)
    second = Running(config=running.config, log=running.log.with_name("second.log"))
    second.start()
    try:
        until(lambda: "standing by" in second.said())
        running.kill()
        until(second.up)
        settled(second, botapi)
        must, _ = families(newsroom)
        at_start = {
            article.family
            for article in newsroom.articles
            if article.age is not None and article.age < timedelta(hours=6)
        }
        for chat in CHATS:
            stories = placed(running, newsroom)
            heard = {stories[article.family] for article in told(botapi, newsroom, chat)}
            assert {stories[family] for family in must & at_start} - heard == set()
    finally:
        second.kill()


@in_two_languages
def test_an_invalid_edit_leaves_the_old_rulebook_in_force(
    running: Running, newsroom: Newsroom, botapi: BotApiServer
) -> None:
    running.start()
    settled(running, botapi)
    topics = next((running.config / "topics").glob("*.yaml"))
    before = topics.read_text(encoding="utf-8")
    broken = "\n  - id: broken\n    query: '(potash AND'\n"
    sound = "\n  - id: sound\n    query: zinc\n"
    topics.write_text(before + broken + sound, encoding="utf-8")
    until(lambda: "config edit refused" in running.said())
    until(lambda: "config edit taken" in running.said())  # the sound one, without the broken one
    topics.write_text(before + sound + "\n  nonsense", encoding="utf-8")
    until(lambda: running.said().count("config edit refused") > 1)
    newsroom.publish_all()
    settled(running, botapi)
    check_stories(running, newsroom, botapi)


@in_two_languages
def test_once_reads_everything_delivers_and_exits(
    running: Running, newsroom: Newsroom, botapi: BotApiServer
) -> None:
    done = subprocess.run(
        [*MONITOR, "run", "--once", "--config", str(running.config)],
        capture_output=True,
        timeout=120,
        check=False,
        env={**os.environ, "MONITOR_TELEGRAM_TOKEN": TOKEN},
    )
    assert done.returncode == 0, done.stderr.decode()
    must, _ = families(newsroom)
    now_there = {article.family for article in newsroom.articles if article.age is not None}
    stories = placed(running, newsroom)
    heard = {stories[article.family] for article in told(botapi, newsroom, CHATS[0])}
    assert {stories[family] for family in must & now_there} - heard == set()
