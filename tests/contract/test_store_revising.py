"""What later looks at an article leave behind: validators, old wordings, vanished pages, pages not read."""

from __future__ import annotations

import dataclasses
from datetime import timedelta

import pytest

from monitor.model import Change, Job, Look, Outcome, Seen, Vanished
from monitor.model.search import Wanted
from monitor.ports import Store
from tests.contract.deciding import decided_by_keys
from tests.contract.test_store_articles import NOW, article, commit, entry_of, put

HEADLINE = Change(what="headline", before="Mine closed", after="Mine not closed")
GONE = Change(what="vanished", before="", after="The outlet answers 410.")


def finish(store: Store, outcome: Outcome) -> None:
    store.jobs.add([Job(kind="recheck", key="a")], NOW)
    (job,) = store.jobs.claim(now=NOW, owner="me", epoch=1, limit=1)
    store.jobs.commit(job, outcome, now=NOW)


def revisions(store: Store, url: str) -> list[dict[str, object]]:
    trace = store.articles.trace(url)
    assert trace is not None
    found: list[dict[str, object]] = list(trace["revisions"])  # type: ignore[call-overload]
    return found


def test_the_last_look_is_remembered(store: Store) -> None:
    assert store.articles.look("a") is None
    for number, etag in enumerate(('"v1"', None, '"v3"')):
        look = Look(article_id="a", looked_at=NOW + timedelta(hours=number), etag=etag, last_modified="Mon")
        finish(store, Outcome(looks=(look,)))
        assert store.articles.look("a") == look
    assert store.articles.look("b") is None


def test_a_changed_article_keeps_its_old_wording_and_says_what_changed(store: Store) -> None:
    first = article("mine", title="Mine closed")
    put(store, first)
    later = dataclasses.replace(
        article("mine", title="Mine not closed", text="Another text. " * 40), seen_at=first.seen_at
    )
    commit(store, dataclasses.replace(decided_by_keys(store, later), changes=(HEADLINE,)))
    (kept,) = revisions(store, first.url)
    assert (kept["n"], kept["title"]) == (1, "Mine closed")
    assert kept["changes"] == [["headline", "Mine closed", "Mine not closed"]]
    now = store.articles.article(first.id)
    assert now is not None
    assert now.title == "Mine not closed"


def test_a_vanished_page_keeps_the_article(store: Store) -> None:
    first = article("mine")
    put(store, first)
    finish(store, Outcome(vanished=(Vanished(article_id=first.id, change=GONE),)))
    (kept,) = revisions(store, first.url)
    assert kept["changes"] == [["vanished", "", "The outlet answers 410."]]
    assert store.articles.article(first.id) is not None


def test_what_vanished_after_it_was_pruned_is_no_error(store: Store) -> None:
    finish(store, Outcome(vanished=(Vanished(article_id="long gone", change=GONE),)))
    assert store.articles.trace("long gone") is None


@pytest.mark.parametrize("times", [1, 2])
def test_a_page_without_a_word_of_any_topic_is_noted_and_no_article(store: Store, times: int) -> None:
    listed = entry_of(article("weather"))
    commit(store, entries=(listed,))
    for _ in range(times):
        seen = Seen(entry_id=listed.id, reason="no word of any topic", trace={"rulebook": "r1"})
        finish(store, Outcome(seen=(seen,)))
    trace = store.articles.trace(listed.url)
    assert trace is not None
    assert trace["article"] is None
    readings = trace["readings"]
    assert {reading["verdict"] for reading in readings} == {"seen"}  # type: ignore[attr-defined]
    assert store.articles.known([listed]) == {listed.id: listed.stamp}, "it is not read again"
    assert list(store.articles.search(Wanted(kind="word", words=("weather",)))) == []
