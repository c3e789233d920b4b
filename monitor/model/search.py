"""What the archive's text index is asked for: more than a query wants, never less than the index can tell."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Literal


@dataclass(frozen=True, slots=True, kw_only=True)
class Wanted:
    """A word, the beginning of one, words in a row, or several of these joined.

    ``words`` are in lower case; ``all`` and ``any`` have ``parts`` instead.
    """

    kind: Literal["word", "prefix", "phrase", "all", "any"]
    words: tuple[str, ...] = ()
    parts: tuple[Wanted, ...] = ()
