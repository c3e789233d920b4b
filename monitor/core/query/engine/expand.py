"""References resolved and languages set: the tree that is matched."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass, field, replace
from typing import cast

from monitor.core.query.names.spellings import (
    PATRONYMIC,
    Kind,
    Spelling,
    Ways,
    capital,
    plain_name,
    spelled,
    spellings,
    ways,
)
from monitor.core.query.syntax.diagnostics import error
from monitor.core.query.syntax.show import show
from monitor.core.query.syntax.terms import list_term
from monitor.core.query.syntax.tree import (
    And,
    AtLeast,
    Except,
    Field,
    First,
    Near,
    Node,
    Not,
    Or,
    Phrase,
    Reference,
    Score,
    Sentence,
    Word,
)
from monitor.core.text.clean import nearest
from monitor.errors import QueryError
from monitor.i18n.lazy import lazy

Name = Mapping[str, object] | str
"""A person or an organisation: its name, or ``{name, spellings, off}``."""


@dataclass(frozen=True, slots=True, kw_only=True)
class SharedLists:
    """What stands behind ``@name``."""

    lists: Mapping[str, Sequence[str]] = field(default_factory=dict)
    people: Mapping[str, Name] = field(default_factory=dict)
    orgs: Mapping[str, Name] = field(default_factory=dict)


def expand(node: Node, query: str, languages: tuple[str, ...] | None, shared: SharedLists) -> Node:
    """The tree with every reference replaced and every word's languages set.

    ``languages`` None: words follow the article's language. Raises QueryError for unknown names.
    """
    return _Expansion(query, languages, shared).node(node)


@dataclass(frozen=True, slots=True)
class _Expansion:
    query: str
    languages: tuple[str, ...] | None
    shared: SharedLists

    def node(self, node: Node) -> Node:  # noqa: C901, PLR0911 - one arm for each kind of node
        match node:
            case Word():
                return self._word(node)
            case Phrase(words=words):
                return replace(node, words=tuple(self._word(word) for word in words))
            case Reference():
                return self._reference(node)
            case And(parts=parts):
                return And(tuple(self.node(part) for part in parts), node.at)
            case Or(parts=parts):
                return Or(tuple(self.node(part) for part in parts), node.label, node.at)
            case Not(part=part) | Field(part=part) | AtLeast(part=part):
                return replace(node, part=self.node(part))
            case First(part=part) | Sentence(part=part):
                return replace(node, part=self.node(part))
            case Near(left=left, right=right):
                return replace(node, left=self.node(left), right=self.node(right))
            case Except(part=part, mask=mask):
                return replace(node, part=self.node(part), mask=self.node(mask))
            case Score(parts=parts):
                return replace(node, parts=tuple((self.node(part), n) for part, n in parts))
            case _:
                return node

    def _word(self, word: Word) -> Word:
        if word.mode not in {"forms", "capitals"} or word.languages == self.languages:
            return word
        return Word(word.text, word.mode, self.languages, word.at)

    def _reference(self, node: Reference) -> Node:
        found = self._content(node)
        label = show(node)
        if not found:
            message = lazy("{name} has no spelling left", name=label)
            raise error(self.query, node.at[0], message, lazy("add a spelling"))
        return Or(found, label=label, at=node.at)

    def _content(self, node: Reference) -> tuple[Node, ...]:
        shared, name = self.shared, node.name
        if node.kind in {"", "list"} and name in shared.lists:
            return tuple(self._entry(node, entry) for entry in shared.lists[name])
        named = _named(node, shared)
        if named is None:
            raise self._unknown(node)
        return tuple(dict.fromkeys(_nodes(*named)))

    def _entry(self, node: Reference, entry: str) -> Node:
        try:
            return self.node(list_term(entry))
        except QueryError as refused:
            message = lazy("{name}: {trouble}", name=show(node), trouble=refused.message)
            raise error(self.query, node.at[0], message, refused.hint) from refused

    def _unknown(self, node: Reference) -> QueryError:
        shared = self.shared
        known = [*shared.lists, *shared.people, *shared.orgs]
        near = nearest(node.name, known)
        if near:
            hint = lazy("did you mean {name}?", name=f"@{near[0]}")
        elif known:
            hint = lazy("there are {names}", names=", ".join(f"@{name}" for name in sorted(known)[:20]))
        else:
            hint = lazy("define it under lists:, people: or orgs:")
        return error(self.query, node.at[0], lazy("{name} is not defined", name=show(node)), hint)


def spellings_of(node: Reference, shared: SharedLists) -> tuple[Spelling, ...] | None:
    """All spellings behind a reference to a person or an organisation; None for anything else."""
    named = _named(node, shared)
    if named is None:
        return None
    spec, kind = named
    return spellings(str(spec["name"]), kind=kind, extra=_extra(spec), off=_texts(spec.get("off")))


def _named(node: Reference, shared: SharedLists) -> tuple[Mapping[str, object], Kind] | None:
    """What a reference to a person or an organisation stands for."""
    name, kind = node.name, node.kind
    spec: Name | None = None
    if kind in {"", "list"} and name in shared.lists:
        return None
    if kind in {"", "person"} and name in shared.people:
        spec, kind = shared.people[name], "person"
    elif kind in {"", "org"} and name in shared.orgs:
        spec, kind = shared.orgs[name], "org"
    elif kind in {"person", "org"} and (" " in name or not name.islower()):
        spec = name
    if spec is None:
        return None
    return ({"name": spec} if isinstance(spec, str) else spec), cast("Kind", kind)


def _extra(spec: Mapping[str, object]) -> tuple[str, ...]:
    return (*_texts(spec.get("spellings")), *_texts(spec.get("aka")))


def _nodes(spec: Mapping[str, object], kind: Kind) -> Iterator[Node]:
    """The spellings of a name as places: each order of its words once, with all ways to spell each word."""
    off = {plain_name(each) for each in _texts(spec.get("off"))}
    for text in (str(spec["name"]), *_extra(spec)):
        if plain_name(text) not in off:
            yield _written(Spelling(text=text))
    for each in ways(str(spec["name"]), kind):
        if off and any(plain_name(spelling.text) in off for spelling in spelled(each)):
            # Some pairs of words are unwanted: then each pair is a spelling of its own.
            yield from (_written(one) for one in spelled(each) if plain_name(one.text) not in off)
        else:
            yield from _orders(each)


def _orders(way: Ways) -> Iterator[Node]:
    words = [_any_of(texts, way.language) for texts in way.words]
    if way.kind != "person" or len(words) == 1:
        yield _in_a_row(words)
        return
    *first, last = words
    yield Near(_in_a_row(first), last, PATRONYMIC, ordered=True)
    yield Near(last, _in_a_row(first), 0, ordered=True)
    letters = dict.fromkeys(text[0].upper() for text in way.words[0])
    initials = tuple(Word(each, "case") for letter in letters for each in (letter, *_with_a_second(letter)))
    initial = initials[0] if len(initials) == 1 else Or(initials)
    yield Near(initial, last, PATRONYMIC, ordered=True)
    yield Near(last, initial, 0, ordered=True)


def _with_a_second(initial: str) -> Iterator[str]:
    """An initial with each second one: *А.Г. Лукашенко* has one word before the surname, АГ."""
    if initial.isalpha():
        yield from (initial + second for second in (_LATIN_INITIALS if initial < "Ͱ" else _CYRILLIC_INITIALS))


_LATIN_INITIALS = "ABCDEFGHIJKLMNOPQRSTUVWXYZČŁŠŽ"
_CYRILLIC_INITIALS = "АБВГДЕЁЖЗИЙКЛМНОПРСТУФХЦЧШЩЭЮЯІЇЄЎҐ"


def _any_of(texts: Iterable[str], language: str | None) -> Node:
    """A word of a name in any of its spellings."""
    nodes: list[Node] = []
    for text in texts:
        node = _written(Spelling(text=capital(text), language=language))
        nodes.extend(node.parts if isinstance(node, Or) else (node,))
    return nodes[0] if len(nodes) == 1 else Or(tuple(dict.fromkeys(nodes)))


def _in_a_row(nodes: Sequence[Node]) -> Node:
    found = nodes[0]
    if all(isinstance(node, Word) for node in nodes) and len(nodes) > 1:
        return Phrase(tuple(node for node in nodes if isinstance(node, Word)))
    for node in nodes[1:]:
        found = Near(found, node, 0, ordered=True)
    return found


def _written(spelling: Spelling) -> Node:
    node = list_term(spelling.text)
    if isinstance(node, Or):
        return Or(tuple(_in_language(part, spelling) for part in node.parts))
    return _in_language(node, spelling)


def _in_language(node: Node, spelling: Spelling) -> Node:
    words = node.words if isinstance(node, Phrase) else (node,)
    languages = (spelling.language,) if spelling.language else None
    words = tuple(
        replace(word, mode="case") if len(word.text) == 1 else replace(word, languages=languages)
        for word in words
        if isinstance(word, Word)
    )
    if len(words) == 1:
        return words[0]
    if not spelling.apart:
        return Phrase(words)
    *first, last = words
    start = Phrase(tuple(first)) if len(first) > 1 else first[0]
    return Near(start, last, spelling.apart, ordered=True)


def _texts(value: object) -> tuple[str, ...]:
    return tuple(str(each) for each in value) if isinstance(value, list | tuple) else ()
