"""Charset names from headers and pages: a name that is no charset stops nothing."""

from __future__ import annotations

import codecs
import encodings.aliases
from datetime import UTC, datetime

import pytest

from monitor.core.page.extract import extract
from monitor.core.page.tree import decode
from monitor.core.text.charset import known_charset, mostly_utf8
from monitor.model import Fetched
from monitor.sources.body import decoded, text_of

NOW = datetime(2026, 3, 1, tzinfo=UTC)
TEXT = "Мінск: трамваі зноў ходзяць па праспекце, сказаў мэр на сустрэчы з жыхарамі. "
PAGE = f"<title>{TEXT[:20]}</title><p>{TEXT * 20}</p>"
NO_CHARSETS = [
    "undefined",
    "idna",
    "punycode",
    "rot13",
    "hex",
    "unicode_escape",
    "base64",
    "x" * 500,
    "a\0b",
    "",
]


@pytest.mark.parametrize("name", NO_CHARSETS)
def test_a_name_that_is_no_charset_is_passed_over(name: str) -> None:
    assert known_charset(name) is None
    body = PAGE.encode("windows-1251")
    in_header = extract(body, url="https://a.example/1", fetched_at=NOW, charset=name)
    meta = f'<meta charset="{name}">'.encode()
    in_page = extract(meta + body, url="https://a.example/1", fetched_at=NOW)
    for found in (in_header, in_page):
        assert "трамваі" in found.text, "the letters tell what they are written in"
    assert "трамваі" in decoded(body, name)


@pytest.mark.parametrize("name", sorted({*encodings.aliases.aliases.values(), *NO_CHARSETS}))
def test_no_name_makes_reading_raise(name: str) -> None:
    body = b"\xff\xfe<p>\x80\x9d" + PAGE.encode("koi8-u", "replace")[::-1]
    extract(b"<meta charset=" + name.encode() + b">" + body, url="https://a.example/", fetched_at=NOW)
    extract(body, url="https://a.example/", fetched_at=NOW, charset=name)
    answer = Fetched(url="https://a.example/", status=200, body=body, charset=name, fetched_at=NOW)
    assert text_of(answer)


@pytest.mark.parametrize("name", ["utf-8", "windows-1251", "koi8-u", "latin-1", "shift_jis", "utf-16"])
def test_charsets_of_the_web_are_known(name: str) -> None:
    assert known_charset(name) == name
    assert codecs.lookup(name)


def test_a_few_foreign_bytes_spoil_only_themselves() -> None:
    body = "Źródła podają: rzeka wezbrała, łódź zatonęła. ".encode() + "città è più".encode("latin-1")
    text = mostly_utf8(body)
    assert text is not None
    assert text.startswith("Źródła podają: rzeka wezbrała, łódź zatonęła. citt")
    assert decode(body, charset=None) == text


def test_another_charset_is_not_taken_for_utf8() -> None:
    russian = "Плотину под Вилейкой спустят в апреле, сообщили в водоканале."
    assert mostly_utf8(russian.encode("cp1251")) is None
    assert decode(russian.encode("cp1251"), charset="windows-1251") == russian
    assert mostly_utf8("水門は四月に外される".encode("shift_jis")) is None
