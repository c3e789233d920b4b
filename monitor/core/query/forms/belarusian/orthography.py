"""Belarusian in its classical orthography (*тарашкевіца*), brought to the official one for comparing.

Two things differ regularly. The classical one writes the soft sign wherever a consonant softens before
another (*сьвет, зьняволеныя, затрыманьне*); and in words from other languages it keeps hard *з, с* and
*э* and soft *л* (*прэзыдэнт, газэта, парлямэнт, кляса*). The first two are rules; which roots had the
soft *л* is a matter of a table, because official words have it too (*папулярны, трансляцыя*).

A word keeps its own spelling beside the one made here, so official words are not changed by it: at most
they may also be found as a word that there is not.
"""

from __future__ import annotations

import re

from monitor.core.data import rows
from monitor.core.loaded_once import loaded_once

_LONGEST = 40
"""Letters of a word that is looked at."""
_SIGNS = re.compile("дз[ткц]|[тд]ар$|ь[бвгдзлмнпсцфеюя]|э|[зс]ы|л[яьюе]|^й|ґ|[ое]х$")
"""What no classical spelling is without."""
_RULES: tuple[tuple[re.Pattern[str], str], ...] = tuple(
    (re.compile(pattern.replace("ё", "е")), replacement.replace("ё", "е"))
    for pattern, replacement in (
        ("ґ", "г"),
        ("^й(?=[бвгджзклмнпрстфхцчш])", "і"),
        # The soft sign before a consonant that is soft itself.
        ("дзьдз", "ддз"),
        ("(?<=[зсцн])ь(?=(?:дз|[бвзлмнпсцф]{1,2})[іеёюяь])", ""),
        ("льл(?=[іеёюя])", "лл"),
        ("(?<=[зс])ь(?=[еёюя])", ""),
        # газэта, сэнатар, мэтад; прэзыдэнт, фізыка, місыя
        ("(?<=[бвгзклмнпсфх])э(?=.)", "е"),
        ("(?<=[зс])ы(?=[яюі]|..)", "і"),
        ("^эў", "еў"),
        # сьледзтва, швэдзкі; міністар, цыліндар
        ("(?<=[а-яёіў]{2})дз(?=тв|к[іаоу])", "дс"),
        ("(?<=[бвгклмнпрсфх][тд])ар$", "р"),
        # псыхалёг
        ("(?<=[а-яёіў]{3})лёг(?=[іауеоы]|$)", "лог"),
        # у гарадох, на палёх
        ("(?<=[а-яёіў]{3})ох$", "ах"),
        ("(?<=[а-яёіў]{3})ёх$", "ях"),
    )
)
_NATIVE = re.compile(
    "^(?:м?этазгодн.*|мэт(?:а|ы|у|е|ай|аю|аў|ам|ах|амі)|мэр(?:а|у|ам|ом|ы|аў|оў|ах|амі)?|бэз(?:а|у|ам|ом)?"
    "|с(?:ын|ыр|ыт|ып|ых|ысц|ыд).*)$"
)
"""Official words that would become other words."""


def official(word: str) -> str:
    """A folded Belarusian word as the official orthography spells it; the word itself if it may be so."""
    if len(word) > _LONGEST or _SIGNS.search(word) is None or _NATIVE.match(word):
        return word
    classical = _roots().search(word)
    if classical:
        word = word[: classical.start()] + _official_roots()[classical.group()] + word[classical.end() :]
    for pattern, replacement in _RULES:
        word = pattern.sub(replacement, word)
    return word


@loaded_once
def _official_roots() -> dict[str, str]:
    # ё is е in a folded word.
    return {row[0].replace("ё", "е"): row[1].replace("ё", "е") for row in rows("classical_be.tsv")}


@loaded_once
def _roots() -> re.Pattern[str]:
    """Any root of the table, the longest first: at the word's beginning if it is short."""
    listed = sorted(_official_roots(), key=len, reverse=True)
    long = "|".join(map(re.escape, (root for root in listed if len(root) > 3)))  # noqa: PLR2004 - short ones stand anywhere
    short = "|".join(map(re.escape, (root for root in listed if len(root) <= 3)))  # noqa: PLR2004 - as above
    return re.compile(f"{long}|^(?:{short})" if short else long)
