"""Texts on which a backtracking engine works longest, derived from the expression itself.

What can repeat is repeated: alone, behind all that may stand before it, with that again and again, and
with what should follow left out. So a search that begins anew at each place, two repeats that share a
character, and a repeat inside a repeat show as more than linear time.
"""

from __future__ import annotations

import re
from collections.abc import Callable, Iterator
from itertools import islice, product
from re import _constants as sre  # type: ignore[attr-defined]
from re import _parser as parser  # type: ignore[attr-defined]
from typing import Any

# A part that may come so often counts as one that repeats without end.
MANY = 16
# How many texts are tried for one part.
MOST = 12
_LEADS = 4
_CHARS = "a0 \n<>-_.\"'/:;=&A\té\u0430\u4e00,()[|\\@#*%s1\u0301\x00"
_CATEGORIES = {
    sre.CATEGORY_DIGIT: r"\d",
    sre.CATEGORY_NOT_DIGIT: r"\D",
    sre.CATEGORY_SPACE: r"\s",
    sre.CATEGORY_NOT_SPACE: r"\S",
    sre.CATEGORY_WORD: r"\w",
    sre.CATEGORY_NOT_WORD: r"\W",
}
_REPEATS = {sre.MAX_REPEAT, sre.MIN_REPEAT, sre.POSSESSIVE_REPEAT}
_LOOKS = {sre.ASSERT, sre.ASSERT_NOT}
Items = list[tuple[Any, Any]]


def pumps(pattern: re.Pattern[Any]) -> Iterator[tuple[str, str, str]]:
    """``(once, again, at the end)``: texts are ``once + again * n + at the end``."""
    tree = parser.parse(pattern.pattern, pattern.flags & ~re.DEBUG)
    own = "".join(dict.fromkeys(_literals(list(tree))))
    alphabet = "".join(dict.fromkeys(own + _CHARS))
    seen: set[tuple[str, str, str]] = set()
    for before, body, after in _repeats(list(tree), [""], [""], alphabet):
        ends = ["", "\x00a", "".join([char for char in alphabet if char not in body][:2])]
        for pump in _shapes(before, body, after, ends):
            if pump[1] and pump not in seen:
                seen.add(pump)
                yield pump
    for lead in islice(_samples(list(tree), alphabet, 6), 6):
        for cut in {len(lead), max(len(lead) - 1, 1), max(len(lead) // 2, 1)}:
            if lead[:cut] and ("", lead[:cut], "") not in seen:
                seen.add(("", lead[:cut], ""))
                yield "", lead[:cut], ""


def _shapes(
    before: list[str], body: list[str], after: list[str], ends: list[str]
) -> Iterator[tuple[str, str, str]]:
    for again in body:
        for end in ends:
            yield "", again, end
            yield from ((once, again, end) for once in before if once)
        for once in before:
            yield "", once + again, ""
            yield "", once, ""
            for more in after[:2]:
                yield once, again + more, ends[-1]
                yield "", once + again + more[:1], ""
        for other in body[:4]:
            yield "", again + other, ends[1]


def _repeats(
    items: Items, before: list[str], after: list[str], alphabet: str
) -> Iterator[tuple[list[str], list[str], list[str]]]:
    """Each part that may repeat often: what stands before it, what it is, what should follow."""
    for at, (code, value) in enumerate(items):
        rest = list(_samples(items[at + 1 :], alphabet, 2)) or [""]
        follow = list(dict.fromkeys(r + a for r, a in product(rest, after)))[:3]
        if code in _REPEATS:
            _, most, inner = value
            if most >= MANY:
                yield before, list(_samples(list(inner), alphabet, MOST)), follow
            again = list(_samples(list(inner), alphabet, 2))
            yield from _repeats(list(inner), before, again + follow, alphabet)
        for group in _groups(code, value):
            yield from _repeats(group, before, follow, alphabet)
        here = list(_samples([(code, value)], alphabet, 3)) or [""]
        before = list(dict.fromkeys(b + h for b, h in product(before, here)))
        if len(before) > _LEADS:
            before = sorted(before, key=len)
            before = before[: _LEADS // 2] + before[-_LEADS // 2 :]


def _samples(items: Items, alphabet: str, most: int) -> Iterator[str]:
    """Up to ``most`` texts that these parts match, as far as that is told part by part."""
    choices = [list(islice(_of(code, value, alphabet, most), most)) or [""] for code, value in items]
    # Not the whole product: each part's variants in turn, the others as they are first.
    first = "".join(choice[0] for choice in choices)
    found = {first: None}
    for at, choice in enumerate(choices):
        for variant in choice[1:]:
            found.setdefault(
                "".join([*(c[0] for c in choices[:at]), variant, *(c[0] for c in choices[at + 1 :])])
            )
    yield from islice(found, most)


def _of(code: Any, value: Any, alphabet: str, most: int) -> Iterator[str]:
    if code is sre.LITERAL:
        yield chr(value)
    elif code in {sre.IN, sre.NOT_LITERAL, sre.ANY}:
        yield from (char for char in alphabet if _holds(code, value, char))
        if code is sre.IN:
            yield from (chr(item[1] if kind is sre.LITERAL else item[0]) for kind, item in _plain(value))
    elif code in _REPEATS:
        least, top, inner = value
        for text in _samples(list(inner), alphabet, most):
            yield text * max(least, 1 if top else 0)
        if not least:
            yield ""
    elif code not in _LOOKS and (inside := _groups(code, value)):
        for group in inside:
            yield from _samples(group, alphabet, max(most // 2, 1) if len(inside) > 1 else most)
    else:
        yield ""


def _groups(code: Any, value: Any) -> list[Items]:
    """The sequences that a group or an alternation is made of."""
    if code is sre.SUBPATTERN:
        return [list(value[-1])]
    if code is sre.ATOMIC_GROUP:
        return [list(value)]
    if code is sre.BRANCH:
        return [list(branch) for branch in value[1]]
    return [list(value[1])] if code in _LOOKS else []


def _plain(items: Items) -> Iterator[tuple[Any, Any]]:
    """Members of a class by themselves; none of a class that is a complement."""
    if items and items[0][0] is sre.NEGATE:
        return
    for kind, item in items:
        if kind is sre.LITERAL:
            yield kind, (item, item)
        elif kind is sre.RANGE:
            yield kind, item


def _holds(code: Any, value: Any, char: str) -> bool:
    if code is sre.ANY:
        return char != "\n"
    if code is sre.NOT_LITERAL:
        return bool(ord(char) != value)
    wanted = True
    for kind, item in value:
        if kind is sre.NEGATE:
            wanted = False
        elif _is(kind, item, char):
            return wanted
    return not wanted


def _is(kind: Any, item: Any, char: str) -> bool:
    if kind is sre.LITERAL:
        return bool(ord(char) == item)
    if kind is sre.RANGE:
        return bool(item[0] <= ord(char) <= item[1])
    return re.match(_CATEGORIES[item], char) is not None


def _literals(items: Items) -> Iterator[str]:
    """The characters that an expression names."""
    for code, value in items:
        if code in {sre.LITERAL, sre.NOT_LITERAL}:
            yield chr(value)
        elif code is sre.IN:
            yield from (chr(item) for kind, item in value if kind is sre.LITERAL)
        elif code in _REPEATS:
            yield from _literals(list(value[2]))
        for group in _groups(code, value):
            yield from _literals(group)


def runner(pattern: re.Pattern[Any], methods: frozenset[str]) -> Callable[[str], object]:
    """Run an expression over a text in the ways that the package does."""
    is_bytes = isinstance(pattern.pattern, bytes)
    calls = [getattr(pattern, name) for name in ("match", "fullmatch") if name in methods]
    walks = methods - {"match", "fullmatch"}
    if walks == {"search"}:
        calls.append(pattern.search)
    elif walks:
        calls.append(lambda text: sum(1 for _ in pattern.finditer(text)))

    def run(text: str) -> None:
        given: Any = text.encode("utf-8", "replace") if is_bytes else text
        for call in calls:
            call(given)

    return run
