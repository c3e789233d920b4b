"""The picture of a digest."""

from __future__ import annotations

import struct
from datetime import timedelta

from monitor.core.message.chart import coverage_png, render_chart
from monitor.model import ChartFigures
from tests.support.records import NOW, chat, delivery


def test_the_chart_is_a_png_with_words_for_channels_without_pictures() -> None:
    hours = tuple((NOW + timedelta(hours=n), n % 3, n) for n in range(30))
    figures = ChartFigures(buckets=hours, reason="daily")
    message = render_chart(figures, delivery(kind="chart", payload=figures), chat(), NOW)
    assert message.picture.startswith(b"\x89PNG")
    assert struct.unpack(">II", message.picture[16:24]) == (1200, 500)
    assert message.plain == "465 articles: 30 of state outlets, 435 of others"


def test_the_same_figures_give_the_same_picture() -> None:
    found = ((NOW, 1, 2), (NOW + timedelta(days=1), 0, 5))
    first = coverage_png(found, "Europe/Vilnius", hourly=False)
    coverage_png.cache_clear()
    assert coverage_png(found, "Europe/Vilnius", hourly=False) == first
