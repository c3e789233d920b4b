"""In how many articles a term occurred: the same figures whenever they are written to the table of counts."""

from __future__ import annotations

import dataclasses
from datetime import timedelta
from weakref import WeakKeyDictionary

import pytest

from monitor.model import Article
from monitor.ports import Store
from monitor.store.queries import counts
from tests.contract.deciding import decided
from tests.contract.test_store_articles import NOW, article
from tests.support.made_up import prose

EACH = 7


def note(number: int, text: str = "") -> Article:
    """Every note names one ferry; each has words of its own."""
    item = article(
        f"note{number}",
        title=f"Ferry Zephyrine late, note {number}",
        text=f"The ferry Zephyrine was late. {text or prose(40, number)}",
        at=NOW + timedelta(minutes=number),
    )
    return dataclasses.replace(item, language="en")


def put(store: Store, item: Article) -> None:
    store.articles.keep(decided(store, item), now=item.seen_at)


def counted(store: Store, number: int = 99) -> tuple[int, int]:
    """Of the ferry's name, and of all articles."""
    surroundings = decided(store, note(number)).basis.surroundings
    held = {key: count for key, count in surroundings.counts.items() if key.startswith("w:en:zephyrin")}
    return sum(held.values()), surroundings.articles


@pytest.mark.parametrize("at_once", [1, 3, 64])
def test_every_article_counts_once_however_many_are_counted_together(
    store: Store, monkeypatch: pytest.MonkeyPatch, at_once: int
) -> None:
    monkeypatch.setattr(counts, "AT_ONCE", at_once)
    for number in range(EACH):
        assert counted(store) == (number, number)
        put(store, note(number))
    assert counted(store) == (EACH, EACH)


@pytest.mark.parametrize("at_once", [1, 64])
def test_another_wording_counts_no_further(
    store: Store, monkeypatch: pytest.MonkeyPatch, at_once: int
) -> None:
    monkeypatch.setattr(counts, "AT_ONCE", at_once)
    put(store, note(1))
    put(store, note(2))
    put(store, note(1, text=prose(40, 77)))
    assert counted(store) == (2, 2)
    put(store, note(3))
    assert counted(store) == (3, 3)


def test_another_wording_of_what_is_compared_no_more_counts_no_further(store: Store) -> None:
    put(store, note(1))
    put(store, note(2))
    store.admin.prune_marks(NOW + timedelta(days=1))
    put(store, note(1, text=prose(40, 77)))
    assert counted(store) == (2, 2)
    put(store, note(3))
    assert counted(store) == (3, 3)


def test_what_is_pruned_stays_counted(store: Store) -> None:
    put(store, note(1))
    put(store, note(2))
    store.admin.prune(NOW + timedelta(days=1))
    assert counted(store) == (2, 2)


def test_another_process_counts_what_this_one_has_not_written(
    store: Store, monkeypatch: pytest.MonkeyPatch
) -> None:
    put(store, note(1))
    assert counted(store) == (1, 1)
    monkeypatch.setattr(counts, "_since", WeakKeyDictionary())
    assert counted(store) == (1, 1)
    put(store, note(2))
    assert counted(store) == (2, 2)
