"""What an editor does with several sources at once, with stories and with what was sent; polls and robots."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import replace
from datetime import UTC, datetime, timedelta
from pathlib import Path

import pytest

from monitor.app import load_rulebook
from monitor.core.delivery.retry import Decision
from monitor.errors import FetchError, HttpStatus, Unreachable
from monitor.jobs.poll import poll
from monitor.model import Fetched, FetchRequest
from monitor.ports import Store
from monitor.store import open_store
from tests.support.desk import TEXTS, DeskWorld, running, write_config

RSS = b"""<?xml version="1.0"?><rss version="2.0"><channel><title>T</title><link>https://herald.example/</link>
<item><title>One</title><link>https://herald.example/open/1</link><guid>1</guid></item>
<item><title>Two</title><link>https://herald.example/shut/2</link><guid>2</guid></item></channel></rss>"""
ROBOTS = b"User-agent: *\nDisallow: /shut/\nCrawl-delay: 7\n"


class Site:
    """Answers by address; an exception is raised."""

    def __init__(self) -> None:
        self.answers: dict[str, bytes | FetchError] = {
            "https://herald.example/rss": RSS,
            "https://herald.example/robots.txt": ROBOTS,
        }

    def __call__(self, request: FetchRequest) -> Fetched:
        found = self.answers.get(request.url, Unreachable(f"{request.url}: nobody is there"))
        if isinstance(found, FetchError):
            raise found
        at = datetime(2026, 11, 23, 12, tzinfo=UTC)
        return Fetched(url=request.url, status=200, body=found, fetched_at=at, content_type="text/xml")


@pytest.fixture
def site() -> Site:
    return Site()


@pytest.fixture
def asking(tmp_path: Path, empty_file: Path, site: Site) -> Iterator[DeskWorld]:
    """A desk whose service reaches the site."""
    (tmp_path / "store.db").write_bytes(empty_file.read_bytes())
    store: Store = open_store(f"sqlite:///{tmp_path / 'store.db'}", now=lambda: datetime.now(UTC))
    with running(store, write_config(tmp_path / "config"), fetch=site) as world:
        yield world
    store.admin.close()


def test_ticked_sources_are_switched_and_tagged_in_their_file(world: DeskWorld) -> None:
    client = world.client()
    page = client.get("/sources?tier=wire").text
    assert 'name="pick-wire"' in page
    assert 'value="?tier=wire"' in page
    off = {"do": "off", "pick-wire": "on", "pick-quiet": "on", "back": "?tier=wire"}
    assert client.post("/sources/bulk", off).url.endswith("/sources?tier=wire")
    tags = {"do": "set", "pick-wire": "on", "tier": "independent", "country": "LT", "language": ""}
    assert client.post("/sources/bulk", tags).status_code == 200
    sources = load_rulebook(world.config, env={}).sources
    assert (sources["wire"].enabled, sources["quiet"].enabled, sources["herald"].enabled) == (
        False,
        False,
        True,
    )
    wire = sources["wire"]
    assert (wire.tier, wire.country, wire.language) == ("independent", "LT", "en")


@pytest.mark.parametrize(
    "form",
    [
        {"do": "off"},
        {"do": "set", "pick-wire": "on"},
        {"do": "nonsense", "pick-wire": "on"},
        {"do": "on", "pick-nobody": "on"},
        {"do": "set", "pick-wire": "on", "pick-quiet": "on", "tier": "nonsense"},
        {"do": "set", "pick-wire": "on", "country": "\x00"},
    ],
)
def test_a_bulk_edit_that_cannot_be_is_refused_and_leaves_the_files(
    world: DeskWorld, form: dict[str, str]
) -> None:
    file = world.config / "sources" / "mine.yaml"
    before = file.read_bytes()
    assert world.client().post("/sources/bulk", form).status_code in {409, 422}
    assert file.read_bytes() == before


def test_where_a_bulk_edit_leads_is_on_the_desk(world: DeskWorld) -> None:
    form = {"do": "off", "pick-wire": "on", "back": "//evil.example/"}
    answer = world.client().post("/sources/bulk", form, allow_redirects=False)
    assert answer.headers["location"] == "/sources"


def test_the_last_polls_of_a_source_stand_on_its_page(asking: DeskWorld, site: Site) -> None:
    for _ in range(3):
        _poll(asking)
    site.answers["https://herald.example/rss"] = HttpStatus("HTTP 503 Service Unavailable", status=503)
    _poll(asking)
    polls = asking.client().get("/api/v1/sources/herald").json()["polls"]
    assert [each["result"] for each in polls][1:] == ["read"] * 3
    assert "503" in polls[0]["result"]
    assert (polls[-1]["listed"], polls[-1]["new"], polls[-2]["new"]) == (2, 2, 0)
    assert "4 polls, the last one" in asking.client().get("/sources/herald").text


def _poll(world: DeskWorld) -> None:
    world.store.sources.enqueue_due({"herald": "herald.example"}, world.at + timedelta(days=1), limit=1)
    (job,) = world.store.jobs.claim(
        now=world.at + timedelta(days=1), owner="test", epoch=world.ports.epoch, limit=1, first="poll"
    )
    world.store.jobs.commit(job, poll(job, world.ports), now=world.at)


def test_a_test_says_what_robots_txt_allows(asking: DeskWorld, site: Site) -> None:
    client = asking.client()
    found = client.post("/api/v1/sources/herald/test").json()["robots"]
    assert (found["state"], found["pages_allowed"], found["pages"], found["pause_s"]) == ("rules", 1, 2, 7.0)
    assert (
        "1 of 2 pages of its host may; it asks for a pause of 7 s" in client.post("/sources/herald/test").text
    )
    site.answers["https://herald.example/robots.txt"] = HttpStatus("HTTP 404 Not Found", status=404)
    assert "there is none" in client.post("/sources/herald/test").text
    site.answers["https://herald.example/robots.txt"] = HttpStatus("HTTP 500", status=500)
    assert "it cannot be had" in client.post("/sources/herald/test").text


def test_a_pinned_story_stays_on_top_until_it_is_unpinned(world: DeskWorld) -> None:
    client = world.client()
    listed = client.get("/api/v1/stories").json()["stories"]
    oldest, newest = listed[-1]["id"], listed[0]["id"]
    assert client.post(f"/stories/{oldest}/pin", {"pin": "on"}).status_code == 200
    view = client.get("/api/v1/stories?days=1").json()
    assert [row["id"] for row in view["pinned"]] == [oldest]
    assert "Pinned" in client.get("/stories").text
    assert client.get(f"/api/v1/stories/{oldest}").json()["is_pinned"]
    client.post(f"/stories/{newest}/join", {"other": oldest})
    assert [row["id"] for row in client.get("/api/v1/stories").json()["pinned"]] == [newest]
    client.post(f"/stories/{newest}/pin", {"pin": "off"})
    assert client.get("/api/v1/stories").json()["pinned"] == []
    assert client.post("/stories/nobody/pin").status_code == 404


def test_what_was_sent_is_sent_again_once_a_minute_at_most(world: DeskWorld) -> None:
    client = world.client()
    (row,) = client.get("/api/v1/outbox").json()["deliveries"]
    assert client.post(f"/outbox/{row['key']}/again").status_code == 409
    claimed = world.store.outbox.claim(
        now=world.at, owner="test", epoch=world.ports.epoch, limit=1, lease_s=60
    )
    sent = replace(claimed[0], state="sent", message_id="7", sent_at=world.at)
    assert world.store.outbox.finish(Decision(delivery=sent), now=world.at)
    page = client.get(f"/outbox/{row['key']}").text
    assert "Send it again" in page
    for _ in range(2):
        assert client.post(f"/outbox/{row['key']}/again").status_code == 200
    (repeat,) = client.get("/api/v1/outbox").json()["deliveries"]
    assert (repeat["state"], repeat["uncertain_sends"], repeat["story"]) == ("pending", 1, row["story"])
    told = client.get("/api/v1/why", params={"q": "https://herald.example/potash"}).json()
    assert told["verdict"]["chats"][0]["key"] == row["key"]
    assert TEXTS["potash"].partition(". ")[0] in client.get(f"/outbox/{repeat['key']}").text
