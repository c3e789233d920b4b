"""Serbian and Croatian names: declension written out, in Latin letters and, after them, in Cyrillic."""

from __future__ import annotations

from monitor.core.loaded_once import loaded_once
from monitor.core.query.forms.paradigms import Paradigms, read, stems

CYRILLIC = "sr-cyrl"
"""The language's name here when it is written in Cyrillic."""
_LATIN = {
    "љ": "lj", "њ": "nj", "џ": "dž", "а": "a", "б": "b", "в": "v", "г": "g", "д": "d", "ђ": "đ", "е": "e",
    "ж": "ž", "з": "z", "и": "i", "ј": "j", "к": "k", "л": "l", "м": "m", "н": "n", "о": "o", "п": "p",
    "р": "r", "с": "s", "т": "t", "ћ": "ć", "у": "u", "ф": "f", "х": "h", "ц": "c", "ч": "č", "ш": "š",
}  # fmt: skip
_TO_LATIN = str.maketrans(_LATIN)
_TO_CYRILLIC = {latin: letter for letter, latin in _LATIN.items()}
_GROUPS = {"hard": "bvgdzklmnprstfh", "soft": "cčćđšžj", "any": "abcčćdđefghijklmnoprsštuvzž"}
_TABLE = """
    m      | hard      | - a u e om i ima ov ova ovi ove
    m-soft | soft hard | - a u e em i ima ev eva
    m-ac   | any       | ac ca cu če cem ci ce cima aca
    m-ar   | any       | ar ra ru rom re ri rima rovi
    m-o    | any       | o a u om i e
    m-j    | any       | j ja ju jem ji jima
    f      | any       | a e i u o om ama
    n-e    | any       | e a u em
    adj    | any       | i og oga om ome im e ih ima a oj u
"""


@loaded_once
def _paradigms() -> Paradigms:
    return read(_TABLE, _GROUPS)


def forms_sr(word: str) -> frozenset[str]:
    """Keys of a folded Serbian or Croatian word in either script."""
    return frozenset(stems(word.translate(_TO_LATIN), _paradigms()))


def is_serbian(text: str) -> bool:
    """Whether a text in lower case has a letter that only Serbian has."""
    return not _OWN.isdisjoint(text)


def latin(text: str) -> str:
    """A text in lower case as Serbian writes it in Latin letters."""
    return text.translate(_TO_LATIN)


_OWN = frozenset("ђјљњћџ")


def cyrillic(word: str) -> str:
    """A word in Latin letters, in lower case, as Serbian writes it in Cyrillic."""
    made, at = "", 0
    while at < len(word):
        size = 2 if word[at : at + 2] in _TO_CYRILLIC else 1
        made += _TO_CYRILLIC.get(word[at : at + size], word[at : at + size])
        at += size
    return made
