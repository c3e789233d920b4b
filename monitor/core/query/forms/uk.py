"""Ukrainian names that the dictionary does not list: declension of surnames and places, written out.

The dictionary's guess for such words often stops at one reading (*Латушка*, *Рижанков*).
"""

from __future__ import annotations

import re

from monitor.core.loaded_once import loaded_once
from monitor.core.query.forms.paradigms import Paradigms, read, stems

_GROUPS = {
    "hard": "бвгґджзклмнпрстфхцчшщ",
    "soft": "дзлнрстцжчшщ",
    "any": "абвгґдеєжзиіїйклмнопрстуфхцчшщьюя",
}
_TABLE = """
    m       | hard | - а у ові ом ем і и ів ам ами ах
    m-v     | any  | в ва ву ву вим ві ви вих вими
    m-soft  | soft | ь я ю еві ем і ів ям ями ях
    m-j     | any  | й я ю єві єм ї їв ям ями ях
    m-ec    | any  | ець ця цю цеві цем ці ців цям цями цях
    m-ok    | any  | ок ка ку кові ком ки ків кам ками ках
    m-o     | any  | о а у ові ом и ів ам ами ах
    f       | hard | а и і у ою о ам ами ах
    f-k     | any  | ка ки ці ку кою ко кам ками ках
    f-h     | any  | га ги зі гу гою го гам гами гах
    f-kh    | any  | ха хи сі ху хою хо хам хами хах
    f-va    | any  | ва вої вій ву вою
    f-soft  | soft | я і ю ею е ь ям ями ях
    f-ija   | any  | ія ії ію ією іє ій іям іями іях
    adj     | hard | ий ого ому им ім а ої ій у ою е і их ими
    adj-ski | сц   | ький ького ькому ьким ькім ька ької ькій ьку ькою ькі ьких ькими
"""


_LONGEST = 40
_RESPELLED = tuple(
    (re.compile(pattern), letters)
    for pattern, letters in (
        ("ґ", "г"),
        ("(?<=про)ект|(?<=тра)ект", "єкт"),
        ("(?<=[аеєиіоуюя])йє", "є"),
        # Not вдача, вправа, вклад: other words than удача, управа, уклад.
        ("^в(?=[бвгджзклмнпрстфхцчшщ])(?!дач|прав|клад|ряд|суд|нос)", "у"),
        ("^й(?=[бвгджзклмнпрстфхцчшщ])", "і"),
    )
)


def respelled(word: str) -> str:
    """A folded Ukrainian word as it is compared: the orthographies of 1993 and 2019, *в* and *у* at the
    beginning (*проект, проєкт; вбивство, убивство; ґрунт, грунт*)."""
    if len(word) > _LONGEST:
        return word
    for pattern, letters in _RESPELLED:
        word = pattern.sub(letters, word)
    return word


@loaded_once
def _paradigms() -> Paradigms:
    return read(_TABLE, _GROUPS)


def forms_uk(word: str) -> frozenset[str]:
    """Keys of a folded Ukrainian word."""
    return frozenset(stems(word, _paradigms()))
