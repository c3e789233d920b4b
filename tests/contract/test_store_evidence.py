"""The chain of evidence on each database: it grows with the commit, finds cases, and outlives its parts."""

from __future__ import annotations

from datetime import timedelta

import pytest
from sqlalchemy import create_engine, text

from monitor.core.evidence.stored import ChainCheck
from monitor.errors import StoreError
from monitor.model import Capture, Job, Match, Outcome
from monitor.ports import Store
from tests.contract.deciding import decided_by_keys
from tests.contract.test_store_articles import NOW, article
from tests.support.evidence import capture

DAY = timedelta(days=1)
LATER = NOW + 999 * DAY


def _keep(store: Store, *captures: Capture) -> None:
    store.jobs.add([Job(kind="read", key="k")], NOW)
    (job,) = store.jobs.claim(now=NOW, owner="me", epoch=1, limit=1)
    store.jobs.commit(job, Outcome(captures=captures), now=NOW)


def _check(store: Store) -> tuple[ChainCheck, list[str]]:
    check = ChainCheck(pruned_through=store.evidence.pruned_through())
    return check, [str(finding) for finding in check.findings(store.evidence.records())]


def test_captures_are_chained_in_the_order_in_which_they_are_committed(store: Store) -> None:
    assert store.evidence.head() == (0, "0" * 64)
    _keep(store, capture(1), capture(2))
    _keep(store, capture(3))
    check, findings = _check(store)
    assert findings == []
    assert (check.n, check.hash) == store.evidence.head()
    assert [n for n, _, _ in store.evidence.hashes(2, 3)] == [2, 3]


def test_a_commit_that_fails_leaves_nothing(store: Store) -> None:
    store.jobs.add([Job(kind="read", key="k")], NOW)
    (job,) = store.jobs.claim(now=NOW, owner="me", epoch=1, limit=1)
    broken = Match(topic_id="t", score="no number", spans=())  # type: ignore[arg-type]
    placed = decided_by_keys(store, article("one"), broken)
    with pytest.raises((AttributeError, StoreError)):
        store.jobs.commit(job, Outcome(placed=(placed,), captures=(capture(1),), looks=(None,)), now=NOW)  # type: ignore[arg-type]
    assert store.evidence.head()[0] == 0


def test_cases_are_found_by_topic_article_and_story(store: Store) -> None:
    _keep(store, capture(1), capture(2))
    evidence = store.evidence
    assert [each.n for each in evidence.of_topic("potash", NOW, LATER)] == [1, 2]
    assert evidence.of_topic("potash", NOW, NOW) == ()
    assert evidence.of_topic("other", NOW, LATER) == ()
    assert [each.n for each in evidence.of_articles(["a2", "a2", "a9"], NOW, LATER)] == [2]
    item = article("one")
    store.jobs.add([Job(kind="read", key="k")], NOW)
    (job,) = store.jobs.claim(now=NOW, owner="me", epoch=1, limit=1)
    placed = decided_by_keys(store, item)
    store.jobs.commit(job, Outcome(placed=(placed,)), now=NOW)
    assert evidence.story_articles(placed.placement.story_id) == (item.id,)
    assert evidence.find_article(item.url) == item.id
    store.admin.prune(LATER)
    assert evidence.find_article(item.url) == item.id


def test_the_retention_takes_the_parts_and_the_chain_says_so(store: Store) -> None:
    _keep(store, capture(1), capture(2), capture(3))
    between = next(iter(store.evidence.of_articles(["a3"], NOW, LATER))).at
    assert store.evidence.prune(NOW, now=LATER) == 0
    assert store.evidence.prune(between, now=LATER, go_on=lambda: False) == 0
    assert store.evidence.prune(between, now=LATER) == 2
    assert store.evidence.prune(between, now=LATER) == 0
    check, findings = _check(store)
    assert findings == []
    assert (check.n, store.evidence.pruned_through()) == (4, 2)
    _keep(store, capture(5))
    assert _check(store)[1] == []
    assert store.evidence.prune(LATER, now=LATER) == 2
    assert (_check(store)[1], store.evidence.pruned_through()) == ([], 5)


@pytest.mark.parametrize(
    ("change", "named"),
    [
        ("UPDATE evidence SET hash = 'x' WHERE n = 2", "record 2"),
        ("UPDATE evidence SET article_id = 'x' WHERE n = 2", "record 2"),
        ("UPDATE evidence SET link = (SELECT link FROM evidence WHERE n = 1) WHERE n = 2", "record 2"),
        ("DELETE FROM evidence WHERE n = 2", "record 3"),
        ("DELETE FROM evidence_parts WHERE n = 2 AND name = 'page'", "record 2, page"),
        ("DELETE FROM evidence_topics WHERE n = 2", "record 2"),
        ("UPDATE evidence_parts SET packed = blocks WHERE n = 2 AND name = 'page'", "record 2, page"),
        ("UPDATE evidence_parts SET name = 'more' WHERE n = 2 AND name = 'page'", "record 2, more"),
    ],
)
def test_whoever_changes_rows_is_found(store: Store, store_url: str, change: str, named: str) -> None:
    _keep(store, capture(1), capture(2), capture(3))
    engine = create_engine(store_url)
    with engine.begin() as connection:
        connection.execute(text(change))
    engine.dispose()
    assert _check(store)[1][0].partition(":")[0] == named
