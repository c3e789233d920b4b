"""The Bot API's methods that show nothing to a user."""

from __future__ import annotations

from datetime import UTC, datetime

from tests.support.botapi.ledger import LedgerRow
from tests.support.botapi.methods import ADMIN_RIGHTS, POST_RIGHTS, Method, Request
from tests.support.botapi.world import ME, ApiError, Json

MAX_POLL_S = 50
TOAST_CHARACTERS = 200
DESCRIPTION_CHARACTERS = {"description": 512, "short_description": 120}
ADMIN = frozenset({"creator", "administrator"})


def get_me(_request: Request) -> object:
    """Bot API getMe."""
    return ME | {
        "can_join_groups": True,
        "can_read_all_group_messages": False,
        "supports_inline_queries": False,
    }


def get_updates(request: Request) -> object:
    """Bot API getUpdates: a real long poll; ``offset`` confirms what lies below it."""
    if request.world.webhook:
        raise ApiError(409, "Conflict: can't use getUpdates method while webhook is active")
    params = request.params
    return request.updates.poll(
        offset=params.number("offset") or 0,
        limit=params.number("limit") or 100,
        timeout_s=min(params.number("timeout") or 0, MAX_POLL_S),
    )


def set_webhook(request: Request) -> object:
    """Bot API setWebhook: kept, never called."""
    request.world.webhook = request.params.text("url")
    return True


def delete_webhook(request: Request) -> object:
    """Bot API deleteWebhook."""
    request.world.webhook = ""
    if request.params.flag("drop_pending_updates"):
        request.updates.clear()
    return True


def chat_action(request: Request) -> object:
    """Bot API sendChatAction."""
    return bool(request.chat.id)


def answer_callback(request: Request) -> object:
    """Bot API answerCallbackQuery: once for each query; its text is seen by the one who pressed."""
    place = request.world.pressed.pop(request.params.text("callback_query_id"), None)
    if place is None:
        raise ApiError(
            400, "Bad Request: query is too old and response timeout expired or query ID is invalid"
        )
    text = request.params.text("text")
    if len(text) > TOAST_CHARACTERS:
        raise ApiError(400, "Bad Request: MESSAGE_TOO_LONG")
    if text:
        request.ledger.add(
            LedgerRow(
                at=datetime.fromtimestamp(request.now, UTC),
                chat_id=place[0],
                thread_id=None,
                method=request.method,
                message_id=place[1],
                text=text,
                answer=request.answer,
            )
        )
    return True


def set_commands(request: Request) -> object:
    """Bot API setMyCommands, by scope."""
    commands = request.params.nested("commands")
    if not isinstance(commands, list):
        raise ApiError(400, "Bad Request: can't parse commands")
    for item in commands:
        name = str(item.get("command", ""))
        if not name.replace("_", "a").isalnum() or not name.islower() or not item["description"]:
            raise ApiError(400, "Bad Request: BOT_COMMAND_INVALID")
    request.world.commands[_scope(request)] = commands
    return True


def get_commands(request: Request) -> object:
    """Bot API getMyCommands, by scope."""
    return request.world.commands.get(_scope(request), [])


def set_description(request: Request) -> object:
    """Bot API setMyDescription and setMyShortDescription, by language; an empty one takes it away."""
    name = _description_name(request)
    text = request.params.text(name)
    if len(text) > DESCRIPTION_CHARACTERS[name]:
        raise ApiError(400, f"Bad Request: BOT_{name.upper()}_TOO_LONG")
    request.world.descriptions[name, request.params.text("language_code")] = text
    return True


def get_description(request: Request) -> object:
    """Bot API getMyDescription and getMyShortDescription, by language."""
    name = _description_name(request)
    return {name: request.world.descriptions.get((name, request.params.text("language_code")), "")}


def _description_name(request: Request) -> str:
    return "short_description" if "short" in request.method.lower() else "description"


def _scope(request: Request) -> str:
    scope = request.params.nested("scope") or {}
    chat_id = scope.get("chat_id")
    if chat_id is not None:
        request.world.chat(int(chat_id))
    kind = str(scope.get("type", "default"))
    language = request.params.text("language_code")
    kind = kind if chat_id is None else f"{kind}:{chat_id}"
    return f"{kind}/{language}" if language else kind


def get_chat(request: Request) -> object:
    """Bot API getChat: a ChatFullInfo."""
    return request.chat.as_json() | {
        "accent_color_id": 0,
        "max_reaction_count": 11,
        "accepted_gift_types": {
            "unlimited_gifts": False,
            "limited_gifts": False,
            "unique_gifts": False,
            "premium_subscription": False,
            "gifts_from_channels": False,
        },
    }


def get_member(request: Request) -> object:
    """Bot API getChatMember."""
    user_id = request.params.number("user_id")
    if user_id is None:
        raise ApiError(400, "Bad Request: invalid user_id specified")
    chat = request.chat
    return _member(user_id, chat.members.get(user_id, "left"), posts=chat.type == "channel")


def get_administrators(request: Request) -> object:
    """Bot API getChatAdministrators."""
    members = request.chat.members
    return [_member(user, status) for user, status in members.items() if status in ADMIN]


def _member(user_id: int, status: str, *, posts: bool = False) -> Json:
    user: Json = {"id": user_id, "is_bot": user_id == ME["id"], "first_name": f"User {user_id}"}
    found: Json = {"status": status, "user": user}
    if status in ADMIN:
        found["is_anonymous"] = False
    if status == "administrator":
        found |= dict.fromkeys(ADMIN_RIGHTS, False)
        if posts:
            found |= dict.fromkeys(POST_RIGHTS, True)
    return found


def leave_chat(request: Request) -> object:
    """Bot API leaveChat."""
    request.chat.left = True
    return True


def get_file(request: Request) -> object:
    """Bot API getFile: where a file can be fetched."""
    name = request.params.text("file_id")
    if name not in request.world.files:
        raise ApiError(400, "Bad Request: invalid file_id")
    return {"file_id": name, "file_unique_id": name, "file_path": name}


QUERIES: dict[str, Method] = {
    "getMe": get_me,
    "getUpdates": get_updates,
    "setWebhook": set_webhook,
    "deleteWebhook": delete_webhook,
    "sendChatAction": chat_action,
    "answerCallbackQuery": answer_callback,
    "setMyCommands": set_commands,
    "getMyCommands": get_commands,
    "setMyDescription": set_description,
    "getMyDescription": get_description,
    "setMyShortDescription": set_description,
    "getMyShortDescription": get_description,
    "getFile": get_file,
    "getChat": get_chat,
    "getChatMember": get_member,
    "getChatAdministrators": get_administrators,
    "leaveChat": leave_chat,
}
