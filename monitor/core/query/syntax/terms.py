"""Words and phrases of a query, from a piece of its text.

One thing may be written in several ways: ``e-mail`` and *email*, ``F-16`` and *F16*, ``10000`` and
*10 000*. Each of them becomes an alternative, joined by OR under the label that was written.
"""

from __future__ import annotations

import re
from collections.abc import Iterator, Sequence
from dataclasses import replace
from functools import lru_cache
from itertools import islice, pairwise, product
from typing import cast

from monitor.core.query.acronyms import LONGEST, base_of
from monitor.core.query.syntax.diagnostics import error
from monitor.core.query.syntax.tree import At, Mode, Node, Or, Phrase, Word
from monitor.core.query.tokens import INVISIBLE, fold, places_in, visible
from monitor.i18n.lazy import lazy

MIN_STAR = 3
"""Letters that a word with a star needs."""
MOST_WRITTEN = 8
"""Ways to write one phrase that are looked for."""

_LETTERS = re.compile(r"[^\W\d_]+")
_OPERATORS = frozenset("AND OR NOT EXCEPT NEAR ONEAR ATLEAST FIRST SCORE SENT".split())  # noqa: SIM905 - readable as words
_DESIGNATION = re.compile(r"([^\W\d_]{1,7})(\d{1,4}[^\W\d_]?)")
_DOUBLED = re.compile(r"([A-Z])\1([A-Z])\2")
"""A plural that is abbreviated to its doubled letters, as in Spanish: *EE. UU.*, *JJ. OO.*"""
_HYPHENATED = re.compile(r"[-‐‑]")
_STOP = re.compile(r"[.!?…]\s")
_LEAST_GROUPED, _MOST_GROUPED = 4, 15


def term(query: str, text: str, at: At, mode: str, start: int | None = None) -> Node | None:
    """The bare word (or words, of ``Nord-Stream``) at ``at``; None when there is only punctuation.

    ``start``: where the sign before it stands.
    """
    piece = text[at[0] : at[1]]
    if "~" in piece.strip("~"):
        raise error(
            query,
            at[0] + piece.index("~"),
            lazy("~ after a word (fuzzy search) is not known"),
            lazy('all word forms match anyway; write word*, or "a b"~5 for a distance'),
        )
    found = _words(query, text, at, mode)
    if not found:
        return None
    whole = (at[0] if start is None else start, at[1])
    if len(found) == 1 and found[0].text.isalpha() and mode != "case" and not _doubled(found[0]):
        return found[0]
    return _written(text, found, whole, None)


def quoted_term(query: str, text: str, at: At, mode: str, *, outer: At, slop: int | None = None) -> Node:
    """The words between quotes or braces, ``at`` without them. Raises QueryError when there are none."""
    found = _words(query, text, at, mode)
    if not found:
        raise error(query, at[0] - 1, lazy("there is no word between the quotes"), lazy("write a word"))
    return _written(text, found, outer, slop)


def list_term(entry: str) -> Node:
    """One entry of a shared list: a word, ``word*``, ``=word``, ``{Case}`` or words as a phrase."""
    piece = entry.strip()
    mode = "forms"
    if piece[:1] == "=":
        mode, piece = "exact", piece[1:]
    elif piece[:1] == "{" and piece[-1:] == "}":
        mode, piece = "case", piece[1:-1]
    found = _words(piece, piece, (0, len(piece)), mode)
    if not found:
        message = lazy("the list entry {entry} has no word", entry=repr(entry))
        raise error(entry, 0, message, lazy("write a word or leave it out"))
    return _written(piece, found, (0, len(piece)), None)


def _written(text: str, words: tuple[Word, ...], at: At, slop: int | None) -> Node:
    """The words as one node: each way to write them is an alternative."""
    across = _STOP.search(text, words[0].at[1], words[-1].at[0] + 1) is not None
    across = across or _DOUBLED.fullmatch("".join(word.text for word in words)) is not None
    ways = list(islice(_ways(text, words), MOST_WRITTEN))
    nodes = [way[0] if len(way) == 1 else Phrase(way, slop, across, at=at) for way in ways]
    return nodes[0] if len(nodes) == 1 else Or(tuple(nodes), label=text[at[0] : at[1]], at=at)


def _ways(text: str, words: tuple[Word, ...]) -> Iterator[tuple[Word, ...]]:
    """The words as they stand, then in the other ways that they may be written."""
    groups: list[list[Word]] = []
    for word in words:
        if groups and not any(map(str.isspace, text[groups[-1][-1].at[1] : word.at[0]])):
            groups[-1].append(word)
        else:
            groups.append([word])
    found = [tuple(choice) for choice in islice(product(*(_forms(text, each) for each in groups)), 64)]
    ways = [tuple(word for part in choice for word in part) for choice in found]
    yield from dict.fromkeys((*ways, *_numbers_joined(words), *_doubles_joined(words), *_in_capitals(words)))


def _forms(text: str, group: Sequence[Word]) -> list[tuple[Word, ...]]:
    """How words that stand together, with no blank between, may also be written."""
    own = tuple(group)
    if any(word.mode in {"prefix", "suffix", "infix"} for word in own):
        return [own]
    first, last = own[0], own[-1]
    at = (first.at[0], last.at[1])
    if len(own) == 1:
        return [own, *_apart(first)]
    between = {text[one.at[1] : two.at[0]] for one, two in pairwise(own)}
    if len(own) > 3 or not first.text.isalpha() or not all(map(_HYPHENATED.fullmatch, between)):  # noqa: PLR2004 - on-the-go
        each = ([(word,), *_apart(word)] for word in own)
        return [tuple(word for part in way for word in part) for way in islice(product(*each), MOST_WRITTEN)]
    mode: Mode = next((word.mode for word in own if word.mode != "capitals"), "forms")
    ways = [own, (Word("".join(word.text for word in own), mode, at=at),)]
    if len(own) == 2 and last.text.isdigit() and first.text.isascii():  # noqa: PLR2004 - F-16s
        ways.append((first, replace(last, text=f"{last.text}s")))
    return ways


def _apart(word: Word) -> Iterator[tuple[Word, ...]]:
    """``10000`` in groups of three, ``COVID19`` as two words."""
    if _doubled(word):
        yield replace(word, text=word.text[:2]), replace(word, text=word.text[2:])
    digits = re.sub(r"\D", "", word.text) if word.text[-1].isdigit() else ""
    if _LEAST_GROUPED <= len(digits) <= _MOST_GROUPED and word.text[0].isdigit():
        head = len(digits) % 3 or 3
        groups = [digits[:head], *(digits[at : at + 3] for at in range(head, len(digits), 3))]
        yield tuple(Word(group, "exact", at=word.at) for group in groups)
    parts = _DESIGNATION.fullmatch(word.text)
    if parts:
        mode: Mode = word.mode if word.mode in {"exact", "case"} else "forms"
        yield Word(parts[1], _mode(parts[1], mode, ""), at=word.at), Word(parts[2], mode, at=word.at)


def _doubled(word: Word) -> bool:
    return word.mode == "capitals" and _DOUBLED.fullmatch(word.text) is not None


def _numbers_joined(words: tuple[Word, ...]) -> Iterator[tuple[Word, ...]]:
    """``10 000`` as one number, alone or in a phrase."""
    for at, word in enumerate(words):
        if not (word.text.isdigit() and len(word.text) <= 3):  # noqa: PLR2004 - digits of a group
            continue
        end = at + 1
        while end < len(words) and words[end].text.isdigit() and len(words[end].text) == 3:  # noqa: PLR2004 - as above
            end += 1
        if end > at + 1:
            whole = Word("".join(each.text for each in words[at:end]), "exact", at=word.at)
            yield *words[:at], whole, *words[end:]
            return


def _doubles_joined(words: tuple[Word, ...]) -> Iterator[tuple[Word, ...]]:
    """``EE. UU.`` as *EEUU*."""
    text = "".join(word.text for word in words)
    if len(words) == 2 and _DOUBLED.fullmatch(text):  # noqa: PLR2004 - two plurals
        yield (Word(text, _mode(text, words[0].mode, ""), at=words[0].at),)


def _in_capitals(words: tuple[Word, ...]) -> Iterator[tuple[Word, ...]]:
    """``{White House}`` as it stands in a headline that is all in capitals."""
    shouted = tuple(
        replace(word, text=word.text.upper(), mode="shout") if word.mode == "case" else word for word in words
    )
    capital = any(word.mode == "case" and word.text[0].isupper() for word in words)
    if capital and any(word.text != each.text for word, each in zip(words, shouted, strict=True)):
        yield shouted


def _words(query: str, text: str, at: At, mode: str) -> tuple[Word, ...]:
    words = []
    for start, end in places_in(text, at[0], at[1]):
        before = start > at[0] and text[start - 1] == "*"
        after = end < at[1] and text[end] == "*"
        if before and start - 1 > at[0] and text[start - 2].isalnum():
            before = False  # the star belongs to the word before it
        surface = visible(text[start:end]).strip("_")
        if not surface:
            continue
        if after and end + 1 < at[1] and text[end + 1].isalnum():
            raise error(
                query,
                end,
                lazy("a star inside a word is not known"),
                lazy("write {one} or {other}", one=f"{surface}*", other=f"*{text[end + 1 : at[1]]}"),
            )
        chosen = _starred(query, surface, (start, end), mode, before=before, after=after)
        if end + 1 < at[1] and text[end] == "?" and text[end + 1].isalnum():
            hint = lazy("write out both, or end it with *")
            raise error(query, end, lazy("? in a word is not known"), hint)
        words.append(Word(surface, chosen, at=(start - before, end + after)))
    if not words and "*" in text[at[0] : at[1]]:
        hint = lazy("write at least three letters*")
        raise error(query, at[0], lazy("a star alone matches everything"), hint)
    return tuple(words)


def _mode(surface: str, mode: str, query: str) -> Mode:
    """``capitals`` for an acronym of a bare word, the mode as given for anything else."""
    if mode == "forms" and base_of(surface) is not None and not shouting(query):
        return "capitals"
    return cast("Mode", mode)


@lru_cache(maxsize=16)
def shouting(query: str) -> bool:
    """Whether somebody wrote all of a query in capitals, which then say nothing."""
    words = [word for word in _LETTERS.findall(query.translate(INVISIBLE)) if word not in _OPERATORS]
    long = any(sum(map(str.isupper, word)) > LONGEST for word in words)
    return long and all(word.isupper() for word in words)


def _starred(query: str, surface: str, at: At, mode: str, *, before: bool, after: bool) -> Mode:
    if not (before or after):
        return _mode(surface, mode, query)
    if mode == "case":
        raise error(
            query,
            at[1],
            lazy("{one} and {other} do not go together", one="{ }", other="*"),
            lazy("write the forms: {example}", example="({A} OR {B})"),
        )
    if len(fold(surface)) < MIN_STAR:
        raise error(
            query,
            at[0],
            lazy("{word} has fewer than {least} letters", word=f"{surface}*", least=MIN_STAR),
            lazy("write at least {least} letters with the star", least=MIN_STAR),
        )
    if before and after:
        return "infix"
    return "suffix" if before else "prefix"
