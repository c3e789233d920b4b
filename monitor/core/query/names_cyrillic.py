"""Names between Belarusian, Russian and Ukrainian spelling.

Belarusian writes unstressed *о* as *а*, so the way back is not unique: the Russian dictionary's
surnames decide (*Калеснікава*: *Колесникова*), and where it knows none, the common endings do.
"""

from __future__ import annotations

import re
from itertools import product

from monitor.core.query.dictionaries import is_name

_Rules = tuple[tuple[str, str], ...]
_BE_RU: _Rules = (
    ("шч", "щ"), ("дз(?=[іеёюяь])", "д"), ("ц(?=[іеёюяь])", "т"), ("(?<=[рчжшц])ы", "и"), ("і", "и"),
    ("(?<=[бвгджзклмнпрстфхцчш])э", "е"), ("ў", "в"), ("'", "ъ"), ("ав$", "ов"), ("ава$", "ова"),
    ("ав(?=ск)", "ов"), ("авич$", "ович"), ("енка$", "енко"), ("(?<=[сц]к)и$", "ий"), ("(?<=р)и$", "ий"),
)  # fmt: skip
_RU_BE: _Rules = (
    ("(?<=[сц]к)ий$", "і"), ("ий$", "ій"), ("ый$", "ы"), ("щ", "шч"), ("(?<=[рчжшц])и", "ы"),
    ("(?<=[рчжшц])е", "э"), ("т(?=[иеёюяь])", "ц"), ("д(?=[иеёюяь])", "дз"), ("^э", "е"), ("и", "і"),
    ("ъ", "'"), ("(?<=[аеёоуыэюяі])в(?=[бвгджзклмнпрстфхцчш]|$)", "ў"),
)  # fmt: skip
_RU_UK: _Rules = (
    ("ский$", "ський"), ("цкий$", "цький"), ("ская$", "ська"), ("цкая$", "цька"), ("ий$", "ій"),
    ("(?<=[дтзсцчшжр])и(?=[бвгджзклмнпрстфхцчшщ])", "ы"), ("и", "і"), ("ы", "и"), ("^е", "є"),
    ("э", "е"), ("^ё", "йо"), ("ё", "ьо"), ("ъ", "'"),
)  # fmt: skip
_BE_UK: _Rules = (
    ("скі$", "ський"), ("цкі$", "цький"), ("ская$", "ська"), ("цкая$", "цька"), ("ы", "и"),
    ("^е", "є"), ("э", "е"), ("^ё", "йо"), ("ё", "ьо"), ("ў", "в"),
)  # fmt: skip
_MOST_CHOICES = 5
_MOST_FOUND = 2


def language_of(name: str) -> str:
    """``be``, ``uk`` or ``ru`` of a Cyrillic name by its letters, ``""`` of any other."""
    folded = name.casefold()
    if not re.search("[а-яёіўїєґ]", folded):
        return ""
    if "ў" in folded or ("і" in folded and not re.search("[иїєґ]", folded)):
        return "be"
    if re.search("[іїєґ]", folded):
        return "uk"
    # Letters that both have: Belarusian never writes и, щ or ъ, and has no о in these endings.
    if re.search("[ищъ]", folded):
        return "ru"
    return "be" if re.search("(?:энка|енка|рэ|цэ|ава|ая)\\b", folded) else "ru"


def to_russian(word: str) -> tuple[str, ...]:
    """Russian spellings of a Belarusian word in lower case, the likeliest first."""
    plain = _by(word, _BE_RU)
    places = [at for at, letter in enumerate(plain) if letter in "ая"][:_MOST_CHOICES]
    known: list[str] = []
    for choice in product((True, False), repeat=len(places)):
        letters = list(plain)
        for at, changed in zip(places, choice, strict=True):
            if changed:
                letters[at] = "о" if letters[at] == "а" else "е"
        found = "".join(letters)
        if is_name(found, "ru"):
            known.append(found)
    if plain in known:
        known.insert(0, known.pop(known.index(plain)))
    if known:
        return tuple(known[:_MOST_FOUND])
    # Men's names in -ко are written -ка in Belarusian, like women's.
    return (plain, f"{plain[:-1]}о") if plain.endswith("ка") else (plain,)


def to_belarusian(word: str) -> tuple[str, ...]:
    """Belarusian spellings of a Russian word in lower case: every *о* unstressed, or the last one not."""
    plain = _by(word, _RU_BE)
    weak = plain.replace("о", "а")
    last = plain.rfind("о")
    if last < 0 or last == len(plain) - 1:
        return (weak,)
    return tuple(dict.fromkeys((weak, f"{weak[:last]}о{weak[last + 1 :]}")))


def to_ukrainian(russian: str, belarusian: str) -> tuple[str, ...]:
    """Ukrainian spellings after both, in lower case: news writes either."""
    found = (_by(russian, _RU_UK), _by(russian, _RU_UK).replace("нік", "ник"), _by(belarusian, _BE_UK))
    return tuple(dict.fromkeys(found))


def _by(word: str, rules: _Rules) -> str:
    for pattern, replacement in rules:
        word = re.sub(pattern, replacement, word)
    return word
