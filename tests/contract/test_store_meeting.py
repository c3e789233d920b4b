"""Readings that meet: each was decided before the other was stored. One story, one alert, right copies."""

from __future__ import annotations

import dataclasses
import threading
from collections.abc import Callable
from datetime import timedelta

import pytest

from monitor.core.decide import announce
from monitor.errors import Conflict
from monitor.model import Article, Audience, Chat, Job, Match, Outcome, Placed, Subscription
from monitor.ports import Store
from tests.contract.deciding import RULEBOOK, decided, decided_by_keys
from tests.contract.test_store_articles import NOW, article
from tests.contract.test_store_stories import RETOLD, RETOLD_TEXT, retold, swap
from tests.support.made_up import prose

CHAT = Chat(
    id="console:main",
    channel="console",
    address="main",
    subscriptions=(Subscription(chat_id="console:main", topic_id="*"),),
)
MATCHED = (Match(topic_id="miners", score=0.5, spans=()),)


def matched(placed: Placed) -> Placed:
    return dataclasses.replace(placed, matches=MATCHED)


def finish(store: Store, placed: Placed) -> None:
    """Commit it with what is to be said about it, as the read job does."""
    key = placed.article.entry_id
    store.jobs.add([Job(kind="read", key=key)], NOW)
    audience = Audience()
    if placed.matches:
        stories = placed.placement.told_in
        audience = store.chats.audience(["miners"], stories, replies_since=NOW - timedelta(days=1))
    deliveries = announce(placed, audience, RULEBOOK, NOW)
    (job,) = (job for job in store.jobs.claim(now=NOW, owner=key, epoch=1, limit=1) if job.key == key)
    try:
        store.jobs.commit(job, Outcome(placed=(placed,), deliveries=deliveries), now=NOW)
    except Conflict:
        store.jobs.release(epoch=2, now=NOW)
        raise


def kinds(store: Store) -> list[str]:
    return sorted(item.kind for item in store.outbox.list())


def meet(store: Store, first: Placed, second: Placed, again: Callable[[], Placed]) -> Placed:
    """Commit the first; the second, decided before, is refused and decided anew."""
    finish(store, first)
    with pytest.raises(Conflict):
        finish(store, second)
    anew = again()
    finish(store, anew)
    return anew


def test_two_reports_of_one_event_are_one_story_with_one_alert(store: Store) -> None:
    store.chats.sync([CHAT], NOW)
    one, two = matched(decided(store, swap())), matched(decided(store, retold()))
    assert one.placement.story_id != two.placement.story_id
    anew = meet(store, one, two, lambda: matched(decided(store, retold())))
    assert anew.placement.story_id == one.placement.story_id
    assert kinds(store)[0] == "alert"
    assert kinds(store).count("alert") == 1


def test_a_chat_that_wants_two_outlets_hears_with_the_second(store: Store) -> None:
    store.chats.sync([dataclasses.replace(CHAT, least_outlets=2)], NOW)
    finish(store, matched(decided(store, swap())))
    assert kinds(store) == []
    finish(store, matched(decided(store, retold())))
    assert kinds(store) == ["alert"]


def test_of_two_copies_the_second_is_the_copy(store: Store) -> None:
    store.chats.sync([CHAT], NOW)
    text = prose(300, 2)
    cut = article("two", outlet="post", text=" ".join(text.split()[:200]))
    one, two = matched(decided(store, article("one", text=text))), matched(decided(store, cut))
    anew = meet(store, one, two, lambda: matched(decided(store, cut)))
    assert anew.placement.copy_of == one.article.id
    assert kinds(store) == ["alert", "edit"]


def test_a_copy_that_meets_the_revision_it_copies_is_told_as_a_copy(store: Store) -> None:
    finish(store, decided(store, article("one", text=prose(200, 4))))
    corrected = article("one", text=prose(200, 5))
    copied = article("two", outlet="post", title="Elsewhere", text=prose(200, 5))
    revision, copy = decided(store, corrected), decided(store, copied)
    assert (revision.placement.verdict, copy.placement.verdict) == ("revision", "new")
    anew = meet(store, revision, copy, lambda: decided(store, copied))
    assert (anew.placement.verdict, anew.placement.copy_of) == ("copy", revision.placement.article_id)


def test_a_revision_that_meets_a_copy_of_itself_stays_a_revision(store: Store) -> None:
    finish(store, decided(store, article("one", text=prose(200, 4))))
    corrected = article("one", text=prose(200, 5))
    copied = article("two", outlet="post", title="Elsewhere", text=prose(200, 5))
    revision, copy = decided(store, corrected), decided(store, copied)
    anew = meet(store, copy, revision, lambda: decided(store, corrected))
    assert anew.placement.verdict == "revision"
    stored = store.articles.article(anew.placement.article_id)
    assert stored is not None
    assert stored.text == corrected.text


def test_two_readings_of_one_article_are_one_article(store: Store) -> None:
    store.chats.sync([CHAT], NOW)
    one, two = matched(decided(store, swap())), matched(decided(store, swap(entry_id="listed-elsewhere")))
    anew = meet(store, one, two, lambda: decided(store, two.article))
    assert anew.placement.verdict == "known"
    assert kinds(store) == ["alert"]


def test_a_story_that_grew_meanwhile_is_looked_at_again(store: Store) -> None:
    """The other article shares no key, passage or rare term: only the story."""
    finish(store, decided(store, swap()))
    waiting = decided(store, retold())
    other = decided_by_keys(store, article("odd", outlet="third", title="Swans", text="Swans in Porto."))
    story = dataclasses.replace(other.placement, story_id=waiting.placement.story_id)
    finish(store, dataclasses.replace(other, placement=story))
    with pytest.raises(Conflict):
        finish(store, waiting)


@pytest.mark.parametrize("hand", ["part", "join"])
def test_a_story_changed_by_hand_meanwhile_is_looked_at_again(store: Store, hand: str) -> None:
    first = decided(store, swap())
    finish(store, first)
    second = decided(store, retold())
    finish(store, second)
    other = decided(store, article("swans", outlet="third", title="Swans in Porto", text=prose(80, 3)))
    finish(store, other)
    third = report(3)
    waiting = decided(store, third)
    assert waiting.placement.story_id == first.placement.story_id
    if hand == "part":
        store.articles.part(second.article.id, now=NOW)
    else:
        store.articles.join(first.placement.story_id, other.placement.story_id, now=NOW)
    with pytest.raises(Conflict):
        finish(store, waiting)
    finish(store, decided(store, third))


def test_an_unrelated_article_in_between_is_no_reason_to_decide_anew(store: Store) -> None:
    swans = article("swans", outlet="third", title="Swans in Porto", text=prose(80, 3))
    one, two = decided(store, swap()), decided(store, swans)
    finish(store, one)
    finish(store, two)


def test_many_readers_of_one_event_at_once_make_one_story_and_one_alert(store: Store) -> None:
    store.chats.sync([CHAT], NOW)
    reports = [report(number) for number in range(6)]
    store.jobs.add([Job(kind="read", key=item.entry_id) for item in reports], NOW)
    jobs = {job.key: job for job in store.jobs.claim(now=NOW, owner="t", epoch=1, limit=6)}
    ready = threading.Barrier(len(reports))
    failed: list[BaseException] = []

    def work(item: Article) -> None:
        try:
            placed = matched(decided(store, item))
            ready.wait(30)
            while not stored(store, jobs[item.entry_id], placed):
                placed = matched(decided(store, item))
        except BaseException as error:  # a thread's failure must fail the test
            failed.append(error)
            raise

    threads = [threading.Thread(target=work, args=(item,)) for item in reports]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join(60)
    assert not failed
    stories = store.articles.stories_of([item.id for item in reports])
    assert len(stories) == len(reports)
    assert len(set(stories.values())) == 1
    assert kinds(store).count("alert") == 1


def report(number: int) -> Article:
    text = f"{RETOLD_TEXT} Reporter {number} of them stood there at {number} o'clock."
    item = article(f"report{number}", outlet=f"outlet{number}", title=RETOLD, text=text)
    return dataclasses.replace(item, language="en")


def stored(store: Store, job: Job, placed: Placed) -> bool:
    since = NOW - timedelta(days=1)
    audience = store.chats.audience(["miners"], placed.placement.told_in, replies_since=since)
    deliveries = announce(placed, audience, RULEBOOK, NOW)
    try:
        store.jobs.commit(job, Outcome(placed=(placed,), deliveries=deliveries), now=NOW)
    except Conflict:
        return False
    return True


def test_a_young_archive_in_which_every_word_is_rare_does_not_hold_readings_up(store: Store) -> None:
    """Both speak of miners at some length, of other events: no reason to decide anew."""
    other = article(
        "strike",
        outlet="third",
        title="Strike at the Norwood pits enters its third week, unions say",
        text="Miners of Norwood have been on strike for 21 days over wages, their union said; "
        + prose(60, 3),
    )
    one, two = decided(store, swap()), decided(store, dataclasses.replace(other, language="en"))
    finish(store, one)
    finish(store, two)
