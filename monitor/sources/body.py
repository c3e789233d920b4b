"""From the bytes of an answer to text, and what to say when it is not what was wanted."""

from __future__ import annotations

import codecs
import itertools
import re
import zlib
from typing import Final

from charset_normalizer import from_bytes

from monitor.core.text.charset import known_charset, mostly_utf8
from monitor.core.text.clean import clean
from monitor.errors import ParseError
from monitor.i18n.lazy import lazy, word
from monitor.model import Fetched

MAX_UNPACKED: Final = 50_000_000
_GZIP: Final = b"\x1f\x8b"
_CHUNK: Final = 1_000_000
_BOMS: Final = (
    (codecs.BOM_UTF8, "utf-8"),
    (codecs.BOM_UTF32_LE, "utf-32"),
    (codecs.BOM_UTF32_BE, "utf-32"),
    (codecs.BOM_UTF16_LE, "utf-16"),
    (codecs.BOM_UTF16_BE, "utf-16"),
)
# XML without a byte order mark shows its width by how "<?" looks (XML 1.0, appendix F).
_WIDE: Final = (
    (b"<\x00\x00\x00", "utf-32-le"),
    (b"\x00\x00\x00<", "utf-32-be"),
    (b"<\x00", "utf-16-le"),
    (b"\x00<", "utf-16-be"),
)
_DECLARED: Final = re.compile(
    rb"""<\?xml[^>]{0,200}?encoding\s*=\s*["']([\w.:-]{1,40})["']|<meta[^>]{0,200}?charset\s*=\s*["']?([\w.:-]{1,40})""",
    re.IGNORECASE,
)
_HEAD: Final = 2_048
_SAMPLE: Final = 200_000
_TOLERATED_DAMAGE: Final = 0.02
_ILLEGAL: Final = re.compile("[\x00-\x08\x0b\x0c\x0e-\x1f\x7f\ud800-\udfff\ufffe\uffff]")
_CONTROLS: Final = bytes([*range(9), 11, 12, *range(14, 32), 127])
# References by number to halves of surrogate pairs: lxml's trees break on them later.
_HALVES: Final = re.compile(
    r"&#(?:x0*d[89a-f][0-9a-f]{2}|0*(?:5529[6-9]|55[3-9]\d\d|56\d{3}|57[0-2]\d\d|573[0-3]\d|5734[0-3]));",
    re.IGNORECASE,
)
# What a server that says only "text" falls back on; a declaration inside knows better.
_UNSURE: Final = frozenset({"iso-8859-1", "latin-1", "latin1", "us-ascii", "ascii"})
# Atomic groups, since comments and instructions that could be cut in two ways take for ever.
_PROLOGUE: Final = r"\A(?>\s+|<\?.*?\?>|<!--.*?-->)*+"
_ROOT: Final = re.compile(
    r"\A(?>\s+|<\?.*?\?>|<!--.*?-->|<!doctype(?>[^>\[]+|\[.*?\]\s*(?=>))*+>)*+<\s*([a-z][\w:.-]*)",
    re.IGNORECASE | re.DOTALL,
)
_PAGE: Final = re.compile(_PROLOGUE + r"<(?:!doctype\s+html|html|head|body)\b", re.IGNORECASE | re.DOTALL)
_PAGE_TITLE: Final = re.compile(r"<title[^<>]*+>([^<]{1,300})", re.IGNORECASE)
_CHALLENGES: Final = (
    "just a moment",
    "cf-chl",
    "challenge-platform",
    "captcha",
    "ddos-guard",
    "checking your browser",
    "enable javascript and cookies",
    "access denied",
    "attention required",
    "are you a robot",
)
_SHOWN: Final = 80


def text_of(fetched: Fetched) -> str:
    """The body as text without a byte order mark and without characters that XML forbids, also by number.

    A gzip file is unpacked first (50 MB at most). Raises ``ParseError`` when it cannot be, or when
    nothing is left.
    """
    body = unpacked(fetched.body)
    text = without_illegal(decoded(body, fetched.charset))
    if text[:1] == "\ufeff" or text[:1].isspace() or text[-1:].isspace():
        text = text.lstrip("\ufeff").strip()
    if not text:
        raise ParseError(
            lazy(
                "{url} answered with an empty body ({count} bytes)", url=fetched.url, count=len(fetched.body)
            )
        )
    return _HALVES.sub("\ufffd", text) if "&#" in text else text


def few_tags(text: str, most: int) -> str:
    """The text up to its ``most``-th ``<``: a tree costs by the element, not by the byte."""
    if text.count("<") <= most:
        return text
    last = next(itertools.islice(re.finditer("<", text), most, None))
    return text[: last.start()]


def without_illegal(text: str) -> str:
    """The text without control characters and lone surrogates."""
    if text.isascii():  # a table beats a pattern ten times, but only bytes have one
        return text.encode("ascii").translate(None, _CONTROLS).decode("ascii")
    try:
        plain = text.encode("utf-8").translate(None, _CONTROLS).decode("utf-8")
    except UnicodeEncodeError:  # lone surrogates
        return _ILLEGAL.sub("", text)
    return _ILLEGAL.sub("", plain) if "\ufffe" in plain or "\uffff" in plain else plain


def unpacked(body: bytes) -> bytes:
    """The body, or what is inside it when it is a gzip file; a cut file gives what is there."""
    if not body.startswith(_GZIP):
        return body
    parts: list[bytes] = []
    size = 0
    rest = body
    try:
        while rest.startswith(_GZIP):  # members may follow one another (RFC 1952 §2.2)
            member = zlib.decompressobj(wbits=31)
            while rest and not member.eof:
                piece = member.decompress(rest, _CHUNK)
                rest = member.unconsumed_tail
                size += len(piece)
                if size > MAX_UNPACKED:
                    raise ParseError(
                        lazy("the gzip file unpacks to more than {most} bytes", most=f"{MAX_UNPACKED:,}")
                    )
                parts.append(piece)
            rest = member.unused_data
    except zlib.error as error:
        if not parts:
            raise ParseError(lazy("the gzip file is broken: {why}", why=str(error))) from error
    return b"".join(parts)


def decoded(body: bytes, charset: str | None) -> str:
    """The body as text.

    A byte order mark decides; then bytes that are valid UTF-8 with non-ASCII letters are UTF-8,
    whatever is claimed (a text in another charset is not by chance); then the HTTP header and the
    declaration inside, the header first (RFC 7303 §3) unless it names a default; then a guess.
    """
    for mark, name in _BOMS:
        if body.startswith(mark):
            return body.decode(name, "replace")
    for opening, name in _WIDE:
        if body.startswith(opening):
            return body.decode(name, "replace")
    found = _DECLARED.search(body[:_HEAD])
    declared = (found[1] or found[2]).decode("ascii", "replace") if found else None
    claims = [charset, declared]
    if charset and declared and charset.lower() in _UNSURE:
        claims = [declared, charset]
    strict = _utf8(body)
    if strict is not None and not (strict.isascii() and _is_escaped_charset(claims)):
        return strict
    if strict is None and (text := mostly_utf8(body)) is not None:
        return text
    for claim in claims:
        if claim and (text := _decode(body, claim)) is not None:
            return text
    return _guessed(body)


def _utf8(body: bytes) -> str | None:
    try:
        return body.decode("utf-8")
    except UnicodeDecodeError:
        return None


def _is_escaped_charset(claims: list[str | None]) -> bool:
    """Seven-bit charsets look like ASCII until their escapes are read."""
    return any(claim and claim.lower().startswith(("iso-2022", "hz", "utf-7")) for claim in claims)


def _decode(body: bytes, charset: str) -> str | None:
    """The text, unless the charset is unknown or the bytes are not in it."""
    name = "windows-1252" if charset.lower() in _UNSURE else charset
    if known_charset(name) is None:
        return None
    try:
        return body.decode(name, "replace" if name == "windows-1252" else "strict")
    except (LookupError, ValueError):
        return None


def _guessed(body: bytes) -> str:
    """UTF-8 when only few bytes spoil it (a cut character), else what the letters look like."""
    lenient = body.decode("utf-8", "replace")
    foreign = sum(byte > 127 for byte in body[:_SAMPLE])  # noqa: PLR2004  # ASCII ends at 127
    if lenient[:_SAMPLE].count("\ufffd") <= max(1, foreign * _TOLERATED_DAMAGE):
        return lenient
    best = from_bytes(body[:_SAMPLE]).best()
    return body.decode(best.encoding, "replace") if best else lenient


def root_name(text: str) -> str:
    """Lower-case local name of the first element, "" when the text is not XML or HTML."""
    found = _ROOT.match(text[: _HEAD * 8])
    return found[1].rpartition(":")[2].lower() if found else ""


def is_page(text: str) -> bool:
    """Whether the text is an HTML page."""
    return bool(_PAGE.match(text[: _HEAD * 8]))


def is_challenge(text: str) -> bool:
    """Whether an HTML page asks for a captcha or a browser instead of giving news."""
    head = text[: _HEAD * 8].lower()
    return any(sign in head for sign in _CHALLENGES)


def complaint(text: str, fetched: Fetched, *, wanted: str) -> ParseError:
    """What came from ``fetched.url`` instead of ``wanted`` ("a feed"), told to the operator."""
    if is_page(text):
        found = _PAGE_TITLE.search(text[: _HEAD * 8])
        title = clean(found[1], limit=_SHOWN) if found else lazy("without a title")
        if is_challenge(text):
            hint = lazy("it looks like a challenge for robots: ask the outlet, or watch another address")
        else:
            hint = lazy("open it in a browser: correct url, or watch the page with kind: listing")
        return ParseError(
            lazy(
                "an HTML page came instead of {wanted}: {title} ({url}; {hint})",
                wanted=word(wanted),
                title=title,
                url=fetched.url,
                hint=hint,
            )
        )
    start = clean(" ".join(text[: _SHOWN * 4].split()), limit=_SHOWN)
    return ParseError(
        lazy(
            "{count} bytes came that are not {wanted}: {start} ({url}; check url and kind)",
            count=len(fetched.body),
            wanted=word(wanted),
            start=start,
            url=fetched.url,
        )
    )
