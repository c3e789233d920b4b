"""UTF-8 with a few foreign bytes stays UTF-8; texts in another charset are none."""

from __future__ import annotations

from monitor.core.page.tree import decode
from monitor.core.text.charset import mostly_utf8


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
