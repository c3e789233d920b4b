"""When sources are polled again and when operators hear of it."""

from __future__ import annotations

from datetime import timedelta

from monitor.core.schedule import failed, fresh_state, jittered, succeeded, trusted
from monitor.model import Fetched, SourceState
from tests.unit.core.records import NOW, source

SOURCE = source(every=timedelta(minutes=10))
ANSWER = Fetched(url=SOURCE.url, status=200, body=b"x", fetched_at=NOW, etag='"1"')


def fail(state: SourceState, times: int) -> tuple[SourceState, list[str]]:
    kinds: list[str] = []
    for _ in range(times):
        state, events = failed(SOURCE, state, NOW, error="HTTP 500", quarantine_after=3)
        kinds += [event.kind for event in events]
    return state, kinds


def test_the_interval_is_kept_within_ten_percent() -> None:
    state, _ = succeeded(SOURCE, fresh_state(SOURCE, NOW), NOW, answer=ANSWER, new=1)
    assert timedelta(minutes=9) <= state.next_fetch_at - NOW <= timedelta(minutes=11)
    assert (state.health, state.etag, state.last_new_at) == ("ok", '"1"', NOW)


def test_jitter_spreads_sources_and_repeats_itself() -> None:
    spread = {jittered(timedelta(hours=1), f"s{n}", NOW) for n in range(50)}
    assert len(spread) == 50
    assert jittered(timedelta(hours=1), "a", NOW) == jittered(timedelta(hours=1), "a", NOW)


def test_failures_back_off_and_the_operator_hears_once() -> None:
    first, _ = fail(fresh_state(SOURCE, NOW), 1)
    second, _ = fail(first, 1)
    assert second.next_fetch_at > first.next_fetch_at
    state, kinds = fail(fresh_state(SOURCE, NOW), 8)
    assert kinds == ["broke"]
    assert (state.health, state.failures, state.error) == ("quarantined", 8, "HTTP 500")


def test_recovery_is_told_once_and_only_after_a_quarantine() -> None:
    broken, _ = fail(fresh_state(SOURCE, NOW), 3)
    state, events = succeeded(SOURCE, broken, NOW, answer=ANSWER, new=0)
    assert [event.kind for event in events] == ["recovered"]
    assert (state.failures, state.error) == (0, None)
    hiccup, _ = fail(fresh_state(SOURCE, NOW), 2)
    assert succeeded(SOURCE, hiccup, NOW, answer=ANSWER, new=0)[1] == ()


def test_the_hosts_own_wish_to_wait_is_kept() -> None:
    wish = NOW + timedelta(hours=20)
    state, _ = failed(SOURCE, fresh_state(SOURCE, NOW), NOW, error="429", quarantine_after=9, retry_at=wish)
    assert state.next_fetch_at == wish


def test_validators_are_not_trusted_for_ever() -> None:
    state = SourceState(
        source_id="herald", next_fetch_at=NOW, etag='"1"', full_read_at=NOW - timedelta(hours=25)
    )
    assert trusted(state, NOW).etag is None
    assert trusted(state, NOW - timedelta(hours=2)).etag == '"1"'


def test_304_keeps_the_validators() -> None:
    state = SourceState(source_id="herald", next_fetch_at=NOW, etag='"1"', first_read_at=NOW)
    assert succeeded(SOURCE, state, NOW, answer=None, new=0)[0].etag == '"1"'
