"""What a query says that its author probably did not mean."""

from __future__ import annotations

import re
from collections.abc import Iterator, Mapping, Sequence

from monitor.core.query.engine.expand import Name, SharedLists, expand, spellings_of
from monitor.core.query.engine.lexicon import script_of
from monitor.core.query.forms import keys
from monitor.core.query.forms.dictionaries import is_ambiguous
from monitor.core.query.names.spellings import LANGUAGES as NAME_LANGUAGES
from monitor.core.query.names.spellings import warnings
from monitor.core.query.syntax.diagnostics import place, write
from monitor.core.query.syntax.lint_signs import lint_signs
from monitor.core.query.syntax.parse import QueryLint, parse_with_lints
from monitor.core.query.syntax.show import show
from monitor.core.query.syntax.tree import (
    FILTER_FIELDS,
    And,
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
    Value,
    Word,
    walk,
)
from monitor.core.query.tokens import fold, script
from monitor.i18n.lazy import LazyText, lazy


def check(
    query: str,
    *,
    languages: Sequence[str] = (),
    lists: Mapping[str, Sequence[str]] | None = None,
    people: Mapping[str, Name] | None = None,
    orgs: Mapping[str, Name] | None = None,
) -> tuple[QueryLint, ...]:
    """Everything doubtful in a query, by place.

    Raises QueryError (line, column, mend) when it cannot be used at all.
    """
    node, found = parse_with_lints(query)
    shared = SharedLists(lists=lists or {}, people=people or {}, orgs=orgs or {})
    expand(node, query, tuple(languages) or None, shared)
    lints = [
        *found,
        *lint_signs(query),
        *_common_names(query, node, tuple(languages)),
        *_duplicates(query, node, tuple(languages)),
        *_impossible(query, node, tuple(languages)),
        *_false_friends(query, node, shared),
        *_unspelled(query, node, tuple(languages), shared),
        *_unanchored(query, node),
    ]
    return tuple(sorted(lints, key=lambda lint: (lint.line, lint.column)))


def _lint(query: str, at: int, message: LazyText, hint: LazyText) -> QueryLint:
    line, column = place(query, at)
    return QueryLint(message=message, line=line, column=column, hint=hint)


def _duplicates(query: str, node: Node, languages: tuple[str, ...]) -> Iterator[QueryLint]:
    for each in walk(node):
        if not isinstance(each, And | Or) or (isinstance(each, Or) and each.label):
            continue
        seen: set[Node] = set()
        for part in each.parts:
            if part in seen:
                message = lazy("{what} stands here twice", what=show(part))
                yield _lint(query, part.at[0], message, lazy("take one out"))
            seen.add(part)
        if isinstance(each, Or) and not each.label:
            yield from _covered(query, each, languages)


def _covered(query: str, node: Or, languages: tuple[str, ...]) -> Iterator[QueryLint]:
    """Words that another alternative finds anyway: by its star, or as forms of one word."""
    words = [part for part in node.parts if isinstance(part, Word)]
    for at, part in enumerate(words):
        for other in words[:at] if part.mode == "forms" else words:
            if other != part and _covers(other, part, languages):
                message = lazy("{what} is found by {other} anyway", what=show(part), other=show(other))
                yield _lint(query, part.at[0], message, lazy("take it out"))
                break


def _covers(wide: Word, narrow: Word, languages: tuple[str, ...]) -> bool:
    one, two = fold(wide.text), fold(narrow.text)
    if wide.mode == "prefix" and narrow.mode in {"prefix", "exact", "case"}:
        return two.startswith(one)
    if wide.mode != "forms" or narrow.mode not in {"forms", "exact"} or one[:4] != two[:4]:
        return False
    shared = [language for language in languages if script_of(language) == script(two)]
    return bool(shared) and all(
        not keys.query_keys(one, language).isdisjoint(keys.query_keys(two, language)) for language in shared
    )


def _impossible(query: str, node: Node, languages: tuple[str, ...]) -> Iterator[QueryLint]:
    for each in walk(node):
        if isinstance(each, And):
            yield from _contradictions(query, each)
        elif isinstance(each, First) and _words(each.part) > each.count:
            message = lazy(
                "{what} has more than {count} words: never true", what=show(each.part), count=each.count
            )
            hint = lazy("write {example} or more", example=f"FIRST/{_words(each.part)}")
            yield _lint(query, each.at[0], message, hint)
        elif isinstance(each, Except) and each.mask == each.part:
            message = lazy("EXCEPT hides all of {what}: never true", what=show(each.mask))
            hint = lazy("hide a longer phrase: {example}", example='minsk EXCEPT "Minsk Mazowiecki"')
            yield _lint(query, each.mask.at[0], message, hint)
        elif isinstance(each, Field) and each.name != "url":
            yield from _side_by_side(query, each)
            if each.name == "lang":
                yield from _unread_languages(query, each, languages)
        elif isinstance(each, Phrase | Word) and _dropped(query, each):
            yield _lint(
                query,
                each.at[0],
                lazy("only letters and digits are compared: this is {what}", what=show(each)),
                lazy("use a longer phrase if that is too wide"),
            )


def _words(node: Node) -> int:
    """How many words a node needs at least."""
    match node:
        case Phrase(words=words):
            return len(words)
        case Near(left=left, right=right, negated=False):
            return _words(left) + _words(right)
        case And(parts=parts):
            return max(map(_words, parts))
        case Or(parts=parts):
            return min(map(_words, parts))
        case _:
            return 1


def _unanchored(query: str, node: Node) -> Iterator[QueryLint]:
    if not _needs_a_word(node):
        message = lazy(
            "no word has to stand in the text: each article is looked at, and no page is skipped unread"
        )
        yield _lint(query, node.at[0], message, lazy("join it with AND to a word, if you can"))


def _needs_a_word(node: Node) -> bool:
    match node:
        case And(parts=parts):
            return any(map(_needs_a_word, parts))
        case Or(parts=parts):
            return all(map(_needs_a_word, parts))
        case Score(parts=weighted):
            return all(_needs_a_word(part) for part, weight in weighted if weight > 0)
        case Not():
            return False
        case Field(name=name):
            return name not in FILTER_FIELDS
        case _:
            return True


def _common_names(query: str, node: Node, languages: tuple[str, ...]) -> Iterator[QueryLint]:
    within = {id(word) for phrase in walk(node) if isinstance(phrase, Phrase) for word in phrase.words}
    for each in walk(node):
        if not (isinstance(each, Word) and each.mode == "forms" and each.text[0].isupper()):
            continue
        if id(each) in within:
            continue
        folded = fold(each.text)
        if any(
            script(folded) == script_of(language) and is_ambiguous(folded, language) for language in languages
        ):
            message = lazy("{word} is a name here: it is found with a capital only", word=each.text)
            hint = lazy("write {word} for the common word", word=each.text.lower())
            yield _lint(query, each.at[0], message, hint)


def _false_friends(query: str, node: Node, shared: SharedLists) -> Iterator[QueryLint]:
    for each in walk(node):
        if isinstance(each, Reference):
            for warning in warnings(spellings_of(each, shared) or ()):
                message = lazy("{name}: {trouble}", name=show(each), trouble=warning)
                yield _lint(query, each.at[0], message, lazy('put it under "off:", or give a second word'))


def _unspelled(
    query: str, node: Node, languages: tuple[str, ...], shared: SharedLists
) -> Iterator[QueryLint]:
    """Names in a topic for languages whose spellings of names are not known."""
    missing = [language for language in languages if language not in NAME_LANGUAGES]
    for each in walk(node):
        if missing and isinstance(each, Reference) and spellings_of(each, shared):
            message = lazy(
                "{name}: how {languages} spells it is not known",
                name=show(each),
                languages=", ".join(missing),
            )
            yield _lint(query, each.at[0], message, lazy('put its spellings there under "aka:"'))


def _contradictions(query: str, node: And) -> Iterator[QueryLint]:
    wanted = {part for part in node.parts if not isinstance(part, Not)}
    for part in node.parts:
        if isinstance(part, Not) and part.part in wanted:
            yield _lint(
                query,
                part.at[0],
                lazy("{what} must stand here and must not: never true", what=show(part.part)),
                lazy("take one out"),
            )
    for name in ("lang", "country", "tier"):
        values = {
            part.part.text.casefold(): part
            for part in node.parts
            if isinstance(part, Field) and part.name == name and isinstance(part.part, Value)
        }
        if len(values) > 1:
            last = list(values.values())[-1]
            hint = write(f"{name}:({' OR '.join(values)})")
            message = lazy("an article has one {field}: this is never true", field=name)
            yield _lint(query, last.at[0], message, hint)


def _side_by_side(query: str, node: Field) -> Iterator[QueryLint]:
    if isinstance(node.part, And) and all(isinstance(part, Value) for part in node.part.parts):
        hint = write(f"{node.name}:({' OR '.join(show(part) for part in node.part.parts)})")
        message = lazy("{field}: values side by side mean AND", field=node.name)
        yield _lint(query, node.at[0], message, hint)


def _unread_languages(query: str, node: Field, languages: tuple[str, ...]) -> Iterator[QueryLint]:
    for value in walk(node.part):
        if not isinstance(value, Value):
            continue
        language = value.text.casefold().partition("-")[0]
        if not re.fullmatch(r"[a-z]{2,3}", language):
            message = lazy("{what} is no language code", what=repr(value.text))
            yield _lint(query, value.at[0], message, lazy("use a code such as be, ru, en"))
        elif languages and language not in languages:
            yield _lint(
                query,
                value.at[0],
                lazy("language {language} is not in the topic: only exact forms match", language=language),
                lazy("add {language} to the topic's languages", language=language),
            )


def _dropped(query: str, node: Phrase | Word) -> bool:
    """Whether signs that carry meaning (C++, AT&T, 100%) stand in a bare term and are not compared."""
    return bool(re.search(r"\w[+#%]|\w&\w", query[node.at[0] : node.at[1] + 2].partition(" ")[0]))
