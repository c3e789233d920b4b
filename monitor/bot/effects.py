"""What an answer changes: records that the desk writes."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass

from monitor.model import Chat, Draft, Feedback, Invite, Mute, Person, SavedAlert, Subscription, Watch


@dataclass(frozen=True, slots=True, kw_only=True)
class SaveChat:
    """Insert or replace this chat."""

    chat: Chat


@dataclass(frozen=True, slots=True, kw_only=True)
class Prefer:
    """Set fields of a chat."""

    chat_id: str
    fields: Mapping[str, object]


@dataclass(frozen=True, slots=True, kw_only=True)
class Subscribe:
    """Add or replace this subscription."""

    subscription: Subscription


@dataclass(frozen=True, slots=True, kw_only=True)
class Unsubscribe:
    """Take a topic away from a chat."""

    chat_id: str
    topic_id: str


@dataclass(frozen=True, slots=True, kw_only=True)
class MuteIt:
    """Add a mute."""

    chat_id: str
    mute: Mute


@dataclass(frozen=True, slots=True, kw_only=True)
class Unmute:
    """Take a mute back."""

    chat_id: str
    mute: Mute


@dataclass(frozen=True, slots=True, kw_only=True)
class AddWatch:
    """Start to match a personal topic."""

    watch: Watch


@dataclass(frozen=True, slots=True, kw_only=True)
class RemoveWatch:
    """Stop to match it."""

    watch: Watch


@dataclass(frozen=True, slots=True, kw_only=True)
class AddDraft:
    """Keep something until it is confirmed."""

    draft: Draft


@dataclass(frozen=True, slots=True, kw_only=True)
class TakeDraft:
    """Use a draft up. When somebody else did so first, the changes after this one are not made."""

    draft_id: str


@dataclass(frozen=True, slots=True, kw_only=True)
class Judge:
    """Store a verdict on an alert."""

    feedback: Feedback


@dataclass(frozen=True, slots=True, kw_only=True)
class SaveAlert:
    """Keep an alert in the chat's list."""

    alert: SavedAlert


@dataclass(frozen=True, slots=True, kw_only=True)
class UnsaveAlert:
    """Take one out of it."""

    chat_id: str
    article_id: str


@dataclass(frozen=True, slots=True, kw_only=True)
class AddSources:
    """Write sources into the operator's files: records with the keys of a sources file."""

    records: tuple[Mapping[str, object], ...]


@dataclass(frozen=True, slots=True, kw_only=True)
class AddInvite:
    """Let people in who know the code."""

    invite: Invite


@dataclass(frozen=True, slots=True, kw_only=True)
class SavePerson:
    """Give somebody a role."""

    person: Person


@dataclass(frozen=True, slots=True, kw_only=True)
class RemovePerson:
    """Take somebody's role away."""

    user_id: int


@dataclass(frozen=True, slots=True, kw_only=True)
class Pause:
    """Send nothing more to a chat, and cancel what waits."""

    chat_id: str
    reason: str


@dataclass(frozen=True, slots=True, kw_only=True)
class Wake:
    """Send to a paused chat again."""

    chat: Chat


@dataclass(frozen=True, slots=True, kw_only=True)
class Forget:
    """Delete all that is stored of a person."""

    user_id: int
    chat_id: str


Change = (
    SaveChat
    | Prefer
    | Subscribe
    | Unsubscribe
    | MuteIt
    | Unmute
    | AddWatch
    | RemoveWatch
    | AddDraft
    | TakeDraft
    | Judge
    | SaveAlert
    | UnsaveAlert
    | AddInvite
    | AddSources
    | SavePerson
    | RemovePerson
    | Pause
    | Wake
    | Forget
)
