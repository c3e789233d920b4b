"""Words and phrases of a query, from a piece of its text."""

from __future__ import annotations

from typing import cast

from monitor.core.query.syntax.diagnostics import error
from monitor.core.query.syntax.tree import At, Mode, Node, Phrase, Word
from monitor.core.query.tokens import WORD, fold, visible
from monitor.i18n.lazy import lazy

MIN_STAR = 3
"""Letters that a word with a star needs."""


def term(query: str, text: str, at: At, mode: str) -> Node | None:
    """The bare word (or words, of ``Nord-Stream``) at ``at``; None when there is only punctuation."""
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
    return found[0] if len(found) == 1 else Phrase(found, at=at)


def quoted_term(query: str, text: str, at: At, mode: str, slop: int | None) -> Node:
    """The words between quotes or braces, ``at`` without them. Raises QueryError when there are none."""
    found = _words(query, text, at, mode)
    if not found:
        raise error(query, at[0] - 1, lazy("there is no word between the quotes"), lazy("write a word"))
    outer = (at[0] - 1, at[1] + 1)
    if len(found) == 1:
        return found[0]
    return Phrase(found, slop, at=outer)


def _words(query: str, text: str, at: At, mode: str) -> tuple[Word, ...]:
    words = []
    for found in WORD.finditer(text, at[0], at[1]):
        start, end = found.span()
        before = start > at[0] and text[start - 1] == "*"
        after = end < at[1] and text[end] == "*"
        if before and start - 1 > at[0] and text[start - 2].isalnum():
            before = False  # the star belongs to the word before it
        surface = visible(found.group()).strip("_")
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


def _starred(query: str, surface: str, at: At, mode: str, *, before: bool, after: bool) -> Mode:
    if not (before or after):
        return cast("Mode", mode)
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
    return found[0] if len(found) == 1 else Phrase(found)
