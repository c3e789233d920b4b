"""Entries, articles, copies, revisions, stories, search and traces."""

from __future__ import annotations

import dataclasses
import json
from datetime import UTC, datetime, timedelta
from typing import Any

import pytest

from monitor.core.match import match_text
from monitor.core.story.place import NO_FEATURES
from monitor.core.text.fingerprint import article_id, fingerprint
from monitor.errors import Conflict
from monitor.model import (
    Article,
    Delivery,
    Entry,
    Fingerprint,
    Job,
    Match,
    Neighbour,
    Outcome,
    Placed,
    Placement,
    Snapshot,
    SnapshotQuery,
    Span,
    StorySettings,
)
from monitor.model.search import Wanted
from monitor.ports import Store
from tests.contract.deciding import decided_by_keys
from tests.support.records import alert as said

NOW = datetime(2026, 5, 4, 9, 30, tzinfo=UTC)
BODY = " ".join(f"Слово{n}" for n in range(60))
WINDOW = timedelta(days=3)
MATCH = Match(
    topic_id="potash",
    score=0.5,
    spans=(Span(field="title", start=0, end=6, text="Potash", term="potash"),),
    rulebook="r1",
)


def article(
    name: str, *, outlet: str = "paper", title: str = "", text: str = "", at: datetime = NOW
) -> Article:
    url = f"https://{outlet}.example.org/{name}"
    title = title or f"Headline of {name}"
    text = text or f"{name} {BODY}"
    keys = fingerprint(
        source_id=outlet, guid=name, canonical_url=url, title=title, lead=text[:200], text=text
    )
    return Article(
        id=article_id(keys.url_key),
        entry_id=f"{outlet}-{name}",
        source_id=outlet,
        url=url,
        canonical_url=url,
        title=title,
        text=text,
        lead=text[:200],
        fingerprint=keys,
        seen_at=at,
        published=at - timedelta(hours=1),
        authors=("Ann",),
        language="be",
        source_name=outlet.title(),
        tier="wire",
        country="BY",
    )


def commit(store: Store, *placed: Placed, entries: tuple[Entry, ...] = ()) -> None:
    key = placed[0].article.entry_id if placed else "entries"
    store.jobs.add([Job(kind="read", key=key)], NOW)
    (job,) = store.jobs.claim(now=NOW, owner="me", epoch=1, limit=1)
    try:
        store.jobs.commit(job, Outcome(placed=placed, entries=entries), now=NOW)
    except Conflict:
        store.jobs.release(epoch=2, now=NOW)
        raise


def put(store: Store, item: Article, *matches: Match) -> Placement:
    placed = decided_by_keys(store, item, *matches)
    commit(store, placed)
    return placed.placement


def entry_of(item: Article, **changes: object) -> Entry:
    known = Entry(
        id=item.entry_id,
        source_id=item.source_id,
        guid=item.entry_id,
        url=item.url,
        title=item.title,
        content="<p>Full text</p>",
        stamp="1",
    )
    return dataclasses.replace(known, **changes)  # type: ignore[arg-type]


def test_an_article_comes_back_as_it_went_in(store: Store) -> None:
    item = article("a")

    placement = put(store, item, MATCH)

    assert placement.verdict == "new"
    assert store.articles.article(item.id) == item
    assert store.articles.matches(item.id) == (MATCH,)
    assert store.articles.article("nothing") is None


@pytest.mark.parametrize(
    "asked",
    ["paper-a", "https://paper.example.org/a", "http://paper.example.org/a/?utm_source=x#top"],
)
def test_an_article_is_found_by_entry_and_by_any_form_of_its_address(store: Store, asked: str) -> None:
    item = article("a")
    put(store, item)

    assert store.articles.article(asked) == item


def test_articles_are_found_by_their_text(store: Store) -> None:
    item = article("a")
    put(store, item)

    assert store.articles.same_text(item.fingerprint.text_key) == (item.id,)
    assert store.articles.same_text(article("b", text=f"other {BODY}").fingerprint.text_key) == ()


def test_an_entry_is_known_by_id_or_by_its_address_elsewhere(store: Store) -> None:
    first = entry_of(article("a"))
    commit(store, entries=(first,))
    elsewhere = entry_of(article("a"), id="other", source_id="other", url=first.url + "?utm_medium=r")
    new = entry_of(article("b"))

    assert store.articles.known([first, elsewhere, new]) == {first.id: "1", "other": ""}
    assert store.articles.known([]) == {}


def test_many_entries_are_looked_up_at_once(store: Store) -> None:
    listed = [entry_of(article(f"n{n}")) for n in range(1100)]
    commit(store, entries=tuple(listed[:1050]))

    assert len(store.articles.known(listed)) == 1050


def test_the_feeds_html_goes_once_the_article_is_stored(store: Store) -> None:
    item = article("a")
    commit(store, entries=(entry_of(item),))

    put(store, item)

    stored = store.articles.entry(item.entry_id)
    assert stored is not None
    assert stored.content == ""


def test_a_copy_is_kept_and_linked(store: Store) -> None:
    first = article("a", text=f"Shared {BODY}")
    copy = article("b", outlet="mirror", text=f"Shared {BODY}", at=NOW + timedelta(minutes=1))
    story_id = put(store, first).story_id

    placement = put(store, copy)

    assert (placement.verdict, placement.copy_of) == ("copy", first.id)
    story = store.articles.story(story_id)
    assert story is not None
    assert [(one.article_id, one.copy_of) for one in story.articles] == [
        (first.id, None),
        (copy.id, first.id),
    ]
    assert store.articles.article(copy.id) == copy
    assert store.articles.story("none") is None


def test_a_revision_replaces_the_wording_and_keeps_the_old_one_findable(store: Store) -> None:
    first = article("a", text=f"Shared {BODY}")
    put(store, first, MATCH)
    revised = article("a", title="Corrected", text=f"Corrected {BODY}", at=NOW + WINDOW)

    placement = put(store, revised)

    assert (placement.verdict, placement.article_id) == ("revision", first.id)
    stored = store.articles.article(first.id)
    assert stored is not None
    assert (stored.title, stored.text, stored.seen_at) == ("Corrected", revised.text, NOW)
    assert stored.fingerprint.text_key == revised.fingerprint.text_key
    assert store.articles.matches(first.id) == ()
    reprint = article("b", outlet="mirror", text=f"Shared {BODY}", at=NOW + WINDOW)
    assert put(store, reprint).copy_of == first.id
    trace = store.articles.trace(first.id)
    assert trace is not None
    assert len(trace["revisions"]) == 1  # type: ignore[arg-type]


def test_reading_the_same_again_changes_nothing_but_the_trace(store: Store) -> None:
    item = article("a")
    put(store, item, MATCH)

    assert put(store, item).verdict == "known"

    assert store.articles.article(item.id) == item
    assert store.articles.matches(item.id) == (MATCH,)


def test_a_reading_that_changed_nothing_leaves_the_decision_in_the_trace(store: Store) -> None:
    item = article("a")
    put(store, item, MATCH)
    before = store.articles.trace(item.id)
    assert before is not None
    put(store, item)
    after = store.articles.trace(item.id)
    assert after is not None
    was: Any = before["readings"]
    again: Any = after["readings"]
    names = ("verdict", "reason", "at")
    assert [again[0][name] for name in names] == [was[0][name] for name in names]
    assert again[0]["trace"]["read_again"]["reason"]


def test_a_headline_counts_only_within_the_window(store: Store) -> None:
    first = article("a", text=f"one {BODY}")
    put(store, first)
    only_headline = dataclasses.replace(first.fingerprint, url_key="x", text_key="y", guid_key="z")

    near, far = (
        store.articles.snapshot(query(only_headline, since=since)).neighbours
        for since in (NOW, NOW + timedelta(seconds=1))
    )

    assert [one.shared for one in near] == [frozenset({"headline"})]
    assert far == ()


def test_empty_keys_make_no_neighbours(store: Store) -> None:
    put(store, dataclasses.replace(article("a"), fingerprint=no_keys("u1")))

    assert store.articles.snapshot(query(no_keys("u2"), since=NOW)).neighbours == ()


def query(fingerprint: Fingerprint, *, since: datetime) -> SnapshotQuery:
    return SnapshotQuery(
        article=dataclasses.replace(article("q"), fingerprint=fingerprint),
        features=NO_FEATURES,
        headline_since=since,
        stories=StorySettings(),
    )


def no_keys(url_key: str) -> Fingerprint:
    return dataclasses.replace(
        article("a").fingerprint, url_key=url_key, text_key="", headline_key="", guid_key=""
    )


def test_a_neighbour_stored_meanwhile_is_a_conflict(store: Store) -> None:
    text = f"Shared {BODY}"
    mine = decided_by_keys(store, article("a", text=text))
    put(store, article("b", outlet="mirror", text=text))

    with pytest.raises(Conflict, match="decide again"):
        commit(store, mine)

    assert store.articles.article(mine.article.id) is None


def test_a_neighbour_revised_meanwhile_is_a_conflict(store: Store) -> None:
    put(store, article("a"))
    mine = decided_by_keys(store, article("a", text=f"mine {BODY}"))
    put(store, article("a", text=f"theirs {BODY}"))

    with pytest.raises(Conflict):
        commit(store, mine)


def test_one_conflict_undoes_the_whole_commit(store: Store) -> None:
    put(store, article("a"))
    stale = dataclasses.replace(
        decided_by_keys(store, article("a")),
        placement=Placement(verdict="new", article_id="x", story_id="sx"),
        basis=Snapshot(),
    )

    with pytest.raises(Conflict):
        commit(store, decided_by_keys(store, article("b")), stale, entries=(entry_of(article("c")),))

    assert store.articles.article("https://paper.example.org/b") is None
    assert store.articles.entry("paper-c") is None


def test_the_neighbours_of_a_made_up_basis_never_pass(store: Store) -> None:
    ghost = Neighbour(
        article_id="ghost",
        story_id="s",
        source_id="s",
        shared=frozenset({"text"}),
        text_key="t",
        headline_key="",
        seen_at=NOW,
    )
    placed = dataclasses.replace(decided_by_keys(store, article("a")), basis=Snapshot(neighbours=(ghost,)))

    with pytest.raises(Conflict):
        commit(store, placed)


def test_latest_is_newest_first_and_only_what_matched(store: Store) -> None:
    other = dataclasses.replace(MATCH, topic_id="banks")
    for minutes, matches in enumerate([(MATCH,), (other,), (), (MATCH, other)]):
        put(store, article(f"n{minutes}", at=NOW + timedelta(minutes=minutes)), *matches)

    def titles(*topics: str, limit: int = 9) -> list[str]:
        found = store.articles.latest(topic_ids=topics, limit=limit)
        return [one.title.removeprefix("Headline of ") for one in found]

    assert titles() == ["n3", "n1", "n0"]
    assert titles("potash") == ["n3", "n0"]
    assert titles("potash", "banks", limit=2) == ["n3", "n1"]


def test_since_gives_every_article_once_oldest_first(store: Store) -> None:
    stored = [article(f"n{n}", at=NOW + timedelta(minutes=n // 3)) for n in range(10)]
    for item in stored:
        put(store, item)

    found = list(store.articles.since(NOW, batch=3))
    assert [match_text(each) for each in found] == [match_text(each) for each in stored]
    assert [(each.id, each.seen_at) for each in found] == [(each.id, each.seen_at) for each in stored]
    later = store.articles.since(NOW + timedelta(minutes=2), batch=2)
    assert [each.id for each in later] == [each.id for each in stored[6:]]


def test_search_finds_words_and_phrases_in_any_script(store: Store) -> None:
    put(store, article("a", title="Калійныя санкцыі знятыя", text=f"Беларусь {BODY}"))
    put(store, article("b", title="Potash sanctions eased", text=f"Minsk said it's over {BODY}"))

    assert searched(store, word("санкцыі")) == []
    assert store.articles.index() == 2
    assert store.articles.index() == 0

    def found(*parts: Wanted) -> list[str]:
        return [one.title.split()[0] for one in searched(store, Wanted(kind="all", parts=parts))]

    assert found(word("санкцыі"), word("беларусь")) == ["Калійныя"]
    assert found(Wanted(kind="phrase", words=("potash", "sanctions")), word("minsk")) == ["Potash"]
    assert found(Wanted(kind="phrase", words=("sanctions", "potash"))) == []
    assert found(Wanted(kind="prefix", words=("слов",))) == ["Potash", "Калійныя"]
    assert found(Wanted(kind="any", parts=(word("minsk"), word("беларусь")))) == ["Potash", "Калійныя"]
    assert found(Wanted(kind="prefix", words=("калi",))) == []  # Latin i
    assert [one.title for one in store.articles.search(None, batch=1)] == [
        "Potash sanctions eased",
        "Калійныя санкцыі знятыя",
    ]


def word(text: str) -> Wanted:
    return Wanted(kind="word", words=(text,))


def searched(store: Store, wanted: Wanted) -> list[Article]:
    """In pages of one, so that nothing is lost or told twice between them."""
    return list(store.articles.search(wanted, batch=1))


@pytest.mark.parametrize("odd", ["", '"', "* - :", 'zz" OR "zy', "zz NEAR(", "\0", "zz's \\", "(", "%"])
def test_odd_searches_find_nothing_and_break_nothing(store: Store, odd: str) -> None:
    put(store, article("a"))
    store.articles.index()

    for kind in ("word", "prefix", "phrase"):
        assert searched(store, Wanted(kind=kind, words=(odd, odd))) == []
        assert searched(store, Wanted(kind="any", parts=(Wanted(kind=kind, words=(odd,)),))) == []


def test_a_revised_article_is_found_by_its_new_wording_only(store: Store) -> None:
    put(store, article("a", title="Oldword", text=f"first {BODY}"))
    store.articles.index()
    put(store, article("a", title="Newword", text=f"second {BODY}"))

    assert store.articles.index() == 1
    assert searched(store, word("newword")) != []
    assert searched(store, word("oldword")) == []
    assert searched(store, word("first")) == []


def test_the_trace_tells_everything_as_json(store: Store) -> None:
    item = article("a")
    commit(store, entries=(entry_of(item),))
    placement = put(store, item, MATCH)
    alert = Delivery(
        key="k",
        chat_id="console:main",
        kind="alert",
        payload=said(),
        created_at=NOW,
        not_before=NOW,
        story_id=placement.story_id,
    )
    store.outbox.add([alert], NOW)
    store.jobs.add([Job(kind="read", key=item.entry_id)], NOW)

    trace = store.articles.trace(item.url)

    assert trace is not None
    told = json.loads(json.dumps(trace))
    assert told == store.articles.trace(item.id) == store.articles.trace(item.entry_id)
    assert told["entry"]["id"] == item.entry_id
    assert told["article"]["title"] == item.title
    assert told["placement"]["story_id"] == placement.story_id
    assert told["readings"][0]["reason"] == placement.reason
    assert told["readings"][0]["trace"]["verdict"] == placement.verdict
    assert told["matches"][0]["topic_id"] == "potash"
    assert told["deliveries"][0]["state"] == "pending"
    assert told["job"]["state"] == "pending"
    assert BODY not in json.dumps(trace, ensure_ascii=False)


def test_the_trace_of_an_entry_that_was_never_read(store: Store) -> None:
    commit(store, entries=(entry_of(article("a")),))

    trace = store.articles.trace("paper-a")

    assert trace is not None
    assert trace["article"] is None
    assert store.articles.trace("https://elsewhere.test/") is None


def test_pruned_articles_are_gone_but_never_told_again(store: Store) -> None:
    old = article("old", title="Oldword", at=NOW - timedelta(days=400))
    kept = article("kept")
    commit(store, entries=(entry_of(old, summary="Sum"),))
    put(store, old, MATCH)
    put(store, kept, MATCH)
    store.articles.index()

    assert store.admin.prune(NOW - timedelta(days=365)) == 1
    assert store.admin.prune(NOW - timedelta(days=365)) == 0

    assert store.articles.article(old.id) is None
    assert store.articles.matches(old.id) == ()
    assert searched(store, word("oldword")) == []
    assert store.articles.article(kept.id) == kept
    assert searched(store, word("kept")) == [kept]
    assert store.articles.known([entry_of(old)]) == {old.entry_id: "1"}
    mirrored = article("copy", outlet="mirror", text=old.text)
    assert put(store, mirrored).copy_of == old.id
    edited = article("old", text=f"edited {BODY}")
    assert put(store, edited).verdict == "revision"
    assert put(store, edited).verdict == "known"


def test_pruning_stops_between_two_transactions(store: Store, monkeypatch: pytest.MonkeyPatch) -> None:
    """A service that is told to end need not wait for a hundred thousand articles to go."""
    monkeypatch.setattr("monitor.store.admin.PRUNED_AT_ONCE", 1)
    for name in "abc":
        put(store, article(name, text=f"{name} {BODY}"), MATCH)
    told_to_stop = iter([True, True, False])

    assert store.admin.prune(NOW + timedelta(days=1), go_on=lambda: next(told_to_stop)) == 2
    assert store.admin.prune(NOW + timedelta(days=1)) == 1
