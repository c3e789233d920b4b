"""Reports as text, page and JSON."""

from __future__ import annotations

import json
from datetime import timedelta

from monitor.core.delivery.report import health_line, report_of
from monitor.core.message.report import report_html, report_json, report_text
from monitor.i18n.localizer import localizer
from monitor.model import Period, Reach, StoryArticle, StoryHeard
from tests.support.records import NOW

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
