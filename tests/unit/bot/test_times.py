"""Times as people type them, in each language of the interface."""

from __future__ import annotations

from datetime import time, timedelta

import pytest
from hypothesis import given
from hypothesis import strategies as st

from monitor.bot.times import read_clock, read_duration, read_interval, read_span
from monitor.core.delivery.preferences import digest_text


@pytest.mark.parametrize(
    ("text", "interval"),
    [
        ("8:00", "daily 08:00"),
        ("every day", "daily 08:00"),
        ("every day at 9", "daily 09:00"),
        ("daily 24", "daily 00:00"),
        ("каждый день в 8", "daily 08:00"),
        ("штодня 7", "daily 07:00"),
        ("щодня о 9", "daily 09:00"),
        ("codziennie o 7", "daily 07:00"),
        ("kasdien 8.30", "daily 08:30"),
        ("hourly", "hourly"),
        ("каждый час", "hourly"),
        ("co godzinę", "hourly"),
        ("weekly mon 8", "weekly mon 08:00"),
        ("Mondays", "weekly mon 08:00"),
        ("every Friday at 6pm", "weekly fri 18:00"),
        ("по пятницам в 18:30", "weekly fri 18:30"),
        ("кожны панядзелак у 9", "weekly mon 09:00"),
        ("poniedziałek 9", "weekly mon 09:00"),
        ("every week", "weekly mon 08:00"),
    ],
)
def test_an_interval_is_read_as_it_is_meant(text: str, interval: str) -> None:
    found = read_interval(text)
    assert found is not None
    assert digest_text(found) == interval


@pytest.mark.parametrize(
    "text", ["", "potash", "potash 8:00", "25:00", "mon fri", "daily weekly", "hourly 8"]
)
def test_what_is_no_interval_is_left_to_be_a_topic(text: str) -> None:
    assert read_interval(text) is None


@pytest.mark.parametrize(
    ("text", "start", "end"),
    [
        ("11pm-7am", 23, 7),
        ("from 11 pm to 7 a.m.", 23, 7),
        ("23-7", 23, 7),
        ("23 7", 23, 7),
        ("с 23 до 7", 23, 7),
        ("ад 23 да 7", 23, 7),
        ("від 23 до 7", 23, 7),
        ("od 23 do 7", 23, 7),
        ("nuo 23 iki 7", 23, 7),
        ("12am-12pm", 0, 12),
    ],
)
def test_a_span_is_read_in_each_language(text: str, start: int, end: int) -> None:
    found = read_span(text)
    assert found is not None
    assert (found.start, found.end) == (time(start), time(end))


@pytest.mark.parametrize("text", ["7-7", "25-7", "13pm-7", "7", "never"])
def test_what_is_no_span_is_refused(text: str) -> None:
    assert read_span(text) is None


@pytest.mark.parametrize(
    ("text", "lasts"),
    [
        ("2h", timedelta(hours=2)),
        ("8", timedelta(hours=8)),
        ("30 min", timedelta(minutes=30)),
        ("2 часа", timedelta(hours=2)),
        ("2 гадзіны", timedelta(hours=2)),
        ("2 години", timedelta(hours=2)),
        ("2 godziny", timedelta(hours=2)),
        ("10 хвилин", timedelta(minutes=10)),
        ("3 дня", timedelta(days=3)),
        ("3 dni", timedelta(days=3)),
        ("1 savaitė", timedelta(days=7)),
        ("1w", timedelta(days=7)),
        ("potash", None),
        ("5 apples", None),
    ],
)
def test_a_duration_is_read_in_each_language(text: str, lasts: timedelta | None) -> None:
    assert read_duration(text) == lasts


@given(st.text(max_size=40))
def test_any_text_is_read_or_refused(text: str) -> None:
    for read in (read_clock, read_span, read_interval, read_duration):
        assert read(text) == read(f" {text.strip().upper()} ".casefold())


@given(st.times().map(lambda at: at.replace(second=0, microsecond=0, tzinfo=None)))
def test_a_clock_is_read_in_both_ways_of_writing_it(at: time) -> None:
    half = f"{(at.hour - 1) % 12 + 1}:{at:%M}{'pm' if at.hour >= 12 else 'am'}"
    assert read_clock(f"{at:%H:%M}") == read_clock(half) == at
