"""Coverage charts as PNG. Drawn in memory with matplotlib's Agg; the same data give the same picture."""

from __future__ import annotations

import io
from collections.abc import Sequence
from datetime import datetime
from functools import lru_cache
from html import escape
from zoneinfo import ZoneInfo

from monitor.core.delivery.payload_json import payload_json
from monitor.core.delivery.preferences import is_silent
from monitor.core.message.alert import REPEAT_MARK
from monitor.i18n.localizer import Localizer, localizer
from monitor.model import ChartFigures, Chat, Delivery, Message
from monitor.model.payloads import Buckets

_STATE, _OTHERS = "#b5533c", "#2f6f8f"
_MOST_TICKS = 8


def render_chart(figures: ChartFigures, delivery: Delivery, chat: Chat, now: datetime) -> Message:
    """The picture under a digest, with the figures as words for channels without pictures."""
    found, hourly = figures.buckets, figures.reason == "daily"
    tr = localizer(chat.language)
    text = caption(found, tr)
    if delivery.uncertain_sends:
        text = f"{text}\n{tr.plain(REPEAT_MARK)}"
    return Message(
        key=delivery.key,
        html="" if delivery.plain_only else escape(text, quote=False),
        plain=text,
        subject=text,
        silent=is_silent(chat, now),
        picture=coverage_png(found, chat.timezone, hourly=hourly, language=chat.language),
        data={
            "kind": "chart",
            "key": delivery.key,
            **payload_json(figures),
            "possible_repeat": bool(delivery.uncertain_sends),
        },
    )


def caption(found: Buckets, tr: Localizer) -> str:
    """``34 articles: 9 of state outlets, 25 of others``."""
    state, others = sum(row[1] for row in found), sum(row[2] for row in found)
    articles = tr.many_plain("{count} article", "{count} articles", state + others)
    return tr.plain(
        "{articles}: {state} of state outlets, {others} of others",
        articles=articles,
        state=state,
        others=others,
    )


@lru_cache(maxsize=16)
def coverage_png(found: Buckets, timezone: str, *, hourly: bool, language: str = "en") -> bytes:
    """Stacked bars of articles an hour or day, state outlets below all others (1200 x 500 pixels)."""
    # Importing the library takes a second; who never wants a picture should not wait for it.
    from matplotlib.figure import Figure  # noqa: PLC0415
    from matplotlib.ticker import MaxNLocator  # noqa: PLC0415

    zone, tr = ZoneInfo(timezone), localizer(language)
    labels = [_label(start.astimezone(zone), tr, hourly=hourly) for start, _, _ in found]
    places = list(range(len(found)))
    figure = Figure(figsize=(12, 5), dpi=100, layout="constrained")
    axes = figure.add_subplot()
    state, others = [row[1] for row in found], [row[2] for row in found]
    axes.bar(places, state, color=_STATE, label=tr.plain("state outlets"))
    axes.bar(places, others, bottom=state, color=_OTHERS, label=tr.plain("other outlets"))
    every = max(1, -(-len(found) // _MOST_TICKS))
    axes.set_xticks(places[::every], _every(labels, every))
    axes.yaxis.set_major_locator(MaxNLocator(integer=True))
    axes.set_ylabel(tr.plain("articles"))
    axes.spines[["top", "right"]].set_visible(False)
    axes.legend(frameon=False)
    out = io.BytesIO()
    # Without the version, two machines draw the same bytes.
    figure.savefig(out, format="png", metadata={"Software": None})
    return out.getvalue()


def _label(start: datetime, tr: Localizer, *, hourly: bool) -> str:
    return f"{start:%H:%M}" if hourly else tr.day(start.date())


def _every(labels: Sequence[str], step: int) -> list[str]:
    return list(labels[::step])
