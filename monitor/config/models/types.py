"""The kinds of value that the operator's files hold: what is accepted and what a mistake means.

Each is an annotated type for the models in ``shapes``; a value that is refused says why and what
to do instead.
"""

from __future__ import annotations

import functools
import re
import zoneinfo
from collections.abc import Callable, Iterable
from datetime import time, timedelta
from typing import Annotated
from urllib.parse import urlsplit

import babel
from babel.languages import get_official_languages
from pydantic import AfterValidator, BeforeValidator, Field
from pydantic_core import PydanticCustomError

from monitor.core.text.clean import nearest

ID_PATTERN = r"^[a-z0-9][a-z0-9._-]{0,63}$"
DURATION_PATTERN = r"^([0-9]+(\.[0-9]+)?[smhd])+$"
_PART = re.compile(r"(?<!\d)(\d++(?:\.\d++)?)([smhd])")
_UNITS = {"s": "seconds", "m": "minutes", "h": "hours", "d": "days"}
_MAX_DURATION = timedelta(days=3650)


def wrong(message: str, hint: str = "") -> PydanticCustomError:
    """A refusal for a person: what is wrong, what to do."""
    return PydanticCustomError("wrong", "{said}", {"said": message, "hint": hint})


def closest(word: str, known: Iterable[str]) -> str:
    """``did you mean …?`` when something known is near, else the known ones when they are few."""
    names = sorted(known)
    if near := nearest(word, names):
        return f"did you mean {near[0]}?"
    return f"known: {', '.join(names)}" if names and len(names) <= 20 else ""  # noqa: PLR2004 (a line's worth)


def _identifier(value: str) -> str:
    if re.match(ID_PATTERN, value):
        return value
    better = re.sub(r"[^a-z0-9._-]+", "-", value.lower()).strip("-._")
    hint = "small Latin letters, digits, - _ . (at most 64)"
    raise wrong(f"{value!r} is not an id", f"{hint}, e.g. {better}" if better else hint)


def _duration(value: object) -> timedelta:
    if isinstance(value, timedelta):
        return value
    if isinstance(value, bool) or not isinstance(value, str | int | float):
        raise wrong("expected a time span", "write for instance 30s, 5m, 1h or 2d")
    text = str(value).replace(" ", "")
    if re.fullmatch(r"\d+(\.\d+)?", text):
        raise wrong(f"the time span {text} has no unit", f"write {text}s, {text}m, {text}h or …d")
    if not re.fullmatch(DURATION_PATTERN, text):
        raise wrong(f"{value!r} is not a time span", "write for instance 30s, 5m, 1h or 2d")
    try:
        spans = [timedelta(**{_UNITS[unit]: float(count)}) for count, unit in _PART.findall(text[:40])]
        span = sum(spans, timedelta())
    except OverflowError:  # more days than a time span can hold
        span = timedelta.max
    if not timedelta() < span <= _MAX_DURATION:
        raise wrong(f"the time span {value} is out of range", "more than 0, at most 3650d")
    return span


def _pause(value: object) -> timedelta:
    """A time span that may be none at all."""
    is_none = isinstance(value, str) and re.fullmatch(r"0+(?:\.0+)?[a-z]", value.replace(" ", ""))
    return timedelta() if is_none else _duration(value)


def duration_text(span: timedelta) -> str:
    """A time span as an operator writes it: ``10m``, ``1h30m``."""
    seconds = int(span.total_seconds())
    parts = []
    for unit, size in (("d", 86_400), ("h", 3_600), ("m", 60), ("s", 1)):
        count, seconds = divmod(seconds, size)
        if count:
            parts.append(f"{count}{unit}")
    return "".join(parts) or f"{span.total_seconds():g}s"


@functools.cache
def _languages() -> dict[str, str]:
    names = babel.Locale("en").languages
    return {code: name for code, name in names.items() if re.fullmatch("[a-z]{2,3}", code)}


@functools.cache
def _countries() -> dict[str, str]:
    names = babel.Locale("en").territories
    made_up = {"QO", "XA", "XB", "ZZ"}
    return {
        code: name for code, name in names.items() if re.fullmatch("[A-Z]{2}", code) and code not in made_up
    }


def _by_name(value: str, names: dict[str, str]) -> str:
    near = nearest(value, names.values())
    found = next((code for code, name in names.items() if name in near), None)
    return f"did you mean {found} ({names[found]})?" if found else ""


def _language(value: str) -> str:
    code = value.strip().lower()
    if code in _languages():
        return code
    short = code.replace("_", "-").partition("-")[0]
    if short != code and short in _languages():
        raise wrong(f"{value!r} is not a language code", f"write {short}, without the region")
    spoken = get_official_languages(code.upper(), de_facto=True) if len(code) <= 3 else ()  # noqa: PLR2004 (codes have two or three letters)
    named = ", ".join(f"{tongue} ({_languages().get(tongue, '?')})" for tongue in spoken)
    hint = f"that is a country; write {named}" if named else _by_name(value, _languages())
    raise wrong(f"{value!r} is not a language code", hint or "two letters as in ISO 639: be, en, ru")


def _country(value: str) -> str:
    code = value.strip().upper()
    if code in _countries():
        return code
    hint = "did you mean GB?" if code == "UK" else _by_name(value, _countries())
    raise wrong(f"{value!r} is not a country code", hint or "two letters as in ISO 3166: BY, LT, US")


def _zone(value: str) -> str:
    known = zoneinfo.available_timezones()
    if value in known:
        return value
    near = nearest(value, known)
    hint = f"did you mean {near[0]}?" if near else "an IANA name such as Europe/Vilnius"
    raise wrong(f"{value!r} is not a time zone", hint)


def _address(value: str) -> str:
    try:
        parts = urlsplit(value)
        host, _ = parts.hostname, parts.port
    except ValueError:
        raise wrong(f"{value!r} is not a web address", "check the host and the port") from None
    if parts.scheme in {"http", "https"} and host and not re.search(r"\s", value):
        return value
    plain = re.fullmatch(r"[\w-]+(\.[\w-]+)+(/\S*)?", value)
    hint = f"write https://{value}" if plain else "it begins with https:// or http://"
    raise wrong(f"{value!r} is not a web address", hint)


def _source_address(value: str) -> str:
    if not value.startswith("inbox:"):
        return _address(value)
    if re.fullmatch(r"inbox://[a-z0-9][a-z0-9._-]{0,63}/?|inbox:///[^\s?#]+", value):
        return value
    raise wrong(f"{value!r} names no inbox", "write inbox://name or inbox:///an/absolute/path")


def _store(value: str) -> str:
    if re.match(r"^(sqlite|postgresql\+psycopg)://", value):
        return value
    scheme, found, rest = value.partition("://")
    if found and scheme in {"postgres", "postgresql"}:  # as hosts of databases and psql write it
        return f"postgresql+psycopg://{rest}"
    if found and scheme.startswith("postgres"):
        raise wrong(f"the store {scheme}:// is not known", "write postgresql+psycopg://…")
    if found and not scheme.startswith("sqlite") and scheme != "file":
        known = "write sqlite:///a/file.db or postgresql+psycopg://user@host/database"
        raise wrong(f"the store {scheme}:// is not known", known)
    path = rest if found else value
    raise wrong("the store is not a database address", f"write sqlite:///{path.lstrip('/')}")


def _clock_time(value: object) -> object:
    if isinstance(value, time):
        return value
    if isinstance(value, str) and re.fullmatch(r"([01]?\d|2[0-3]):[0-5]\d", value):
        hours, minutes = value.split(":")
        return time(int(hours), int(minutes))
    raise wrong(f"{value!r} is not a time of day", 'write "23:00"')


def _hashtag(value: str) -> str:
    tag = value.removeprefix("#")
    if re.fullmatch(r"\w+", tag) and not tag.isdigit():
        return tag
    raise wrong(f"{value!r} is not a hashtag", "letters, digits and _ only, no spaces")


def _chat_id(value: str) -> str:
    channel, colon, address = value.partition(":")
    if colon and address.strip() and re.fullmatch(r"[a-z][a-z0-9_-]*", channel):
        return value
    raise wrong(f"{value!r} is not a chat id", "write <channel>:<address>, e.g. telegram:-1001234")


def _filled(value: str) -> str:
    if value.strip():
        return value
    raise wrong("the text is empty", "write something or take the key away")


Text = Annotated[str, AfterValidator(_filled)]
Id = Annotated[str, AfterValidator(_identifier), Field(json_schema_extra={"pattern": ID_PATTERN})]


def _selector(value: str) -> str:
    from monitor.core.page.selectors import check_selector  # noqa: PLC0415  # for the few who write one

    try:
        check_selector(value)
    except ValueError as error:
        raise wrong(str(error), "e.g. div.article-body, or #story > .text") from error
    return value


Selector = Annotated[str, Field(max_length=500), AfterValidator(_selector)]
Duration = Annotated[
    timedelta,
    BeforeValidator(_duration, json_schema_input_type=Annotated[str, Field(pattern=DURATION_PATTERN)]),
]
Pause = Annotated[
    timedelta,
    BeforeValidator(_pause, json_schema_input_type=Annotated[str, Field(pattern=DURATION_PATTERN)]),
]
Language = Annotated[str, AfterValidator(_language)]
Country = Annotated[str, AfterValidator(_country)]
Zone = Annotated[str, AfterValidator(_zone)]
Address = Annotated[str, AfterValidator(_address)]
SourceAddress = Annotated[str, AfterValidator(_source_address)]
Database = Annotated[str, AfterValidator(_store)]
Clock = Annotated[time, BeforeValidator(_clock_time, json_schema_input_type=str)]
Hashtag = Annotated[str, AfterValidator(_hashtag)]
ChatId = Annotated[str, AfterValidator(_chat_id)]


def short(key: str) -> Callable[[object], object]:
    """A validator that lets a plain text stand for ``{key: text}``."""

    def widen(value: object) -> object:
        return {key: value} if isinstance(value, str) else value

    return widen
