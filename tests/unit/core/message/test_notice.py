"""What operators are told: one message for many events, in each chat's language and zone."""

from __future__ import annotations

import dataclasses
from datetime import UTC, datetime, timedelta
from zoneinfo import ZoneInfo

import pytest

from monitor.core.delivery.payload_json import payload_of
from monitor.core.message.notice import notices, refused_edit, refused_topic, told_now
from monitor.core.query import check
from monitor.core.source.failure_reason import failure_of
from monitor.core.source.health import Listing, failed, succeeded
from monitor.core.source.reminder import reminder
from monitor.errors import Problem, QueryError, Unreachable
from monitor.i18n.lazy import LazyText, lazy
from monitor.i18n.localizer import LANGUAGES, localizer
from monitor.model import Chat, Event, FetchSettings, NoticeText, NotModified, Source, SourceState

NOW = datetime(2026, 11, 23, 12, 0, tzinfo=UTC)
MINSK = ZoneInfo("Europe/Minsk")
HERALD = Source(id="herald", name="The Herald", kind="feed", url="https://herald.test/feed")
LIMITS = FetchSettings()


def chat(language: str = "en", timezone: str = "UTC", number: int = 1, *, operator: bool = True) -> Chat:
    return Chat(
        id=f"telegram:{number}",
        channel="telegram",
        address=str(number),
        language=language,
        timezone=timezone,
        operator=operator,
    )


def told(event: Event, language: str, timezone: str = "UTC", now: datetime = NOW) -> str:
    (made,) = notices([event], [chat(language, timezone)], now)
    return payload_of(made, NoticeText).text


def broken(state: SourceState | None = None, now: datetime = NOW) -> tuple[SourceState, tuple[Event, ...]]:
    state = state or SourceState(source_id="herald", next_fetch_at=now)
    error = Unreachable(
        lazy(
            "no complete answer from {host} within {seconds} s; it is asked again later",
            host="h",
            seconds="9",
        )
    )
    polled = failed(HERALD, state, now, failure_of(error), limits=LIMITS, zone=MINSK)
    return polled.state, polled.events


def test_operators_get_one_notice_for_many_events() -> None:
    events = [Event(kind="broke", subject=f"s{n}", text=f"Source {n} is broken.", at=NOW) for n in range(30)]
    chats = (chat(), chat(number=2, operator=False))
    (only,) = notices(events, chats, NOW)
    assert only.chat_id == "telegram:1"
    text = payload_of(only, NoticeText).text
    assert text.count("is broken") == 20
    assert "10 more" in text
    assert notices((), chats, NOW) == ()


def test_each_operator_chat_is_told_in_its_own_language_and_zone() -> None:
    state, events = broken()
    while not events:
        state, events = broken(state, NOW + timedelta(minutes=10))
    english, russian = notices(
        events, [chat(timezone="Europe/Minsk"), chat("ru", "Asia/Tbilisi", 2)], NOW + timedelta(minutes=10)
    )
    assert "3 failed polls since 15:00" in payload_of(english, NoticeText).text
    assert payload_of(russian, NoticeText).text == (
        "Источник «The Herald» не работает: h не дал полного ответа за 9 с; позже будет новый запрос "
        "(3 неудачных опроса с 16:00)"
    )
    assert "3 failed polls since 23 Nov 15:00" in events[0].text  # as logs and the command line have it


def test_the_end_of_a_gap_is_told_with_what_came_back() -> None:
    state, events = broken()
    while not events:
        state, events = broken(state)
    later = NOW + timedelta(hours=2)
    polled = succeeded(
        HERALD,
        state,
        later,
        answer=NotModified(url=HERALD.url, fetched_at=later),
        listing=Listing(recovered=2),
        limits=LIMITS,
        zone=UTC,
    )
    (event,) = polled.events
    assert event.text == "The Herald works again: no answer 12:00–14:00, 2 articles recovered."
    assert told(event, "be", "Europe/Minsk", later) == (
        "Крыніца «The Herald» зноў працуе: няма адказу 15:00–17:00, адноўлена 2 артыкулы."
    )
    assert told(event, "lt", "Europe/Vilnius", later + timedelta(days=1)) == (
        "Šaltinis „The Herald“ vėl veikia: nėra atsakymo 11-23 14:00–16:00, atgauti 2 straipsniai."
    )


def test_the_daily_reminder_is_translated_line_by_line() -> None:
    state, events = broken()
    while not events:
        state, events = broken(state)
    later = NOW + timedelta(hours=25)
    event = reminder([state], {"herald": "The Herald"}, later, last=None, zone=UTC)
    assert event is not None
    assert event.text == "Still broken (1):\nThe Herald: no answer since 23 Nov 12:00"
    assert told(event, "pl", "Europe/Warsaw", later) == (
        "Nadal nie działają (1):\nThe Herald: brak odpowiedzi od 23 lis 13:00"
    )


def test_a_refused_edit_names_the_place_and_translates_what_the_query_reader_says() -> None:
    with pytest.raises(QueryError) as refused:
        check("titel:bread")
    problem = Problem(
        file="topics/a.yaml", line=3, column=9, message=refused.value.message, hint=refused.value.hint
    )
    whole = refused_edit([problem, problem])
    assert whole == (
        f"The edited config is not taken, the old one stays in force: {problem} "
        "(and 1 more: run `monitor check`)"
    )
    said = told(Event(kind="config", subject="config", text=whole, at=NOW), "uk")
    assert "topics/a.yaml:3:9: невідоме поле titel:" in said
    assert "і ще 1: запустіть `monitor check`" in said
    one = refused_topic([Problem(file="a.yaml", line=1, column=1, message="odd {x}")])
    assert one.endswith("in force: a.yaml:1:1: odd {x}")
    assert localizer("lt").told(one).endswith("a.yaml:1:1: odd {x}")


def test_every_language_tells_a_saying_and_leaves_other_strings_alone() -> None:
    made = lazy("{source} works again.", source="<b>{odd}</b>")
    assert isinstance(made, LazyText)
    assert len({localizer(language).told(made) for language in LANGUAGES}) == len(LANGUAGES)
    assert all("<b>{odd}</b>" in localizer(language).told(made) for language in LANGUAGES)
    assert localizer("ru").told("just {text}") == "just {text}"


def _broke(source: str, trouble: str) -> Event:
    text = lazy("{source} is broken: {trouble}", source=source, trouble=lazy(trouble))
    return Event(kind="broke", subject=source, text=text, at=NOW)


def test_sources_that_broke_for_one_reason_are_one_line_led_by_it() -> None:
    events = [
        _broke("Wire", "the host answers HTTP 500"),
        _broke("Herald", "no connection"),
        _broke("Wire Sport", "the host answers HTTP 500"),
    ]
    (notice,) = notices(events, [chat(operator=True)], NOW)
    assert isinstance(notice.payload, NoticeText)
    assert notice.payload.text.splitlines() == [
        "the host answers HTTP 500 (since 12:00; 2 sources: Wire, Wire Sport)",
        "Herald is broken: no connection",
    ]


def outage(minutes: int) -> tuple[list[Event], list[Event]]:
    """Three sources of one host that break within some minutes, and recover forty later."""
    broke: list[Event] = []
    mended: list[Event] = []
    for number in range(3):
        at = NOW + timedelta(minutes=number * minutes / 2)
        source = Source(id=f"s{number}", name=f"Desk {number}", kind="feed", url=f"https://nn.test/{number}")
        state = SourceState(source_id=source.id, next_fetch_at=at)
        events: tuple[Event, ...] = ()
        error = Unreachable(
            lazy("no connection to {host} ({why}); it is asked again later", host="nn.test", why="x")
        )
        while not events:
            polled = failed(source, state, at, failure_of(error), limits=LIMITS, zone=UTC)
            state, events = polled.state, polled.events
        broke += events
        back = at + timedelta(minutes=40)
        mended += succeeded(
            source,
            state,
            back,
            answer=NotModified(url=source.url, fetched_at=back),
            listing=Listing(),
            limits=LIMITS,
            zone=UTC,
        ).events
    return broke, mended


def test_an_outage_of_a_host_is_one_line_and_so_is_its_end() -> None:
    broke, mended = outage(minutes=2)
    (told_first,) = notices(broke, [chat()], NOW)
    assert payload_of(told_first, NoticeText).text == (
        "no connection to nn.test (x); it is asked again later "
        "(since 12:00; 3 sources: Desk 0, Desk 1, Desk 2)"
    )
    (told_last,) = notices(mended, [chat("ru")], NOW)
    assert payload_of(told_last, NoticeText).text == (
        "nn.test снова отвечает; не отвечал 12:00–12:42 (3 источника: Desk 0, Desk 1, Desk 2)"
    )


def test_word_of_an_outage_waits_for_the_sources_that_are_asked_a_little_later() -> None:
    broke, _ = outage(minutes=2)
    moved = Event(kind="moved", subject="x", text="x has moved", at=NOW)
    wait = timedelta(minutes=3)
    assert told_now([broke[0], moved], NOW + timedelta(minutes=1), wait) == (moved,)
    assert told_now([*broke, moved], NOW + timedelta(minutes=3), wait) == (*broke, moved)


@pytest.mark.parametrize(("count", "named"), [(5, "S0, S1, S2, S3, S4"), (6, "S0, S1, S2, S3, S4 +1"),
                                              (8, "S0, S1, S2, S3, S4 +3")])  # fmt: skip
def test_five_sources_of_one_outage_are_named(count: int, named: str) -> None:
    (notice,) = notices([_broke(f"S{number}", "no connection") for number in range(count)], [chat()], NOW)
    text = payload_of(notice, NoticeText).text
    assert text == f"no connection (since 12:00; {count} sources: {named})"


@pytest.mark.parametrize(
    ("count", "lines", "last"), [(20, 20, "19"), (21, 21, "… and 1 more: see `monitor status`.")]
)
def test_twenty_events_are_told_in_words(count: int, lines: int, last: str) -> None:
    events = [Event(kind="odd", subject=str(number), text=str(number), at=NOW) for number in range(count)]
    (notice,) = notices(events, [chat()], NOW)
    told_lines = payload_of(notice, NoticeText).text.splitlines()
    assert (len(told_lines), told_lines[-1]) == (lines, last)


def test_a_host_that_answers_again_without_a_gap_is_told_so() -> None:
    def mended(name: str) -> Event:
        text = lazy("{source} works again.", source=name, host="nn.test")
        return Event(kind="recovered", subject=name, text=text, at=NOW)

    (notice,) = notices([mended("A"), mended("B")], [chat()], NOW)
    assert payload_of(notice, NoticeText).text == "nn.test answers again (2 sources: A, B)"


def test_a_chat_that_is_closed_for_good_is_told_nothing() -> None:
    event = Event(kind="odd", subject="s", text="x", at=NOW)
    closed = dataclasses.replace(chat(), state="paused")
    assert notices([event], [closed], NOW) == ()
    assert notices([event], [dataclasses.replace(closed, retry_at=NOW)], NOW)
