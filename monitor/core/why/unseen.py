"""Why an address was never listed."""

from __future__ import annotations

import re
from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta

from monitor.core.source.uptime import gap_text
from monitor.core.text.urls import http_url, same_site, site_of
from monitor.core.why.verdict import Reason, Verdict, VerdictGate
from monitor.model import Gap, Source, SourceState

LATELY = timedelta(days=7)


@dataclass(frozen=True, slots=True, kw_only=True)
class CandidateSource:
    """A source that could have listed the address, with what is known of it."""

    source: Source
    state: SourceState | None
    gaps: tuple[Gap, ...] = ()


def of_same_site(url: str, sources: Sequence[Source]) -> tuple[Source, ...]:
    """The sources whose site or address is the address's own site."""
    return tuple(
        source
        for source in sources
        if same_site(url, source.url) or (source.site and same_site(url, source.site))
    )


def explain_unwatchable(name: str) -> Verdict | None:
    """The verdict about what is no web address (``mailto:``, ``ftp:``, no host); None for one that is."""
    url = name.strip() if _has_scheme(name) else f"https://{name.strip()}"
    if http_url(url) is not None and site_of(url):
        return None
    text = f"No source can watch {name}: only addresses of http:// and https:// with a host are read."
    return _not_subscribed("unwatchable", text)


def _not_subscribed(reason: Reason, text: str, advice: str = "") -> Verdict:
    gate = VerdictGate(name="subscribed", state="stopped", text=text)
    return Verdict(sentence=f"{text}{advice}", reason=reason, gate="subscribed", gates=(gate,))


def _has_scheme(name: str) -> bool:
    """Whether it begins with a scheme; ``outlet.example:8080/a`` begins with a host and a port."""
    return "://" in name or re.match(r"\s*[A-Za-z][A-Za-z0-9+-]*:(?!\d)", name) is not None


def explain_unseen(url: str, candidates: Sequence[CandidateSource], now: datetime) -> Verdict:
    """The verdict about an address that is not known: which source should have listed it, and how it did."""
    site = site_of(url)
    if not candidates:
        text = f"No source of {site} is watched."
        return _not_subscribed("not-watched", text, " Add one to hear of it.")
    enabled = [item for item in candidates if item.source.enabled]
    if not enabled:
        names = ", ".join(item.source.name for item in candidates)
        return _not_subscribed("disabled", f"{names} is switched off in the files.")
    said = [_of_source(item, now) for item in enabled]
    reason, text = min(said, key=lambda item: _WORST.index(item[0]))
    names = ", ".join(item.source.name for item in enabled)
    gates = (
        VerdictGate(name="subscribed", state="passed", text=f"{names} is watched"),
        VerdictGate(name="listed", state="stopped", text=text, more=tuple(each for _, each in said)),
    )
    return Verdict(sentence=f"Never listed: {text}", reason=reason, gate="listed", gates=gates)


_WORST: tuple[Reason, ...] = ("never-asked", "source-fails", "window", "never-listed")


def _of_source(item: CandidateSource, now: datetime) -> tuple[Reason, str]:
    name, state = item.source.name, item.state
    if state is None or (state.first_read_at is None and not state.failures):
        return "never-asked", f"{name} was not asked yet."
    if state.error and state.failures:
        since = f" since {state.gap_since:%Y-%m-%d %H:%M} UTC" if state.gap_since else ""
        return "source-fails", f"{name} fails{since}: {state.error}."
    lost = [gap for gap in item.gaps if gap.complete is False and (gap.ended_at or now) > now - LATELY]
    if lost:
        newest = max(lost, key=lambda gap: gap.began_at)
        told = gap_text(newest, now.tzinfo)  # type: ignore[arg-type]
        return "window", f"{name} had a gap after which older entries were gone from its list: {told}."
    at = f", next at {state.next_fetch_at:%H:%M} UTC" if state.next_fetch_at else ""
    looked = (
        f" It was asked last at {state.last_success_at:%Y-%m-%d %H:%M} UTC{at}."
        if state.last_success_at
        else ""
    )
    return "never-listed", f"{name} is well and did not list it.{looked}"
