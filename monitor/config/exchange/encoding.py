"""In which encoding a spreadsheet saved a CSV file, told from its few words."""

from __future__ import annotations

import codecs
import re
import unicodedata
from collections.abc import Collection, Iterator
from dataclasses import dataclass
from itertools import pairwise
from typing import Final

from monitor.core.text.charset import mostly_utf8

PAGES: Final[dict[str, str]] = {
    "cp1250": "bs cs hr hu pl ro sk sl sq",
    "cp1251": "be bg mk ru sr uk",
    "cp1252": "ca da de en es fi fr is it nl no pt sv",
    "cp1253": "el",
    "cp1254": "az tr",
    "cp1257": "et lt lv",
}
"""The code pages that spreadsheets save in on each language's machines, with the languages."""
CLEAR: Final = 1.0
"""A page must be better than the next one by so many odd places in a text, or by its language."""

LONG: Final = 4
"""Letters from which a word is long enough to be judged by its marks."""

_MARKS: Final = (
    (codecs.BOM_UTF32_LE, "utf-32"),
    (codecs.BOM_UTF32_BE, "utf-32"),
    (codecs.BOM_UTF16_LE, "utf-16"),
    (codecs.BOM_UTF16_BE, "utf-16"),
)
_WORD: Final = re.compile(r"[^\s,;\t\"'/:.()-]+")


@dataclass(frozen=True, slots=True, kw_only=True)
class Understood:
    """A file's text, in which encoding it was read, and in which others it reads as well but differently."""

    text: str
    encoding: str
    others: tuple[str, ...] = ()


def understood(body: bytes, languages: Collection[str] = ()) -> Understood:
    """The text of a table; ``languages`` are those that it speaks of itself (its column ``language``).

    Marks and UTF-8 are certain. Of the code pages the one whose words look like words is taken: one
    script a word, capitals only at the beginning, no sign inside.
    """
    for mark, encoding in _MARKS:
        if body.startswith(mark):
            return Understood(text=body.decode(encoding, "replace"), encoding=encoding)
    try:
        return Understood(text=body.decode("utf-8-sig"), encoding="utf-8")
    except UnicodeDecodeError:
        pass
    if (text := mostly_utf8(body)) is not None:
        return Understood(text=text.lstrip("\ufeff"), encoding="utf-8")
    ranked = sorted(_scored(body, languages))
    best_score, best, text = ranked[0]
    near = [page for score, page, other in ranked[1:] if score - best_score < CLEAR and other != text]
    return Understood(text=text, encoding=best, others=tuple(near))


def _scored(body: bytes, languages: Collection[str]) -> Iterator[tuple[float, str, str]]:
    """Each page with the oddities of its reading, fewest first when sorted."""
    for page, spoken in PAGES.items():
        text = body.decode(page, "replace")
        stated = not languages or bool(set(spoken.split()) & set(languages))
        yield sum(map(_oddities, _WORD.findall(text))) + (0 if stated else CLEAR), page, text


def _oddities(word: str) -> float:
    """How many places of a word are not as words are written."""
    if word.isascii():
        return 0
    if not any(char.isalpha() for char in word):
        return 0.5
    odd = sum(not (char.isalnum() or char in "’‘“”„«»–—…") for char in word) * 2.0
    scripts = {_script(char) for char in word if char.isalpha()}
    odd += 2.0 * (len(scripts) - 1)
    marked = sum(not char.isascii() for char in word)
    if scripts == {"LATIN"} and len(word) >= LONG and marked > len(word) / 2:
        odd += 2.0  # marks stand on a few letters of a word: a word of nothing else is of another script
    inner = [b for a, b in pairwise(word) if a.islower() and b.isupper()]
    return odd + 2.0 * len(inner)


def _script(char: str) -> str:
    return unicodedata.name(char, "?").partition(" ")[0]
