"""Which words are forms of each other, and which only look alike."""

from __future__ import annotations

import subprocess
import sys
from concurrent.futures import ThreadPoolExecutor

import pytest
from hypothesis import example, given, settings
from hypothesis import strategies as st

from monitor.core.query.forms.keys import keys, languages, query_keys

_FORMS = """
    be лукашэнка лукашэнкі лукашэнку лукашэнкам
    be ціханоўская ціханоўскай ціханоўскую
    be карпенкава карпенкавай карпенкаву
    be калеснікава калеснікавай
    be беларусь беларусі беларуссю
    be мінск мінска мінску мінскам
    be магілёў магілёва магілёве
    be палітвязень палітвязня палітвязні палітвязняў
    be санкцыя санкцыі санкцыямі санкцый
    be арыштаваць арыштавалі арыштаваны арыштаваная арыштуюць
    be затрымацца затрымаўся затрымалася
    ru лукашенка лукашенки лукашенку лукашенкой
    ru беларусь беларуси беларусью
    ru тихановская тихановской тихановскую
    uk лукашенко лукашенка лукашенку лукашенком
    uk київ києва києві
    uk політв'язень політв'язня
    pl łukaszenka łukaszenki łukaszence łukaszenkę łukaszenką
    pl tichanowska tichanowskiej tichanowską
    pl więzień więźnia więźniów
    pl gazprom gazpromu gazpromem gazpromie
    pl brexit brexitu brexitem
    lt lukašenka lukašenkos lukašenkai lukašenką
    lt cichanouskaja cichanouskajos
    lt minskas minsko minske
    lt šimonytė šimonytės šimonytei
    cs lukašenko lukašenka lukašenkovi
    cs cichanouská cichanouské cichanouskou
    cs praha prahy praze prahu
    cs gazprom gazpromu gazpromem
    en sanction sanctions
    de sanktion sanktionen
    fr sanction sanctions
"""
_STRANGERS = """
    be мінск мінскага
    be ленін лена
    be варшава варшавянка
    ru мінск менск
    uk київ кий
    pl kijów kij
    pl polska polonia
    pl mińsk mina
    lt alytus alaus
    lt darius dar
    cs rusko ruský
    cs putin putovat
    en minsk mink
"""


def _cases(listed: str) -> list[tuple[str, str, str]]:
    return [
        (language, first, other)
        for language, first, *others in (line.split() for line in listed.strip().splitlines())
        for other in others
    ]


@pytest.mark.parametrize(("language", "base", "form"), _cases(_FORMS))
def test_a_form_is_found_by_its_base(language: str, base: str, form: str) -> None:
    assert query_keys(base, language) & keys(form, language)


@pytest.mark.parametrize(("language", "word", "stranger"), _cases(_STRANGERS))
def test_a_word_that_looks_alike_is_not_found(language: str, word: str, stranger: str) -> None:
    assert not query_keys(word, language) & keys(stranger, language)


def test_a_base_form_does_not_stand_for_other_words_forms() -> None:
    """Dania is Denmark; the genitive of danie (dish) is written the same."""
    assert not query_keys("dania", "pl") & keys("daniem", "pl")
    assert keys("dania", "pl") & keys("daniem", "pl")


@pytest.mark.parametrize("language", [None, "xx", "ka"])
def test_a_language_without_forms_gives_the_word_alone(language: str | None) -> None:
    assert keys("თბილისი", language) == {"თბილისი"}


@pytest.mark.parametrize(
    "forms",
    [
        "sanction sanctions sanctioned sanctioning",
        "country countries",
        "release releases released releasing",
        "free frees freed freeing",
        "ban bans banned banning",
        "travel travelled traveling",
        "meet meets met meeting meetings",
        "sell sold selling",
        "veto vetoes vetoed",
        "wife wives",
        "deny denies denied denying",
        "tax taxes taxed taxing",
        "tie tied tying",
        "woman women",
    ],
)
def test_english_inflects(forms: str) -> None:
    base, *others = forms.split()
    for other in others:
        assert not query_keys(base, "en").isdisjoint(keys(other, "en")), other


@pytest.mark.parametrize(
    "pair",
    [
        "en import important",
        "en prison prisoner",
        "en organ organization",
        "en university universe",
        "en policy police",
        "en new news",
        "en unit united",
        "en rat rating",
        "en plan planed",
        "en fee feed",
        "en even evening",
        "en good goods",
        "en bank banker",
        "ru банка банков",
        "ru минск минский",
        "be мінск мінскі",
    ],
)
def test_what_is_derived_or_only_looks_alike_is_another_word(pair: str) -> None:
    language, word, other = pair.split()
    assert query_keys(word, language).isdisjoint(keys(other, language))


@pytest.mark.parametrize(
    ("language", "word", "other"),
    [
        ("de", "lukaschenko", "lukaschenkos"),
        ("be", "пасол", "паслоў"),
        ("pl", "aleś", "alesia"),
        ("ru", "беларусь", "беларуси"),
    ],
)
def test_names_and_rare_patterns_inflect(language: str, word: str, other: str) -> None:
    assert not query_keys(word, language).isdisjoint(keys(other, language))


@settings(deadline=None)  # the first word of a language loads its dictionary
@example(word="=00", language="cs")
@given(word=st.text(max_size=12), language=st.sampled_from(sorted(languages())))
@example(word="+", language="ru")
@example(word="+калий", language="ru")
def test_any_text_has_keys_and_is_its_own_form(word: str, language: str) -> None:
    assert word in keys(word, language)
    assert word in query_keys(word, language)


@pytest.mark.parametrize("language", ["pl", "en", "lt"])
def test_threads_get_the_same_keys(language: str) -> None:
    words = ["gazpromu", "robertem", "sanctions", "londonas", "więźniami", "kalbėjo", "running"] * 200
    alone = [keys(word, language) for word in words]
    with ThreadPoolExecutor(4) as pool:
        assert list(pool.map(lambda word: keys(word, language), words)) == alone


def test_nothing_heavy_loads_before_the_first_word() -> None:
    code = (
        "import sys, monitor.core.query.forms.keys;"
        "print([m for m in ('pymorphy3', 'simplemma', 'morfeusz2', 'Stemmer') if m in sys.modules])"
    )
    done = subprocess.run([sys.executable, "-c", code], capture_output=True, text=True, check=True)
    assert done.stdout.strip() == "[]"


@pytest.mark.parametrize(
    ("one", "other"),
    [("žmogus", "žmonių"), ("mėnuo", "mėnesiais"), ("sesuo", "seseris"), ("teisėjas", "teisėjų"),
     ("vagis", "vagių"), ("dantis", "dantų"), ("spalis", "spalio"), ("liepos", "liepą"),
     ("naujas", "naujojoje"), ("baltas", "baltųjų"), ("gegužis", "gegužio"), ("rugsėjis", "rugsėjį")],
)  # fmt: skip
def test_lithuanian_stems_and_definite_adjectives(one: str, other: str) -> None:
    assert not keys(one, "lt").isdisjoint(keys(other, "lt"))


@pytest.mark.parametrize(("one", "other"), [("moteris", "motorai"), ("šuo", "šuolis"), ("metas", "mėta")])
def test_lithuanian_words_that_look_alike_stay_apart(one: str, other: str) -> None:
    assert keys(one, "lt").isdisjoint(keys(other, "lt"))


@pytest.mark.parametrize(
    ("language", "one", "other"),
    [
        ("uk", "проєктний", "проектного"), ("uk", "траєкторія", "траекторії"), ("uk", "вбивця", "убивці"),
        ("uk", "учений", "вчені"), ("uk", "ґрати", "гратами"), ("uk", "плейєр", "плеєра"),
        ("uk", "імовірність", "ймовірності"),
        ("en", "nucleus", "nuclei"), ("en", "referendum", "referenda"), ("en", "appendix", "appendices"),
        ("en", "phenomenon", "phenomena"), ("en", "quiz", "quizzes"), ("en", "codex", "codices"),
        ("ru", "ын", "ына"), ("tr", "ülke", "ülkeler"), ("tr", "yasa", "yasaları"),
        ("da", "avis", "aviser"), ("nb", "avis", "aviser"),
        ("hu", "magyar", "magyarok"), ("fi", "talo", "talossa"),
        ("ar", "ترامب", "وترامب"), ("ar", "وزير", "الوزير"), ("el", "χώρα", "χώρας"),
    ],
)  # fmt: skip
def test_spellings_and_plurals_of_one_word(language: str, one: str, other: str) -> None:
    assert not query_keys(one, language).isdisjoint(keys(other, language))


@pytest.mark.parametrize(
    ("language", "one", "other"),
    [("uk", "вдача", "удача"), ("uk", "вправа", "управа"), ("uk", "вклад", "уклад"), ("en", "cola", "colon"),
     ("en", "nation", "natal")],
)  # fmt: skip
def test_two_words_that_a_spelling_could_join_stay_two(language: str, one: str, other: str) -> None:
    assert query_keys(one, language).isdisjoint(keys(other, language))
