"""French, Spanish, Italian, Portuguese and Romanian nouns: the singulars that a plural may have.

A stemmer leaves short words alone (*loi, lois*) and does not join what changes before the plural's ending
(*juez, jueces; jornal, jornais; travail, travaux*). A word gets one key for itself and one for each singular
that it may be the plural of; words that look like a plural and are none (*mois, fils, mais*) get their own.
"""

from __future__ import annotations

import re
from collections.abc import Mapping

from monitor.core.loaded_once import loaded_once

ROMANCE = ("es", "fr", "it", "pt")
"""Languages whose plurals are written out here, Romanian aside."""
_PLAIN = str.maketrans("áàâäãéèêëíìîïóòôöõúùûüýÿœ", "aaaaaeeeeiiiiooooouuuuyyo")
_SHORTEST = 2
_SHORTEST_RO = 3

_Rules = tuple[tuple[re.Pattern[str], str], ...]
"""What a plural ends in, as an expression, and what its singular has there."""
_PLURALS: Mapping[str, _Rules] = {
    "es": (
        (re.compile("ces$"), "z"),
        (re.compile("(?<=[bcdjlmnrstxyz])es$"), ""),
        (re.compile("(?<=[aeiou])s$"), ""),
        (re.compile("(?<=[iu])es$"), ""),
    ),
    "fr": (
        *((re.compile("aux$"), "al"), (re.compile("aux$"), "ail"), (re.compile("(?<=[aeo]u)x$"), "")),
        (re.compile("(?<=[^sxz])s$"), ""),
    ),
    "it": (
        *(
            (re.compile("chi$"), "co"),
            (re.compile("ghi$"), "go"),
            (re.compile("che$"), "ca"),
            (re.compile("ghe$"), "ga"),
            (re.compile("ci$"), "co"),
            (re.compile("gi$"), "go"),
        ),
        *(
            (re.compile("ce$"), "cia"),
            (re.compile("ge$"), "gia"),
            (re.compile("ii$"), "io"),
            (re.compile("(?<=[clg])i$"), "io"),
            (re.compile("(?<!i)i$"), "o"),
        ),
        *((re.compile("(?<!i)i$"), "e"), (re.compile("e$"), "a")),
    ),
    "pt": (
        *(
            (re.compile("[oa]es$"), "ao"),
            (re.compile("ns$"), "m"),
            (re.compile("(?<=[aou])is$"), "l"),
            (re.compile("eis$"), "el"),
            (re.compile("eis$"), "il"),
        ),
        *(
            (re.compile("(?<=[^aeou]i)s$"), "l"),
            (re.compile("(?<=[lnrsz])es$"), ""),
            (re.compile("(?<=[aeiou])s$"), ""),
        ),
    ),
}
_IRREGULAR = {
    "fr": "oil yeux | ciel cieux | aieul aieux | monsieur messieurs | madame mesdames",
    "it": "uomo uomini | dio dei | bue buoi | uovo uova | dito dita | braccio braccia | osso ossa | ala ali"
    " | arma armi | tempio templi | paio paia | centinaio centinaia | migliaio migliaia | muro mura",
}
_ALONE = {
    language: frozenset(words.split())
    for language, words in {
        "es": "antes atras bis crisis demas detras dios dos entonces gas gris jesus jueves las los lunes mas"
        " menos mes nos pais pues tras tres virus",
        "fr": "apres avis bas bois bras cas corps cours dans dos fils fois frais gens gros gris jamais jus"
        " mais mois moins os palais pas pays plus pois proces puis sans sens sous suis sur tas temps"
        " tous univers vers vis",
        "it": "anche come dice dove fece oggi pace quasi siede",
        "pt": "antes apos as depois dois gas jamais lapis mais mas menos mes onibus os pais seis tras tres"
        " virus",
    }.items()
}
"""Words that look like a plural and mean something else."""
_RO_ENDING = re.compile("(?:urilor|urile|uri|ului|ilor|elor|iile|ile|ele|lor|ul|ii|le|ei|ea|ia|i|a|e|u)$")
_RO_LAST = str.maketrans("țzș", "tds")


@loaded_once
def _irregular(language: str) -> dict[str, str]:
    rows = (row.split() for row in _IRREGULAR.get(language, "").split("|"))
    return {word: f"irr:{row[0]}" for row in rows for word in row}


def is_irregular(word: str, language: str) -> bool:
    """Whether a folded word or its plural is listed, so that its forms may begin otherwise (*œil, yeux*)."""
    return word.translate(_PLAIN) in _irregular(language)


def plural_keys(word: str, language: str) -> frozenset[str]:
    """Keys of a folded word of es, fr, it or pt: its own and those of its possible singulars."""
    plain = word.translate(_PLAIN)
    found = {f"pl:{plain}"}
    if plain not in _ALONE[language]:
        for plural, singular in _PLURALS[language]:
            made, count = plural.subn(singular, plain)
            if count and len(made) >= _SHORTEST:
                found.add(f"pl:{made}")
    irregular = _irregular(language).get(plain)
    return frozenset((*found, irregular)) if irregular else frozenset(found)


def forms_ro(word: str) -> frozenset[str]:
    """Keys of a folded Romanian noun: no article, no ending, vowels and last consonant as in the singular."""
    stem = _RO_ENDING.sub("", word.replace("ţ", "ț").replace("ş", "ș").translate({ord("ă"): "a"}))
    if len(stem) < _SHORTEST_RO:
        return frozenset()
    last = stem[-1].translate(_RO_LAST)
    return frozenset((f"ro:{stem[:-1].replace('oa', 'o').replace('ea', 'e')}{last}",))
