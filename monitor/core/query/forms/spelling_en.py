"""British and American spelling of English: one spelling that both are compared by.

Rules, not a list of words: a rule only has to keep apart words that exist. *organise* becomes *organize*;
that *exercise* becomes *exercize* is harmless, because nothing else is spelled so. Where two words would
become one (*prise*, *prize*; *filled*, *filed*; *timbre*, *timber*) the rule asks for more before it.
"""

from __future__ import annotations

import re

_LONGEST = 30
"""Letters of a word that is looked at; no English word has more."""
_RULES: tuple[tuple[re.Pattern[str], str], ...] = tuple(
    (re.compile(pattern), replacement)
    for pattern, replacement in (
        (r"^practis(?=(?:e|es|ed|ing)$)", "practic"),
        (r"(?<=[a-z]{3})is(?=(?:e|es|ed|ing|er|ers|able|ations?|ational(?:ly)?)$)", "iz"),
        (r"(?<=[ao]l)ys(?=(?:e|es|ed|ing|ers?)$)", "yz"),
        (
            r"(?<=[a-z]{3})our(?=(?:s|ed|ing|ers?|able|ably|fully?|ites?|itism|hoods?|ly|less|ists?|ally?|y|ies)?$)",
            "or",
        ),
        (r"^(?!timbre)([a-z]+[bt])re(?=s?$)", r"\1er"),
        (r"(?<=[a-z]{2}t)red$", "ered"),
        (r"^(def|off|lic|pret)ence(?=s?$|less|d$)", r"\1ense"),
        (r"^licencing$", "licensing"),
        (r"(?<=[a-z]{3})og(?:ue(?=[sd]?$)|u(?=ing$))", "og"),
        (r"(?<=gra)mme(?=s?$)", "m"),
        (r"^([a-z]*(?:[aeiouy][^aeiouy]+[aeiou]|ue|ia)l)l(?=(?:ed|ing|ers?|ors?|ous|ery|ists?)$)", r"\1"),
        (r"^(enrol|instal|fulfil|distil|appal|enthral)(?=s?$|ments?$)", r"\1l"),
        (r"^(skil|wil)(?=ful)", r"\1l"),
        (r"^woollen", "woolen"),
        (r"aluminium", "aluminum"),
        (r"jewell?ery", "jewelry"),
        (r"aem", "em"),
        (r"aesth", "esth"),
        (r"archaeo", "archeo"),
        (r"paed", "ped"),
        (r"^foet", "fet"),
        (r"^oestr", "estr"),
        (r"^oesoph", "esoph"),
        (r"rrhoea", "rrhea"),
        (r"manoeuvr(?:e(?=[sd]?$)|(?=ing$|able$))", "maneuver"),
        (r"^gynaec", "gynec"),
        (r"^caesarean", "cesarean"),
        (r"^mediaeval", "medieval"),
        (r"^plough", "plow"),
        (r"^sceptic", "skeptic"),
        (r"^(mo|smo)uld(?=s$|y$|ed$|ing$|er|$)", r"\1ld"),
        (r"^pyjama", "pajama"),
        (r"^moustache", "mustache"),
        (r"^sulph", "sulf"),
        (r"^aeroplane", "airplane"),
        (r"^artefact", "artifact"),
        (r"^grey(?=s$|ed$|ing$|er$|est$|ish$|$)", "gray"),
        (r"^cos(?=y$|ier$|iest$)", "coz"),
        (r"^ageing$", "aging"),
        (r"^gaol", "jail"),
        (r"(?<=dg)ement(?=s?$)", "ment"),
        (r"^enquir", "inquir"),
        (r"^advisor(?=s?$)", "advizer"),
        (r"^protestor(?=s?$)", "protester"),
        (r"^tyre(?=s?$)", "tire"),
        (r"^kerb(?=s?$|side)", "curb"),
        (r"^furore$", "furor"),
        (r"^disc(?=s?$)", "disk"),
        (r"^omelette", "omelet"),
    )
)
_CHANGED = re.compile(
    "is|ys|our|re|nce|nci|og|mme|ll|rol|tal|fil|til|pal|ral|ilful|alumini|jewel|ae|oe|lough|scept|ould|yjam"
    "|moust|sulph|artef|grey|cos|agei|gaol|gem|nqui|sor|tor|tyr|kerb|furor|disc|omel"
)
"""What no word that a rule changes is without: most words are let off at once."""

_CHANGED_START = re.compile(".?ae|caes|enqu|foet|gaol|kerb|moust|oes|pyjam|scept|tyre")


def begins_otherwise(word: str) -> bool:
    """Whether ``american`` may change the first two letters of a folded word."""
    return _CHANGED_START.match(word) is not None


def american(word: str) -> str:
    """The spelling that a folded English word is compared by."""
    if len(word) > _LONGEST or _CHANGED.search(word) is None or not word.isascii():
        return word
    for pattern, replacement in _RULES:
        word = pattern.sub(replacement, word)
    return word
