"""Permanent redirects: proposed, and not followed for ever."""

from __future__ import annotations

from datetime import datetime, timedelta

from monitor.core.source.redirects import moved, overstayed
from monitor.core.source.schedule import fresh_state
from monitor.model import SourceState
from tests.support.records import NOW, source

DAY = timedelta(days=1)
FOLLOW = timedelta(days=28)
SOURCE = source(url="http://herald.co.uk/rss")
ELSEWHERE = "https://casino.example/rss"
AT_HOME = "https://www.herald.co.uk/rss"


def polls(target: str | None, days: int, state: SourceState | None = None) -> tuple[SourceState, list[str]]:
    state, told = state or fresh_state(SOURCE, NOW), []
    for day in range(days):
        state, events = moved(SOURCE, state, target, NOW + day * DAY, follow=FOLLOW)
        told += [event.text for event in events]
    return state, told


def stops(state: SourceState, target: str, now: datetime) -> str:
    return overstayed(SOURCE, state, target, now, follow=FOLLOW)


def test_a_move_to_another_site_is_proposed_every_week() -> None:
    state, told = polls(ELSEWHERE, 15)
    assert len(told) == 3
    assert told[0] == (
        "The Herald has moved for good: http://herald.co.uk/rss leads to https://casino.example/rss. "
        "If that is right, make it the url of herald. The old one is followed until 21 December 2026."
    )
    assert (state.moved_to, state.moved_at) == (ELSEWHERE, NOW)


def test_a_move_within_the_site_is_told_once_and_followed_on() -> None:
    state, told = polls(AT_HOME, 60)
    assert len(told) == 1
    assert stops(state, AT_HOME, NOW + 400 * DAY) == ""


def test_nobody_follows_to_another_site_for_ever() -> None:
    state, _ = polls(ELSEWHERE, 1)
    assert stops(state, ELSEWHERE, NOW + 28 * DAY) == ""
    assert "nobody has confirmed that" in stops(state, ELSEWHERE, NOW + 29 * DAY)
    assert stops(fresh_state(SOURCE, NOW), ELSEWHERE, NOW) == "", "the first time it is followed"


def test_an_edited_config_or_a_redirect_taken_back_ends_it() -> None:
    state, _ = polls(ELSEWHERE, 5)
    after, told = polls(None, 1, state)
    assert (after.moved_to, after.moved_at, after.moved_told_at, told) == (None, None, None, [])


def test_the_day_of_the_next_proposal_and_the_last_day_of_following() -> None:
    state, _ = polls(ELSEWHERE, 1)
    for later, told in ((7 * DAY - timedelta(seconds=1), 0), (7 * DAY, 1)):
        assert len(moved(SOURCE, state, ELSEWHERE, NOW + later, follow=FOLLOW)[1]) == told
    assert stops(state, ELSEWHERE, NOW + FOLLOW) == ""
    assert "nobody has confirmed" in stops(state, ELSEWHERE, NOW + FOLLOW + timedelta(seconds=1))
    assert stops(fresh_state(SOURCE, NOW), ELSEWHERE, NOW + 400 * DAY) == ""
