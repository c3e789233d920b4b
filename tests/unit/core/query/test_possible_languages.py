"""Which dictionaries a text of unknown language may need."""

from __future__ import annotations

import subprocess
import sys

import pytest

from monitor.core.query.possible_languages import heavy_languages, quoted_languages

TEXTS = {
    "pl": "Władze zapowiedziały, że most zostanie zamknięty od środy, a objazd potrwa do końca września. ",
    "lt": "Miesto valdžia pranešė, kad tiltas bus uždarytas nuo trečiadienio, o apylanka truks iki rugsėjo. ",
    "cs": "Vedení oznámilo, že most bude od středy uzavřen a objížďka potrvá až do konce září příští rok. ",
    "ru": "Власти города сообщили, что мост закроют со среды, а объезд продлится до конца сентября. ",
    "uk": "Влада міста повідомила, що міст закриють із середи, а об’їзд триватиме до кінця вересня, є план. ",
}


@pytest.mark.parametrize("language", sorted(TEXTS))
def test_a_short_text_may_be_in_its_own_language(language: str) -> None:
    assert language in heavy_languages(TEXTS[language].split())


def test_a_short_text_without_telling_letters_may_be_in_any_language_of_its_script() -> None:
    assert {"ru", "uk"} <= set(heavy_languages(["Лукашенкой"]))


@pytest.mark.parametrize(
    "text",
    [
        "The city said on Monday that the bridge will be closed until the end of September for repairs.",
        "Die Stadt teilte am Montag mit, dass die Brücke bis Ende September für Überprüfungen schließt.",
        "La ville a annoncé lundi que le pont sera fermé jusqu’à la fin septembre, a déclaré le maire.",
    ],
)
def test_other_texts_need_no_large_dictionary(text: str) -> None:
    assert heavy_languages(text.split()) == ()


def test_a_page_may_be_in_the_language_that_its_source_is_said_to_be_in() -> None:
    assert heavy_languages([f"word{number}" for number in range(300)], declared="lt") == ("lt",)


def test_a_text_of_a_known_language_may_quote_those_whose_letters_it_has() -> None:
    long = " ".join(f"word{number}" for number in range(300))
    assert quoted_languages(long, "en", ("pl", "lt", "uk")) == ()
    assert quoted_languages(f"{long} {TEXTS['pl']}", "en", ("pl", "lt", "uk")) == ("pl",)
    assert quoted_languages("Лукашенкой", "be", ("pl", "uk")) == ()
    assert quoted_languages("Лукашенкой", "en", ("pl", "uk")) == ("uk",)


def test_a_foreign_name_in_a_long_text_loads_no_dictionary() -> None:
    words = [f"word{number}" for number in range(300)] + ["Wałęsa", "Łódź"]
    assert heavy_languages(words) == ()
    assert heavy_languages(words[-2:]) == ("pl",)


def test_an_english_page_loads_no_dictionary_of_other_languages() -> None:
    """Each takes tens of megabytes."""
    script = (
        "import sys\n"
        "from monitor.core.query.engine.matcher import Matcher\n"
        "from monitor.model import MatchText, Topic\n"
        "matcher = Matcher.build([\n"
        "    Topic(id='t', query='Minsk AND bridge', languages=('en', 'pl', 'lt')),\n"
        "    Topic(id='u', query='Мінск'),\n"
        "])\n"
        "page = '<html><body><p>' + 'The bridges of Minsk were closed. ' * 9 + '</p></body></html>'\n"
        "assert matcher.could_match(page)\n"
        "assert matcher.matching(MatchText(body='The bridges of Minsk', language='en')) == ('t',)\n"
        "print([name for name in ('simplemma', 'morfeusz2', 'pymorphy3') if name in sys.modules])"
    )
    done = subprocess.run([sys.executable, "-c", script], capture_output=True, text=True, check=True)
    assert done.stdout.strip() == "[]"


@pytest.mark.parametrize(
    ("count", "letters", "found"),
    [
        (100, "ė" * 4, ()),
        (100, "ė" * 5, ("lt",)),
        (100, "ėįųūėįųū", ("lt",)),
        (99, "ė", ("lt",)),
        (100, "їє", ()),
        (100, "їєґ", ("uk",)),
    ],
)
def test_a_long_text_has_many_letters_of_its_language(
    count: int, letters: str, found: tuple[str, ...]
) -> None:
    chunks = [f"word{number}" for number in range(count - 1)]
    assert set(heavy_languages([*chunks, letters])) >= set(found)
    assert count < 100 or heavy_languages([*chunks, letters]) == found
