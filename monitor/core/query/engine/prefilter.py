"""What stands in a page before it is extracted: all that any extraction could find, and more.

The page is not parsed. Tags that end a block become blanks, all others go, so that a word split by
them is whole again; what is left is cut at blanks. Only chunks that look odd are mended one by one.
"""

from __future__ import annotations

import re
import unicodedata
from collections.abc import Iterable
from typing import Final

from monitor.core.text.clean import clean, unescape
from monitor.core.text.html_elements import BLOCKS, UNREAD


def _any_of(names: Iterable[str]) -> str:
    """An expression for any of these names that looks at each letter once."""
    followers: dict[str, list[str]] = {}
    for name in names:
        followers.setdefault(name[:1], []).append(name[1:])
    branches = [
        re.escape(letter) + (_any_of(rest) if any(rest) else "")
        for letter, rest in sorted(followers.items())
        if letter
    ]
    if len(branches) == 1 and "" not in followers:
        return branches[0]
    return f"(?:{'|'.join(branches)}){'?' if '' in followers else ''}"


MAX_CHUNKS: Final = 20_000
"""Distinct ones; pages of news have a few thousand. Each costs as much as it does in the match itself."""
_NAMES: Final = _any_of(BLOCKS | UNREAD)
# Case is folded only where a page writes tags in capitals: that costs three times as much.
# What HTML takes for white space, and no other: <p\u2028> is an element of its own, which ends no word.
_BLOCK: Final = re.compile(rf"</?(?:{_NAMES})(?:>|[ \t\n\r\f/][^>]*>?)")
_ANY_BLOCK: Final = re.compile(_BLOCK.pattern, re.IGNORECASE)
_CAPITAL_TAG: Final = re.compile(r"</?[A-Z]")
_TAG: Final = re.compile(r"<[a-zA-Z/!?][^>]*>?")
_META: Final = re.compile(r"<meta\b[^>]*(?:>|\Z)", re.IGNORECASE)
_ESCAPE: Final = re.compile(r"\\(?:u([0-9a-fA-F]{4})|(.))", re.DOTALL)
_SPACES: Final = dict.fromkeys("bfnrt", " ")
_BROKEN_TAG: Final = re.compile(r"\w<[a-zA-Z/!?]")
# Blanks to us, nothing to ``clean``, which joins what they separate.
_JOINING: Final = "\x0b\x0c\x1c\x1d\x1e\x1f"


def raw_chunks(html: str, further: Iterable[str] = ()) -> set[str] | None:
    """What stands between blanks in raw HTML or JSON and in ``further`` texts.

    Character references, JSON escapes and references inside these are read. None: the page is written
    so that words may be hidden in it, or has more than a look is worth, and must be extracted to know.
    """
    text = _flat(html.replace("\x00", ""))
    texts = [text, *further]
    if any(mark in text for mark in _JOINING):
        texts.append(text.translate(dict.fromkeys(map(ord, _JOINING))))
    chunks: set[str] = set()
    for each in texts:
        normal = each if unicodedata.is_normalized("NFC", each) else unicodedata.normalize("NFC", each)
        chunks.update(normal.split())
    if len(chunks) > MAX_CHUNKS:
        return None
    odd = [chunk for chunk in chunks if "&" in chunk or "\\" in chunk or not chunk.isprintable()]
    for chunk in odd:
        mended = _mended(chunk)
        if mended is None:
            return None
        chunks.update(mended)
    return chunks


def _flat(html: str) -> str:
    """The text of a page with its meta elements and comments, which may hide a word's middle."""
    metas = " ".join(_META.findall(html))
    if "<!--" in html:
        # What browsers and parsers take for a comment differs: its words count, apart from the text.
        html = _comments_last(html)
    return f"{_untagged(html)} {metas}"


def _comments_last(html: str) -> str:
    """The page without its comments, then what they say. A search forward: an expression that looks at
    every character of a comment costs ten times as much."""
    kept, texts, at = [], [], 0
    while (start := html.find("<!--", at)) >= 0 and (end := html.find("-->", start + 4)) >= 0:
        kept.append(html[at:start])
        texts.append(html[start + 4 : end])
        at = end + 3
    kept.append(html[at:])
    return f"{''.join(kept)} {' '.join(texts)}"


def _untagged(html: str) -> str:
    block = _ANY_BLOCK if _CAPITAL_TAG.search(html) else _BLOCK
    return _replaced(_TAG, "", _replaced(block, " ", html))


def _replaced(tags: re.Pattern[str], by: str, html: str) -> str:
    """Tags replaced that are closed. What follows the last ">" stays as it is: whether it is a tag that
    was cut off or text, parsers do not agree."""
    end = html.rfind(">") + 1
    return tags.sub(by, html[:end]) + html[end:]


def _mended(chunk: str) -> set[str] | None:
    """The chunks that an odd one stands for, it among them; None when its sense is out of reach."""
    readings = {chunk}
    if "\\" in chunk:
        readings.add(_paired(_ESCAPE.sub(_unescaped, chunk)))
    for _ in range(2):  # what stands in JSON or an attribute may be escaped twice
        readings |= {unescape(each) for each in readings if "&" in each}
    if any(_BROKEN_TAG.search(each, each.rfind(">") + 1) for each in readings if each is not chunk):
        return None
    readings |= {_untagged(each) for each in readings if "<" in each}
    readings |= {clean(each, limit=len(each)) for each in readings if not each.isprintable()}
    return {piece for each in readings for piece in unicodedata.normalize("NFC", each).split()}


def _unescaped(found: re.Match[str]) -> str:
    if found[1]:
        return chr(int(found[1], 16))
    return _SPACES.get(found[2], found[2])


def _paired(text: str) -> str:
    """Two halves of a pair of surrogates are one character."""
    if text.isprintable():
        return text
    return text.encode("utf-16", "surrogatepass").decode("utf-16", "replace")
