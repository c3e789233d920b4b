"""What may have been told between a backup and its restoring."""

from __future__ import annotations

from datetime import datetime, timedelta

import pytest

from monitor.core.delivery.restored import as_repeat, told_before
from monitor.model import NoticeText
from tests.support.records import NOW, alert, delivery

HOUR = timedelta(hours=1)


@pytest.mark.parametrize(
    ("published", "created", "before"),
    [
        (NOW - HOUR, NOW + HOUR, True),
        (NOW, NOW + HOUR, False),
        (NOW + HOUR, NOW + HOUR, False),
        (None, NOW + 6 * HOUR - timedelta(seconds=1), True),
        (None, NOW + 6 * HOUR, False),
    ],
)
def test_what_was_published_before_or_found_soon_after_may_have_been_told(
    published: datetime | None, created: datetime, before: bool
) -> None:
    row = delivery(payload=alert(published=published), created_at=created)
    assert told_before(row, NOW) is before


def test_only_a_first_word_about_a_story_may_be_a_repeat() -> None:
    old = {"payload": alert(published=NOW - HOUR)}
    assert not told_before(delivery(kind="edit", **old), NOW)
    assert not told_before(delivery(kind="notice", payload=NoticeText(text="x")), NOW)


def test_a_possible_repeat_is_marked_or_held() -> None:
    row = delivery(uncertain_sends=1)
    assert (as_repeat(row, hold=False).state, as_repeat(row, hold=False).uncertain_sends) == (row.state, 2)
    held = as_repeat(row, hold=True)
    assert (held.state, held.uncertain_sends) == ("unsure", 1)
    assert "before the backup" in (held.error or "")
