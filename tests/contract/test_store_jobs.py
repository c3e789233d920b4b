"""Sources and the jobs table: what may be claimed, and the one commit."""

from __future__ import annotations

import dataclasses
from datetime import UTC, datetime, timedelta

import pytest

from monitor.errors import Conflict
from monitor.model import (
    Delivery,
    Entry,
    Event,
    Job,
    NoticeText,
    Outcome,
    Quarantined,
    Retry,
    Seen,
    Source,
    SourceState,
)
from monitor.model.job import JobKind
from monitor.ports import Store

NOW = datetime(2026, 5, 4, 9, 30, tzinfo=UTC)
MINUTE = timedelta(minutes=1)


def source(name: str, *, enabled: bool = True) -> Source:
    return Source(id=name, name=name.title(), kind="feed", url=f"https://{name}.test/rss", enabled=enabled)


def entry(name: str, *, stamp: str = "1", late: bool = False, title: str = "T") -> Entry:
    return Entry(
        id=name,
        source_id="s",
        guid=name,
        url=f"https://paper.test/{name}",
        title=title,
        stamp=stamp,
        seen_at=NOW,
        authors=("Ann", "Bo"),
        late=late,
    )


def claim(store: Store, *, now: datetime = NOW, limit: int = 10) -> tuple[Job, ...]:
    return store.jobs.claim(now=now, owner="me", epoch=1, limit=limit)


def claim_one(store: Store, *, kind: str = "poll", key: str = "s", host_key: str = "") -> Job:
    store.jobs.add([Job(kind=kind, key=key, host_key=host_key)], NOW)  # type: ignore[arg-type]
    (job,) = claim(store)
    return job


def test_more_is_to_be_read_while_lately_asked_readings_are_due_or_run(store: Store) -> None:
    def more(now: datetime = NOW) -> bool:
        return store.jobs.more_to_read(now - MINUTE, now)

    store.jobs.add([Job(kind="poll", key="p"), Job(kind="read", key="later", not_before=NOW + MINUTE)], NOW)
    store.jobs.add([Job(kind="read", key="old")], NOW - 2 * MINUTE)
    assert not more()
    store.jobs.add([Job(kind="read", key="a")], NOW)
    assert more()
    assert not more(NOW + 3 * MINUTE)
    assert len(claim(store, limit=2)) == 2  # the old one and this one run
    assert not more()
    assert store.jobs.more_to_read(NOW - MINUTE, NOW, besides=0)
    store.jobs.add([Job(kind="read", key="b")], NOW)
    assert more()
    claim(store, limit=1)
    assert more()


def names(jobs: tuple[Job, ...]) -> list[str]:
    return [job.key for job in jobs]


def test_a_new_source_is_due_at_once(store: Store) -> None:
    store.sources.sync([source("a"), source("b", enabled=False)], NOW)

    assert [state.source_id for state in store.sources.states()] == ["a"]
    state = store.sources.state("a")
    assert state is not None
    assert state.next_fetch_at == NOW
    assert state.health == "new"
    assert store.sources.state("b") is None


def test_a_source_taken_out_is_not_polled_but_remembered(store: Store) -> None:
    store.sources.sync([source("a")], NOW)
    (job,) = (store.sources.enqueue_due({"a": "h"}, NOW, 9), claim(store))[1]
    known = SourceState(source_id="a", next_fetch_at=NOW + MINUTE, failures=3, health="failing")
    store.jobs.commit(job, Outcome(source_state=known), now=NOW)

    store.sources.sync([], NOW)

    assert store.sources.states() == ()
    assert store.sources.enqueue_due({"a": "h"}, NOW + 2 * MINUTE, 9) == 0
    store.sources.sync([source("a")], NOW)
    assert store.sources.states() == (known,)


def test_taking_a_source_out_takes_its_waiting_poll_away(store: Store) -> None:
    store.sources.sync([source("a"), source("b")], NOW)
    store.sources.enqueue_due({"a": "x", "b": "y"}, NOW, 9)

    store.sources.sync([source("b")], NOW)

    assert names(claim(store)) == ["b"]


def test_due_sources_become_one_poll_job_each(store: Store) -> None:
    store.sources.sync([source("a"), source("b"), source("c")], NOW)
    hosts = {"a": "host-a", "b": "host-b"}

    assert store.sources.enqueue_due(hosts, NOW - MINUTE, 9) == 0
    assert store.sources.enqueue_due(hosts, NOW, 1) == 1
    assert store.sources.enqueue_due(hosts, NOW, 9) == 1
    assert store.sources.enqueue_due(hosts, NOW, 9) == 0
    assert [(job.key, job.host_key) for job in claim(store)] == [("a", "host-a"), ("b", "host-b")]


def test_claims_reads_before_polls_and_oldest_first(store: Store) -> None:
    store.jobs.add([Job(kind="poll", key="old poll")], NOW - MINUTE)
    store.jobs.add([Job(kind="read", key="newer")], NOW)
    store.jobs.add([Job(kind="read", key="older")], NOW - MINUTE)

    jobs = claim(store)

    assert names(jobs) == ["older", "newer", "old poll"]
    assert {(job.owner, job.epoch, job.attempts) for job in jobs} == {("me", 1, 1)}
    assert claim(store) == ()
    assert store.jobs.open_count() == 3


def test_a_try_that_says_nothing_about_the_job_does_not_count(store: Store) -> None:
    for counts, attempts in ((True, 2), (False, 2), (False, 2)):
        store.jobs.add([Job(kind="read", key="r")], NOW)
        (job,) = claim(store)
        ending = Retry(not_before=NOW, error="no network", counts=counts)
        store.jobs.commit(job, Outcome(ending=ending), now=NOW)
        (again,) = claim(store)
        assert again.attempts == attempts
        store.jobs.commit(again, Outcome(ending=Retry(not_before=NOW, error="", counts=False)), now=NOW)


def test_any_kind_can_go_first(store: Store) -> None:
    store.jobs.add([Job(kind="read", key="r1"), Job(kind="read", key="r2")], NOW)
    store.jobs.add([Job(kind="poll", key="p"), Job(kind="recheck", key="c")], NOW)

    def one(first: JobKind) -> list[str]:
        return names(store.jobs.claim(now=NOW, owner="me", epoch=1, limit=1, first=first))

    assert [one("recheck"), one("recheck"), one("poll"), one("poll")] == [["c"], ["r1"], ["p"], ["r2"]]


def test_claims_one_job_a_lane_even_when_another_lane_is_far_behind(store: Store) -> None:
    store.jobs.add([Job(kind="read", key=f"{n:03}", host_key="crowded") for n in range(100)], NOW)
    store.jobs.add([Job(kind="read", key="z", host_key="quiet")], NOW + MINUTE)
    store.jobs.add([Job(kind="read", key="zz"), Job(kind="read", key="zzz")], NOW + MINUTE)

    assert names(claim(store, limit=3)) == ["000", "z", "zz"]
    assert names(claim(store)) == ["zzz"]


def test_a_lane_that_rests_is_left_alone(store: Store) -> None:
    job = claim_one(store, host_key="h")
    store.jobs.commit(job, Outcome(cooldown_until=NOW + MINUTE), now=NOW)
    store.jobs.add([Job(kind="read", key="e", host_key="h")], NOW)

    assert claim(store) == ()
    assert names(claim(store, now=NOW + MINUTE)) == ["e"]


def test_shunned_lanes_are_left_alone(store: Store) -> None:
    store.jobs.add([Job(kind="read", key=host_key, host_key=host_key) for host_key in ("a", "b", "c")], NOW)

    claimed = store.jobs.claim(now=NOW, owner="me", epoch=1, limit=9, excluded_hosts=("a", "c"))
    assert names(claimed) == ["b"]
    assert names(claim(store)) == ["a", "c"]


def test_a_job_waits_for_its_moment(store: Store) -> None:
    store.jobs.add([Job(kind="read", key="e", not_before=NOW + MINUTE)], NOW)

    assert claim(store) == ()
    assert names(claim(store, now=NOW + MINUTE)) == ["e"]


def test_an_open_job_is_not_opened_twice(store: Store) -> None:
    job = Job(kind="read", key="e")

    assert store.jobs.add([job, job, Job(kind="poll", key="e")], NOW) == 2
    assert store.jobs.add([job], NOW) == 0


def test_a_commit_writes_everything_and_ends_the_job(store: Store) -> None:
    store.sources.sync([source("s")], NOW)
    job = claim_one(store)
    state = SourceState(
        source_id="s",
        next_fetch_at=NOW + MINUTE,
        etag='"x"',
        first_read_at=NOW,
        last_success_at=NOW,
        health="fresh",
    )
    delivery = Delivery(
        key="k",
        chat_id="console:main",
        kind="notice",
        payload=NoticeText(text="x"),
        created_at=NOW,
        not_before=NOW,
    )
    event = Event(kind="broke", subject="s", text="It broke.", at=NOW)

    store.jobs.commit(
        job,
        Outcome(
            source_state=state,
            entries=(entry("e1"), entry("e2")),
            deliveries=(delivery, delivery),
            events=(event,),
            jobs=(Job(kind="read", key="e1", host_key="h"),),
        ),
        now=NOW,
    )

    assert store.sources.state("s") == state
    assert store.articles.entry("e1") == entry("e1")
    assert store.outbox.open_count() == 1
    assert [told for _, told in store.outbox.untold_events()] == [event]
    assert names(claim(store)) == ["e1"]
    assert store.jobs.open_count() == 1


def test_a_job_may_open_itself_again(store: Store) -> None:
    job = claim_one(store)
    again = Job(kind="poll", key="s", host_key="h", not_before=NOW + MINUTE)

    store.jobs.commit(job, Outcome(jobs=(again,)), now=NOW)

    assert claim(store) == ()
    (next_time,) = claim(store, now=NOW + MINUTE)
    assert (next_time.attempts, next_time.host_key) == (1, "h")


def test_a_failed_job_comes_again_and_counts(store: Store) -> None:
    job = claim_one(store)

    store.jobs.commit(job, Outcome(ending=Retry(not_before=NOW + MINUTE, error="oh")), now=NOW)

    assert claim(store) == ()
    (again,) = claim(store, now=NOW + MINUTE)
    assert again.attempts == 2


def test_a_quarantined_job_waits_for_the_operator(store: Store) -> None:
    job = claim_one(store)

    store.jobs.commit(
        job,
        Outcome(ending=Quarantined(error="no title"), jobs=(Job(kind="poll", key="s"),)),
        now=NOW,
    )

    assert claim(store) == ()
    assert store.jobs.add([Job(kind="poll", key="s")], NOW) == 0
    assert store.jobs.open_count() == 0
    ((aside, error),) = store.jobs.quarantined()
    assert (aside.kind, aside.key, error) == ("poll", "s", "no title")
    assert store.jobs.requeue("poll", "s")
    assert not store.jobs.requeue("poll", "s")
    assert claim(store)[0].attempts == 1


@pytest.mark.parametrize("lost_to", ["another owner", "nobody", "the end"])
def test_a_job_that_is_not_ours_writes_nothing(store: Store, lost_to: str) -> None:
    job = claim_one(store)
    assert store.jobs.release(epoch=2, now=NOW) == 1
    if lost_to != "nobody":
        (theirs,) = store.jobs.claim(now=NOW, owner="other", epoch=2, limit=1)
        if lost_to == "the end":
            store.jobs.commit(theirs, Outcome(), now=NOW)

    with pytest.raises(Conflict, match="poll job s"):
        store.jobs.commit(job, Outcome(entries=(entry("e"),)), now=NOW)

    assert store.articles.entry("e") is None


def test_what_several_jobs_noted_is_written_in_one_transaction(store: Store) -> None:
    store.sources.sync([source("s"), source("t")], NOW)
    store.jobs.add([Job(kind="poll", key=key, host_key=key) for key in ("s", "t", "u", "v")], NOW)
    held = {job.key: job for job in claim(store)}
    store.jobs.commit(held["u"], Outcome(), now=NOW)
    states = {key: SourceState(source_id=key, next_fetch_at=NOW + MINUTE, etag=key) for key in ("s", "t")}
    outcomes = {
        "t": Outcome(
            source_state=states["t"], entries=(entry("e2"), entry("e1")), cooldown_until=NOW + MINUTE
        ),
        "s": Outcome(source_state=states["s"], seen=(Seen(entry_id="e2", reason="no word"),)),
        "u": Outcome(entries=(entry("lost"),)),
        "v": Outcome(ending=Retry(not_before=NOW + MINUTE, error="oh"), jobs=(Job(kind="read", key="e1"),)),
    }

    lost = store.jobs.commit_all([(held[key], outcomes[key]) for key in outcomes], now=NOW)

    assert lost == [held["u"]], "it is no longer ours, so nothing of it is written"
    assert store.articles.entry("lost") is None
    assert store.articles.entry("e1") == entry("e1")
    assert {key: store.sources.state(key) for key in states} == states
    assert store.admin.status()["seen"] == 1
    assert names(claim(store)) == ["e1"]
    store.jobs.add([Job(kind="poll", key="w", host_key="t"), Job(kind="poll", key="x", host_key="s")], NOW)
    assert names(claim(store)) == ["x"], "the lane that is to rest rests"
    assert [job.attempts for job in claim(store, now=NOW + 2 * MINUTE) if job.key == "v"] == [2]


def test_what_a_poll_lists_anew_is_kept_for_the_next_reading_of_it(store: Store) -> None:
    """The reading that ends beside the poll drops the content that it has read, not what came since."""
    store.jobs.commit(claim_one(store), Outcome(entries=(entry("e"),)), now=NOW)
    poll, reading = claim_one(store, key="s"), claim_one(store, kind="read", key="e")
    changed = dataclasses.replace(entry("e", stamp="2"), content="<p>All that is known now.</p>")

    store.jobs.commit_all(
        [
            (poll, Outcome(entries=(changed,), jobs=(Job(kind="read", key="e"),))),
            (reading, Outcome(seen=(Seen(entry_id="e", reason="no word"),))),
        ],
        now=NOW,
    )

    assert store.articles.entry("e") == changed
    assert names(claim(store)) == ["e"]


def test_what_tells_or_places_something_is_not_committed_with_others(store: Store) -> None:
    job = claim_one(store)
    event = Event(kind="broke", subject="s", text="It broke.", at=NOW)

    with pytest.raises(ValueError, match="alone"):
        store.jobs.commit_all([(job, Outcome(events=(event,)))], now=NOW)


def test_release_leaves_this_epochs_jobs_running(store: Store) -> None:
    claim_one(store)

    assert store.jobs.release(epoch=1, now=NOW) == 0
    assert claim(store) == ()


def test_a_job_that_ran_at_several_kills_steps_back(store: Store) -> None:
    store.jobs.add([Job(kind="poll", key="s"), Job(kind="poll", key="bystander")], NOW)
    moment = NOW
    for epoch in range(1, 4):
        taken = store.jobs.claim(now=moment, owner="me", epoch=epoch, limit=9)
        assert sorted(job.key for job in taken) == ["bystander", "s"]
        if epoch == 3:
            (by,) = (job for job in taken if job.key == "bystander")
            store.jobs.commit(by, Outcome(), now=moment)
        assert store.jobs.release(epoch=epoch + 1, now=moment)

    assert store.jobs.claim(now=moment, owner="me", epoch=4, limit=9) == ()
    (again,) = store.jobs.claim(now=moment + timedelta(seconds=1), owner="me", epoch=4, limit=9)
    assert (again.key, again.attempts) == ("s", 4)


def test_what_may_kill_its_process_is_taken_alone_by_one_that_is_idle(store: Store) -> None:
    """Under kills from outside a job that only stood near is over before the next one."""
    store.jobs.add([Job(kind="read", key="near", host_key="near.example")], NOW)
    for epoch in range(1, 4):
        assert store.jobs.claim(now=NOW, owner="me", epoch=epoch, limit=9)
        store.jobs.release(epoch=epoch + 1, now=NOW)
    store.jobs.add([Job(kind="read", key="other"), Job(kind="poll", key="s")], NOW)
    due = NOW + timedelta(seconds=1)

    (alone,) = store.jobs.claim(now=due, owner="me", epoch=4, limit=9, idle=True)
    assert alone.key == "near"
    store.jobs.release(epoch=5, now=due)
    beside = store.jobs.claim(now=due + timedelta(seconds=2), owner="me", epoch=5, limit=9, idle=False)
    assert names(beside) == ["other", "s"], "beside others it would be blamed for what they do"


def test_jobs_that_were_running_at_several_deaths_are_counted(store: Store) -> None:
    store.jobs.add([Job(kind="read", key=key, host_key=key) for key in "abc"], NOW)
    for epoch in range(1, 4):
        taken = store.jobs.claim(now=NOW, owner="me", epoch=epoch, limit=9)
        assert store.jobs.others_in_doubt(taken[0]) == 0
        store.jobs.release(epoch=epoch + 1, now=NOW)
    store.jobs.add([Job(kind="poll", key="new")], NOW)

    assert store.jobs.others_in_doubt(taken[0]) == 2


def test_what_may_kill_its_process_waits_for_an_idle_one_a_moment_only(store: Store) -> None:
    store.jobs.add([Job(kind="read", key="near", host_key="near.example")], NOW)
    for epoch in range(1, 4):
        assert store.jobs.claim(now=NOW, owner="me", epoch=epoch, limit=9)
        store.jobs.release(epoch=epoch + 1, now=NOW)

    assert store.jobs.claim(now=NOW + timedelta(seconds=10), owner="me", epoch=4, limit=9, idle=False) == ()
    later = NOW + timedelta(seconds=17)
    assert names(store.jobs.claim(now=later, owner="me", epoch=4, limit=9, idle=False)) == ["near"]


def test_of_jobs_that_died_together_again_and_again_one_runs_at_a_time(store: Store) -> None:
    """One of them may kill its process: the others get through while it is not running."""
    store.jobs.add([Job(kind="read", key=key, host_key=f"{key}.example") for key in "abc"], NOW)
    moment = NOW
    for epoch in range(1, 4):
        assert len(store.jobs.claim(now=moment, owner="me", epoch=epoch, limit=9)) == 3
        store.jobs.release(epoch=epoch + 1, now=moment)
    store.jobs.add([Job(kind="read", key="new"), Job(kind="poll", key="s")], moment)
    moment += timedelta(minutes=1)
    first = store.jobs.claim(now=moment, owner="me", epoch=4, limit=9)
    assert [(job.kind, job.key) for job in first] == [("read", "a"), ("read", "new"), ("poll", "s")]
    assert store.jobs.claim(now=moment, owner="me", epoch=4, limit=9) == ()
    store.jobs.commit(first[0], Outcome(), now=moment)
    (second,) = store.jobs.claim(now=moment, owner="me", epoch=4, limit=9)
    assert second.key == "b"
    failed = Outcome(ending=Retry(not_before=moment, error="503"))
    store.jobs.commit(second, failed, now=moment)
    assert len(store.jobs.claim(now=moment, owner="me", epoch=4, limit=9)) == 2, "it came to an end"


def test_an_entry_is_rewritten_only_when_its_stamp_changed(store: Store) -> None:
    job = claim_one(store)
    store.jobs.commit(
        job, Outcome(entries=(entry("e", late=True),), jobs=(Job(kind="poll", key="s"),)), now=NOW
    )
    (job,) = claim(store)
    store.jobs.commit(job, Outcome(entries=(entry("e", title="Same stamp"),), jobs=(job,)), now=NOW)
    before = store.articles.entry("e")
    (job,) = claim(store)
    store.jobs.commit(job, Outcome(entries=(entry("e", stamp="2", title="New"),)), now=NOW)
    after = store.articles.entry("e")

    assert before is not None
    assert after is not None
    assert (before.title, after.title, after.stamp) == ("T", "New", "2")
    assert after.late, "what must not alert stays so when it is edited"
