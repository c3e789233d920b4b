"""``monitor why`` says what happened to this article, not to its neighbours."""

from __future__ import annotations

from datetime import UTC, datetime
from pathlib import Path

import pytest

from monitor.app import load_rulebook, open_rulebook_store
from monitor.core.decide import analyse, decide, query_for
from monitor.core.page.extract import article as article_of
from monitor.core.page.extract import extract_entry
from monitor.model import Delivery, Entry, NoticeText, Source
from monitor.ports import Store
from tests.conftest import NOW
from tests.support.command_line import Command

WORDS = "The ministry of trade said on Monday that river ports will open to barges again. " * 5
PATHS = ("first", "second")


def _url(path: str) -> str:
    return f"https://outlet.example/{path}"


@pytest.fixture
def store(config: Path) -> Store:
    return open_rulebook_store(load_rulebook(config, env={}), config, lambda: datetime.now(UTC))


def _keep(store: Store, config: Path, path: str, *, problem: str = "") -> str:
    """One article of the outlet, read as a job reads it; its id."""
    rulebook = load_rulebook(config, env={})
    source = Source(id="outlet", name="Outlet", kind="feed", url="https://outlet.example/feed", language="en")
    entry = Entry(
        id=path,
        source_id="outlet",
        guid=path,
        url=_url(path),
        title=f"River ports open {path}",
        summary=WORDS,
    )
    extracted = extract_entry(entry, url=entry.url, language_hint="en")
    item = article_of(extracted, entry=entry, source=source, seen_at=NOW)
    trace: dict[str, object] = {"extracted_by": "feed", "score": 0.5} | ({"page": problem} if problem else {})
    analysis = analyse(item, rulebook, trace=trace)
    snapshot = store.articles.snapshot(query_for(analysis, rulebook, NOW))
    placed = decide(analysis, snapshot, rulebook)
    store.articles.keep(placed, now=NOW)
    return placed.placement.article_id


def _told(store: Store, article_id: str, story_id: str) -> None:
    store.outbox.add(
        [
            Delivery(
                key="k1",
                chat_id="console:main",
                kind="alert",
                payload=NoticeText(text="x"),
                created_at=NOW,
                not_before=NOW,
                story_id=story_id,
                article_id=article_id,
            )
        ],
        NOW,
    )


def test_what_was_told_of_another_article_is_not_said_of_this_one(
    monitor: Command, config: Path, store: Store
) -> None:
    store.admin.upgrade()
    first, second = (_keep(store, config, path) for path in PATHS)
    story = store.articles.story_of(first)
    assert story is not None
    assert store.articles.story_of(second) == story
    _told(store, first, story.id)
    said = monitor("why", _url("second"), "-c", config).out
    assert "told     nobody of this article" in said
    assert f"for {first}" in said[said.index("its story, by other articles:") :]
    assert "nobody" not in monitor("why", _url("first"), "-c", config).out


def test_an_address_without_its_scheme_is_found(monitor: Command, config: Path, store: Store) -> None:
    store.admin.upgrade()
    _keep(store, config, "first")
    assert "River ports open" in monitor("why", "outlet.example/first", "-c", config).out
    missing = monitor("why", "outlet.example/other", "-c", config)
    assert (missing.code, "no source has listed it" in missing.err) == (1, True)


def test_a_page_that_was_refused_is_named_with_what_was_read_instead(
    monitor: Command, config: Path, store: Store
) -> None:
    store.admin.upgrade()
    _keep(store, config, "first", problem="HTTP 403 Forbidden")
    said = monitor("why", _url("first"), "-c", config).out
    assert "only its headline and summary were looked at, not its page: HTTP 403 Forbidden" in said


def test_a_second_reading_stands_beside_the_decision(monitor: Command, config: Path, store: Store) -> None:
    store.admin.upgrade()
    _keep(store, config, "first")
    before = monitor("why", _url("first"), "-c", config).out
    _keep(store, config, "first")
    after = monitor("why", _url("first"), "-c", config).out
    (decision,) = (line for line in before.splitlines() if line.startswith("read  "))
    assert decision in after
    assert "read again 2026-11-23 12:00 UTC" in after
