"""Pages are read under the rules of their host, at first and when they are looked at again."""

from __future__ import annotations

import dataclasses
from datetime import timedelta

from monitor.http import RobotsFetcher
from monitor.jobs.run import run_job
from monitor.ports import Ports
from tests.unit.jobs.test_run import World, ports, titles, work, world  # noqa: F401 - fixtures

RULES = "https://herald.example/robots.txt"


def test_a_page_that_robots_may_not_read_is_matched_by_what_its_feed_says(
    ports: Ports,  # noqa: F811
    world: World,  # noqa: F811
) -> None:
    world.pages[RULES] = "User-agent: *\nDisallow: /1\n"
    entry = world.list_entry(1, "Lukashenko meets an envoy from overseas")
    work(dataclasses.replace(ports, fetch=RobotsFetcher(world.fetch, now=world.now)), world)
    assert RULES in world.asked
    assert entry.url not in world.asked
    assert titles(world) == ["Lukashenko meets an envoy from overseas"]


def test_a_page_is_not_looked_at_again_where_robots_are_shut_out_since(
    ports: Ports,  # noqa: F811
    world: World,  # noqa: F811
) -> None:
    world.pages[RULES] = "User-agent: *\nDisallow:\n"
    entry = world.list_entry(1, "Lukashenko meets an envoy from overseas")
    work(dataclasses.replace(ports, fetch=RobotsFetcher(world.fetch, now=world.now)), world)
    assert world.asked.count(entry.url) == 1

    world.pages[RULES] = "User-agent: *\nDisallow: /\n"
    again = dataclasses.replace(ports, fetch=RobotsFetcher(world.fetch, now=world.now))
    soon = world.moment + timedelta(days=1)
    looks = ports.store.jobs.claim(now=soon, owner="test", epoch=ports.epoch, limit=9)
    assert [job.kind for job in looks] == ["recheck"]
    for job in looks:
        run_job(job, again)
    assert world.asked.count(entry.url) == 1
