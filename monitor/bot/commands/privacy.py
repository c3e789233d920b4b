"""What belongs to a person: /export and /forget."""

from __future__ import annotations

import json

from monitor.bot.effects import AddDraft, Forget, TakeDraft
from monitor.bot.request import Attachment, Context, Reply, Request, fresh_draft
from monitor.model import Button


def export(asked: Request, view: Context) -> Reply:
    """Everything that is stored of the person, as a JSON file. In the private chat only."""
    said = view.words(asked)
    if not asked.at_home or asked.user_id is None:
        return Reply(html=said.say("That is between you and me: write it in our private chat."))
    stored = view.store.people.everything(asked.user_id, asked.chat_id)
    told = {
        "made_at": view.now.isoformat(),
        "user_id": asked.user_id,
        "chat_id": asked.chat_id,
        "stored": {name: rows for name, rows in stored.items() if rows},
    }
    content = json.dumps(told, ensure_ascii=False, indent=2, default=str).encode()
    return Reply(
        html=said.say("This is everything that is stored of you."),
        file=Attachment(name=f"coverage-monitor-{view.now:%Y-%m-%d}.json", content=content),
    )


def forget(asked: Request, view: Context) -> Reply:
    """Asks once more."""
    said = view.words(asked)
    if not asked.at_home or asked.user_id is None:
        return Reply(html=said.say("That is between you and me: write it in our private chat."))
    draft = fresh_draft(asked, view, "forget")
    buttons = (
        (Button(text=said.plain("🗑 Delete everything"), action=f"f+:{draft.id}"),),
        (Button(text=said.plain("✖ Keep it"), action=f"x:{draft.id}"),),
    )
    text = said.say(
        "This deletes your topics, settings, mutes, verdicts and everything that was sent to you. "
        "It cannot be undone. /export gives you a copy first."
    )
    return Reply(html=text, buttons=buttons, changes=(AddDraft(draft=draft),))


def forgotten(asked: Request, view: Context, draft_id: str) -> Reply:
    """The pressed 🗑."""
    said = view.words(asked)
    draft = view.store.people.draft(draft_id, view.now)
    mine = draft and draft.kind == "forget" and draft.chat_id == asked.chat_id
    if draft is None or not mine or draft.user_id != asked.user_id or not asked.at_home:
        return Reply(toast=said.plain("This button is too old."), popup=True)
    text = said.say("Done. Nothing is stored of you any more.")
    if asked.chat_id in view.rulebook.chats:
        text += " " + said.say("The operator's own files still name this chat: ask them to take it out.")
    return Reply(
        html=text,
        edit=True,
        changes=(TakeDraft(draft_id=draft_id), Forget(user_id=draft.user_id, chat_id=asked.chat_id)),
    )
