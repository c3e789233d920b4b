"""From Cyrillic names to Latin spellings: one table for each way that the press of a language uses.

``be``: official romanisation of 2007 (Łacinka), BGN/PCGN as English news writes it, Polish, Lithuanian
and German transcription from Belarusian; ``ru``: the same from Russian (English after BGN/PCGN, which
for names equals ISO 9's letters without marks). A table says how plain letters are written, then the
vowels that soften: at the start or after a vowel, and after a consonant.
"""

from __future__ import annotations

import re
from dataclasses import dataclass, field

_VOWELS = "аеёіоуыэюяиїє"
_SAME = dict(zip("абдзклмнопрстуфэ", "abdzklmnoprstufe", strict=True)) | {"'": "", "ъ": "", "ь": ""}


@dataclass(frozen=True, slots=True, kw_only=True)
class Letters:
    """One way to write a Cyrillic language's names: whose readers, what it is called, the letters."""

    language: str
    origin: str
    plain: dict[str, str]
    soft: dict[str, tuple[str, str]]
    endings: tuple[tuple[str, str], ...] = field(default=())


def _letters(language: str, origin: str, plain: str, soft: str, endings: str = "") -> Letters:
    pairs = [(part.split("=")[0], part.split("=")[1]) for part in plain.split()]
    vowels = [part.split("=") for part in soft.split()]
    ends = [part.split("=") for part in endings.split()]
    return Letters(
        language=language,
        origin=origin,
        plain=_SAME | dict(pairs),
        soft={key: (value.split("/")[0], value.split("/")[1]) for key, value in vowels},
        endings=tuple((f"{key}$", value) for key, value in ends),
    )


_JOT = "е=je/ie ё=jo/io ю=ju/iu я=ja/ia"
BELARUSIAN = (
    _letters(
        "en", "BGN/PCGN", "в=v г=h ж=zh і=i й=y ў=u х=kh ц=ts ч=ch ш=sh ы=y", "е=ye/e ё=yo/io ю=yu/iu я=ya/ia"
    ),
    _letters(
        "en",
        "BGN/PCGN with y",
        "в=v г=h ж=zh і=i й=y ў=u х=kh ц=ts ч=ch ш=sh ы=y",
        "е=ye/e ё=yo/yo ю=yu/yu я=ya/ya",
    ),
    _letters(
        "en",
        "Łacinka",
        "в=v г=h ж=ž і=i й=j ў=ŭ х=ch ц=c ць=ć нь=ń сь=ś зь=ź ль=l ч=č ш=š ы=y",
        "е=je/ie ё=jo/io ю=ju/iu я=ja/ia",
    ),
    _letters(
        "pl",
        "Polish",
        "в=w г=h ж=ż і=i й=j л=ł ль=l ў=u х=ch ц=c ць=ć нь=ń сь=ś зь=ź ч=cz ш=sz ы=y",
        _JOT,
        "skaja=ska ckaja=cka",
    ),
    _letters(
        "lt", "Lithuanian", "в=v г=h ж=ž і=i й=j ў=u х=ch ц=c ч=č ш=š ы=y", "е=je/e ё=jo/io ю=ju/iu я=ja/ia"
    ),
    _letters(
        "fr",
        "French",
        "в=v г=h ж=j і=i й=ï у=ou ў=ou х=kh ц=ts ч=tch ш=ch ы=y",
        "е=ie/ie ё=io/io ю=iou/iou я=ia/ia",
        "skaia=skaïa in=ine",
    ),
    _letters(
        "es", "Spanish", "в=v г=h ж=zh і=i й=i ў=u х=j ц=ts ч=ch ш=sh ы=y", "е=ye/e ё=io/io ю=yu/iu я=ya/ia"
    ),
    _letters(
        "it", "Italian", "в=v г=h ж=ž і=i й=j ў=u х=ch ц=c ч=č ш=š ы=y", "е=e/e ё=jo/io ю=ju/iu я=ja/ia"
    ),
    _letters(
        "cs",
        "Czech",
        "в=v г=h ж=ž і=i й=j ў=u х=ch ц=c ч=č ш=š ы=y",
        "е=je/e ё=jo/jo ю=ju/ju я=ja/ja",
        "ski=ský cki=cký skaja=ská ckaja=cká ava=avová",
    ),
    _letters("sr", "Serbian", "в=v г=h ж=ž і=i й=j ў=u х=h ц=c ч=č ш=š ы=i", "е=e/e ё=jo/jo ю=ju/ju я=ja/ja"),
    _letters(
        "de",
        "German",
        "в=w г=h ж=sch з=s і=i й=j ў=u х=ch ц=z ч=tsch ш=sch ы=y",
        "е=je/e ё=jo/jo ю=ju/ju я=ja/ja",
    ),
)
RUSSIAN = (
    _letters(
        "en",
        "BGN/PCGN from Russian",
        "в=v г=g ж=zh и=i й=y х=kh ц=ts ч=ch ш=sh щ=shch ы=y",
        "е=ye/e ё=yo/yo ю=yu/yu я=ya/ya",
        "skiy=sky tskiy=tsky iya=ia ey=ei kaliy=kali",
    ),
    _letters(
        "pl",
        "Polish from Russian",
        "в=w г=g ж=ż и=i й=j л=ł ль=l нь=ń сь=ś ть=t х=ch ц=c ч=cz ш=sz щ=szcz ы=y",
        _JOT,
        "skaja=ska ckaja=cka kalij=kali skij=ski ckij=cki ija=ia",
    ),
    _letters(
        "lt",
        "Lithuanian from Russian",
        "в=v г=g ж=ž и=i й=j х=ch ц=c ч=č ш=š щ=šč ы=y",
        "е=je/e ё=jo/io ю=ju/iu я=ja/ia",
        "skij=skis ckij=ckis",
    ),
    _letters(
        "fr",
        "French from Russian",
        "в=v г=g ж=j и=i й=ï у=ou х=kh ц=ts ч=tch ш=ch щ=chtch ы=y",
        "е=ie/e ё=io/io ю=iou/iou я=ia/ia",
        "skiï=ski skaia=skaïa in=ine iï=i",
    ),
    _letters(
        "es",
        "Spanish from Russian",
        "в=v г=g ж=zh и=i й=i х=j ц=ts ч=ch ш=sh щ=shch ы=y",
        "е=ye/e ё=io/io ю=yu/iu я=ya/ia",
        "skii=ski iia=ia skaia=skaya ii=i",
    ),
    _letters(
        "it",
        "Italian from Russian",
        "в=v г=g ж=ž и=i й=j х=ch ц=c ч=č ш=š щ=šč ы=y",
        "е=e/e ё=jo/io ю=ju/iu я=ja/ia",
    ),
    _letters(
        "cs",
        "Czech from Russian",
        "в=v г=g ж=ž и=i й=j х=ch ц=c ч=č ш=š щ=šč ы=y",
        "е=je/e ё=jo/jo ю=ju/ju я=ja/ja",
        "skij=ský ckij=cký skaja=ská ckaja=cká ova=ovová eva=evová ij=ij",
    ),
    _letters(
        "sr",
        "Serbian from Russian",
        "в=v г=g ж=ž и=i й=j х=h ц=c ч=č ш=š щ=šč ы=i ль=lj нь=nj",
        "е=e/e ё=jo/jo ю=ju/ju я=ja/ja",
        "skij=ski ckij=cki ij=ij",
    ),
    _letters(
        "de",
        "German from Russian",
        "в=w г=g ж=sch з=s и=i й=j х=ch ц=z ч=tsch ш=sch щ=schtsch ы=y",
        "е=je/e ё=jo/jo ю=ju/ju я=ja/ja",
        "skij=ski ija=ia kalij=kali",
    ),
)
UKRAINIAN = (
    _letters(
        "en",
        "Ukrainian romanisation",
        "в=v г=h ґ=g е=e ж=zh и=y і=i ї=i й=i х=kh ц=ts ч=ch ш=sh щ=shch",
        "є=ye/ie ю=yu/iu я=ya/ia",
        "skyi=sky tskyi=tsky",
    ),
    _letters(
        "en",
        "Ukrainian romanisation in full",
        "в=v г=h ґ=g е=e ж=zh и=y і=i ї=i й=i х=kh ц=ts ч=ch ш=sh щ=shch",
        "є=ye/ie ю=yu/iu я=ya/ia",
        "skyi=skyy tskyi=tskyy",
    ),
    _letters(
        "pl",
        "Polish from Ukrainian",
        "в=w г=h ґ=g е=e ж=ż и=y і=i ї=ji й=j л=ł ль=l нь=ń сь=ś ць=ć зь=ź х=ch ц=c ч=cz ш=sz щ=szcz",
        "є=je/ie ю=ju/iu я=ja/ia",
        "śkyj=ski ćkyj=cki śka=ska ćka=cka",
    ),
    _letters(
        "lt",
        "Lithuanian from Ukrainian",
        "в=v г=h ґ=g е=e ж=ž и=y і=i ї=ji й=j х=ch ц=c ч=č ш=š щ=šč",
        "є=je/je ю=ju/iu я=ja/ia",
        "skyj=skis ckyj=ckis",
    ),
    _letters(
        "fr",
        "French from Ukrainian",
        "в=v г=h ґ=g е=e ж=j и=y і=i ї=ï й=ï у=ou х=kh ц=ts ч=tch ш=ch щ=chtch",
        "є=ie/ie ю=iou/iou я=ia/ia",
        "skyï=sky ska=ska",
    ),
    _letters(
        "es",
        "Spanish from Ukrainian",
        "в=v г=h ґ=g е=e ж=zh и=y і=i ї=i й=i х=j ц=ts ч=ch ш=sh щ=shch",
        "є=ye/ie ю=yu/iu я=ya/ia",
        "skyi=ski",
    ),
    _letters(
        "it",
        "Italian from Ukrainian",
        "в=v г=h ґ=g е=e ж=ž и=y і=i ї=ï й=j х=ch ц=c ч=č ш=š щ=šč",
        "є=je/je ю=ju/ju я=ja/ja",
        "skyj=skyj",
    ),
    _letters(
        "cs",
        "Czech from Ukrainian",
        "в=v г=h ґ=g е=e ж=ž и=y і=i ї=ji й=j х=ch ц=c ч=č ш=š щ=šč",
        "є=je/je ю=ju/ju я=ja/ja",
        "skyj=skyj cka=cká ska=ská",
    ),
    _letters(
        "sr",
        "Serbian from Ukrainian",
        "в=v г=h ґ=g е=e ж=ž и=i і=i ї=ji й=j х=h ц=c ч=č ш=š щ=šč",
        "є=je/je ю=ju/ju я=ja/ja",
        "skij=ski ckij=cki",
    ),
    _letters(
        "de",
        "German from Ukrainian",
        "в=w г=h ґ=g е=e ж=sch з=s и=y і=i ї=ji й=j х=ch ц=z ч=tsch ш=sch щ=schtsch",
        "є=je/je ю=ju/ju я=ja/ja",
        "skyj=skyj zkyj=zkyj",
    ),
)


def written(word: str, letters: Letters) -> str:
    """A Cyrillic word, in lower case, in the letters of a language, in lower case."""
    found: list[str] = []
    at = 0
    while at < len(word):
        pair = word[at : at + 2]
        if len(pair) > 1 and pair in letters.plain:
            found.append(letters.plain[pair])
            at += 2
            continue
        letter, before = word[at], word[at - 1] if at else ""
        if letter in letters.soft:
            found.append(_softening(letter, before, letters, found))
        else:
            if letter in "іи" and letters.language == "pl" and found and found[-1] == "ł":
                found[-1] = "l"
            found.append(letters.plain.get(letter, letter))
        at += 1
    text = "".join(found)
    for pattern, ending in letters.endings:
        text = re.sub(pattern, ending, text)
    return text


def _softening(letter: str, before: str, letters: Letters, found: list[str]) -> str:
    alone, after = letters.soft[letter]
    if not before or (before in _VOWELS and before not in "ыі") or before in "'ьъ":
        return alone
    if before in "ыіи":
        return alone if alone[0] == "j" else after
    if letters.language == "pl" and found[-1] == "ł":
        # Polish: l is soft by itself (Kalesnikawa, Natalla).
        found[-1] = "l"
        return after[1:]
    if before in "жчшщц" and letter == "е":
        return "e"
    return after
