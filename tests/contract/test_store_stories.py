"""Surroundings, stories, what they know, merging and forgetting, on both databases."""

from __future__ import annotations

import dataclasses
from collections.abc import Mapping, Sequence
from datetime import timedelta

import pytest

from monitor.core.delivery.retry import Decision
from monitor.errors import Conflict
from monitor.model import Article, Chat, Delivery, Placement, Reach, StorySettings
from monitor.ports import Store
from monitor.store.writes import story_labels
from tests.contract.deciding import decided
from tests.contract.test_store_articles import NOW, article
from tests.support.made_up import prose
from tests.support.records import alert as said

SETTINGS = StorySettings()
DAY = timedelta(days=1)
SWAP = "Envoy Podpolsky frees 1,226 miners at Medininkai"
SWAP_TEXT = (
    "The envoy Yaromir Podpolsky took 1,226 miners over the frontier at Medininkai on foot, "
    "the guard Greenway said, and nobody spoke until the bus had stopped near Vilnius."
)
RETOLD = "Miners freed: Podpolsky walks 1,226 of them over at Medininkai"
RETOLD_TEXT = (
    "On foot came the miners, 1,226 by the count of Greenway, a guard at Medininkai; ahead of them "
    "the envoy Podpolsky, who had gone to Vilnius before. The bus was late."
)


def put(store: Store, item: Article, settings: StorySettings = SETTINGS) -> Placement:
    placed = decided(store, item, settings)
    store.articles.keep(placed, now=NOW)
    return placed.placement


def swap(name: str = "swap", **changes: object) -> Article:
    return dataclasses.replace(
        article(name, title=SWAP, text=SWAP_TEXT),
        language="en",
        **changes,  # type: ignore[arg-type]
    )


def retold(name: str = "retold") -> Article:
    return dataclasses.replace(
        article(name, outlet="post", title=RETOLD, text=RETOLD_TEXT), language="en", tier="state"
    )


def further() -> Article:
    """One more report of the event, from an outlet of the state."""
    item = article("further", outlet="gazette", title=f"Again: {RETOLD}", text=f"{RETOLD_TEXT} And so on.")
    return dataclasses.replace(item, language="en", tier="state")


def test_a_cut_text_elsewhere_is_a_copy_with_what_it_kept(store: Store) -> None:
    text = prose(300, 1)
    first = put(store, article("one", text=text))
    cut = put(store, article("two", outlet="post", text=" ".join(text.split()[:180])))
    assert (cut.verdict, cut.copy_of, cut.story_id) == ("copy", first.article_id, first.story_id)
    assert cut.copied_share == pytest.approx(0.6, abs=0.08)


def test_a_digest_is_told_of_the_copies_that_nobody_was_alerted_of(store: Store) -> None:
    text = prose(300, 1)
    first = put(store, article("one", text=text))
    put(store, article("two", outlet="post", text=" ".join(text.split()[:180])))
    put(store, article("three", outlet="gazette", text=" ".join(text.split()[:200])))
    store.chats.sync([Chat(id="telegram:1", channel="telegram", address="1")], NOW)
    row = Delivery(
        key="k",
        chat_id="telegram:1",
        kind="alert",
        payload=said(),
        created_at=NOW,
        not_before=NOW,
        story_id=first.story_id,
        article_id=first.article_id,
        state="collected",
    )
    store.outbox.add([row], NOW)
    heard: list[Mapping[str, Reach]] = []

    def compose(members: Sequence[Delivery], reach: Mapping[str, Reach]) -> Sequence[Delivery]:
        heard.append(reach)
        return [dataclasses.replace(members[0], key="digest", kind="digest", state="pending")]

    store.outbox.collect("telegram:1", compose, NOW)
    assert [reach[first.story_id].copies for reach in heard] == [2]
    assert [reach[first.story_id].outlets for reach in heard] == [3]


def test_another_report_of_the_event_joins_its_story_and_another_event_does_not(store: Store) -> None:
    first, second = put(store, swap()), put(store, retold())
    swans = article("x", title="Swans in Porto", text=prose(80, 3), at=NOW + timedelta(minutes=1))
    other = put(store, dataclasses.replace(swans, language="en"))
    assert (second.verdict, second.story_id) == ("new", first.story_id)
    assert other.story_id != first.story_id
    story = store.articles.story(first.story_id)
    assert story is not None
    assert [item.source_id for item in story.articles] == ["paper", "post"]
    assert [item.id for item in store.articles.stories()] == [other.story_id, first.story_id]


def test_what_happens_after_the_window_opens_a_story_that_names_the_old_one(store: Store) -> None:
    first = put(store, swap())
    after = dataclasses.replace(retold(), seen_at=NOW + SETTINGS.window + timedelta(hours=1))
    later = put(store, after)
    assert later.story_id != first.story_id
    assert later.follows == first.story_id
    story = store.articles.story(later.story_id)
    assert story is not None
    assert story.follows == first.story_id


def test_a_story_knows_its_facts(store: Store) -> None:
    story = put(store, swap()).story_id
    again = decided(store, dataclasses.replace(retold(), text=RETOLD_TEXT + " Of 7 more none spoke."))
    assert again.placement.story_id == story
    assert again.basis.known[story] >= {"n:1226", "l:en"}
    assert "t:state" not in again.basis.known[story]


def test_two_copies_that_are_decided_at_once_cannot_both_be_stored_as_new(store: Store) -> None:
    text = prose(300, 2)
    one = decided(store, article("one", text=text))
    two = decided(store, article("two", outlet="post", text=text + " And more of it."))
    store.articles.keep(one, now=NOW)
    with pytest.raises(Conflict):
        store.articles.keep(two, now=NOW)
    assert put(store, two.article).copy_of == one.placement.article_id


def test_an_unrelated_article_in_between_changes_nothing(store: Store) -> None:
    one = decided(store, article("one"))
    two = decided(store, article("two", title="Swans in Porto", text=prose(300, 9)))
    store.articles.keep(one, now=NOW)
    store.articles.keep(two, now=NOW)


def test_merged_stories_have_one_alert_and_answer_to_both_names(store: Store) -> None:
    apart = dataclasses.replace(SETTINGS, same=1.0)
    first, second = put(store, swap(), apart), put(store, retold(), apart)
    assert first.story_id != second.story_id
    store.outbox.add([told(first.story_id, "k1"), told(second.story_id, "k2")], NOW)
    both = decided(store, swap("third", source_id="third"))
    joined = dataclasses.replace(
        both,
        article=dataclasses.replace(both.article, id="third", url="https://third.example.org/1"),
        placement=Placement(
            verdict="new", article_id="third", story_id=first.story_id, merges=(second.story_id,)
        ),
    )
    store.articles.keep(joined, now=NOW)
    story = store.articles.story(second.story_id)
    assert story is not None
    assert story.id == first.story_id
    assert len(story.articles) == 3
    alert = store.outbox.alert_of("telegram:1", first.story_id)
    assert alert is not None
    assert alert.key == "k1"
    spare = store.outbox.get("k2")
    assert spare is not None
    assert (alert.state, spare.state) == ("pending", "cancelled")  # neither was tried: one says it
    assert "t:state" in decided(store, further()).basis.known[first.story_id]


def test_an_alert_that_a_merge_made_needless_is_not_sent(store: Store) -> None:
    apart = dataclasses.replace(SETTINGS, same=1.0)
    first, second = put(store, swap(), apart), put(store, retold(), apart)
    store.outbox.add([told(first.story_id, "k1", article_id=first.article_id)], NOW)
    store.outbox.add([told(second.story_id, "k2", article_id=second.article_id)], NOW)
    third = decided(store, swap("third", source_id="third"))
    joining = dataclasses.replace(
        third,
        article=dataclasses.replace(third.article, id="third", url="https://third.example.org/1"),
        placement=Placement(
            verdict="new", article_id="third", story_id=first.story_id, merges=(second.story_id,)
        ),
    )
    store.articles.keep(joining, now=NOW)
    spare = store.outbox.get("k2")
    assert spare is not None
    assert spare.state == "cancelled"
    kept = store.outbox.alert_of("telegram:1", first.story_id)
    assert kept is not None
    assert (kept.key, kept.state) == ("k1", "pending")


def test_a_parted_article_has_its_own_story_and_no_chat_is_told_again(store: Store) -> None:
    first, second = put(store, swap()), put(store, retold())
    assert first.story_id == second.story_id
    store.outbox.add([told(first.story_id, "k1")], NOW)
    own = store.articles.part(second.article_id, now=NOW)
    assert own not in {None, first.story_id}
    assert store.articles.part(second.article_id, now=NOW) is None
    story = store.articles.story(str(own))
    assert story is not None
    assert (len(story.articles), story.follows) == (1, first.story_id)
    alert = store.outbox.alert_of("telegram:1", str(own))
    assert alert is not None
    assert alert.key == "k1"
    store.articles.join(str(own), first.story_id, now=NOW)
    whole = store.articles.story(str(own))
    assert whole is not None
    assert len(whole.articles) == 2


def test_the_article_that_opened_a_story_can_be_taken_out_too(store: Store) -> None:
    first, second = put(store, swap()), put(store, retold())
    assert first.story_id == second.story_id
    assert store.articles.part(first.article_id, now=NOW) == first.story_id
    apart = store.articles.story_of(second.article_id)
    assert apart is not None
    assert apart.id != first.story_id
    assert apart.follows == first.story_id
    assert store.articles.part(first.article_id, now=NOW) is None, "it is alone now"


def test_pruned_articles_are_no_longer_compared_with(store: Store) -> None:
    put(store, swap())
    store.admin.prune(NOW + timedelta(days=1))
    item = retold()
    surroundings = decided(store, item).basis.surroundings
    assert (surroundings.copies, surroundings.related) == ((), ())
    assert surroundings.articles == 1


def test_an_article_whose_marks_were_pruned_is_read_found_and_copied_word_for_word_but_not_compared(
    store: Store,
) -> None:
    old, young = put(store, swap()), put(store, dataclasses.replace(further(), seen_at=NOW + DAY))
    assert store.admin.prune_marks(NOW + DAY) == 1
    assert store.admin.prune_marks(NOW + DAY) == 0
    around = decided(store, retold()).basis.surroundings
    compared = {item.article_id for item in (*around.copies, *around.related)}
    assert compared == {young.article_id}
    kept = store.articles.article(old.article_id)
    assert kept is not None
    assert kept.text == SWAP_TEXT
    copied = put(store, dataclasses.replace(swap("copied"), source_id="post"))
    assert (copied.verdict, copied.story_id) == ("copy", old.story_id)


def test_a_revision_is_compared_by_its_newest_wording(store: Store) -> None:
    put(store, article("one", text=prose(200, 4)))
    changed = article("one", text=prose(200, 5))
    assert put(store, changed).verdict == "revision"
    copied = put(store, article("two", outlet="post", text=prose(200, 5) + " Amen and more."))
    assert copied.verdict == "copy"


def told(story_id: str, key: str, *, article_id: str | None = None) -> Delivery:
    return Delivery(
        key=key,
        chat_id="telegram:1",
        kind="alert",
        payload=said(),
        created_at=NOW,
        not_before=NOW,
        story_id=story_id,
        article_id=article_id,
    )


def test_what_an_operator_parts_and_joins_is_kept_as_labelled_pairs(store: Store) -> None:
    first, second = put(store, swap()), put(store, retold())
    assert store.articles.labels() == ()
    own = store.articles.part(second.article_id, now=NOW)
    (label,) = store.articles.labels()
    assert ({label.one, label.other}, label.same) == ({first.article_id, second.article_id}, False)
    assert label.features["headline"] > 0.5
    store.articles.join(str(own), first.story_id, now=NOW + timedelta(hours=1))
    (label,) = store.articles.labels()
    assert (label.same, label.at) == (True, NOW + timedelta(hours=1)), "the last word counts"


def test_articles_that_are_compared_no_more_speak_for_no_story_in_labels(
    store: Store, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(story_labels, "MOST_OF_A_STORY", 1)
    old = put(store, dataclasses.replace(swap(), seen_at=NOW - DAY))
    young = put(store, retold())
    assert old.story_id == young.story_id
    store.admin.prune_marks(NOW)
    late = put(store, article("late", text=prose(60, 9), outlet="far"))
    store.articles.join(late.story_id, old.story_id, now=NOW)
    (label,) = store.articles.labels()
    assert {label.one, label.other} == {late.article_id, young.article_id}


def test_an_alert_that_was_sent_is_struck_through_when_its_story_became_an_earlier_one(store: Store) -> None:
    apart = dataclasses.replace(SETTINGS, same=1.0)
    first, second = put(store, swap(), apart), put(store, retold(), apart)
    chat = Chat(id="telegram:1", channel="telegram", address="1")
    store.chats.sync([chat], NOW)
    store.outbox.add([told(first.story_id, "k1"), told(second.story_id, "k2")], NOW)
    for message_id in ("11", "12"):
        (item,) = store.outbox.claim(now=NOW, owner="me", epoch=1, limit=1, lease_s=60)
        done = dataclasses.replace(item, state="sent", message_id=message_id)
        assert store.outbox.finish(Decision(delivery=done), now=NOW)
    store.articles.join(second.story_id, first.story_id, now=NOW)
    (strike,) = store.outbox.claim(now=NOW, owner="me", epoch=1, limit=5, lease_s=60)
    assert (strike.kind, strike.after_key, strike.story_id) == ("strike", "k2", first.story_id)
    alert = store.outbox.alert_of("telegram:1", second.story_id)
    assert alert is None or alert.key == "k1", "what is said from now on is said of the alert that stays"
