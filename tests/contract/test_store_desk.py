"""What the desk keeps and lists, on each database."""

from __future__ import annotations

from datetime import timedelta

from monitor.model import (
    Account,
    ApiToken,
    DayFigures,
    Delivery,
    Job,
    Match,
    NoticeText,
    Outcome,
    PollNote,
    Source,
    SourceState,
    StoryFilter,
    TopicEdit,
    WebSession,
)
from monitor.ports import Store
from tests.contract.deciding import decided_by_keys
from tests.contract.test_store_articles import NOW, article

HOUR = timedelta(hours=1)
ANN = Account(name="ann", password="$argon2id$1", role="editor", made_at=NOW)


def _source(number: int) -> Source:
    return Source(id=f"s{number}", name=f"S {number}", kind="feed", url=f"https://s{number}.example/rss")


def _polled(store: Store, state: SourceState) -> None:
    store.jobs.add([Job(kind="poll", key=state.source_id, host_key=state.source_id)], NOW)
    (job,) = store.jobs.claim(now=NOW, owner="o", epoch=0, limit=1, first="poll")
    store.jobs.commit(job, Outcome(source_state=state), now=NOW)


def test_an_account_is_kept_replaced_and_removed_with_its_sessions(store: Store) -> None:
    accounts = store.accounts
    assert not accounts.exist()
    accounts.save(ANN)
    assert (accounts.exist(), accounts.get("ann"), accounts.all()) == (True, ANN, (ANN,))
    session = WebSession(hash="h1", account="ann", made_at=NOW, until=NOW + HOUR)
    accounts.begin_session(session)
    assert accounts.session("h1", NOW) == (session, ANN)
    assert accounts.session("h1", NOW + HOUR) is None
    accounts.save(Account(name="ann", password="$argon2id$2", role="viewer", made_at=NOW))
    assert accounts.session("h1", NOW) is None
    accounts.begin_session(session)
    assert accounts.remove("ann")
    assert (accounts.session("h1", NOW), accounts.remove("ann")) == (None, False)


def test_failed_sign_ins_are_counted_for_the_account_and_for_the_address(store: Store) -> None:
    for account, client, at in (
        ("ann", "a", NOW),
        ("ann", "b", NOW),
        ("bob", "a", NOW),
        ("ann", "a", NOW - HOUR),
    ):
        store.accounts.note_attempt(account, client, at)
    assert store.accounts.attempts("ann", "a", NOW - HOUR / 2) == (2, 2)
    store.accounts.note_attempt("bob", "c", NOW + timedelta(days=3))
    assert store.accounts.attempts("ann", "a", NOW - HOUR * 9) == (0, 0)


def test_tokens_end_and_are_revoked_by_name(store: Store) -> None:
    ends = ApiToken(hash="t1", name="one", role="viewer", made_at=NOW, until=NOW + HOUR)
    stays = ApiToken(hash="t2", name="two", role="admin", made_at=NOW)
    for token in (ends, stays):
        store.accounts.add_token(token)
    assert store.accounts.tokens() == (ends, stays)
    assert (store.accounts.token("t1", NOW), store.accounts.token("t1", NOW + HOUR)) == (ends, None)
    assert store.accounts.revoke_token("two")
    assert store.accounts.token("t2", NOW) is None


def test_edits_and_feeds_of_topics(store: Store) -> None:
    edits = [TopicEdit(topic_id="t", account="ann", at=NOW, before="a", after=after) for after in ("b", "c")]
    for edit in edits:
        store.accounts.note_edit(edit)
    assert store.accounts.edits("t") == (edits[1], edits[0])
    assert store.accounts.feed_secret("t", "x1", NOW) == "x1"
    assert store.accounts.feed_secret("t", "x2", NOW) == "x1"
    assert store.accounts.feed_secret("t", "x3", NOW, renew=True) == "x3"
    assert (store.accounts.feed_topic("x1"), store.accounts.feed_topic("x3")) == (None, "t")


def test_sources_in_trouble_come_first_and_any_number_of_ids_is_one_question(store: Store) -> None:
    store.sources.sync([_source(number) for number in range(5)], NOW)
    _polled(
        store, SourceState(source_id="s3", next_fetch_at=NOW, health="failing", error="HTTP 503", failures=3)
    )
    _polled(store, SourceState(source_id="s1", next_fetch_at=NOW, health="fresh"))
    states, total = store.lists.sources(ids=None, health=(), offset=0, limit=3)
    assert ([state.source_id for state in states], total) == (["s3", "s0", "s2"], 5)
    many = [f"s{number}" for number in range(4_000)]
    states, total = store.lists.sources(ids=many[:2] + many[5:], health=(), offset=0, limit=9)
    assert ([state.source_id for state in states], total) == (["s0", "s1"], 2)
    assert store.lists.sources(ids=[], health=(), offset=0, limit=9) == ((), 0)
    assert store.lists.sources(ids=None, health=("fresh",), offset=0, limit=9)[1] == 1
    assert store.lists.health() == {"failing": 1, "fresh": 1, "new": 3}


def _archive(store: Store) -> None:
    for number in range(3):
        item = article(f"a{number}", title=f"Title {number}", text=f"Words {number}.", at=NOW + HOUR * number)
        store.articles.keep(
            decided_by_keys(store, item, Match(topic_id="t", score=0.5, spans=(), rulebook="r")),
            now=item.seen_at,
        )


def test_stories_are_filtered_and_paged_by_their_newest_article(store: Store) -> None:
    _archive(store)
    wanted = StoryFilter(since=NOW, until=NOW + HOUR * 9)
    assert [row.title for row in store.lists.stories(wanted)] == ["Title 2", "Title 1", "Title 0"]
    second = StoryFilter(since=NOW, until=NOW + HOUR * 9, offset=1, limit=1, topic="t")
    (row,) = store.lists.stories(second)
    assert (row.title, row.topics, row.outlets) == ("Title 1", ("t",), 1)
    assert store.lists.stories(StoryFilter(since=NOW, until=NOW + HOUR * 9, topic="other")) == ()
    assert store.lists.stories(StoryFilter(since=NOW, until=NOW + HOUR * 9, outlets=2)) == ()
    assert len(store.lists.stories(StoryFilter(since=NOW + HOUR, until=NOW + HOUR * 2))) == 1


def test_figures_of_a_period_and_of_one_source(store: Store) -> None:
    _archive(store)
    delivery = Delivery(
        key="k", chat_id="c", kind="notice", payload=NoticeText(text="x"), created_at=NOW, not_before=NOW,
        story_id="s",
    )  # fmt: skip
    store.outbox.add([delivery], NOW)
    assert store.lists.figures(NOW, NOW + HOUR * 2) == DayFigures(alerts=0, stories=2, articles=2, matches=2)
    assert store.lists.topic_counts(NOW + HOUR) == {"t": 2}
    assert store.lists.waits(NOW, 9) == ()
    assert dict(store.lists.open_work().deliveries) == {"pending": 1}
    assert [item.key for item in store.lists.told("s", 9)] == ["k"]
    assert store.lists.deliveries(states=("dead",), chat_id="", before=None, limit=9) == ()
    (source,) = {item.source_id for item in store.articles.latest(topic_ids=["t"])}
    newest, before = store.lists.articles_of(source, 2)
    assert [newest.title, before.title] == ["Title 2", "Title 1"]
    assert store.lists.seen_at(source, NOW + HOUR, 9) == (NOW + HOUR * 2, NOW + HOUR)
    assert store.lists.article_topics([newest.id, "none"]) == {newest.id: ("t",)}
    assert store.lists.gaps(source, 9) == ()


def test_the_last_fifty_polls_of_a_source_are_kept(store: Store) -> None:
    for number in range(53):
        note_poll(store, number, "read" if number else "x" * 999)
    polls = store.lists.polls("s1")
    assert (len(polls), polls[0]) == (50, PollNote(at=NOW + 52 * HOUR, result="read", listed=52, new=1))
    assert store.lists.polls("s2") == ()


def test_polls_that_failed_at_length_leave_fewer_but_whole_ones(store: Store) -> None:
    for number in range(60):
        note_poll(store, number, "no\u2028answer " + "x" * 300)
    polls = store.lists.polls("s1")
    assert 15 < len(polls) < 50
    assert {(poll.result[:12], len(poll.result)) for poll in polls} == {("no answer xx", 160)}
    assert [poll.listed for poll in polls] == list(range(59, 59 - len(polls), -1))


def note_poll(store: Store, number: int, result: str) -> None:
    at = NOW + number * HOUR
    store.jobs.add([Job(kind="poll", key="s1", host_key="s1")], NOW)
    (job,) = store.jobs.claim(now=NOW, owner="o", epoch=0, limit=1, first="poll")
    state = SourceState(source_id="s1", next_fetch_at=at)
    note = PollNote(at=at, result=result, listed=number, new=1)
    store.jobs.commit(job, Outcome(source_state=state, poll=note), now=NOW)


def test_pinned_stories_are_listed_newest_pin_first_and_follow_a_join(store: Store) -> None:
    ids = []
    for name in ("one", "two", "three"):
        placed = decided_by_keys(store, article(name))
        store.articles.keep(placed, now=NOW)
        ids.append(placed.placement.story_id)
    for number, story_id in enumerate(ids[:2]):
        store.lists.pin(story_id, "ann", NOW + number * HOUR)
    assert [row.id for row in store.lists.pinned()] == [ids[1], ids[0]]
    store.articles.join(ids[0], ids[2], now=NOW)
    store.articles.join(ids[1], ids[2], now=NOW)
    assert [(row.id, row.articles) for row in store.lists.pinned()] == [(ids[2], 3)]
    store.lists.unpin(ids[2])
    assert store.lists.pinned() == ()
