"""Pages from templates: everything is escaped, an unknown name is an error, nothing steers the browser."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Mapping, Sequence
from datetime import UTC, datetime, timedelta, tzinfo
from pathlib import Path
from typing import Any, Final
from urllib.parse import urlencode, urlsplit

from jinja2 import Environment, FileSystemLoader, StrictUndefined
from markupsafe import Markup, escape
from starlette.responses import HTMLResponse

from monitor.core.text.clean import printable
from monitor.model import Span

TEMPLATES: Final = Path(__file__).parent / "templates"
STATIC: Final = Path(__file__).parent / "static"
MANY: Final = 5
_HOUR_S, _MINUTE_S = 3600, 60


class Renderer:
    """Makes pages. ``zone`` gives the zone in which moments are shown, ``now`` the present one."""

    def __init__(self, *, zone: Callable[[], tzinfo], now: Callable[[], datetime]) -> None:
        self._zone = zone
        self._now = now
        self._environment = Environment(
            loader=FileSystemLoader(TEMPLATES),
            autoescape=True,
            undefined=StrictUndefined,
            trim_blocks=True,
            lstrip_blocks=True,
            finalize=_clean,
        )
        self._environment.filters |= {
            "moment": self.moment,
            "clock": self.clock,
            "ago": self.ago,
            "href": href,
            "marked": marked,
            "counted": counted,
            "duration": duration,
            "bars": bars,
            "calendar": calendar,
            "query": query,
        }

    def page(self, name: str, status: int = 200, **values: object) -> HTMLResponse:
        """A page as an answer."""
        return HTMLResponse(self.text(name, **values), status_code=status)

    def text(self, name: str, **values: object) -> str:
        """A template with its values put in."""
        return self._environment.get_template(name).render(values)

    def moment(self, value: datetime | None, none: str = "never") -> Markup:
        """``<time>`` with the date and the minute in the operator's zone."""
        if value is None:
            return Markup("<span class=faint>{}</span>").format(none)
        local = value.astimezone(self._zone())
        exact = value.astimezone(UTC).isoformat(timespec="seconds")
        return Markup('<time datetime="{}" title="{}">{}</time>').format(
            exact, exact, f"{local:%Y-%m-%d %H:%M}"
        )

    def clock(self, value: datetime) -> str:
        """``14:05`` in the operator's zone."""
        return f"{value.astimezone(self._zone()):%H:%M}"

    def ago(self, value: datetime | None, none: str = "never") -> Markup:
        """How long ago, or in how long."""
        if value is None:
            return Markup("<span class=faint>{}</span>").format(none)
        apart = (self._now() - value).total_seconds()
        text = f"{duration(apart)} ago" if apart >= 0 else f"in {duration(-apart)}"
        exact = value.astimezone(UTC).isoformat(timespec="seconds")
        return Markup('<time datetime="{}" title="{}">{}</time>').format(exact, exact, text)


def _clean(value: object) -> object:
    """Texts of outlets without what would turn or hide the words around them; markup of ours as it is."""
    if isinstance(value, Markup) or not isinstance(value, str):
        return "" if value is None else value
    return printable(value, instead="\ufffd")


def href(url: str) -> str:
    """An address that a link may lead to: ``http`` and ``https`` only, else nothing."""
    try:
        parts = urlsplit(url.strip())
    except ValueError:
        return ""
    return url.strip() if parts.scheme in {"http", "https"} and parts.netloc else ""


def query(values: Mapping[str, object], **changes: object) -> str:
    """``?a=1&b=2`` of the values that are not empty."""
    said = [
        (name, str(each))
        for name, value in {**values, **changes}.items()
        for each in (value if isinstance(value, list | tuple) else (value,))
        if each not in {"", None}
    ]
    return "?" + urlencode(said)


def counted(number: int, one: str, many: str = "") -> str:
    """``1 entry``, ``3,000 entries``."""
    return f"{number:,} {one if number == 1 else many or one + 's'}"


def duration(seconds: float | timedelta | None) -> str:
    """``45 s``, ``12 min``, ``3 h 5 min``, ``4 days``."""
    if seconds is None:
        return "–"
    total = int(seconds.total_seconds() if isinstance(seconds, timedelta) else seconds)
    if total < _MINUTE_S:
        return f"{total} s"
    if total < _HOUR_S:
        return f"{total // _MINUTE_S} min"
    if total < 48 * _HOUR_S:
        minutes = total % _HOUR_S // _MINUTE_S
        return f"{total // _HOUR_S} h" + (f" {minutes} min" if minutes else "")
    return f"{total // (24 * _HOUR_S)} days"


def marked(text: str, spans: Iterable[Span], field: str, *, around: int | None = None) -> Markup:
    """The text with ``<mark>`` around the spans of this field; ``around``: only so much beside the first."""
    found = sorted(
        (span.start, span.end) for span in spans if span.field == field and 0 <= span.start < span.end
    )
    begin, end = 0, len(text)
    if around is not None:
        first = found[0][0] if found else 0
        begin, end = max(0, first - around), min(len(text), first + 2 * around)
    parts = [escape("…" if begin else "")]
    at = begin
    for start, stop in found:
        if start < at or stop > end:
            continue
        parts += [
            escape(printable(text[at:start], instead="\ufffd")),
            Markup("<mark>{}</mark>").format(printable(text[start:stop], instead="\ufffd")),
        ]
        at = stop
    parts += [escape(printable(text[at:end], instead="\ufffd")), escape("…" if end < len(text) else "")]
    return Markup("").join(parts)


def bars(values: Sequence[tuple[str, float]], title: str) -> Markup:
    """A small bar chart as SVG; the numbers stand in a table beside it."""
    most = max((value for _, value in values), default=0.0) or 1.0
    width, height, gap = 12, 60, 3
    rows: list[Any] = []
    for at, (label, value) in enumerate(values):
        tall = max(1.0 if value else 0.0, round(height * value / most, 1))
        rows.append(
            Markup('<rect x="{}" y="{}" width="{}" height="{}" class="bar"><title>{}</title></rect>').format(
                at * (width + gap), height - tall, width, tall, f"{label}: {value:g}"
            )
        )
    return Markup('<svg class="bars" role="img" aria-label="{}" viewBox="0 0 {} {}">{}</svg>').format(
        title, max(1, len(values) * (width + gap)), height, Markup("").join(rows)
    )


def calendar(days: Sequence[Any]) -> Markup:
    """Seven rows of 24 hours: how many articles were seen, and a ring where one was usual and none came.

    ``days`` have ``name`` and ``hours``; an hour has ``seen`` and ``usual`` (articles).
    """
    size, left = 17, 64
    cells: list[Markup] = []
    for row, day in enumerate(days):
        cells.append(Markup('<text x="0" y="{}">{}</text>').format(row * size + 12, day.name))
        for hour, cell in enumerate(day.hours):
            kind = "many" if cell.seen >= MANY else "some" if cell.seen else "missed" if cell.missed else ""
            told = f"{day.name} {hour:02}:00: {cell.seen} seen, {cell.usual:.1f} usual"
            cells.append(
                Markup(
                    '<rect x="{}" y="{}" width="15" height="15" class="cell {}"><title>{}</title></rect>'
                ).format(left + hour * size, row * size, kind, told)
            )
    return Markup('<svg class="week" role="img" aria-label="{}" viewBox="0 0 {} {}">{}</svg>').format(
        f"{sum(cell.seen for day in days for cell in day.hours)} articles seen in seven days",
        left + 24 * size,
        len(days) * size,
        Markup("").join(cells),
    )
