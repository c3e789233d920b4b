"""What a chat wants now."""

from __future__ import annotations

import contextlib
from dataclasses import replace
from datetime import UTC, datetime, time, timedelta
from typing import Any
from zoneinfo import ZoneInfo

import pytest
from hypothesis import given
from hypothesis import strategies as st

from monitor.core.delivery.preferences import (
    after_quiet_hours,
    digest_text,
    is_muted,
    is_quiet,
    is_silent,
    next_digest,
    read_digest,
    read_time,
    wanted,
)
from monitor.model import Chat, Digest, Mute, QuietHours, Subscription
from tests.support.records import NOW, chat

MOMENTS = st.integers(0, 2 * 366 * 86_400).map(
    lambda s: datetime(2026, 1, 1, tzinfo=UTC) + timedelta(seconds=s)
)
ZONES = ("Europe/Minsk", "Europe/Vilnius", "America/New_York", "Pacific/Chatham", "UTC")
DIGESTS = st.builds(
    Digest,
    every=st.sampled_from(["hourly", "daily", "weekly"]),
    at=st.times().map(lambda at: at.replace(second=0, microsecond=0)),
    weekday=st.integers(0, 6),
)


def subscribed(topic: str, **changes: Any) -> Subscription:
    return Subscription(chat_id="telegram:1", topic_id=topic, **changes)


def having(*subscriptions: Subscription, **changes: Any) -> Chat:
    return chat(subscriptions=subscriptions, **changes)


def test_a_topics_own_subscription_speaks_louder_than_the_one_to_all() -> None:
    both = having(subscribed("*"), subscribed("a", mode="off"))
    assert (wanted(both, "a"), wanted(both, "b")) == ("off", "instant")


def test_every_topic_never_means_somebodys_watch() -> None:
    assert wanted(having(subscribed("*")), "watch:1") == "off"
    assert wanted(having(subscribed("watch:1")), "watch:1") == "instant"


def test_a_chats_digest_collects_what_is_not_urgent() -> None:
    weekly = Digest(every="weekly")
    collecting = having(
        subscribed("a"),
        subscribed("b", mode="urgent"),
        subscribed("c", mode="digest", digest=weekly),
        subscribed("d", mode="digest"),
        digest=Digest(every="hourly"),
    )
    assert [wanted(collecting, topic) for topic in "abcde"] == [
        Digest(every="hourly"), "instant", weekly, Digest(every="hourly"), "off",
    ]  # fmt: skip
    assert wanted(having(subscribed("d", mode="digest")), "d") == Digest(every="daily")


def test_mutes_end_at_their_moment_or_never() -> None:
    muted = having(
        subscribed("*"),
        mutes=(
            Mute(kind="story", target="s1", until=NOW + timedelta(hours=1)),
            Mute(kind="outlet", target="herald"),
        ),
    )
    assert is_muted(muted, "story", "s1", NOW)
    assert not is_muted(muted, "story", "s1", NOW + timedelta(hours=1))
    assert is_muted(muted, "outlet", "herald", NOW + timedelta(days=9999))
    assert not is_muted(muted, "outlet", "s1", NOW)
    assert not is_muted(muted, "topic", "herald", NOW)


@pytest.mark.parametrize(
    ("utc_hour", "expected"), [(18, False), (19, True), (3, True), (4, False), (12, False)]
)
def test_silent_at_night_means_the_chats_own_night(utc_hour: int, expected: bool) -> None:
    moment = datetime(2026, 11, 23, utc_hour, tzinfo=UTC)
    at_night = having(silent="night", timezone="Europe/Minsk")
    assert is_silent(at_night, moment) is expected
    assert is_silent(replace(at_night, silent="always"), moment)
    assert not is_silent(replace(at_night, silent="never"), moment)


@given(now=MOMENTS, digest=DIGESTS)
@pytest.mark.parametrize("zone", ZONES)
def test_a_digest_comes_soon_and_at_its_local_time(zone: str, now: datetime, digest: Digest) -> None:
    due = next_digest(having(timezone=zone), digest, now)
    longest = {"hourly": 1 / 24, "daily": 1.2, "weekly": 7.2}[digest.every]
    assert timedelta(0) < due - now <= timedelta(days=longest)
    local = due.astimezone(ZoneInfo(zone))
    if digest.every == "weekly":
        # A local time that the clock leaps over is read on the far side of the leap.
        assert abs(local.replace(tzinfo=None) - datetime.combine(local.date(), digest.at)) <= timedelta(
            hours=1
        )
        assert local.weekday() == digest.weekday


@given(
    now=MOMENTS,
    start=st.times(),
    end=st.times(),
)
@pytest.mark.parametrize("zone", ZONES)
def test_quiet_hours_always_end(zone: str, now: datetime, start: time, end: time) -> None:
    held = having(timezone=zone, quiet=QuietHours(start=start, end=end.replace(microsecond=0)))
    until = after_quiet_hours(held, now)
    assert timedelta(0) <= until - now <= timedelta(hours=25)
    assert is_quiet(held, now) is (until != now)


@given(DIGESTS)
def test_a_digest_survives_its_notation(digest: Digest) -> None:
    again = read_digest(digest_text(digest))
    assert digest_text(again) == digest_text(digest)
    assert again.every == digest.every


@pytest.mark.parametrize("said", ["", "yearly", "daily 25:00", "weekly someday", "daily 8 9", "daily ²:00"])
def test_other_words_are_no_digest(said: str) -> None:
    with pytest.raises(ValueError, match=r"."):
        read_digest(said)


@given(st.text(max_size=12))
def test_times_are_read_or_refused(said: str) -> None:
    with contextlib.suppress(ValueError):
        assert isinstance(read_time(said), time)


def test_times_are_written_in_many_ways() -> None:
    assert [read_time(said) for said in ("8", "08:30", "8.05", "24")] == [
        time(8), time(8, 30), time(8, 5), time(0),
    ]  # fmt: skip


BERLIN = ZoneInfo("Europe/Berlin")
AUTUMN, SPRING = datetime(2026, 10, 25, tzinfo=UTC), datetime(2026, 3, 29, tzinfo=UTC)


@pytest.mark.parametrize(
    ("now", "end", "until"),
    [
        # 02:30 comes twice that night, at 00:30 and 01:30 UTC.
        (AUTUMN + timedelta(minutes=10), time(2, 30), AUTUMN + timedelta(minutes=30)),
        (AUTUMN + timedelta(minutes=70), time(2, 30), AUTUMN + timedelta(minutes=90)),
        (AUTUMN + timedelta(minutes=10), time(7), AUTUMN + timedelta(hours=6)),
        # 02:30 never comes that night: at 01:00 UTC the clock jumps from 02:00 to 03:00.
        (SPRING + timedelta(minutes=30), time(2, 30), SPRING + timedelta(hours=1)),
        (SPRING + timedelta(minutes=30), time(7), SPRING + timedelta(hours=5)),
    ],
)
def test_quiet_hours_end_by_the_clock_on_the_wall_in_the_nights_in_which_it_changes(
    now: datetime, end: time, until: datetime
) -> None:
    held = having(timezone="Europe/Berlin", quiet=QuietHours(start=time(22), end=end))
    assert after_quiet_hours(held, now) == until


@pytest.mark.parametrize("night", [AUTUMN, SPRING])
@pytest.mark.parametrize("at", [time(2, 0), time(2, 30), time(3, 0), time(8, 0)])
def test_a_daily_digest_comes_once_a_day_in_the_nights_in_which_the_clock_changes(
    night: datetime, at: time
) -> None:
    reader = having(timezone="Europe/Berlin")
    moment, days = night - timedelta(days=2), []
    for _ in range(4):
        moment = next_digest(reader, Digest(every="daily", at=at), moment)
        days.append(moment.astimezone(BERLIN).date())
    assert len(set(days)) == 4
    assert days[-1] - days[0] == timedelta(days=3)
