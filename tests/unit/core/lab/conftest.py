"""Articles for the lab."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from datetime import timedelta

import pytest

from monitor.core.query.engine.matcher import Matcher
from monitor.core.rulebook import Rulebook
from monitor.model import Article, Topic
from tests.conftest import NOW
from tests.support.records import article

MakeRules = Callable[..., Rulebook]


@pytest.fixture
def rules() -> MakeRules:
    """A rulebook of these queries, by topic id."""

    def make(**queries: str) -> Rulebook:
        topics = {name: Topic(id=name, query=query, title=name) for name, query in queries.items()}
        return Rulebook(revision=repr(queries), topics=topics, matcher=Matcher.build([*topics.values()]))

    return make


@pytest.fixture
def archive() -> Callable[[Sequence[str]], list[Article]]:
    """Articles with these texts, six hours apart, oldest first."""

    def make(texts: Sequence[str]) -> list[Article]:
        return [
            article(
                id=f"a{number}",
                title=text.partition(".")[0],
                text=text,
                language="en",
                seen_at=NOW + timedelta(hours=6 * number),
            )
            for number, text in enumerate(texts)
        ]

    return make
