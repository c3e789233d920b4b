"""A slow and obvious reading of the query language, to compare the fast one with.

It knows nothing of chunks, anchors, vocabularies or sets: it looks at every word of the text for
every word of the query, and at every pair of places for every distance.
"""

from __future__ import annotations

from collections.abc import Callable, Iterator
from dataclasses import dataclass, replace

from monitor.core.query import tokens
from monitor.core.query.forms import keys as forms
from monitor.core.query.syntax import tree
from monitor.model import MatchText

Place = tuple[str, frozenset[int]]


@dataclass(frozen=True)
class View:
    """Visible word positions of each field."""

    texts: dict[str, list[str]]
    visible: frozenset[tuple[str, int]]
    text: MatchText


def obviously(node: tree.Node, text: MatchText) -> bool:
    """Whether an expanded tree matches a text."""
    texts = {name: tokens.words(getattr(text, name)) for name in ("title", "body", "author")}
    visible = {(name, at) for name in ("title", "body") for at in range(len(texts[name]))}
    return _true(node, View(texts, frozenset(visible), text))


def _accepts(word: tree.Word, surface: str) -> bool:
    if word.mode in {"case", "shout"}:
        return _first(tokens.cased(word.text)) in tokens.variants(tokens.cased(surface))
    asked = tokens.fold(word.text)
    options = tokens.variants(tokens.fold(surface))
    plain = _first(asked)
    if word.mode == "capitals" and not any(
        found.startswith(word.text) and (found[len(word.text) :] or "s").islower()
        for found in tokens.variants(tokens.cased(surface))
    ):
        return False
    match word.mode:
        case "prefix":
            return any(option.startswith(plain) for option in options)
        case "suffix":
            return any(option.endswith(plain) for option in options)
        case "infix":
            return any(plain in option for option in options)
    if plain in options:
        return True
    if word.mode == "exact":
        return False
    return any(
        not _keys(asked, language, forms.query_keys).isdisjoint(
            _keys(tokens.fold(surface), language, forms.keys)
        )
        for language in word.languages or ()
    )


def _first(folded: str) -> str:
    return tokens.variants(folded)[0]


def _keys(folded: str, language: str, keys: Callable[[str, str | None], frozenset[str]]) -> set[str]:
    if tokens.script(folded) != ("cyrillic" if language in {"ru", "be", "uk"} else "latin"):
        return set()
    return {
        key.replace("'", "")
        for form in (folded, *tokens.variants(folded)[1:])
        for key in keys(form, language)
    }


def _true(  # noqa: C901, PLR0911, PLR0912 - one arm for each kind of node
    node: tree.Node, view: View
) -> bool:
    match node:
        case tree.And(parts=parts):
            return all(_true(part, view) for part in parts)
        case tree.Or(parts=parts):
            return any(_true(part, view) for part in parts)
        case tree.Not(part=part):
            return not _true(part, view)
        case tree.Score(threshold=threshold, parts=parts):
            return sum(weight for part, weight in parts if _true(part, view)) >= threshold
        case tree.AtLeast(count=count, part=part):
            spans = {(field, min(used), max(used)) for field, used in _places(part, view)}
            return len(spans) >= count
        case tree.Sentence(part=part):
            return any(_true(part, each) for each in _sentences(view))
        case tree.First(count=count, part=part):
            return _true(part, _only(view, lambda _, at: at < count))
        case tree.Except(part=part, mask=mask):
            return _true(part, _masked(mask, view))
        case tree.Field(name="author", part=part):
            every = frozenset(("author", at) for at in range(len(view.texts["author"])))
            return _true(part, replace(view, visible=every))
        case tree.Field(name="lead", part=part):
            body = view.text.body
            end = tokens.lead_end(body, tokens.places(body))
            return _true(part, _only(view, lambda field, at: field == "body" and at < end))
        case tree.Field(name=name, part=part) if name in tree.FILTER_FIELDS:
            return _given(name, part, view.text)
        case tree.Field(name=name, part=part):
            return _true(part, _only(view, lambda field, _: field == name))
        case _:
            return bool(list(_places(node, view)))


def _given(name: str, node: tree.Node, text: MatchText) -> bool:
    """Whether the values of a filter field are true."""
    match node:
        case tree.And(parts=parts):
            return all(_given(name, part, text) for part in parts)
        case tree.Or(parts=parts):
            return any(_given(name, part, text) for part in parts)
        case tree.Value(text=value):
            wanted = value.lower()
            if name == "url":
                return wanted.removeprefix("https://") in text.url.lower()
            if name == "source":
                has = text.source.lower()
                return has.startswith(wanted[:-1]) if wanted[-1] == "*" else has == wanted
            has = {"lang": text.language, "tier": text.tier, "country": text.country}[name] or ""
            return wanted == has.lower()
        case _:
            raise AssertionError(node)


def _only(view: View, keep) -> View:  # type: ignore[no-untyped-def]  # noqa: ANN001
    return replace(view, visible=frozenset(each for each in view.visible if keep(*each)))


def _sentences(view: View) -> Iterator[View]:
    for name in ("title", "body", "author"):
        text = getattr(view.text, name)
        for low, high in tokens.sentences(text, tokens.places(text)):
            yield _only(view, lambda field, at, n=name, a=low, z=high: field == n and a <= at < z)


def _sentence(view: View, field: str, at: int) -> tuple[int, int]:
    """The first and one past the last word of a word's sentence."""
    text = getattr(view.text, field)
    found = tokens.sentences(text, tokens.places(text))
    return next((low, high) for low, high in found if low <= at < high)


def _shouted(view: View, field: str, at: int) -> bool:
    """Whether a word's whole sentence is in capitals."""
    low, high = _sentence(view, field, at)
    places = tokens.places(getattr(view.text, field))
    return high - low > 1 and getattr(view.text, field)[places[low][0] : places[high - 1][1]].isupper()


def _masked(mask: tree.Node, view: View) -> View:
    hidden = {(field, at) for field, used in _places(mask, view) for at in range(min(used), max(used) + 1)}
    return replace(view, visible=view.visible - hidden)


def _places(  # noqa: C901, PLR0912 - one arm for each kind of node
    node: tree.Node, view: View
) -> Iterator[Place]:
    match node:
        case tree.Word():
            for field, at in view.visible:
                if node.mode == "shout" and not _shouted(view, field, at):
                    continue
                if _accepts(node, view.texts[field][at]):
                    yield field, frozenset({at})
        case tree.Phrase(words=words, slop=None):
            for field, start in view.visible:
                places = [(field, start + offset) for offset in range(len(words))]
                if all(
                    place in view.visible and _accepts(word, view.texts[field][place[1]])
                    for word, place in zip(words, places, strict=True)
                ) and all(
                    _sentence(view, field, start) == _sentence(view, field, place[1])
                    and (words[0].mode != "shout" or _shouted(view, field, place[1]))
                    for place in places
                ):
                    yield field, frozenset(position for _, position in places)
        case tree.Phrase(words=words, slop=slop):
            assert slop is not None
            found = set(_places(words[0], view))
            for word in words[1:]:
                found = set(_pairs(found, set(_places(word, view)), slop, ordered=False))
            yield from found
        case tree.Or(parts=parts):
            for part in parts:
                yield from _places(part, view)
        case tree.Near(left=left, right=right, negated=False):
            here, there = set(_places(left, view)), set(_places(right, view))
            yield from _pairs(here, there, node.distance, ordered=node.ordered)
        case tree.Near(left=left, right=right):
            there = set(_places(right, view))
            for place in _places(left, view):
                if not list(_pairs({place}, there, node.distance, ordered=node.ordered)):
                    yield place
        case tree.Except(part=part, mask=mask):
            yield from _places(part, _masked(mask, view))
        case tree.First(count=count, part=part):
            yield from _places(part, _only(view, lambda _, at: at < count))
        case _:
            raise AssertionError(node)


def _pairs(left: set[Place], right: set[Place], distance: int, *, ordered: bool) -> Iterator[Place]:
    for field, one in left:
        for field2, two in right:
            if field != field2 or one & two:
                continue
            between = max(min(two) - max(one), min(one) - max(two)) - 1
            if between <= distance and (not ordered or max(one) < min(two)):
                yield field, one | two
