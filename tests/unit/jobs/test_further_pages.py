"""Articles that go on on further pages are read whole, politely and without end."""

from __future__ import annotations

import time
from datetime import timedelta

import pytest

from monitor.errors import HttpStatus
from monitor.jobs.further_pages import goes_on
from monitor.jobs.read import read
from monitor.jobs.undecided import Undecided, outcome_of
from monitor.model import Article, Job
from monitor.ports import Ports
from tests.unit.jobs.test_run import World, later, ports, work, world  # noqa: F401 - fixtures

URL = "https://herald.example/1"
TITLE = "What the council heard about bread"
PLAIN = (
    "The council of the town heard on Monday what bread will cost in the shops of the region next year. " * 6
)
MORE = (
    "Bakers said that flour had become dearer by a tenth, and that ovens need gas which nobody can pay. " * 6
)
NEWS = (
    "Alexander Lukashenko then promised the bakers an answer by Friday, and left the hall without a word. "
    * 6
)


def page(text: str, following: str = "") -> str:
    link = f'<link rel="next" href="{following}">' if following else ""
    return (
        f"<html lang=en><head><title>{TITLE}</title>{link}</head>"
        f"<body><article><h1>{TITLE}</h1><p>{text}</p></article></body></html>"
    )


@pytest.fixture
def article(ports: Ports, world: World) -> Article:  # noqa: F811
    """Three pages; the topic's word stands on the last one only."""
    world.list_entry(1, TITLE)
    world.pages[URL] = page(PLAIN, f"{URL}/2")
    world.pages[f"{URL}/2"] = page(MORE, f"{URL}/3")
    world.pages[f"{URL}/3"] = page(NEWS, f"{URL}/4")
    world.pages[f"{URL}/4"] = HttpStatus("gone (HTTP 404)", status=404)
    work(ports, world)
    found = ports.store.articles.article(URL)
    assert found is not None
    return found


def test_a_word_on_the_last_page_is_found_and_alerted(article: Article, world: World) -> None:  # noqa: F811
    assert [words in article.text for words in ("The council", "Bakers said", "Lukashenko")] == [True] * 3
    assert len(world.screen) == 1


def test_the_host_rests_for_every_page_that_was_asked_for(
    article: Article,
    ports: Ports,  # noqa: F811
    world: World,  # noqa: F811
) -> None:
    job = Job(kind="read", key=article.entry_id, host_key="herald.example")
    unfinished = read(job, ports)
    assert isinstance(unfinished, Undecided)
    outcome = outcome_of(unfinished, ports)
    assert world.asked[-4:] == [URL, f"{URL}/2", f"{URL}/3", f"{URL}/4"]
    delay_s = ports.rulebook().settings.fetch.host_delay_s
    assert outcome.cooldown_until == world.moment + timedelta(seconds=4 * delay_s)


def test_pages_that_name_each_other_for_ever_end(ports: Ports, world: World) -> None:  # noqa: F811
    world.list_entry(1, TITLE)
    world.pages[URL] = page(f"Lukashenko. {PLAIN}", f"{URL}/2")
    for number in range(2, 40):
        world.pages[f"{URL}/{number}"] = page(f"Page {number}. {MORE}", f"{URL}/{number + 1}")
    work(ports, world)
    assert len([url for url in world.asked if url.startswith(URL)]) == 1 + 4


def test_a_look_again_compares_the_whole_article(
    article: Article,
    ports: Ports,  # noqa: F811
    world: World,  # noqa: F811
) -> None:
    del article
    shown = len(world.screen)
    later(world, minutes=16)
    work(ports, world)
    assert world.asked.count(f"{URL}/3") == 2
    assert len(world.screen) == shown, "nothing changed, nothing is told"


@pytest.mark.parametrize(
    ("tag", "verdict"),
    [
        ('<link rel="next" href="https://herald.example/1/2">', True),
        ("<a class=x rel='nofollow next' href='/1?page=2'>on</a>", True),
        ("<A HREF=/1/page/2 REL=next>on</A>", True),
        ('<a rel="next" href="/another-article">on</a>', False),
        ('<a rel="prev" href="/1/2">back</a>', False),
        ("<a rel=next>on</a>" * 50, False),
        (f"<link{' ' * 582}href=/1/2 rel=next>", True),
        (f'<a nextnext="{"next" * 20}" <a href="/1/2" rel=next>', True),
    ],
)
def test_only_the_same_article_goes_on(tag: str, verdict: bool) -> None:
    assert goes_on(f"<html><head>{tag}</head></html>", URL) is verdict


def test_tags_that_never_end_cost_no_time() -> None:
    began = time.process_time()
    assert not goes_on(f"<a {'next' * 140}" * 2000, URL)
    assert time.process_time() - began < 1.0  # 2.5 s when each "next" tried the tag before it
