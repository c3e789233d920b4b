"""Robots rules, also from files that nobody wrote in good faith."""

from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis import strategies as st

from monitor.http.robots_rules import rules_of

PAGE = "https://outlet.example/news/1"


@pytest.mark.parametrize(
    ("text", "allowed"),
    [
        ("", True),
        ("User-agent: *\nDisallow: /", False),
        ("User-agent: *\nDisallow: /news/\nAllow: /news/1", True),
        ("User-agent: *\nDisallow: /*/1$", False),
        ("User-agent: *\nDisallow:", True),
        ("User-agent: CoverageMonitor\nAllow: /\n\nUser-agent: *\nDisallow: /", True),
        ("User-agent: coveragemonitor\nDisallow: /\n\nUser-agent: *\nAllow: /", False),
        ("User-agent: GPTBot\nUser-agent: CCBot\nDisallow: /\n", True),
        ("User-agent: GPTBot\nUser-agent: *\nDisallow: /\n", False),
        ("User-agent: *\nDisallow: /private\n\nUser-agent: GPTBot\nDisallow: /", True),
        ("\ufeffUser-agent: *\r\nDisallow: /news # not for robots\r\n", False),
        ("<!doctype html><title>Not found</title>Disallow: /", True),
    ],
)
def test_who_may_read_what(text: str, *, allowed: bool) -> None:
    assert rules_of(text.encode()).allow(PAGE) is allowed


@pytest.mark.parametrize(
    ("delay", "rest_s"), [("5", 5.0), ("0.5", 0.5), ("0", None), ("-3", None), ("soon", None), ("inf", None)]
)
def test_crawl_delay(delay: str, rest_s: float | None) -> None:
    assert rules_of(f"User-agent: *\nCrawl-delay: {delay}".encode()).rest_s == rest_s


def test_thousands_of_agents_and_rules_cost_nothing() -> None:
    """Each rule kept for each agent of its group would be eighteen million rules."""
    agents = "".join(f"User-agent: bot{n}\n" for n in range(3_000))
    rules = "".join(f"Disallow: /{'*a' * 50}{n}\n" for n in range(6_000))
    read = rules_of((agents + rules).encode())
    assert read.allow(PAGE)
    assert not rules_of((agents + "User-agent: *\nDisallow: /news\n" + rules).encode()).allow(PAGE)


@given(st.binary(max_size=400) | st.text(max_size=400).map(lambda text: text.encode(errors="replace")))
def test_any_bytes_are_survived(body: bytes) -> None:
    rules = rules_of(b"User-agent: *\nDisallow: " + body)
    assert rules.allow(PAGE) in (True, False)
    assert rules.rest_s is None or rules.rest_s > 0
