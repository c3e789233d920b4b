"""People: roles, invitations, drafts, verdicts on alerts, what they keep, and the right to be forgotten."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import asdict, dataclass
from datetime import datetime

from sqlalchemy import BindParameter, ColumnElement, Connection, Table, delete, func, or_, select, update

from monitor.model import Draft, Feedback, Invite, Person, Role, SavedAlert
from monitor.store.codec import draft, draft_row, feedback, feedback_row, invite_row, person
from monitor.store.database import Database, insert_into
from monitor.store.tables.people import drafts, invites, mutes, people, saved_alerts, watches
from monitor.store.tables.people import feedback as verdicts
from monitor.store.tables.schema import chat_moves, chats, deliveries, events, matches, subscriptions
from monitor.store.watches import drop_watch_traces

_RANK: Mapping[Role, int] = {"subscriber": 0, "editor": 1, "admin": 2}
_Told = Mapping[Table, ColumnElement[bool]]


@dataclass(frozen=True, slots=True)
class StoredPeople:
    """``monitor.ports.People`` in a database."""

    database: Database

    def person(self, user_id: int) -> Person | None:
        with self.database.read() as connection:
            return _person(connection, user_id)

    def all(self) -> tuple[Person, ...]:
        with self.database.read() as connection:
            rows = connection.execute(select(people).order_by(people.c.user_id)).mappings()
            return tuple(person(row) for row in rows)

    def save(self, person: Person) -> None:
        with self.database.write() as connection:
            _save(connection, person)

    def remove(self, user_id: int) -> bool:
        with self.database.write() as connection:
            return connection.execute(delete(people).where(people.c.user_id == user_id)).rowcount > 0

    def add_invite(self, invite: Invite) -> None:
        with self.database.write() as connection:
            connection.execute(delete(invites).where(invites.c.until < invite.made_at))
            connection.execute(insert_into(connection, invites).values(invite_row(invite)))

    def accept_invite(self, invite_id: str, user_id: int, now: datetime) -> Person | None:
        good = (invites.c.id == invite_id, invites.c.uses_left > 0, invites.c.until > now)
        with self.database.write() as connection:
            role = connection.execute(select(invites.c.role).where(*good)).scalar_one_or_none()
            if role is None:
                return None
            known = _person(connection, user_id)
            if known is not None and _RANK[known.role] >= _RANK[role]:
                return known
            used = connection.execute(update(invites).where(*good).values(uses_left=invites.c.uses_left - 1))
            if not used.rowcount:
                return None
            made = Person(user_id=user_id, role=role, invited_with=invite_id, since=now)
            _save(connection, made)
            return made

    def add_draft(self, draft: Draft, now: datetime) -> None:
        with self.database.write() as connection:
            connection.execute(delete(drafts).where(drafts.c.until < now))
            row = draft_row(draft)
            statement = insert_into(connection, drafts).values(row)
            connection.execute(statement.on_conflict_do_update(index_elements=[drafts.c.id], set_=row))

    def draft(self, draft_id: str, now: datetime) -> Draft | None:
        statement = select(drafts).where(drafts.c.id == draft_id, drafts.c.until > now)
        with self.database.read() as connection:
            row = connection.execute(statement).mappings().one_or_none()
        return None if row is None else draft(row)

    def take_draft(self, draft_id: str, now: datetime) -> Draft | None:
        statement = delete(drafts).where(drafts.c.id == draft_id, drafts.c.until > now).returning(drafts)
        with self.database.write() as connection:
            row = connection.execute(statement).mappings().one_or_none()
            return None if row is None else draft(row)

    def add_feedback(self, feedback: Feedback) -> None:
        row = feedback_row(feedback)
        natural = list(verdicts.primary_key.columns)
        with self.database.write() as connection:
            statement = insert_into(connection, verdicts).values(row)
            connection.execute(statement.on_conflict_do_update(index_elements=natural, set_=row))

    def feedback(self, *, since: datetime | None = None, limit: int = 100) -> tuple[Feedback, ...]:
        statement = select(verdicts).order_by(verdicts.c.at.desc(), verdicts.c.article_id).limit(limit)
        if since is not None:
            statement = statement.where(verdicts.c.at >= since)
        with self.database.read() as connection:
            return tuple(feedback(row) for row in connection.execute(statement).mappings())

    def everything(self, user_id: int, chat_id: str) -> Mapping[str, object]:
        with self.database.read() as connection:
            found: dict[str, object] = {}
            for table, belongs in _of_person(connection, user_id, chat_id).items():
                rows = connection.execute(select(table).where(belongs)).mappings()
                found[table.name] = [{name: _plain(value) for name, value in row.items()} for row in rows]
            return found

    def forget(self, user_id: int, chat_id: str) -> Mapping[str, int]:
        """Groups that the person managed stay; their owner is nobody."""
        with self.database.write() as connection:
            of_chat = watches.c.chat_id == chat_id
            watch_ids = list(connection.execute(select(watches.c.id).where(of_chat)).scalars())
            gone = {
                table.name: connection.execute(delete(table).where(belongs)).rowcount
                for table, belongs in _of_person(connection, user_id, chat_id).items()
            }
            drop_watch_traces(connection, watch_ids)
            connection.execute(update(chats).where(chats.c.owner_id == user_id).values(owner_id=None))
            connection.execute(update(invites).where(invites.c.made_by == user_id).values(made_by=0))
        return {name: count for name, count in gone.items() if count}


@dataclass(frozen=True, slots=True)
class StoredSavedAlerts:
    """``monitor.ports.SavedAlerts`` in a database."""

    database: Database

    def of_chat(self, chat_id: str) -> tuple[SavedAlert, ...]:
        newest = (saved_alerts.c.at.desc(), saved_alerts.c.article_id)
        statement = select(saved_alerts).where(saved_alerts.c.chat_id == chat_id).order_by(*newest)
        with self.database.read() as connection:
            return tuple(SavedAlert(**row) for row in connection.execute(statement).mappings())

    def add(self, alert: SavedAlert) -> None:
        row = asdict(alert)
        with self.database.write() as connection:
            statement = insert_into(connection, saved_alerts).values(row)
            natural = list(saved_alerts.primary_key.columns)
            connection.execute(statement.on_conflict_do_update(index_elements=natural, set_=row))

    def remove(self, chat_id: str, article_id: str) -> bool:
        this = (saved_alerts.c.chat_id == chat_id, saved_alerts.c.article_id == article_id)
        with self.database.write() as connection:
            return connection.execute(delete(saved_alerts).where(*this)).rowcount > 0


def _of_person(connection: Connection, user_id: int, chat_id: str) -> _Told:
    """For each table which rows are about a person or their private chat."""
    own = select(watches.c.id).where(watches.c.chat_id == chat_id)
    moved = select(chat_moves.c.old_id).where(chat_moves.c.new_id == chat_id)
    chat_ids = [chat_id, *connection.execute(moved).scalars()]
    named = [func.instr(events.c.text, _bound(each)) > 0 for each in chat_ids]
    if connection.dialect.name == "postgresql":
        named = [func.strpos(events.c.text, _bound(each)) > 0 for each in chat_ids]
    return {
        matches: matches.c.topic_id.in_(own),
        mutes: mutes.c.chat_id.in_(chat_ids),
        saved_alerts: saved_alerts.c.chat_id.in_(chat_ids),
        subscriptions: subscriptions.c.chat_id.in_(chat_ids),
        deliveries: deliveries.c.chat_id.in_(chat_ids),
        drafts: or_(drafts.c.user_id == user_id, drafts.c.chat_id.in_(chat_ids)),
        verdicts: or_(verdicts.c.user_id == user_id, verdicts.c.chat_id.in_(chat_ids)),
        events: or_(events.c.subject.in_(chat_ids), *named),
        chat_moves: or_(chat_moves.c.new_id.in_(chat_ids), chat_moves.c.old_id.in_(chat_ids)),
        people: people.c.user_id == user_id,
        watches: watches.c.chat_id == chat_id,
        chats: chats.c.id.in_(chat_ids),
    }


def _bound(text: str) -> BindParameter[str]:
    return BindParameter(None, text)


def _person(connection: Connection, user_id: int) -> Person | None:
    found = connection.execute(select(people).where(people.c.user_id == user_id)).mappings().one_or_none()
    return None if found is None else person(found)


def _save(connection: Connection, made: Person) -> None:
    row = {name: getattr(made, name) for name in ("user_id", "role", "invited_with", "since")}
    statement = insert_into(connection, people).values(row)
    connection.execute(statement.on_conflict_do_update(index_elements=[people.c.user_id], set_=row))


def _plain(value: object) -> object:
    return value.isoformat() if isinstance(value, datetime) else value
