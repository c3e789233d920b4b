"""The newsroom over real HTTP: every kind, validators, gzip, scheduled publishing, faults."""

from __future__ import annotations

import gzip
import json
from collections.abc import Iterator
from datetime import UTC, datetime, timedelta
from email.utils import parsedate_to_datetime
from pathlib import Path

import pytest
import requests
from bs4 import BeautifulSoup
from lxml import etree
from ruamel.yaml import YAML

from monitor.config import check, load
from monitor.core.page.extract import extract
from monitor.core.text.fingerprint import lead_of, text_key
from monitor.demo.newsroom.service import Newsroom, NewsroomArticle, Outlet
from monitor.model import MatchText

START = datetime(2026, 11, 23, 12, 0, tzinfo=UTC)
REVISION = "funkhaus-nordbucht/liste-wird-nicht-kuerzer"


class Clock:
    """Stands still until it is moved."""

    def __init__(self) -> None:
        self.moment = START

    def __call__(self) -> datetime:
        return self.moment

    def move(self, seconds: float) -> None:
        self.moment += timedelta(seconds=seconds)


@pytest.fixture
def clock() -> Clock:
    return Clock()


@pytest.fixture
def newsroom(clock: Clock) -> Iterator[Newsroom]:
    with Newsroom(now=clock) as running:
        yield running


def get(url: str, **headers: str) -> requests.Response:
    return requests.get(url, headers=headers, timeout=10)


def listed(outlet: Outlet) -> dict[str, str]:
    """Address → headline of everything an outlet lists, read without the product's parsers."""
    answer = get(outlet.url)
    assert answer.status_code == 200
    if outlet.kind == "feed-json":
        return {item["url"]: item["title"] for item in json.loads(answer.content)["items"]}
    if outlet.kind == "listing":
        links = BeautifulSoup(answer.content, "lxml").select("li.teaser a.teaser-link")
        return {str(link["href"]): link.get_text() for link in links}
    if outlet.kind == "sitemap-index":
        index = etree.fromstring(gzip.decompress(answer.content))
        parts = [gzip.decompress(get(str(loc.text)).content) for loc in index.iterfind(".//{*}loc")]
        return {url: title for part in parts for url, title in sitemap(part).items()}
    if outlet.kind == "sitemap":
        return sitemap(answer.content)
    root = etree.fromstring(answer.content)
    found = {}
    for item in [*root.iterfind(".//{*}item"), *root.iterfind(".//{*}entry")]:
        link = item.find("{*}link")
        assert link is not None
        url = link.get("href") or link.text or ""
        found[url.partition("?")[0]] = item.findtext("{*}title") or ""
    return found


def sitemap(data: bytes) -> dict[str, str]:
    root = etree.fromstring(data)
    return {
        url.findtext("{*}loc") or "": url.findtext(".//{*}title") or "" for url in root.iterfind("{*}url")
    }


def visible(newsroom: Newsroom, outlet: Outlet) -> dict[str, str]:
    """Address → headline of what should be listed."""
    found = {}
    for article in newsroom.articles:
        if article.outlet == outlet.id and newsroom.is_published(article.id):
            found[article.url] = article.headline
            if article.amp:
                found[article.url.replace(outlet.site, f"{outlet.site}/amp")] = article.headline
    return found


def latest(newsroom: Newsroom) -> tuple[NewsroomArticle, ...]:
    """The last version of every article."""
    return tuple({article.url: article for article in newsroom.articles}.values())


def test_every_kind_lists_what_came_out(newsroom: Newsroom) -> None:
    for outlet in newsroom.outlets.values():
        before = listed(outlet)
        assert before == visible(newsroom, outlet), outlet.id
        assert before
    newsroom.publish_all()
    for outlet in newsroom.outlets.values():
        assert listed(outlet) == visible(newsroom, outlet), outlet.id


def test_pages_hold_the_article_and_nothing_else(newsroom: Newsroom) -> None:
    """What the product extracts from a page is the seed's text, word for word, in every layout."""
    newsroom.publish_all()
    for article in latest(newsroom):
        page = get(article.url)
        found = extract(page.content, url=article.url, fetched_at=START, charset=page.encoding)
        assert found.title == article.headline
        assert text_key(found.title, found.text) == text_key(article.headline, article.text), article.id
        assert lead_of(found.text) == lead_of(article.text)
        assert found.language == article.language
        assert found.canonical_url.rstrip("/") == article.url.rstrip("/")


def test_dates_tell_the_age(newsroom: Newsroom) -> None:
    article = newsroom.article("amberline/three-decades-in-power")
    assert article.age is not None
    feed = etree.fromstring(get(newsroom.outlets["amberline"].url).content)
    dates = {item.findtext("title"): item.findtext("pubDate") or "" for item in feed.iter("item")}
    assert parsedate_to_datetime(dates[article.headline]) == START - article.age


def test_unchanged_answers_are_304(newsroom: Newsroom) -> None:
    article = newsroom.article("amberline/discreet-visit-minsk")
    for url in (*(outlet.url for outlet in newsroom.outlets.values()), article.url):
        first = get(url)
        again = get(url, **{"If-None-Match": first.headers["ETag"]})
        assert (again.status_code, again.content) == (304, b"")
        since = get(url, **{"If-Modified-Since": first.headers["Last-Modified"]})
        assert since.status_code == 304
        assert get(url, **{"If-None-Match": '"other"'}).status_code == 200
    asked = newsroom.requests["amberline", "/world/discreet-visit-minsk"]
    assert (asked.total, asked.not_modified) == (4, 2)


def test_a_changed_feed_is_sent_again(newsroom: Newsroom, clock: Clock) -> None:
    outlet = newsroom.outlets["amberline"]
    first = get(outlet.url)
    clock.move(1)
    newsroom.publish("amberline/next-release-caution")
    again = get(outlet.url, **{"If-None-Match": first.headers["ETag"]})
    assert again.status_code == 200
    assert again.headers["ETag"] != first.headers["ETag"]
    assert parsedate_to_datetime(again.headers["Last-Modified"]) == clock()


def test_gzip_only_when_asked(newsroom: Newsroom) -> None:
    url = newsroom.outlets["northline-post"].url
    packed = get(url, **{"Accept-Encoding": "gzip"})
    plain = get(url, **{"Accept-Encoding": "identity"})
    assert packed.headers["Content-Encoding"] == "gzip"
    assert "Content-Encoding" not in plain.headers
    assert packed.content == plain.content


def test_publishing_follows_the_clock_and_the_speed(clock: Clock) -> None:
    with Newsroom(now=clock, speed=2) as newsroom:
        outlet = newsroom.outlets["amberline"]
        article = newsroom.article("amberline/next-release-caution")
        assert article.publish_after_s == 4
        clock.move(1.9)
        assert article.url not in listed(outlet)
        assert get(article.url).status_code == 404
        clock.move(0.2)
        assert article.url in listed(outlet)
        assert get(article.url).status_code == 200


def test_a_revision_takes_the_place_of_its_article(newsroom: Newsroom, clock: Clock) -> None:
    outlet = newsroom.outlets["funkhaus-nordbucht"]
    first, second = newsroom.article(REVISION), newsroom.article(f"{REVISION}.v2")
    assert first.url == second.url
    clock.move(60)
    newsroom.publish(second.id)
    items = {item["url"]: item for item in get(outlet.url).json()["items"]}
    item = items[first.url]
    assert item["title"] == newsroom.article(f"{REVISION}.v3").headline  # due after 19 seconds
    assert first.age is not None
    assert datetime.fromisoformat(item["date_published"]) == START - first.age
    assert datetime.fromisoformat(item["date_modified"]) == START + timedelta(seconds=19)
    assert len([url for url in items if url == first.url]) == 1


def test_amp_and_tracked_addresses_lead_to_the_same_article(newsroom: Newsroom) -> None:
    article = newsroom.article("svobodnaya-pristan/spisok-ne-koroche")
    outlet = newsroom.outlets[article.outlet]
    amp = article.url.replace(outlet.site, f"{outlet.site}/amp")
    assert amp in listed(outlet)
    assert get(amp).content == get(article.url).content == get(f"{article.url}?utm_source=feed").content
    tracked = etree.fromstring(get(newsroom.outlets["amberline"].url).content).findtext(".//item/link") or ""
    assert "utm_source=" in tracked
    assert get(tracked).status_code == 200


@pytest.mark.parametrize(("fault", "status"), [("500", 500), ("challenge", 200), ("empty", 200)])
def test_faults_that_answer(newsroom: Newsroom, fault: str, status: int) -> None:
    outlet = newsroom.outlets["elbufer-bote"]
    good = get(outlet.url).content
    newsroom.break_outlet(outlet.id, fault)  # type: ignore[arg-type]
    broken = get(outlet.url)
    assert broken.status_code == status
    assert b"<rss" not in broken.content
    assert get(newsroom.outlets["amberline"].url).status_code == 200
    newsroom.mend_outlet(outlet.id)
    assert get(outlet.url).content == good


def test_a_hanging_outlet_answers_nothing_until_mended(newsroom: Newsroom) -> None:
    outlet = newsroom.outlets["elbufer-bote"]
    newsroom.break_outlet(outlet.id, "hang")
    with pytest.raises(requests.ReadTimeout):
        requests.get(outlet.url, timeout=0.2)
    newsroom.mend_outlet(outlet.id)
    assert get(outlet.url).status_code == 200


def test_an_unknown_fault_is_refused(newsroom: Newsroom) -> None:
    with pytest.raises(ValueError, match="no such fault"):
        newsroom.break_outlet("elbufer-bote", "tired")  # type: ignore[arg-type]


def test_front_page_robots_and_unknown_paths(newsroom: Newsroom) -> None:
    outlet = newsroom.outlets["nemuno-vingis"]
    assert newsroom.article("nemuno-vingis/tylus-vizitas").url in get(f"{outlet.site}/").text
    assert "User-agent: *" in get(f"{outlet.site}/robots.txt").text
    assert get(f"{outlet.site}/no-such-page").status_code == 404
    assert requests.head(outlet.url, timeout=10).content == b""


def test_stopping_frees_every_port_and_may_be_repeated(clock: Clock) -> None:
    newsroom = Newsroom(now=clock)
    newsroom.start()
    url = newsroom.outlets["amberline"].url
    with requests.Session() as session:
        assert session.get(url, timeout=10).status_code == 200  # leaves a connection open
        newsroom.stop()
        newsroom.stop()
    with pytest.raises(requests.ConnectionError):
        get(url)


def test_sources_are_what_the_service_polls(newsroom: Newsroom) -> None:
    sources = {source.id: source for source in newsroom.sources(every_s=2)}
    assert sources.keys() == newsroom.outlets.keys()
    listing = sources["kurier-portowy"]
    assert (listing.kind, listing.url) == ("listing", newsroom.outlets["kurier-portowy"].url)
    assert listing.options["item"] == "li.teaser"
    assert {source.kind for source in sources.values()} == {"feed", "sitemap", "listing"}
    assert all(source.allow_private and source.every == timedelta(seconds=2) for source in sources.values())


def test_config_folder_is_complete(newsroom: Newsroom, tmp_path: Path) -> None:
    folder = tmp_path / "config"
    newsroom.write_config(folder, every_s=1, telegram_base_url="http://127.0.0.1:1/bot")
    read = YAML(typ="safe")
    sources = read.load(folder / "sources" / "newsroom.yaml")["sources"]
    assert [row["id"] for row in sources] == list(newsroom.outlets)
    assert {row["every"] for row in sources} == {"1s"}
    settings = read.load(folder / "monitor.yaml")
    assert settings["telegram"]["base_url"] == "http://127.0.0.1:1/bot"
    assert settings["store"].startswith("sqlite:///")
    chats = read.load(folder / "chats.yaml")["chats"]
    assert chats[0]["subscriptions"] == [{"topic": "*", "mode": "instant"}]
    assert read.load(folder / "topics" / "belarus.yaml")["topics"]
    assert check(folder, env={}) == ()


def test_the_bundled_topics_agree_with_the_manifest(newsroom: Newsroom, tmp_path: Path) -> None:
    """Every article matches the topics it must and none it must not."""
    newsroom.write_config(tmp_path / "config", every_s=1)
    matcher = load(tmp_path / "config", env={}).rulebook.matcher
    wrong = {}
    for article in newsroom.articles:
        text = MatchText(title=article.headline, body=article.text, language=article.language)
        found = {match.topic_id for match in matcher.match(text)}
        amiss = (article.must - found) | (article.must_not & found)
        if amiss:
            wrong[article.id] = sorted(amiss)
    assert wrong == {}
