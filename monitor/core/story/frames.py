"""Notes of one frame: whether two texts that are worded alike are about different people, places or moments.

What sets them apart stands in the slots of the frame: at the same place of the same sentence, another name.
"""

from __future__ import annotations

from collections.abc import Iterable
from difflib import SequenceMatcher
from functools import lru_cache
from typing import Final

from monitor.core.story.claims import headline_subjects, is_calendar_word
from monitor.core.story.novelty import NOUNS_HAVE_CAPITALS
from monitor.core.story.pairs.features import term_hash, term_hashes
from monitor.core.story.pairs.number_words import number_word
from monitor.core.story.pairs.rarity import is_stop_word, share_of
from monitor.core.story.terms import first_tokens, is_title_case, keys_of_token, tokens_of
from monitor.model import Article, Candidate, Claims

FRAME_WORDS: Final = 40
FRAMED: Final = 0.55
"""Of the shorter beginning, that must stand in the other one in the same order."""
FEWEST_FRAMED: Final = 6
FEWEST_IN_HEADLINE: Final = 3
RARE: Final = 0.003
"""Share of articles under which a noun with a capital is a name where all nouns have one."""
_Keys = tuple[str, ...]
_Token = tuple[str, _Keys]


def another_event(article: Article, claims: Claims, item: Candidate) -> bool:
    """Whether two texts of one frame are about somebody or something else.

    Told by their headlines; where one of them names nobody, by the slots of the frame, and by whether the
    first sentences have numbers and names in common.
    """
    mine, theirs = claims.subjects, headline_subjects(item.title, item.language)
    if mine and theirs:
        return not _share_a_subject(mine, theirs) or (
            _slot_in_headlines(article, item) and other_names(article, item)
        )
    if other_names(article, item):
        return True
    stored = frozenset(term_hashes(item.profile).tolist())
    numbers = tuple(keys for keys in claims.lead_facts if any(key[0] == "n" for key in keys))
    facts = numbers or claims.lead_facts
    missing = [keys for keys in facts if not any(term_hash(key) in stored for key in keys)]
    return bool(facts) and len(missing) * 2 >= len(facts)


def same_frame_other_names(article: Article, claims: Claims, item: Candidate) -> bool:
    """Whether the beginnings of two texts are one frame with other names in its slots, and so are the
    headlines."""
    if not item.text or item.language != article.language:
        return False
    theirs = headline_subjects(item.title, item.language)
    if _share_a_subject(claims.subjects, theirs) and not _slot_in_headlines(article, item):
        return False
    return other_names(article, item)


def _share_a_subject(mine: Iterable[_Keys], theirs: Iterable[_Keys]) -> bool:
    known = {key for keys in theirs for key in keys}
    return any(key in known for keys in mine for key in keys)


def _slot_in_headlines(article: Article, item: Candidate) -> bool:
    """Whether both headlines are one frame with other words with capitals in a slot of it: then what they
    share is the frame's (*Uelzen: Polizei sucht Zeugen*), and no subject."""
    mine, theirs = tokens_of(article.title), tokens_of(item.title)
    ours, others = ([word.casefold() for word, _, _ in title] for title in (mine, theirs))
    matcher = SequenceMatcher(None, ours, others, autojunk=False)
    needed = max(FRAMED * min(len(mine), len(theirs)), FEWEST_IN_HEADLINE)
    if sum(block.size for block in matcher.get_matching_blocks()) < needed:
        return False
    return any(
        kind == "replace"
        and _has_name(mine[start:end], article.language)
        and _has_name(theirs[other_start:other_end], item.language)
        for kind, start, end, other_start, other_end in matcher.get_opcodes()
    )


def _has_name(slot: Iterable[tuple[str, bool, bool]], language: str | None) -> bool:
    return any(
        word[0].isupper()
        and not is_calendar_word(word, language)
        and number_word(word.casefold(), language) is None
        for word, _, _ in slot
    )


def other_names(article: Article, item: Candidate) -> bool:
    """Whether a slot of the frame that both begin with has a name here and another one there."""
    if not item.text:
        return False
    mine, theirs = _beginning(article.text, article.language), _beginning(item.text, item.language)
    matcher = SequenceMatcher(None, [word for word, _ in mine], [word for word, _ in theirs], autojunk=False)
    if not _framed(matcher, min(len(mine), len(theirs)), len(mine) + len(theirs)):
        return False
    here = _keys_in(mine) | _named_in(article.title, article.language)
    there = _keys_in(theirs) | _named_in(item.title, item.language)
    for kind, start, end, other_start, other_end in matcher.get_opcodes():
        if kind != "replace":
            continue
        ours = [keys for _, keys in mine[start:end] if keys]
        others = [keys for _, keys in theirs[other_start:other_end] if keys]
        if ours and others and _strange(ours, there) and _strange(others, here):
            return True
    return False


def _framed(matcher: SequenceMatcher[str], shorter: int, both: int) -> bool:
    needed = max(FRAMED * shorter, FEWEST_FRAMED)
    if matcher.quick_ratio() * both / 2 < needed:
        return False
    return sum(block.size for block in matcher.get_matching_blocks()) >= needed


def _strange(names: list[_Keys], known: frozenset[str]) -> bool:
    return not any(key in known for keys in names for key in keys)


def _keys_in(part: tuple[_Token, ...]) -> frozenset[str]:
    return frozenset(key for _, keys in part for key in keys)


@lru_cache(maxsize=64)
def _named_in(title: str, language: str | None) -> frozenset[str]:
    if is_title_case(title):
        return frozenset()
    return frozenset(
        key for word, _, _ in tokens_of(title) if word[0].isupper()
        for key in keys_of_token(word, language, named=True) if key[0] in "eaw"
    )  # fmt: skip


@lru_cache(maxsize=64)
def _beginning(text: str, language: str | None) -> tuple[_Token, ...]:
    """The first words, folded, each with the keys of the name that it is; a word that has a capital because
    a sentence begins is one when its neighbour is."""
    tokens = first_tokens(text[: FRAME_WORDS * 24], FRAME_WORDS)
    found = []
    for at, (word, named, _) in enumerate(tokens):
        follows = at + 1 < len(tokens) and tokens[at + 1][1] and tokens[at + 1][2]
        folded = word.casefold()
        is_name = word[0].isupper() and (named or follows or _quoted(text, word)) and _is_rare(word, language)
        keys = keys_of_token(word, language, named=True) if is_name else ()
        found.append((folded, tuple(key for key in keys if key[0] in "eaw")))
    return tuple(found)


def _quoted(text: str, word: str) -> bool:
    return any(f"{mark}{word}" in text for mark in '«„“"')


def _is_rare(word: str, language: str | None) -> bool:
    folded = word.casefold()
    if is_stop_word(folded, language) or is_calendar_word(word, language):
        return False
    if language not in NOUNS_HAVE_CAPITALS:
        return True
    return all(share_of(key) < RARE for key in keys_of_token(word, language, named=False) if key[0] == "w")
