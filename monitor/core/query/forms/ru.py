"""Russian surnames that the dictionary does not list: their declension written out.

The dictionary's guess for *Садыков* or *Кубраков* is the genitive plural of a word that there is not, so
the other cases were not found. Only what was asked for as a name is looked up by these.
"""

from __future__ import annotations

from monitor.core.loaded_once import loaded_once
from monitor.core.query.forms.paradigms import Paradigms, read, stems

MARK = "surname-"
"""What the keys of these classes begin with."""
_GROUPS = {"any": "абвгджзийклмнопрстуфхцчшщъыьэюя'е"}
_TABLE = f"""
    {MARK}ov   | any | ов ова ову овым ове овы овых овыми
    {MARK}ova  | any | ова овой ову овою
    {MARK}ev   | any | ев ева еву евым еве евы евых евыми
    {MARK}eva  | any | ева евой еву евою
    {MARK}in   | any | ин ина ину иным ине ины иных иными
    {MARK}ina  | any | ина иной ину иною
    {MARK}yn   | any | ын ына ыну ыным ыне ыны ыных ыными
    {MARK}yna  | any | ына ыной ыну ыною
    {MARK}ski  | сц  | кий кого кому ким ком кие ких кими
    {MARK}ska  | сц  | кая кой кую кою
"""
_CLASSES = {
    "ов": "ov",
    "ев": "ev",
    "ин": "in",
    "ын": "yn",
    "ова": "ova",
    "ева": "eva",
    "ина": "ina",
    "ына": "yna",
    "ский": "ski",
    "цкий": "ski",
    "ская": "ska",
    "цкая": "ska",
}
"""How a surname ends, and its class."""


@loaded_once
def _paradigms() -> Paradigms:
    return read(_TABLE, _GROUPS)


def surname_keys(word: str) -> frozenset[str]:
    """Keys of a folded Russian word as a form of a surname in -ов, -ин, -ский, a man's or a woman's."""
    return frozenset(stems(word, _paradigms()))


def asked_surname_keys(word: str) -> frozenset[str]:
    """Of those the ones under which the word is the surname itself, not another of its cases."""
    ending = next((each for each in sorted(_CLASSES, key=len, reverse=True) if word.endswith(each)), None)
    if ending is None:
        return frozenset()
    return frozenset(key for key in surname_keys(word) if key.startswith(f"{MARK}{_CLASSES[ending]}:"))
