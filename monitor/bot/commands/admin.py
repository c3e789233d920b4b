"""For those who run the bot: /invite, /people, /feedback. For those who manage chats: /chats."""

from __future__ import annotations

import hashlib
from collections.abc import Mapping
from dataclasses import replace
from datetime import timedelta
from html import escape

from markupsafe import Markup

from monitor.bot.commands.alerts import reason_name
from monitor.bot.effects import AddDraft, AddInvite, RemovePerson, SaveChat, SavePerson, TakeDraft
from monitor.bot.lookup import by_token
from monitor.bot.request import Context, Reply
from monitor.bot.views import button, pack, short
from monitor.core.message.callback import token
from monitor.model import Button, Chat, Draft, Invite, Person, Role

ROLES: Mapping[str, Role] = {"subscriber": "subscriber", "editor": "editor", "admin": "admin"}
MOST_USES = 100
MOST_DAYS = 90
TARGET_LASTS = timedelta(hours=1)
FEEDBACK_SHOWN = 15
HOME = "home"


def invite(context: Context) -> Reply:
    """``/invite``, ``/invite editor``, ``/invite 5`` (uses), ``/invite 30d``: a code; told this once."""
    said = context.localizer
    role: Role = "subscriber"
    uses, days = 1, 7
    for word in context.request.argument.lower().split():
        number = word.removesuffix("d")
        if word in ROLES:
            role = ROLES[word]
        elif number.isascii() and number.isdigit() and len(number) <= 4:  # noqa: PLR2004 - then it is clamped
            if word.endswith("d"):
                days = min(max(int(number), 1), MOST_DAYS)
            else:
                uses = min(max(int(number), 1), MOST_USES)
        else:
            return Reply(
                html=said.say(
                    "Write <code>/invite</code>, <code>/invite editor 5 30d</code>: role, uses, days."
                )
            )
    made = Invite(
        id=invite_id(context.fresh),
        role=role,
        uses_left=uses,
        until=context.now + timedelta(days=days),
        made_by=context.request.user_id or 0,
        made_at=context.now,
    )
    link = f"https://t.me/{context.bot_name}?start={context.fresh}" if context.bot_name else ""
    head = said.many(
        "An invitation for {count} person, role {role}, good until {day}:",
        "An invitation for {count} people, role {role}, good until {day}:",
        uses,
        role=role,
        day=said.day(made.until.date()),
    )
    return Reply(
        html=f"{head}\n{escape(link)}\n<code>/start {escape(context.fresh)}</code>",
        changes=(AddInvite(invite=made),),
    )


def invite_id(code: str) -> str:
    """The digest under which an invitation is stored."""
    return hashlib.blake2b(code.encode("utf-8", "replace"), digest_size=16, person=b"invitation").hexdigest()


def people(context: Context) -> Reply:
    """``/people`` lists, ``/people 123 editor`` gives a role, ``/people 123 out`` takes it away."""
    said, parts = context.localizer, context.request.argument.split()
    how = said.say(
        "<code>/people 123456 editor</code> gives a role, <code>/people 123456 out</code> takes it."
    )
    if not parts:
        known = [f"<code>{item.user_id}</code> {escape(item.role)}" for item in context.store.people.all()]
        admins = [
            said.say("<code>{user}</code> admin (in the config)", user=user_id)
            for user_id in context.settings.admins
        ]
        return Reply(html=pack([*admins, *known, "", how], said))
    number, _, wish = context.request.argument.lower().partition(" ")
    wish, _, sure = wish.strip().partition(" ")
    if not (number.isascii() and number.isdigit() and len(number) < 18 and wish in {*ROLES, "out"}):  # noqa: PLR2004
        return Reply(html=how)
    user_id = int(number)
    if user_id == context.request.user_id and ROLES.get(wish) != "admin" and not sure:
        warning = said.say(
            "That is you: you could not use /people any more. "
            "<code>/people {user} {role} yes</code> does it.",
            user=user_id,
            role=wish,
        )
        return Reply(html=warning)
    if wish == "out":
        return Reply(html=said.say("{user} is out.", user=user_id), changes=(RemovePerson(user_id=user_id),))
    person = Person(user_id=user_id, role=ROLES[wish], since=context.now)
    return Reply(
        html=said.say("{user} is {role} now.", user=user_id, role=wish), changes=(SavePerson(person=person),)
    )


def feedback(context: Context) -> Reply:
    """What people found not relevant, newest first."""
    said = context.localizer
    lines = [
        f"👎 {escape(reason_name(item.reason, said))} · {escape(', '.join(item.topic_ids))}\n"
        f"{escape(short(item.headline, 120))}"
        for item in context.store.people.feedback(limit=FEEDBACK_SHOWN)
    ]
    return Reply(html=pack(lines, said) if lines else said.say("Nothing yet."))


def chats(context: Context) -> Reply:
    """The chats that somebody manages from the private one; ``/chats @channel`` adds one."""
    if context.request.argument:
        return _added(context)
    return Reply(html=_chats_text(context), buttons=_chat_buttons(context))


def chat_chosen(context: Context, name: str) -> Reply:
    """A pressed chat: the next commands are about it, for an hour."""
    said = context.localizer
    slot = target_slot(context.request.user_id or 0)
    if name == HOME:
        return Reply(
            html=said.say("We are back: commands are about this chat."),
            edit=True,
            changes=(TakeDraft(draft_id=slot),),
        )
    mine = _managed(context)
    chosen = next((item for item in mine if item.id == by_token(name, [one.id for one in mine])), None)
    if chosen is None:
        return Reply(toast=said.plain("This button is too old."), popup=True)
    return Reply(html=_chosen_text(chosen, context), edit=True, buttons=_home(context),
                 changes=(AddDraft(draft=_target(context, chosen)),))  # fmt: skip


def target_slot(user_id: int) -> str:
    """The name under which the chat is kept that a person's commands are about."""
    return f"target:{user_id}"


def _added(context: Context) -> Reply:
    said, target = context.localizer, context.request.target
    if target is None or not target.bot_may_post:
        return Reply(
            html=said.say(
                "I cannot post there. Add me to the group, or make me an administrator of the channel, and "
                "write <code>/chats @name</code> or <code>/chats -1001234567890</code> again; "
                "<code>/7</code> behind it names forum topic 7."
            )
        )
    if not target.user_administers and context.role != "admin":
        return Reply(html=said.say("Only an administrator of that chat can manage it."))
    chat_id = f"telegram:{target.address}"
    known = context.store.chats.chat(chat_id)
    settings = context.rulebook.settings
    made = known or Chat(
        id=chat_id,
        channel="telegram",
        address=target.address,
        title=target.title,
        language=said.language,
        timezone=context.chat.timezone if context.chat else settings.timezone,
    )
    made = replace(made, owner_id=context.request.user_id, title=target.title or made.title)
    return Reply(
        html=_chosen_text(made, context),
        buttons=_home(context),
        changes=(SaveChat(chat=made), AddDraft(draft=_target(context, made))),
    )


def _target(context: Context, chosen: Chat) -> Draft:
    return Draft(
        id=target_slot(context.request.user_id or 0),
        chat_id=context.request.chat_id,
        user_id=context.request.user_id or 0,
        kind="target",
        about=chosen.id,
        until=context.now + TARGET_LASTS,
    )


def _managed(context: Context) -> list[Chat]:
    return [
        item
        for item in context.store.chats.all()
        if context.request.user_id and item.owner_id == context.request.user_id
    ]


def _chats_text(context: Context) -> str:
    said = context.localizer
    text = said.say(
        "Press a chat, and your next commands are about it. "
        "<code>/chats @name</code> or <code>/chats -1001234567890/7</code> adds one."
    )
    return text if _managed(context) else said.say("You manage no chats from here.") + " " + text


def _chat_buttons(context: Context) -> tuple[tuple[Button, ...], ...]:
    rows = [(button(item.title or item.id, f"c:{token(item.id)}"),) for item in _managed(context)]
    return (*rows, *_home(context)) if rows else ()


def _home(context: Context) -> tuple[tuple[Button, ...], ...]:
    return ((Button(text=context.localizer.plain("🏠 Back to this chat"), action=f"c:{HOME}"),),)


def _chosen_text(chosen: Chat, context: Context) -> str:
    title = Markup("<b>{}</b>").format(chosen.title or chosen.id)
    return context.localizer.say(
        "For the next hour /topics, /watch, /digest, /quiet, /mutes, /settings, /stats and /stop are "
        "about {chat}.",
        chat=title,
    )
