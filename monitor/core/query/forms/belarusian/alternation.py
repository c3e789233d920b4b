"""Belarusian nouns whose stress moves: the vowels of their stems change with it (*вайна, войны; год, гады*).

An unstressed *о, э* is written *а* and *ё, е* before the stress *я*. Which of two words with such vowels are
one is not to be told from their letters (*кот*, cat, *кат*, hangman), so the Russian dictionary decides:
Russian writes the vowel as it was. A form counts where the base that it would have, *война*, is a noun there.
What is another part of speech as it stands (*рады*, glad; *такі*, such) is no weak form (of *род, ток*).
"""

from __future__ import annotations

import re
from collections.abc import Iterator
from itertools import product

from monitor.core.loaded_once import loaded_once
from monitor.core.query.forms.dictionaries import is_base_noun, is_form_of, is_noun_only
from monitor.core.query.forms.paradigms import Paradigms, read

_LETTERS = {"any": "абвгджзеійклмнопрстуўфхцчшьэюя", "vowel": "аеоуэ", "hard": "бвжзлмнпрсфцчш"}
# Class, the letters before the ending, the ending of the base, endings of a strong stem and of a weak one.
_TABLE = """
    m   | hard  | -  | - а у ам ом е | а у ом е ы оў ах амі
    m-v | any   | к  | к ка ку кам ком | ка ку ком кі коў ках камі
    m-h | any   | г  | г га гу гам гом | га гу гом гі гоў гах гамі
    m-x | any   | х  | х ха ху хам хом | ха ху хом хі хоў хах хамі
    m-d | any   | д  | д да ду дам дом дзе | да ду дом дзе ды доў дах дамі
    m-t | any   | т  | т та ту там том це | та ту том це ты тоў тах тамі
    m-s | any   | ь  | ь я ю ем | я ю ем і еў ям ях ямі
    m-j | vowel | й  | й я ю ем | і еў ям ях ямі
    f   | hard  | а  | ы - аў ам ах амі | а ы е э ой ою у
    f-d | any   | да | ды д даў дам дах дамі | да ды дзе дой дою ду
    f-t | any   | та | ты т таў там тах тамі | та ты це той тою ту
    f-k | any   | ка | кі каў кам ках камі | ка кі цэ кой кою ку
    f-g | any   | га | гі г гаў гам гах гамі | га гі зе гой гою гу
    f-x | any   | ха | хі х хаў хам хах хамі | ха хі се хой хою ху
    f-s | any   | я  | і ь яў ям ях ямі | я і ей ею ю
    n   | hard  | о  | ы - аў ам ах амі | о а у ом е
    n-e | any   | е  | е я ю ем | і еў ям ях ямі
"""
_TO_RUSSIAN = tuple(
    (re.compile(pattern), letters)
    for pattern, letters in (
        ("шч", "щ"), ("дз(?=[іеюяьв])", "д"), ("ц(?=[іеюяьв])", "т"), ("(?<=[рчжшц])ы", "и"), ("і", "и"),
        ("э", "е"), ("ў", "в"),
    )
)  # fmt: skip
_VOWEL = re.compile("[аеёиоуыэюя]")
_MOST_VOWELS = 3
_STRONG, _WEAK = frozenset("ое"), frozenset("ая")
_HARD, _VELAR = frozenset("ржшчцщ"), frozenset("кгх")
_FALLS_OUT = re.compile("([аоеэя][бвгджзклмнпрстфхцчш]ь?)$")
_OBLIQUE = re.compile(
    "(.{0,10}[бвгджзклмнпрстфхцчшь])([бвгджзклмнпрстфхцчш])(?:а|я|у|ю|ам|ом|ем|ы|і|оў|аў|еў|яў|ах|ях|ям|амі|ямі|е)"
)
_SHORTEST, _LONGEST = 3, 12


@loaded_once
def _tables() -> tuple[Paradigms, Paradigms, dict[str, str]]:
    rows = [[part.strip() for part in line.split("|")] for line in _TABLE.strip().splitlines()]
    made = [
        read("".join(f"{row[0]} | {row[1]} | {row[column]}\n" for row in rows if row[column]), _LETTERS)
        for column in (3, 4)
    ]
    return made[0], made[1], {row[0]: row[2].strip("-") for row in rows}


def alternation_keys(word: str) -> frozenset[str]:
    """Keys of a folded Belarusian noun whose stem has other vowels in other forms: Russian nouns."""
    if not _SHORTEST <= len(word) <= _LONGEST:
        return frozenset()
    if word.startswith("во"):
        return _keys(word) | _keys(word[1:])  # вокны, of акно
    return _keys(word)


def _keys(word: str) -> frozenset[str]:
    strong, weak, bases = _tables()
    plain = _russian(word)
    found: set[str] = set()
    for name, stem, _ in _readings(word, strong):
        if not _STRONG.isdisjoint(stem):
            found.update(noun for noun, _ in _nouns(stem, bases[name], restored=False))
    if not is_base_noun(plain, "ru", surnames=False) and is_noun_only(plain, "ru"):
        for name, stem, ending in _readings(word, weak):
            if not _WEAK.isdisjoint(stem):
                for noun, restored in _nouns(stem, bases[name], restored=True):
                    # A genitive in -ов is also an adjective there (дзядоў, дедов).
                    if ending.endswith("ў") or is_noun_only(restored + _russian(ending), "ru"):
                        found.add(noun)
    found.update(_fleeting(word))
    return frozenset(f"ru={noun}" for noun in found)


def _fleeting(word: str) -> Iterator[str]:
    """Russian nouns whose last vowel falls out in the word, or of which it is the base (*сну, сон*)."""
    base = _FALLS_OUT.search(word)
    if base and (base[1][0] in _STRONG or len(_VOWEL.findall(word)) > 1):  # of one vowel, that is stressed
        for noun, _ in _nouns(word[: base.start(1)] + base[1], "", restored=False):
            yield noun
    oblique = _OBLIQUE.fullmatch(word)
    if oblique:
        stem, last = _russian(oblique[1]), _russian(oblique[2])
        soft = word[oblique.end(2)] in "яюеі" and last not in _VELAR
        ending, genitive = ("ь", "я") if soft else ("", "а")
        for start in _restorations(stem):
            without = start.rstrip("ь")
            for vowel in "ое":
                noun = f"{without}{vowel}{last}{ending}"
                if is_base_noun(noun, "ru") and is_form_of(f"{start}{last}{genitive}", noun, "ru"):
                    yield noun


def _readings(word: str, table: Paradigms) -> Iterator[tuple[str, str, str]]:
    """(class, stem, ending) of each ending that fits a stem with a vowel."""
    for cut in range(max(1, len(word) - table.longest), len(word) + 1):
        for name, last in table.endings.get(word[cut:], ()):
            if word[cut - 1] in last and _VOWEL.search(word, 0, cut):
                yield name, word[:cut], word[cut:]


def _nouns(stem: str, ending: str, *, restored: bool) -> Iterator[tuple[str, str]]:
    """Russian nouns that the base may be, and their stems: vowels as they stand, or some of them restored."""
    russian, end = _russian(stem), _russian(ending)
    for each in _restorations(russian):
        if not (restored and each == russian) and is_base_noun(each + end, "ru"):
            yield each + end, each


def _restorations(stem: str) -> Iterator[str]:
    """A stem in Russian letters with each choice of its weak vowels made strong."""
    places = [at for at, letter in enumerate(stem) if letter in _WEAK][:_MOST_VOWELS]
    for choice in product(*(_strong(stem, at) for at in places)):
        letters = list(stem)
        for at, letter in zip(places, choice, strict=True):
            letters[at] = letter
        yield "".join(letters)


def _strong(stem: str, at: int) -> str:
    """A weak vowel and what it may be under stress; *э* too where a consonant is never soft (*карані*)."""
    if stem[at] == "я":
        return "яе"
    return "аое" if at and stem[at - 1] in _HARD else "ао"


def _russian(word: str) -> str:
    for pattern, letters in _TO_RUSSIAN:
        word = pattern.sub(letters, word)
    return word
