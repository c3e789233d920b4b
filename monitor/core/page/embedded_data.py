"""Article text in the data that a page carries for its scripts (Next.js, Nuxt, Arc, Apollo and the like).

Pages that are built in the browser hold their text there and nowhere else. No names of fields are known
here: the text is the object or list with the most prose among those near the page's headline.
"""

from __future__ import annotations

import json
import re
from collections.abc import Iterator
from contextlib import suppress
from dataclasses import dataclass
from itertools import islice
from typing import Final, cast

from monitor.core.page.stated.headline import letters
from monitor.core.text.clean import plain

MAX_DATA: Final = 3_000_000
MAX_SCRIPTS: Final = 30
MAX_DEPTH: Final = 24
MAX_NODES: Final = 60_000
MIN_CHARS: Final = 2_000
PIECE_CHARS: Final = 60
HTML_CHARS: Final = 200
FEW_WORDS: Final = 40
MIN_TITLE: Final = 12

_SCRIPT: Final = re.compile(r"<script\b([^<>]{0,2000})>", re.IGNORECASE)
_END: Final = re.compile(r"</script", re.IGNORECASE)
_ASSIGNED: Final = re.compile(r"=\s{0,20}(?=[{\[])")
_PROSE: Final = re.compile(r"\w[.!?…。»”\"'](?:\s|<|$)|[。！？]")
_TAG: Final = re.compile(r"<(?:p|br|h[1-6]|div|li)\b", re.IGNORECASE)


@dataclass(slots=True)
class _Found:
    """Prose under one value of the data; ``titled``: the headline stands beside it."""

    texts: list[str]
    titled: bool = False

    @property
    def size(self) -> int:
        return sum(map(len, self.texts))


class _Search:
    def __init__(self, title: str) -> None:
        self._title = letters(title)
        self._left = MAX_NODES
        self.best = _Found([])

    def look(self, value: object, depth: int = 0) -> _Found:
        """What prose a value holds; notes the fullest one that belongs to the headline."""
        self._left -= 1
        if depth > MAX_DEPTH or self._left < 0:
            return _Found([])
        if isinstance(value, str):
            return _Found(_paragraphs(value))
        if isinstance(value, list):
            return _joined(self.look(each, depth + 1) for each in value)
        if isinstance(value, dict):
            return self._object(value, depth)
        return _Found([])

    def _object(self, value: dict[str, object], depth: int) -> _Found:
        parts = {name: self.look(each, depth + 1) for name, each in value.items()}
        titled = any(
            isinstance(each, str) and len(letters(each)) >= MIN_TITLE and letters(each) in self._title
            for each in value.values()
        )
        fullest = max(parts.values(), key=lambda part: part.size, default=_Found([]))
        inner_titled = any(part.titled for part in parts.values())
        if (titled or (inner_titled and not self.best.texts)) and fullest.size > self.best.size:
            self.best = _Found(fullest.texts, titled=True)
        return _Found(fullest.texts, titled=titled or inner_titled)


def data_scripts(html: str) -> str:
    """The scripts of a raw page that hold data, as scripts."""
    texts = (text for text, _ in islice(_scripts(html[:MAX_DATA]), MAX_SCRIPTS))
    return "".join(f'<script type="application/json">{text}</script>' for text in texts)


def data_text(html: str, title: str) -> str:
    """The text of the article with this headline in the data of a page, one paragraph a line.

    "" when there is none of 40 words or more."""
    search = _Search(title)
    for document in islice(_documents(html[:MAX_DATA]), MAX_SCRIPTS):
        with suppress(RecursionError):
            search.look(document)
    text = "\n".join(dict.fromkeys(search.best.texts))
    return text if len(text.split()) >= FEW_WORDS else ""


def _joined(parts: Iterator[_Found]) -> _Found:
    texts: list[str] = []
    titled = False
    for part in parts:
        texts.extend(part.texts)
        titled = titled or part.titled
    return _Found(texts, titled)


def _paragraphs(value: str) -> list[str]:
    """The paragraphs of a string that is HTML or a sentence; none of an address, a name, a style."""
    if len(value) < PIECE_CHARS or " " not in value or not _PROSE.search(value):
        return []
    text = plain(value) if "<" in value or "&" in value else value
    lines = [" ".join(line.split()) for line in text.splitlines()]
    return [line for line in lines if line]


def _documents(html: str) -> Iterator[object]:
    """The JSON of a page's scripts: whole ones, and what is assigned to a variable."""
    decoder = json.JSONDecoder(strict=False)
    for text, start in _scripts(html):
        with suppress(ValueError, RecursionError):
            yield cast("object", decoder.raw_decode(text, start)[0])


def _scripts(html: str) -> Iterator[tuple[str, int]]:
    """The texts of the scripts that may hold data, and where in them it begins."""
    at = 0
    for _ in range(MAX_SCRIPTS * 10):
        found = _SCRIPT.search(html, at)
        if found is None:
            return
        end = _END.search(html, found.end())
        text = html[found.end() : end.start() if end else len(html)].strip()
        at = end.end() if end else len(html)
        if "ld+json" in found[1] or len(text) < HTML_CHARS:
            continue
        opening = _ASSIGNED.search(text[:MIN_CHARS])
        start = 0 if text[:1] in {"{", "["} else opening.end() if opening else -1
        if start >= 0:
            yield text, start
