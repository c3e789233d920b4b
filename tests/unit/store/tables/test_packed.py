"""Long texts come back as they went in, and take less."""

from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis import strategies as st
from sqlalchemy.dialects import sqlite

from monitor.store.tables.columns import storable
from monitor.store.tables.packed import PLAIN, SHORT, ZSTD, Packed, PackedJson, packed, unpacked

DIALECT = sqlite.dialect()
PROSE = "Санкции на калий остаются в силе, сказал министр. " * 30


@given(st.text(max_size=3000).map(storable))
def test_every_storable_text_comes_back(text: str) -> None:
    assert unpacked(packed(text)) == text


def test_prose_takes_a_fraction_and_short_or_random_text_no_more_than_a_byte() -> None:
    assert len(packed(PROSE)) < len(PROSE.encode()) / 5
    for text in ("", "a" * SHORT, "".join(chr(0x4E00 + 7 * n % 20_000) for n in range(40))):
        assert len(packed(text)) <= len(text.encode()) + 1
    assert (packed("")[:1], packed(PROSE)[:1]) == (PLAIN, ZSTD)


def test_what_no_database_holds_is_taken_out_on_the_way_in() -> None:
    column = Packed()
    stored = column.process_bind_param("a\x00b\ud800", DIALECT)
    assert column.process_result_value(stored, DIALECT) == "ab\ufffd"
    assert column.process_bind_param(None, DIALECT) is None
    assert column.process_result_value(None, DIALECT) is None


@pytest.mark.parametrize("value", [{"a": ["б", 1, None, True]}, [], "text", {"nul": "\x00"}, None])
def test_json_comes_back_as_plain_values(value: object) -> None:
    column = PackedJson()
    wanted = {"nul": ""} if value == {"nul": "\x00"} else value
    assert column.process_result_value(column.process_bind_param(value, DIALECT), DIALECT) == wanted
