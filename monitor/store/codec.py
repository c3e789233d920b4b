"""Rows to records and back. Nothing here talks to a database."""

from __future__ import annotations

import dataclasses
from datetime import datetime, time, timedelta
from functools import cache
from typing import Any

from sqlalchemy import RowMapping

from monitor.core.delivery.payload_json import payload_json, read_payload
from monitor.core.delivery.preferences import digest_text, read_digest
from monitor.core.text.fingerprint import url_key
from monitor.model import (
    Article,
    Cadence,
    Chat,
    Delivery,
    Draft,
    Entry,
    Feedback,
    Fingerprint,
    Gap,
    Invite,
    Job,
    Match,
    Mute,
    Neighbour,
    Person,
    Placed,
    QuietHours,
    SourceState,
    Span,
    StoryArticle,
    Subscription,
    Watch,
)


def _fields(record: type) -> tuple[str, ...]:
    return tuple(field.name for field in dataclasses.fields(record))


_STATE = _fields(SourceState)
_GAP = _fields(Gap)
_JOB = _fields(Job)
_ENTRY = _fields(Entry)
_ARTICLE = tuple(name for name in _fields(Article) if name != "fingerprint")
_FINGERPRINT = _fields(Fingerprint)
_DELIVERY = _fields(Delivery)
_STORY_ARTICLE = _fields(StoryArticle)
_WATCH = _fields(Watch)
_PERSON = _fields(Person)
_DRAFT = tuple(name for name in _fields(Draft) if name != "about")
_INVITE = _fields(Invite)
_FEEDBACK = _fields(Feedback)


def state_row(state: SourceState) -> dict[str, object]:
    row = {name: getattr(state, name) for name in state_columns()}
    return row | {"cadence": _cadence_row(state.cadence)}


@cache
def state_columns() -> tuple[str, ...]:
    """What a poll writes of its source; what readings count there is left alone."""
    return tuple(name for name in _STATE if not name.startswith("other_page"))


def state(row: RowMapping) -> SourceState:
    values = {name: row[name] for name in _STATE}
    return SourceState(**values | {"cadence": _cadence(row["cadence"])})


def _cadence_row(cadence: Cadence) -> dict[str, object] | None:
    if cadence.since is None or cadence.at is None:
        return None
    return {
        "since": cadence.since.isoformat(),
        "at": cadence.at.isoformat(),
        "longest_s": cadence.longest.total_seconds(),
        "arrivals": list(cadence.arrivals),
    }


def _cadence(stored: dict[str, Any] | None) -> Cadence:
    if stored is None:
        return Cadence()
    return Cadence(
        since=datetime.fromisoformat(stored["since"]),
        at=datetime.fromisoformat(stored["at"]),
        longest=timedelta(seconds=stored["longest_s"]),
        arrivals=tuple(stored["arrivals"]),
    )


def gap_row(gap: Gap) -> dict[str, object]:
    return {name: getattr(gap, name) for name in _GAP}


def gap(row: RowMapping) -> Gap:
    return Gap(**{name: row[name] for name in _GAP})


def job(row: RowMapping) -> Job:
    return Job(**{name: row[name] for name in _JOB})


def entry_row(entry: Entry) -> dict[str, object]:
    row = {name: getattr(entry, name) for name in _ENTRY}
    return row | {"url_key": url_key(entry.url)}


def entry(row: RowMapping) -> Entry:
    values = {name: row[name] for name in _ENTRY}
    return Entry(**values | {"authors": tuple(row["authors"]), "pictures": tuple(row["pictures"])})


def article_row(article: Article, article_id: str) -> dict[str, object]:
    row = {name: getattr(article, name) for name in _ARTICLE}
    is_beginning = article.text.startswith(article.lead)
    return row | {
        "id": article_id,
        # What stands in another column is not stored twice.
        "canonical_url": "" if article.canonical_url == article.url else article.canonical_url,
        "lead": "" if is_beginning else article.lead,
        "lead_chars": len(article.lead) if is_beginning else 0,
        "chars": len(article.text),
        "indexed": False,
    }


def article(row: RowMapping) -> Article:
    """Needs the columns of ``articles`` and the keys of ``placements``."""
    values = {name: row[name] for name in _ARTICLE}
    fingerprint = Fingerprint(**{name: row[name] for name in _FINGERPRINT})
    lists = {name: tuple(row[name]) for name in ("authors", "pictures")}
    again = {
        "canonical_url": row["canonical_url"] or row["url"],
        "lead": row["lead"] or row["text"][: row["lead_chars"]],
    }
    return Article(**values | lists | again | {"fingerprint": fingerprint})


def placement_row(placed: Placed) -> dict[str, object]:
    article, placement = placed.article, placed.placement
    keys = article.fingerprint
    return {name: getattr(keys, name) for name in _FINGERPRINT} | {
        "article_id": placement.article_id,
        "story_id": placement.story_id,
        "source_id": article.source_id,
        "copy_of": placement.copy_of,
        "copied_share": placement.copied_share,
        "likeness": placement.likeness,
        "credit": placed.features.credit,
        "seen_at": article.seen_at,
        "published": article.published,
    }


def keys_of(fingerprint: Fingerprint) -> dict[str, str]:
    """Kind of key → key, without those that there is nothing for."""
    keys = {
        "url": fingerprint.url_key,
        "text": fingerprint.text_key,
        "headline": fingerprint.headline_key,
        "guid": fingerprint.guid_key,
    }
    return {kind: key for kind, key in keys.items() if key}


def neighbour(row: RowMapping, shared: frozenset[str]) -> Neighbour:
    return Neighbour(
        article_id=row["article_id"],
        story_id=row["story_id"],
        source_id=row["source_id"],
        shared=shared,
        text_key=row["text_key"],
        headline_key=row["headline_key"],
        seen_at=row["seen_at"],
        published=row["published"],
        copy_of=row["copy_of"],
    )


def story_article(row: RowMapping) -> StoryArticle:
    values = {name: row[name] for name in _STORY_ARTICLE}
    return StoryArticle(**values | {"credit": row["credit"] or ""})


def match_row(match: Match, article_id: str) -> dict[str, object]:
    spans = [[item.field, item.start, item.end, item.text, item.term] for item in match.spans]
    return {
        "article_id": article_id,
        "topic_id": match.topic_id,
        "score": match.score,
        "spans": spans,
        "rulebook": match.rulebook,
    }


def match(row: RowMapping) -> Match:
    spans = tuple(
        Span(field=field, start=start, end=end, text=text, term=term)
        for field, start, end, text, term in row["spans"]
    )
    return Match(topic_id=row["topic_id"], score=row["score"], spans=spans, rulebook=row["rulebook"])


def chat_row(chat: Chat) -> dict[str, object]:
    """Without ``state``: who may write to a chat is not the config's to say."""
    return {
        "id": chat.id,
        "channel": chat.channel,
        "address": chat.address,
        "title": chat.title,
        "language": chat.language,
        "timezone": chat.timezone,
        "unsure": chat.unsure,
        "operator": chat.operator,
        "preview": chat.preview,
        "quiet_start": chat.quiet.start.isoformat() if chat.quiet else None,
        "quiet_end": chat.quiet.end.isoformat() if chat.quiet else None,
        "digest": digest_text(chat.digest) if chat.digest else None,
        "safe_links": chat.safe_links,
        "silent": chat.silent,
        "pictures": chat.pictures,
        "hourly_budget": chat.hourly_budget,
        "languages": list(chat.languages),
        "least_outlets": chat.least_outlets,
        "owner_id": chat.owner_id,
    }


def chat(row: RowMapping, subscriptions: tuple[Subscription, ...], mutes: tuple[Mute, ...] = ()) -> Chat:
    quiet = None
    if row["quiet_start"] is not None and row["quiet_end"] is not None:
        quiet = QuietHours(
            start=time.fromisoformat(row["quiet_start"]), end=time.fromisoformat(row["quiet_end"])
        )
    return Chat(
        id=row["id"],
        channel=row["channel"],
        address=row["address"],
        title=row["title"],
        language=row["language"],
        timezone=row["timezone"],
        unsure=row["unsure"],
        operator=row["operator"],
        preview=row["preview"],
        quiet=quiet,
        digest=read_digest(row["digest"]) if row["digest"] else None,
        safe_links=row["safe_links"],
        silent=row["silent"],
        pictures=row["pictures"],
        hourly_budget=row["hourly_budget"],
        languages=tuple(row["languages"]),
        least_outlets=row["least_outlets"],
        owner_id=row["owner_id"],
        state=row["state"],
        paused_because=row["paused_because"] or "",
        retry_at=row["retry_at"],
        refusals=row["refusals"],
        subscriptions=subscriptions,
        mutes=mutes,
    )


def subscription(row: RowMapping) -> Subscription:
    return Subscription(
        chat_id=row["chat_id"],
        topic_id=row["topic_id"],
        mode=row["mode"],
        digest=read_digest(row["digest"]) if row["digest"] else None,
    )


def mute(row: RowMapping) -> Mute:
    return Mute(kind=row["kind"], target=row["target"], until=row["until"], title=row["title"])


def watch(row: RowMapping) -> Watch:
    values = {name: row[name] for name in _WATCH}
    return Watch(**values | {"languages": tuple(row["languages"])})


def watch_row(watch: Watch) -> dict[str, object]:
    return {name: getattr(watch, name) for name in _WATCH}


def person(row: RowMapping) -> Person:
    return Person(**{name: row[name] for name in _PERSON})


def draft(row: RowMapping) -> Draft:
    stored = row["payload"]
    about = next((str(stored[name]) for name in ("about", "query", "chat_id") if name in stored), "")
    return Draft(about=about, **{name: row[name] for name in _DRAFT})


def draft_row(draft: Draft) -> dict[str, object]:
    return {name: getattr(draft, name) for name in _DRAFT} | {"payload": {"about": draft.about}}


def invite(row: RowMapping) -> Invite:
    return Invite(**{name: row[name] for name in _INVITE})


def invite_row(invite: Invite) -> dict[str, object]:
    return {name: getattr(invite, name) for name in _INVITE}


def feedback(row: RowMapping) -> Feedback:
    values = {name: row[name] for name in _FEEDBACK}
    return Feedback(**values | {"topic_ids": tuple(row["topic_ids"])})


def feedback_row(feedback: Feedback) -> dict[str, object]:
    return {name: getattr(feedback, name) for name in _FEEDBACK}


def delivery_row(delivery: Delivery) -> dict[str, object]:
    """Without ``sequence``, which the database gives."""
    row = {name: getattr(delivery, name) for name in _DELIVERY if name != "sequence"}
    return row | {"payload": payload_json(delivery.payload)}


def delivery(row: RowMapping) -> Delivery:
    values = {name: row[name] for name in _DELIVERY}
    return Delivery(**values | {"payload": read_payload(row["kind"], row["payload"])})
