"""Names written as the news of other languages writes them."""

from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis import strategies as st

from monitor.core.query.names.cyrillic import sources_of
from monitor.core.query.names.spellings import Kind, spellings, warnings

_WANTED = """
    Марыя Калеснікава | ru Мария Колесникова | en Maria Kolesnikova | en Maryia Kalesnikava
    Марыя Калеснікава | uk Марія Колесникова | pl Maria Kolesnikowa | pl Maryja Kalesnikawa
    Марыя Калеснікава | lt Marija Kolesnikova | de Maria Kolesnikowa | ru Колесникова Мария
    Марыя Калеснікава | ru М. Колесникова | be М. Калеснікава | be Калеснікава Марыя
    Святлана Ціханоўская | ru Светлана Тихановская | uk Світлана Тихановська
    Святлана Ціханоўская | pl Swiatłana Cichanouska | pl Swietłana Tichanowska
    Святлана Ціханоўская | en Sviatlana Tsikhanouskaya | lt Sviatlana Cichanouskaja
    Светлана Тихановская | be Святлана Ціханоўская | en Svetlana Tikhanovskaya
    Аляксандр Лукашэнка | ru Александр Лукашенко | pl Aleksander Łukaszenka | en Alexander Lukashenko
    Аляксандр Лукашэнка | lt Aliaksandras Lukašenka | de Alexander Lukaschenko
    Віктар Бабарыка | ru Виктор Бабарико | en Viktar Babaryka | en Viktor Babariko
    Алесь Бяляцкі | ru Алесь Беляцкий | uk Алесь Бяляцький | en Ales Bialiatski | en Ales Byalyatski
    Сергей Тихановский | uk Сергій Тихановський | be Сяргей Ціханоўскі | pl Siarhiej Cichanouski
    Кацярына Андрэева | ru Екатерина Андреева | en Katsiaryna Andreyeva | be Андрэева К.
    Павел Латушка | ru Павел Латушко | pl Paweł Łatuszka | lt Pavelas Latuška | de Pawel Latuschka
    Володимир Зеленський | ru Владимир Зеленский | en Volodymyr Zelensky | pl Wołodymyr Zełenski
    Володимир Зеленський | de Wolodymyr Selenskyj | be Уладзімір Зеленскі | en Volodymyr Zelenskyy
    Наталля Эйсмант | ru Наталья Эйсмант | be Наталля Эйсмант | en Natallia Eysmant
    Мікола Статкевіч | ru Николай Статкевич | lt Mikola Statkevičius | pl Mikoła Statkiewicz
"""


def _cases() -> list[tuple[str, str, str]]:
    lines = [line.split(" | ") for line in _WANTED.strip().splitlines()]
    return [
        (line[0].strip(), *each.strip().split(" ", 1))  # type: ignore[misc]
        for line in lines
        for each in line[1:]
    ]


@pytest.mark.parametrize(("name", "language", "text"), _cases())
def test_a_person_is_spelled_as_the_news_does(name: str, language: str, text: str) -> None:
    assert text in {each.text for each in spellings(name, kind="person") if each.language == language}


def test_an_organisation_has_no_initial_and_no_other_order() -> None:
    found = spellings("Беларуськалий", kind="org")
    assert {"Беларуськалий", "Беларуськалій", "Belaruskali"} <= {each.text for each in found}
    assert not any("." in each.text for each in spellings("Белая Русь", kind="org"))


@pytest.mark.parametrize(
    ("name", "languages"),
    [
        ("Гродна Азот", ("be", "ru")),
        ("Кацярына Андрэева", ("be",)),
        ("Сергей Тихановский", ("ru",)),
        ("Володимир Зеленський", ("uk",)),
        ("Юрась Зянковіч", ("be",)),
        ("Лукашенко", ("ru",)),
        ("Ursula", ()),
    ],
)
def test_the_language_of_a_name_is_read_off_its_letters(name: str, languages: tuple[str, ...]) -> None:
    assert sources_of(name) == languages


def test_grodno_is_found_from_hrodna() -> None:
    found = {each.text for each in spellings("Гродна Азот", kind="org")}
    assert {"Гродно Азот", "Grodno Azot", "Hrodna Azot"} <= found


def test_spellings_are_switched_off_without_regard_to_case_and_added_as_written() -> None:
    found = {
        each.text
        for each in spellings(
            "Марыя Калеснікава", kind="person", extra=("Маша К.",), off=("maria kolesnikova",)
        )
    }
    assert "Маша К." in found
    assert "Maria Kolesnikova" not in found
    assert "Kolesnikova Maria" in found


def test_a_latin_name_is_only_reordered() -> None:
    found = {each.text for each in spellings("Ursula Leyen", kind="person")}
    assert found == {"Ursula Leyen", "Leyen Ursula", "U. Leyen", "Leyen U."}


def test_a_common_word_is_a_false_friend() -> None:
    assert any("Мороз" in each for each in warnings(spellings("Мороз", kind="org")))
    assert warnings(spellings("Марыя Калеснікава", kind="person")) == ()


@given(name=st.text(max_size=30), kind=st.sampled_from(["person", "org"]))
def test_any_name_keeps_itself_and_repeats_nothing(name: str, kind: Kind) -> None:
    found = spellings(name, kind=kind)
    assert found[0].text == name
    assert len({(each.text, each.language) for each in found}) == len(found)


@pytest.mark.parametrize("name", ["ЁЇ", "Ыїы Ўїк", "Київ Ёлка"])
def test_a_name_with_letters_of_several_languages_is_spelled(name: str) -> None:
    assert any(spelling.isascii() for spelling in map(str, spellings(name, kind="person")))


@pytest.mark.parametrize(
    ("name", "language", "other"),
    [
        ("Лявон Баршчэўскі", "be", "Леанід Баршчэўскі"),
        ("Дзмітрый Бандарэнка", "be", "Зміцер Бандарэнка"),
        ("Мікалай Ермаловіч", "en", "Mikola Jermalovich"),
        ("Змітрок Срэбны", "ru", "Змитрок Сребный"),
        ("Антон Вольны", "ru", "Антон Вольный"),
    ],
)
def test_both_forms_of_a_given_name_and_surnames_like_adjectives(
    name: str, language: str, other: str
) -> None:
    assert other in {each.text for each in spellings(name, kind="person") if each.language == language}
