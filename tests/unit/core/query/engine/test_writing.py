"""What people type and what outlets write: the same word in its different clothes, and words kept apart."""

from __future__ import annotations

import pytest

from monitor.core.query import check, parse, show
from monitor.core.query.engine.matcher import Matcher
from monitor.core.query.forms.spelling_en import american
from monitor.model import MatchText, Topic
from tests.support.written import found

Case = tuple[str, str, str]
"""Languages of the topic, query, text."""

FOUND: tuple[Case, ...] = (
    # Belarusian: ў at the beginning of a word, and the classical orthography.
    ("be", "урок", "на ўроку гісторыі"),
    ("be", "ўлетку", "улетку будзе горача"),
    ("be", "{Уфа}", "да Ўфа ехалі"),
    ("be", '"урадавая дэлегацыя"', "прыехала ўрадавая дэлегацыя"),
    ("be", "уздым", "не ўздыму"),
    ("be", "снежань", "сьнежня"),
    ("be", "пытанне", "пытаньні"),
    ("be", "стагоддзе", "стагодзьдзі"),
    ("be", "смерць", "сьмерці"),
    ("be", "з'езд", "зьезду"),
    ("be", "сістэма", "сыстэмы"),
    ("be", "сенатар", "сэнатара"),
    ("be", "клуб", "клюбу"),
    ("be", "філасофія", "філязофіі"),
    ("be", "інфекцыя", "інфэкцыю"),
    ("be", "дыялог", "дыялёгу"),
    ("be", "універсітэт", "унівэрсытэты"),
    ("be", "сьветлы", "светлага"),
    ("be", "банк", "у банкох"),
    # Marks typed or not.
    ("en,pl", "Wroclaw", "trains to Wrocław"),
    ("en,pl", "Gdańsk", "a ship left Gdansk"),
    ("lt", "Siauliai", "Šiaulių gatvės"),
    ("en", "Muller", "Herr Müller came"),
    ("en", "Mueller", "Herr Müller came"),
    ("en", "Müller", "Mr Mueller came"),
    ("fr,en", "Besancon", "à Besançon"),
    ("pl", "Kaczynski", "o Kaczyńskim mówiono"),
    ("en", "Søren", "Soren said"),
    # Abbreviations and acronyms.
    ("en", "U.K.", "the UK said"),
    ("en", "NGO", "two NGOs and an N.G.O."),
    ("en", "US", "the USA and others"),
    ("ru", "ФСБ", "в Ф.С.Б. заявили"),
    ("ru", "МИД", "заявление МИДа"),
    ("en", "POTASH AND MINE", "a potash mine"),
    ("en", "G7", "the G-7 leaders"),
    # British and American.
    ("en", "colour", "two colors"),
    ("en", "traveled", "they travelled far"),
    ("en", "privatise", "privatization, privatized"),
    ("en", "neighbor", "neighbours met"),
    ("en", "pediatric", "a paediatric ward"),
    # Hashtags, handles, numbers, designations.
    ("en", '"free press"', "march with #FreePress today"),
    ("en", "FreePress", "march with #FreePress today"),
    ("ru", "выборы", "#честные_выборы"),
    ("en", "nexta", "as @nexta_live wrote"),
    ("en", "25000", "25,000 people"),
    ("en", "25000", "25 000 people"),
    ("en", '"25 000 people"', "25000 people"),
    ("en", "1,250,000", "1 250 000 euro"),
    ("en", "Su-34", "three Su-34s"),
    ("en", "Su34", "a Su-34 jet"),
    ("en", "e-commerce", "growth of ecommerce"),
    ("en", "ecommerce", "growth of e-commerce"),
    ("en", "Nord-Stream", "the Nordstream pipe"),
    # Case, sentences, look-alikes, apostrophes.
    ("ru", "Медников", "встреча с Медниковым"),
    ("ru", "Жбанков", "письмо Жбанкову"),
    ("ru", "Волков", "Доклад Волкова обсудили"),
    ("ru", "Санкции", "новые санкции введены"),
    ("be", "СССР", "пры CCCР жылі"),
    ("ru", "МВФ", "МВФ выдал кредит"),
    ("ru", "СМО", "в CMO заявили"),
    ("en", "O'Hara", "O`Hara spoke"),
    ("en", '"Dr. No"', "the film Dr. No returned"),
)
NOT_FOUND: tuple[Case, ...] = (
    ("be", "вада", "пра ўладу"),
    ("be", "банк", "банька стаіць"),
    ("be", "мэр", "няма меры"),
    ("be", "лес", "пляц"),
    ("pl", "kąt", "kat i ofiara"),
    ("pl", "łaska", "laska dziadka"),
    ("pl", "=Wrocław", "Wroclaw"),
    ("pl", "PO", "szedł po chleb"),
    ("pl", "LOT", "loty do Mińska"),
    ("en", "US", "they told us"),
    ("en", "IT", "it was late"),
    ("en", "{US} AND bank", "it told us of a bank"),
    ("en", "25000", "25 000 000 people"),
    ("en", "100000", "5 100 000 people"),
    ("en", "250", "1,250 people"),
    ("en", "F-15", "the page F-150"),
    ("en", "Don", "McDon said"),
    ("ru", "Волков", "стая волков"),
    ("ru", "Столов", "много столов и столовый прибор"),
    ("ru", "Белкин", "белка"),
    ("pl", "Wilk", "wilk w lesie"),
    ("en", '"free press"', "The tickets are free. Press accounts differ."),
    ("en", '"free press"', "Entry is free\nPress the button"),
    ("en", "prise", "a prize was won"),
    ("en", "film", "they filed it"),
    ("ru", "РФ", "шарф и шляпа"),
)


@pytest.mark.parametrize(("languages", "query", "text"), FOUND)
def test_the_same_word_written_otherwise_is_found(languages: str, query: str, text: str) -> None:
    assert found(languages, query, text)


@pytest.mark.parametrize(("languages", "query", "text"), NOT_FOUND)
def test_another_word_is_not(languages: str, query: str, text: str) -> None:
    assert not found(languages, query, text)


def test_a_headline_in_capitals_hides_no_name() -> None:
    """{Orange Line} asks for capitals; where all is in capitals they cannot be asked for."""
    assert found("en", "{Orange Line}", "", title="ORANGE LINE CLOSED FOR WEEKS")
    assert found("en", "{Orange}", "First came this. ORANGE SUED IN COURT. Then that.")
    assert not found("en", "{Orange}", "an ORANGE a day")
    assert not found("en", "{orange}", "", title="ORANGE SUED IN COURT")


@pytest.mark.parametrize(
    ("value", "address", "there"),
    [
        ("nn.by", "https://nn.by/?c=ar&i=1", True),
        ("nn.by", "https://m.nn.by/x", True),
        ("nn.by", "https://inn.by/x", False),
        ("nn.by", "https://x.example/nn.by/y", False),
        ("nn.by", "https://x.example/?from=nn.by", False),
        (".lt", "https://www.delfi.lt/x", True),
        ("delfi.lt/ru", "https://www.delfi.lt/ru/news", True),
        ("delfi.lt/ru", "https://www.delfi.lt/rugby", False),
        ("sport", "https://x.example/sport/1", True),
        ("sport", "https://x.example/transport/1", False),
        ("sport*", "https://x.example/sportnews", True),
        ("/2026/", "https://x.example/2026/11/28/x", True),
        ("прэса.бел", "https://xn--80a3ade3d.xn--90ais/x", True),
        ("эканоміка", "https://x.example/%D1%8D%D0%BA%D0%B0%D0%BD%D0%BE%D0%BC%D1%96%D0%BA%D0%B0/1", True),
    ],
)
def test_an_address_is_asked_for_by_host_path_or_word(value: str, address: str, *, there: bool) -> None:
    topic = Topic(id="t", query=f"potash url:{value}", languages=("en",))
    article = MatchText(title="Potash", url=address, language="en")
    assert bool(Matcher.build([topic]).match(article)) == there


@pytest.mark.parametrize(
    ("query", "languages", "said"),
    [
        ("kredyt - bank", "pl", "a dash between blanks"),
        ("'never closed", "en", "this quote is never closed"),
        ("tin Or lead", "en", "is read as OR"),
        ("олово или медь", "ru", "'или' is searched as a word"),
        ("kredyt I bank", "pl", "'I' is searched as a word"),
        ("Лев AND зоопарк", "ru", "is a name here"),
    ],
)
def test_what_may_be_meant_otherwise_is_said(query: str, languages: str, said: str) -> None:
    assert any(said in lint.message for lint in check(query, languages=tuple(languages.split(","))))


@pytest.mark.parametrize(
    "query", ["калий ИЛИ никель", "potash –cosmetics", "“a b” c", "‘a b’ c", "rock 'n' roll", "U.S. tariffs"]
)
def test_what_is_clear_is_read_without_a_word(query: str) -> None:
    assert check(query, languages=("en", "ru")) == ()


@pytest.mark.parametrize(
    ("typed", "read"),
    [
        ("Пётр И", "Пётр AND И"),  # an operator that joins nothing is a word
        ("POTASH OR NICKEL", "POTASH OR NICKEL"),
        ('"ОАО "Газпром""', "ОАО AND Газпром"),
        ("prisoners' wives", "prisoners AND wives"),
        ("a --b", "a AND NOT b"),
        ("a —(b OR c)", "a AND NOT (b OR c)"),
    ],
)
def test_signs_are_read_as_meant(typed: str, read: str) -> None:
    assert show(parse(typed)) == read


def test_a_span_covers_all_of_a_word_in_pieces() -> None:
    topic = Topic(id="t", query="email OR 10000 OR US", languages=("en",))
    (match,) = Matcher.build([topic]).match(
        MatchText(body="An e-mail to 10,000 in the U.S. now", language="en")
    )
    assert [span.text for span in match.spans] == ["e-mail", "10,000", "U.S."]


def test_two_english_words_stay_two() -> None:
    """A rule of spelling that made one word of two would find the wrong one."""
    for one, other in (("filled", "filed"), ("acre", "acer"), ("four", "for"), ("timbre", "timber")):
        assert american(one) != american(other)
