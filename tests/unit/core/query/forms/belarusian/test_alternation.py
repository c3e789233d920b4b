"""Belarusian stems whose vowels change, come or go; nouns of several stems; classical spellings."""

from __future__ import annotations

import pytest

from monitor.core.query.forms.belarusian.alternation import alternation_keys
from tests.support.written import found

ONE_WORD = """
    каза козы козамі | гара горы | трава травы траў | галава галовы галоваў | барада бароды | вясна вёсны
    мост масты мастоў | снег снягі снягоў | пост пасты пастоў | двор двары двароў | хвост хваста хвастамі
    вол валы валоў | плот платы | мёд мяды | волас валасы валасоў | востраў востраве | кароль караля каралём
    дуб дубы | рубель рублёў | кісель кісялём
    хлопец хлопцы | палец пальцаў | баец байцы байцоў | вясковец вяскоўцаў | гулец гульцамі
    камень камяні камянёў
    кавалак кавалкі | пясок пяску | тыдзень тыднёў | корань карані | куратар куратары
    чалавек людзьмі | дзіця дзяцей | імя імёнаў | вуха вушы | дачка дачок
    грамадзянін грамадзяне грамадзян | сялянін сялянам
    бабулька бабулек | галоўка галовак
    міністар міністра | магістр магістар | грамадзкі грамадскага | пасрэдніцтва пасрэдніцтвам | праэкту праект
    інтэрвію інтэрв'ю | людзкі людская
"""
TWO_WORDS = """
    кат кот | рада роды | ток такі | род рады | слава словы | мэр мера | дарога дарагі | гад год | вал вол
    свет свята | стол стала | лета год
    спорт спарта | свет святам | пасол пасля | банка бонкі | карта корты | літр літар
"""


def _pairs(table: str) -> list[tuple[str, str]]:
    rows = [row.split() for row in table.replace("\n", "|").split("|") if row.strip()]
    return [(row[0], other) for row in rows for other in row[1:]]


@pytest.mark.parametrize(("base", "form"), _pairs(ONE_WORD))
def test_forms_of_one_word_find_each_other(base: str, form: str) -> None:
    assert found("be", base, form)
    assert found("be", form, base)


@pytest.mark.parametrize(("one", "other"), _pairs(TWO_WORDS))
def test_two_words_do_not_meet_by_their_vowels(one: str, other: str) -> None:
    assert not found("be", one, other)


def test_a_long_word_and_a_short_one_are_let_alone() -> None:
    assert alternation_keys("на") == frozenset()
    assert alternation_keys("о" * 100_000) == frozenset()
