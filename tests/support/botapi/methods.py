"""The Bot API's methods for text: parameters in, result out. Visible ones write the ledger first."""

from __future__ import annotations

import re
from collections.abc import Callable
from dataclasses import dataclass
from datetime import UTC, datetime

from tests.support.botapi.entities import BadEntities, Entity, parse_html, units
from tests.support.botapi.http import Params
from tests.support.botapi.ledger import Ledger, LedgerRow
from tests.support.botapi.world import ME, ApiChat, ApiError, Json, Updates, World

TEXT_UNITS = 4096
DATA_BYTES = 64
WEB = re.compile(r"https?://[^/\s]+")
NOT_MODIFIED = (
    "message is not modified: specified new message content and reply markup are exactly the same "
    "as a current content and reply markup of the message"
)
ADMIN_RIGHTS = [
    "can_be_edited",
    "can_manage_chat",
    "can_delete_messages",
    "can_manage_video_chats",
    "can_restrict_members",
    "can_promote_members",
    "can_change_info",
    "can_invite_users",
    "can_post_stories",
    "can_edit_stories",
    "can_delete_stories",
]
POST_RIGHTS = ["can_post_messages", "can_edit_messages"]


@dataclass(frozen=True, slots=True, kw_only=True)
class Request:
    """One call of a method. ``answer`` is what the ledger notes about how it was answered."""

    method: str
    params: Params
    world: World
    ledger: Ledger
    updates: Updates
    now: float
    answer: str = "ok"

    @property
    def chat(self) -> ApiChat:
        """The chat of ``chat_id``, or Telegram's error."""
        return self.world.chat(self.params.number("chat_id"))


@dataclass(frozen=True, slots=True, kw_only=True)
class _Text:
    text: str
    html: str = ""
    entities: tuple[Entity, ...] = ()


def formatted(params: Params, name: str, limit: int) -> _Text:
    raw = params.text(name)
    mode = params.text("parse_mode").upper()
    if mode not in {"", "HTML"}:
        raise ApiError(400, "Bad Request: unsupported parse_mode")
    try:
        text, entities = parse_html(raw) if mode else (raw.strip(), ())
    except BadEntities as error:
        raise ApiError(400, f"Bad Request: can't parse entities: {error}") from error
    if units(text) > limit:
        what = "message caption" if name == "caption" else "message"
        raise ApiError(400, f"Bad Request: {what} is too long")
    return _Text(text=text, html=raw, entities=entities)


def _thread(params: Params, chat: ApiChat) -> int | None:
    thread = params.number("message_thread_id")
    if thread is not None and thread not in chat.threads:
        raise ApiError(400, "Bad Request: message thread not found")
    return thread


def _reply_to(request: Request, chat: ApiChat) -> int | None:
    wanted = request.params.nested("reply_parameters") or {}
    message_id = wanted.get("message_id")
    if message_id is None or (chat.id, message_id) in request.world.messages:
        return message_id
    if wanted.get("allow_sending_without_reply"):
        return None
    raise ApiError(400, "Bad Request: message to be replied not found")


def say(request: Request, found: _Text, content: Json, *, caption: bool) -> Json:
    """Store a new message of the bot, write the ledger and give the message as JSON."""
    params = request.params
    with request.world.lock:
        chat = request.chat
        thread, reply_to = _thread(params, chat), _reply_to(request, chat)
        message_id = request.world.next_message_id(chat.id)
        message: Json = {
            "message_id": message_id,
            "from": ME,
            "chat": chat.as_json(),
            "date": int(request.now),
            **content,
        }
        _put_text(message, found, caption=caption)
        if thread is not None:
            message |= {"message_thread_id": thread, "is_topic_message": True}
        if (markup := _markup(params)) is not None:
            message["reply_markup"] = markup
        request.ledger.add(_row(request, message, found, reply_to=reply_to))
        request.world.messages[chat.id, message_id] = message
        return message


def _row(
    request: Request,
    message: Json,
    found: _Text,
    *,
    edited_from: str | None = None,
    reply_to: int | None = None,
) -> LedgerRow:
    thread, message_id = message.get("message_thread_id"), message["message_id"]
    assert isinstance(message_id, int)
    return LedgerRow(
        at=datetime.fromtimestamp(request.now, UTC),
        chat_id=request.chat.id,
        thread_id=thread if isinstance(thread, int) else None,
        method=request.method,
        message_id=message_id,
        text=found.text,
        html=found.html,
        edited_from=edited_from,
        reply_to=reply_to,
        silent=request.params.flag("disable_notification"),
        buttons=_texts(message.get("reply_markup")),
        file=_upload(message),
        answer=request.answer,
    )


def _markup(params: Params) -> Json | None:
    """The keyboard, checked as Telegram does: whole rows, one use a button, 1–64 bytes of data."""
    markup = params.nested("reply_markup")
    if markup is None or "inline_keyboard" not in markup:
        return markup if isinstance(markup, dict) else None
    for row in markup["inline_keyboard"]:
        for button in row:
            if not str(button.get("text", "")).strip():
                raise ApiError(400, "Bad Request: text buttons are unallowed in the inline keyboard")
            data, url = button.get("callback_data"), button.get("url")
            if (data is None) == (url is None):
                raise ApiError(400, "Bad Request: inline keyboard button must have exactly one use")
            if data is not None and not 1 <= len(str(data).encode()) <= DATA_BYTES:
                raise ApiError(400, "Bad Request: BUTTON_DATA_INVALID")
    return dict(markup)


def _texts(markup: object) -> tuple[tuple[str, ...], ...]:
    rows = markup.get("inline_keyboard", []) if isinstance(markup, dict) else []
    return tuple(tuple(str(button["text"]) for button in row) for row in rows)


def _upload(message: Json) -> str:
    document = message.get("document")
    if isinstance(document, dict):
        return str(document["file_name"])
    photo = message.get("photo")
    if not isinstance(photo, list):
        return ""
    name = str(photo[0]["file_id"])
    return name if WEB.match(name) else "photo"


def _put_text(message: Json, found: _Text, *, caption: bool) -> None:
    names = ("caption", "caption_entities") if caption else ("text", "entities")
    message.pop(names[1], None)
    if found.text or not caption:
        message[names[0]] = found.text
    if found.entities:
        message[names[1]] = [entity.as_json() for entity in found.entities]


def send_message(request: Request) -> object:
    """Bot API sendMessage."""
    found = formatted(request.params, "text", TEXT_UNITS)
    if not found.text:
        raise ApiError(400, "Bad Request: message text is empty")
    return say(request, found, {}, caption=False)


def edit_text(request: Request) -> object:
    """Bot API editMessageText."""
    return _edit(request, text=True)


def edit_markup(request: Request) -> object:
    """Bot API editMessageReplyMarkup."""
    return _edit(request, text=False)


def _edit(request: Request, *, text: bool) -> Json:
    params = request.params
    with request.world.lock:
        chat = request.chat
        message_id = params.number("message_id") or 0
        message = request.world.message(chat.id, message_id, missing="message to edit")
        if "text" not in message and text:
            raise ApiError(400, "Bad Request: there is no text in the message to edit")
        changed = dict(message)
        before = str(message.get("text", ""))
        found = _Text(text=before)
        if text:
            found = formatted(params, "text", TEXT_UNITS)
            if not found.text:
                raise ApiError(400, "Bad Request: message text is empty")
            _put_text(changed, found, caption=False)
        markup = _markup(params)
        changed.pop("reply_markup", None)
        if markup and markup.get("inline_keyboard"):
            changed["reply_markup"] = markup
        if changed == message:
            raise ApiError(400, f"Bad Request: {NOT_MODIFIED}")
        changed["edit_date"] = int(request.now)
        request.ledger.add(_row(request, changed, found, edited_from=before))
        request.world.messages[chat.id, message_id] = changed
        return changed


def delete_message(request: Request) -> object:
    """Bot API deleteMessage."""
    with request.world.lock:
        chat = request.chat
        message_id = request.params.number("message_id") or 0
        gone = request.world.message(chat.id, message_id, missing="message to delete")
        before = str(gone.get("text", ""))
        gone = {name: value for name, value in gone.items() if name != "reply_markup"}
        request.ledger.add(_row(request, gone, _Text(text=""), edited_from=before))
        del request.world.messages[chat.id, message_id]
        return True


Method = Callable[[Request], object]
TEXT_SENDS: dict[str, Method] = {
    "sendMessage": send_message,
    "editMessageText": edit_text,
    "editMessageReplyMarkup": edit_markup,
    "deleteMessage": delete_message,
}
