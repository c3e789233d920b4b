"""The rulebook: what is derived from it."""

from __future__ import annotations

from dataclasses import replace
from datetime import timedelta

import pytest

from monitor.core.match import match, match_text
from monitor.core.query.engine.matcher import Matcher
from monitor.core.rulebook import Rulebook, alone, source_names, unsettled, with_options, with_watches
from monitor.errors import QueryError
from monitor.model import Topic, Watch
from tests.support.records import article, chat, source

POTASH = Topic(id="potash", query="potash", title="Potash")


def book(*, lists: dict[str, tuple[str, ...]] | None = None) -> Rulebook:
    return Rulebook(
        revision="r1",
        topics={"potash": POTASH},
        sources={"herald": source(), "off": source(id="off", name="Off", enabled=False)},
        chats={"telegram:1": chat(options={"token": "secret"})},
        matcher=Matcher.build([POTASH], lists=lists or {}),
    )


def watch(query: str, number: int = 1) -> Watch:
    return Watch(id=f"watch:1:{number}", chat_id="telegram:1", query=query, title=query)


def test_watches_are_matched_beside_the_topics() -> None:
    rules = with_watches(book(), [watch("envoy")])
    assert {each.topic_id for each in match(article(), rules)} == {"potash", "watch:1:1"}
    assert {each.rulebook for each in match(article(), rules)} == {"r1"}
    assert set(rules.named) == {"potash", "watch:1:1"}
    assert set(rules.topics) == {"potash"}
    assert set(book().named) == {"potash"}


def test_without_watches_it_stays_as_it_is_and_watches_can_be_taken_away() -> None:
    rules = book()
    assert with_watches(rules, []) is rules
    taken = with_watches(with_watches(rules, [watch("envoy")]), [])
    assert {each.topic_id for each in match(article(), taken)} == {"potash"}


def test_a_watch_that_cannot_be_read_is_left_out_alone() -> None:
    rules = with_watches(book(), [watch("@gone"), watch("envoy", 2)])
    assert set(rules.watches) == {"watch:1:2"}
    broken = replace(book(), topics={"potash": replace(POTASH, query="@gone")})
    with pytest.raises(QueryError):
        with_watches(broken, [watch("envoy")])


def test_one_topic_alone_knows_the_operators_lists() -> None:
    rules = book(lists={"salts": ("potash", "nitre")})
    found = alone(Topic(id="x", query="@salts"), rules)
    assert found.matching(match_text(article()))
    assert not found.matching(match_text(article(title="x", text="nothing of it")))


def test_what_a_query_sees_of_an_article() -> None:
    text = match_text(
        article(authors=("Anna", "Boris"), country="BY", canonical_url="https://herald.example/c")
    )
    assert (text.url, text.author, text.source) == ("https://herald.example/c", "Anna, Boris", "The Herald")
    assert (text.country, text.tier, text.language, text.source_id) == ("BY", "independent", "en", "herald")
    bare = match_text(article(canonical_url="", source_name="", site="herald.example"))
    assert (bare.url, bare.source) == ("https://herald.example/a", "herald.example")


def test_secrets_come_from_the_files_and_names_from_what_is_watched() -> None:
    assert with_options(chat(), book()).options == {"token": "secret"}
    other = chat(id="telegram:2", options={"a": "b"})
    assert with_options(other, book()) == other
    assert source_names(book()) == {"herald": "The Herald"}


def test_a_single_pass_waits_for_nothing() -> None:
    assert unsettled(book()).settings.alerts.settle == timedelta(0)
    assert unsettled(book()).settings.alerts.hourly_budget == book().settings.alerts.hourly_budget
