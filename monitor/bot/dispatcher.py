"""Between the commands and the store: who may, what an answer needs, what it changes."""

from __future__ import annotations

import re
import secrets
import time
from collections.abc import Callable, Sequence
from dataclasses import replace
from datetime import timedelta

from markupsafe import Markup

from monitor.bot.additions import SourceAdditions
from monitor.bot.commands.admin import invite_id, target_slot
from monitor.bot.commands.table import COMMANDS
from monitor.bot.effects import (
    AddDraft,
    AddInvite,
    AddSources,
    AddWatch,
    Change,
    Forget,
    Judge,
    MuteIt,
    Pause,
    Prefer,
    RemovePerson,
    RemoveWatch,
    SaveAlert,
    SaveChat,
    SavePerson,
    Subscribe,
    TakeDraft,
    Unmute,
    UnsaveAlert,
    Unsubscribe,
    Wake,
)
from monitor.bot.permissions import at_least, may_talk, role_of
from monitor.bot.rate_limit import Once, RateLimiter
from monitor.bot.request import Context, Reply, Request
from monitor.bot.routes import answer, press
from monitor.core.delivery.preferences import is_watch
from monitor.core.rulebook import Rulebook
from monitor.errors import ConfigError, StoreError
from monitor.i18n.localizer import localizer
from monitor.model import Person
from monitor.ports import Clock, Store

# JSON may carry halves of surrogate pairs; no answer can be made of them.
_HALVES = re.compile("[\ud800-\udfff]")

BURST, EVERY = 20, timedelta(seconds=3)
CODES, CODE_EVERY = 5, timedelta(hours=1)
UNLIMITED = frozenset(name for command in COMMANDS if command.unlimited for name in command.names)


class Dispatcher:
    """Answers commands and buttons. Thread-safe.

    Args:
        store: chats, articles, people and the counts.
        rulebook: gives the rulebook in force; who may talk is read from it at every command.
        now: the clock.
        refresh: takes new and deleted watches into the rulebook in force.
        additions: adds sources for editors; None where the config cannot be written.
    """

    def __init__(
        self,
        store: Store,
        rulebook: Callable[[], Rulebook],
        now: Clock,
        refresh: Callable[[], None] = lambda: None,
        additions: SourceAdditions | None = None,
    ) -> None:
        self._store = store
        self._rulebook = rulebook
        self._now = now
        self._refresh = refresh
        self._additions = additions
        self.bot_name = ""
        self._strangers = Once()
        self._codes = RateLimiter(burst=CODES, every=CODE_EVERY)
        self._pace = RateLimiter(burst=BURST, every=EVERY)

    def handle(self, request: Request) -> Reply | None:
        """The answer to a command; None for silence. Changes are written before it returns.

        A stranger gets one polite answer, then silence; a group of strangers one together. Somebody
        who asks too fast is told so once.
        """
        request = replace(request, argument=_HALVES.sub("\ufffd", request.argument))
        context = self._context(request)
        said = context.localizer
        if not may_talk(context.role):
            return self._to_stranger(context)
        verdict = self._pace.ask(request.user_id or request.chat_id, context.now)
        if verdict != "go" and request.command not in UNLIMITED:
            return (
                Reply(html=said.say("Slowly, please: too many at once.")) if verdict == "slow down" else None
            )
        reply = answer(context)
        return self._written(reply, context)

    def press(self, request: Request) -> Reply:
        """The answer to a button; ``asked.argument`` is its unsealed action."""
        context = self._context(request)
        said = context.localizer
        if not may_talk(context.role):
            return Reply(toast=said.plain("This bot works for a closed circle."), popup=True)
        if self._pace.ask(request.user_id or request.chat_id, context.now) != "go":
            return Reply(toast=said.plain("Slowly, please: too many at once."))
        return self._written(press(context), context)

    def takes_files(self, user_id: int) -> bool:
        """Whether a file that this person sends is looked at: lists of outlets, from editors."""
        rulebook, person = self._rulebook(), self._store.people.person(user_id)
        return at_least(role_of(rulebook.settings.telegram, user_id, person), "editor")

    def target(self, user_id: int) -> str | None:
        """The chat that this person's commands in the private chat are about, if another one."""
        draft = self._store.people.draft(target_slot(user_id), self._now())
        if draft is None or draft.user_id != user_id:
            return None
        chat = self._store.chats.chat(draft.about)
        return chat.id if chat is not None and chat.owner_id == user_id else None

    def _context(self, asked: Request) -> Context:
        rulebook, store = self._rulebook(), self._store
        person = store.people.person(asked.user_id) if asked.user_id is not None else None
        started = time.monotonic()
        return Context(
            request=asked,
            commands=COMMANDS,
            rulebook=rulebook,
            chat=store.chats.chat(asked.chat_id),
            role=role_of(rulebook.settings.telegram, asked.user_id, person),
            now=self._now(),
            store=store,
            fresh=secrets.token_urlsafe(12),
            bot_name=self.bot_name,
            additions=self._additions,
            spent_s=lambda: time.monotonic() - started,
        )

    def _to_stranger(self, context: Context) -> Reply | None:
        asked = context.request
        if asked.command == "start" and asked.argument and not asked.group:
            let_in = self._invited(context)
            if let_in is not None:
                return self.handle(replace(asked, argument=""))
        if not self._strangers.first(asked.chat_id):
            return None
        tr = localizer(asked.language.partition("-")[0])
        return Reply(
            html=tr.say(
                "Hello! This bot works for a closed circle. If you should be in it, ask its operator for an "
                "invitation or to add your user id <code>{user}</code>.",
                user=asked.user_id or "?",
            )
        )

    def _invited(self, context: Context) -> Person | None:
        """Guessing codes is slow: a handful an hour for each person."""
        asked = context.request
        if context.settings.access != "invite" or asked.user_id is None:
            return None
        if self._codes.ask(asked.user_id, context.now) != "go":
            return None
        return self._store.people.accept_invite(invite_id(asked.argument), asked.user_id, context.now)

    def _written(self, reply: Reply, context: Context) -> Reply:
        try:
            done = self._write(reply.changes)
        except ConfigError as error:
            return Reply(html=str(Markup.escape(str(error.problems[0]))), edit=reply.edit)
        if not done:
            return Reply(toast=context.localizer.plain("That was done already."), popup=True)
        if context.request.remote and reply.html and context.chat is not None:
            title = Markup("➡ <b>{}</b>\n").format(context.chat.title or context.chat.id)
            return replace(reply, html=f"{title}{reply.html}")
        return reply

    def _write(self, changes: Sequence[Change]) -> bool:
        """False when a draft among them was used up before; then nothing after it is written."""
        for change in changes:
            if isinstance(change, TakeDraft):
                if self._store.people.take_draft(change.draft_id, self._now()) is None and len(changes) > 1:
                    return False
            else:
                self._write_one(change)
        if any(isinstance(change, AddWatch | RemoveWatch | Forget) for change in changes):
            self._refresh()
        return True

    def _write_one(self, change: Change) -> None:  # noqa: C901, PLR0912 - one arm a change
        chats, people, now = self._store.chats, self._store.people, self._now()
        match change:
            case SaveChat():
                chats.save(change.chat, now)
            case Prefer():
                chats.prefer(change.chat_id, change.fields, now)
            case Subscribe():
                chats.subscribe(change.subscription, now)
            case Unsubscribe() if is_watch(change.topic_id):
                self._store.watches.remove(change.chat_id, change.topic_id)
                self._refresh()
            case Unsubscribe():
                chats.unsubscribe(change.chat_id, change.topic_id, now)
            case MuteIt():
                chats.mute(change.chat_id, change.mute, now)
            case Unmute():
                chats.unmute(change.chat_id, change.mute.kind, change.mute.target)
            case AddWatch():
                self._store.watches.add(change.watch, now)
            case RemoveWatch():
                self._store.watches.remove(change.watch.chat_id, change.watch.id)
            case AddDraft():
                people.add_draft(change.draft, now)
            case Judge():
                people.add_feedback(change.feedback)
            case SaveAlert():
                self._store.saved_alerts.add(change.alert)
            case UnsaveAlert():
                self._store.saved_alerts.remove(change.chat_id, change.article_id)
            case AddSources():
                if self._additions is not None:
                    self._additions.write(change.records)
            case AddInvite():
                people.add_invite(change.invite)
            case SavePerson():
                people.save(change.person)
            case RemovePerson():
                people.remove(change.user_id)
            case Pause():
                chats.pause(change.chat_id, change.reason, now, tell=False)
            case Wake():
                chats.wake(change.chat.id, now)
            case Forget():
                people.forget(change.user_id, change.chat_id)
                self._pace.forget(change.user_id)
            case TakeDraft():
                raise StoreError("a draft is taken before its changes are written")
