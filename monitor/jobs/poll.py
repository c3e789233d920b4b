"""poll: ask a source what it lists, store what is new, order its reading."""

from __future__ import annotations

from datetime import datetime, timedelta

from monitor.core.intake import Intake, take_in
from monitor.core.rulebook import Rulebook
from monitor.core.schedule import failed, fresh_state, succeeded, trusted
from monitor.core.urls import lane
from monitor.errors import FetchError, ParseError
from monitor.jobs.pages import carries_full_text
from monitor.model import (
    Entry,
    Event,
    Fetched,
    FetchRequest,
    Job,
    NotModified,
    Outcome,
    Source,
    SourceState,
)
from monitor.model.job import EventKind
from monitor.ports import Ports, SourceKind

MOST_PARTS = 10


def poll(job: Job, ports: Ports) -> Outcome:
    """One poll of the source ``job.key``. A source that left the rulebook is dropped silently."""
    rulebook, now = ports.rulebook(), ports.now()
    source = rulebook.sources.get(job.key)
    if source is None or not source.enabled:
        return Outcome()
    state = ports.store.sources.state(source.id) or fresh_state(source, now)
    try:
        answer, entries = _listed(source, state, ports)
    except (FetchError, ParseError) as error:
        after, events = failed(
            source,
            state,
            now,
            error=str(error),
            quarantine_after=rulebook.settings.fetch.quarantine_after,
            retry_at=getattr(error, "retry_at", None),
        )
        return Outcome(source_state=after, events=events, rest_until=_rest(rulebook, ports))
    known = ports.store.articles.known(entries) if entries else {}
    intake = take_in(entries, known, state, rulebook.settings.alerts, now)
    after, events = succeeded(source, state, now, answer=answer, new=len(intake.new))
    return Outcome(
        source_state=after,
        entries=intake.new + intake.changed,
        jobs=_readings(intake, ports.kinds.get(source.kind), rulebook, now),
        events=events + _contact(source, intake, now),
        rest_until=_rest(rulebook, ports),
    )


def _listed(source: Source, state: SourceState, ports: Ports) -> tuple[Fetched | None, tuple[Entry, ...]]:
    """Every entry of the source's answer and of the parts that it points to; None for 304."""
    kind = ports.kinds[source.kind]
    answer = ports.fetch(kind.request(source, trusted(state, ports.now())))
    if isinstance(answer, NotModified):
        return None, ()
    parsed = kind.parse(source, answer)
    entries = list(parsed.entries)
    most = ports.rulebook().settings.fetch.max_entries
    for url in parsed.more[:MOST_PARTS]:
        if len(entries) >= most:
            break
        part = ports.fetch(FetchRequest(url=url, allow_private=source.allow_private))
        if isinstance(part, Fetched):
            entries.extend(kind.parse(source, part).entries)
    return answer, tuple(entries[:most])


def _readings(intake: Intake, kind: SourceKind | None, rulebook: Rulebook, now: datetime) -> tuple[Job, ...]:
    full_pages = rulebook.settings.fetch.full_pages
    return tuple(
        Job(kind="read", key=entry.id, lane=_lane_of(entry, kind, full_pages=full_pages), not_before=now)
        for entry in (*intake.new, *intake.changed)
    )


def _lane_of(entry: Entry, kind: SourceKind | None, *, full_pages: bool) -> str:
    # An entry that brings its own text asks no host for anything, so it waits for none.
    return "" if carries_full_text(entry, kind, full_pages=full_pages) else lane(entry.url)


def _contact(source: Source, intake: Intake, now: datetime) -> tuple[Event, ...]:
    if not intake.late:
        return ()
    outage = intake.reason == "outage"
    when = "read again after a long silence" if outage else "first read"
    text = (
        f"{source.name}: {when}, {len(intake.new)} entries stored, "
        f"{intake.late} of them older and not alerted."
    )
    kind: EventKind = "outage" if outage else "first_contact"
    return (Event(kind=kind, subject=source.id, text=text, at=now),)


def _rest(rulebook: Rulebook, ports: Ports) -> datetime | None:
    delay_s = rulebook.settings.fetch.host_delay_s
    return ports.now() + timedelta(seconds=delay_s) if delay_s else None
