"""Operators that are words, in our spelling and in what people write for them."""

from __future__ import annotations

from monitor.core.query.syntax.terms import shouting

WORD_OPERATORS = {"AND": "AND", "OR": "OR", "NOT": "NOT", "EXCEPT": "EXCEPT"}
_OTHER_OPERATORS = {
    **dict.fromkeys(("And", "И", "І", "ТА", "ORAZ", "UND", "OCH"), "AND"),
    **dict.fromkeys(("Or", "ИЛИ", "АБО", "ЦІ", "ЧИ", "LUB", "ALBO", "ODER", "ARBA", "NEBO"), "OR"),
    **dict.fromkeys(("OPPURE", "ALEBO", "ELLER", "VEYA"), "OR"),
    **dict.fromkeys(("Not", "НЕ", "НІ", "NIE", "NICHT", "NÃO", "INTE"), "NOT"),
    **dict.fromkeys(("КРОМЕ", "АКРАМЯ", "АКРОМ", "КРІМ", "OPRÓCZ", "IŠSKYRUS", "AUSSER", "SAUF"), "EXCEPT"),
    **dict.fromkeys(("EXCEPTO", "EXCETO", "TRANNE", "ECCETTO", "KROMĚ", "OSIM", "ОСИМ", "HARİÇ"), "EXCEPT"),
}
UNSURE_OPERATORS = {
    **dict.fromkeys(("I", "IR", "ET", "Y", "E", "A", "U", "V", "VE", "SI", "ȘI", "ŞI", "EN"), "AND"),
    **dict.fromkeys(("O", "OU", "SAU", "ILI", "TAI", "VAI"), "OR"),
    **dict.fromkeys(("NE", "NO", "NON", "NU", "NEM"), "NOT"),
}
"""What may be an operator or a word (*vitamin A*, *Generation Y*): a word, and its author is told."""
_FIRST_OF_OPERATORS = frozenset(word[0] for word in _OTHER_OPERATORS) | set("ΑΟАОАNΝΕЕE")
_LONGEST_OPERATOR = max(map(len, _OTHER_OPERATORS))
"""What people write for the operators in their own language or by a keyboard's habit, in capitals."""
SIGN_OPERATORS = {"&": "AND", "&&": "AND", "|": "OR", "||": "OR"}
_LOOKALIKE_LETTERS = str.maketrans("АВСЕНІЈКМОРЅТХУΑΒΕΖΗΙΚΜΝΟΡΤΥΧ", "ABCEHIJKMOPSTXYABEZHIKMNOPTYX")


def other_operator(query: str, word: str) -> str | None:
    """The operator that a word stands for though it is not spelled so: in the writer's own language, as
    ``And``, with a letter of another script. None: it is a word."""
    if word[0] not in _FIRST_OF_OPERATORS or len(word) > _LONGEST_OPERATOR or shouting(query):
        return None
    operator = _OTHER_OPERATORS.get(word)
    if operator is None and not word.isascii():
        operator = WORD_OPERATORS.get(word.translate(_LOOKALIKE_LETTERS))
    return operator
