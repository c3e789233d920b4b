"""Text that came from outside, made safe, and the pieces of it that people are shown.

Offsets are in characters (code points) of the text given and never into a changed copy of it.
"""

from __future__ import annotations

import difflib
import html as entities
import re
import unicodedata
from collections.abc import Iterable
from typing import Final

from lxml import etree

from monitor.core.text.markup_limits import few_attributes
from monitor.core.text.sentence_rules import ABBREVIATIONS, MONTH_AFTER_DAY, YEAR_WORDS

MAX_MARKUP: Final = 5_000_000

# C0 and C1 controls but \t and \n, soft hyphen, bidi controls, zero-width characters but the two
# joiners, noncharacters, and surrogates, which no database takes.
_UNWANTED: Final = re.compile(
    "[\x00-\x08\x0b\x0c\x0e-\x1f\x7f-\x84\x86-\x9f\u00ad\u034f\u061c\u115f\u1160\u180e\u200b"
    "\u200e\u200f\u202a-\u202e\u2060-\u206f\ufdd0-\ufdef\ufeff\ufff9-\ufffb\ufffe\uffff\ud800-\udfff]"
)
# C0 and C1 controls but \t and \n, and all bidi controls: what steers a terminal or turns what follows; and
# halves of surrogate pairs, which cannot be written at all.
_STEERING: Final = re.compile(
    "[\x00-\x08\x0b-\x1f\x7f-\x9f\u061c\u200e\u200f\u202a-\u202e\u2066-\u2069\ud800-\udfff]"
)
_JOINER: Final = re.compile("[\u200c\u200d]+")
_LINE_END: Final = re.compile("\r\n?|[\x85\u2028\u2029]")
_SPACES: Final = re.compile(r"[^\S\n]+")
_RUN: Final = re.compile("  +")
_BREAKS: Final = re.compile(r" ?\n[ \n]*")
_TAG: Final = re.compile(r"<[a-zA-Z/!?]")
_ANY_TAG: Final = re.compile(r"<[^<>]*>")
_UNREAD_BLOCK: Final = re.compile(r"<(script|style)\b[^<]*(?:<(?!/\1)[^<]*)*", re.IGNORECASE)
_BLOCKS: Final = frozenset(
    """
    address article aside blockquote br dd div dl dt fieldset figcaption figure footer form h1 h2
    h3 h4 h5 h6 header hr li main nav ol p pre section table td th tr ul
    """.split()  # noqa: SIM905  # a table to read
)
_INLINE: Final = frozenset(
    """
    a abbr acronym b big center cite code data del dfn em font i img ins kbd label mark picture q s samp
    small source span strike strong sub sup time tt u var wbr
    """.split()  # noqa: SIM905  # a table to read
)
_ENDLESS_REFERENCE: Final = re.compile("&#[0-9]{20,}+;?")
_WHOLE_TAG: Final = re.compile(r"</?([a-zA-Z][a-zA-Z0-9]*)(?=[\s/>])[^<>]*>")
_UNREAD: Final = frozenset({"script", "style", "template", "noscript", "iframe", "svg", "head"})

_END: Final = re.compile(r"""(?<![.!?…])(?P<mark>[.!?…]++)(?P<close>["'»”’)\]]*+)(?=\s)|\n+""")
_OPENING: Final = " \t\u00a0«\"“„‘'([—–-"
_LAST_WORD: Final = re.compile(r"(?:\w[.\w]*-)?[\w][.\w]*$")
_NEXT_WORD: Final = re.compile(r"\s+(\w+)")
_INITIALS: Final = re.compile(r"(?:[^\W\d_]\.)*[^\W\d_]|(?:[^\W\d_]\.-?)+[^\W\d_]")


def printable(text: str, *, instead: str = "") -> str:
    """The text as a terminal or a chat may be shown it: ``instead`` stands for each control and bidi
    control character; line ends, tabs and all else keep their places."""
    return text if text.isprintable() else _STEERING.sub(instead, text)


def shortened(text: str, characters: int) -> str:
    """The text, or its beginning with …; at most so many characters."""
    return text if len(text) <= characters else text[: characters - 1].rstrip() + "…"


def nearest(word: str, known: Iterable[str], *, most: int = 1, likeness: float = 0.6) -> tuple[str, ...]:
    """What of the known names may have been meant, best first, whatever their case.

    ``likeness`` (0 to 1) is asked for at least, as ``difflib`` counts it.
    """
    names = {name.casefold(): name for name in sorted(known, reverse=True)}
    return tuple(
        names[near] for near in difflib.get_close_matches(word.casefold(), names, n=most, cutoff=likeness)
    )


def clean(text: str, *, limit: int) -> str:
    r"""The text in NFC without what cannot be seen, at most ``limit`` characters.

    NUL, control, bidi, zero-width characters, soft hyphens and lone surrogates go; joiners stay
    where emoji and scripts need them. White space becomes one space, line breaks one ``\n``.
    """
    text = text[: limit * 4 + 1_000]
    if not text.isprintable():
        text = text.replace("\r\n", "\n").replace("\r", "\n").replace("\t", " ").replace("\xa0", " ")
    # str.isprintable is false for every control, format and surrogate character and for every space
    # but the plain one, and it is fast: most texts need nothing else.
    if text.replace("\n", " ").isprintable() and (text.isascii() or not _hides(text)):
        text = _spaced(unicodedata.normalize("NFC", text))
        return text if len(text) <= limit else text[:limit].rstrip()
    text = _LINE_END.sub("\n", text)
    text = _UNWANTED.sub("", text)
    text = _JOINER.sub(_needed_joiner, text)
    text = unicodedata.normalize("NFC", text)
    text = _BREAKS.sub("\n", _SPACES.sub(" ", text)).strip()
    if len(text) <= limit:
        return text
    return text[:limit].rstrip().rstrip("\u200c\u200d")


def _hides(text: str) -> bool:
    """Whether it holds what the Unicode tables call printable and nobody sees (a search by memory
    comparison: seven times as fast as a pattern)."""
    return "\u034f" in text or "\u115f" in text or "\u1160" in text or "\u180e" in text


def _spaced(text: str) -> str:
    """One space between words and one break between lines, of text that has no other white space."""
    if "  " in text:
        text = _RUN.sub(" ", text)
    if "\n" in text and ("\n\n" in text or "\n " in text or " \n" in text):
        text = _BREAKS.sub("\n", text)
    return text.strip()


def _needed_joiner(found: re.Match[str]) -> str:
    """Keep one joiner between emoji, or inside scripts that join letters (Arabic to Sinhala)."""
    text = found.string
    before = text[found.start() - 1] if found.start() else ""
    after = text[found.end() : found.end() + 1]
    if not before or not after or before.isspace() or after.isspace():
        return ""
    is_emoji = "\u2190" <= before < "\u3000" or before >= "\ufe00"
    joins = "\u0600" <= before <= "\u1fff"
    return found[0][0] if is_emoji or joins else ""


def unescape(text: str) -> str:
    """Character references resolved (HTML §13.2.5.72), those of endless digits to U+FFFD: the standard
    library raises at them."""
    if "&#" in text:
        text = _ENDLESS_REFERENCE.sub("\ufffd", text)
    return entities.unescape(text)


def plain(html: str) -> str:
    """The readable text of a piece of HTML: tags gone, entities resolved, scripts dropped.

    Blocks and line breaks end a line. Text without tags only has its entities resolved. The
    result is not yet ``clean``. Markup beyond 5 million characters is not read.
    """
    if "<" not in html or not _TAG.search(html):
        return unescape(html) if "&" in html else html
    if (found := _simple(html)) is not None:
        return found
    raw = f"<div>{few_attributes(html[:MAX_MARKUP])}</div>".replace("\x00", "").encode("utf-8", "ignore")
    parser = etree.HTMLParser(encoding="utf-8", no_network=True, remove_comments=True)
    try:
        root = etree.fromstring(raw, parser)
    except etree.LxmlError:
        root = None
    if root is None:
        return _without_tags(html)
    found = _BREAKS.sub("\n", _SPACES.sub(" ", "".join(_pieces(root)))).strip()
    return found or _without_tags(html)


def _simple(html: str) -> str | None:
    """The text of markup that is nothing but whole, known tags and no script; None when a parser is
    needed. Ten times as fast as one."""
    if len(html) > MAX_MARKUP or "\x00" in html or "<!" in html or "<?" in html:
        return None
    text = html.replace("\n", " ").replace("\r", " ").replace("\t", " ").replace("\xa0", " ")
    text = _WHOLE_TAG.sub(_without_tag, text)
    if "<" in text or ">" in text:
        return None
    if "&" in text:
        text = unescape(text).replace("\xa0", " ")
    if text.replace("\n", " ").isprintable():
        return _spaced(text) or None
    return _BREAKS.sub("\n", _SPACES.sub(" ", text)).strip() or None


def _without_tag(found: re.Match[str]) -> str:
    """A line break for a block, nothing for an inline tag; any other stays, for the parser to read."""
    name = found[1].lower()
    if name in _BLOCKS:
        return "\n"
    return "" if name in _INLINE else found[0]


def _without_tags(html: str) -> str:
    """For markup that the parser gives up on, such as tags nested thousands deep."""
    return unescape(_ANY_TAG.sub(" ", _UNREAD_BLOCK.sub(" ", html[:MAX_MARKUP]))).strip()


def _pieces(root: etree._Element) -> list[str]:
    pieces: list[str] = []
    walk = etree.iterwalk(root, events=("start", "end"))
    for event, element in walk:
        tag = element.tag if isinstance(element.tag, str) else ""
        if event == "start":
            if tag in _UNREAD:
                walk.skip_subtree()
            elif tag:
                pieces.append("\n" if tag in _BLOCKS else "")
                pieces.append(_flat(element.text))
        else:
            pieces.append("\n" if tag in _BLOCKS else "")
            pieces.append(_flat(element.tail))
    return pieces


def _flat(text: str | None) -> str:
    """Line breaks inside markup are only spaces."""
    return text.replace("\n", " ").replace("\r", " ") if text else ""


def sentences(text: str) -> tuple[tuple[int, int], ...]:
    """Where each sentence starts and ends, in order, without the white space between them.

    For Cyrillic and Latin: initials ("А. Лукашенко"), abbreviations, dotted acronyms ("U.S.") and
    days before months end no sentence; line breaks always do.
    """
    found: list[tuple[int, int]] = []
    start = 0
    for end in _END.finditer(text):
        if end["mark"] is None or not _is_inside(text, start, end):
            _add(found, text, start, end.end())
            start = end.end()
    _add(found, text, start, len(text))
    return tuple(found)


def _add(found: list[tuple[int, int]], text: str, start: int, end: int) -> None:
    piece = text[start:end]
    body = piece.strip()
    if body:
        at = start + len(piece) - len(piece.lstrip())
        found.append((at, at + len(body)))


def _is_inside(text: str, start: int, end: re.Match[str]) -> bool:
    """Whether the sentence goes on: in lower case, or the full stop belongs to the word before."""
    following = text[end.end() : end.end() + 8]
    if "\n" not in following[:2] and following.lstrip(_OPENING)[:1].islower():
        return True
    if end["mark"] != "." or end["close"]:
        return False
    before = text[max(start, end.start() - 40) : end.start()]
    found = _LAST_WORD.search(before)
    if not found:
        return False
    word = found[0]
    after = _NEXT_WORD.match(text, end.end())
    follower = after[1].casefold() if after else ""
    if word.isdigit():
        return len(word) <= 2 and follower in MONTH_AFTER_DAY  # noqa: PLR2004  # a day of a month
    if word.casefold() in YEAR_WORDS:
        return not before[: found.start()].rstrip().endswith(tuple("0123456789"))
    if _INITIALS.fullmatch(word):
        return True
    return word.casefold() in ABBREVIATIONS


def utf16_length(text: str) -> int:
    """Length in UTF-16 code units, as the Telegram Bot API counts it."""
    return len(text) + sum(char > "\uffff" for char in text)
