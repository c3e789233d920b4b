"""Sentences for people that can still be said in another language."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import UTC, date, datetime, tzinfo


@dataclass(frozen=True, slots=True, kw_only=True)
class Between:
    """From one moment to another, both aware."""

    began: datetime
    ended: datetime


Value = str | int | float | date | Between
"""What a sentence holds: words (other sayings too), numbers, moments, days."""


class LazyText(str):
    """A sentence in English that also knows what it was made of.

    It is used as any string; ``i18n.localizer.Words.told`` says it in another language. ``template`` is
    its message in the catalogues, ``more`` the message for other numbers than one and ``number`` the
    number, when it has one; ``values`` fill the placeholders.
    """

    __slots__ = ("more", "number", "template", "values")

    template: str
    more: str
    number: int
    values: Mapping[str, Value]


def lazy(template: str, *, zone: tzinfo = UTC, **values: Value) -> LazyText:
    """The template with its values; moments read in ``zone``. ``make words`` collects the templates."""
    return made(template, values=values, zone=zone)


def lazy_plural(one: str, more: str, count: int, *, zone: tzinfo = UTC, **values: Value) -> LazyText:
    """As ``saying``, for a number; ``{count}`` stands for it."""
    return made(one, more, count, values=values, zone=zone)


def made(
    template: str,
    more: str = "",
    count: int = 0,
    *,
    values: Mapping[str, Value],
    zone: tzinfo = UTC,
    text: str | None = None,
) -> LazyText:
    """A saying of its parts; ``text`` is its English when that is known already."""
    if text is None:
        shown = {name: _english(value, zone) for name, value in values.items()}
        if more:
            shown["count"] = count
        text = (more if more and count != 1 else template).format(**shown)
    new = LazyText(text)
    new.template, new.more, new.number, new.values = template, more, count, values
    return new


def word(text: str) -> LazyText:
    """A word that was kept in English and may stand in the catalogues; nothing in it is filled."""
    if isinstance(text, LazyText):
        return text
    return made(text.replace("{", "{{").replace("}", "}}"), values={})


def listed(words: Sequence[str], between: str = ", ") -> LazyText:
    """Words or sayings, and what stands between them."""
    names = {f"w{number}": word for number, word in enumerate(words)}
    return made(between.join(f"{{{name}}}" for name in names), values=names)


NOTHING = lazy("")


def _english(value: Value, zone: tzinfo) -> object:
    match value:
        case Between():
            first, last = value.began.astimezone(zone), value.ended.astimezone(zone)
            if first.date() == last.date():
                return f"{first:%H:%M}–{last:%H:%M}"
            return f"{first:%d %b %H:%M}–{last:%d %b %H:%M}"
        case datetime():
            return f"{value.astimezone(zone):%d %b %H:%M}"
        case date():
            return f"{value:%d %B %Y}"
        case _:
            return value
