"""Long texts as chained rows."""

from __future__ import annotations

from dataclasses import replace
from datetime import timedelta

from hypothesis import given
from hypothesis import strategies as st

from monitor.core.delivery.payload_json import payload_of
from monitor.core.message.alert import LIMIT_UNITS, render_notice
from monitor.core.message.chained_text import in_parts, pieces
from monitor.core.message.notice import notices
from monitor.core.text.clean import utf16_length
from monitor.model import Event, NoticeText
from tests.support.records import NOW, chat


def test_a_long_notice_is_a_chain_that_says_everything() -> None:
    texts = [f"Outlet {number} is away: " + "it says nothing. " * 40 for number in range(20)]
    events = [Event(kind="broke", subject=text[:9], text=text, at=NOW) for text in texts]
    whole = notices(events, (chat(operator=True),), NOW)
    rows = in_parts(whole)

    assert len(rows) > 2
    assert [row.after_key for row in rows] == [None, *(row.key for row in rows[:-1])]
    assert len({row.key for row in rows}) == len(rows)
    assert rows == in_parts(whole), "made again after a crash they are the same ones"
    said = [render_notice(payload_of(row, NoticeText), row, chat()).plain for row in rows]
    assert " ".join("\n".join(said).split()) == " ".join("\n".join(texts).split())
    assert all(utf16_length(text) <= LIMIT_UNITS for text in said)


def test_a_short_notice_stays_one_row() -> None:
    event = Event(kind="broke", subject="s", text="An outlet is away.", at=NOW + timedelta(hours=1))
    whole = notices([event], (chat(operator=True), replace(chat(operator=True), id="telegram:2")), NOW)
    assert in_parts(whole) == whole


@given(st.text(alphabet="ab \n😀", max_size=200), st.integers(2, 40))
def test_cutting_loses_nothing_but_white_space(text: str, units: int) -> None:
    found = list(pieces(text, units))
    assert "".join("".join(found).split()) == "".join(text.split())
    assert all(utf16_length(piece) <= units for piece in found)
    assert len(found) == 1 or all(piece.strip() for piece in found[:-1])
