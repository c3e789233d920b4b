"""What the desk asks of the store, as protocols: accounts, and the lists that pages show.

As in ``monitor.ports``: every datetime is aware UTC, everything is thread-safe. Each method of ``Lists``
costs a constant number of statements, however much is stored.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from datetime import datetime
from typing import Protocol

from monitor.model import (
    Account,
    ApiToken,
    DayFigures,
    Delivery,
    Event,
    Gap,
    OpenWork,
    PollNote,
    SavedSearch,
    SeenArticle,
    SourceState,
    StoryFilter,
    StoryRow,
    TopicEdit,
    WebSession,
)


class Accounts(Protocol):
    """Who may use the desk, and what they did there."""

    def exist(self) -> bool:
        """Whether there is an account at all; without one the desk is for loopback only."""

    def all(self) -> tuple[Account, ...]: ...
    def get(self, name: str) -> Account | None: ...
    def save(self, account: Account) -> None:
        """Insert or replace an account; one that is replaced is signed out everywhere."""

    def remove(self, name: str) -> bool:
        """Delete an account with its sessions. False: there was none."""

    def begin_session(self, session: WebSession) -> None:
        """Keep a session; expired ones are cleared."""

    def session(self, hash_: str, now: datetime) -> tuple[WebSession, Account] | None:
        """A session that is not over, with its account as it is now."""

    def end_session(self, hash_: str) -> None: ...
    def note_attempt(self, account: str, client: str, now: datetime) -> None:
        """Write a failed sign-in down; those of more than a day ago are cleared."""

    def attempts(self, account: str, client: str, since: datetime) -> tuple[int, int]:
        """Failed sign-ins since then: for the account, and from the client's address."""

    def add_token(self, token: ApiToken) -> None: ...
    def token(self, hash_: str, now: datetime) -> ApiToken | None:
        """A token that is neither revoked nor over."""

    def tokens(self) -> tuple[ApiToken, ...]: ...
    def revoke_token(self, name: str) -> bool:
        """Delete the tokens of this name. False: there was none."""

    def note_edit(self, edit: TopicEdit) -> None: ...
    def edits(self, topic_id: str, limit: int = 20) -> tuple[TopicEdit, ...]:
        """A topic's edits at the desk, newest first."""

    def feed_secret(self, topic_id: str, fresh: str, now: datetime, *, renew: bool = False) -> str:
        """The secret of a topic's feed; ``fresh`` becomes it when there is none, or ``renew``."""

    def feed_topic(self, secret: str) -> str | None:
        """The topic whose feed has this secret."""

    def save_search(self, search: SavedSearch) -> None:
        """Insert a search, or replace the one with its id."""

    def searches(self) -> tuple[SavedSearch, ...]:
        """Every saved search by its title."""

    def search_of_feed(self, secret: str) -> SavedSearch | None:
        """The search whose feed has this secret."""

    def remove_search(self, search_id: str) -> bool:
        """Delete a search with its feed. False: there was none."""


class Lists(Protocol):
    """What pages show, a page at a time."""

    def sources(
        self, *, ids: Sequence[str] | None, health: Sequence[str], offset: int, limit: int
    ) -> tuple[tuple[SourceState, ...], int]:
        """A page of the listed sources, those in trouble first, and how many there are in all.

        ``ids``: only these (None: all); ``health``: only these states (empty: all).
        """

    def health(self) -> Mapping[str, int]:
        """How many listed sources are in each state of health."""

    def first_reads(self) -> tuple[SourceState, ...]:
        """Every listed source with nothing but when it was read first: what coverage is reckoned from."""

    def gaps(self, source_id: str, limit: int) -> tuple[Gap, ...]:
        """A source's gaps, newest first."""

    def polls(self, source_id: str) -> tuple[PollNote, ...]:
        """A source's last fifty polls, newest first."""

    def articles_of(self, source_id: str, limit: int) -> tuple[SeenArticle, ...]:
        """A source's newest articles."""

    def seen_at(self, source_id: str, since: datetime, limit: int) -> tuple[datetime, ...]:
        """When a source's articles were seen since then."""

    def stories(self, wanted: StoryFilter) -> tuple[StoryRow, ...]: ...
    def pinned(self) -> tuple[StoryRow, ...]:
        """The stories that somebody pinned, the last pinned first; counts are of all their articles."""

    def pin(self, story_id: str, account: str, now: datetime) -> None:
        """Keep a story on top of the list until it is unpinned; the oldest of more than fifty goes."""

    def unpin(self, story_id: str) -> None: ...
    def topic_counts(self, since: datetime) -> Mapping[str, int]:
        """Topic id → articles seen since then that match it."""

    def deliveries(
        self, *, states: Sequence[str], chat_id: str, before: int | None, limit: int
    ) -> tuple[Delivery, ...]:
        """Deliveries newest first, those with a lower ``sequence`` than ``before``; "" for any chat."""

    def told(self, story_id: str, limit: int) -> tuple[Delivery, ...]:
        """The deliveries about a story, in the order in which they were made."""

    def open_work(self) -> OpenWork: ...
    def events(self, limit: int) -> tuple[Event, ...]:
        """What operators were told, or are about to hear, newest first."""

    def figures(self, since: datetime, until: datetime) -> DayFigures: ...
    def waits(self, since: datetime, limit: int) -> tuple[float, ...]:
        """Seconds from publication to the sent alert, of the newest alerts sent since then."""

    def article_topics(self, article_ids: Sequence[str]) -> Mapping[str, tuple[str, ...]]:
        """Article id → the topics that it matches."""
