"""Revisions: what changed between two readings of an article, who is told, when to look again."""

from __future__ import annotations

import re
from collections.abc import Collection, Mapping, Sequence
from datetime import datetime, timedelta
from difflib import SequenceMatcher
from itertools import takewhile
from typing import Final
from urllib.parse import urlsplit

from monitor.core.delivery.plan import delivery_key
from monitor.core.delivery.preferences import after_quiet_hours
from monitor.core.text.clean import sentences, shortened
from monitor.model import Article, Change, Chat, Correction, Delivery, Match

MAX_SENTENCES: Final = 400
MAX_CHANGES: Final = 20
MAX_CHARS: Final = 500
BEFORE_CHANGE: Final = 100
"""Characters of a long sentence that are kept before the first one that changed."""
ALIKE: Final = 0.5
"""Sentences that share less are not the same sentence, changed."""
LONGER: Final = 2.5
"""Texts of so different a length were not read from the same place (a summary, a page)."""

_WORD: Final = re.compile(r"[^\W_]+(?:['’ʼ][^\W_]+)*")
_NUMBER: Final = re.compile(r"\d+(?:[.,:]\d+)*")


def next_look(first_seen: datetime, now: datetime, ages: Sequence[timedelta]) -> datetime | None:
    """When an article is to be read again; None after the last time. Looks that were missed are not
    made up for."""
    return min((first_seen + age for age in ages if first_seen + age > now), default=None)


def changes(
    before: Article, after: Article, matches: Sequence[Match], *, live: bool = False
) -> tuple[Change, ...]:
    """What a reader would find changed, the most telling first; empty when only layout is.

    ``matches`` are those of the wording before: the sentences they stand in count as ``match``. A
    live blog grows all the time: of it only the headline is compared.
    """
    found = []
    if _words(before.title) != _words(after.title) and after.title:
        found.append(Change(what="headline", **_wording(before.title, after.title)))
    if not live and _comparable(before.text, after.text):
        found += _in_text(before.text, after.text, _matched(before.text, matches))
    order = ("headline", "match", "number", "name", "text", "vanished")
    return tuple(sorted(found, key=lambda change: order.index(change.what))[:MAX_CHANGES])


def worth_telling(found: Sequence[Change]) -> tuple[Change, ...]:
    """Those that a chat is told: not a typo, not a sentence more."""
    return tuple(change for change in found if change.what != "text")


def replies(
    article_id: str,
    story_id: str,
    found: Sequence[Change],
    *,
    revision: str,
    article: Article,
    told: Mapping[str, Delivery],
    told_by_reply: Collection[str],
    chats: Sequence[Chat],
    now: datetime,
) -> tuple[Delivery, ...]:
    """One reply for each chat that was told of this very article, by an alert or by a reply to one; at most
    once a ``revision`` (a key of the new wording). ``told`` maps chat ids to the alert that the chat has
    about the story, ``told_by_reply`` are those that heard of the article in a reply to it."""
    telling = worth_telling(found)
    if not telling:
        return ()
    payload = Correction(
        headline=article.title,
        url=article.url,
        outlet=article.source_name or article.site,
        changes=tuple((change.what, change.before, change.after) for change in telling),
    )
    return tuple(
        Delivery(
            key=delivery_key(told[chat.id].key, "revision", revision),
            chat_id=chat.id,
            kind="revision",
            payload=payload,
            created_at=now,
            not_before=after_quiet_hours(chat, now),
            story_id=story_id,
            article_id=article_id,
        )
        for chat in chats
        if chat.id in told and (told[chat.id].article_id == article_id or chat.id in told_by_reply)
    )


def leads_nowhere(asked: str, answered: str) -> bool:
    """Whether an article's address now leads to a front page: how outlets hide what they took down."""
    own, other = urlsplit(asked), urlsplit(answered)
    return bool(own.path.strip("/") or own.query) and not other.path.strip("/") and not other.query


def _in_text(before: str, after: str, matched: set[str]) -> list[Change]:
    old, new = _sentences(before), _sentences(after)
    old_keys, new_keys = [_words(text) for text in old], [_words(text) for text in new]
    known, there = set(old_keys), set(new_keys)
    found = []
    compared = SequenceMatcher(None, old_keys, new_keys, autojunk=False)
    for verdict, start, end, low, high in compared.get_opcodes():
        if verdict == "equal":
            continue
        rest = list(range(low, high))
        for at in range(start, end):
            if old_keys[at] in there:
                continue  # it only moved
            twin = _twin(old_keys[at], new_keys, rest)
            if twin is not None:
                rest.remove(twin)
            text = new[twin] if twin is not None else ""
            found.append(_change(old[at], text, is_match=old[at] in matched))
        added = (new[at] for at in rest if new_keys[at] not in known)
        found += [Change(what="text", before="", after=shortened(text, MAX_CHARS)) for text in added]
    return found


def _change(before: str, after: str, *, is_match: bool) -> Change:
    wording = _wording(before, after)
    if is_match:
        return Change(what="match", **wording)
    if after and sorted(_NUMBER.findall(before)) != sorted(_NUMBER.findall(after)):
        return Change(what="number", **wording)
    if after and _names(before) != _names(after):
        return Change(what="name", **wording)
    return Change(what="text", **wording)


def _wording(before: str, after: str) -> dict[str, str]:
    """Both wordings, at most ``MAX_CHARS`` each: of long ones the part in which they differ."""
    start = 0
    if after and max(len(before), len(after)) > MAX_CHARS:
        alike = sum(1 for _ in takewhile(lambda pair: pair[0] == pair[1], zip(before, after, strict=False)))
        start = before.rfind(" ", 0, max(alike - BEFORE_CHANGE, 0)) + 1
    lead = "… " if start else ""
    return {
        "before": shortened(f"{lead}{before[start:]}", MAX_CHARS),
        "after": shortened(f"{lead}{after[start:]}", MAX_CHARS),
    }


def _twin(words: tuple[str, ...], others: Sequence[tuple[str, ...]], places: Sequence[int]) -> int | None:
    """Which of the sentences at these places is most like the words; None when none is."""
    best, alike = None, ALIKE
    for place in places:
        ratio = SequenceMatcher(None, words, others[place], autojunk=False).ratio()
        if ratio >= alike:
            best, alike = place, ratio
    return best


def _matched(text: str, matches: Sequence[Match]) -> set[str]:
    places = [span.start for match in matches for span in match.spans if span.field == "body"]
    return {
        text[start:end] for start, end in sentences(text) if any(start <= place < end for place in places)
    }


def _sentences(text: str) -> list[str]:
    return [text[start:end] for start, end in sentences(text)[:MAX_SENTENCES]]


def _comparable(before: str, after: str) -> bool:
    sizes = len(before.split()), len(after.split())
    return 0 < max(sizes) <= LONGER * min(sizes)


def _names(sentence: str) -> set[str]:
    """Words with a capital that do not open the sentence."""
    words = _WORD.findall(sentence)[1:]
    return {word.casefold() for word in words if word[:1].isupper()}


def _words(text: str) -> tuple[str, ...]:
    return tuple(_WORD.findall(text.casefold().replace("ё", "е")))
