"""Neighbouring languages are told apart on a headline's worth of words."""

from __future__ import annotations

import gzip
import json
import random
from pathlib import Path

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from monitor.core.text.language import BY_SCRIPT, detect

SHARED = Path(__file__).parents[4] / "../shared/data/multilingual"

HEADLINES = [
    ("be", "Сустрэча ў Мінску завяршылася без заявы"),
    ("be", "Тры палітвязні выйшлі на волю каля літоўскай мяжы"),
    ("uk", "Зустріч у Мінську завершилася без заяв"),
    ("uk", "Його звільнили після переговорів"),
    ("ru", "Встреча в Минске завершилась без заявлений"),
    ("ru", "Трое заключённых вышли на свободу у литовской границы"),
    ("lt", "Susitikimas Minske baigėsi be pareiškimų"),
    ("lv", "Tikšanās Minskā beidzās bez paziņojuma"),
    ("et", "Kohtumine Minskis lõppes avalduseta"),
    ("pl", "Spotkanie w Mińsku zakończyło się bez oświadczenia"),
    ("de", "Das Treffen in Minsk endete ohne eine Erklärung"),
    ("en", "The meeting in Minsk ended without a statement"),
    ("fr", "La rencontre à Minsk s'est terminée sans déclaration"),
    ("cs", "Schůzka v Minsku skončila bez prohlášení"),
    ("es", "La reunión en Minsk terminó sin una declaración"),
    ("it", "L'incontro a Minsk si è concluso senza una dichiarazione"),
    ("bg", "Срещата в Минск приключи без изявление, съобщи агенцията"),
    ("sr", "Састанак у Минску завршен је без саопштења"),
    ("el", "Η συνάντηση στο Μινσκ έληξε χωρίς δήλωση"),
    ("ka", "შეხვედრა მინსკში განცხადების გარეშე დასრულდა"),
    ("he", "הפגישה במינסק הסתיימה ללא הצהרה"),
    ("ja", "ミンスクでの会談は声明なしに終わった"),
    ("zh", "明斯克会晤结束未发表声明"),
]


@pytest.mark.parametrize(("language", "headline"), HEADLINES)
def test_headlines(language: str, headline: str) -> None:
    assert detect(headline) == language


def test_a_quoted_name_does_not_decide() -> None:
    text = "Газета «Наша Ніва» сообщила, что встреча прошла за закрытыми дверями и длилась три часа"
    assert detect(text) == "ru"


@pytest.mark.parametrize("text", ["", "   ", "12:30 — 15.05.2024", "🇧🇾", "https://example.com/a"])
def test_without_letters_the_hint_stands(text: str) -> None:
    assert detect(text) is None
    assert detect(text, hint="be") == "be"


def test_a_hint_decides_short_text() -> None:
    assert detect("Президент Путин", hint="bg") == "bg"
    assert detect("Minsk", hint="lt") == "lt"


def test_a_hint_decides_nothing_against_script_or_letters() -> None:
    assert detect("Встреча", hint="en") != "en"
    assert detect("Сустрэча ў Мінску", hint="ru") == "be"
    assert detect("The meeting in Minsk ended without a statement", hint="de") == "en"


SERBIAN = (
    "Vlada je danas usvojila odluku o rudniku litijuma, saopštilo je ministarstvo rudarstva i energetike"
)
GALICIAN = "O goberno aprobou hoxe unha nova lei sobre as augas do río e a pesca na costa de Galicia"


@pytest.mark.parametrize("declared", ["sr", "hr", "bs"])
def test_among_standards_of_one_language_the_declared_one_stands(declared: str) -> None:
    assert detect(SERBIAN, hint=declared) == declared
    assert detect("Састанак у Минску завршен је без саопштења", hint=declared) == "sr"
    assert detect("The meeting in Minsk ended without a statement", hint=declared) == "en"


def test_some_languages_are_found_where_a_source_declares_them() -> None:
    assert detect(GALICIAN, hint="gl") == "gl"
    assert detect(GALICIAN) != "gl"
    assert detect("Das Treffen in Minsk endete ohne eine Erklärung", hint="gl") == "de"
    assert detect("Møtet i Minsk endte uten en uttalelse, sa presidenten på mandag", hint="nb") == "nb"


@pytest.mark.parametrize(
    ("text", "hint", "language"),
    [
        ("Вечар і кава", "be", "be"),
        ("Вечар і кава", "uk", "uk"),
        ("Наша мова", "be", "be"),
        ("Наша мова", "uk", "uk"),
        ("Прыехаў", "ru", "be"),  # ў without і or и
        ("Вісті: Поўня виходить", "be", "uk"),  # a name quoted from Belarusian, as many і as и
        ("Вільнюс: вучні спявалі «Яблыню»", "uk", "be"),
        ("Київ і Львів: їхні мери «ўсе» тут", "be", "uk"),
    ],
)
def test_a_hint_decides_only_between_what_the_letters_leave_open(text: str, hint: str, language: str) -> None:
    assert detect(text, hint=hint) == language


def test_one_letter_that_a_russian_text_quotes_does_not_make_it_ukrainian() -> None:
    quoting = "Газета «Вістник» пишет, что он приехал и говорил с министром о границе и торговле"
    assert detect(quoting, hint="uk") == "ru"


@settings(deadline=None)
@given(st.text(), st.sampled_from([None, "be", "en", "xx"]))
def test_any_text_has_a_known_language_or_none(text: str, hint: str | None) -> None:
    known = {name for names in BY_SCRIPT.values() for name in names}
    assert detect(text, hint=hint) in known | {None, hint}


def _sentences(language: str) -> list[str]:
    found = []
    for path in sorted((SHARED / "ud" / language).glob("*.conllu.gz")):
        with gzip.open(path, "rt", encoding="utf-8") as lines:
            found += [line[9:].strip() for line in lines if line.startswith("# text = ")]
    return [text for text in found if len(text) >= 30]


@pytest.mark.shared
@pytest.mark.skipif(not SHARED.exists(), reason="captured material ../shared/data is not here")
@pytest.mark.parametrize("language", ["be", "lt", "pl", "uk"])
def test_sentences_of_treebanks(language: str) -> None:
    sample = random.Random(1).sample(_sentences(language), 200)
    right = sum(detect(text) == language for text in sample)
    assert right / len(sample) >= 0.96


@pytest.mark.shared
@pytest.mark.skipif(not SHARED.exists(), reason="captured material ../shared/data is not here")
@pytest.mark.parametrize("language", ["ru", "uk", "pl", "cs", "bg", "sl"])
def test_news_texts(language: str) -> None:
    with gzip.open(SHARED / "bsnlp.jsonl.gz", "rt", encoding="utf-8") as lines:
        documents = [item for item in map(json.loads, lines) if item["lang"] == language]
    sample = [item for item in random.Random(1).sample(documents, 120) if len(item["text"]) >= 100]
    right = sum(detect(item["text"]) == language for item in sample)
    assert right / len(sample) >= 0.97
