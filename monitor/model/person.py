"""People who use the bot: their roles, invitations, unfinished business and verdicts on alerts."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime
from typing import Literal

Role = Literal["subscriber", "editor", "admin"]


@dataclass(frozen=True, slots=True, kw_only=True)
class Person:
    """Somebody with a role, by numeric Telegram user id (names can be taken over).

    ``invited_with`` names the invitation that let the person in, "" when an admin did.
    """

    user_id: int
    role: Role = "subscriber"
    invited_with: str = ""
    since: datetime


@dataclass(frozen=True, slots=True, kw_only=True)
class Invite:
    """A code that lets people in. ``id`` is a digest of the code, which itself is stored nowhere."""

    id: str
    role: Role = "subscriber"
    uses_left: int = 1
    until: datetime
    made_by: int
    made_at: datetime


@dataclass(frozen=True, slots=True, kw_only=True)
class Draft:
    """Something that waits for a person's confirmation; used up by the first one.

    ``about`` is the query of a proposed watch, or the id of the chat that was chosen.
    """

    id: str
    chat_id: str
    user_id: int
    kind: str
    about: str = ""
    until: datetime


@dataclass(frozen=True, slots=True, kw_only=True)
class Feedback:
    """👎: somebody found an alert not relevant. One for each person and article; the last reason counts."""

    chat_id: str
    user_id: int
    article_id: str
    story_id: str
    topic_ids: tuple[str, ...]
    headline: str
    url: str
    reason: str
    at: datetime
