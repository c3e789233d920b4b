"""``monitor outbox``: what is to be sent and what became of it."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from datetime import UTC, datetime
from pathlib import Path
from typing import TYPE_CHECKING, get_args

import typer

from monitor.cli.archive.opened import opened
from monitor.cli.output import CONFIG_OPTION, JSON_OPTION, emit, examples, moment, say, table
from monitor.cli.pipeline.inputs import InputError, each

if TYPE_CHECKING:
    from monitor.model import Delivery
    from monitor.ports import Store

app = typer.Typer(
    help="What is to be sent and what became of it.",
    no_args_is_help=True,
    epilog=examples("monitor outbox list", "monitor outbox retry --dead"),
)
STATES = ("pending", "sending", "unsure", "dead")


def _states(value: list[str]) -> list[str]:
    from monitor.model.alert import DeliveryState

    every = get_args(DeliveryState)
    for state in value:
        if state not in every:
            raise typer.BadParameter(f"{state!r} is no state; the states are {', '.join(every)}")
    return value


@app.command("list", epilog=examples("monitor outbox list", "monitor outbox list --state dead"))
def list_deliveries(
    config: Path = CONFIG_OPTION,
    state: list[str] = typer.Option(STATES, "--state", "-s", help="Only these states.", callback=_states),
    limit: int = typer.Option(50, "--limit", "-n", min=1, max=10_000, help="At most so many."),
    *,
    json: bool = JSON_OPTION,
) -> None:
    """Deliveries that are open or in trouble; `--state sent` shows what arrived."""
    with opened(config) as (store, _):
        found = store.outbox.list(states=tuple(state), limit=limit)
    if json:
        for item in found:
            emit(
                {
                    "key": item.key,
                    "chat": item.chat_id,
                    "kind": item.kind,
                    "story": item.story_id,
                    "state": item.state,
                    "attempts": item.attempts,
                    "uncertain_sends": item.uncertain_sends,
                    "not_before": item.not_before,
                    "sent_at": item.sent_at,
                    "message_id": item.message_id,
                    "error": item.error,
                }
            )
        return
    rows = (
        (i.key[:12], i.chat_id, i.kind, i.state, i.attempts, moment(i.not_before), i.error) for i in found
    )
    table("Deliveries", ("key", "chat", "kind", "state", "tries", "not before", "error"), rows)


@app.command("show", epilog=examples("monitor outbox show 3f2a…", "monitor outbox show 3f2a… --json"))
def show(
    key: str = typer.Argument(..., metavar="KEY", help="A delivery's key, or its beginning."),
    config: Path = CONFIG_OPTION,
    *,
    json: bool = JSON_OPTION,
) -> None:
    """One delivery: where it goes, what became of it, and its message as its chat would get it now."""
    from monitor.jobs.preview import plain_text

    with opened(config) as (store, _):
        everything = store.outbox.list(limit=10_000)
        found = store.outbox.get(key) or _named(key, everything)
        chat = store.chats.chat(found.chat_id)
        text = plain_text(found, chat, store.outbox, datetime.now(UTC)) if chat else ""
    record = {
        "key": found.key,
        "chat": found.chat_id,
        "kind": found.kind,
        "state": found.state,
        "attempts": found.attempts,
        "created_at": found.created_at,
        "not_before": found.not_before,
        "sent_at": found.sent_at,
        "error": found.error,
        "story": found.story_id,
        "article": found.article_id,
    }
    if json:
        emit({**record, "text": text})
        return
    for name, value in record.items():
        if value not in (None, ""):
            say(f"{name:<10} {moment(value) if isinstance(value, datetime) else value}")
    say("")
    say(text or "(its chat is gone, or there is nothing to say any more)")


@app.command("retry", epilog=examples("monitor outbox retry 3f2a…", "monitor outbox retry --dead"))
def retry(
    keys: list[str] = typer.Argument(None, metavar="KEY"),
    config: Path = CONFIG_OPTION,
    *,
    dead: bool = typer.Option(False, "--dead", help="Every dead delivery."),
    json: bool = JSON_OPTION,
) -> None:
    """Put dead, held or cancelled deliveries back to be sent, with the parts that wait for them."""
    if not keys and not dead:
        raise typer.BadParameter("name the keys of deliveries, or say --dead")
    with opened(config) as (store, _):
        listed = store.outbox.list(states=("dead", "unsure", "cancelled"), limit=10_000)
        chosen = [*(keys or []), *(item.key for item in listed if dead and item.state == "dead")]

        def again(key: str) -> None:
            store.outbox.retry(key, datetime.now(UTC))

        code = _change(chosen, listed, again, "pending", _outlook(store), as_json=json)
    if not chosen and not json:
        say("No delivery is dead: nothing to retry.")
    if code:
        raise typer.Exit(code)


@app.command("cancel", epilog=examples("monitor outbox cancel 3f2a…"))
def cancel(
    keys: list[str] = typer.Argument(..., metavar="KEY"),
    config: Path = CONFIG_OPTION,
    *,
    json: bool = JSON_OPTION,
) -> None:
    """Give deliveries up: what waits, is held or dead. A held one that did arrive ends like this."""
    with opened(config) as (store, _):
        listed = store.outbox.list(states=("pending", "dead", "unsure"), limit=10_000)

        def give_up(key: str) -> None:
            store.outbox.cancel(key, "cancelled by the operator")

        code = _change(list(keys), listed, give_up, "cancelled", lambda _: "will not be sent", as_json=json)
    if code:
        raise typer.Exit(code)


def _change(
    prefixes: list[str],
    listed: Sequence[Delivery],
    act: Callable[[str], None],
    state: str,
    wording: Callable[[Delivery], str],
    *,
    as_json: bool,
) -> int:
    """Do it to each delivery that a prefix of its key names; the exit code tells whether all were found."""

    def one(prefix: str) -> None:
        found = _named(prefix, listed)
        act(found.key)
        if as_json:
            emit({"key": found.key, "state": state})
        else:
            say(f"{found.key}: {wording(found)}.")

    return each(prefixes, one, as_json=as_json)


def _named(prefix: str, listed: Sequence[Delivery]) -> Delivery:
    """The delivery whose key begins so; parts and pictures that follow it begin so too, and go with it."""
    found = [item for item in listed if item.key.startswith(prefix)]
    exact = [item for item in found if item.key == prefix]
    keys = {item.key for item in found}
    first = exact or [item for item in found if item.after_key not in keys]
    if len(first) != 1:
        reason = "no such delivery" if not found else "stands for several deliveries"
        raise InputError(f"{prefix}: {reason}; see `monitor outbox list`")
    return first[0]


def _outlook(store: Store) -> Callable[[Delivery], str]:
    """What becomes of a delivery that is put back; not before its chat takes messages."""
    chats = {chat.id: chat for chat in store.chats.all()}

    def wording(item: Delivery) -> str:
        chat = chats.get(item.chat_id)
        if chat is None:
            return f"its chat {item.chat_id} is gone, so it will not be sent"
        if chat.state != "paused":
            return "will be sent again"
        how = "it is sent when the chat takes messages again"
        if chat.retry_at is None:
            how = f"it is sent when somebody wakes the chat (`monitor chats wake {chat.id}`)"
        return f"its chat {chat.id} is paused ({chat.paused_because}); {how}"

    return wording
