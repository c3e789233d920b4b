"""Captures and a chain of them, without a database."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import timedelta

from monitor.core.evidence.capture import captured
from monitor.core.evidence.cases import Case, unpacked_record
from monitor.core.evidence.links import CAPTURE, capture_link
from monitor.core.evidence.pack import pack_of
from monitor.core.evidence.verifier import BEGINNING, digest, record_hash
from monitor.core.query.engine.matcher import Matcher
from monitor.core.rulebook import Rulebook
from monitor.core.story.place import NO_FEATURES
from monitor.model import (
    Capture,
    EvidenceRecord,
    EvidenceSettings,
    Fetched,
    NoveltyVerdict,
    Placed,
    Placement,
    Settings,
    Snapshot,
    Span,
    Topic,
)
from tests.support.records import NOW, article, entry, match

POTASH = Topic(id="potash", query="potash")
TEXT = "The envoy met Lukashenko. They spoke about potash.\n\nMore <b>followed</b> later."


def rulebook(**settings: object) -> Rulebook:
    kept = EvidenceSettings(**{"keep": "on", **settings})  # type: ignore[arg-type]
    return Rulebook(
        revision="r1",
        settings=Settings(evidence=kept),
        topics={POTASH.id: POTASH},
        matcher=Matcher.build((POTASH,)),
    )


def placed(number: int = 1, **changes: object) -> Placed:
    at = NOW + timedelta(minutes=number)
    item = article(id=f"a{number}", url=f"https://herald.example/{number}", text=TEXT, seen_at=at)
    span = Span(field="body", start=43, end=49, text="potash", term="potash")
    given = {
        "article": item,
        "placement": Placement(verdict="new", article_id=item.id, story_id="s1", reason="first of its story"),
        "matches": (match("potash", span),),
        "features": NO_FEATURES,
        "basis": Snapshot(),
        "news": NoveltyVerdict(kind="opens"),
    }
    return Placed(**{**given, **changes})  # type: ignore[arg-type]


def answer(number: int = 1, body: bytes | None = None) -> Fetched:
    page = f"<html><title>Envoy {number}</title><p>They spoke about potash.</p></html>" * 40
    return Fetched(
        url=f"https://herald.example/{number}",
        status=200,
        body=page.encode() if body is None else body,
        fetched_at=NOW + timedelta(minutes=number),
        headers={"content-type": "text/html", "content-encoding": "gzip", "server": "nginx"},
    )


def capture(number: int = 1, *, body: bytes | None = None) -> Capture:
    (found,) = captured(
        placed(number),
        entry(number),
        [answer(number, body)],
        at=NOW + timedelta(minutes=number),
        rulebook=rulebook(),
        from_page=True,
    )
    return found


def chained(captures: Sequence[Capture]) -> list[EvidenceRecord]:
    """The records that the store makes of captures."""
    found, previous = [], BEGINNING
    for n, each in enumerate(captures, start=1):
        link = capture_link(n, each)
        previous = record_hash(previous, digest(link))
        found.append(
            EvidenceRecord(
                n=n,
                kind=CAPTURE,
                article_id=each.article_id,
                at=each.at,
                topics=each.topics,
                link=link,
                hash=previous,
                packed={part.name: part.packed for part in each.parts},
                blocks={part.name: part.blocks for part in each.parts},
            )
        )
    return found


def packed(records: Sequence[EvidenceRecord], chain: Sequence[EvidenceRecord]) -> bytes:
    """The zip file of some records of a chain."""
    case = Case(
        asked=["potash"],
        since="",
        until="2026-11-24",
        made_at="2026-11-24",
        head=(chain[-1].n, chain[-1].hash),
    )
    first = records[0].n
    links = [(each.n, each.link, each.hash) for each in chain if each.n >= first - 1]
    return pack_of(case, [unpacked_record(each) for each in records], links)
