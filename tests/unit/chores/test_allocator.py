"""What stays is not looked through again, and what is garbage all the same goes."""

from __future__ import annotations

import gc
import weakref
from collections.abc import Iterator

import pytest

from monitor.chores.allocator import freeze_heap


class Rules:
    """Something that holds itself, so that only the collector can free it."""

    def __init__(self) -> None:
        self.own = self


@pytest.fixture(autouse=True)
def unfrozen() -> Iterator[None]:
    yield
    gc.unfreeze()


def test_what_is_there_is_kept_and_not_looked_at_by_the_collector() -> None:
    rules = Rules()
    freeze_heap()
    assert gc.get_freeze_count() > 1000
    assert not any(each is rules for each in gc.get_objects())


def test_rules_that_were_edited_go_when_the_next_ones_are_kept() -> None:
    rules = Rules()
    freeze_heap()
    gone = weakref.ref(rules)
    del rules
    gc.collect()
    assert gone() is not None, "frozen"
    freeze_heap()
    assert gone() is None
