"""The buttons under an alert: its story, why it came, and 👎."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from html import escape

from markupsafe import Markup

from monitor.bot.effects import Judge
from monitor.bot.lookup import topic_title
from monitor.bot.request import Context, Reply, known_chat
from monitor.bot.views import linked, pack, share_button, short
from monitor.core.delivery.kinds import traits
from monitor.core.delivery.preferences import EVERY_TOPIC, is_in_wanted_language, is_muted
from monitor.core.match import match_text
from monitor.core.message.alert import alert_buttons, tier_name
from monitor.core.message.explanation import explanation_lines, miss_lines
from monitor.core.text.clean import shortened
from monitor.i18n.lazy import word
from monitor.i18n.localizer import Localizer, note
from monitor.model import Alert, Article, Button, Chat, Delivery, Feedback, Match, Story

POPUP_CHARACTERS = 190
STORY_LINES = 40
STORY_TITLE = 100
WHY_TOPICS = 3
WHY_CHARACTERS = 1200
ACTION_BYTES = 50
"""Of a button's data, which Telegram limits to 64 with our seal."""
REASONS: Mapping[str, str] = {
    "o": note("Not about the topic"),
    "a": note("Old news"),
    "r": note("Had it already"),
    "u": note("Not important"),
    "s": note("Source is not trustworthy"),
}
# Operators read the reasons in one language.
STORED_REASONS = {
    "o": "not about the topic", "a": "old news", "r": "had it already", "u": "not important",
    "s": "source is not trustworthy",
}  # fmt: skip


def reason_name(stored: str, tr: Localizer) -> str:
    """A stored reason in words of the chat."""
    sign = next((sign for sign, text in STORED_REASONS.items() if text == stored), None)
    return tr.plain(REASONS[sign]) if sign else stored


@dataclass(frozen=True, slots=True, kw_only=True)
class AlertView:
    """An alert that was delivered to this chat. ``source_id`` is "" when its article was pruned."""

    delivery: Delivery
    alert: Alert
    source_id: str


def alert_of(context: Context, key: str = "") -> AlertView | None:
    """The alert with this key, or the one that was replied to. Alerts of other chats are none of ours."""
    outbox, request = context.store.outbox, context.request
    said_in = request.said_in or request.chat_id
    found = outbox.get(key) if key else outbox.of_message(said_in, request.reply_to or "")
    if found is not None and not traits(found).opens_story and found.story_id:
        found = outbox.alert_of(found.chat_id, found.story_id)  # an edit, a reply, a revision
    if found is None or not isinstance(found.payload, Alert):
        return None
    if found.chat_id not in {request.chat_id, request.said_in}:
        return None
    article = context.store.articles.article(found.article_id or "")
    return AlertView(
        delivery=found,
        alert=found.payload,
        source_id=article.source_id if article else "",
    )


def gone(tr: Localizer) -> Reply:
    """For a button whose alert is not there any more."""
    return Reply(toast=tr.plain("This button is too old."), popup=True)


def back_to_alert(context: Context, key: str) -> Reply:
    """The alert's own buttons again."""
    safe = known_chat(context).safe_links != "off"
    return Reply(buttons=alert_buttons(key, context.localizer, safe=safe), keyboard=True)


def shown(context: Context, key: str) -> Reply:
    """What a safe alert is about, in a pop-up: it leaves nothing behind in the chat."""
    said, about = context.localizer, alert_of(context, key)
    if about is None:
        return gone(said)
    text = f"{about.alert.headline}\n{about.alert.outlet}"
    return Reply(toast=shortened(text, POPUP_CHARACTERS), popup=True)


def story_by_button(context: Context, key: str) -> Reply:
    """The pressed 🧵."""
    about = alert_of(context, key)
    if about is None:
        return gone(context.localizer)
    return _story_reply(context, context.store.articles.story(about.alert.story_id))


def story_again(context: Context, story_id: str) -> Reply:
    """The pressed ↻: the story as it stands now, in the place of what it was."""
    found = context.store.articles.story(story_id)
    return gone(context.localizer) if found is None else _story_reply(context, found, edit=True)


def story(context: Context) -> Reply:
    """/story as a reply to an alert, or with an address."""
    said = context.localizer
    about = alert_of(context) if context.request.reply_to else None
    if about is not None:
        return _story_reply(context, context.store.articles.story(about.alert.story_id))
    found = context.store.articles.article(context.request.argument) if context.request.argument else None
    if found is None:
        return Reply(
            html=said.say("Reply with /story to an alert, or write /story and the address of an article.")
        )
    told = context.store.articles.story_of(found.id)
    return _story_reply(context, told)


def why(context: Context) -> Reply:
    """/why as a reply to an alert, or with an address: why it came, or why it did not."""
    said = context.localizer
    about = alert_of(context) if context.request.reply_to else None
    if about is not None:
        return why_by_button(context, about.delivery.key)
    if not context.request.argument:
        return Reply(
            html=said.say("Reply with /why to an alert, or write /why and the address of an article.")
        )
    found = context.store.articles.article(context.request.argument)
    if found is None:
        return Reply(html=said.say("I have not seen this article: no source that I watch has listed it."))
    return _why(context, found, None)


def why_by_button(context: Context, key: str) -> Reply:
    """The pressed ❓."""
    said, about = context.localizer, alert_of(context, key)
    if about is None:
        return gone(said)
    article = context.store.articles.article(about.alert.article_id)
    if article is None:
        return Reply(html=said.say("The article is not in the archive any more."))
    return _why(context, article, about)


def reasons(context: Context, key: str) -> Reply:
    """The pressed 👎: what was wrong."""
    said = context.localizer
    if alert_of(context, key) is None:
        return gone(said)
    rows = [(Button(text=said.plain(text), action=f"n:{key}:{sign}"),) for sign, text in REASONS.items()]
    return Reply(buttons=(*rows, (Button(text=said.plain("◀ Back"), action=f"b:{key}"),)), keyboard=True)


def judged(context: Context, key: str, sign: str) -> Reply:
    """A pressed reason; pressing another one later changes it."""
    said, about = context.localizer, alert_of(context, key)
    if about is None or sign not in REASONS or context.request.user_id is None:
        return gone(said)
    verdict = Feedback(
        chat_id=context.request.chat_id,
        user_id=context.request.user_id,
        article_id=about.alert.article_id,
        story_id=about.alert.story_id,
        topic_ids=tuple(topic.id for topic in about.alert.topics),
        headline=about.alert.headline,
        url=about.alert.url,
        reason=STORED_REASONS[sign],
        at=context.now,
    )
    back = back_to_alert(context, key)
    return Reply(
        buttons=back.buttons,
        keyboard=True,
        changes=(Judge(feedback=verdict),),
        toast=said.plain("Thank you, noted."),
    )


def _story_reply(context: Context, found: Story | None, *, edit: bool = False) -> Reply:
    said, chat = context.localizer, known_chat(context)
    if found is None:
        return Reply(html=said.say("The article is not in the archive any more."))
    outlets = len({item.source_id for item in found.articles})
    lines = [
        str(Markup("<b>{}</b>").format(short(found.articles[0].title, 160))),
        str(said.many("{count} outlet writes about it:", "{count} outlets write about it:", outlets)),
    ]
    for item in found.articles[:STORY_LINES]:
        moment = said.moment(item.published or item.seen_at, chat.timezone, context.now)
        facts = item.source_name or item.source_id
        facts += f" ({tier_name(item.tier, said)})" if item.tier else ""
        language = f" {item.language.upper()}" if item.language else ""
        copied = " ⧉" if item.copy_of else ""
        headline = "" if item.copy_of else f"\n{escape(short(item.title, STORY_TITLE))}"
        lines.append(f"{escape(moment)} {linked(item.url, facts)}{escape(language)}{copied}{headline}")
    opened_by = found.articles[0]
    again = Button(text=said.plain("↻ Update"), action=f"st+:{found.id}")
    rows = ((again,),) if _fits(again) else ()
    shared = share_button(opened_by.url, opened_by.title, chat, said)
    return Reply(html=pack(lines, said), buttons=(*rows, *shared), edit=edit)


def _why(context: Context, article: Article, about: AlertView | None) -> Reply:
    said, chat = context.localizer, known_chat(context)
    lines = [str(linked(article.canonical_url or article.url, short(article.title, 160)))]
    matches = context.store.articles.matches(article.id)
    mine = {item.topic_id for item in chat.subscriptions if item.mode != "off"}
    told = {topic.id for topic in about.alert.topics} if about else set()
    heard = [item for item in matches if item.topic_id in told | mine or "*" in mine]
    lines += [_matched(item, context, said) for item in heard if item.topic_id not in _others(context)]
    if not heard:
        lines.append(said.say("None of this chat's topics matches it:"))
        lines += [_missed(topic_id, article, context, said) for topic_id in _nearest(context)]
    lines += _sent(about, article, context, said)
    more = Button(text=said.plain("🔍 Details"), action=f"yd:{article.id}")
    return Reply(html=pack(filter(None, lines), said), buttons=((more,),) if _fits(more) else ())


def details(context: Context, article_id: str) -> Reply:
    """The pressed 🔍: each clause of the topics with its answer, in the place of the short one."""
    said, article = context.localizer, context.store.articles.article(article_id)
    if article is None:
        return gone(said)
    mine = _nearest(context)
    heard = [item.topic_id for item in context.store.articles.matches(article.id) if item.topic_id in mine]
    lines = [str(linked(article.canonical_url or article.url, short(article.title, 160)))]
    for topic_id in (heard or mine)[:WHY_TOPICS]:
        lines.append(str(Markup("<b>{}</b>").format(topic_title(topic_id, context.rulebook, said))))
        lines.append(_explained(topic_id, article, context, said))
    return Reply(html=pack(filter(None, lines), said), edit=not context.request.group)


def _nearest(context: Context) -> list[str]:
    """The topics and watches that this chat gets, by name."""
    chat = known_chat(context)
    mine = {item.topic_id for item in chat.subscriptions if item.mode != "off"}
    if EVERY_TOPIC in mine:
        mine |= {topic.id for topic in context.rulebook.topics.values() if topic.enabled}
    return [item for item in sorted(mine) if item in context.rulebook.named]


def _fits(button: Button) -> bool:
    """Whether Telegram takes the button's data with its seal."""
    return len(button.action.encode()) <= ACTION_BYTES


def _others(context: Context) -> set[str]:
    """Watches of other chats, which are nobody else's business."""
    mine = {item.id for item in context.store.watches.of_chat(context.request.chat_id)}
    return set(context.rulebook.watches) - mine


def _matched(match: Match, context: Context, tr: Localizer) -> str:
    topic = context.rulebook.named.get(match.topic_id)
    found = ", ".join(dict.fromkeys(span.text for span in match.spans))
    title = (topic.title if topic else "") or match.topic_id
    return tr.say("Topic <b>{topic}</b>, because of: {words}", topic=title, words=short(found, 300))


def _missed(topic_id: str, article: Article, context: Context, tr: Localizer) -> str:
    """A topic that does not match, and what it misses first."""
    try:
        told = context.rulebook.matcher.explain(topic_id, match_text(article))
    except KeyError:
        return ""
    first = next(iter(miss_lines(told, tr)), "")
    title = topic_title(topic_id, context.rulebook, tr)
    return str(Markup("✗ <b>{}</b>: {}").format(title, short(first, 200)))


def _explained(topic_id: str, article: Article, context: Context, tr: Localizer) -> str:
    try:
        told = context.rulebook.matcher.explain(topic_id, match_text(article))
    except KeyError:
        return ""
    return f"<pre>{escape(shortened(chr(10).join(explanation_lines(told, tr)), WHY_CHARACTERS))}</pre>"


def _sent(about: AlertView | None, article: Article, context: Context, tr: Localizer) -> Sequence[str]:
    """What became of it in this chat."""
    chat = known_chat(context)
    seen = tr.moment(article.seen_at, chat.timezone, context.now)
    lines = [str(tr.say("I saw it at {moment}.", moment=seen))]
    story = context.store.articles.story_of(article.id)
    told = about.delivery if about else story and context.store.outbox.alert_of(chat.id, story.id)
    if told:
        lines += _became(told, article, chat, context, tr)
    elif article.late:
        lines.append(tr.say("It was old when I found it, so nobody was alerted."))
    elif story and is_muted(chat, "story", story.id, context.now):
        lines.append(tr.say("Its story is muted here."))
    elif is_muted(chat, "outlet", article.source_id, context.now):
        lines.append(tr.say("Its outlet is muted here."))
    elif not is_in_wanted_language(chat, article.language):
        lines.append(tr.say("Its language is not among those that this chat wants: /filter."))
    elif story and len({item.source_id for item in story.articles}) < chat.least_outlets:
        lines.append(tr.say("Too few outlets write about its story for this chat: /filter."))
    return lines


def _became(told: Delivery, article: Article, chat: Chat, context: Context, tr: Localizer) -> list[str]:
    lines: list[str] = []
    if told.article_id != article.id:
        lines.append(tr.say("Its story was told here with another article."))
    if told.sent_at is not None:
        lines.append(tr.say("Sent at {moment}.", moment=tr.moment(told.sent_at, chat.timezone, context.now)))
    elif told.state in {"collected", "pending"}:
        due = tr.moment(told.not_before, chat.timezone, context.now)
        lines.append(tr.say("It waits until {moment}.", moment=due))
    elif told.state in {"dead", "cancelled", "unsure"}:
        lines.append(tr.say("It was not sent: {reason}", reason=tr.told(word(told.error or told.state))))
    return lines
