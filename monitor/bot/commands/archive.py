"""What stands in the archive: /latest, /search. How much came: /stats."""

from __future__ import annotations

from collections import Counter
from collections.abc import Sequence
from datetime import timedelta
from html import escape
from zoneinfo import ZoneInfo

from monitor.bot.commands.topics import unknown_topic
from monitor.bot.commands.watch import MOST_CHARACTERS, complaint
from monitor.bot.effects import AddDraft
from monitor.bot.lookup import enabled, find_topic, subscribed, topic_title
from monitor.bot.request import Attachment, Context, Reply, fresh_draft, known_chat
from monitor.bot.views import article_lines, pack, short
from monitor.core.delivery.preferences import EVERY_TOPIC
from monitor.core.message.chart import coverage_png
from monitor.core.search import pick, prepared
from monitor.errors import QueryError
from monitor.model import Alert, Button, Chat, Delivery

LATEST = 10
MOST_CANDIDATES = 1_000
"""Articles that one search reads: about a second."""
STATS_DAYS = 30
STATS_TOPICS = 8
TITLE = 40


def chosen_topics(context: Context) -> tuple[str, ...]:
    """Ids of the topics and watches that the chat gets, each by name."""
    mine = subscribed(context.chat)
    by_name = tuple(item for item in mine if item != EVERY_TOPIC)
    return (*enabled(context.rulebook), *by_name) if EVERY_TOPIC in mine else by_name


def latest(context: Context) -> Reply:
    """Of the chat's topics and watches, or of the one that is named."""
    said, chat = context.localizer, known_chat(context)
    known, topic_ids = enabled(context.rulebook), chosen_topics(context)
    if context.request.argument:
        topic_id = find_topic(context.rulebook, context.request.argument)
        if topic_id is None:
            return unknown_topic(context, context.request.argument)
        topic_ids = tuple(known) if topic_id == EVERY_TOPIC else (topic_id,)
    topic_ids = topic_ids or tuple(known)
    articles = context.store.articles.latest(topic_ids=topic_ids, limit=LATEST) if topic_ids else ()
    if not articles:
        return Reply(html=said.say("Nothing yet."))
    return Reply(
        html=pack(article_lines(articles, said, timezone=chat.timezone, now=context.now), said).rstrip()
    )


def search(context: Context) -> Reply:
    """A query in the archive, newest first, with a button that makes it a topic of the chat's own."""
    said, chat = context.localizer, known_chat(context)
    query = context.request.argument
    if not query:
        return Reply(
            html=said.say(
                'Write <code>/search potash export</code> or <code>/search "a phrase" OR word</code>: '
                "a query, as for /watch."
            )
        )
    try:
        wanted, matcher = prepared(query[:MOST_CHARACTERS], context.rulebook)
    except QueryError as error:
        return Reply(html=complaint(query[:MOST_CHARACTERS], error, said))
    found = pick(context.store.articles.search(wanted), matcher, limit=LATEST, most=MOST_CANDIDATES)
    lines = article_lines(found.articles, said, timezone=chat.timezone, now=context.now)
    if not found.articles:
        lines = [said.say("Nothing found.")]
    if not found.whole:
        lines = [
            *lines,
            said.many("({count} article looked at.)", "({count} articles looked at.)", found.looked_at),
        ]
    draft = fresh_draft(context, "watch", query[:MOST_CHARACTERS])
    offer = (Button(text=said.plain("👁 Watch this"), action=f"w?:{draft.id}"),)
    return Reply(html=pack(lines, said).rstrip(), buttons=(offer,), changes=(AddDraft(draft=draft),))


def stats(context: Context) -> Reply:
    """Alerts that this chat got: today, in seven and thirty days, by topic."""
    said, chat = context.localizer, known_chat(context)
    since = context.now - timedelta(days=STATS_DAYS)
    sent = context.store.outbox.sent_alerts(chat.id, since=since)
    by_topic: Counter[str] = Counter()
    for item in sent:
        if isinstance(item.payload, Alert):
            by_topic.update(topic.id for topic in item.payload.topics)
    moments = [item.sent_at for item in sent if item.sent_at is not None]
    lines: list[str] = []
    for days in (1, 7, STATS_DAYS):
        count = sum(moment > context.now - timedelta(days=days) for moment in moments)
        if days == 1:
            lines.append(said.many("{count} alert in 24 hours", "{count} alerts in 24 hours", count))
        else:
            period = said.many_plain("{count} day", "{count} days", days)
            lines.append(
                said.many("{count} alert in {period}", "{count} alerts in {period}", count, period=period)
            )
    for topic_id, count in by_topic.most_common(STATS_TOPICS):
        title = topic_title(topic_id, context.rulebook, said)
        lines.append(f"<b>{escape(short(title, TITLE))}</b> {count}")
    return Reply(html=pack(lines, said), file=_chart(sent, chat, context) if sent else None)


def _chart(sent: Sequence[Delivery], chat: Chat, context: Context) -> Attachment:
    """Alerts a day in the chat's zone, those of state outlets apart."""
    zone = ZoneInfo(chat.timezone)
    today = context.now.astimezone(zone).replace(hour=0, minute=0, second=0, microsecond=0)
    days = [today - timedelta(days=ago) for ago in reversed(range(STATS_DAYS))]
    state: Counter[object] = Counter()
    others: Counter[object] = Counter()
    for item in sent:
        if item.sent_at is not None and isinstance(item.payload, Alert):
            counts = state if item.payload.tier == "state" else others
            counts[item.sent_at.astimezone(zone).date()] += 1
    buckets = tuple((day, state[day.date()], others[day.date()]) for day in days)
    picture = coverage_png(buckets, chat.timezone, hourly=False, language=chat.language)
    return Attachment(name="alerts.png", content=picture, photo=True)
