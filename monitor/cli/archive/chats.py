"""``monitor chats``: where alerts go, which chats are paused and why, and waking them."""

from __future__ import annotations

from datetime import UTC, datetime
from pathlib import Path

import typer

from monitor.cli.archive.opened import opened
from monitor.cli.output import CONFIG_OPTION, JSON_OPTION, emit, examples, moment, say, table
from monitor.cli.pipeline.inputs import InputError, each

app = typer.Typer(
    help="Where alerts go, which chats are paused and why.",
    no_args_is_help=True,
    epilog=examples("monitor chats list", "monitor chats wake webhook:desk"),
)


@app.command("list", epilog=examples("monitor chats list", "monitor chats list --paused"))
def list_chats(
    config: Path = CONFIG_OPTION,
    *,
    paused: bool = typer.Option(False, "--paused", help="Only chats that are paused."),
    json: bool = JSON_OPTION,
) -> None:
    """Every chat with its state; a paused one with the reason, and when it is tried again."""
    with opened(config) as (store, _):
        found = [chat for chat in store.chats.all() if chat.state == "paused" or not paused]
    if json:
        for chat in found:
            emit(
                {
                    "id": chat.id,
                    "title": chat.title,
                    "state": chat.state,
                    "reason": chat.paused_because or None,
                    "retry_at": chat.retry_at,
                    "operator": chat.operator,
                    "subscriptions": len(chat.subscriptions),
                }
            )
        return
    rows = (
        (chat.id, chat.title, chat.state, chat.paused_because, moment(chat.retry_at), len(chat.subscriptions))
        for chat in found
    )
    table("Chats", ("chat", "title", "state", "reason", "tried again", "subscriptions"), rows)


@app.command("wake", epilog=examples("monitor chats wake telegram:-1001234/7"))
def wake(
    chats: list[str] = typer.Argument(..., metavar="CHAT"),
    config: Path = CONFIG_OPTION,
    *,
    json: bool = JSON_OPTION,
) -> None:
    """Write to paused chats again, at once, with what was held for them."""
    with opened(config) as (store, _):

        def one(chat_id: str) -> None:
            chat = store.chats.chat(chat_id)
            if chat is None:
                raise InputError(f"{chat_id}: no such chat; see `monitor chats list`")
            store.chats.wake(chat_id, datetime.now(UTC))
            if json:
                emit({"id": chat_id, "state": "active"})
            else:
                say(f"{chat_id}: {'is written to again' if chat.state == 'paused' else 'was not paused'}.")

        code = each(list(chats), one, as_json=json)
    if code:
        raise typer.Exit(code)
