"""The interface's languages: nothing is missing, every placeholder is kept, plurals and dates are right."""

from __future__ import annotations

import re
from collections.abc import Iterator
from datetime import UTC, date, datetime, time, timedelta
from importlib.resources import files
from pathlib import Path
from string import Formatter

import pytest
from babel.messages.catalog import Catalog, Message
from babel.messages.extract import extract_from_dir
from babel.messages.pofile import read_po

from monitor.bot.commands.table import COMMANDS
from monitor.bot.telegram.profile import DESCRIPTION, DESCRIPTION_CHARACTERS, SHORT, SHORT_CHARACTERS
from monitor.i18n.localizer import LANGUAGES, localizer
from tests.support.botapi.entities import parse_html

PACKAGE = Path(__file__).parents[3] / "monitor"
KEYWORDS = {
    "say": (1,), "plain": (1,), "note": (1,), "lazy": (1,),
    "many": (1, 2), "many_plain": (1, 2), "lazy_plural": (1, 2),
}  # fmt: skip
SPOKEN = ("bot", "core", "http", "i18n", "jobs", "sources", "store")
TRANSLATED = tuple(language for language in LANGUAGES if language != "en")
NOW = datetime(2026, 11, 23, 12, 0, tzinfo=UTC)

Id = str | tuple[str, ...]


def wanted() -> set[Id]:
    """Every message of the source; the command line speaks English only."""
    found: set[Id] = set()
    for folder in SPOKEN:
        for _, _, message, _, _ in extract_from_dir(
            PACKAGE / folder, [("**.py", "python")], keywords=KEYWORDS
        ):
            found.add(tuple(message) if isinstance(message, tuple | list) else message)
    assert len(found) > 150
    return found


@pytest.fixture(scope="module", params=TRANSLATED)
def catalogue(request: pytest.FixtureRequest) -> Catalog:
    source = files("monitor.i18n").joinpath("catalogues", f"{request.param}.po")
    with source.open("rb") as file:
        return read_po(file, locale=request.param, abort_invalid=True)


def messages(catalogue: Catalog) -> Iterator[Message]:
    return (message for message in catalogue if message.id)


def forms(message: Message) -> tuple[str, ...]:
    given = message.string if isinstance(message.string, tuple | list) else (message.string,)
    return tuple(text or "" for text in given)


def placeholders(text: str) -> set[str]:
    return {name for _, name, _, _ in Formatter().parse(text) if name is not None}


def test_no_message_is_missing_or_left_over(catalogue: Catalog) -> None:
    has = {
        message.id if isinstance(message.id, str) else tuple(message.id) for message in messages(catalogue)
    }
    assert wanted() - has == set(), "to be translated"
    assert has - wanted() == set(), "not used any more"


def test_every_form_is_there_and_keeps_placeholders_tags_and_commands(catalogue: Catalog) -> None:
    for message in messages(catalogue):
        assert not message.fuzzy, message.id
        ids = (message.id,) if isinstance(message.id, str) else tuple(message.id)
        assert len(forms(message)) == (1 if isinstance(message.id, str) else catalogue.num_plurals), ids
        for text in forms(message):
            assert text.strip(), ids
            assert placeholders(text) == placeholders(ids[-1]), (ids, text)
            assert sorted(re.findall(r"</?\w+>", text)) == sorted(re.findall(r"</?\w+>", ids[-1])), (
                ids,
                text,
            )
            assert set(re.findall(r"(?<![\w<])/[a-z]+", text)) == set(
                re.findall(r"(?<![\w<])/[a-z]+", ids[-1])
            ), text
            parse_html(text)


@pytest.mark.parametrize("language", LANGUAGES)
def test_command_descriptions_fit_telegrams_menu(language: str) -> None:
    for command in COMMANDS:
        assert 1 <= len(localizer(language).plain(command.help)) <= 256
        if language != "en":
            assert localizer(language).plain(command.help) != command.help


@pytest.mark.parametrize("language", LANGUAGES)
def test_the_bots_descriptions_are_as_short_as_telegram_wants(language: str) -> None:
    said = localizer(language)
    assert 1 <= len(said.plain(DESCRIPTION)) <= DESCRIPTION_CHARACTERS
    assert 1 <= len(said.plain(SHORT)) <= SHORT_CHARACTERS


def test_what_make_words_reads_is_what_is_looked_at_here() -> None:
    makefile = (PACKAGE.parent / "Makefile").read_text(encoding="utf-8")
    assert f"SPOKEN := {' '.join(SPOKEN)}\n" in makefile
    for name, places in KEYWORDS.items():
        keyword = name if len(places) == 1 else f"{name}:{','.join(map(str, places))}"
        assert f" -k {keyword} " in makefile


@pytest.mark.parametrize(
    ("language", "expected"),
    [
        ("en", ["0 days", "1 day", "2 days", "5 days", "11 days", "21 days"]),
        ("ru", ["0 дней", "1 день", "2 дня", "5 дней", "11 дней", "21 день"]),
        ("be", ["0 дзён", "1 дзень", "2 дні", "5 дзён", "11 дзён", "21 дзень"]),
        ("uk", ["0 днів", "1 день", "2 дні", "5 днів", "11 днів", "21 день"]),
        ("pl", ["0 dni", "1 dzień", "2 dni", "5 dni", "11 dni", "21 dni"]),
        ("lt", ["0 dienų", "1 dieną", "2 dienas", "5 dienas", "11 dienų", "21 dieną"]),
    ],
)
def test_each_language_has_its_own_plurals(language: str, expected: list[str]) -> None:
    said = localizer(language)
    assert [said.many_plain("{count} day", "{count} days", n) for n in (0, 1, 2, 5, 11, 21)] == expected


def test_values_are_escaped_in_markup_and_not_in_plain_text() -> None:
    said = localizer("pl")
    assert said.say("You get {topic}.", topic="<b>&") == "Dostajesz: &lt;b&gt;&amp;."
    assert said.plain("You get {topic}.", topic="<b>&") == "Dostajesz: <b>&."
    assert said.say("You get {topic}.", topic="{0} {x}") == "Dostajesz: {0} {x}."


def test_a_language_that_is_not_spoken_speaks_english() -> None:
    assert localizer("de").plain("Nothing yet.") == localizer("").plain("Nothing yet.") == "Nothing yet."
    assert localizer("x\x00y").language == "en"


def test_days_times_and_languages_are_named_in_the_language() -> None:
    assert localizer("lt").weekday(0) == "pirmadienis"
    assert localizer("uk").day(date(2026, 11, 3)) == "3 лист."
    assert localizer("pl").clock(time(7, 5)) == "07:05"
    assert localizer("be").language_name("lt") == "літоўская"
    assert localizer("en").language_name("xx") == "XX"
    assert localizer("ru").moment(NOW - timedelta(days=1), "Europe/Minsk", NOW) == "22 нояб. 15:00"
    assert localizer("ru").moment(NOW + timedelta(hours=8), "Europe/Minsk", NOW) == "23:00"


# One word for a thing in a language: these stand for *alert* and *digest* somewhere else.
STRAY = {
    "ru": ("оповещени", "дайджест"),
    "be": ("апавяшчэнн", "дайджэст", " агляд"),
    "uk": ("сповіщенн", "дайджест", " огляд"),
    "pl": ("alert", "zestawieni", "podsumowani"),
    "lt": ("santrauk", "suvestin"),
}


def test_alerts_and_digests_have_one_word_in_each_language(catalogue: Catalog) -> None:
    for message in messages(catalogue):
        for text in forms(message):
            found = [word for word in STRAY[str(catalogue.locale)] if word in text.casefold()]
            assert found == [], text


# Numbers before a word that a language inflects by them must be plural messages.
COUNTED = re.compile(r"\{\w+\} (?:раз|разоў|разів|razy|kartus|kartų)\b")
ABOVE = {"{host} redirects more than {most} times; open the address in a browser and use the one it ends at"}


def test_how_often_is_said_with_the_right_ending(catalogue: Catalog) -> None:
    for message in messages(catalogue):
        if isinstance(message.id, str) and message.id not in ABOVE and "{times}" not in message.id:
            assert not COUNTED.search(str(message.string)), message.string
