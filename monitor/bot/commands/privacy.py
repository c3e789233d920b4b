"""What belongs to a person: /export and /forget."""

from __future__ import annotations

import json

from monitor.bot.effects import AddDraft, Forget, TakeDraft
from monitor.bot.request import Attachment, Context, Reply, fresh_draft
from monitor.model import Button


def export(context: Context) -> Reply:
    """Everything that is stored of the person, as a JSON file. In the private chat only."""
    said, user_id, chat_id = context.localizer, context.request.user_id, context.request.chat_id
    assert user_id is not None  # the table says that it is private
    stored = context.store.people.everything(user_id, chat_id)
    told = {
        "made_at": context.now.isoformat(),
        "user_id": user_id,
        "chat_id": chat_id,
        "stored": {name: rows for name, rows in stored.items() if rows},
    }
    content = json.dumps(told, ensure_ascii=False, indent=2, default=str).encode()
    return Reply(
        html=said.say("This is everything that is stored of you."),
        file=Attachment(name=f"coverage-monitor-{context.now:%Y-%m-%d}.json", content=content),
    )


def forget(context: Context) -> Reply:
    """Asks once more."""
    said = context.localizer
    draft = fresh_draft(context, "forget")
    buttons = (
        (Button(text=said.plain("🗑 Delete everything"), action=f"f+:{draft.id}"),),
        (Button(text=said.plain("✖ Keep it"), action=f"x:{draft.id}"),),
    )
    text = said.say(
        "This deletes your topics, settings, mutes, verdicts and everything that was sent to you. "
        "It cannot be undone. /export gives you a copy first."
    )
    return Reply(html=text, buttons=buttons, changes=(AddDraft(draft=draft),))


def forgotten(context: Context, draft_id: str) -> Reply:
    """The pressed 🗑."""
    said = context.localizer
    draft = context.store.people.draft(draft_id, context.now)
    mine = draft and draft.kind == "forget" and draft.chat_id == context.request.chat_id
    if draft is None or not mine or draft.user_id != context.request.user_id or not context.request.at_home:
        return Reply(toast=said.plain("This button is too old."), popup=True)
    text = said.say("Done. Nothing is stored of you any more.")
    if context.request.chat_id in context.rulebook.chats:
        text += " " + said.say("The operator's own files still name this chat: ask them to take it out.")
    return Reply(
        html=text,
        edit=True,
        changes=(
            TakeDraft(draft_id=draft_id),
            Forget(user_id=draft.user_id, chat_id=context.request.chat_id),
        ),
    )
