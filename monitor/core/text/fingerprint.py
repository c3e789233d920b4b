"""Keys that identify entries, addresses and texts.

Every key is the hex of a 16-byte BLAKE2b (RFC 7693) over a version and the fields; "" means that
there is nothing to hash, and equals nothing. ``VERSION`` changes whenever a key would come out
different for the same input, so that old and new keys never meet by accident.
"""

from __future__ import annotations

import hashlib
import re
import unicodedata
from datetime import UTC, datetime
from typing import Final

from monitor.core.text.urls import canonical_url
from monitor.model import Fingerprint

VERSION: Final = 1
MIN_TEXT_WORDS: Final = 30
MIN_LEAD_WORDS: Final = 8
MAX_LEAD: Final = 400

_TAG: Final = re.compile(r"<[^<>]*>")
_CJK: Final = "\u3040-\u30ff\u3400-\u9fff\uf900-\ufaff"
# Scripts without spaces count one word a character.
_WORD: Final = re.compile(rf"[{_CJK}]|[^\W_{_CJK}]+")
_ASCII_WORDS: Final = {code: chr(code).lower() if chr(code).isalnum() else " " for code in range(128)}
_TYPOGRAPHY: Final = "“”‘’„«»–—…\u00a0"
"""What most English texts have beside ASCII; it parts words."""
_NO_WIDTH: Final = re.compile("[\u00ad\u034f\u061c\u180e\u200b-\u200f\u202a-\u202e\u2060-\u2069\ufeff]")
_MARK: Final = re.compile("[\u0300-\u036f]")


def entry_id(source_id: str, guid: str, url: str, title: str) -> str:
    """The stable id of an entry: its source with its GUID, else its address, else its title.

    A GUID that is an address counts by its canonical form.
    """
    own = canonical_url(guid) if guid else canonical_url(url)
    return _hash("entry", source_id, own or title)


def entry_stamp(title: str, summary: str, content: str, published: datetime | None) -> str:
    """A hash that changes when the source changes an entry's words or date.

    Mark-up and white space do not count; empty fields are left out, so that a new field which is
    empty changes no stamp.
    """
    parts = []
    if title := _flat(title):
        parts.append(f"title={title}")
    if summary := _flat(summary):
        parts.append(f"summary={summary}")
    if content and (words := _flat(_TAG.sub(" ", content))):
        parts.append(f"content={words}")
    if published:
        moment = published if published.tzinfo is UTC else published.astimezone(UTC)
        parts.append(f"published={moment.isoformat()}")
    return _hash("stamp", *parts)


def url_key(url: str) -> str:
    """Key of an address by its canonical form; "" for an empty one."""
    canonical = canonical_url(url)
    return _hash("url", canonical) if canonical else ""


def article_id(url_key: str) -> str:
    """The id of the article under an address, from ``url_key`` of its canonical address."""
    return _hash("article", url_key)


def text_key(title: str, text: str) -> str:
    """Key of a text's words, equal for word-for-word copies under other headlines.

    Case, white space, quotes, dashes, ё/е, stress marks, soft hyphens and typographic variants do
    not count. "" for texts under 30 words: short stubs ("Subscribe to read on") must not meet.
    ``title`` does not count, unless the text opens by repeating it.
    """
    words = words_of(text)
    head = words_of(title)
    if head and words[: len(head)] == head:
        words = words[len(head) :]
    return _hash("text", "".join(words)) if len(words) >= MIN_TEXT_WORDS else ""


def headline_key(title: str, lead: str) -> str:
    """Key of headline with lead; "" without a headline or with a lead under 8 words."""
    head, words = words_of(title), words_of(lead)
    if not head or len(words) < MIN_LEAD_WORDS:
        return ""
    return _hash("headline", "".join(head), "".join(words))


def fingerprint(
    *, source_id: str, guid: str, canonical_url: str, title: str, lead: str, text: str
) -> Fingerprint:
    """All keys of one article."""
    return Fingerprint(
        version=VERSION,
        url_key=url_key(canonical_url),
        text_key=text_key(title, text),
        headline_key=headline_key(title, lead),
        guid_key=_hash("guid", source_id, guid) if guid else "",
    )


def lead_of(text: str) -> str:
    """The first paragraph with at least 8 words, at most 400 characters, cut between words.

    Paragraphs end at line breaks. A text without such a paragraph leads with its first one.
    """
    paragraphs = [line.strip() for line in text.splitlines() if line.strip()]
    if not paragraphs:
        return ""
    long_ones = (line for line in paragraphs if len(words_of(line)) >= MIN_LEAD_WORDS)
    lead = next(long_ones, paragraphs[0])
    if len(lead) <= MAX_LEAD:
        return lead
    cut = lead[: MAX_LEAD - 1]
    at = cut.rfind(" ")
    return (cut[:at] if at > MAX_LEAD // 2 else cut).rstrip(" ,;:–—-") + "…"


def words_of(text: str) -> list[str]:
    """Case-folded words without what typesetters, not authors, put in.

    NFKC first, so that only marks with no composed letter (Russian stress) are dropped.
    """
    plain = text if text.isascii() else _without_typography(text)
    if plain.isascii():  # nothing to compose or to drop, for half the price
        return plain.translate(_ASCII_WORDS).split()
    folded = unicodedata.normalize("NFKC", _NO_WIDTH.sub("", text)).casefold()
    return _WORD.findall(_MARK.sub("", folded).replace("ё", "е"))


def _without_typography(text: str) -> str:
    for char in _TYPOGRAPHY:
        text = text.replace(char, " ")
    return text


def _flat(text: str) -> str:
    text = unicodedata.normalize("NFC", text)
    if text.isprintable() and "  " not in text:  # no white space but single spaces
        return text.strip(" ")
    return " ".join(text.split())


def _hash(*fields: str) -> str:
    """Length-prefixed, so that ("ab", "c") and ("a", "bc") differ."""
    raws = [field.encode("utf-8", "surrogatepass") for field in fields]
    parts = b"".join([len(raw).to_bytes(4, "big") + raw for raw in raws])
    return hashlib.blake2b(_OPENING + parts, digest_size=16, person=b"monitor").hexdigest()


_OPENING: Final = len(str(VERSION)).to_bytes(4, "big") + str(VERSION).encode()
