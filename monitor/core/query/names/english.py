"""How English text spells a Cyrillic name: every mix of the systems in use.

BGN/PCGN, ISO 9 without its marks, the national systems of 2007 (Belarus) and 2010 (Ukraine), passports
and the press differ at a few places: *й* is ``y`` or ``i``, *я* after a consonant ``ya`` or ``ia``, *г* ``h``
or ``g``, *х* ``kh`` or ``h``, and each has its own ``-sky``. One choice for each place, the same in the whole
word, gives the spellings.
"""

from __future__ import annotations

import re
from functools import lru_cache
from itertools import islice, product

MOST = 24
"""Spellings of one word."""
_VOWELS = "аеёіоуыэюяиїє"
_LETTERS = (
    "а=a б=b в=v г=g ґ=g д=d ж=zh з=z і=i й=i к=k л=l м=m н=n о=o п=p р=r с=s т=t у=u ў=u ф=f х=kh ц=ts ч=ch"
)
_PLAIN = dict(pair.split("=") for pair in f"{_LETTERS} ш=sh щ=shch ы=y э=e е=e и=i '= ъ= ь=".split())
_IOTATED = {"я": "a", "ю": "u", "є": "e", "ё": "o", "е": "e"}
_CHOICES: dict[str, dict[str, str]] = {
    # The first of each is the commonest in the press.
    "be": {"г": "h", "й": "i y j", "х": "kh h ch", "ў": "u w v", "я": "ya ia ja", "е": "e ie ye"},
    "ru": {"г": "g", "й": "y i j", "х": "kh h", "я": "ya ia", "е": "e", "ё": "yo e io", "ы": "y"},
    "uk": {"г": "h g", "й": "i y j", "х": "kh h", "я": "ia ya", "и": "y i", "ї": "i yi"},
}
_ENDINGS: tuple[tuple[str, str], ...] = (
    (r"[сц]ь?к(?:і|ий)$", "sky ski skiy skyi skyy skii"),
    (r"ый$", "y yi yy iy"),
    (r"ий$", "y iy i ii"),
    (r"ія$|ия$", "ia iya iia"),
    (r"ій$", "ii iy i y"),
)


@lru_cache(maxsize=4_000)
def english(word: str, source: str) -> tuple[str, ...]:
    """Spellings of a word in lower case, written in Belarusian, Russian or Ukrainian; the likeliest first."""
    stem, endings = _ending(word, source)
    choices = {sign: listed.split() for sign, listed in _CHOICES[source].items() if _concerns(sign, stem)}
    made = []
    for chosen in product(*choices.values()):
        spelled = _spelled(stem, dict(zip(choices, chosen, strict=True)), source)
        made.append([spelled + ending for ending in endings])
    # All endings of the likeliest choice first, then of the next.
    ways = dict.fromkeys(each for row in made for each in row)
    for each in tuple(ways):
        if source == "ru" and "ks" in each:
            ways.setdefault(each.replace("ks", "x"))
    return tuple(islice(ways, MOST))


def _concerns(sign: str, stem: str) -> bool:
    if sign == "я":
        return (
            any(letter in stem for letter in "яюєё")
            or re.search("(?:^|[аеёіоуыэюяиїєьъ'])е", stem) is not None
        )
    return sign in stem


def _ending(word: str, source: str) -> tuple[str, list[str]]:
    """What is spelled by letters, and the ways to spell the rest."""
    for pattern, listed in _ENDINGS:
        found = re.search(pattern, word)
        if found is None or found.start() == 0:
            continue
        ways = listed.split()
        if word[found.start()] == "ц":
            ways = ["t" + way for way in ways]
        if source == "uk" and found.group() == "ий":
            ways = ["yi", "y", "yy", "iy", "i", "ii"]
        return word[: found.start()], ways
    return word, [""]


def _spelled(word: str, chosen: dict[str, str], source: str) -> str:
    found = []
    for at, letter in enumerate(word):
        before = word[at - 1] if at else ""
        if letter in _IOTATED and not (letter == "е" and source == "uk"):
            found.append(_iotated(letter, before, chosen, source))
        elif letter == "ї":
            found.append("yi" if not before else chosen.get("ї", "i"))  # a name of two languages
        elif letter == "й" and not before:
            found.append("y")
        elif letter in chosen:
            found.append(chosen[letter])
        elif letter == "и" and source == "uk":
            found.append("y")
        else:
            found.append(_PLAIN.get(letter, letter))
    return "".join(found)


def _iotated(letter: str, before: str, chosen: dict[str, str], source: str) -> str:
    vowel, system = _IOTATED[letter], chosen.get("я", "ya")
    alone = not before or before in _VOWELS or before in "'ьъ"
    if letter == "ё" and source == "ru":
        return "o" if before and before in "чщшж" else chosen["ё"]
    if letter == "е" and not alone:
        return "e" if source == "ru" or before in "жчшщц" else chosen.get("е", "e")
    if not before:
        return ("j" if system[0] == "j" else "y") + vowel
    return system[0] + vowel
