"""Who is told what: from matches and subscriptions to deliveries."""

from __future__ import annotations

import hashlib
from collections.abc import Collection, Mapping, Sequence
from dataclasses import dataclass, replace
from datetime import datetime, timedelta
from types import MappingProxyType

from monitor.core.delivery.preferences import (
    after_quiet_hours,
    is_in_wanted_language,
    is_muted,
    next_digest,
    wanted,
)
from monitor.core.message.pictures import pictures_after
from monitor.core.text.clean import sentences
from monitor.model import (
    Alert,
    AlertTopic,
    Article,
    Chat,
    Delivery,
    Match,
    NoveltyVerdict,
    Placement,
    Span,
    Topic,
)

EXCERPT_CHARS = 320
LONGEST_WORD = 40
EDIT_AFTER = timedelta(seconds=20)
NOTHING_NEW = NoveltyVerdict(kind="nothing")


@dataclass(frozen=True, slots=True, kw_only=True)
class _Heard:
    matches: tuple[Match, ...] = ()
    collected_until: datetime | None = None


def delivery_key(*parts: str) -> str:
    """The natural key of a delivery: a hash of its parts, the same on every repeat of a job."""
    return hashlib.blake2b("\x1f".join(parts).encode(), digest_size=16).hexdigest()


def plan(
    *,
    article: Article,
    placement: Placement,
    matches: Sequence[Match],
    already: Sequence[Match],
    told: Mapping[str, Delivery],
    chats: Sequence[Chat],
    topics: Mapping[str, Topic],
    now: datetime,
    news: NoveltyVerdict = NOTHING_NEW,
    replied: Mapping[str, int] = MappingProxyType({}),
    replies_a_day: int = 0,
    settle: timedelta = timedelta(0),
    opens: bool = True,
    outlets: Collection[str] = (),
) -> tuple[Delivery, ...]:
    """Deliveries for one placed article.

    ``already`` are the matches of the article's earlier revision; ``told`` maps chat ids to the
    alert that the chat has (or will get) about this story, ``replied`` to how many replies it had today.
    A told chat sees its alert edited for every further article, and gets a reply to it when that brings
    a new fact (``news``) and the day's replies are not used up. One whose alert was given up gets another
    one. A late article alerts nobody; a revision alerts only new topics. What a chat wants in a digest is
    ``collected``. Wanted pictures follow an alert. An alert waits for ``settle``, or as its topics say, at
    most (it ``settles``).
    ``opens``: the article is the first of its story. ``outlets``: sources that write about the story so far;
    a chat that wants several is alerted with the article that makes them enough.
    """
    if placement.verdict == "known":
        return ()
    before = {match.topic_id for match in already}
    further = [article.id]
    own = [] if opens else further
    deliveries: list[Delivery] = []
    for chat in in_turn(chats, placement.story_id):
        heard = _heard(chat, matches, article, placement, now)
        if not heard.matches:
            continue
        earlier = told.get(chat.id)
        if earlier is not None and may_stand(earlier):
            alert = replace(alert_about(article, placement, heard.matches, topics), news=news.shown)
            tells = news.kind == "fact" and not article.late and replied.get(chat.id, 0) < replies_a_day
            if placement.verdict != "revision":
                deliveries += _further(earlier, article, alert if tells else None, chat, now)
            continue
        if len({article.source_id, *outlets}) < chat.least_outlets:
            continue
        if article.late or (placement.verdict == "revision" and before & _ids(heard.matches)):
            continue
        alert = alert_about(article, placement, heard.matches, topics)
        settled = now + settling(heard.matches, topics, settle)
        due = heard.collected_until or settled
        not_before = after_quiet_hours(chat, due)
        first = Delivery(
            # An alert that never came keeps its key, and so does one that left with a part of the story: that
            # of a further article is another one.
            key=delivery_key(chat.id, placement.story_id, "alert", *(further if earlier else own)),
            chat_id=chat.id,
            kind="alert",
            payload=alert,
            created_at=now,
            not_before=not_before,
            story_id=placement.story_id,
            article_id=placement.article_id,
            state="collected" if heard.collected_until else "pending",
            settles=not_before == settled > now and not heard.collected_until,
        )
        deliveries += [first, *pictures_after(first, article, chat)]
    return tuple(deliveries)


def settling(matches: Sequence[Match], topics: Mapping[str, Topic], settle: timedelta) -> timedelta:
    """How long an alert waits for what else is being read: the shortest wait of its topics, none where
    ``settle`` is none."""
    found = [topics[match.topic_id] for match in matches if match.topic_id in topics]
    if not settle or any(topic.urgent for topic in found):
        return timedelta(0)
    return min((settle if topic.settle is None else topic.settle for topic in found), default=settle)


def may_stand(alert: Delivery) -> bool:
    """Whether the chat has, will get or may have got this alert; not one that was given up unsent."""
    return alert.state not in {"dead", "cancelled"} or (
        alert.state == "cancelled" and alert.uncertain_sends > 0
    )


def in_turn(chats: Sequence[Chat], story_id: str) -> tuple[Chat, ...]:
    """The chats in an order of the story's own, so that it is not always the same who hear last."""
    return tuple(sorted(chats, key=lambda chat: delivery_key(story_id, chat.id)))


def alert_about(
    article: Article,
    placement: Placement,
    matches: Sequence[Match],
    topics: Mapping[str, Topic],
) -> Alert:
    """What one chat is told about an article: the sentence that matched, with its terms marked."""
    spans = sorted({span for match in matches for span in match.spans})
    start, end = _excerpt(article, [span for span in spans if span.field == "body"])
    return Alert(
        story_id=placement.story_id,
        article_id=placement.article_id,
        headline=article.title,
        url=article.url,
        outlet=article.source_name or article.site,
        tier=article.tier,
        language=article.language,
        published=article.published,
        seen_at=article.seen_at,
        excerpt=article.text[start:end],
        highlights=_marks(spans, "body", start, end),
        headline_highlights=_marks(spans, "title", 0, len(article.title)),
        topics=tuple(_named(match.topic_id, topics) for match in matches),
    )


def _heard(
    chat: Chat, matches: Sequence[Match], article: Article, placement: Placement, now: datetime
) -> _Heard:
    """Which matches the chat wants to hear of: at once, or collected until when."""
    if is_muted(chat, "story", placement.story_id, now) or is_muted(chat, "outlet", article.source_id, now):
        return _Heard()
    if not is_in_wanted_language(chat, article.language):
        return _Heard()
    at_once, later = [], []
    moments = []
    for match in matches:
        how = wanted(chat, match.topic_id)
        if how == "off" or is_muted(chat, "topic", match.topic_id, now):
            continue
        if how == "instant":
            at_once.append(match)
        else:
            later.append(match)
            moments.append(next_digest(chat, how, now))
    if at_once:
        return _Heard(matches=(*at_once, *later))
    return _Heard(matches=tuple(later), collected_until=min(moments, default=None))


def _ids(matches: Sequence[Match]) -> set[str]:
    return {match.topic_id for match in matches}


def _edit(told: Delivery, article: Article, now: datetime) -> Delivery:
    # Waits a little: copies come in swarms, and one edit can name them all.
    return Delivery(
        key=delivery_key(told.key, "edit", article.id),
        chat_id=told.chat_id,
        kind="edit",
        payload=told.payload,
        created_at=now,
        not_before=max(now, told.not_before) + EDIT_AFTER,
        story_id=told.story_id,
        article_id=told.article_id,
    )


def _further(
    told: Delivery, article: Article, alert: Alert | None, chat: Chat, now: datetime
) -> tuple[Delivery, ...]:
    """The alert edited, and a reply when there is something to tell: not to one that waits for a digest."""
    edit = _edit(told, article, now)
    if alert is None or told.state == "collected":
        return (edit,)
    return (edit, _reply(told, alert, after_quiet_hours(chat, now), now))


def _reply(told: Delivery, alert: Alert, due: datetime, now: datetime) -> Delivery:
    return Delivery(
        key=delivery_key(told.key, "reply", alert.article_id),
        chat_id=told.chat_id,
        kind="reply",
        payload=alert,
        created_at=now,
        not_before=max(due, told.not_before),
        story_id=told.story_id,
        article_id=alert.article_id,
    )


def _named(topic_id: str, topics: Mapping[str, Topic]) -> AlertTopic:
    topic = topics.get(topic_id)
    if topic is None:
        return AlertTopic(id=topic_id, title=topic_id, hashtag="")
    return AlertTopic(id=topic.id, title=topic.title or topic.id, hashtag=topic.hashtag)


def _excerpt(article: Article, spans: Sequence[Span]) -> tuple[int, int]:
    """The sentence with the most distinct terms (the first of equals), clipped to the limit."""
    if not spans:
        end = min(len(article.lead), EXCERPT_CHARS)
        start = max(article.text.find(article.lead[:end]), 0)
        return start, start + end
    best: tuple[int, int, int] | None = None
    for start, end in sentences(article.text):
        terms = {span.term for span in spans if start <= span.start < end}
        if terms and (best is None or len(terms) > best[0]):
            best = (len(terms), start, end)
    _, start, end = best or (0, spans[0].start, spans[0].end)
    if end - start <= EXCERPT_CHARS:
        return start, end
    first = next((span for span in spans if start <= span.start < end), spans[0])
    low = max(start, min(first.start - EXCERPT_CHARS // 3, end - EXCERPT_CHARS))
    high = min(end, low + EXCERPT_CHARS)
    # Cut between words; a very long one is cut all the same.
    if low > start:
        low = max(article.text.find(" ", low, min(first.start, low + LONGEST_WORD)) + 1, low)
    if high < end:
        blank = article.text.rfind(" ", max(first.end, high - LONGEST_WORD), high)
        high = blank if blank > 0 else high
    return low, high


def _marks(spans: Sequence[Span], field: str, start: int, end: int) -> tuple[tuple[int, int], ...]:
    """Spans of a field inside start–end, relative to start, overlaps merged."""
    merged: list[tuple[int, int]] = []
    for span in spans:
        if span.field != field or span.start < start or span.end > end:
            continue
        low, high = span.start - start, span.end - start
        if merged and low <= merged[-1][1]:
            merged[-1] = (merged[-1][0], max(merged[-1][1], high))
        else:
            merged.append((low, high))
    return tuple(merged)
