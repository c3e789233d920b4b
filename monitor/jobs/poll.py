"""poll: ask a source what it lists, store what is new, order its reading."""

from __future__ import annotations

import dataclasses
from datetime import UTC, datetime, timedelta, tzinfo

import structlog

from monitor.core.rulebook import Rulebook
from monitor.core.source.failure_reason import Failure, failure_of
from monitor.core.source.health import Listing, failed, succeeded, unasked, unruly
from monitor.core.source.intake import Intake, take_in
from monitor.core.source.redirects import overstayed
from monitor.core.source.schedule import fresh_state, trusted
from monitor.core.source.unstable_ids import sketch
from monitor.core.text.dates.zones import zone_named
from monitor.core.text.urls import host_key
from monitor.errors import FetchError, Offline, ParseError
from monitor.i18n.lazy import lazy_plural
from monitor.jobs.fetch_page import carries_full_text, sent_on
from monitor.jobs.politeness import cooldown_until, impatient, obeying
from monitor.model import (
    Entry,
    Event,
    Fetched,
    FetchRequest,
    FetchSettings,
    Job,
    NotModified,
    Outcome,
    Parsed,
    PollNote,
    Retry,
    Source,
    SourceState,
)
from monitor.model.job import EventKind
from monitor.ports import Ports, SourceKind

log = structlog.get_logger(__name__)

MOST_PARTS = 10
BEATS_WITHIN = timedelta(minutes=1)
"""A running service writes its heartbeat more often."""
CLOCK_PAUSE = timedelta(seconds=1)
SURE_OF_CLOCK = 4
"""So many tries later the silence is believed: nobody watches the clock (``run --once``)."""
MOST_WARNINGS = 5


def poll(job: Job, ports: Ports) -> Outcome:
    """One poll of the source ``job.key``. A source that left the rulebook is dropped silently."""
    rulebook, now = ports.rulebook(), ports.now()
    source = rulebook.sources.get(job.key)
    if source is None or not source.enabled:
        return Outcome()
    state = ports.store.sources.state(source.id) or fresh_state(source, now)
    try:
        answer, parsed = _listed(source, state, ports)
    except Offline as error:
        polled = unasked(source, state, now, since=error.since)
        note = PollNote(at=now, result="no network")
        return Outcome(source_state=polled.state, poll=note, gaps=polled.gaps)
    except (FetchError, ParseError) as error:
        rest = cooldown_until(
            error if isinstance(error, FetchError) else None, ports.now(), _limits(rulebook)
        )
        log.warning("poll failed", source=source.id, error=str(error))
        return _failed(source, state, failure_of(error), rulebook=rulebook, now=now, rest=rest)
    rest = cooldown_until(answer, ports.now(), _limits(rulebook))
    known = ports.store.articles.known(parsed.entries) if parsed.entries else {}
    intake = take_in(parsed.entries, known, state, rulebook.settings.alerts, now)
    if intake.reason == "outage" and job.attempts < SURE_OF_CLOCK and _clock_is_doubtful(ports):
        # Set forward a moment ago, perhaps: the watch looks each second and corrects what is stored.
        return Outcome(
            ending=Retry(not_before=ports.now() + CLOCK_PAUSE, error="the clock may have been set")
        )
    listing = _listing(parsed, intake, state)
    wrong = unruly(state, listing)[1]
    if wrong is not None:
        return _failed(source, state, wrong, rulebook=rulebook, now=now, rest=rest)
    limits, zone = _limits(rulebook), _zone(rulebook)
    polled = succeeded(source, state, now, answer=answer, listing=listing, limits=limits, zone=zone)
    result = "unchanged" if isinstance(answer, NotModified) else "read"
    return Outcome(
        source_state=_with_hub(polled.state, answer, parsed),
        poll=PollNote(at=now, result=result, listed=listing.listed, new=listing.new),
        gaps=polled.gaps,
        entries=intake.new + intake.changed,
        jobs=_readings(intake, ports.kinds.get(source.kind), rulebook, now),
        events=polled.events + _contact(source, intake, now),
        cooldown_until=rest,
    )


def _clock_is_doubtful(ports: Ports) -> bool:
    """Whether the running service's own heartbeat seems to be long ago."""
    beat = ports.store.admin.last_heartbeat()
    return beat is not None and ports.now() - beat > BEATS_WITHIN


def _failed(
    source: Source,
    state: SourceState,
    wrong: Failure,
    *,
    rulebook: Rulebook,
    now: datetime,
    rest: datetime | None,
) -> Outcome:
    polled = failed(source, state, now, wrong, limits=_limits(rulebook), zone=_zone(rulebook))
    return Outcome(
        source_state=polled.state,
        poll=PollNote(at=now, result=str(polled.state.error or "failed")),
        gaps=polled.gaps,
        events=polled.events,
        cooldown_until=rest,
    )


def _listed(source: Source, state: SourceState, ports: Ports) -> tuple[Fetched | NotModified, Parsed]:
    """The source's answer and every entry of it and of the parts that it points to."""
    kind, limits, now = ports.kinds[source.kind], _limits(ports.rulebook()), ports.now()
    request = impatient(kind.request(source, trusted(state, now)), state, limits)
    request = obeying(request, kind, limits)
    answer = sent_on(ports.fetch(request), request, ports)
    if too_long := overstayed(source, state, answer.moved_to, now, follow=limits.follow_moved):
        raise FetchError(too_long)
    if isinstance(answer, NotModified):
        return answer, Parsed(kind=source.kind, title="", entries=())
    parsed = kind.parse(source, answer)
    entries, warnings = list(parsed.entries), list(parsed.warnings)
    for url in parsed.more[:MOST_PARTS]:
        if len(entries) >= limits.max_entries:
            break
        request = FetchRequest(url=url, allow_private=source.allow_private)
        part = ports.fetch(obeying(request, kind, limits))
        if isinstance(part, Fetched):
            further = kind.parse(source, part)
            entries.extend(further.entries)
            warnings.extend(further.warnings)
    kept = tuple(entries[: limits.max_entries])
    return answer, dataclasses.replace(parsed, entries=kept, warnings=tuple(dict.fromkeys(warnings)))


def _with_hub(state: SourceState, answer: Fetched | NotModified, parsed: Parsed) -> SourceState:
    """The hub that the answer names; an unchanged answer changes nothing."""
    if isinstance(answer, NotModified):
        return state
    topic = (parsed.topic or answer.url) if parsed.hub else None
    return dataclasses.replace(state, hub=parsed.hub or None, hub_topic=topic)


def _listing(parsed: Parsed, intake: Intake, state: SourceState) -> Listing:
    dates = [entry.published for entry in parsed.entries if entry.published]
    since = state.last_success_at or state.gap_since
    late = [entry for entry in intake.new if entry.published is None or (since and entry.published >= since)]
    return Listing(
        listed=len({entry.id for entry in parsed.entries}),
        new=len(intake.new),
        recovered=len(late) if state.gap_since else 0,
        titles=sketch(entry.title for entry in parsed.entries),
        oldest=min(dates, default=None),
        contact=intake.reason == "first_contact",
        warnings=parsed.warnings[:MOST_WARNINGS],
    )


def _readings(intake: Intake, kind: SourceKind | None, rulebook: Rulebook, now: datetime) -> tuple[Job, ...]:
    full_pages = rulebook.settings.fetch.full_pages
    return tuple(
        Job(
            kind="read",
            key=entry.id,
            host_key=_host_key_of(entry, kind, full_pages=full_pages),
            not_before=now,
        )
        for entry in (*intake.new, *intake.changed)
    )


def _host_key_of(entry: Entry, kind: SourceKind | None, *, full_pages: bool) -> str:
    # An entry that brings its own text asks no host for anything, so it waits for none.
    return "" if carries_full_text(entry, kind, full_pages=full_pages) else host_key(entry.url)


def _contact(source: Source, intake: Intake, now: datetime) -> tuple[Event, ...]:
    if not intake.late:
        return ()
    outage = intake.reason == "outage"
    if outage:
        text = lazy_plural(
            "{source}: read again after a long silence, {count} entry stored, {older} of them older and "
            "not alerted.",
            "{source}: read again after a long silence, {count} entries stored, {older} of them older and "
            "not alerted.",
            len(intake.new),
            source=source.name,
            older=intake.late,
        )
    else:
        text = lazy_plural(
            "{source}: first read, {count} entry stored, {older} of them older and not alerted.",
            "{source}: first read, {count} entries stored, {older} of them older and not alerted.",
            len(intake.new),
            source=source.name,
            older=intake.late,
        )
    kind: EventKind = "outage" if outage else "first_contact"
    return (Event(kind=kind, subject=source.id, text=text, at=now),)


def _limits(rulebook: Rulebook) -> FetchSettings:
    return rulebook.settings.fetch


def _zone(rulebook: Rulebook) -> tzinfo:
    return zone_named(rulebook.settings.timezone) or UTC
