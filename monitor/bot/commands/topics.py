"""/topics with toggles, /subscribe, /unsubscribe."""

from __future__ import annotations

from markupsafe import Markup

from monitor.bot.effects import Subscribe, Unsubscribe
from monitor.bot.lookup import by_token, enabled, find_topic, nearest_topics, subscribed, topic_title
from monitor.bot.request import Context, Reply, Request, opened
from monitor.bot.views import PAGE, button, pack, paged
from monitor.core.delivery.preferences import EVERY_TOPIC, is_watch
from monitor.core.message.callback import token
from monitor.i18n.localizer import Localizer
from monitor.model import Button, Subscription


def topics(asked: Request, view: Context) -> Reply:
    """A page of topics; a press on one takes it or leaves it."""
    return topics_page(view, view.words(asked), 0)


def topics_page(
    view: Context, said: Localizer, page: int, *, guided: bool = False, mine: tuple[str, ...] | None = None
) -> Reply:
    """``guided``: the set-up goes on from here. ``mine``: what the chat gets, if not what is stored."""
    known = enabled(view.rulebook)
    got = set(subscribed(view.chat) if mine is None else mine)
    if not known:
        return Reply(html=said.say("There are no topics yet."))
    verb = "g" if guided else "t"
    ids = [EVERY_TOPIC, *known]
    page = min(max(page, 0), (len(ids) - 1) // PAGE)
    toggles, lines = [], []
    for topic_id in ids[page * PAGE : (page + 1) * PAGE]:
        has = topic_id in got or (EVERY_TOPIC in got and topic_id != EVERY_TOPIC)
        mark = "✅" if has else "▫️"
        sign = "-" if topic_id in got else "+"
        title = topic_title(topic_id, view.rulebook, said)
        toggles.append(button(f"{mark} {title}", f"{verb}{sign}:{token(topic_id)}:{page}"))
        lines.append(Markup("{} <code>{}</code> {}").format(mark, typed(topic_id), title))
    head = said.say("Press a topic to get it ✅ or to leave it ▫️:")
    shown = [str(line) for line in lines]
    buttons = paged(toggles, page, len(ids), verb)
    if guided:
        buttons = (*buttons, (Button(text=said.plain("Next ▶"), action="z1?"),))
    return Reply(html=pack([head, "", *shown], said), buttons=buttons)


def toggled(asked: Request, view: Context, name: str, page: int, *, take: bool, guided: bool) -> Reply:
    """A pressed topic. A second press of an old button changes nothing: it says what is to be."""
    said = view.words(asked)
    mine = subscribed(view.chat)
    topic_id = by_token(name, (EVERY_TOPIC, *enabled(view.rulebook), *mine))
    if topic_id is None:
        return Reply(toast=said.plain("This topic is gone."))
    title = topic_title(topic_id, view.rulebook, said)
    if take:
        change: Subscribe | Unsubscribe = Subscribe(
            subscription=Subscription(chat_id=asked.chat_id, topic_id=topic_id)
        )
        after = tuple(dict.fromkeys((*mine, topic_id)))
        toast = said.plain("You get {topic}.", topic=title)
    else:
        change = Unsubscribe(chat_id=asked.chat_id, topic_id=topic_id)
        after = tuple(item for item in mine if item != topic_id)
        toast = said.plain("No more of {topic}.", topic=title)
    shown = topics_page(view, said, page, guided=guided, mine=after)
    return Reply(
        html=shown.html, buttons=shown.buttons, changes=(*opened(asked, view), change), edit=True, toast=toast
    )


def subscribe(asked: Request, view: Context) -> Reply:
    """By id, title or hashtag."""
    said = view.words(asked)
    if not asked.argument:
        example = next(iter(enabled(view.rulebook)), "topic")
        return Reply(
            html=said.say(
                "Which topic? For example <code>/subscribe {topic}</code>, or <code>/subscribe all</code>. "
                "/topics lists them.",
                topic=example,
            )
        )
    topic_id = find_topic(view.rulebook, asked.argument)
    if topic_id is None:
        return unknown_topic(asked, view)
    title, chat = bold(view, said, topic_id), opened(asked, view)
    if topic_id in subscribed(view.chat):
        return Reply(html=said.say("This chat has {topic} already.", topic=title), changes=chat)
    subscription = Subscription(chat_id=asked.chat_id, topic_id=topic_id)
    return Reply(
        html=said.say("Done: alerts about {topic} come here from now on.", topic=title),
        changes=(*chat, Subscribe(subscription=subscription)),
    )


def unsubscribe(asked: Request, view: Context) -> Reply:
    """By id, title or hashtag; also what the operator took away. ``all`` leaves every topic and watch."""
    said, current = view.words(asked), subscribed(view.chat)
    if not current:
        return Reply(html=said.say("This chat has no topics. /topics lists what there is."))
    if not asked.argument:
        mine = [f"<code>/unsubscribe {Markup.escape(typed(item))}</code>" for item in current]
        return Reply(html=pack([said.say("Which topic?"), *mine], said))
    topic_id = find_topic(view.rulebook, asked.argument)
    if topic_id is None and asked.argument in current:
        topic_id = asked.argument
    if topic_id is None:
        return unknown_topic(asked, view)
    title = bold(view, said, topic_id)
    if topic_id not in current and topic_id != EVERY_TOPIC:
        text = said.say("This chat has no subscription to {topic}.", topic=title)
        if EVERY_TOPIC in current:
            text += " " + said.say("It gets every topic: /unsubscribe all.")
        return Reply(html=text)
    operators = tuple(item for item in current if not is_watch(item))
    gone = operators if topic_id == EVERY_TOPIC else (topic_id,)
    return Reply(
        html=said.say("Done: no more alerts about {topic}.", topic=title),
        changes=tuple(Unsubscribe(chat_id=asked.chat_id, topic_id=item) for item in gone),
    )


def unknown_topic(asked: Request, view: Context) -> Reply:
    """With the nearest names."""
    said = view.words(asked)
    near = nearest_topics(view.rulebook, asked.argument)
    text = said.say("I do not know the topic “{topic}”. /topics lists them.", topic=asked.argument[:60])
    if near:
        named = Markup(", ").join(Markup("<code>{}</code>").format(item) for item in near)
        text += " " + said.say("Did you mean {topics}?", topics=named)
    return Reply(html=text)


def typed(topic_id: str) -> str:
    """What somebody types for a topic."""
    return "all" if topic_id == EVERY_TOPIC else topic_id


def bold(view: Context, said: Localizer, topic_id: str) -> Markup:
    """A topic's title, emphasised."""
    return Markup("<b>{}</b>").format(topic_title(topic_id, view.rulebook, said))
