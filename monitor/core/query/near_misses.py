"""Near misses in words: what a clause that is false was short of."""

from __future__ import annotations

from monitor.core.query.engine.evaluate import Place, Reading, Scope, first, near
from monitor.core.query.engine.lexicon import LANGUAGES, script_of
from monitor.core.query.forms import keys as forms
from monitor.core.query.syntax.show import show
from monitor.core.query.syntax.tree import (
    FILTER_FIELDS,
    AtLeast,
    Except,
    Field,
    First,
    Near,
    Node,
    Or,
    Phrase,
    Score,
    Sentence,
    Word,
    is_place,
)
from monitor.core.query.tokens import fold, script
from monitor.i18n.lazy import NOTHING, LazyText, lazy, lazy_plural

_FAR = 100_000


def miss(node: Node, reading: Reading, scope: Scope) -> LazyText:  # noqa: C901, PLR0911 - one arm for each kind of node
    """Why a node is false, in words; "" when its parts say it all."""
    match node:
        case Word():
            return _word(node, reading, scope)
        case Phrase():
            return _phrase(node, reading, scope)
        case Near():
            return _near(node, reading, scope)
        case Or(label=label) if label:
            return lazy("no word of {name} stands here", name=label)
        case Field(name=name) if name in FILTER_FIELDS:
            return _filter(name, reading)
        case AtLeast(count=count, part=part):
            times = len({place[:3] for place in reading.places(part, scope)})
            return lazy_plural(
                "stands {count} time, {least} are needed",
                "stands {count} times, {least} are needed",
                times,
                least=count,
            )
        case First(count=count, part=part) if is_place(part):
            return _late(count, part, reading, scope)
        case Sentence(part=part):
            both = reading.true(part, scope)
            return lazy("all of it stands here, but not in one sentence") if both else NOTHING
        case Except():
            return _hidden(node, reading, scope)
        case Field(name=name, part=part) if reading.true(part, reading.scope()):
            return lazy("stands in the text, but not in the {field}", field=name)
        case Score(threshold=threshold, parts=weighted):
            reached = sum(weight for part, weight in weighted if reading.true(part, scope))
            return lazy("adds up to {reached}, {threshold} is needed", reached=reached, threshold=threshold)
        case _:
            return NOTHING


def unwrapped(node: Except) -> tuple[Node, tuple[Node, ...]]:
    """What a chain of EXCEPTs is about, and what all of them hide, the last one first."""
    masks: list[Node] = []
    part: Node = node
    while isinstance(part, Except):
        masks.append(part.mask)
        part = part.part
    return part, tuple(masks)


def _hidden(node: Except, reading: Reading, scope: Scope) -> LazyText:
    part, masks = unwrapped(node)
    if not reading.true(part, scope):
        return NOTHING
    standing = [show(mask) for mask in reversed(masks) if reading.places(mask, scope)]
    if not standing:
        return NOTHING
    return lazy("excluded by EXCEPT: stands only within {phrases}", phrases=", ".join(standing))


def _word(word: Word, reading: Reading, scope: Scope) -> LazyText:
    windows = {window[0] for window in scope.windows}
    fields = [reading.document.field(name) for name in sorted(windows)]
    present = {surface for field in fields for surface in field.all}
    wanted = fold(word.text)
    if any(surface in present for surface in reading.surfaces(word)):
        return lazy("stands in the text, but outside the part that counts here")
    if word.mode == "case":
        other = sorted(surface for surface in present if fold(surface) == wanted)
        if not other:
            return lazy("does not stand here")
        return lazy("stands as {word}, but {sign} wants this case", word=repr(other[0]), sign="{ }")
    if word.mode not in {"forms", "exact"}:
        return lazy("no word here has this piece")
    for language in _candidates(word, reading):
        keys = forms.query_keys(wanted, language)
        for surface in sorted(present):
            if not keys.isdisjoint(forms.keys(fold(surface), language)):
                return _other_form(word, surface, language)
    return lazy("does not stand here")


def _candidates(word: Word, reading: Reading) -> list[str]:
    """Languages in which a form would count if the query said so; the article's own first."""
    own = reading.document.given.language
    written = script(fold(word.text))
    known = [own] if own in LANGUAGES and own is not None else []
    if word.mode == "exact":
        known += word.languages or ()
    return [language for language in known if script_of(language) == written]


def _other_form(word: Word, surface: str, language: str) -> LazyText:
    if word.mode == "exact":
        return lazy("stands as {word}, but {sign} wants this form", word=repr(surface), sign="=")
    return lazy(
        "{word} is a form of it in {language}, but language {language} is not in the topic",
        word=repr(surface),
        language=language,
    )


def _phrase(phrase: Phrase, reading: Reading, scope: Scope) -> LazyText:
    missing = [word for word in phrase.words if not reading.places(word, scope)]
    if missing:
        named = ", ".join(show(word) for word in missing)
        return lazy_plural(
            "of the phrase {words} does not stand here",
            "of the phrase {words} do not stand here",
            len(missing),
            words=named,
        )
    found = reading.places(phrase.words[0], scope)
    for word in phrase.words[1:]:
        found = near(found, reading.places(word, scope), _FAR, ordered=False)
    if not found:
        return lazy("its words stand in different fields")
    between = min(end - start + 1 for _, start, end, _ in found) - len(phrase.words)
    if phrase.slop is not None:
        return lazy("not met: {count} words between at the nearest place", count=between)
    if between <= 0:
        return lazy("its words stand together, in another order")
    return lazy("its words stand apart: {count} others between at the nearest place", count=between)


def _near(node: Near, reading: Reading, scope: Scope) -> LazyText:
    left, right = reading.places(node.left, scope), reading.places(node.right, scope)
    for side, places in ((node.left, left), (node.right, right)):
        if not places and not (node.negated and side is node.right):
            return lazy("{what} does not stand here", what=show(side))
    word = f"{'O' if node.ordered else ''}NEAR/{node.distance}"
    if node.negated:
        return lazy(
            "every {one} has {other} within {count} words",
            one=show(node.left),
            other=show(node.right),
            count=node.distance,
        )
    distance = _nearest(left, right, ordered=node.ordered)
    if distance is None:
        swapped = node.ordered and _nearest(left, right, ordered=False) is not None
        if swapped:
            return lazy("{operator} not met: in the other order only", operator=word)
        return lazy("{operator} not met: in different fields", operator=word)
    return lazy("{operator} not met: nearest distance {distance}", operator=word, distance=distance)


def _nearest(left: list[Place], right: list[Place], *, ordered: bool) -> int | None:
    gaps = [
        max(two[1] - one[2], one[1] - two[2]) - 1
        for one in left
        for two in right
        if one[0] == two[0] and (two[1] > one[2] if ordered else one[3] != two[3])
    ]
    return min(gaps, default=None)


def _late(count: int, part: Node, reading: Reading, scope: Scope) -> LazyText:
    places = reading.places(part, scope)
    if not places or reading.places(part, first(count, scope)):
        return NOTHING
    number = min(place[1] for place in places) + 1
    return lazy("stands first at word {number}, after the first {most}", number=number, most=count)


def _filter(name: str, reading: Reading) -> LazyText:
    given = reading.document.given
    has = {
        "source": given.source or given.source_id,
        "url": given.url,
        "tier": given.tier,
        "lang": given.language or "",
        "country": given.country or "",
    }[name]
    if not has:
        return lazy("the {field} is not known", field=name)
    return lazy("the {field} is {value}", field=name, value=has)
