"""Reports as text, page and JSON."""

from __future__ import annotations

import json
from datetime import timedelta

import pytest

from monitor.core.delivery.report import Watching, health_line, report_of, watching_text
from monitor.core.message.report import report_html, report_json, report_text
from monitor.i18n.localizer import localizer
from monitor.model import Gap, Period, Reach, SourceState, StoryArticle, StoryHeard
from tests.support.records import NOW, chat

SINCE = NOW - timedelta(days=1)


def heard(number: int, *, outlets: int = 1, headline: str = "", **changes: object) -> StoryHeard:
    first = StoryArticle(
        article_id=f"a{number}",
        source_id="herald",
        source_name="The Herald",
        tier="state" if number % 2 else "independent",
        title=headline or f"Story {number}",
        url=f"https://herald.example/{number}",
        language="en",
        published=NOW,
        seen_at=NOW - timedelta(hours=number),
    )
    reach = Reach(outlets=outlets, languages=1)
    given = {"story_id": f"s{number}", "first": first, "topics": ("belarus",), "headline_hit": False}
    return StoryHeard(**(given | changes), reach=reach)  # type: ignore[arg-type]


def period() -> Period:
    stories = (heard(1), heard(2, outlets=7), heard(3, topics=("belarus", "potash")))
    seen = tuple((NOW - timedelta(hours=n), "state" if n % 2 else "independent") for n in range(1, 10))
    return Period(stories=stories, seen=seen, outlets=8)


def test_a_report_counts_and_ranks() -> None:
    report = report_of(period(), since=SINCE, until=NOW, health="all well")
    assert [line.story_id for line in report.lines] == ["s2", "s1", "s3"]
    assert (report.articles, report.outlets) == (9, 8)
    assert report.topics == {"belarus": 3, "potash": 1}
    assert sum(state + others for _, state, others in report.buckets) == 9
    text = report_text(report, "Europe/Vilnius", {"belarus": "Belarus"})
    assert "9 articles of 8 outlets in 3 stories; state 56 % · independent 44 %" in text
    assert "Belarus: 3" in text
    assert text.endswith("all well")


def test_a_page_escapes_what_strangers_wrote_and_links_only_the_web() -> None:
    bad = heard(1, headline="<script>x</script>")
    odd = StoryHeard(
        story_id="s9",
        first=StoryArticle(
            article_id="a9",
            source_id="x",
            source_name='"><b>',
            tier="",
            title="Odd",
            url="javascript:alert(1)",
            language=None,
            published=None,
            seen_at=NOW,
        ),
        topics=(),
        headline_hit=False,
        reach=Reach(),
    )
    report = report_of(Period(stories=(bad, odd)), since=SINCE, until=NOW)
    page = report_html(report, "UTC", {}, b"\x89PNG")
    assert "<script>" not in page
    assert "<b>" not in page
    assert "javascript:" not in page
    assert 'src="data:image/png;base64,' in page


def test_a_report_as_json_is_json() -> None:
    made = report_json(report_of(period(), since=SINCE, until=NOW))
    again = json.loads(json.dumps(made, default=str))
    assert again["top"][0]["story"] == "s2"
    assert again["stories"] == 3


def test_an_empty_period_is_a_report_too() -> None:
    report = report_of(Period(), since=SINCE, until=NOW)
    assert report.buckets == ()
    assert "0 articles of 0 outlets in 0 stories" in report_text(report, "UTC", {})


def test_the_health_line_says_what_is_wrong() -> None:
    status = {"sources": {"ok": 30, "broken": 1}, "deliveries": {"sent": 9, "dead": 2, "unsure": 1}}
    assert (
        health_line(status, [], localizer("en")) == "31 sources watched, all well, 3 messages not delivered"
    )
    covered = health_line(status, [], localizer("uk"), covered_percent=98.6)
    assert "98,6 %" in covered


@pytest.mark.parametrize(
    ("dead", "unsure", "said"),
    [(0, 0, ""), (1, 0, ", 1 message not delivered"), (3, 1, ", 4 messages not delivered"),
     (5, 4, ", 9 messages not delivered")],
)  # fmt: skip
def test_messages_that_did_not_get_through_are_counted(dead: int, unsure: int, said: str) -> None:
    states = [
        SourceState(source_id=str(number), next_fetch_at=NOW, error="x" if number else None)
        for number in range(3)
    ]
    status = {"deliveries": {"dead": dead, "unsure": unsure, "sent": 7}}
    assert health_line(status, states, localizer("en")) == f"3 sources watched, 2 in trouble{said}"
    assert health_line({}, [], localizer("en")) == "0 sources watched, all well"
    for weekly, span in ((False, "day"), (True, "week")):
        line = health_line({}, [], localizer("en"), covered_percent=98.6, weekly=weekly)
        assert line == f"0 sources watched, all well, 98.6 % of the last {span} covered"


def test_gaps_of_the_time_that_is_told_are_named_but_not_in_a_safe_chat() -> None:
    def gap(name: str, began: float, ended: float | None) -> Gap:
        end = None if ended is None else NOW - timedelta(hours=ended)
        return Gap(source_id=name, began_at=NOW - timedelta(hours=began), reason="HTTP 403", ended_at=end)

    state = SourceState(source_id="a", next_fetch_at=NOW, first_read_at=NOW - timedelta(days=30))
    gaps = (gap("a", 30, 24), gap("a", 50, 23), gap("gone", 2, 1))
    watching = Watching(status={"sources": {"ok": 1}}, states=[state], gaps=gaps, names={"a": "The A"})
    day, week = (watching_text(watching, chat(), NOW, weekly=weekly) for weekly in (False, True))
    assert day.splitlines()[0] == "1 source watched, all well, 95.83 % of the last day covered"
    assert day.splitlines()[1].startswith("Gaps: The A HTTP 403")
    assert day.count("The A") == 1
    assert week.count("The A") == 2
    assert "gone" not in week
    assert watching_text(watching, chat(safe_links="plain"), NOW) == day.splitlines()[0]
    lasting = Watching(status={}, states=[state], gaps=(gap("a", 1, None),), names={"a": "The A"})
    assert "The A HTTP 403 since" in watching_text(lasting, chat(), NOW)


@pytest.mark.parametrize(("hours", "count"), [(48, 25), (49, 2)])
def test_up_to_two_days_are_counted_by_the_hour(hours: int, count: int) -> None:
    seen = ((NOW, "state"), (NOW - timedelta(hours=24), "wire"))
    found = report_of(Period(seen=seen), since=NOW - timedelta(hours=hours), until=NOW)
    assert len(found.buckets) == count


def test_a_report_lists_as_many_stories_as_it_should() -> None:
    many = Period(stories=tuple(heard(number) for number in range(1, 32)), seen=(), outlets=1)
    report = report_of(many, since=SINCE, until=NOW)
    text = report_text(report, "UTC", {})
    assert text.endswith("… and 1 more stories.")
    assert text.count("https://herald.example/") == 30
    page = report_html(report, "UTC", {}, b"png")
    assert page.count("<li><a") == 30
    assert "<p>… and 1 more stories.</p>" in page
    assert 'src="data:image/png;base64,cG5n"' in page
    whole = report_of(Period(stories=many.stories[:30]), since=SINCE, until=NOW)
    assert "more stories" not in report_text(whole, "UTC", {}) + report_html(whole, "UTC", {})
    assert "<img" not in report_html(whole, "UTC", {})
    assert len(report_json(report)["top"]) == 31  # type: ignore[arg-type]
    assert len(report_json(report, most=3)["top"]) == 3  # type: ignore[arg-type]


def test_a_story_in_a_report_says_who_tells_it() -> None:
    wide = report_of(Period(stories=(heard(2, outlets=7),)), since=SINCE, until=NOW)
    assert (
        "     The Herald (independent), 7 outlets, 2026-11-23 12:00"
        in report_text(wide, "UTC", {}).splitlines()
    )
    alone = report_of(Period(stories=(heard(1),)), since=SINCE, until=NOW)
    assert (
        "     The Herald (state), 2026-11-23 14:00" in report_text(alone, "Europe/Vilnius", {}).splitlines()
    )
