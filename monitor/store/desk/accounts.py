"""Who may use the desk, and what they did there."""

from __future__ import annotations

import dataclasses
from dataclasses import dataclass
from datetime import datetime, timedelta

from sqlalchemy import RowMapping, delete, exists, func, or_, select

from monitor.model import Account, ApiToken, SavedSearch, TopicEdit, WebSession
from monitor.store.database import Database, insert_into, upsert
from monitor.store.tables.desk import (
    accounts,
    api_tokens,
    feed_addresses,
    saved_searches,
    sign_in_attempts,
    topic_edits,
    web_sessions,
)

ATTEMPTS_KEPT = timedelta(days=1)


@dataclass(frozen=True, slots=True)
class StoredAccounts:
    """``monitor.ports.Accounts`` in a database."""

    database: Database

    def exist(self) -> bool:
        with self.database.read() as connection:
            return bool(connection.execute(select(exists().select_from(accounts))).scalar_one())

    def all(self) -> tuple[Account, ...]:
        with self.database.read() as connection:
            rows = connection.execute(select(accounts).order_by(accounts.c.name)).mappings()
            return tuple(Account(**row) for row in rows)

    def get(self, name: str) -> Account | None:
        with self.database.read() as connection:
            row = connection.execute(select(accounts).where(accounts.c.name == name)).mappings().one_or_none()
        return None if row is None else Account(**row)

    def save(self, account: Account) -> None:
        row = {
            "name": account.name,
            "password": account.password,
            "role": account.role,
            "made_at": account.made_at,
        }
        with self.database.write() as connection:
            connection.execute(upsert(connection.dialect.name, accounts), row)
            connection.execute(delete(web_sessions).where(web_sessions.c.account == account.name))

    def remove(self, name: str) -> bool:
        with self.database.write() as connection:
            connection.execute(delete(web_sessions).where(web_sessions.c.account == name))
            return connection.execute(delete(accounts).where(accounts.c.name == name)).rowcount > 0

    def begin_session(self, session: WebSession) -> None:
        with self.database.write() as connection:
            connection.execute(delete(web_sessions).where(web_sessions.c.until <= session.made_at))
            connection.execute(
                insert_into(connection, web_sessions).values(
                    hash=session.hash,
                    account=session.account,
                    made_at=session.made_at,
                    until=session.until,
                )
            )

    def session(self, hash_: str, now: datetime) -> tuple[WebSession, Account] | None:
        own = web_sessions.c
        statement = (
            select(own.hash, own.made_at.label("begun_at"), own.until, accounts)
            .join(accounts, accounts.c.name == own.account)
            .where(own.hash == hash_, own.until > now)
        )
        with self.database.read() as connection:
            row = connection.execute(statement).mappings().one_or_none()
        if row is None:
            return None
        account = Account(
            name=row["name"], password=row["password"], role=row["role"], made_at=row["made_at"]
        )
        session = WebSession(
            hash=row["hash"], account=account.name, made_at=row["begun_at"], until=row["until"]
        )
        return session, account

    def end_session(self, hash_: str) -> None:
        with self.database.write() as connection:
            connection.execute(delete(web_sessions).where(web_sessions.c.hash == hash_))

    def note_attempt(self, account: str, client: str, now: datetime) -> None:
        with self.database.write() as connection:
            connection.execute(delete(sign_in_attempts).where(sign_in_attempts.c.at < now - ATTEMPTS_KEPT))
            connection.execute(
                insert_into(connection, sign_in_attempts).values(account=account, client=client, at=now)
            )

    def attempts(self, account: str, client: str, since: datetime) -> tuple[int, int]:
        own = sign_in_attempts.c
        statement = select(
            func.count().filter(own.account == account), func.count().filter(own.client == client)
        ).where(own.at >= since)
        with self.database.read() as connection:
            of_account, of_client = connection.execute(statement).one()
        return int(of_account), int(of_client)

    def add_token(self, token: ApiToken) -> None:
        with self.database.write() as connection:
            connection.execute(
                insert_into(connection, api_tokens).values(
                    hash=token.hash,
                    name=token.name,
                    role=token.role,
                    made_at=token.made_at,
                    until=token.until,
                    scopes=list(token.scopes),
                )
            )

    def token(self, hash_: str, now: datetime) -> ApiToken | None:
        own = api_tokens.c
        statement = select(api_tokens).where(own.hash == hash_, or_(own.until.is_(None), own.until > now))
        with self.database.read() as connection:
            row = connection.execute(statement).mappings().one_or_none()
        return None if row is None else _token(row)

    def tokens(self) -> tuple[ApiToken, ...]:
        statement = select(api_tokens).order_by(api_tokens.c.name, api_tokens.c.made_at)
        with self.database.read() as connection:
            return tuple(_token(row) for row in connection.execute(statement).mappings())

    def revoke_token(self, name: str) -> bool:
        with self.database.write() as connection:
            return connection.execute(delete(api_tokens).where(api_tokens.c.name == name)).rowcount > 0

    def note_edit(self, edit: TopicEdit) -> None:
        with self.database.write() as connection:
            connection.execute(
                insert_into(connection, topic_edits).values(
                    topic_id=edit.topic_id,
                    account=edit.account,
                    at=edit.at,
                    before=edit.before,
                    after=edit.after,
                    reason=edit.reason,
                )
            )

    def edits(self, topic_id: str, limit: int = 20) -> tuple[TopicEdit, ...]:
        own = topic_edits.c
        statement = (
            select(own.topic_id, own.account, own.at, own.before, own.after, own.reason)
            .where(own.topic_id == topic_id)
            .order_by(own.n.desc())
            .limit(limit)
        )
        with self.database.read() as connection:
            return tuple(TopicEdit(**row) for row in connection.execute(statement).mappings())

    def feed_secret(self, topic_id: str, fresh: str, now: datetime, *, renew: bool = False) -> str:
        own = feed_addresses.c
        kept = select(own.secret).where(own.topic_id == topic_id)
        if not renew:
            with self.database.read() as connection:
                found: str | None = connection.execute(kept).scalar_one_or_none()
            if found is not None:
                return found
        row = {"topic_id": topic_id, "secret": fresh, "made_at": now}
        with self.database.write() as connection:
            statement = insert_into(connection, feed_addresses).values(row)
            connection.execute(
                statement.on_conflict_do_update(index_elements=[own.topic_id], set_=row)
                if renew
                else statement.on_conflict_do_nothing()
            )
            secret: str = connection.execute(kept).scalar_one()
        return secret

    def feed_topic(self, secret: str) -> str | None:
        own = feed_addresses.c
        with self.database.read() as connection:
            found: str | None = connection.execute(
                select(own.topic_id).where(own.secret == secret)
            ).scalar_one_or_none()
        return found

    def save_search(self, search: SavedSearch) -> None:
        row = {item.name: getattr(search, item.name) for item in dataclasses.fields(SavedSearch)}
        with self.database.write() as connection:
            connection.execute(upsert(connection.dialect.name, saved_searches), row)

    def searches(self) -> tuple[SavedSearch, ...]:
        statement = select(saved_searches).order_by(saved_searches.c.title, saved_searches.c.id)
        with self.database.read() as connection:
            return tuple(SavedSearch(**row) for row in connection.execute(statement).mappings())

    def search_of_feed(self, secret: str) -> SavedSearch | None:
        statement = select(saved_searches).where(saved_searches.c.secret == secret)
        with self.database.read() as connection:
            row = connection.execute(statement).mappings().one_or_none()
        return None if row is None else SavedSearch(**row)

    def remove_search(self, search_id: str) -> bool:
        own = saved_searches.c.id == search_id
        with self.database.write() as connection:
            return connection.execute(delete(saved_searches).where(own)).rowcount > 0


def _token(row: RowMapping) -> ApiToken:
    return ApiToken(**{**row, "scopes": tuple(row["scopes"])})
