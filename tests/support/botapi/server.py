"""A Telegram Bot API server on loopback, for tests and demonstrations.

Real HTTP, so that the real client library runs unchanged against it. It checks what Telegram checks
(entities, lengths, limits), goes wrong when told to, and keeps a ledger of what users would have
seen, written before the bot gets its answer.
"""

from __future__ import annotations

import threading
import time
from collections.abc import Callable
from pathlib import Path
from types import TracebackType
from typing import Self

from tests.support.botapi.faults import STATUS, Fault, FaultScript, Limits, Pace
from tests.support.botapi.files import FILE_SENDS, messages_of
from tests.support.botapi.http import Answer, HttpServer, Params
from tests.support.botapi.ledger import Call, Ledger, LedgerRow
from tests.support.botapi.methods import TEXT_SENDS, Request
from tests.support.botapi.queries import QUERIES
from tests.support.botapi.world import ApiChat, ApiError, Json, Updates, World, chat_type_of

__all__ = ["BotApiServer", "Fault", "LedgerRow", "Limits"]

SENDS = TEXT_SENDS | FILE_SENDS
TOKEN = "424242:TEST-token-for-the-loopback-server"


class BotApiServer:
    """One bot's view of Telegram. A context manager; every method may be called from any thread.

    Args:
        token: the only token that is accepted.
        port: 0 takes a free one.
        limits: enforce Telegram's sending limits; None lets everything through.
        ledger_path: keep the ledger in this JSON-lines file too.
        clock: seconds since 1970.
    """

    def __init__(
        self,
        *,
        token: str = TOKEN,
        port: int = 0,
        limits: Limits | None = None,
        ledger_path: Path | None = None,
        clock: Callable[[], float] = time.time,
    ) -> None:
        self.token = token
        self.ledger_book = Ledger(ledger_path)
        self.world = World()
        self._calls: list[Call] = []
        self._clock = clock
        self._faults = FaultScript()
        self._pace = Pace(limits) if limits else None
        self._stopping = threading.Event()
        self._updates = Updates(self._stopping.is_set)
        self._server = HttpServer(port, self._answer, self._file)
        self._thread = threading.Thread(
            target=self._server.serve_forever, args=(0.05,), name="bot-api-server"
        )

    def __enter__(self) -> Self:
        self._thread.start()
        return self

    def __exit__(
        self,
        kind: type[BaseException] | None,
        error: BaseException | None,
        trace: TracebackType | None,
    ) -> None:
        self._stopping.set()
        self._server.shutdown()
        self._updates.wake()
        self._server.cut_all()
        self._server.server_close()
        self._thread.join()

    @property
    def base_url(self) -> str:
        """What the client puts before the token."""
        return f"http://127.0.0.1:{self._server.server_address[1]}/bot"

    @property
    def ledger(self) -> list[LedgerRow]:
        """What users have seen so far, oldest first."""
        return self.ledger_book.rows()

    @property
    def calls(self) -> list[Call]:
        """Every request so far, with the status that it got."""
        return list(self._calls)

    def wait(
        self, enough: Callable[[list[LedgerRow]], bool] | int, *, timeout_s: float = 20.0
    ) -> list[LedgerRow]:
        """The ledger as soon as it is ``enough`` (a number of rows, or a test of them).

        Raises ``TimeoutError`` that shows the ledger as it is.
        """
        if isinstance(enough, int):
            count = enough
            return self.ledger_book.wait(lambda rows: len(rows) >= count, timeout_s=timeout_s)
        return self.ledger_book.wait(enough, timeout_s=timeout_s)

    def add_chat(
        self,
        chat_id: int,
        *,
        chat_type: str = "",
        title: str = "",
        threads: tuple[int, ...] = (),
        admins: tuple[int, ...] = (),
    ) -> ApiChat:
        """Let the bot write to this chat. ``threads`` are forum topics, ``admins`` user ids."""
        members = dict.fromkeys(admins, "administrator")
        kind = chat_type or chat_type_of(chat_id)
        chat = self.world.add_chat(ApiChat(id=chat_id, type=kind, title=title))
        chat.threads.update(threads)
        chat.members.update(members)
        return chat

    def block(self, chat_id: int, *, blocked: bool = True) -> None:
        """From now on this chat answers 403, or no longer does."""
        self.add_chat(chat_id).blocked = blocked

    def migrate(self, chat_id: int, new_id: int) -> None:
        """The group becomes a supergroup under a new id."""
        self.add_chat(new_id)
        self.add_chat(chat_id).moved_to = new_id

    def script(self, chat_id: int | None, fault: Fault, *, times: int = 1, method: str | None = None) -> None:
        """Let the next ``times`` requests for this chat go wrong.

        ``chat_id`` None means any chat. ``method`` None means any method that shows something; name
        one for the others (``getUpdates``, ``getMe``).
        """
        if fault.kind == "migrate":
            self.add_chat(fault.migrate_to)
        self._faults.add(chat_id, fault, times=times, method=method)

    def rule(self, rule: Callable[[int | None, str], Fault | None] | None) -> None:
        """Ask ``rule`` (chat id, method) about each request that shows something and that no script
        names. It may be called from several threads."""
        self._faults.rule = rule

    def say(
        self,
        chat_id: int,
        text: str,
        *,
        user_id: int | None = None,
        chat_type: str = "",
        thread_id: int | None = None,
        name: str = "",
        language: str = "",
        reply_to: int | None = None,
        file: tuple[str, bytes] | None = None,
    ) -> int:
        """A person writes, or sends a file (its name and content). Returns the message id.

        In a private chat the person is the chat.
        """
        chat = self.add_chat(chat_id, chat_type=chat_type, threads=(thread_id,) if thread_id else ())
        if name and chat.type == "private":
            chat.title = name
        author = user_id if user_id is not None else chat_id
        chat.members.setdefault(author, "member")
        message_id = self.world.next_message_id(chat_id)
        message: Json = {
            "message_id": message_id,
            "date": int(self._clock()),
            "chat": chat.as_json(),
            "from": _user(author, name or f"User {author}", language),
            "text": text,
        }
        if file is not None:
            name, content = file
            self.world.files[name] = content
            message["document"] = {
                "file_id": name,
                "file_unique_id": name,
                "file_name": name,
                "file_size": len(content),
            }
            del message["text"]
        if text.startswith("/"):
            size = len(text.split(maxsplit=1)[0])
            message["entities"] = [{"type": "bot_command", "offset": 0, "length": size}]
        if reply_to is not None:
            message["reply_to_message"] = self.world.message(chat_id, reply_to, missing="replied")
        if thread_id is not None:
            message |= {"message_thread_id": thread_id, "is_topic_message": True}
        self.world.messages[chat_id, message_id] = message
        self._updates.add({"message": message})
        return message_id

    def press(self, chat_id: int, data: str, *, user_id: int, message_id: int, language: str = "") -> str:
        """A client sends callback data for a message, whatever it likes. Returns the query's id."""
        message = self.world.message(chat_id, message_id, missing="message to press")
        with self.world.lock:
            query_id = f"callback-{len(self.world.pressed)}-{self._updates.next_id()}"
            self.world.pressed[query_id] = (chat_id, message_id)
        callback: Json = {
            "id": query_id,
            "from": _user(user_id, f"User {user_id}", language),
            "chat_instance": str(chat_id),
            "message": message,
            "data": data,
        }
        self._updates.add({"callback_query": callback})
        return query_id

    def button(self, chat_id: int, message_id: int, text: str) -> str:
        """The callback data of the button of a message whose text contains ``text``.

        Raises ``LookupError`` that names the buttons that there are.
        """
        message = self.world.message(chat_id, message_id, missing="message with buttons")
        markup = message.get("reply_markup")
        rows = markup.get("inline_keyboard", []) if isinstance(markup, dict) else []
        for each in (each for row in rows for each in row):
            if text in str(each["text"]):
                return str(each.get("callback_data") or each.get("url"))
        raise LookupError(f"no button {text!r} among {[each['text'] for row in rows for each in row]}")

    def tap(
        self,
        chat_id: int,
        text: str,
        *,
        user_id: int | None = None,
        message_id: int | None = None,
        language: str = "",
    ) -> str:
        """A person presses the button with this text, under the chat's newest message unless named."""
        newest = max((number for chat, number in self.world.messages if chat == chat_id), default=0)
        at = message_id or newest
        data = self.button(chat_id, at, text)
        return self.press(
            chat_id, data, user_id=chat_id if user_id is None else user_id, message_id=at, language=language
        )

    def unconfirmed(self) -> list[Json]:
        """Updates that the bot has not confirmed yet."""
        return self._updates.unconfirmed()

    def _file(self, token: str, path: str) -> bytes | None:
        return self.world.files.get(path) if token == self.token else None

    def _answer(self, token: str, method: str, params: Params) -> Answer:
        chat_id = params.number("chat_id")
        if token != self.token:
            answer = _error(ApiError(401, "Unauthorized"))
        elif method not in SENDS and method not in QUERIES:
            answer = _error(ApiError(404, "Not Found"))
        else:
            try:
                answer = self._run(method, params, chat_id)
            except ApiError as error:
                answer = _error(error)
        self._calls.append(Call(at=self._clock(), method=method, chat_id=chat_id, status=answer.status))
        return answer

    def _run(self, method: str, params: Params, chat_id: int | None) -> Answer:
        sends = method in SENDS
        fault = self._faults.take(chat_id, method, sends=sends)
        if fault is not None and not fault.accepts:
            return _refusal(fault)
        if sends and self._pace is not None:
            self._hold_to_limits(chat_id, self._pace, messages_of(method, params))
        request = Request(
            method=method,
            params=params,
            world=self.world,
            ledger=self.ledger_book,
            updates=self._updates,
            now=self._clock(),
            answer=fault.kind if fault else "ok",
        )
        result = (SENDS | QUERIES)[method](request)
        answer = Answer(body={"ok": True, "result": result})
        return self._spoil(answer, fault) if fault else answer

    def _hold_to_limits(self, chat_id: int | None, pace: Pace, messages: int) -> None:
        chat = self.world.chat(chat_id)
        wait = pace.refusal(chat.id, group=chat.type != "private", now=self._clock(), messages=messages)
        if wait:
            raise ApiError(429, f"Too Many Requests: retry after {wait}", {"retry_after": wait})

    def _spoil(self, answer: Answer, fault: Fault) -> Answer:
        """What the bot gets although the message was taken."""
        if fault.kind == "accept_bad_gateway":
            return _error(ApiError(502, "Bad Gateway"))
        if fault.kind in {"accept_delay", "accept_hang"}:
            self._stopping.wait(fault.seconds)
        return answer if fault.kind == "accept_delay" else Answer(status=0, cut=True)


def _user(user_id: int, name: str, language: str) -> Json:
    user: Json = {"id": user_id, "is_bot": False, "first_name": name}
    return user | {"language_code": language} if language else user


def _refusal(fault: Fault) -> Answer:
    status, description = STATUS[fault.kind]
    said = fault.description or description.format(retry_after=fault.retry_after)
    parameters: Json | None = None
    if fault.kind == "throttled":
        parameters = {"retry_after": fault.retry_after}
    elif fault.kind == "migrate":
        parameters = {"migrate_to_chat_id": fault.migrate_to}
    return _error(ApiError(status, said, parameters))


def _error(error: ApiError) -> Answer:
    body: Json = {"ok": False, "error_code": error.status, "description": error.description}
    if error.parameters:
        body["parameters"] = error.parameters
    return Answer(status=error.status, body=body)
