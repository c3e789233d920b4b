"""Dates as outlets write them: right to the minute, in UTC, or not at all."""

from __future__ import annotations

from datetime import UTC, datetime, timedelta

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from monitor.core.text.dates.find import EARLIEST, TOLERANCE, Dated, find_date
from monitor.core.text.dates.names import LANGUAGES, month_number

NOW = datetime(2026, 11, 24, 1, 0, tzinfo=UTC)


def read(text: str, timezone: str | None = None, languages: tuple[str, ...] = ()) -> Dated | None:
    return find_date(text, timezone=timezone, now=NOW, languages=languages)


def moment(text: str, timezone: str | None = None, languages: tuple[str, ...] = ()) -> str:
    """The date as ``2022-07-28 04:35:05``, "" when there is none."""
    dated = read(text, timezone, languages)
    return dated.stated.strftime("%Y-%m-%d %H:%M:%S") if dated else ""


@pytest.mark.parametrize(
    ("text", "expected"),
    [
        ("Thu, 25 Feb 2021 10:15:00 +0000", "2021-02-25 10:15:00"),
        ("Sat, 27 Feb 2021 06:55:01 GMT", "2021-02-27 06:55:01"),
        ("Thu,28 Jul 2022 4:35:5 GMT+9", "2022-07-27 19:35:05"),
        ("Thu, 28 Jul 2022 04:35 UTC+03:00", "2022-07-28 01:35:00"),
        ("28 Jul 22 04:35 Z", "2022-07-28 04:35:00"),
        ("Sun, 06 Sep 2009 16:20:00 EST", "2009-09-06 21:20:00"),
        ("Thu Jul 28 04:35:05 PDT 2022", "2022-07-28 11:35:05"),
        ("Friday, 5-May-23 10:00:00 MSK", "2023-05-05 07:00:00"),
        ("Пт, 5 мая 2023 10:00:00 МСК", "2023-05-05 07:00:00"),
        ("Jul 28, 2022 4:35 PM ET", "2022-07-28 20:35:00"),
        ("01/Jan/2004:10:20:30 +0300", "2004-01-01 07:20:30"),
        ("Mon, 28 Feb 2022 10:00:00 +03", "2022-02-28 07:00:00"),
        ("Mon, 28 Feb 2022 10:00:00 GMT+0300 (MSK)", "2022-02-28 07:00:00"),
        ("08:00 Europe/Minsk 5 мая 2023", "2023-05-05 05:00:00"),
    ],
)
def test_mail_dates_with_odd_zones(text: str, expected: str) -> None:
    """RFC 822 and what feeds make of it."""
    assert moment(text) == expected


@pytest.mark.parametrize(
    ("text", "expected", "kind"),
    [
        ("2017-06-21T15:13:05-07:00", "2017-06-21 22:13:05", "exact"),
        ("2017-06-21t15:13:05.123456789z", "2017-06-21 15:13:05", "exact"),
        ("2017-06-21 15:13:05 +0300", "2017-06-21 12:13:05", "exact"),
        ("20170621T151305Z", "2017-06-21 15:13:05", "exact"),
        ("2017-06-21T15:13", "2017-06-21 15:13:00", "no-zone"),
        ("20170621151305", "2017-06-21 15:13:05", "no-zone"),
        ("2022-07-28T24:00:00Z", "2022-07-29 00:00:00", "exact"),
        ("2016-12-31T23:59:60Z", "2016-12-31 23:59:59", "exact"),
        ("2017-06-21", "2017-06-21 00:00:00", "day"),
        ("2017/6/1", "2017-06-01 00:00:00", "day"),
        ("20170621", "2017-06-21 00:00:00", "day"),
        ("2003-335", "2003-12-01 00:00:00", "day"),
        ("2003-W05-3", "2003-01-29 00:00:00", "day"),
        ("2017-06", "2017-06-01 00:00:00", "month"),
        ("2017", "2017-01-01 00:00:00", "year"),
        ("1511111111", "2017-11-19 17:05:11", "exact"),
        ("1511111111000", "2017-11-19 17:05:11", "exact"),
        ("2022년 7월 28일 오후 1:31", "2022-07-28 13:31:00", "no-zone"),
        ("2022年7月28日", "2022-07-28 00:00:00", "day"),
    ],
)
def test_machine_dates_in_full_and_in_part(text: str, expected: str, kind: str) -> None:
    """ISO 8601, W3C-DTF, Unix stamps; the kind says how exact."""
    dated = read(text)
    assert dated is not None
    assert (moment(text), dated.kind) == (expected, kind)


@pytest.mark.parametrize(
    ("text", "expected"),
    [
        ("mer, 16 nov 2022", "2022-11-16 00:00:00"),
        ("mar, 15 nov 2022 10:00 CET", "2022-11-15 09:00:00"),
        ("Seg, 24 Set 2018", "2018-09-24 00:00:00"),
        ("Опубликовано: 5 мая 2023 г. в 14:30", "2023-05-05 14:30:00"),
        ("24 лістапада 2024 г.", "2024-11-24 00:00:00"),
        ("28 липня 2022, 09:15", "2022-07-28 09:15:00"),
        ("14:30 pt. 5 maja 2023", "2023-05-05 14:30:00"),
        ("2022 m. liepos 28 d. 14:30", "2022-07-28 14:30:00"),
        ("2022. gada 28. jūlijs", "2022-07-28 00:00:00"),
        ("28. juuli 2022", "2022-07-28 00:00:00"),
        ("28. Juli 2022, 14.30 Uhr", "2022-07-28 14:30:00"),
        ("28 juillet 2022 à 14h30", "2022-07-28 14:30:00"),
        ("28 de julio de 2022", "2022-07-28 00:00:00"),
        ("28. července 2022", "2022-07-28 00:00:00"),
        ("Perjantai 28. heinäkuuta 2022 klo 14.30", "2022-07-28 14:30:00"),
        ("١٤ يوليو ٢٠٢٢", "2022-07-14 00:00:00"),
    ],
)
def test_local_month_names(text: str, expected: str) -> None:
    """The languages of the region, and French Tuesdays that look like March."""
    assert moment(text) == expected


@pytest.mark.parametrize(
    ("text", "languages", "timezone", "expected"),
    [
        ("10/11/2022", ("de",), None, "2022-11-10"),
        ("10/11/2022", ("en-US",), None, "2022-10-11"),
        ("10/11/2022", ("en",), "Europe/London", "2022-11-10"),
        ("10/31/2022", ("de",), None, "2022-10-31"),
        ("10.11.22", ("en-US",), None, "2022-11-10"),
        ("28-07-2022", (), None, "2022-07-28"),
    ],
)
def test_day_and_month_in_digits(
    text: str, languages: tuple[str, ...], timezone: str | None, expected: str
) -> None:
    """Slashes alone are ambiguous, and only an American source means October here."""
    assert moment(text, timezone, languages)[:10] == expected


def test_a_date_without_zone_is_local_to_its_source() -> None:
    """The source's time zone, with its summer time, else UTC."""
    assert moment("2022-07-28 14:30", "Europe/Vilnius") == "2022-07-28 11:30:00"
    assert moment("2022-12-28 14:30", "Europe/Vilnius") == "2022-12-28 12:30:00"
    assert moment("2022-07-28 14:30", "No/Such") == "2022-07-28 14:30:00"
    assert moment("2022-07-28T14:30Z", "Europe/Vilnius") == "2022-07-28 14:30:00"


def test_phrases_count_from_now_in_the_sources_zone() -> None:
    """Pages write "yesterday" and mean their own."""
    assert moment("2 hours ago") == "2026-11-23 23:00:00"
    assert moment("5 мин. назад") == "2026-11-24 00:55:00"
    assert moment("вчера, 14:30", "Europe/Minsk", ("ru",)) == "2026-11-23 11:30:00"
    dated = read("2 hours ago")
    assert dated is not None
    assert dated.kind == "relative"
    assert find_date("2 hours ago", timezone=None, now=NOW, phrases=False) is None


def test_a_missing_year_is_the_latest_that_fits() -> None:
    """Pages leave this year out, also in the first days of January."""
    assert moment("20 ноября, 14:30") == "2026-11-20 14:30:00"
    assert moment("28 декабря, 14:30") == "2025-12-28 14:30:00"


def test_the_future_is_clamped_and_less_sure() -> None:
    """A wrong clock at the outlet must not keep an article fresh for years."""
    far = read("Wed, 27 Jul 2095 14:36:15 +0000")
    assert far is not None
    assert (far.moment, far.stated.year) == (NOW, 2095)
    assert far.confidence < 0.5
    near = read("2026-11-24T01:05:00Z")
    assert near is not None
    assert (near.moment, near.confidence) == (NOW + timedelta(minutes=5), 1.0)


@pytest.mark.parametrize(
    "text",
    ["", " ", "hello world", "Read more", "May", "12", "—", "Mon, 01 Jan 1980 00:00:00 GMT", "2020-02-30",
     "Thu, 31 Jun 2022 00:00:00 GMT", "0000-00-00", "1", "99999999999999999999", "T", "\x00", "24:61"],
)  # fmt: skip
def test_nonsense_is_no_date(text: str) -> None:
    """Better none than a wrong one."""
    assert read(text) is None


@settings(max_examples=150, deadline=None)
@given(
    st.one_of(
        st.text(max_size=40),
        st.text(alphabet="0123456789-:/. TZ+janFEBмая,", max_size=30),
    )
)
def test_any_text_gives_none_or_a_sane_date(text: str) -> None:
    """Never an exception, never before 1990, never later than now."""
    for dated in (find_date(text, timezone="Europe/Minsk", now=NOW, phrases=len(text) < 12),):
        if dated is not None:
            assert dated.moment.tzinfo is UTC
            assert EARLIEST <= dated.moment <= NOW + TOLERANCE
            assert 0 < dated.confidence <= 1


@settings(max_examples=100, deadline=None)
@given(
    st.datetimes(min_value=datetime(1990, 1, 2), max_value=datetime(2026, 11, 23)),  # noqa: DTZ001
    st.integers(-14 * 60, 14 * 60),
)
def test_what_python_writes_is_read_back(wall: datetime, offset: int) -> None:
    """ISO 8601 and RFC 2822 in any zone."""
    sign, size = ("-" if offset < 0 else "+"), abs(offset)
    zone = f"{sign}{size // 60:02d}{size % 60:02d}"
    wanted = wall.replace(microsecond=0, tzinfo=UTC) - timedelta(minutes=offset)
    for text in (wall.strftime("%a, %d %b %Y %H:%M:%S ") + zone, wall.strftime("%Y-%m-%dT%H:%M:%S") + zone):
        dated = read(text)
        if wanted < EARLIEST:
            assert dated is None
        else:
            assert dated is not None
            assert (dated.stated, dated.kind) == (wanted, "exact")


def test_no_month_name_means_two_months_within_one_language() -> None:
    """Each language's table is a function."""
    samples = {
        "pl": ("lis", 11),
        "hr": ("lis", 10),
        "uk": ("лип", 7),
        "cs": ("července", 7),
        "fi": ("marraskuuta", 11),
    }
    for language, (word, number) in samples.items():
        assert month_number(word, (language,)) == number
    assert len(LANGUAGES) == len(set(LANGUAGES))
