"""What the captured feeds and the fixtures of other parsers expect of an entry, and how it is compared."""

from __future__ import annotations

import ast
import html
import json
import re
from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from datetime import UTC, datetime
from pathlib import Path
from typing import Any
from urllib.parse import urljoin

FEEDS = Path(__file__).resolve().parents[2] / "../shared/data/feeds"
URL = "http://127.0.0.1:8097/feed"

# What reads one body: a list of entries, each a mapping with title, link, published, updated, id.
Entry = Mapping[str, object]

_DATED = re.compile(rb"<(?:pubdate|published|updated|issued|modified|dc:date)\b[^>]*>\s*\S", re.IGNORECASE)
_ENTRY = re.compile(rb"<(item|entry)\b.*?</\1>", re.IGNORECASE | re.DOTALL)
_EXPECTED = re.compile(
    r"""entries\[0\](?:\[['"]|\.)(title|link|id|guid|published_parsed|updated_parsed|created_parsed)"""
    r"""(?:['"]\])?\s*==\s*(u?'(?:[^'\\]|\\.)*'|u?"(?:[^"\\]|\\.)*"|\([^)]*\))"""
)
_NAMES = {
    "published_parsed": "published",
    "created_parsed": "published",
    "updated_parsed": "updated",
    "guid": "id",
}
_HEADER = re.compile(r"^Header:\s*([\w-]+):\s*(.+)$", re.MULTILINE | re.IGNORECASE)
_MIN_YEAR = 1990


@dataclass(frozen=True, slots=True, kw_only=True)
class Case:
    """One expectation: a document, which entry, which field, what it should be."""

    set: str
    path: Path
    body: bytes
    at: int
    field: str
    expected: object
    headers: tuple[tuple[str, str], ...] = ()


def publishers() -> Iterator[tuple[Path, bytes, list[bool]]]:
    """Each captured feed with, for every entry in it, whether the file dates it."""
    for path in sorted((FEEDS / "publishers").iterdir()):
        body = path.read_bytes()
        yield path, body, [bool(_DATED.search(found[0])) for found in _ENTRY.finditer(body)]


def cases() -> Iterator[Case]:
    """Every expectation of every fixture set."""
    yield from _feedparser()
    for folder in ("gofeed-testdata", "feed-rs-fixtures"):
        yield from _beside(folder)


def _feedparser() -> Iterator[Case]:
    for path in sorted((FEEDS / "feedparser-tests").rglob("*")):
        if not path.is_file():
            continue
        body = path.read_bytes()
        comment = re.search(rb"<!--(.*?)-->", body, re.DOTALL)
        said = comment[1].decode("utf-8", "replace") if comment else ""
        expected = re.search(r"Expect:(.*)", said)
        headers = tuple(_HEADER.findall(said))
        for name, value in _EXPECTED.findall(expected[1] if expected else ""):
            try:
                wanted = ast.literal_eval(value)
            except (SyntaxError, ValueError):
                continue
            field = _NAMES.get(name, name)
            if isinstance(wanted, tuple) and wanted[0] < _MIN_YEAR:
                continue  # no news is older; such dates are refused on purpose
            yield Case(
                set="feedparser-tests",
                path=path,
                body=body,
                at=0,
                field=field,
                expected=wanted,
                headers=headers,
            )


def _beside(folder: str) -> Iterator[Case]:
    for path in sorted((FEEDS / folder).rglob("*")):
        truths = [path.with_suffix(".json"), path.with_suffix(".serde.json")]
        truth = next((one for one in truths if one.is_file() and one != path), None)
        if path.suffix not in (".xml", ".atom", ".rss") or truth is None:
            continue
        wanted = json.loads(truth.read_text(encoding="utf-8"))
        if not isinstance(wanted, dict):
            continue
        body = path.read_bytes()
        for at, item in enumerate(wanted.get("items") or wanted.get("entries") or []):
            for field, value in _fields(item).items():
                # feed-rs makes an id up where an entry has none, and copies the date into "updated".
                if field == "id" and str(value).encode() not in body and not str(value).startswith("http"):
                    continue
                yield Case(set=folder, path=path, body=body, at=at, field=field, expected=value)


def _fields(item: Mapping[str, Any]) -> dict[str, object]:
    title = item.get("title")
    links = item.get("links") or []
    first = links[0].get("href") if links and isinstance(links[0], dict) else None
    guid = item.get("guid") or item.get("id")
    date = item.get("publishedParsed") or item.get("pubDateParsed") or item.get("published")
    found = {
        "title": title.get("content") if isinstance(title, dict) else title,
        "link": item.get("link") or first,
        "published": date,
        "id": guid.get("value") if isinstance(guid, dict) else guid,
    }
    if "content_type" in json.dumps(item.get("title") or "") and re.fullmatch(
        r"[0-9a-f]{32}", str(found["id"])
    ):
        del found["id"]  # made up by feed-rs where the entry has none
    moment = _moment(date)
    found["published"] = moment if moment and moment.year >= _MIN_YEAR else None
    return {name: value for name, value in found.items() if value}


def _moment(value: object) -> datetime | None:
    try:
        found = datetime.fromisoformat(str(value))
    except ValueError:
        return None
    return (found if found.tzinfo else found.replace(tzinfo=UTC)).astimezone(UTC)


def right(case: Case, entries: list[Entry]) -> bool:
    """Whether what was read is what is expected; spelling of HTML and white space do not count."""
    if case.at >= len(entries):
        return False
    found, wanted = entries[case.at].get(case.field), case.expected
    if isinstance(wanted, tuple):
        return isinstance(found, datetime) and tuple(found.timetuple()[:6]) == wanted[:6]
    if isinstance(wanted, datetime):
        return isinstance(found, datetime) and found.replace(microsecond=0) == wanted.replace(microsecond=0)
    if case.field == "link":
        return str(found or "") in {str(wanted), urljoin(URL, str(wanted))}
    return _flat(str(found or "")) in {
        _flat(str(wanted)),
        _flat(_plain(str(wanted))),
        _flat(_plain(_plain(str(wanted)))),
    }


def _plain(text: str) -> str:
    return html.unescape(re.sub(r"<[^<>]*>", " ", text))


def _flat(text: str) -> str:
    return re.sub(r"\s+([.,!?;:])", r"\1", " ".join(text.split()))
