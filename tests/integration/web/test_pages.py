"""Every page shows what the store says, with and without anything in it, as HTML and as JSON."""

from __future__ import annotations

import csv
import io
from datetime import UTC, datetime, timedelta

import pytest
import requests
from docx import Document
from sqlalchemy import event

from monitor.app import load_rulebook
from monitor.errors import HttpStatus
from monitor.model import ApiToken, Fetched, FetchRequest
from monitor.web.identity import hashed
from tests.support.desk import TEXTS, DeskWorld, running


def test_now_says_what_is_broken_first(world: DeskWorld) -> None:
    world.poll("wire", health="failing", error="HTTP 503 Service Unavailable", failures=4)
    text = world.client().get("/").text
    assert text.index("HTTP 503 Service Unavailable") < text.index("Alerts sent")
    assert 'aria-label="1 in trouble"' in text
    found = world.client().get("/api/v1/now").json()
    assert found["broken"][0]["id"] == "wire"
    assert found["today"]["articles"] == 3


def test_sources_in_trouble_stand_on_top_and_can_be_filtered(world: DeskWorld) -> None:
    world.poll("wire", health="failing", error="HTTP 503", failures=4)
    world.poll("herald", health="fresh", last_success_at=world.at)
    client = world.client()
    assert [row["id"] for row in client.get("/api/v1/sources").json()["sources"]] == [
        "wire",
        "quiet",
        "herald",
    ]
    for query, ids in (
        ("health=broken", ["wire"]),
        ("health=well", ["quiet", "herald"]),
        ("q=times", ["quiet"]),
        ("tier=wire", ["wire"]),
        ("country=gb", ["herald"]),
        ("q=nothing-like-it", []),
        ("limit=1&offset=2", ["herald"]),
    ):
        assert [row["id"] for row in client.get(f"/api/v1/sources?{query}").json()["sources"]] == ids, query
    assert "No source fits." in client.get("/sources?q=nothing-like-it").text


def test_a_source_has_its_week_and_its_newest_articles(seen: DeskWorld) -> None:
    found = seen.client().get("/api/v1/sources/herald").json()
    assert sum(hour["seen"] for day in found["calendar"] for hour in day["hours"]) == 3
    assert len(found["calendar"]) == 7
    text = seen.client().get("/sources/herald").text
    assert "Football final ends in a draw" in text
    assert "3 articles seen in seven days" in text


def test_what_is_not_there_is_said_in_a_sentence(seen: DeskWorld) -> None:
    page = seen.client().get("/sources/unknown")
    assert (page.status_code, "there is no source" in page.text) == (404, True)
    twin = seen.client().get("/api/v1/sources/unknown")
    assert (twin.status_code, twin.json()["detail"]) == (404, "there is no source 'unknown'")
    assert seen.client().get("/api/v1/sources?limit=100000").status_code == 422


def test_a_source_is_asked_now_when_an_editor_says_so(world: DeskWorld) -> None:
    world.poll(
        "wire", health="failing", error="HTTP 503", failures=4, last_success_at=world.at - timedelta(days=1)
    )
    client = world.client()
    before = world.store.jobs.open_count()
    assert client.post("/sources/retry").url.endswith("/sources?health=broken")
    assert client.post("/sources/herald/poll").url.endswith("/sources/herald")
    assert world.store.jobs.open_count() == before + 2


@pytest.mark.parametrize("path", ["/healthz", "/readyz", "/metrics"])
def test_watchers_need_no_account(world: DeskWorld, path: str) -> None:
    world.account("ann", "viewer")
    world.store.admin.heartbeat(world.at)
    answer = world.client().get(path, allow_redirects=False)
    assert answer.status_code == 200
    if path == "/metrics":
        assert 'monitor_sources{health="new"} 3' in answer.text
        assert "Herald" not in answer.text


def test_readyz_tells_of_a_service_that_writes_nothing(world: DeskWorld) -> None:
    world.store.admin.heartbeat(world.at - timedelta(minutes=30))
    answer = world.client().get("/readyz")
    assert (answer.status_code, "nothing was written" in answer.text) == (503, True)


def test_watchers_hear_of_a_store_that_refuses_what_is_written(world: DeskWorld) -> None:
    world.store.admin.heartbeat(world.at)
    client = world.client()
    assert client.get("/healthz").text == "ok\n"
    world.database.health.refused("store monitor.db: the disk is full")
    alive, ready, text = (client.get(path) for path in ("/healthz", "/readyz", "/metrics"))
    assert (alive.status_code, ready.status_code) == (200, 503)
    assert "takes no writes: store monitor.db: the disk is full" in alive.text
    assert "the disk is full" in ready.text
    assert "\nmonitor_store_up 0.0\n" in text.text
    assert "monitor_outbox_age_seconds" in text.text, "what can be read is told"
    world.store.admin.heartbeat(world.at)
    assert client.get("/healthz").text == client.get("/readyz").text == "ok\n"
    assert "\nmonitor_store_up 1.0\n" in client.get("/metrics").text


@pytest.mark.parametrize("path", ["/healthz", "/readyz", "/metrics"])
def test_watchers_may_ask_for_the_head_alone(world: DeskWorld, path: str) -> None:
    world.store.admin.heartbeat(world.at)
    answer = requests.head(world.base + path, timeout=10)
    assert (answer.status_code, answer.text) == (200, "")
    assert int(answer.headers["content-length"]) > 0


@pytest.mark.parametrize("path", ["/healthz", "/readyz", "/metrics"])
def test_watchers_are_answered_though_the_store_is_gone(world: DeskWorld, path: str) -> None:
    world.store.admin.heartbeat(world.at)
    with world.away():
        answer = world.client().get(path)
    assert answer.status_code == (503 if path == "/readyz" else 200)
    if path == "/metrics":
        assert "\nmonitor_store_up 0.0\n" in answer.text


def test_stories_are_listed_filtered_and_shown(world: DeskWorld) -> None:
    copy = "wire-copy"
    world.keep(copy, TEXTS["potash"], source="wire", ago=timedelta(minutes=10))
    client = world.client()
    rows = client.get("/api/v1/stories").json()["stories"]
    assert rows[0]["title"] == "Sanctions on potash stay"
    assert (rows[0]["outlets"], rows[0]["topics"]) == (2, ["potash"])
    for query, count in (("topic=minsk", 1), ("tier=wire", 1), ("outlets=2", 1), ("language=pl", 0), ("", 3)):
        assert len(client.get(f"/api/v1/stories?{query}").json()["stories"]) == count, query
    assert client.get("/api/v1/stories?limit=1").json()["more"]
    story = client.get(f"/api/v1/stories/{rows[0]['id']}").json()
    (branch,) = story["branches"]
    assert branch["repeated"][0]["source_id"] == "wire"
    assert branch["delays_s"] == [50 * 60]
    assert [told["chat"] for told in story["told"] if told["kind"] == "alert"] == ["console:main"]
    text = client.get(f"/stories/{rows[0]['id']}").text
    assert "Who repeated whom" in text
    assert "50 min later" in text


def test_a_story_is_parted_and_joined(world: DeskWorld) -> None:
    client = world.client()
    first, second = (row["id"] for row in client.get("/api/v1/stories").json()["stories"][:2])
    assert (
        client.post(f"/stories/{first}/join", {"other": f"http://desk/stories/{second}"}).status_code == 200
    )
    joined = client.get(f"/api/v1/stories/{first}").json()
    assert len(joined["branches"]) == 2
    article = joined["branches"][1]["article"]["article_id"]
    assert client.post(f"/stories/{first}/part", {"article": article}).status_code == 200
    assert len(client.get(f"/api/v1/stories/{first}").json()["branches"]) == 1
    assert client.post(f"/stories/{first}/join", {"other": "nothing"}).status_code == 409


def test_an_article_shows_its_text_with_the_words_marked(seen: DeskWorld) -> None:
    (hit,) = seen.client().get("/api/v1/search?q=envoys").json()["hits"]
    text = seen.client().get(f"/articles/{hit['id']}").text
    assert "<mark>Minsk</mark>" in text
    assert seen.client().get(f"/api/v1/articles/{hit['id']}").json()["matches"][0]["topic"] == "minsk"
    assert seen.client().get("/articles/none").status_code == 404


def test_search_finds_marks_pages_and_exports(world: DeskWorld) -> None:
    world.keep("formula", "=HYPERLINK() in Minsk. A headline that a spreadsheet would run, about Minsk.")
    world.store.articles.index()
    client = world.client()
    found = client.get("/api/v1/search?q=Minsk&limit=1").json()
    assert (len(found["hits"]), found["more"]) == (1, True)
    assert "<mark>Minsk</mark>" in client.get("/search?q=Minsk").text
    rows = list(csv.DictReader(io.StringIO(client.get("/search?q=Minsk&form=csv").text)))
    assert {row["title"][:2] for row in rows} == {"'=", "En"}
    assert len(client.get("/search?q=Minsk&form=jsonl").text.splitlines()) == 2
    wrong = client.get("/search?q=Minsk+AND+(").text
    assert 'role="alert"' in wrong
    assert "^" in wrong
    assert "Nothing in the archive matches." in client.get("/search?q=zebra").text


def test_what_is_dead_is_tried_again_or_given_up(world: DeskWorld) -> None:
    (row,) = world.client().get("/api/v1/outbox").json()["deliveries"]
    client, key = world.client(), row["key"]
    assert "Sanctions on potash stay" in client.get(f"/outbox/{key}").text
    assert client.post(f"/outbox/{key}/retry").status_code == 409
    assert client.post(f"/outbox/{key}/drop").status_code == 200
    shown = client.get(f"/api/v1/outbox/{key}").json()["delivery"]
    assert (shown["state"], shown["error"]) == ("cancelled", "dropped at the desk by local")
    assert client.post(f"/outbox/{key}/retry").status_code == 200
    assert client.get(f"/api/v1/outbox/{key}").json()["delivery"]["state"] == "pending"
    assert client.get("/api/v1/outbox?state=dead").json()["deliveries"] == []


def test_a_paused_chat_is_named_and_woken(world: DeskWorld) -> None:
    world.store.chats.pause("console:main", "it said no", world.at)
    client = world.client()
    assert "takes no messages" in client.get("/").text
    (row,) = client.get("/api/v1/chats").json()["chats"]
    assert (row["state"], row["reason"], row["topics"]) == ("paused", "it said no", {"potash": "instant"})
    assert client.post("/chats/console:main/wake").status_code == 200
    assert client.get("/api/v1/chats").json()["chats"][0]["state"] == "active"


LISTS = ("/", "/sources", "/stories", "/outbox", "/chats", "/sources/herald")


def test_the_number_of_statements_does_not_grow_with_what_is_listed(world: DeskWorld) -> None:
    client, engine = world.client(), world.store.lists.database.engine  # type: ignore[attr-defined]
    statements: list[str] = []
    event.listen(engine, "before_cursor_execute", lambda *given: statements.append(given[2]))

    def counted() -> dict[str, int]:
        found = {}
        for path in LISTS:
            statements.clear()
            assert client.get(path).status_code == 200
            found[path] = len([each for each in statements if not each.startswith("BEGIN")])
        return found

    counted()  # what is remembered for a minute is asked for once
    before = counted()
    for number in range(12):
        world.keep(
            f"more-{number}", f"Potash sanctions number {number}. Story {number} of potash and sanctions."
        )
    # What is remembered for seconds may be asked for once more.
    assert all(count <= before[path] + 2 for path, count in counted().items())
    assert max(before.values()) < 25


FEED = """<?xml version="1.0"?><rss version="2.0"><channel><title>Harbour Post</title><link>https://x.example</link>
<item><title>Barges &lt;b&gt;return&lt;/b&gt;</title><link>https://harbour.example/1</link><guid>1</guid>
<pubDate>Mon, 23 Nov 2026 10:00:00 GMT</pubDate></item></channel></rss>"""
FRONT = """<html><head><title>Harbour Post</title>
<link rel="alternate" type="application/rss+xml" href="/rss"></head>"""


def _site(request: FetchRequest) -> Fetched:
    bodies = {"https://harbour.example/": FRONT, "https://harbour.example/rss": FEED}
    body = bodies.get(request.url if request.url.count("/") > 2 else f"{request.url}/")
    if body is None:
        raise HttpStatus("HTTP 404 Not Found", status=404)
    kind = "text/html" if body is FRONT else "application/rss+xml"
    at = datetime(2026, 11, 23, 12, tzinfo=UTC)
    return Fetched(url=request.url, status=200, body=body.encode(), fetched_at=at, content_type=kind)


def test_a_source_is_found_tried_and_added(world: DeskWorld) -> None:
    with running(world.store, world.config, fetch=_site) as desk:
        client = desk.client()
        found = client.post("/sources/discover", {"url": "harbour.example"}).text
        assert "https://harbour.example/rss" in found
        assert "Barges" in found
        form = {
            "url": "https://harbour.example/rss",
            "kind": "feed",
            "name": "Harbour Post",
            "language": "en",
        }
        assert client.post("/sources", form).status_code == 200
        assert load_rulebook(world.config, env={}).sources["harbour-post"].url == form["url"]
        tested = client.post("/sources/herald/test").text
        assert "HTTP 404 Not Found" in tested


def test_a_source_is_switched_off_and_on_in_its_file(world: DeskWorld) -> None:
    client = world.client()
    assert client.post("/sources/quiet/switch", {"enabled": "off"}).status_code == 200
    assert not load_rulebook(world.config, env={}).sources["quiet"].enabled
    client.post("/sources/quiet/switch", {"enabled": "on"})
    assert load_rulebook(world.config, env={}).sources["quiet"].enabled


def test_a_source_that_is_there_or_none_is_refused(world: DeskWorld) -> None:
    client = world.client()
    known = client.post("/sources", {"url": "https://herald.example/rss"})
    assert (known.status_code, "herald reads this address already" in known.text) == (409, True)
    assert client.post("/sources", {"url": "https://x.example/rss", "kind": "nonsense"}).status_code == 409
    assert client.post("/sources", {"url": "https://x.example/rss", "options": "{"}).status_code == 409
    assert sorted(path.name for path in (world.config / "sources").iterdir()) == ["mine.yaml"]


def test_a_token_opens_the_json_pages_as_far_as_its_role_goes(world: DeskWorld) -> None:
    world.account("root", "admin")
    for name, role, scopes in (
        ("look", "viewer", ()),
        ("write", "editor", ()),
        ("some", "admin", ("topics", "search")),
    ):
        token = ApiToken(hash=hashed(f"cm_{name}"), name=name, role=role, made_at=world.at, scopes=scopes)  # type: ignore[arg-type]
        world.store.accounts.add_token(token)

    def asked(method: str, path: str, name: str) -> int:
        headers = {"Authorization": f"Bearer cm_{name}"}
        answer = requests.request(
            method, world.base + path, headers=headers, json={"query": "Minsk"}, timeout=30
        )
        return answer.status_code

    assert asked("GET", "/api/v1/now", "look") == 200
    assert asked("POST", "/api/v1/topics/lint", "look") == 403
    assert asked("POST", "/api/v1/topics/lint", "write") == 200
    assert asked("GET", "/api/v1/now", "guess") == 401
    assert asked("GET", "/api/v1/now", "some") == 403
    assert asked("POST", "/api/v1/sources/herald/test", "some") == 403
    assert asked("POST", "/api/v1/topics/lint", "some") == 200
    assert asked("GET", "/api/v1/searches", "some") == 200


def test_a_press_review_is_ticked_ordered_noted_and_written(world: DeskWorld) -> None:
    world.keep("second", "=Embargo on potash of the south. The south lifted no embargo on potash by rail.")
    client = world.client()
    found = client.get("/api/v1/review?topics=potash").json()
    assert (found["articles"], len(found["items"])) == (2, 2)
    assert [item["headline"] for item in client.get("/api/v1/review?topics=minsk").json()["items"]] == [
        "Envoys meet in Minsk"
    ]
    first, second = (item["story"] for item in found["items"])
    form = {"days": "1", "topics": "potash", "title": "Morning", f"pick-{first}": "on", f"order-{first}": "2"}
    form |= {f"pick-{second}": "on", f"order-{second}": "1", f"note-{second}": "<b>for the board</b>"}
    text = client.post("/review", form).text
    heads = [item["headline"] for item in found["items"]]
    assert text.index(f"1. {heads[1]}") < text.index(f"2. {heads[0]}")
    written = client.post("/review", {**form, "form": "html"})
    assert "attachment" in written.headers["content-disposition"]
    assert "&lt;b&gt;for the board" in written.text
    rows = list(csv.DictReader(io.StringIO(client.post("/review", {**form, "form": "csv"}).text)))
    assert [row["note"] for row in rows] == ["<b>for the board</b>", ""]
    assert not any(row["headline"].startswith("=") for row in rows)
    alone = {name: value for name, value in form.items() if not name.startswith("pick")}
    assert "Nothing in this period." in client.post("/review", alone).text
    document = Document(io.BytesIO(client.post("/review", {**form, "form": "docx"}).content))
    assert any("Sanctions on potash stay" in each.text for each in document.paragraphs)
    printed = client.post("/review", {**form, "form": "pdf"})
    assert (printed.headers["content-type"], printed.content[:5]) == ("application/pdf", b"%PDF-")


def test_a_saved_search_says_what_is_new_and_has_a_feed(world: DeskWorld) -> None:
    client = world.client()
    assert client.post("/search/save", {"q": "Minsk", "title": "Capital"}).status_code == 200
    assert client.post("/search/save", {"q": "Minsk AND ("}).status_code == 422
    world.keep(
        "new",
        "Minsk opens a bridge. A bridge over the river was opened in Minsk.",
        ago=timedelta(seconds=-60),
    )
    world.store.articles.index()
    (saved,) = client.get("/api/v1/searches").json()
    assert (saved["title"], saved["new"]) == ("Capital", 1)
    assert "Capital" in client.get("/search").text
    titles = [item["title"] for item in client.get(f"{saved['feed']}.json").json()["items"]]
    assert titles == ["Minsk opens a bridge", "Envoys meet in Minsk"]
    assert client.post(f"/search/saved/{saved['id']}/open").url.endswith("/search?q=Minsk")
    client.post(f"/search/saved/{saved['id']}/remove")
    assert client.get("/api/v1/searches").json() == []
    assert client.get(f"{saved['feed']}.json").status_code == 404
