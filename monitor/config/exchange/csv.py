"""Sources as CSV (RFC 4180), one a row, for spreadsheets."""

from __future__ import annotations

import csv
import io
import json
import re
from collections.abc import Iterable, Iterator, Mapping
from typing import Final

from babel.languages import get_official_languages

from monitor.config.models.types import duration_text
from monitor.errors import ConfigError, Problem
from monitor.model import Source

COLUMNS: Final = (
    *("id", "name", "kind", "url", "site", "language", "country", "tier", "every", "timezone"),
    *("select", "remove", "options", "enabled"),
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
_LANGUAGE: Final = frozenset({"language", "lang"})
_COUNTRY: Final = re.compile(r"https?://[\w.-]{1,200}\.([a-zA-Z]{2})(?=[:/,;\s\"]|$)")
_FORMULA: Final = ("=", "+", "-", "@", "\t", "\r")
_OFF: Final = frozenset({"false", "no", "0", "off"})
_MAX: Final = 20_000


def read_csv(text: str, file: str) -> Iterator[tuple[str, Mapping[str, object]]]:
    """Every row, as (where it stands, keys of a source). Commas, semicolons or tabs part the columns.

    Raises ``ConfigError`` without a header row that names ``url``.
    """
    rows = csv.reader(io.StringIO(text.lstrip("\ufeff"), newline=""), delimiter=_delimiter(text))
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


def languages_of(body: bytes) -> frozenset[str]:
    """What a table says of its languages, whatever its encoding: the codes in its column ``language``, else
    the official languages of the countries that its addresses end in."""
    text = body.decode("latin-1").lstrip("\u00ef\u00bb\u00bf")
    try:
        rows = list(csv.DictReader(io.StringIO(text, newline=""), delimiter=_delimiter(text)))
    except csv.Error:
        return frozenset()
    found = (row[name] for row in rows for name in row if name and name.strip().lower() in _LANGUAGE)
    stated = frozenset(code.strip().lower() for code in found if isinstance(code, str) and code.strip())
    if stated:
        return stated
    countries = {country.upper() for country in _COUNTRY.findall(text)}
    return frozenset(
        language for country in countries for language in get_official_languages(country, de_facto=True)
    )


def _delimiter(text: str) -> str:
    return max(",;\t", key=text.partition("\n")[0].count)


def _problem(file: str, line: int, message: str, hint: str) -> ConfigError:
    return ConfigError((Problem(file=file, line=line, column=1, message=message, hint=hint),))


def _record(given: Mapping[str, str]) -> dict[str, object]:
    record: dict[str, object] = {name: _unquoted(given[name]) for name in COLUMNS[:10] if given.get(name)}
    recipe = {name: _unquoted(given[name]) for name in ("select", "remove") if given.get(name)}
    if recipe:
        record["text"] = recipe
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
        recipe = (source.recipe.select, source.recipe.remove) if source.recipe else ("", "")
        cells = (*plain, duration_text(source.every), source.timezone or "", *recipe, options, enabled)
        table.writerow([_quoted(str(cell)) for cell in cells])
    return out.getvalue()


def _quoted(cell: str) -> str:
    """A spreadsheet would run a cell that begins like a formula (OWASP: CSV injection)."""
    return f"'{cell}" if cell.startswith(_FORMULA) else cell


def _unquoted(cell: str) -> str:
    return cell[1:] if cell.startswith("'") and cell[1:].startswith(_FORMULA) else cell
