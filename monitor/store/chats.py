"""Chats and subscriptions: from the config and from people in chat."""

from __future__ import annotations

import dataclasses
from collections import defaultdict
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime

from sqlalchemy import ColumnElement, Connection, Table, delete, insert, or_, select, true, update

from monitor.core.delivery.preferences import digest_text
from monitor.i18n.localizer import note
from monitor.model import Audience, Chat, Mute, Subscription
from monitor.store.codec import chat, chat_row, mute, subscription
from monitor.store.database import Database, insert_into
from monitor.store.queries.audience import find_audience, find_subscribers
from monitor.store.tables.people import drafts, feedback, mutes, saved_alerts, watches
from monitor.store.tables.schema import chat_moves, chats, deliveries, subscriptions
from monitor.store.writes.chat_pauses import cancel_open, open_chat, pause_chat

_CONFIG, _CHAT = "config", "chat"
_COLUMNS_OF = {"quiet": ("quiet_start", "quiet_end")}


@dataclass(frozen=True, slots=True)
class StoredChats:
    """``monitor.ports.Chats`` in a database."""

    database: Database

    def sync(self, chats: Sequence[Chat], now: datetime) -> None:
        """What a person chose in chat outweighs the config: such a subscription stays as it is.

        A chat that the config names no more goes, unless people subscribed there themselves.
        A paused chat stays paused.
        """
        with self.database.write() as connection:
            rows = select(chat_moves.c.old_id, chat_moves.c.new_id)
            moves = dict(connection.execute(rows).all())
            current = [_moved(item, moves) for item in chats]
            _drop_config(connection, keep={item.id for item in current}, now=now)
            for item in current:
                _write(connection, item, _CONFIG, now)

    def chat(self, chat_id: str) -> Chat | None:
        with self.database.read() as connection:
            found = _read(connection, chats.c.id == chat_id)
        return found[0] if found else None

    def all(self) -> tuple[Chat, ...]:
        with self.database.read() as connection:
            return _read(connection, true())

    def save(self, chat: Chat, now: datetime) -> None:
        """``chat.state`` is written too: this is how a paused chat is opened again."""
        with self.database.write() as connection:
            connection.execute(delete(subscriptions).where(subscriptions.c.chat_id == chat.id))
            _write(connection, chat, _CHAT, now)
            connection.execute(update(chats).where(chats.c.id == chat.id).values(state=chat.state))
            if chat.state == "active":
                open_chat(connection, chat.id, now)

    def subscribe(self, subscription: Subscription, now: datetime) -> None:
        del now
        with self.database.write() as connection:
            _put(connection, subscription, _CHAT, replace=True)

    def unsubscribe(self, chat_id: str, topic_id: str, now: datetime) -> bool:
        """A subscription from the config is switched off rather than deleted, so that it stays off."""
        del now
        this = (subscriptions.c.chat_id == chat_id, subscriptions.c.topic_id == topic_id)
        with self.database.write() as connection:
            ended = connection.execute(
                update(subscriptions)
                .where(*this, subscriptions.c.origin == _CONFIG, subscriptions.c.mode != "off")
                .values(mode="off", origin=_CHAT)
            ).rowcount
            if not ended:
                ended = connection.execute(
                    delete(subscriptions).where(*this, subscriptions.c.mode != "off")
                ).rowcount
        return ended > 0

    def subscribers(self, topic_ids: Sequence[str]) -> tuple[Chat, ...]:
        """Their subscriptions are only those that bear on these topics, switched-off ones too."""
        with self.database.read() as connection:
            return find_subscribers(connection, topic_ids)

    def audience(
        self,
        topic_ids: Sequence[str],
        story_ids: Sequence[str],
        *,
        replies_since: datetime,
        article_id: str | None = None,
    ) -> Audience:
        with self.database.read() as connection:
            return find_audience(connection, topic_ids, story_ids, replies_since, article_id=article_id)

    def prefer(self, chat_id: str, changes: Mapping[str, object], now: datetime) -> bool:
        """The chosen fields are the person's from now on: later syncs leave them alone."""
        with self.database.write() as connection:
            found = _read(connection, chats.c.id == chat_id)
            if not found:
                return False
            row = chat_row(dataclasses.replace(found[0], **changes))  # type: ignore[arg-type]
            names = {name for field in changes for name in _COLUMNS_OF.get(field, (field,))}
            connection.execute(
                update(chats)
                .where(chats.c.id == chat_id)
                .values(
                    chosen=sorted(names | _chosen(connection, chat_id)),
                    updated_at=now,
                    **{name: row[name] for name in names},
                )
            )
        return True

    def mute(self, chat_id: str, mute: Mute, now: datetime) -> None:
        row = {name: getattr(mute, name) for name in ("kind", "target", "until", "title")}
        row |= {"chat_id": chat_id, "made_at": now}
        with self.database.write() as connection:
            statement = insert_into(connection, mutes).values(row)
            natural = [mutes.c.chat_id, mutes.c.kind, mutes.c.target]
            connection.execute(statement.on_conflict_do_update(index_elements=natural, set_=row))

    def unmute(self, chat_id: str, kind: str, target: str) -> bool:
        with self.database.write() as connection:
            ended = connection.execute(
                delete(mutes).where(
                    mutes.c.chat_id == chat_id, mutes.c.kind == kind, mutes.c.target == target
                )
            )
            return ended.rowcount > 0

    def wake(self, chat_id: str, now: datetime) -> None:
        with self.database.write() as connection:
            open_chat(connection, chat_id, now)

    def pause(self, chat_id: str, reason: str, now: datetime, *, tell: bool = True) -> None:
        with self.database.write() as connection:
            pause_chat(connection, chat_id, reason, now, tell=tell)


def move_chat(connection: Connection, old_id: str, new_id: str, now: datetime) -> None:
    """Rewrite a chat's id everywhere, inside the caller's transaction, and remember it for later syncs.

    Where the new chat is known already, its own settings and subscriptions win.
    """
    if old_id != new_id:
        _move(connection, old_id, new_id, now)


def _moved(item: Chat, moves: dict[str, str]) -> Chat:
    new_id = moves.get(item.id)
    if new_id is None:
        return item
    return dataclasses.replace(
        item,
        id=new_id,
        address=_address(new_id),
        subscriptions=tuple(dataclasses.replace(one, chat_id=new_id) for one in item.subscriptions),
    )


def _address(chat_id: str) -> str:
    return chat_id.partition(":")[2]


def _read(connection: Connection, *wanted: ColumnElement[bool]) -> tuple[Chat, ...]:
    rows = connection.execute(select(chats).where(*wanted).order_by(chats.c.id)).mappings().all()
    own = select(subscriptions).order_by(subscriptions.c.topic_id)
    if len(rows) == 1:
        own = own.where(subscriptions.c.chat_id == rows[0]["id"])
    muted = select(mutes).order_by(mutes.c.made_at, mutes.c.target)
    if len(rows) == 1:
        muted = muted.where(mutes.c.chat_id == rows[0]["id"])
    by_chat: defaultdict[str, list[Subscription]] = defaultdict(list)
    for row in connection.execute(own).mappings():
        by_chat[row["chat_id"]].append(subscription(row))
    unheard: defaultdict[str, list[Mute]] = defaultdict(list)
    for row in connection.execute(muted).mappings():
        unheard[row["chat_id"]].append(mute(row))
    return tuple(chat(row, tuple(by_chat[row["id"]]), tuple(unheard[row["id"]])) for row in rows)


def _write(connection: Connection, item: Chat, origin: str, now: datetime) -> None:
    row = chat_row(item) | {"origin": origin, "updated_at": now}
    statement = insert_into(connection, chats).values(state=item.state, chosen=[], **row)
    if origin == _CONFIG:
        for name in _chosen(connection, item.id):
            row.pop(name)
    connection.execute(statement.on_conflict_do_update(index_elements=[chats.c.id], set_=row))
    for one in item.subscriptions:
        own = dataclasses.replace(one, chat_id=item.id)
        _put(connection, own, origin, replace=origin == _CHAT)


def _chosen(connection: Connection, chat_id: str) -> set[str]:
    """Columns that people set in chat."""
    found = connection.execute(select(chats.c.chosen).where(chats.c.id == chat_id)).scalar_one_or_none()
    return {*(found or [])}


def _put(connection: Connection, item: Subscription, origin: str, *, replace: bool) -> None:
    row = {
        "chat_id": item.chat_id,
        "topic_id": item.topic_id,
        "mode": item.mode,
        "digest": digest_text(item.digest) if item.digest else None,
        "origin": origin,
    }
    statement = insert_into(connection, subscriptions).values(row)
    natural = [subscriptions.c.chat_id, subscriptions.c.topic_id]
    if replace:
        connection.execute(statement.on_conflict_do_update(index_elements=natural, set_=row))
    else:
        connection.execute(statement.on_conflict_do_nothing(index_elements=natural))


def _drop_config(connection: Connection, *, keep: set[str], now: datetime) -> None:
    """Take out what earlier syncs wrote: all their subscriptions, and chats not to be kept."""
    connection.execute(delete(subscriptions).where(subscriptions.c.origin == _CONFIG))
    listed = connection.execute(select(chats.c.id).where(chats.c.origin == _CONFIG)).scalars()
    for chat_id in set(listed) - keep:
        of_chat = subscriptions.c.chat_id == chat_id
        wanted = connection.execute(
            select(subscriptions.c.topic_id).where(of_chat, subscriptions.c.mode != "off")
        )
        if wanted.first() is not None:
            connection.execute(
                update(chats).where(chats.c.id == chat_id).values(origin=_CHAT, updated_at=now)
            )
            continue
        connection.execute(delete(subscriptions).where(of_chat))
        connection.execute(delete(mutes).where(mutes.c.chat_id == chat_id))
        connection.execute(delete(chats).where(chats.c.id == chat_id))
        cancel_open(connection, chat_id, note("the chat is not in the config any more"))


def _move(connection: Connection, old_id: str, new_id: str, now: datetime) -> None:
    known = connection.execute(select(chats.c.id).where(chats.c.id == new_id)).first()
    if known is None:
        connection.execute(
            update(chats)
            .where(chats.c.id == old_id)
            .values(id=new_id, address=_address(new_id), updated_at=now)
        )
    else:
        connection.execute(delete(chats).where(chats.c.id == old_id))
    own = select(subscriptions.c.topic_id).where(subscriptions.c.chat_id == new_id)
    connection.execute(
        update(subscriptions)
        .where(
            subscriptions.c.chat_id == old_id,
            subscriptions.c.topic_id.not_in(own.scalar_subquery()),
        )
        .values(chat_id=new_id)
    )
    connection.execute(delete(subscriptions).where(subscriptions.c.chat_id == old_id))
    for table in (deliveries, watches, drafts):
        connection.execute(update(table).where(table.c.chat_id == old_id).values(chat_id=new_id))
    for table in (mutes, feedback, saved_alerts):
        _move_rows(connection, table, old_id, new_id)
    connection.execute(update(chat_moves).where(chat_moves.c.new_id == old_id).values(new_id=new_id))
    ended = or_(chat_moves.c.old_id == old_id, chat_moves.c.old_id == new_id)
    connection.execute(delete(chat_moves).where(ended))
    connection.execute(insert(chat_moves).values(old_id=old_id, new_id=new_id))


def _move_rows(connection: Connection, table: Table, old_id: str, new_id: str) -> None:
    """Rows that the new chat has too stay as they are there."""
    keys = [column for column in table.primary_key.columns if column.name != "chat_id"]
    own = {tuple(row) for row in connection.execute(select(*keys).where(table.c.chat_id == new_id))}
    for row in connection.execute(select(*keys).where(table.c.chat_id == old_id)).all():
        this = [table.c.chat_id == old_id, *(key == value for key, value in zip(keys, row, strict=True))]
        if tuple(row) in own:
            connection.execute(delete(table).where(*this))
        else:
            connection.execute(update(table).where(*this).values(chat_id=new_id))
