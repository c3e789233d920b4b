"""What a stored payload reads as."""

from __future__ import annotations

import json
from typing import Any

import pytest

from monitor.core.delivery.payload_json import RECORDS, payload_json, payload_of, read_payload
from monitor.model import Alert, Unreadable
from monitor.model.alert import DeliveryKind
from tests.support.records import alert, delivery

# As version 0.1 stored them: a reader that refuses these loses alerts at an update.
STORED: dict[DeliveryKind, dict[str, Any]] = {
    "alert": {
        "story_id": "s1", "article_id": "a1", "headline": "Fire in Lida", "url": "https://h.test/1",
        "outlet": "The Herald", "tier": "state", "language": None, "published": None,
        "seen_at": "2026-11-23T12:00:00+00:00", "excerpt": "Fire.", "highlights": [[0, 4]],
        "headline_highlights": [],
        "topics": [{"id": "fires", "title": "Fires", "hashtag": "fires"}],
    },
    "notice": {"text": "Herald does not answer."},
    "revision": {
        "headline": "Fire", "url": "https://h.test/1", "outlet": "The Herald",
        "changes": [["number", "four", "five"]],
    },
    "digest": {
        "reason": "daily", "count": 2, "since": "2026-11-23T12:00:00+00:00",
        "until": "2026-11-23T12:00:00+00:00", "part": 1, "parts": 1, "more": 0, "tiers": {"state": 2},
        "health": "", "lines": [{
            "story_id": "s1", "headline": "Fire", "url": "https://h.test/1", "outlet": "The Herald",
            "tier": "state", "language": "en", "seen_at": "2026-11-23T12:00:00+00:00", "topics": ["fires"],
            "outlets": 2, "languages": 1, "prominence": 3.5,
        }],
    },
    "chart": {"buckets": [["2026-11-23T12:00:00+00:00", 1, 2]], "reason": "daily"},
    "pictures": {
        "alert": "k1", "outlet": "The Herald", "source_id": "herald", "topics": ["fires"],
        "pictures": ["https://h.test/1.jpg"],
    },
}  # fmt: skip


def stands_in(part: object, whole: object) -> bool:
    """Whether all that is said stands there; later versions say more."""
    if isinstance(part, dict) and isinstance(whole, dict):
        return all(name in whole and stands_in(value, whole[name]) for name, value in part.items())
    if isinstance(part, list) and isinstance(whole, list):
        return len(part) == len(whole) and all(map(stands_in, part, whole))
    return part == whole


@pytest.mark.parametrize("kind", sorted(STORED))
def test_rows_of_the_first_version_still_load_and_say_the_same(kind: DeliveryKind) -> None:
    payload = read_payload(kind, STORED[kind])
    assert isinstance(payload, RECORDS[kind])
    stored = json.loads(json.dumps(payload_json(payload)))
    assert stands_in(STORED[kind], stored)
    assert read_payload(kind, stored) == payload


def test_a_field_that_a_later_version_wrote_is_passed_over() -> None:
    later = payload_json(alert()) | {"mood": "calm"}
    assert read_payload("alert", later) == alert()


@pytest.mark.parametrize("stored", [{"headline": "half a row"}, [], "x", None, 5])
def test_what_cannot_be_read_is_kept_and_says_why(stored: object) -> None:
    found = read_payload("alert", stored)
    assert isinstance(found, Unreadable)
    assert found.stored == stored
    assert "Alert" in found.why
    with pytest.raises(ValueError, match="alert k1: its payload does not read as Alert"):
        payload_of(delivery(payload=found), Alert)


def test_a_kind_that_nobody_knows_is_not_read() -> None:
    assert isinstance(read_payload("song", {}), Unreadable)
