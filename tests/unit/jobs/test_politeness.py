"""How long hosts are left alone, and whose rules hold."""

from __future__ import annotations

from datetime import timedelta

import pytest

from monitor.errors import HttpStatus, Unreachable
from monitor.jobs.politeness import cooldown_until, impatient, obeying
from monitor.model import FetchRequest, FetchSettings, NotModified, SourceState
from monitor.plugins import source_kinds
from tests.support.records import NOW

REQUEST = FetchRequest(url="https://herald.example/")
LIMITS = FetchSettings(host_delay_s=1.0, longest_rest_s=60.0)


@pytest.mark.parametrize(
    ("robots", "kind", "held"),
    [
        ("pages", "listing", True),
        ("pages", "feed", False),
        ("pages", "sitemap", False),
        ("all", "feed", True),
        ("off", "listing", False),
    ],
)
def test_whose_rules_hold(robots: str, kind: str, *, held: bool) -> None:
    limits = FetchSettings(robots=robots)
    assert obeying(REQUEST, source_kinds()[kind], limits).robots is held


def answered(rest_s: float | None) -> NotModified:
    return NotModified(url=REQUEST.url, fetched_at=NOW, rest_s=rest_s)


@pytest.mark.parametrize(("rest_s", "pause_s"), [(None, 1), (0.2, 1), (7, 7), (86_400, 60)])
def test_the_crawl_delay_is_honoured_within_reason(rest_s: float | None, pause_s: float) -> None:
    assert cooldown_until(answered(rest_s), NOW, LIMITS) == NOW + timedelta(seconds=pause_s)


def test_the_whole_host_rests_when_it_asks_to_be_left_alone() -> None:
    wish = NOW + timedelta(minutes=20)
    assert cooldown_until(HttpStatus("x", status=429, retry_at=wish), NOW, LIMITS) == wish
    assert cooldown_until(Unreachable("x"), NOW, LIMITS) == NOW + timedelta(seconds=1)
    assert cooldown_until(None, NOW, FetchSettings(host_delay_s=0)) is None


@pytest.mark.parametrize(
    ("failures", "reason", "deadline_s"),
    [(0, "", None), (2, "HTTP 500", None), (1, "no answer", 10.0)],
)
def test_a_host_that_gave_no_answer_gets_less_time(
    failures: int, reason: str, deadline_s: float | None
) -> None:
    state = SourceState(source_id="herald", next_fetch_at=NOW, failures=failures, gap_reason=reason)
    assert impatient(REQUEST, state, LIMITS).deadline_s == deadline_s
