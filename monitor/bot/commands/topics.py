"""/topics with toggles, /subscribe, /unsubscribe."""

from __future__ import annotations

from markupsafe import Markup

from monitor.bot.effects import Subscribe, Unsubscribe
from monitor.bot.lookup import by_token, enabled, find_topic, nearest_topics, subscribed, topic_title
from monitor.bot.request import Context, Reply, opened
from monitor.bot.views import PAGE, button, pack, paged
from monitor.core.delivery.preferences import EVERY_TOPIC, is_watch
from monitor.core.message.callback import token
from monitor.i18n.localizer import Localizer
from monitor.model import Button, Subscription


def topics(context: Context) -> Reply:
    """A page of topics; a press on one takes it or leaves it."""
    return topics_page(context, context.localizer, 0)


def topics_page(
    context: Context, tr: Localizer, page: int, *, guided: bool = False, mine: tuple[str, ...] | None = None
) -> Reply:
    """``guided``: the set-up goes on from here. ``mine``: what the chat gets, if not what is stored."""
    known = enabled(context.rulebook)
    got = set(subscribed(context.chat) if mine is None else mine)
    if not known:
        return Reply(html=tr.say("There are no topics yet."))
    verb = "g" if guided else "t"
    ids = [EVERY_TOPIC, *known]
    page = min(max(page, 0), (len(ids) - 1) // PAGE)
    toggles, lines = [], []
    for topic_id in ids[page * PAGE : (page + 1) * PAGE]:
        has = topic_id in got or (EVERY_TOPIC in got and topic_id != EVERY_TOPIC)
        mark = "✅" if has else "▫️"
        sign = "-" if topic_id in got else "+"
        title = topic_title(topic_id, context.rulebook, tr)
        toggles.append(button(f"{mark} {title}", f"{verb}{sign}:{token(topic_id)}:{page}"))
        lines.append(Markup("{} <code>{}</code> {}").format(mark, typed(topic_id), title))
    head = tr.say("Press a topic to get it ✅ or to leave it ▫️:")
    # At home the buttons say it all; in a group not everybody may press them.
    shown = [] if context.request.at_home else [str(line) for line in lines]
    buttons = paged(toggles, page, len(ids), verb)
    if guided:
        back = Button(text=tr.plain("◀ Back"), action="l1?")
        buttons = (*buttons, (back, Button(text=tr.plain("Next ▶"), action="z1?")))
    return Reply(html=pack([head, *([""] if shown else []), *shown], tr), buttons=buttons)


def toggled(context: Context, name: str, page: int, *, take: bool, guided: bool) -> Reply:
    """A pressed topic. A second press of an old button changes nothing: it says what is to be."""
    said = context.localizer
    mine = subscribed(context.chat)
    topic_id = by_token(name, (EVERY_TOPIC, *enabled(context.rulebook), *mine))
    if topic_id is None:
        return Reply(toast=said.plain("This topic is gone."))
    title = topic_title(topic_id, context.rulebook, said)
    if take:
        change: Subscribe | Unsubscribe = Subscribe(
            subscription=Subscription(chat_id=context.request.chat_id, topic_id=topic_id)
        )
        after = tuple(dict.fromkeys((*mine, topic_id)))
        toast = said.plain("You get {topic}.", topic=title)
    else:
        change = Unsubscribe(chat_id=context.request.chat_id, topic_id=topic_id)
        after = tuple(item for item in mine if item != topic_id)
        toast = said.plain("No more of {topic}.", topic=title)
    shown = topics_page(context, said, page, guided=guided, mine=after)
    return Reply(
        html=shown.html, buttons=shown.buttons, changes=(*opened(context), change), edit=True, toast=toast
    )


def subscribe(context: Context) -> Reply:
    """By id, title or hashtag."""
    said = context.localizer
    if not context.request.argument:
        example = next(iter(enabled(context.rulebook)), "topic")
        return Reply(
            html=said.say(
                "Which topic? For example <code>/subscribe {topic}</code>, or <code>/subscribe all</code>. "
                "/topics lists them.",
                topic=example,
            )
        )
    topic_id = find_topic(context.rulebook, context.request.argument)
    if topic_id is None:
        return unknown_topic(context, context.request.argument)
    title, chat = bold(context, said, topic_id), opened(context)
    if topic_id in subscribed(context.chat):
        return Reply(html=said.say("This chat has {topic} already.", topic=title), changes=chat)
    subscription = Subscription(chat_id=context.request.chat_id, topic_id=topic_id)
    return Reply(
        html=said.say("Done: alerts about {topic} come here from now on.", topic=title),
        changes=(*chat, Subscribe(subscription=subscription)),
    )


def unsubscribe(context: Context) -> Reply:
    """By id, title or hashtag; also what the operator took away. ``all`` leaves every topic and watch."""
    said, current = context.localizer, subscribed(context.chat)
    if not current:
        return Reply(html=said.say("This chat has no topics. /topics lists what there is."))
    if not context.request.argument:
        mine = [f"<code>/unsubscribe {Markup.escape(typed(item))}</code>" for item in current]
        return Reply(html=pack([said.say("Which topic?"), *mine], said))
    topic_id = find_topic(context.rulebook, context.request.argument)
    if topic_id is None and context.request.argument in current:
        topic_id = context.request.argument
    if topic_id is None:
        return unknown_topic(context, context.request.argument)
    title = bold(context, said, topic_id)
    if topic_id not in current and topic_id != EVERY_TOPIC:
        text = said.say("This chat has no subscription to {topic}.", topic=title)
        if EVERY_TOPIC in current:
            text += " " + said.say("It gets every topic: /unsubscribe all.")
        return Reply(html=text)
    operators = tuple(item for item in current if not is_watch(item))
    gone = operators if topic_id == EVERY_TOPIC else (topic_id,)
    return Reply(
        html=said.say("Done: no more alerts about {topic}.", topic=title),
        changes=tuple(Unsubscribe(chat_id=context.request.chat_id, topic_id=item) for item in gone),
    )


def unknown_topic(context: Context, name: str) -> Reply:
    """With the nearest names."""
    said = context.localizer
    near = nearest_topics(context.rulebook, name)
    text = said.say("I do not know the topic “{topic}”. /topics lists them.", topic=name[:60])
    if near:
        named = Markup(", ").join(Markup("<code>{}</code>").format(item) for item in near)
        text += " " + said.say("Did you mean {topics}?", topics=named)
    return Reply(html=text)


def typed(topic_id: str) -> str:
    """What somebody types for a topic."""
    return "all" if topic_id == EVERY_TOPIC else topic_id


def bold(context: Context, tr: Localizer, topic_id: str) -> Markup:
    """A topic's title, emphasised."""
    return Markup("<b>{}</b>").format(topic_title(topic_id, context.rulebook, tr))
