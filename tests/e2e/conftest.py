"""Fixtures: the newsroom, the Bot API server, and a service that reads one and writes to the other."""

from __future__ import annotations

from collections.abc import Iterator
from datetime import UTC, datetime
from pathlib import Path

import pytest
from sqlalchemy.engine import URL

from monitor.demo.newsroom.service import Newsroom
from tests.support.botapi.server import BotApiServer
from tests.support.postgres import own_database
from tests.support.running_service import CHATS, MAX_AGE_HOURS, Running, outlets_in


@pytest.fixture
def botapi() -> Iterator[BotApiServer]:
    with BotApiServer() as server:
        for chat in CHATS:
            server.add_chat(chat)
        yield server


@pytest.fixture
def newsroom(request: pytest.FixtureRequest, tmp_path: Path) -> Iterator[Newsroom]:
    """All outlets, or those in the languages that a test is parametrized with (``in_two_languages``)."""
    languages = getattr(request, "param", None)
    seeds = outlets_in(languages, tmp_path / "seeds") if languages else None
    # Slow enough that nothing scheduled comes out unless the test says so.
    with Newsroom(now=lambda: datetime.now(UTC), speed=0.001, seeds=seeds) as room:
        yield room


@pytest.fixture
def running(tmp_path: Path, newsroom: Newsroom, botapi: BotApiServer) -> Iterator[Running]:
    config = tmp_path / "config"
    chats = [
        {"id": f"telegram:{chat}", "title": f"Chat {chat}", "subscriptions": [{"topic": "*"}]}
        for chat in CHATS
    ]
    newsroom.write_config(config, every_s=1, chats=chats, telegram_base_url=botapi.base_url)
    with (config / "monitor.yaml").open("a", encoding="utf-8") as settings:
        # Telegram's real pace would make one person's forty alerts take forty seconds.
        settings.write("alerts: {per_chat_per_second: 50, per_group_per_minute: 3000, per_second: 200,")
        settings.write(f" unsure_resend_after_s: 1, settle: 0s, max_age: {MAX_AGE_HOURS}h}}\n")
    service = Running(config=config, log=tmp_path / "service.log")
    yield service
    if service.process is not None and service.process.poll() is None:
        service.kill()


@pytest.fixture
def postgres_database() -> Iterator[URL]:
    """An empty database for one test."""
    with own_database() as url:
        yield url
