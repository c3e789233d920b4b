"""Sources as CSV (RFC 4180), one a row, for spreadsheets."""

from __future__ import annotations

import csv
import io
import json
from collections.abc import Iterable, Iterator, Mapping
from typing import Final

from monitor.config.models.types import duration_text
from monitor.errors import ConfigError, Problem
from monitor.model import Source

COLUMNS: Final = (
    *("id", "name", "kind", "url", "site", "language", "country", "tier", "every", "timezone"),
    *("options", "enabled"),
)
# What other tools call these columns.
_ALIASES: Final = {
    "title": "name",
    "text": "name",
    "outlet": "name",
    "feed": "url",
    "feed_url": "url",
    "xmlurl": "url",
    "rss": "url",
    "address": "url",
    "link": "url",
    "homepage": "site",
    "htmlurl": "site",
    "website": "site",
    "lang": "language",
    "type": "kind",
    "interval": "every",
}
_FORMULA: Final = ("=", "+", "-", "@", "\t", "\r")
_OFF: Final = frozenset({"false", "no", "0", "off"})
_MAX: Final = 20_000


def read_csv(text: str, file: str) -> Iterator[tuple[str, Mapping[str, object]]]:
    """Every row, as (where it stands, keys of a source). Commas, semicolons or tabs part the columns.

    Raises ``ConfigError`` without a header row that names ``url``.
    """
    first = text.partition("\n")[0]
    delimiter = max(",;\t", key=first.count)
    rows = csv.reader(io.StringIO(text.lstrip("\ufeff"), newline=""), delimiter=delimiter)
    try:
        header = [name.strip().lower().replace(" ", "_") for name in next(rows, [])]
        names = [_ALIASES.get(name, name) for name in header]
        if "url" not in names:
            raise _problem(file, 1, "the first row names no column url", f"name columns {', '.join(COLUMNS)}")
        for row in rows:
            if rows.line_num > _MAX:
                return
            given = {name: value.strip() for name, value in zip(names, row, strict=False)}
            if any(given.values()):
                yield f"line {rows.line_num}", _record(given)
    except csv.Error as error:
        raise _problem(file, rows.line_num, f"is no CSV: {error}", "save it as CSV in UTF-8") from error


def _problem(file: str, line: int, message: str, hint: str) -> ConfigError:
    return ConfigError((Problem(file=file, line=line, column=1, message=message, hint=hint),))


def _record(given: Mapping[str, str]) -> dict[str, object]:
    record: dict[str, object] = {name: _unquoted(given[name]) for name in COLUMNS[:-2] if given.get(name)}
    if text := given.get("options"):
        try:
            record["options"] = json.loads(_unquoted(text))
        except ValueError:
            record["options"] = text  # refused as no mapping, with its place
    if given.get("enabled", "").lower() in _OFF:
        record["enabled"] = False
    return record


def write_csv(sources: Iterable[Source]) -> str:
    """The sources as CSV with a header row."""
    out = io.StringIO(newline="")
    table = csv.writer(out)
    table.writerow(COLUMNS)
    for source in sources:
        options = json.dumps(dict(source.options), ensure_ascii=False) if source.options else ""
        plain = [getattr(source, name) or "" for name in COLUMNS[:8]]
        enabled = "true" if source.enabled else "false"
        cells = (*plain, duration_text(source.every), source.timezone or "", options, enabled)
        table.writerow([_quoted(str(cell)) for cell in cells])
    return out.getvalue()


def _quoted(cell: str) -> str:
    """A spreadsheet would run a cell that begins like a formula (OWASP: CSV injection)."""
    return f"'{cell}" if cell.startswith(_FORMULA) else cell


def _unquoted(cell: str) -> str:
    return cell[1:] if cell.startswith("'") and cell[1:].startswith(_FORMULA) else cell
