"""What is asked of the store about evidence, as a protocol."""

from __future__ import annotations

from collections.abc import Callable, Iterator, Sequence
from datetime import datetime
from typing import Protocol

from monitor.model import EvidenceRecord


class EvidenceChain(Protocol):
    """A chain of hashes that only grows; ``Jobs.commit`` appends to it."""

    def records(self) -> Iterator[EvidenceRecord]:
        """Every record with the parts that are still there, oldest first."""

    def hashes(self, first: int, last: int) -> Iterator[tuple[int, bytes, str]]:
        """Number, link and hash of the records from ``first`` to ``last``."""

    def head(self) -> tuple[int, str]:
        """Number and hash of the newest record: who writes both down can prove that nothing was cut."""

    def pruned_through(self) -> int:
        """The number up to which the retention deleted the parts, by what the chain says; 0: of none."""

    def of_articles(
        self, article_ids: Sequence[str], since: datetime, until: datetime
    ) -> tuple[EvidenceRecord, ...]:
        """What was kept of these articles in that time, oldest first."""

    def of_topic(self, topic_id: str, since: datetime, until: datetime) -> tuple[EvidenceRecord, ...]:
        """What was kept of the articles that matched a topic in that time, oldest first."""

    def story_articles(self, story_id: str) -> tuple[str, ...]:
        """The ids of all articles that belong to a story."""

    def find_article(self, id_or_url: str) -> str | None:
        """The id of the article that an id or an address means, also when it was pruned."""

    def prune(self, before: datetime, *, now: datetime, go_on: Callable[[], bool] = lambda: True) -> int:
        """Delete the parts of records that are older; their hashes stay, and the chain notes it.

        Ends early, between two transactions, when ``go_on`` says no. Returns of how many.
        """
