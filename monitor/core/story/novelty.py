"""What an article brings to its story: a fact that is new there, a language, a tier, or nothing."""

from __future__ import annotations

import re
from collections.abc import Iterable, Iterator, Sequence
from typing import Final

from monitor.core.query.forms.stems import phonetic_key
from monitor.core.story.concepts import concept_of, is_name
from monitor.core.story.pairs.rarity import share_of
from monitor.core.story.terms import HEAD_WORDS, number_of, tokens_of
from monitor.core.text.fingerprint import words_of
from monitor.model import Fact, NoveltyVerdict

MOST_FACTS: Final = 80
MOST_SHOWN: Final = 3
MOST_QUOTE: Final = 160
QUOTE_WORDS: Final = 6
"""A shorter quote is a nickname or a title."""
TELLING_SHARE: Final = 0.02
"""A number that more articles hold (days, years, two or three) is no news by itself."""

LONGEST_NAME: Final = 4
"""Words in a row with capitals that are one name."""
_NOT_NAMES: Final = frozenset({"monday", "tuesday", "wednesday", "thursday", "friday", "saturday", "sunday"})
NOUNS_HAVE_CAPITALS: Final = frozenset({"de"})
"""Languages in which only the names of the concept table can be told from other nouns."""

_KINDS_OF_SOURCE: Final = frozenset("lt")
"""Facts about where an article stands: its language, its outlet's tier."""

_QUOTE: Final = re.compile(r"[«„“\"]([^«»„“”\"\n]{20,400})[»“”\"]")


def facts_of(title: str, text: str, *, language: str | None, tier: str) -> tuple[Fact, ...]:
    """The article's facts, those of the headline first, at most some eighty."""
    found: dict[str, Fact] = {}
    for fact in (*_named(title, language, leading=True), *_named(text, language), *_quotes(text)):
        if len(found) < MOST_FACTS:
            found.setdefault(fact.key, fact)
    if language:
        found[f"l:{language}"] = Fact(key=f"l:{language}", shown=language)
    if tier:
        found[f"t:{tier}"] = Fact(key=f"t:{tier}", shown=tier)
    return tuple(found.values())


def novelty_of(
    facts: Sequence[Fact], known: Iterable[str], *, opens: bool, copy: bool, headline: str = ""
) -> NoveltyVerdict:
    """What the facts add to those ``known`` to the story. ``headline`` is that of an article that tells other
    news above text that the story had: it is news itself where no fact is.

    Numbers count in any language. Names and quotes only in a language that the story has: in another one
    the same name may be spelled, and the same words are said, in ways that no table foresees.
    """
    if opens:
        return NoveltyVerdict(kind="opens")
    if copy:
        return NoveltyVerdict(kind="nothing")
    has = frozenset(known)
    fresh = [fact for fact in facts if fact.key not in has]
    in_new_language = any(fact.key.startswith("l:") for fact in fresh)
    counted = [fact for fact in fresh if _counts(fact, in_new_language=in_new_language)]
    if counted:
        return NoveltyVerdict(
            kind="fact", shown=tuple(dict.fromkeys(fact.shown for fact in counted))[:MOST_SHOWN]
        )
    if headline:
        return NoveltyVerdict(kind="fact", shown=(headline,))
    if in_new_language:
        return NoveltyVerdict(kind="language")
    return NoveltyVerdict(kind="tier" if any(fact.key.startswith("t:") for fact in fresh) else "nothing")


def deciding(facts: Iterable[Fact]) -> tuple[str, ...]:
    """The keys of those facts that could be news to a story: of the others it need not be asked."""
    return tuple(
        fact.key for fact in facts if fact.key[0] in _KINDS_OF_SOURCE or _counts(fact, in_new_language=False)
    )


def _counts(fact: Fact, *, in_new_language: bool) -> bool:
    kind = fact.key[0]
    if kind == "n":
        return fact.leading and share_of(fact.key) < TELLING_SHARE
    if in_new_language:
        return False
    return kind == "q" or (kind == "e" and fact.leading)


def _named(part: str, language: str | None, *, leading: bool = False) -> Iterator[Fact]:
    """Numbers and names of a headline or text."""
    run: list[str] = []
    ahead = True
    for at, (token, named, joined) in enumerate(tokens_of(part)):
        if run and not (named and joined and len(run) < LONGEST_NAME):
            yield from _name(run, language, leading=ahead)
            run = []
        if named:
            run.append(token)
        ahead = leading or at < HEAD_WORDS
        if token[0].isdigit():
            yield Fact(key=f"n:{number_of(token)}", shown=token, leading=ahead)
    yield from _name(run, language, leading=ahead)


def _name(run: Sequence[str], language: str | None, *, leading: bool) -> Iterator[Fact]:
    """The facts of one name. Its last word says whether it is new: a given name beside a known one is not."""
    words = [token.casefold().replace("ё", "е").replace("’", "'") for token in run]
    shown = " ".join(run)
    whole = concept_of(" ".join(words), language) if len(words) > 1 else ""
    if is_name(whole) and whole != concept_of(words[0], language):
        yield Fact(key=f"e:{whole}", shown=shown, leading=leading)
        return
    for at, word in enumerate(words):
        concept = concept_of(word, language)
        last = at == len(words) - 1
        if is_name(concept):
            yield Fact(key=f"e:{concept}", shown=run[at], leading=leading)
        elif (
            not concept
            and word not in _NOT_NAMES
            and language not in NOUNS_HAVE_CAPITALS
            and (phonetic := phonetic_key(word, language))
        ):
            yield Fact(key=f"e:{phonetic}", shown=shown if last else run[at], leading=leading and last)


def _quotes(text: str) -> Iterator[Fact]:
    for found in _QUOTE.finditer(text):
        words = words_of(found[1])
        if len(words) >= QUOTE_WORDS:
            quote = found[1].strip()
            shown = quote if len(quote) <= MOST_QUOTE else quote[: MOST_QUOTE - 1].rsplit(" ", 1)[0] + "…"
            yield Fact(key=f"q:{' '.join(words[:12])[:80]}", shown=f"“{shown}”")
