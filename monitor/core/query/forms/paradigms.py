"""Words nobody listed still decline: classes of endings, and the stems a word may have in them.

A table names one class a line: which letters may end its stem, then its endings (``-`` is none). Letters
that change before an ending belong to the endings (``ка кі цы``), so no rule of sound is needed. A word
gets one key for each class and ending that fits, and two words are forms of one word when they share
such a key: *Мінску* and *Мінскам* do, *Мінску* and *мінскага* do not, though a stemmer cuts all to one.
"""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass

MIN_STEM = 2
"""Letters of a stem; shorter ones meet by chance."""


@dataclass(frozen=True, slots=True)
class Paradigms:
    """Endings, each with the classes that have it and the letters its stem may end in."""

    endings: dict[str, tuple[tuple[str, str], ...]]
    longest: int


def read(table: str, groups: dict[str, str]) -> Paradigms:
    """From a table of lines ``class | letters or group names | endings``."""
    endings: dict[str, list[tuple[str, str]]] = {}
    for line in filter(None, (each.strip() for each in table.splitlines())):
        name, letters, listed = (part.strip() for part in line.split("|"))
        last = "".join(groups.get(each, each) for each in letters.split())
        for ending in dict.fromkeys(listed.split()):
            endings.setdefault("" if ending == "-" else ending, []).append((name, last))
    return Paradigms(
        endings={ending: tuple(classes) for ending, classes in endings.items()},
        longest=max(map(len, endings)),
    )


def stems(word: str, paradigms: Paradigms) -> Iterable[str]:
    """``class:stem`` for every reading of a folded word."""
    for cut in range(max(len(word) - paradigms.longest, MIN_STEM), len(word) + 1):
        stem = word[:cut]
        for name, last in paradigms.endings.get(word[cut:], ()):
            if stem[-1] in last:
                yield f"{name}:{stem}"
