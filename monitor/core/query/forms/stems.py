"""Short forms of words and names, for comparing texts: quicker and coarser than the query engine's forms.

A wrong stem costs a little weight of one term; a wrong form in a query would cost an alert.
"""

from __future__ import annotations

import re
from functools import lru_cache
from typing import Final

from monitor.core.query.forms.dictionaries import stem as snowball

_SNOWBALL: Final = frozenset({"de", "en", "es", "fr", "it", "lt", "nl", "pl", "pt", "ro", "ru", "sv"})
_ENDINGS: Final = re.compile(
    "(?:ого|ему|ому|ага|аму|ями|ямі|амі|ами|ах|ях|аў|яў"
    "|оў|ів|їв|ей|эй|ай|яй|ой|ою|аю|яю|ий|ій|ый|ых|іх|их|ым|ім|им|ам|ям|ом|ем|ём|ую|юю|ая|яя|ое|ее|ае"
    "|еш|ет|іт|ць|ти|ла|ло|лі|ли|ў|й|ь|а|я|о|е|є|э|і|ї|и|ы|у|ю)$"
)
_SHORTEST: Final = 4
_LONGEST: Final = 9

# Consonants that the seven languages write in many ways, by how they sound; the longest first.
_DIGRAPHS: Final = (
    *(("tsch", "c"), ("sch", "s"), ("dz", "z"), ("shch", "s"), ("szcz", "s"), ("sz", "s"), ("sh", "s")),
    *(
        ("cz", "c"),
        ("tch", "c"),
        ("rz", "r"),
        ("zh", "s"),
        ("kh", "h"),
        ("ck", "k"),
        ("ph", "f"),
        ("th", "t"),
    ),
    *(("ts", "c"), ("tz", "c"), ("qu", "kv"), ("ks", "x"), ("дз", "z"), ("дж", "c"), ("кс", "x")),
)
_SOUNDS: Final = str.maketrans(
    {
        **dict.fromkeys("sšśșжžżźzзсшщ", "s"),
        **dict.fromkeys("cčćцчț", "c"),
        **dict.fromkeys("vwвўфf", "v"),
        **dict.fromkeys("hgгґх", "h"),
        **dict.fromkeys("kкq", "k"),
        **dict.fromkeys("lłлľ", "l"),
        **dict.fromkeys("mм", "m"),
        **dict.fromkeys("nńнñ", "n"),
        **dict.fromkeys("pп", "p"),
        **dict.fromkeys("bб", "b"),
        **dict.fromkeys("rрř", "r"),
        **dict.fromkeys("tтť", "t"),
        **dict.fromkeys("dдď", "d"),
    }
)
_NOT_SOUND: Final = re.compile("[^scvhklmnpbrtdx]")
_CH: Final = {"pl": "h", "de": "h", "cs": "h"}
_SHORTEST_NAME: Final = 3


@lru_cache(maxsize=30_000)
def stem_of(word: str, language: str | None) -> str:
    """What is left of a folded word without its ending."""
    if language in _SNOWBALL:
        return snowball(word, language or "")[1:]
    if len(word) <= _SHORTEST:
        return word
    cut = _ENDINGS.sub("", word)
    return (cut if len(cut) >= _SHORTEST else word[:_SHORTEST])[:_LONGEST]


@lru_cache(maxsize=20_000)
def phonetic_key(word: str, language: str | None) -> str:
    """The consonants of a folded name as all seven languages would sound them; "" when too few are left.

    Vowels go because they differ most between spellings (*Лукашэнка*, Lukaschenko), endings because they
    are inflected, what sounds alike becomes one (s, š, ž; v, w, f; h, g).
    """
    found = _without_ending(word, language)
    found = found.replace("ch", _CH.get(language or "", "c") if not found.endswith("sch") else "ch")
    if language == "en":
        found = re.sub("c(?=[^ehiy]|$)", "k", found)
    for letters, sound in _DIGRAPHS:
        found = found.replace(letters, sound)
    found = _NOT_SOUND.sub("", found.translate(_SOUNDS))
    found = re.sub(r"(.)\1+", r"\1", found.replace("x", "ks"))
    return found if len(found) >= _SHORTEST_NAME else ""


def _without_ending(word: str, language: str | None) -> str:
    if language == "lt":
        return re.sub("(?:iaus|aus|ius|ui|as|is|us|os|ės|io|iu|ą|į|ų|o|a|e|ė|ę)$", "", word)
    if language == "de":
        return re.sub("(?:ische[rnms]?|isch|s)$", "", word.replace("z", "ts") if "sz" not in word else word)
    if language == "en":
        return re.sub("(?:'s|’s|s'|ian|ians)$", "", word)
    if language == "pl":
        return re.sub(
            "(?:owi|ami|imi|ymi|ach|iem|iego|iemu|ich|ych|im|ym|em|ie|ego|emu|ów|ą|ę|a|y|i|u|o|e)$", "", word
        )
    return _ENDINGS.sub("", word)
