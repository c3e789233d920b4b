"""Who was first and who repeated: credits in a text, and the tree of a story's copies."""

from __future__ import annotations

import re
from collections import Counter
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import Final

from monitor.model import Story, StoryArticle

CREDIT_CHARS: Final = 400
"""A credit stands at the start or the end of a text."""
MOST_CREDIT: Final = 60
LONGEST_OUTLET: Final = 4
"""Words of an outlet's name, where nothing but a name may be taken away."""
SURE: Final = timedelta(minutes=5)
"""A date that the outlet gives counts as sure when it is not after the moment we saw the article, by more."""

_AGENCIES: Final = (
    "Associated Press|AP|Reuters|AFP|Agence France-Presse|Bloomberg|UPI|Xinhua|dpa|Interfax|Интерфакс|"
    "ТАСС|TASS|РИА Новости|РИА|БелТА|БЕЛТА|BelTA|БелаПАН|Укринформ|Укрінформ|УНІАН|УНИАН|PAP|BNS|ELTA|LETA"
)
_ATTRIBUTIONS: Final = (
    *("[Aa]ccording to", "[Aa]s reported by", "[Rr]eported by", "пишет", "сообщает", "сообщили", "передает"),
    *("передаёт", "со ссылкой на", "по данным", "паведамляе", "піша", "паводле", "са спасылкай на"),
    *("повідомляє", "пише", "за даними", "з посиланням на", "jak podaje", "podaje", "informuje", "za"),
    *("pranešė", "praneša", "rašo", "remiasi", "berichtet", "meldet", "laut"),
)
_NAME: Final = r"[«\"„“]?(?P<name>[A-ZА-ЯЁІЎЄҐŁŚŻČŠŽ][^.,;:()«»„“”\"\n]{1,50}?)[»\"”“]?"
_CREDITS: Final = (
    re.compile(r"^\s*[^.\n]{0,60}?\((?P<name>[^()\n]{2,50})\)\s*[–—-]"),
    re.compile(rf"(?:^|[\s(/])(?P<name>{_AGENCIES})(?:[\s).,/–—-]|$)"),
    re.compile(rf"(?:{'|'.join(_ATTRIBUTIONS)}) {_NAME}(?=[.,;:)»\"”\n]|\s[–—-]|$)"),
)

_IN_ORIGINS: Final = (
    *_AGENCIES.split("|"),
    *(f"{words.rpartition(']')[2]} " for words in _ATTRIBUTIONS),
)
"""A text that names an origin has one of these; most sentences have none."""

_SIDES: Final = {"state": "state", "wire": "wire"}


def credit_of(text: str, authors: Sequence[str] = ()) -> str:
    """The outlet or agency that a text names as its origin, as written; "" when it names none.

    A dateline in brackets, a byline that is an agency, an agency's name or "according to" near the
    start or the end.
    """
    for author in authors:
        if re.fullmatch(_AGENCIES, author.strip()):
            return author.strip()
    ends = (text[:CREDIT_CHARS], text[-CREDIT_CHARS:] if len(text) > 2 * CREDIT_CHARS else "")
    for pattern in _CREDITS:
        for part in ends:
            found = pattern.search(part)
            if found and _is_outlet(found["name"]):
                return found["name"].strip()[:MOST_CREDIT]
    return ""


def beside_credit(sentence: str) -> tuple[str, ...]:
    """What a sentence says beside naming its origin (*Об этом пишет «…»*): once for each way to read it."""
    found = (pattern.search(sentence) for pattern in _CREDITS)
    return tuple(
        f"{sentence[: each.start()]} {sentence[each.end() :]}"
        for each in found
        if each is not None and _is_outlet(each["name"])
    )


def origin_marks(text: str) -> tuple[str, ...]:
    """What a text holds of that which is in every part of it that names an origin."""
    return tuple(filter(text.__contains__, _IN_ORIGINS))


def without_origin(part: str) -> str:
    """The part without the words that name its origin (*, reports Reuters*), where nothing but a name is in
    them."""
    if not origin_marks(part):
        return part
    for pattern in reversed(_CREDITS[1:]):
        part = pattern.sub(_bare, part)
    return part


def _bare(found: re.Match[str]) -> str:
    words = found["name"].split()
    return " " if len(words) <= LONGEST_OUTLET and all(word[0].isupper() for word in words) else found[0]


@dataclass(frozen=True, slots=True, kw_only=True)
class Branch:
    """An article with those that repeat it, in order of appearance."""

    article: StoryArticle
    repeated: tuple[StoryArticle, ...]


@dataclass(frozen=True, slots=True, kw_only=True)
class Syndication:
    """A story's copies as trees. ``first``: who was first; ``sure`` whether that rests on dates that the
    outlets gave and that make sense. ``sides`` counts outlets: state, wire, independent and other."""

    first: StoryArticle
    sure: bool
    branches: tuple[Branch, ...]
    sides: Mapping[str, int]
    outlets: int
    languages: tuple[str, ...]


def syndication(story: Story) -> Syndication:
    """Who was first in a story, who repeated whom, and what kinds of outlets took part."""
    ordered = sorted(story.articles, key=_when)
    by_id = {item.article_id: item for item in ordered}
    repeats: dict[str, list[StoryArticle]] = {}
    for item in ordered:
        root = item.copy_of if item.copy_of in by_id else None
        if root is not None:
            repeats.setdefault(root, []).append(item)
    branches = tuple(
        Branch(article=item, repeated=tuple(repeats.get(item.article_id, ())))
        for item in ordered
        if item.copy_of not in by_id
    )
    outlets = {item.source_id: item.tier for item in ordered}
    return Syndication(
        first=_first(ordered),
        sure=_is_sure(_first(ordered)),
        branches=branches,
        sides=Counter(_SIDES.get(tier, "independent and other") for tier in outlets.values()),
        outlets=len(outlets),
        languages=tuple(dict.fromkeys(item.language for item in ordered if item.language)),
    )


def _first(ordered: Sequence[StoryArticle]) -> StoryArticle:
    """The earliest; but an outlet of the story that the earliest itself credits was there before."""
    first = ordered[0]
    named = first.credit.casefold()
    credited = [item for item in ordered if named and named in item.source_name.casefold()]
    return credited[0] if credited else first


def _when(item: StoryArticle) -> tuple[datetime, datetime]:
    return (item.published if _is_sure(item) and item.published else item.seen_at, item.seen_at)


def _is_sure(item: StoryArticle) -> bool:
    # A date alone reads as midnight; one in the future is a mistake of the outlet's.
    published = item.published
    if published is None or published > item.seen_at + SURE:
        return False
    return bool(published.hour or published.minute or published.second)


def _is_outlet(name: str) -> bool:
    words = name.split()
    return bool(words) and len(words) <= 5 and any(char.isalpha() for char in name)  # noqa: PLR2004
