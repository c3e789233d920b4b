"""In which encoding a spreadsheet saved a table of sources."""

from __future__ import annotations

import pytest

from monitor.config.exchange.csv import languages_of
from monitor.config.exchange.encoding import PAGES, understood

NAMES = {
    "pl": "Głos Wielkopolski",
    "cs": "Příbramský deník",
    "hu": "Győri Újság",
    "lt": "Žemaičių žinios",
    "lv": "Rīgas ziņas",
    "ru": "Ведомости",
    "uk": "Українська правда",
    "be": "Наша Ніва",
    "sr": "Политика",
    "de": "Märkische Post",
    "es": "El Español",
    "tr": "Hürriyet ve Işık",
}
PAGE = {language: page for page, languages in PAGES.items() for language in languages.split()}
COUNTRY = {"cs": "cz", "uk": "ua", "be": "by", "sr": "rs"}


@pytest.mark.parametrize("language", NAMES)
def test_the_languages_that_a_table_names_decide(language: str) -> None:
    text = f"name;url;language\n{NAMES[language]};https://outlet.example/rss;{language}\n"
    body = text.encode(PAGE[language])
    found = understood(body, languages_of(body))
    assert (found.text, found.others) == (text, ())


@pytest.mark.parametrize("language", NAMES)
def test_without_them_the_countries_of_the_addresses_do(language: str) -> None:
    text = f"name,url\n{NAMES[language]},https://outlet.{COUNTRY.get(language, language)}/rss\n"
    body = text.encode(PAGE[language])
    found = understood(body, languages_of(body))
    assert (found.text, found.others) == (text, ())


@pytest.mark.parametrize("language", NAMES)
def test_without_either_it_is_right_or_unsure(language: str) -> None:
    text = f"name,url\n{NAMES[language]},https://outlet.example/rss\n"
    found = understood(text.encode(PAGE[language]))
    assert found.text == text or PAGE[language] in found.others


@pytest.mark.parametrize("encoding", ["utf-8", "utf-8-sig", "utf-16"])
def test_what_is_marked_or_utf8_is_certain(encoding: str) -> None:
    text = "name,url\nЗвязда,https://outlet.by/rss\n"
    found = understood(text.encode(encoding))
    assert (found.text.lstrip("\ufeff"), found.others) == (text, ())
