"""The demo's last words: every article is counted, and once."""

from __future__ import annotations

import re

from monitor.demo.newsroom.service import Newsroom
from monitor.demo.summary import counted, in_words
from tests.support.conversation import NOW, Town, article, store_articles, town
from tests.unit.bot.commands.test_alerts import alerted


def told(here: Town) -> dict[str, object]:
    return dict(counted(here.store, Newsroom(now=lambda: NOW), 12.34))


def test_the_numbers_add_up() -> None:
    with town() as here:
        alerted(here, 1)
        alerted(here, 2)
        store_articles(here.store, [article(3, title="Weather", text="Rain.", lead="Rain.")])
        summary = told(here)
    assert summary["articles read"] == 3
    assert (summary["stories told"], summary["alerts sent"]) == (2, 2)
    assert (summary["copies"], summary["reports"], summary["other articles"]) == (0, 0, 1)
    whole, parts, *_ = in_words(summary)
    assert whole.startswith("3 articles in 7 languages from 17 outlets → 2 stories → 2 alerts")
    telling, opened, more, copies, reports, others = (
        int(part) for part in re.findall(r"\b(\d+)\b(?! stor)", parts)
    )
    assert (telling, telling + others) == (2, 3)
    assert opened + more == telling
    assert copies + reports == more


def test_an_empty_run_says_so() -> None:
    with town() as here:
        summary = told(here)
    assert in_words(summary)[0].startswith("0 articles")
    assert in_words(summary)[-1] == "Alerts by topic: none."
