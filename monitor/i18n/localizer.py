"""The interface in six languages: gettext catalogues that travel inside the package.

Message ids are the English sentences. ``core/catalogues/<language>.po`` are read when a language is
first needed; nothing has to be compiled. ``docs/languages.md`` says how to translate.
"""

from __future__ import annotations

import gettext
import io
from collections.abc import Mapping
from datetime import UTC, date, datetime, time
from functools import lru_cache
from importlib.resources import files
from zoneinfo import ZoneInfo

from babel import Locale
from babel.dates import format_date, format_skeleton, format_time, get_day_names
from babel.messages.mofile import write_mo
from babel.messages.pofile import read_po
from babel.numbers import format_decimal
from markupsafe import Markup

from monitor.i18n.lazy import Between, LazyText, Value

LANGUAGES: Mapping[str, str] = {
    "en": "English",
    "ru": "Русский",
    "be": "Беларуская",
    "uk": "Українська",
    "pl": "Polski",
    "lt": "Lietuvių",
}
"""What the interface speaks, each named in its own language."""
# CLDR keeps the name that a zone had first.
_CLDR_ZONES = {"Europe/Kyiv": "Europe/Kiev"}
_IANA_ZONES = {old: new for new, old in _CLDR_ZONES.items()}
_LONG_AGO = datetime(1970, 1, 2, tzinfo=UTC)


def note(message: str) -> str:
    """Mark a message for translation where it is only translated later."""
    return message


class Localizer:
    """Sentences, dates and names in one language. Immutable, thread-safe.

    Args:
        language: one of ``LANGUAGES``; anything else speaks English.
    """

    def __init__(self, language: str) -> None:
        self.language = language if language in LANGUAGES else "en"
        self.locale = Locale(self.language)
        self._catalogue = _catalogue(self.language)

    def say(self, message: str, **values: object) -> Markup:
        """The message in Telegram's HTML; values that are not ``Markup`` are escaped."""
        return Markup(self._catalogue.gettext(message)).format(**_quoted(values))  # noqa: S704 - our own text

    def plain(self, message: str, **values: object) -> str:
        """The message without markup, for buttons and pop-ups."""
        return self._catalogue.gettext(message).format(**values)

    def many(self, one: str, more: str, count: int, **values: object) -> Markup:
        """The form that this language wants for a number; ``{count}`` stands for it."""
        chosen = self._catalogue.ngettext(one, more, count)
        return Markup(chosen).format(count=count, **_quoted(values))  # noqa: S704 - our own text

    def many_plain(self, one: str, more: str, count: int, **values: object) -> str:
        """As ``many``, without markup."""
        return self._catalogue.ngettext(one, more, count).format(count=count, **values)

    def told(self, text: str, timezone: str = "UTC", now: datetime | None = None) -> str:
        """A ``Saying`` in this language, without markup; any other string as it is.

        Its moments are those of ``timezone``, and those of ``now``'s day are told without the day.
        """
        if not isinstance(text, LazyText):
            return text
        shown = {name: self._value(value, timezone, now) for name, value in text.values.items()}
        if text.more:
            return self.many_plain(text.template, text.more, text.number, **shown)
        return self._catalogue.gettext(text.template).format(**shown) if text.template else ""

    def _value(self, value: Value, timezone: str, now: datetime | None) -> object:
        match value:
            case Between():
                return self._between(value, timezone, now or _LONG_AGO)
            case datetime():
                return self.moment(value, timezone, now or _LONG_AGO)
            case date():
                return self.day(value, with_year=True)
            case str():
                return self.told(value, timezone, now)
            case _:
                return value

    def _between(self, value: Between, timezone: str, now: datetime) -> str:
        """On one day the clock once; else both with their day, so that nobody takes one for the other."""
        zone = ZoneInfo(timezone)
        first, last = value.began.astimezone(zone), value.ended.astimezone(zone)
        if first.date() == last.date():
            return f"{self.moment(first, timezone, now)}–{last:%H:%M}"
        year = now.astimezone(zone).year
        return "–".join(self._dated(each, year) for each in (first, last))

    def _dated(self, local: datetime, year: int) -> str:
        return f"{self.day(local.date(), with_year=local.year != year)} {local:%H:%M}"

    def moment(self, moment: datetime, timezone: str, now: datetime) -> str:
        """``14:02`` today, else with day and month, and the year when it is another one; local."""
        local, today = moment.astimezone(ZoneInfo(timezone)), now.astimezone(ZoneInfo(timezone))
        if local.date() == today.date():
            return f"{local:%H:%M}"
        return self._dated(local, today.year)

    def day(self, day: date, *, with_year: bool = False) -> str:
        """``23 Nov`` as the language writes it."""
        if with_year:
            return str(format_date(day, "medium", locale=self.locale))
        at_noon = datetime.combine(day, time(12))
        return str(format_skeleton("MMMd", at_noon, locale=self.locale))

    def weekday(self, number: int) -> str:
        """The name of a weekday, 0 is Monday."""
        return str(get_day_names("wide", context="stand-alone", locale=self.locale)[number])

    def number(self, number: float) -> str:
        """A number of at most two decimals as the language writes it."""
        return str(format_decimal(number, format="#,##0.##", locale=self.locale))

    def clock(self, at: time) -> str:
        """A time of day."""
        return str(format_time(at, "HH:mm", locale=self.locale))

    def city(self, zone: str) -> str:
        """The city that a time zone is named after."""
        named = self.locale.time_zones.get(_CLDR_ZONES.get(zone, zone), {})
        return str(named.get("city") or zone.rpartition("/")[2].replace("_", " "))

    def zones_by_city(self) -> Mapping[str, str]:
        """The time zones by what this language calls their cities, in small letters."""
        return {
            str(named["city"]).casefold(): _IANA_ZONES.get(zone, zone)
            for zone, named in sorted(self.locale.time_zones.items())
            if named.get("city")
        }

    def language_name(self, code: str) -> str:
        """What a language is called in this one."""
        return self.locale.languages.get(code) or code.upper()


@lru_cache(maxsize=16)
def localizer(language: str) -> Localizer:
    """The words of a language; English for one that the interface does not speak."""
    return Localizer(language)


@lru_cache(maxsize=len(LANGUAGES))
def _catalogue(language: str) -> gettext.NullTranslations:
    if language == "en":
        return gettext.NullTranslations()
    source = files("monitor.i18n").joinpath("catalogues", f"{language}.po")
    compiled = io.BytesIO()
    write_mo(compiled, read_po(io.BytesIO(source.read_bytes()), locale=language))
    compiled.seek(0)
    return gettext.GNUTranslations(compiled)


def _quoted(values: Mapping[str, object]) -> dict[str, object]:
    return {
        name: value if isinstance(value, int | float) else Markup.escape(value)
        for name, value in values.items()
    }
