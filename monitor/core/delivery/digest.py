"""Digests: which stories come first, how they are cut into messages, and the deliveries that say them.

The parts of a digest are rows of their own, each sent only after the part before it. A part holds
all that it says, so that a resend says the same.
"""

from __future__ import annotations

from collections import Counter
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field, replace
from datetime import datetime, timedelta
from typing import Literal

from monitor.core.delivery.payload_json import payload_of
from monitor.core.delivery.plan import delivery_key
from monitor.model import (
    Alert,
    ChartFigures,
    Chat,
    Delivery,
    Digest,
    DigestItem,
    DigestPart,
    PressReview,
    Reach,
    Report,
)
from monitor.model.payloads import Buckets, DigestReason

LINES_A_PART = 15
MOST_PARTS = 4
MOST_PARTS_OF_WAITED = 20
"""What a chat could not be told is told, not counted: its digest is no choice of the reader's."""
# A wire agency or an independent newsroom says more about weight than a blog that repeats it.
_TIER_WEIGHT: Mapping[str, float] = {
    "wire": 3.0,
    "independent": 2.0,
    "public": 2.0,
    "official": 1.5,
    "business": 1.5,
    "state": 1.0,
    "ngo": 1.0,
    "blog": 0.5,
    "aggregator": 0.0,
}
_HEADLINE_HIT = 3.0


@dataclass(frozen=True, slots=True, kw_only=True)
class DigestContext:
    """What a digest says beside its stories: how far each went (by story id), a line about the
    watching, and the topics' titles."""

    reach: Mapping[str, Reach] = field(default_factory=dict)
    health: str = ""


def prominence(*, headline_hit: bool, tier: str, outlets: int, languages: int) -> float:
    """How much a story stands out: matched in the headline, by whom it is told, by how many outlets,
    in how many languages. More outlets count less the more there are."""
    spread = sum(1.0 / rank for rank in range(1, min(outlets, 50)))
    return (
        (_HEADLINE_HIT if headline_hit else 0.0)
        + _TIER_WEIGHT.get(tier, 1.0)
        + 2.0 * spread
        + 1.5 * (min(languages, 10) - 1)
    )


def ranked(lines: Sequence[DigestItem]) -> tuple[DigestItem, ...]:
    """The most prominent first; equals stay in their order."""
    return tuple(sorted(lines, key=lambda line: -line.prominence))


def line_of(alert: Alert, reach: Reach) -> DigestItem:
    """An alert as one line of a digest."""
    return DigestItem(
        story_id=alert.story_id,
        headline=alert.headline,
        url=alert.url,
        outlet=alert.outlet,
        tier=alert.tier,
        language=alert.language,
        seen_at=alert.seen_at,
        published=alert.published,
        topics=tuple(topic.id for topic in alert.topics),
        outlets=reach.outlets,
        languages=reach.languages,
        prominence=prominence(
            headline_hit=bool(alert.headline_highlights),
            tier=alert.tier,
            outlets=reach.outlets,
            languages=reach.languages,
        ),
    )


def digest_of(
    chat: Chat,
    members: Sequence[Delivery],
    around: DigestContext,
    now: datetime,
    *,
    reason: DigestReason = "waited",
) -> tuple[Delivery, ...]:
    """The deliveries that say these alerts together, chained. Where one of them may have been said before
    (a restored backup), each part is marked so.

    Keyed by chat, reason and the first alert: made again after a crash they are the same ones.
    """
    alerts = [payload_of(item, Alert) for item in members]
    lines = ranked([line_of(alert, around.reach.get(alert.story_id, Reach())) for alert in alerts])
    most_parts = MOST_PARTS_OF_WAITED if reason == "waited" else MOST_PARTS
    shown = lines[: LINES_A_PART * most_parts]
    pieces = [shown[at : at + LINES_A_PART] for at in range(0, len(shown), LINES_A_PART)]
    seed = delivery_key(chat.id, "digest", reason, members[0].key)
    span = [min(item.created_at for item in members), max(item.created_at for item in members)]
    rows: list[Delivery] = []
    uncertain_sends = max(item.uncertain_sends for item in members)
    for number, piece in enumerate(pieces, start=1):
        last = number == len(pieces)
        payload = DigestPart(
            reason=reason,
            count=len(members),
            since=span[0],
            until=span[1],
            part=number,
            parts=len(pieces),
            lines=tuple(replace(line, prominence=round(line.prominence, 3)) for line in piece),
            more=len(lines) - len(shown) if last else 0,
            copies=_copies(alerts, around) if last else 0,
            tiers=dict(_tiers(alerts, around)) if last else {},
            health=around.health if last and reason in {"daily", "weekly"} else "",
        )
        rows.append(
            _row(
                chat,
                "digest",
                f"{seed}-{number}",
                payload,
                now=now,
                before=rows,
                uncertain_sends=uncertain_sends,
            )
        )
    if chat.pictures != "off" and reason in {"daily", "weekly"} and len(members) > 1:
        chart = ChartFigures(buckets=_buckets(alerts, hourly=reason == "daily"), reason=reason)
        rows.append(
            _row(chat, "chart", f"{seed}-chart", chart, now=now, before=rows, uncertain_sends=uncertain_sends)
        )
    return tuple(rows)


def review_of(chat: Chat, review: PressReview, report: Report) -> tuple[Delivery, ...]:
    """The deliveries that say a press review, chained; one that says so when there is nothing.

    Keyed by chat, review and the moment for which it is made: made again they are the same ones.
    """
    shown = report.lines[: review.most]
    pieces = [shown[at : at + LINES_A_PART] for at in range(0, len(shown), LINES_A_PART)] or [()]
    rows: list[Delivery] = []
    for number, piece in enumerate(pieces, start=1):
        last = number == len(pieces)
        payload = DigestPart(
            reason="review",
            count=len(report.lines),
            since=report.since,
            until=report.until,
            part=number,
            parts=len(pieces),
            lines=tuple(replace(line, prominence=round(line.prominence, 3)) for line in piece),
            more=len(report.lines) - len(shown) if last else 0,
            tiers=dict(report.tiers) if last else {},
            health=report.health if last else "",
            title=review.title,
        )
        key = review_key(chat, review, report.until, number)
        rows.append(_row(chat, "digest", key, payload, now=report.until, before=rows))
    return tuple(rows)


def review_key(chat: Chat, review: PressReview, due: datetime, part: int = 1) -> str:
    """The key of a part of the review that is due at a moment."""
    seed = delivery_key(chat.id, "review", review.title, ",".join(review.topics), due.isoformat())
    return f"{seed}-{part}"


def reason_of(chat: Chat) -> DigestReason:
    """Which kind of digest the chat's collected alerts are for."""
    own = [item.digest for item in chat.subscriptions if item.digest is not None]
    chosen: Sequence[Digest] = [chat.digest] if chat.digest else own
    return chosen[0].every if chosen else "daily"


def _row(
    chat: Chat,
    kind: Literal["digest", "chart"],
    key: str,
    payload: DigestPart | ChartFigures,
    *,
    now: datetime,
    before: Sequence[Delivery],
    uncertain_sends: int = 0,
) -> Delivery:
    return Delivery(
        key=key,
        chat_id=chat.id,
        kind=kind,
        payload=payload,
        created_at=now,
        not_before=now,
        after_key=before[-1].key if before else None,
        uncertain_sends=uncertain_sends,
    )


def _tiers(alerts: Sequence[Alert], around: DigestContext) -> Counter[str]:
    counted: Counter[str] = Counter()
    for alert in alerts:
        found = around.reach.get(alert.story_id)
        counted.update(found.tiers if found and found.tiers else {alert.tier: 1})
    return counted


def _copies(alerts: Sequence[Alert], around: DigestContext) -> int:
    return sum(around.reach[story].copies for story in {each.story_id for each in alerts} & set(around.reach))


def _buckets(alerts: Sequence[Alert], *, hourly: bool) -> Buckets:
    """Of each hour or day between the first and the last."""
    step = timedelta(hours=1) if hourly else timedelta(days=1)
    return tuple(buckets([(alert.seen_at, alert.tier) for alert in alerts], step))


def buckets(seen: Sequence[tuple[datetime, str]], step: timedelta) -> list[tuple[datetime, int, int]]:
    """(start, by state outlets, by all others) of each hour or day from the first to the last seen."""
    if not seen:
        return []
    zero = {"minute": 0, "second": 0, "microsecond": 0} | ({"hour": 0} if step.days else {})
    start = min(moment for moment, _ in seen).replace(**zero)  # type: ignore[arg-type]
    states: Counter[int] = Counter()
    others: Counter[int] = Counter()
    for moment, tier in seen:
        (states if tier == "state" else others)[(moment - start) // step] += 1
    last = max([*states, *others])
    return [(start + number * step, states[number], others[number]) for number in range(last + 1)]
