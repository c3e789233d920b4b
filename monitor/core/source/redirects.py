"""Sources that have moved for good: proposed to the operator, never followed silently for ever."""

from __future__ import annotations

import dataclasses
from datetime import datetime, timedelta

from monitor.core.text.urls import same_site
from monitor.i18n.lazy import NOTHING, LazyText, lazy, listed
from monitor.model import Event, Source, SourceState

TOLD_AGAIN = timedelta(days=7)


def moved(
    source: Source, state: SourceState, target: str | None, now: datetime, *, follow: timedelta
) -> tuple[SourceState, tuple[Event, ...]]:
    """Remember a permanent redirect to ``target`` (None: there was none) and propose the new address.

    A move within the site (to https, to www) is told once; one to another site every week, with the
    day on which following ends.
    """
    if target is None or target == source.url:
        if state.moved_to is None:
            return state, ()
        return dataclasses.replace(state, moved_to=None, moved_at=None, moved_told_at=None), ()
    since = state.moved_at or now
    after = dataclasses.replace(state, moved_to=target, moved_at=since)
    at_home = same_site(source.url, target)
    reported_at = state.moved_told_at
    if reported_at is not None and (at_home or now - reported_at < TOLD_AGAIN):
        return after, ()
    text = lazy(
        "{source} has moved for good: {old} leads to {new}. If that is right, make it the url of {id}.",
        source=source.name,
        old=source.url,
        new=target,
        id=source.id,
    )
    if not at_home:
        until = lazy("The old one is followed until {day}.", day=(since + follow).date())
        text = listed((text, until), " ")
    event = Event(kind="moved", subject=source.id, text=text, at=now)
    return dataclasses.replace(after, moved_told_at=now), (event,)


def overstayed(
    source: Source, state: SourceState, target: str | None, now: datetime, *, follow: timedelta
) -> LazyText:
    """Why a redirect to ``target`` is followed no longer; "" when it may be.

    A name that was given up is often bought by somebody else, so a move to another site needs the
    operator's word in the end.
    """
    if target is None or same_site(source.url, target):
        return NOTHING
    if state.moved_at is None or now - state.moved_at <= follow:
        return NOTHING
    return lazy(
        "it moved to {new} on {day} and nobody has confirmed that; make it the url of {id}, "
        "or remove the source",
        new=target,
        day=state.moved_at.date(),
        id=source.id,
    )
