"""From text to words with their places, and from a word to the form that is compared.

Nothing here changes a text: folding is for comparing only, so that offsets always point into the
original. Rules, all of them the same for queries and articles:

- A word is a run of letters, digits and ``_``. Hyphens and full stops end it (``Nord-Stream`` is two
  words), an apostrophe between letters does not (``палітв'язень``, ``O'Brien``).
- Single letters with full stops between are one word (``U.S.``, ``О.О.Н.``), and so are digits grouped
  by threes (``10,000``).
- A hashtag or handle is cut where its words meet: ``#PoliticalPrisoners``, ``@new_wave``.
- Each character of a script without spaces (Chinese, Japanese, Thai…) and each emoji is a word.
- Zero-width characters, soft hyphens and stress marks belong to the word and are not compared.
"""

from __future__ import annotations

import re
import unicodedata
from collections.abc import Iterator
from functools import lru_cache

_UNSPACED = (
    "\u0e00-\u0eff\u1000-\u109f\u1780-\u17ff\u3040-\u30ff\u3400-\u4dbf\u4e00-\u9fff\uac00-\ud7af\uf900-\ufaff"
)
_UNSEEN = "\u00ad\u034f\u180e\u200b-\u200f\u202a-\u202e\u2060-\u2064\ufeff\u0300-\u036f\u0483-\u0489"
_EMOJI = "\u2600-\u27bf\u2b00-\u2bff\U0001f000-\U0001faff"
_TINT = "\ufe0e\ufe0f\U0001f3fb-\U0001f3ff"
_APOSTROPHES = "'’ʼ‘`´′ʹ＇"

WORD = re.compile(
    rf"[^\W\d_{_UNSPACED}](?:\.[^\W\d_{_UNSPACED}]){{1,9}}(?!\w)\.?"
    rf"|\d{{1,3}}(?:[,.'’]\d{{3}}){{1,6}}(?!\w)"
    rf"|[^\W{_UNSPACED}][\w{_UNSEEN}]*(?:[{_APOSTROPHES}][^\W\d_][\w{_UNSEEN}]*)*"
    rf"|[{_EMOJI}][{_TINT}]*(?:\u200d[{_EMOJI}][{_TINT}]*)*|[{_UNSPACED}]"
)

_TAGGED = re.compile("[#@＃＠]")
_SEAM = re.compile(
    r"_+|(?<=[^\W\d_A-ZА-ЯЁІЎЇЄҐ])(?=[A-ZА-ЯЁІЎЇЄҐŁŚŻŹĆŃŠŽČ])"
    r"|(?<=[A-ZА-ЯЁІЎЇЄҐ])(?=[A-ZА-ЯЁІЎЇЄҐ][a-zа-яёіўїєґ])"
)
"""Where the words of a hashtag meet."""
_HYPHENS = re.compile("[-‐‑]")
_GROUPING = re.compile("[,.'’]")

INVISIBLE = dict.fromkeys(
    [
        0xAD,
        0x34F,
        0x180E,
        *range(0x200B, 0x2010),
        *range(0x202A, 0x202F),
        *range(0x2060, 0x2065),
        0xFEFF,
        0xFE0E,
        0xFE0F,
        *range(0x1F3FB, 0x1F400),
    ]
)
_SURFACE = INVISIBLE | {ord(mark): "'" for mark in _APOSTROPHES}
_HIDDEN = re.compile("[" + "".join(map(chr, INVISIBLE)) + "]")
_STRESS = dict.fromkeys([*range(0x300, 0x370), *range(0x483, 0x48A)])
_YO = {ord("ё"): "е", ord("Ё"): "Е"}
_SHORT_U = {"ў": "у", "Ў": "У"}
"""Belarusian writes *ў* for *у* at the beginning of a word after a vowel: no other word for that."""

_PLAIN = re.compile("[А-Яа-яІі][А-Яа-яІіЎў]*")
"""Words with nothing to fold but case."""

_LATIN = "ABCEHIJKMOPSTXYaceijopsxy"
_CYRILLIC = "АВСЕНІЈКМОРЅТХУасеіјорѕху"
_TO_CYRILLIC = str.maketrans(_LATIN, _CYRILLIC)
_TO_LATIN = str.maketrans(_CYRILLIC, _LATIN)
_LATIN_LOOK = {ord(far.lower()): near.lower() for near, far in zip(_LATIN, _CYRILLIC, strict=True)}
_NO_LATIN = str.maketrans("", "", _LATIN)
_NO_CYRILLIC = str.maketrans("", "", _CYRILLIC)
_HAS_LATIN = re.compile(r"[A-Za-z\u00c0-\u024f]")
_HAS_CYRILLIC = re.compile(r"[\u0400-\u052f]")
_OWN_LATIN = re.compile(rf"(?![{_LATIN}])[A-Za-z\u00c0-\u024f]")
_OWN_CYRILLIC = re.compile(rf"(?![{_CYRILLIC}])[\u0400-\u052f]")

_ELIDED = frozenset(
    (
        *("c", "d", "gl", "j", "l", "m", "n", "s", "t", "un", "v"),
        *("jusqu", "lorsqu", "presqu", "puisqu", "qu", "quelqu", "quoiqu"),
        *(
            "all",
            "anch",
            "bell",
            "coll",
            "dall",
            "dell",
            "nell",
            "quell",
            "quest",
            "sant",
            "senz",
            "sull",
            "tutt",
        ),
    )
)
"""Articles and small words that lose their vowel before another."""

_ENDINGS = frozenset("a u em owi ie ego emu m im ym y ów om ami ach go mu".split())  # noqa: SIM905 - readable as words

_TURKISH = re.compile(
    "(?:l[ae]r)?(?:[ns]?[ıiuü]n?|[ny]?[ae]|n?[dt][ae]n?(?:ki)?|y?l[ae]|l[ıiuü]|s[ıiuü]z|c[ae])|l[ae]r"
)
"""What Turkish puts after the apostrophe of a name (*Ankara'da, Bursa'nın*)."""

LEAD_WORDS = 60
"""The lead is the first paragraph, and no more than this many words of it."""

_STOP = re.compile(
    r"(?<![.!?…。！？])[.!?…。！？]++[»”\"’)\]]*+\s++(?=[^\Wа-яёіўa-z_]|[«“„\"(—–-])|\n+|[。！？]"
)
# Not exhaustive: a sentence cut in two costs a SENT a match, one left uncut rarely makes a wrong one.
_SHORT = (
    "г ул им т е д п н с в м р тыс млн млрд руб гл обл проф вул ім св ст кг км "
    "św ul nr im prof dr mr mrs ms st no vs gen jr sr co inc ltd bzw z r tzn tj m str"
)
_ABBREVIATED = frozenset(_SHORT.split())


def words(text: str) -> list[str]:
    """The words of a text as they stand in it, in order."""
    if _TAGGED.search(text) is None:
        return WORD.findall(text)
    return [text[start:end] for start, end in places_in(text)]


def places(text: str) -> list[tuple[int, int]]:
    """(start, end) of each word of ``words(text)``, in characters."""
    return list(places_in(text))


def places_in(text: str, start: int = 0, end: int | None = None) -> Iterator[tuple[int, int]]:
    """(start, end) of the words between two places of a text, one by one."""
    for found in WORD.finditer(text, start, len(text) if end is None else end):
        first, last = found.span()
        if first and text[first - 1] in "#@＃＠":
            yield from _pieces(text, first, last)
        else:
            yield first, last


def _pieces(text: str, start: int, end: int) -> Iterator[tuple[int, int]]:
    """The words that a hashtag or handle is made of."""
    at = start
    for seam in _SEAM.finditer(text, start, end):
        if seam.start() > at:
            yield at, seam.start()
        at = seam.end()
    if at < end:
        yield at, end


def joined(chunk: str) -> str | None:
    """The one word that a chunk of several may also be written as: *email* of ``e-mail,``,
    *PoliticalPrisoners* of the hashtag; None: it is none."""
    tagged, hyphened = _TAGGED.search(chunk), _HYPHENS.search(chunk)
    if not tagged and not hyphened:
        return None
    found = WORD.findall(chunk)
    if len(found) == 1:
        return str(found[0]) if tagged and len(words(chunk)) > 1 else None
    if len(found) in {2, 3} and hyphened:
        whole = _HYPHENS.sub("", chunk)
        alone: list[str] = WORD.findall(whole)
        return alone[0] if len(alone) == 1 else None
    return None


def _one_script(word: str) -> str:
    """Look-alike letters of the other script, in a word that mixes Latin and Cyrillic, folded."""
    if not (_HAS_LATIN.search(word) and _HAS_CYRILLIC.search(word)):
        return word
    if not _OWN_LATIN.search(word):
        return word.translate(_TO_CYRILLIC)
    if not _OWN_CYRILLIC.search(word):
        return word.translate(_TO_LATIN)
    return word


def other_script(word: str) -> str | None:
    """The same look in the other script, for a word whose letters all have one there (*ЕС*, *EC*)."""
    if word.isascii():
        return None if word.translate(_NO_LATIN) else word.translate(_TO_CYRILLIC)
    return None if word.translate(_NO_CYRILLIC) else word.translate(_TO_LATIN)


def latin_look(folded: str) -> str:
    """A folded Cyrillic word in the small Latin letters that its capitals look like, as far as they do."""
    return folded.translate(_LATIN_LOOK)


def visible(text: str) -> str:
    """The text without zero-width characters and soft hyphens."""
    return text.translate(INVISIBLE) if _HIDDEN.search(text) else text


def cased(word: str) -> str:
    """The word as ``{Case}`` compares it: folded in everything but case, apostrophes as ``'``."""
    if word.isalpha() and (word.isascii() or _PLAIN.fullmatch(word)):
        return word  # most are
    return _cased(word)


@lru_cache(maxsize=1_000)
def _cased(word: str) -> str:
    word = _ungrouped(word)
    if word.isascii():
        return word.strip("_").replace("`", "'")
    visible = unicodedata.normalize("NFKC", word.translate(_SURFACE)).translate(_STRESS)
    found = _one_script(visible.translate(_YO)).strip("_") or word
    return _SHORT_U[found[0]] + found[1:] if found[0] in _SHORT_U else found


def _ungrouped(word: str) -> str:
    """``U.S.`` and ``10,000`` without what stands between their letters and digits."""
    if word[-1].isdigit() and word[0].isdigit():
        return _GROUPING.sub("", word)
    return word.replace(".", "")


def fold(word: str) -> str:
    """The word as it is compared: NFKC, lower case, ё=е, one script, nothing invisible.

    Apostrophes come back as ``'``; ``variants`` takes them out.
    """
    if word.isalpha():
        if word.isascii():
            return word.lower()
        if _PLAIN.fullmatch(word):
            return word.lower()
    word = _ungrouped(word)
    if word.isascii():
        return word.lower().strip("_").replace("`", "'") or word
    return cased(word).casefold().translate(_STRESS)


def variants(folded: str) -> tuple[str, ...]:
    """What a folded word of a text may be compared as; a query word is compared as the first.

    Without apostrophes, without an English ``'s``, a Polish or Turkish ending after a name (``Coale'a``,
    ``Ankara'da``), without an elided article (``l'``, ``d'``).
    """
    if "'" not in folded:
        return (folded,)
    found = [folded.replace("'", "")]
    if folded.endswith("'s"):
        found.append(folded[:-2].replace("'", ""))
    head, _, tail = folded.partition("'")
    if head.lower() in _ELIDED:
        if len(tail) > 1:
            found.append(tail.replace("'", ""))
    elif len(head) > 2 and (tail in _ENDINGS or _TURKISH.fullmatch(tail)):  # noqa: PLR2004 - Coale'a, not d'a
        found.append(head)
    return tuple(found)


def script(word: str) -> str:
    """``cyrillic``, ``latin`` or ``other``, by the first letter that is one of them."""
    for letter in word:
        if "a" <= letter <= "z" or "\u00c0" <= letter <= "\u024f":
            return "latin"
        if "\u0400" <= letter <= "\u052f":
            return "cyrillic"
    return "other"


def lead_end(text: str, spans: list[tuple[int, int]]) -> int:
    """How many words of the body are its lead: the first paragraph, at most ``LEAD_WORDS``."""
    start = len(text) - len(text.lstrip())
    end = text.find("\n", start)
    if end < 0:
        return min(len(spans), LEAD_WORDS)
    count = 0
    for begin, _ in spans[:LEAD_WORDS]:
        if begin >= end:
            break
        count += 1
    return count


ENDING = frozenset('.!?…。！？»”"’)]')
"""What a chunk that ends a sentence ends with."""
_ENDED = re.compile(r"(?<![.!?…。！？])[.!?…。！？]++[»”\"’)\]]*+$")
_BEGINS = re.compile(r"[^\Wа-яёіўa-z_]|[«“„\"(—–-]")


def ends(chunk: str, following: str) -> bool:
    """Whether a sentence ends between two chunks that follow each other, by the rules of ``sentences``."""
    stop = _ENDED.search(chunk[-12:])
    if stop is None or _BEGINS.match(following) is None:
        return False
    return not _shortened(chunk[-12:][: stop.start() + 1])


def _shortened(text: str) -> bool:
    """Whether the full stop at the end of a text is that of an initial or abbreviation."""
    before = re.search(r"(?<!\w)(\w++)\.$", text)
    if before is None:
        return False
    return (len(before[1]) == 1 and not before[1].isdigit()) or before[1].lower() in _ABBREVIATED


def is_group(word: str) -> bool:
    """Whether a word is three digits, as in a number that is written in groups."""
    return len(word) == 3 and word.isdigit()  # noqa: PLR2004 - thousands


def sentences(text: str, spans: list[tuple[int, int]]) -> list[tuple[int, int]]:
    """Ranges (first word, one past the last) of the sentences, by simple rules.

    A full stop, ``!``, ``?`` or ``…`` before a capital, digit, quote or dash ends a sentence, a new
    line always does; initials (``А. Лукашэнка``) and common abbreviations do not.
    """
    stops = []
    for stop in _STOP.finditer(text):
        short = _shortened(text[max(0, stop.start() - 12) : stop.start() + 1])
        if short and "\n" not in stop.group():
            continue
        stops.append(stop.start())
    ranges, first, position = [], 0, 0
    for stop_at in stops:
        while position < len(spans) and spans[position][0] < stop_at:
            position += 1
        if position > first:
            ranges.append((first, position))
            first = position
    if first < len(spans):
        ranges.append((first, len(spans)))
    return ranges
