"""Which kind of job goes first, claim after claim."""

from __future__ import annotations

import itertools
from collections.abc import Collection
from typing import Final

from monitor.model.job import JOB_KINDS, JobKind

# Mostly readings, since alerts come of them; but the archive of a new source, hours of reading, must not keep
# the others from being asked.
FIRST: Final[tuple[JobKind, ...]] = ("read", "poll", "read", "read", "poll", "read", "read", "recheck")


class JobOrder:
    """Deals out turns among ``kinds``."""

    def __init__(self, kinds: Collection[JobKind] = JOB_KINDS) -> None:
        self._turns = itertools.cycle([kind for kind in FIRST if kind in kinds] or FIRST)

    def first(self) -> JobKind:
        """Whose turn it is in this claim."""
        return next(self._turns)
