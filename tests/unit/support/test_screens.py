"""The README's pictures: well-formed, complete, and of today's words."""

from __future__ import annotations

import re
from pathlib import Path
from xml.etree import ElementTree as ET

import pytest
from hypothesis import given
from hypothesis import strategies as st

from monitor.bot.commands.table import COMMANDS
from monitor.core.message.alert import alert_buttons
from monitor.i18n.localizer import localizer
from tests.support.botapi.entities import parse_html
from tests.support.botapi.world import ME, Json
from tests.support.screens.svg import draw

ROOT = Path(__file__).parents[3]
PICTURES = sorted((ROOT / "docs" / "screens").glob("*.svg"))


def message(html: str, *rows: tuple[str, ...]) -> Json:
    text, entities = parse_html(html)
    markup = {"inline_keyboard": [[{"text": label} for label in row] for row in rows]}
    return {
        "from": ME,
        "text": text,
        "entities": [item.as_json() for item in entities],
        "reply_markup": markup,
    }


def texts(svg: str) -> list[str]:
    root = ET.fromstring(svg)  # noqa: S314 - drawn by ourselves
    return ["".join(node.itertext()) for node in root.iter("{http://www.w3.org/2000/svg}text")]


@given(st.text(st.characters(exclude_categories=["Cs", "Cc"]), min_size=1, max_size=400))
def test_every_character_of_a_message_is_drawn_in_order(text: str) -> None:
    drawn = "".join(texts(draw([{"from": {"id": 1}, "text": text}], bot_id=2)))
    expected = text.replace("\ufffe", "\ufffd").replace("\uffff", "\ufffd")  # XML has no such characters
    assert drawn.replace(" ", "") == expected.replace(" ", "")


def test_formatting_follows_utf16_and_buttons_are_drawn() -> None:
    svg = draw([message("🧵🧵 <b>bold</b> & <a href='https://x.test'>link</a>", ("Yes", "No"))], bot_id=1)
    assert '<tspan class="bold">bold</tspan>' in svg
    assert '<tspan class="text_link">link</tspan>' in svg
    assert texts(svg)[-2:] == ["Yes", "No"]


def test_long_words_are_cut_into_lines() -> None:
    assert len(texts(draw([message("x" * 300)], bot_id=1))) > 3


@pytest.mark.parametrize("path", PICTURES, ids=lambda path: path.stem)
def test_the_pictures_are_small_and_in_the_readme(path: Path) -> None:
    assert path.stat().st_size < 20_000
    assert f"docs/screens/{path.name}" in (ROOT / "README.md").read_text(encoding="utf-8")
    ET.parse(path)  # noqa: S314 - drawn by ourselves


def test_the_pictures_show_todays_buttons() -> None:
    labels = [each.text for row in alert_buttons("k", localizer("en")) for each in row]
    shown = texts((ROOT / "docs" / "screens" / "alerts.svg").read_text(encoding="utf-8"))
    assert set(labels) <= set(shown)
    said = " ".join(texts((ROOT / "docs" / "screens" / "watch.svg").read_text(encoding="utf-8")))
    assert localizer("en").plain("✔ Watch it") in said
    assert set(re.findall(r"(?<!\S)/([a-z]+)", said)) <= {item.name for item in COMMANDS if item.listed}
