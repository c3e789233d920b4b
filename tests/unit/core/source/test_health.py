"""What polls make of a source, and what the operator hears: a break once, daily, and its end once."""

from __future__ import annotations

import dataclasses
from datetime import UTC, datetime, timedelta
from zoneinfo import ZoneInfo

import pytest

from monitor.core.source.failure_reason import Failure, failure_of
from monitor.core.source.health import Listing, Polled, failed, succeeded, unasked, unruly
from monitor.core.source.reminder import reminder
from monitor.core.source.schedule import fresh_state
from monitor.errors import Forbidden, HttpStatus, MonitorError, ParseError, TooLarge, Unreachable
from monitor.model import Event, Fetched, FetchSettings, Gap, NotModified, SourceState
from tests.support.records import source

MINUTE = timedelta(minutes=1)
HOUR = timedelta(hours=1)
DAY = timedelta(days=1)
START = datetime(2026, 11, 2, 0, 5, tzinfo=UTC)
SOURCE = source(every=10 * MINUTE)
LIMITS = FetchSettings(tell_after=3, quarantine_after=5)
REFUSED = Failure(text="herald.example refuses us (HTTP 403)", reason="HTTP 403")
MINSK = ZoneInfo("Europe/Minsk")


class Life:
    """A source that is polled by hand; keeps the ledger as the store would, and what was told."""

    def __init__(self) -> None:
        self.now = START
        self.state = fresh_state(SOURCE, START)
        self.ledger: dict[datetime, Gap] = {}
        self.told: list[Event] = []

    def good(self, new: int = 0, *, modified: bool = True, **listing: object) -> None:
        given = {"listed": 30, "new": new, "contact": self.state.first_read_at is None, **listing}
        answer: Fetched | NotModified = NotModified(url=SOURCE.url, fetched_at=self.now)
        if modified:
            answer = Fetched(url=SOURCE.url, status=200, body=b"x", fetched_at=self.now, etag='"1"')
        shown = Listing(**given) if modified else Listing()  # type: ignore[arg-type]
        self._take(
            succeeded(SOURCE, self.state, self.now, answer=answer, listing=shown, limits=LIMITS, zone=MINSK)
        )

    def bad(self, wrong: Failure = REFUSED) -> None:
        self._take(failed(SOURCE, self.state, self.now, wrong, limits=LIMITS, zone=MINSK))

    def wait(self, span: timedelta) -> None:
        self.now += span

    def habits(self, weeks: int = 3) -> None:
        """Something new each hour, round the clock."""
        self.good(30)
        for _ in range(weeks * 7 * 24):
            self.wait(HOUR)
            self.state = dataclasses.replace(self.state, next_fetch_at=self.now)
            self.good(1)

    def _take(self, polled: Polled) -> None:
        self.state = polled.state
        self.ledger |= {gap.began_at: gap for gap in polled.gaps}
        self.told += polled.events

    @property
    def kinds(self) -> list[str]:
        return [event.kind for event in self.told]


@pytest.fixture
def life() -> Life:
    return Life()


def test_a_hiccup_stands_in_the_ledger_and_is_not_told(life: Life) -> None:
    life.good(30)
    life.wait(10 * MINUTE)
    life.bad()
    assert (life.state.health, life.state.error) == ("failing", REFUSED.text)
    life.wait(10 * MINUTE)
    life.good(2, recovered=2, oldest=START)
    assert life.told == []
    assert (life.state.health, life.state.failures, life.state.error) == ("fresh", 0, None)
    (gap,) = life.ledger.values()
    assert (gap.began_at, gap.ended_at) == (START + 10 * MINUTE, START + 20 * MINUTE)
    assert (gap.reason, gap.recovered, gap.complete) == ("HTTP 403", 2, True)


def test_a_break_is_told_once_and_its_end_with_the_gap(life: Life) -> None:
    life.good(30)
    for minutes in (10, 20, 40, 60, 60, 60):
        life.wait(minutes * MINUTE)
        life.bad()
    assert life.kinds == ["broke"]
    assert "refuses us (HTTP 403) (3 failed polls since 02 Nov 03:15)" in life.told[0].text
    assert life.state.health == "quarantined"
    life.wait(20 * MINUTE)
    life.good(3, recovered=3, oldest=START + 3 * HOUR)
    assert life.kinds == ["broke", "recovered"]
    assert life.told[1].text == (
        "The Herald works again: HTTP 403 03:15–07:35, 3 articles recovered, older ones may be missing."
    )
    (gap,) = life.ledger.values()
    assert gap.complete is False
    life.wait(10 * MINUTE)
    life.good(1)
    assert life.kinds == ["broke", "recovered"]


def test_an_unchanged_answer_ends_a_gap_too(life: Life) -> None:
    life.good(30)
    life.wait(10 * MINUTE)
    life.bad()
    life.wait(10 * MINUTE)
    life.good(modified=False)
    (gap,) = life.ledger.values()
    assert (gap.ended_at, gap.recovered, gap.complete) == (life.now, 0, None)
    assert life.state.gap_since is None
    assert life.state.etag == '"1"', "the validators of the last full answer stay"


def test_a_source_that_never_answered_is_told_too(life: Life) -> None:
    for _ in range(3):
        life.bad()
        life.wait(10 * MINUTE)
    assert life.kinds == ["broke"]


def test_grave_trouble_is_quarantined_at_once(life: Life) -> None:
    life.good(30)
    life.bad(Failure(text="new addresses at each look", reason="unstable_ids", grave=True))
    assert (life.state.health, life.kinds) == ("quarantined", ["broke"])


def test_the_hosts_own_wish_to_wait_is_kept(life: Life) -> None:
    wish = START + 20 * HOUR
    life.bad(dataclasses.replace(REFUSED, retry_at=wish))
    assert life.state.next_fetch_at == wish


def test_a_source_that_only_answers_goes_late_then_stale(life: Life) -> None:
    life.habits()
    seen = [life.state.health]
    for _ in range(40):
        life.wait(HOUR)
        life.state = dataclasses.replace(life.state, next_fetch_at=life.now)
        life.good(0)
        if life.state.health != seen[-1]:
            seen.append(life.state.health)
    assert seen == ["fresh", "late", "stale"]
    assert life.kinds == ["broke"]
    assert "has gone quiet: it answers, but nothing new came since 23 Nov 03:05" in life.told[0].text
    life.wait(HOUR)
    life.good(1, recovered=1)
    assert life.kinds == ["broke", "recovered"]
    assert "nothing new 23 Nov" in life.told[1].text
    assert [gap.reason for gap in life.ledger.values() if gap.began_at > START + DAY] == ["nothing new"]


def test_a_quiet_night_is_no_alarm(life: Life) -> None:
    """A source that writes from 8 to 18 on working days may be silent from Friday to Monday."""
    life.good(30)
    worst = "fresh"
    for _ in range(5 * 7 * 24):
        life.wait(HOUR)
        life.state = dataclasses.replace(life.state, next_fetch_at=life.now)
        busy = life.now.weekday() < 5 and 8 <= life.now.hour < 18
        life.good(1 if busy else 0)
        worst = "stale" if "stale" in (worst, life.state.health) else worst
    assert worst == "fresh"
    assert life.told == []


def test_without_known_habits_a_week_of_silence_is_told(life: Life) -> None:
    life.good(30)
    for _ in range(8):
        life.wait(DAY)
        life.state = dataclasses.replace(life.state, next_fetch_at=life.now)
        life.good(0)
    assert (life.state.health, life.kinds) == ("stale", ["broke"])


def test_an_outage_is_no_silence_of_the_source(life: Life) -> None:
    """After two days without an answer a source is not stale at once: nobody could see it write."""
    life.habits()
    for _ in range(48):
        life.wait(HOUR)
        life.bad()
    life.wait(HOUR)
    life.good(0)
    assert life.state.health == "fresh"


def test_time_in_which_nobody_asked_is_a_gap(life: Life) -> None:
    life.good(30)
    due = life.state.next_fetch_at
    life.wait(5 * HOUR)
    life.good(4)
    (gap,) = life.ledger.values()
    assert (gap.began_at, gap.ended_at, gap.reason) == (due, life.now, "not asked")


def test_two_minutes_without_polls_of_a_busy_source_stand_in_the_ledger(life: Life) -> None:
    life.good(1)
    life.state = dataclasses.replace(life.state, interval_s=30.0)
    due = life.state.next_fetch_at
    life.wait(due - life.now + timedelta(minutes=2))
    life.good(1)
    (gap,) = life.ledger.values()
    assert (gap.began_at, gap.reason) == (due, "not asked")


def test_what_is_odd_is_told_when_it_begins(life: Life) -> None:
    for _ in range(3):
        life.good(1, warnings=("100000 entries are listed, 500 were read",))
        life.wait(10 * MINUTE)
    assert life.kinds == ["odd"]
    assert life.state.note == "100000 entries are listed, 500 were read"
    life.good(1)
    assert life.state.note is None


def test_the_daily_reminder_names_all_that_is_broken_in_one_message(life: Life) -> None:
    for _ in range(3):
        life.bad()
    broken = life.state
    names = {"herald": "The Herald", "wire": "The Wire"}
    young = dataclasses.replace(broken, source_id="wire", told_at=START + 20 * HOUR)
    gone = dataclasses.replace(broken, source_id="gone")

    def remind(now: datetime, last: datetime | None = None) -> Event | None:
        return reminder([broken, young, gone], names, now, last=last, zone=MINSK)

    assert remind(START + 23 * HOUR) is None
    event = remind(START + 25 * HOUR)
    assert event is not None
    assert event.text.splitlines() == [
        "Still broken (2):",
        "The Herald: HTTP 403 since 02 Nov 03:05",
        "The Wire: HTTP 403 since 02 Nov 03:05",
    ]
    assert remind(START + 26 * HOUR, last=START + 25 * HOUR) is None
    assert remind(START + 50 * HOUR, last=START + 25 * HOUR) is not None
    assert (
        reminder([SourceState(source_id="herald", next_fetch_at=START)], names, START, last=None, zone=UTC)
        is None
    )


@pytest.mark.parametrize(
    ("error", "reason"),
    [
        (HttpStatus("x", status=403), "HTTP 403"),
        (Unreachable("x"), "no answer"),
        (TooLarge("x"), "too large"),
        (Forbidden("x"), "not allowed"),
        (ParseError("x"), "unreadable"),
    ],
)
def test_troubles_in_a_word(error: MonitorError, reason: str) -> None:
    assert failure_of(error) == Failure(text="x", reason=reason)


def test_the_share_of_new_entries_says_how_fast_a_list_turns_over(life: Life) -> None:
    life.good(30)
    assert life.state.share_new == 0.0, "all is new at the first contact"
    for _ in range(30):
        life.wait(HOUR)
        life.good(3)
    assert life.state.share_new == pytest.approx(0.1, abs=0.005)


def test_operators_hear_at_the_third_failure_and_quarantine_comes_with_the_fifth(life: Life) -> None:
    said = []
    for _ in range(6):
        life.bad()
        said.append((len(life.told), life.state.health, life.state.failures))
        life.wait(HOUR)
    assert said == [
        (0, "failing", 1), (0, "failing", 2), (1, "failing", 3), (1, "failing", 4),
        (1, "quarantined", 5), (1, "quarantined", 6),
    ]  # fmt: skip


def test_one_failure_is_told_without_a_count(life: Life) -> None:
    life.bad(dataclasses.replace(REFUSED, grave=True))
    assert life.told[0].text == "The Herald is broken: herald.example refuses us (HTTP 403)"


@pytest.mark.parametrize(("hours", "wished"), [(0.01, False), (9, True)])
def test_a_host_that_wants_to_wait_longer_is_heard_and_shorter_is_not(
    life: Life, hours: float, wished: bool
) -> None:
    until = life.now + hours * HOUR
    life.bad(dataclasses.replace(REFUSED, retry_at=until))
    assert (life.state.next_fetch_at == until) is wished
    assert life.state.next_fetch_at >= life.now + 9 * MINUTE


def test_without_a_network_a_gap_stands_in_the_ledger_and_nobody_is_blamed(life: Life) -> None:
    life.good(30)
    before, since = life.state, life.now - 5 * MINUTE
    polled = unasked(SOURCE, before, life.now, since=since)
    assert (polled.state.failures, polled.state.health, polled.events) == (0, before.health, ())
    assert polled.state.next_fetch_at - life.now <= 1.1 * MINUTE
    (gap,) = polled.gaps
    assert (gap.began_at, gap.reason, gap.ended_at) == (since, "no network here", None)
    broken = dataclasses.replace(before, gap_since=life.now - HOUR, gap_reason="HTTP 403")
    (gap,) = unasked(SOURCE, broken, life.now, since=since).gaps
    assert (gap.began_at, gap.reason) == (life.now - HOUR, "HTTP 403")


@pytest.mark.parametrize(("hours", "complete"), [(None, None), (3, True), (2, True), (1, False)])
def test_a_gap_is_complete_when_the_list_reaches_back_to_its_beginning(
    life: Life, hours: float | None, complete: bool | None
) -> None:
    life.good(30)
    life.wait(10 * MINUTE)
    life.bad()
    began = life.now
    life.wait(2 * HOUR)
    life.good(3, recovered=3, oldest=None if hours is None else life.now - hours * HOUR)
    gap = life.ledger[began]
    assert (gap.complete, gap.recovered, gap.ended_at) == (complete, 3, life.now)


@pytest.mark.parametrize(("minutes", "missed"), [(29, False), (30, True)])
def test_three_intervals_late_is_a_time_in_which_nobody_asked(life: Life, minutes: int, missed: bool) -> None:
    life.good(30)
    life.state = dataclasses.replace(life.state, interval_s=600.0)
    due = life.state.next_fetch_at
    life.now = due + minutes * MINUTE
    life.good(1)
    assert (due in life.ledger) is missed


def test_of_a_list_read_first_or_of_a_quarantined_source(life: Life) -> None:
    many = Listing(listed=30, new=30, titles="", contact=True)
    well = dataclasses.replace(life.state, unstable_ids=40, interval_s=60.0)
    assert unruly(well, many) == (0, None)
    count, wrong = unruly(dataclasses.replace(well, health="quarantined"), many)
    assert count == 41
    assert wrong is not None
    assert wrong.grave


@pytest.mark.parametrize(("days", "health"), [(7, "fresh"), (7.01, "stale")])
def test_a_source_of_unknown_habits_is_stale_after_a_week(life: Life, days: float, health: str) -> None:
    life.good(30)
    life.wait(days * DAY)
    life.good(0)
    assert life.state.health == health


def test_something_new_is_a_sign_of_life_and_an_empty_answer_is_none(life: Life) -> None:
    life.good(30)
    first = life.now
    life.wait(HOUR)
    life.good(0)
    assert life.state.last_new_at == first
    assert life.state.share_new == 0
    life.wait(HOUR)
    life.good(15)
    assert life.state.last_new_at == life.now
    assert life.state.share_new == 0.15
    assert life.state.first_read_at == first


def test_what_is_remembered_of_an_answer(life: Life) -> None:
    life.good(30, warnings=("one", "two"), titles="abc")
    assert (life.state.etag, life.state.note, life.state.titles) == ('"1"', "one; two", "abc")
    full = life.state.full_read_at
    life.wait(10 * MINUTE)
    life.good(modified=False)
    assert (life.state.etag, life.state.titles, life.state.full_read_at) == ('"1"', "abc", full)
    life.wait(10 * MINUTE)
    life.good(1)
    assert (life.state.note, life.state.full_read_at) == (None, life.now)
