"""Names between Belarusian, Russian and Ukrainian spelling.

Belarusian writes unstressed *о* as *а*, so the way back is not unique: the Russian dictionary's
surnames decide (*Калеснікава*: *Колесникова*), and where it knows none, the common endings do.
"""

from __future__ import annotations

import re
from collections.abc import Iterator
from itertools import product

from monitor.core.query.forms.dictionaries import is_name
from monitor.core.query.names.given import languages_of_given

_Rules = tuple[tuple[str, str], ...]
_BE_RU: _Rules = (
    ("шч", "щ"), ("дз(?=[іеёюяь])", "д"), ("ц(?=[іеёюяь])", "т"), ("(?<=[рчжшц])ы", "и"), ("і", "и"),
    ("(?<=[бвгджзклмнпрстфхцчш])э", "е"), ("ў", "в"), ("'", "ъ"), ("ав$", "ов"), ("ава$", "ова"),
    ("ав(?=ск)", "ов"), ("авич$", "ович"), ("(?<=[чшж])анка$", "енко"), ("енка$", "енко"),
    ("(?<=[сц]к)и$", "ий"), ("(?<=р)и$", "ий"),
    ("(?<=[бвгджзклмнпрстфхцчшь])ны$", "ный"),
)  # fmt: skip
_RU_BE: _Rules = (
    ("(?<=[сц]к)ий$", "і"), ("ий$", "ій"), ("ый$", "ы"), ("щ", "шч"), ("(?<=[рчжшц])и", "ы"),
    ("(?<=[рчжшц])е", "э"), ("т(?=[иеёюяь])", "ц"), ("д(?=[иеёюяь])", "дз"), ("и", "і"),
    ("ъ", "'"), ("(?<=[аеёоуыэюяі])в(?=[бвгджзклмнпрстфхцчш]|$)", "ў"),
)  # fmt: skip
_RU_UK: _Rules = (
    ("ский$", "ськый"), ("цкий$", "цькый"), ("ская$", "ська"), ("цкая$", "цька"), ("ий$", "ій"),
    ("(?<=[дтзсцчшжр])и(?=[бвгджзклмнпрстфхцчшщ])", "ы"), ("и", "і"), ("ы", "и"), ("^е", "є"),
    ("э", "е"), ("^ё", "йо"), ("ё", "ьо"), ("ъ", "'"),
)  # fmt: skip
_BE_UK: _Rules = (
    ("скі$", "ський"), ("цкі$", "цький"), ("ская$", "ська"), ("цкая$", "цька"), ("ы", "и"),
    ("^е", "є"), ("э", "е"), ("^ё", "йо"), ("ё", "ьо"), ("ў", "в"),
)  # fmt: skip
_UK_RU: _Rules = (
    ("ський$", "ский"), ("цький$", "цкий"), ("ська$", "ская"), ("цька$", "цкая"),
    ("(?<![сц]к)ий$", "ый"), ("ій$", "ий"),
    ("(?<![сц]к)и(?!й$)", "ы"), ("(?<=[чжшщ])ы", "и"), ("[ії]", "и"), ("є", "е"), ("ґ", "г"), ("ьо|йо", "ё"),
    ("'", "ъ"),
)  # fmt: skip
_MOST_CHOICES = 5
_MOST_FOUND = 2


def sources_of(name: str) -> tuple[str, ...]:
    """The languages a Cyrillic name may be written in, of be, ru and uk; () for any other name.

    Letters and spelling rules decide, then the given name; what fits both Belarusian and Russian is
    read as both.
    """
    folded = name.casefold()
    if not re.search("[а-яёіўїєґ]", folded):
        return ()
    ruled_out = {
        language for language, signs in _FOREIGN_TO.items() if re.search(signs, folded.replace("’", "'"))
    }
    found = [language for language in ("be", "ru", "uk") if language not in ruled_out]
    first = folded.split()[0]
    given = [language for language in languages_of_given(first) if language in found]
    found = given or found
    # Without a given name nothing tells Ukrainian that would not be found through the other two.
    also = len(found) == 1 or (given and "be" not in found)
    return tuple(each for each in found if each != "uk" or also) or ("ru",)


_FOREIGN_TO = {
    # Belarusian softens т and д, hardens р and ч, and writes і; Russian and Ukrainian do not.
    "be": r"[ищъїєґ]|[тд][еёюяьі]|[рчшж][еіь]|ко\b",
    "ru": r"[іўїєґ']|дз[еёюяьі]|[рчшж]э|[жшч]ы|ц[еёюяь]|(?<!м)энка|эвіч|ыя\b|лля\b|цця\b",
    "uk": r"[ыэёўъ]|[сц]кий\b|[сц]кая\b|дз[еёюяі]|ав[аы]?\b",
}


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
        spelled = "".join(letters)
        if is_name(spelled, "ru"):
            known.append(spelled)
    if plain in known:
        known.insert(0, known.pop(known.index(plain)))
    if known and plain not in known:
        return tuple(known[:_MOST_FOUND])
    if known:
        # Both are surnames (Качанова, Кочанова); the weak vowel tells nothing.
        return tuple(dict.fromkeys((*known[:_MOST_FOUND], *_stressed(plain))))
    found = [plain, *_stressed(plain)]
    # Men's names in -ко are written -ка in Belarusian, like women's.
    return (*found, *(f"{each[:-1]}о" for each in found if each.endswith("ка")))


def _stressed(word: str) -> Iterator[str]:
    """Guesses at the vowels of a surname that no dictionary lists: the first weak one restored (*Качанава*,
    *Кочанова*), or *я* as *е* (*Бяляцкі*, *Беляцкий*)."""
    stem = re.match("(.*?)(?:ов[аы]?|ев[аы]?|ин[аы]?|енко|[сц]к(?:ий|ая)|евич|ович|ук|юк|ка|[аия])?$", word)
    length = stem.end(1) if stem else len(word)
    first = re.search("[аеёиоуыэюя]", word)
    strong = {"а": "о", "я": "е"}.get(first.group()) if first else None
    if first and strong and 0 < first.start() < length:
        yield f"{word[: first.start()]}{strong}{word[first.end() :]}"


def to_belarusian(word: str) -> tuple[str, ...]:
    """Belarusian spellings of a Russian word in lower case: every *о* unstressed, or the last one not."""
    plain = _by(word, _RU_BE)
    if plain.endswith("нко"):
        plain = f"{plain[:-1]}а"
    found = [plain.replace("о", "а")]
    last = plain.rfind("о", 0, len(plain) - 1)
    if last >= 0:
        weak = plain.replace("о", "а")
        found.append(f"{weak[:last]}о{weak[last + 1 :]}")
    # Unstressed е in the first syllable is я (Зяленскі), after a hard sibilant а (Галоўчанка).
    found += [re.sub("^([бвгджзклмнпрстфхцчш]+)е", r"\1я", each) for each in found]
    found += [re.sub("(?<=[чшж])энка$", "анка", each) for each in found]
    return tuple(dict.fromkeys(found))


def from_ukrainian(word: str) -> str:
    """The Russian spelling of a Ukrainian word in lower case."""
    return _by(word, _UK_RU)


def to_ukrainian(russian: str, belarusian: str) -> tuple[str, ...]:
    """Ukrainian spellings after both, in lower case: news writes either."""
    found = (_by(russian, _RU_UK), _by(russian, _RU_UK).replace("нік", "ник"), _by(belarusian, _BE_UK))
    return tuple(dict.fromkeys(found))


def _by(word: str, rules: _Rules) -> str:
    for pattern, replacement in rules:
        word = re.sub(pattern, replacement, word)
    return word
