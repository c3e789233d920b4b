"""``monitor feedback``: what people found not relevant, without their names."""

from __future__ import annotations

import json
from datetime import UTC, datetime, timedelta
from pathlib import Path

from monitor.model import Feedback
from monitor.store import open_store
from tests.support.command_line import Command


def test_verdicts_are_listed_without_who_gave_them(monitor: Command, tmp_path: Path) -> None:
    config = tmp_path / "config"
    (config / "topics").mkdir(parents=True)
    (config / "monitor.yaml").write_text(f"store: sqlite:///{tmp_path}/monitor.db\n")
    now = datetime.now(UTC)
    store = open_store(f"sqlite:///{tmp_path}/monitor.db", now=lambda: now)
    store.admin.upgrade()
    for number, days in ((1, 1), (2, 200)):
        store.people.add_feedback(
            Feedback(
                chat_id="telegram:5017",
                user_id=5017,
                article_id=f"a{number}",
                story_id="s",
                topic_ids=("potash",),
                headline=f"Headline {number}",
                url="https://x.test/",
                reason="old news",
                at=now - timedelta(days=days),
            )
        )
    store.admin.close()

    done = monitor("feedback", "--config", str(config), "--json")

    assert done.code == 0
    (row,) = [json.loads(line) for line in done.out.splitlines()]
    assert (row["reason"], row["topics"], row["headline"]) == ("old news", ["potash"], "Headline 1")
    assert "5017" not in done.out
    table = monitor("feedback", "--config", str(config), "--days", "365")
    assert "Headline 2" in table.out
