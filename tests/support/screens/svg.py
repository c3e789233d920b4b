"""Messages as a phone shows them, drawn as SVG: text with its formatting, buttons, who said it.

SVG stays sharp, is a few kilobytes, and shows emoji in the reader's own font. Widths are estimated
for a wide typeface, so that a narrower one leaves room rather than running out of its bubble.
"""

from __future__ import annotations

import re
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from html import escape

from tests.support.botapi.world import Json

WIDTH = 440
MARGIN = 12
PADDING = 10
BUBBLE = WIDTH - 2 * MARGIN - 28
SIZE = 14
LINE = 20
BUTTON = 32
GAP = 4
_NO_XML = re.compile("[\x00-\x08\x0b\x0c\x0e-\x1f\ufffe\uffff]")
_NARROW = frozenset("iljtfrI.,:;'|!()[] ·")
_WIDE = frozenset("mwMWшщжюыфЮЖШЩМ@%—")
_FONT = "system-ui, -apple-system, 'Segoe UI', Roboto, 'DejaVu Sans', sans-serif"
_MONO = "ui-monospace, Menlo, Consolas, 'DejaVu Sans Mono', monospace"
_STYLE = (
    f"text{{font:{SIZE}px {_FONT};fill:#111;white-space:pre}}"
    ".bold{font-weight:700}.text_link{fill:#2481cc}"
    f".code,.pre{{font-family:{_MONO};font-size:13px;fill:#b03060}}"
    ".button{text-anchor:middle;fill:#fff;font-size:13px}.time{fill:#8a8a8a;font-size:11px;text-anchor:end}"
)


@dataclass(frozen=True, slots=True)
class _Run:
    text: str
    styles: frozenset[str]


_Line = tuple[_Run, ...]


def draw(messages: Sequence[Json], *, bot_id: int) -> str:
    """The messages from above to below; those of the bot stand on the left."""
    parts: list[str] = []
    y = MARGIN
    for message in messages:
        author = message.get("from")
        mine = isinstance(author, dict) and author.get("id") != bot_id
        drawn, height = _message(message, y, mine=mine)
        parts.append(drawn)
        y += height + 8
    height = y + MARGIN - 8
    return (
        f'<svg xmlns="http://www.w3.org/2000/svg" width="{WIDTH}" height="{height}" '
        f'viewBox="0 0 {WIDTH} {height}"><style>{_STYLE}</style>'
        f'<rect width="{WIDTH}" height="{height}" rx="10" fill="#cfdde6"/>{"".join(parts)}</svg>\n'
    )


def _message(message: Json, top: int, *, mine: bool) -> tuple[str, int]:
    lines = list(_lines(message))
    rows = _keyboard(message)
    widest = max((_width(line) for line in lines), default=60.0)
    width = BUBBLE if rows else min(BUBBLE, int(widest) + 2 * PADDING + 8)
    left = WIDTH - MARGIN - width if mine else MARGIN
    height = len(lines) * LINE + 2 * PADDING - 4
    fill = "#e3fcd0" if mine else "#ffffff"
    parts = [f'<rect x="{left}" y="{top}" width="{width}" height="{height}" rx="12" fill="{fill}"/>']
    for number, line in enumerate(lines):
        y = top + PADDING + number * LINE
        if any("blockquote" in run.styles for run in line):
            x = left + PADDING
            parts.append(f'<rect x="{x}" y="{y - 1}" width="3" height="{LINE}" fill="#2481cc"/>')
        quoted = 8 if any("blockquote" in run.styles for run in line) else 0
        parts.append(
            f'<text x="{left + PADDING + quoted}" y="{y + SIZE}">{"".join(map(_tspan, line))}</text>'
        )
    y = top + height + GAP
    for texts in rows:
        each = (width - GAP * (len(texts) - 1)) / len(texts)
        for place, text in enumerate(texts):
            start = left + place * (each + GAP)
            label = escape(_fitting(text, each), quote=False)
            parts.append(
                f'<rect x="{start:.0f}" y="{y}" width="{each:.0f}" height="{BUTTON}" rx="8" fill="#6f8ca3"/>'
                f'<text class="button" x="{start + each / 2:.0f}" y="{y + 21}">{label}</text>'
            )
        y += BUTTON + GAP
    return "".join(parts), y - GAP - top


def _tspan(run: _Run) -> str:
    classes = " ".join(sorted(run.styles & {"bold", "text_link", "code", "pre"}))
    # XML 1.0 has no such characters (§2.2).
    text = _NO_XML.sub("\ufffd", escape(run.text, quote=False))
    return f'<tspan class="{classes}">{text}</tspan>' if classes else f"<tspan>{text}</tspan>"


def _lines(message: Json) -> Iterator[_Line]:
    """The text cut into runs of one style and wrapped into the bubble."""
    text = str(message.get("text") or message.get("caption") or "")
    entities = message.get("entities") or message.get("caption_entities") or []
    styles = _styles(text, entities if isinstance(entities, list) else [])
    start = 0
    for line in text.split("\n"):
        end = start + len(line)
        yield from _wrapped(line, styles[start:end])
        start = end + 1


def _styles(text: str, entities: Sequence[Json]) -> list[frozenset[str]]:
    """The styles of each character; entities count in UTF-16 units."""
    at: list[int] = []
    for place, char in enumerate(text):
        at.extend([place] * (2 if ord(char) > 0xFFFF else 1))
    found: list[set[str]] = [set() for _ in text]
    for entity in entities:
        offset, length = entity["offset"], entity["length"]
        assert isinstance(offset, int)
        assert isinstance(length, int)
        for place in set(at[offset : offset + length]):
            found[place].add(str(entity["type"]))
    return [frozenset(each) for each in found]


def _wrapped(line: str, styles: Sequence[frozenset[str]]) -> Iterator[_Line]:
    room = BUBBLE - 2 * PADDING - 16
    start, used, space = 0, 0.0, -1
    for place, char in enumerate(line):
        used += _char_width(char, styles[place])
        if char == " ":
            space = place
        if used > room:
            cut = space if space > start else place
            yield _runs(line[start:cut], styles[start:cut])
            start = cut + (1 if cut == space else 0)
            used = sum(_char_width(each, styles[start + n]) for n, each in enumerate(line[start : place + 1]))
            space = -1
    yield _runs(line[start:], styles[start:])


def _runs(text: str, styles: Sequence[frozenset[str]]) -> _Line:
    runs: list[_Run] = []
    for char, style in zip(text, styles, strict=False):
        if runs and runs[-1].styles == style:
            runs[-1] = _Run(runs[-1].text + char, style)
        else:
            runs.append(_Run(char, style))
    return tuple(runs)


def _width(line: _Line) -> float:
    return sum(_char_width(char, run.styles) for run in line for char in run.text)


def _char_width(char: str, styles: frozenset[str]) -> float:
    if styles & {"code", "pre"}:
        return 7.95
    if ord(char) > 0x2190:
        return 18.0
    width = 4.6 if char in _NARROW else 12.2 if char in _WIDE else 8.3
    return width * (1.2 if "bold" in styles else 1.0)


def _fitting(text: str, width: float) -> str:
    most = max(4, int((width - 8) / 7.4))
    return text if len(text) <= most else text[: most - 1] + "…"


def _keyboard(message: Json) -> list[list[str]]:
    markup = message.get("reply_markup")
    rows = markup.get("inline_keyboard", []) if isinstance(markup, dict) else []
    return [[str(button["text"]) for button in row] for row in rows]
