"""Short forms of words and names, for comparing texts: quicker and coarser than the query engine's forms.

A wrong stem costs a little weight of one term; a wrong form in a query would cost an alert.
"""

from __future__ import annotations

import re
import threading
import unicodedata
from functools import lru_cache
from typing import Final

import Stemmer

STEMMERS: Final = {
    "ar": "arabic", "bs": "serbian", "ca": "catalan", "cs": "czech", "da": "danish", "de": "german",
    "el": "greek",
    "en": "english", "es": "spanish", "et": "estonian", "eu": "basque", "fi": "finnish", "fr": "french",
    "hr": "serbian", "hu": "hungarian", "hy": "armenian", "it": "italian", "lt": "lithuanian",
    "nl": "dutch", "no": "norwegian", "pl": "polish", "pt": "portuguese", "ro": "romanian",
    "ru": "russian", "sr": "serbian", "sv": "swedish", "tr": "turkish",
}  # fmt: skip
"""Languages for which Snowball has a stemmer; Serbian in both scripts."""
SERBIAN: Final = frozenset({"bs", "hr", "sr"})
"""Standards of one language, with one stemmer."""
OWN_ENDINGS: Final = frozenset({"be", "bg", "mk", "uk"})
"""Languages whose endings are taken off by the list below."""
_local = threading.local()
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
_CH: Final = {"pl": "h", "de": "h", "cs": "h", "sk": "h", "nl": "h", "fr": "s", "pt": "s", "it": "k"}
_HARD_C: Final = frozenset({"en", "es", "fr", "it", "nl", "pt", "ro"})
"""Languages in which c before a, o, u or a consonant is k."""
_SERBIAN: Final = {
    ord(cyrillic): latin
    for cyrillic, latin in zip(
        "абвгдђежзијклљмнњопрстћуфхцчџш",
        ("a", "b", "v", "g", "d", "đ", "e", "ž", "z", "i", "j", "k", "l", "lj", "m", "n", "nj", "o", "p",
         "r", "s", "t", "ć", "u", "f", "h", "c", "č", "dž", "š"),
        strict=True,
    )
}  # fmt: skip
_NOT_COMPOSED: Final = str.maketrans({"đ": "d", "ø": "o", "ß": "ss", "æ": "ae", "œ": "oe", "ı": "i"})
_START_LETTERS: Final = 5
_SHORTEST_START: Final = 4
_INTERNATIONAL_LETTERS: Final = 6
_INTERNATIONAL_SOUNDS: Final = 4
_ROMAN: Final = str.maketrans(
    {**dict.fromkeys("жзсшщ", "s"), **dict.fromkeys("цч", "c"), **dict.fromkeys("вўф", "v"),
     **dict.fromkeys("гґх", "h"), "к": "k", "л": "l", "м": "m", "н": "n", "п": "p", "б": "b", "р": "r",
     "т": "t", "д": "d", "z": "s", "w": "v", "f": "v", "g": "h", "q": "k"}
)  # fmt: skip
_OF_SEVEN: Final = frozenset({"be", "de", "en", "lt", "pl", "ru", "uk"})
"""Languages for which the table of sounds has a row for each letter."""
_SHORTEST_NAME: Final = 3
_DOUBLED: Final = re.compile(r"(.)\1+")


@lru_cache(maxsize=1_000)
def stem_of(word: str, language: str | None) -> str:
    """What is left of a folded word without its ending."""
    if language in SERBIAN:
        word = serbian_latin(word)
    if language in STEMMERS:
        # A stemmer keeps state while it works: one for each thread.
        stemmers = _local.__dict__.setdefault("stemmers", {})
        if language not in stemmers:
            # Its own memory of words, three megabytes, would be each thread's: whoever asks remembers.
            stemmers[language] = Stemmer.Stemmer(STEMMERS[language], 0)
        stem: str = stemmers[language].stemWord(word)
        return stem
    if len(word) <= _SHORTEST:
        return word
    cut = _ENDINGS.sub("", word)
    return (cut if len(cut) >= _SHORTEST else word[:_SHORTEST])[:_LONGEST]


@lru_cache(maxsize=1_000)
def phonetic_key(word: str, language: str | None) -> str:
    """The consonants of a folded name as all seven languages would sound them; "" when too few are left.

    Vowels go because they differ most between spellings (*Лукашэнка*, Lukaschenko), endings because they
    are inflected, what sounds alike becomes one (s, š, ž; v, w, f; h, g).
    """
    if language in SERBIAN:
        word = serbian_latin(word)
    found = _without_ending(word, language)
    if language not in _OF_SEVEN:
        found = plain(found)
    found = found.replace("ch", _CH.get(language or "", "c") if not found.endswith("sch") else "ch")
    if language in _HARD_C:
        found = re.sub("c(?=[^ehiy]|$)", "k", found)
    for letters, sound in _DIGRAPHS:
        found = found.replace(letters, sound)
    found = _NOT_SOUND.sub("", found.translate(_SOUNDS))
    found = _DOUBLED.sub(r"\1", found.replace("x", "ks"))
    return found if len(found) >= _SHORTEST_NAME else ""


@lru_cache(maxsize=1_000)
def name_start(word: str, language: str | None) -> str:
    """The first letters of a folded name in Latin script, without marks: most outlets that write in it leave
    a name as its bearer spells it; "" for other scripts and for short ones."""
    if language in SERBIAN:
        word = serbian_latin(word)
    word = plain(word)
    return word[:_START_LETTERS] if len(word) >= _SHORTEST_START and word.isascii() else ""


@lru_cache(maxsize=1_000)
def international(word: str) -> str:
    """The first consonants of a longer folded word, in any of the two scripts: *terminal*, *терминал*; ""
    when it has too few."""
    if len(word) < _INTERNATIONAL_LETTERS:
        return ""
    found = _NOT_SOUND.sub("", plain(word).translate(_ROMAN))
    found = _DOUBLED.sub(r"\1", found)[:_INTERNATIONAL_SOUNDS]
    return found if len(found) == _INTERNATIONAL_SOUNDS else ""


def serbian_latin(word: str) -> str:
    """A folded Serbian word in Latin letters."""
    return word.translate(_SERBIAN)


def plain(word: str) -> str:
    """A folded word without the marks on its letters."""
    if word.isascii():
        return word
    parts = unicodedata.normalize("NFD", word.translate(_NOT_COMPOSED).replace("ł", "l"))
    return "".join(letter for letter in parts if not unicodedata.combining(letter))


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
    if language == "cs":
        return re.sub(
            "(?:ovi|ová|ové|ovou|ami|ách|em|ům|ém|ého|ému|ých|ým|ou|a|y|i|u|o|e|ě|í|á|é)$", "", word
        )
    if language in SERBIAN:
        return re.sub("(?:ima|ama|om|em|og|oj|a|u|e|i|o)$", "", word)
    return _ENDINGS.sub("", word)
