"""Who asks: passwords, sessions, tokens and roles."""

from __future__ import annotations

import hashlib
import secrets
from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import Final

from argon2 import PasswordHasher
from argon2.exceptions import InvalidHashError, VerificationError

from monitor.model import Account, DeskRole, WebSession
from monitor.ports import Store

SESSION: Final = timedelta(hours=12)
WINDOW: Final = timedelta(minutes=15)
MOST_OF_ACCOUNT: Final = 10
MOST_OF_CLIENT: Final = 30
"""Failed sign-ins within the window after which nobody may try: for one account, from one address."""
LEAST_PASSWORD: Final = 10
RANK: Final = {"viewer": 0, "editor": 1, "admin": 2}

SCOPES: Final = (
    "now",
    "why",
    "topics",
    "sources",
    "stories",
    "articles",
    "search",
    "outbox",
    "chats",
    "review",
)
"""What a token may be for: the pages by their names."""
_PAGE_OF: Final = {"": "now", "searches": "search"}

_hasher = PasswordHasher()
# An unknown name costs as much as a known one, so that the time tells nothing.
_NOBODY: Final = _hasher.hash(secrets.token_urlsafe(16))


@dataclass(frozen=True, slots=True, kw_only=True)
class Visitor:
    """Who asks, and what he may. ``session`` is the hash of the session that says so, "" for a token and for
    loopback without accounts. ``scopes``: the pages that a token is for (none named: all)."""

    name: str
    role: DeskRole
    session: str = ""
    scopes: tuple[str, ...] = ()

    def may(self, role: DeskRole) -> bool:
        """Whether he may what this role may."""
        return RANK[self.role] >= RANK[role]

    def reaches(self, path: str) -> bool:
        """Whether a page is one of those that he may ask for: by the first word of its address."""
        page = path.removeprefix("/api/v1").strip("/").partition("/")[0]
        named = _PAGE_OF.get(page, page)
        return not self.scopes or named in self.scopes or path == "/api/v1/openapi.json"


LOCAL: Final = Visitor(name="local", role="admin")
"""Whoever reaches loopback while there is no account."""


class TooManyAttempts(Exception):
    """So many sign-ins failed that nobody may try for a while."""


def hashed(secret: str) -> str:
    """What is stored of a session's id or a token: they are random, so a plain SHA-256 is enough."""
    return hashlib.sha256(secret.encode()).hexdigest()


def account_of(name: str, password: str, role: DeskRole, now: datetime) -> Account:
    """A new account with its password hashed (argon2id). Raises ValueError for a name or password that is
    none."""
    if not name or len(name) > 64 or not name.replace("-", "").replace("_", "").replace(".", "").isalnum():  # noqa: PLR2004
        raise ValueError(f"{name!r} is no name: letters, digits, dots and dashes, at most 64")
    if len(password) < LEAST_PASSWORD:
        raise ValueError(f"the password is too short: at least {LEAST_PASSWORD} characters")
    return Account(name=name, password=_hasher.hash(password), role=role, made_at=now)


def sign_in(store: Store, name: str, password: str, *, client: str, now: datetime) -> str | None:
    """A new session's id for name and password; None when they are wrong. Raises TooManyAttempts."""
    of_account, of_client = store.accounts.attempts(name, client, now - WINDOW)
    if of_account >= MOST_OF_ACCOUNT or of_client >= MOST_OF_CLIENT:
        raise TooManyAttempts
    account = store.accounts.get(name)
    if not _fits(account.password if account else _NOBODY, password) or account is None:
        store.accounts.note_attempt(name, client, now)
        return None
    secret = secrets.token_urlsafe(32)
    session = WebSession(hash=hashed(secret), account=account.name, made_at=now, until=now + SESSION)
    store.accounts.begin_session(session)
    return secret


def _fits(stored: str, password: str) -> bool:
    try:
        return _hasher.verify(stored, password)
    except (VerificationError, InvalidHashError):
        return False


def by_session(store: Store, secret: str, now: datetime) -> Visitor | None:
    """Whoever signed in with this session; with the role that his account has now."""
    found = store.accounts.session(hashed(secret), now) if secret else None
    if found is None:
        return None
    session, account = found
    return Visitor(name=account.name, role=account.role, session=session.hash)


def by_token(store: Store, secret: str, now: datetime) -> Visitor | None:
    """The program that holds this token."""
    found = store.accounts.token(hashed(secret), now) if secret else None
    return (
        None if found is None else Visitor(name=f"token {found.name}", role=found.role, scopes=found.scopes)
    )
