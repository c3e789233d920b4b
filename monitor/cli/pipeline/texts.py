"""The texts that ``monitor match`` looks at: plain files and JSON lines."""

from __future__ import annotations

import json
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from pathlib import Path
from typing import TYPE_CHECKING

from monitor.cli.pipeline.inputs import Input, InputError, text_of

if TYPE_CHECKING:
    from monitor.model import MatchText, Source

_LINES = (".jsonl", ".ndjson", ".jsonl.gz", ".ndjson.gz")
_TEXTS = ("title", "text", "url", "source", "lang", "language", "author", "tier", "country")
_NAMES: Mapping[type, str] = {
    dict: "an object",
    list: "a list",
    str: "a text",
    bool: "true or false",
    type(None): "null",
}


@dataclass(frozen=True, slots=True, kw_only=True)
class Piece:
    """A JSON line or a whole text, and the place to name when it is wrong."""

    place: str
    text: str
    is_line: bool


@dataclass(frozen=True, slots=True, kw_only=True)
class Given:
    """One text under its id, or what is wrong with it."""

    id: str | int
    text: MatchText | InputError


@dataclass(frozen=True, slots=True, kw_only=True)
class TextReading:
    """How texts are read: ``lang`` for those that name none, ``sources`` of the config by id and name."""

    lang: str | None = None
    sources: Mapping[str, Source] = field(default_factory=dict)

    def read(self, piece: Piece) -> Given:
        """One piece as a text."""
        place = piece.place
        if not piece.is_line:
            language = self.lang or _detect(piece.text)
            from monitor.model import MatchText

            return Given(id=place, text=MatchText(body=piece.text, language=language))
        try:
            row = json.loads(piece.text)
        except (ValueError, RecursionError) as error:
            return Given(id=place, text=InputError(f"{place}: no JSON object: {error}"))
        if not isinstance(row, dict):
            return Given(id=place, text=InputError(f"{place}: no JSON object but {_named(row)}"))
        own = row.get("id")
        name = own if isinstance(own, str | int) and own != "" else place
        for key in _TEXTS:
            if not isinstance(row.get(key), str | None):
                wrong = InputError(f"{place}: {key!r} is {_named(row[key])}, expected a text")
                return Given(id=name, text=wrong)
        return Given(id=name, text=self._text({key: _clean(row.get(key) or "") for key in _TEXTS}))

    def _text(self, row: Mapping[str, str]) -> MatchText:
        source = self.sources.get(row["source"])
        hint = source.language if source else None
        from monitor.model import MatchText

        return MatchText(
            title=row["title"],
            body=row["text"],
            url=row["url"],
            author=row["author"],
            source=source.name if source else row["source"],
            source_id=source.id if source else "",
            tier=row["tier"] or (source.tier if source else ""),
            country=row["country"] or (source.country if source else None),
            language=row["lang"]
            or row["language"]
            or self.lang
            or _detect(f"{row['title']}\n{row['text']}", hint),
        )


def pieces(given: Input, label: str) -> Sequence[Piece]:
    """The JSON lines of an input, or the whole of it."""
    text = text_of(given)
    if not _is_json_lines(given.id, text):
        return (Piece(place=label, text=text, is_line=False),)
    # Not splitlines(): JSON strings may hold other line ends.
    lines = enumerate(text.split("\n"), start=1)
    return tuple(
        Piece(place=f"{label}:{number}", text=line, is_line=True) for number, line in lines if line.strip()
    )


def labels(names: Sequence[str]) -> Mapping[str, str]:
    """The id of each file: its name, or as much as was given where two files share a name."""
    last = {name: name if name == "-" else Path(name).name or name for name in names}
    taken = list(last.values())
    return {name: label if taken.count(label) == 1 else name for name, label in last.items()}


def by_name(sources: Mapping[str, Source]) -> Mapping[str, Source]:
    """Sources under their names and, with precedence, under their ids."""
    return {source.name: source for source in sources.values()} | dict(sources)


def _is_json_lines(name: str, text: str) -> bool:
    """By the file's name, or by a line that is a JSON object: one broken line does not hide the rest."""
    if name.lower().endswith(_LINES) or text.lstrip().startswith('{"'):
        return True
    return any(line.startswith("{") and _is_object(line) for line in text.split("\n"))


def _is_object(line: str) -> bool:
    try:
        return isinstance(json.loads(line), dict)
    except (ValueError, RecursionError):
        return False


def _clean(text: str) -> str:
    """Half of a surrogate pair (JSON can spell one) cannot be printed; offsets stay."""
    return text.encode("utf-8", errors="replace").decode() if not text.isprintable() else text


def _named(value: object) -> str:
    return _NAMES.get(type(value), "a number")


def _detect(text: str, hint: str | None = None) -> str | None:
    """The language, or None where too few letters tell: words then follow all languages of the script."""
    from monitor.core.text.language import FEW_LETTERS, detect

    if hint is None and sum(map(str.isalpha, text)) < FEW_LETTERS:
        return None
    return detect(text, hint=hint)
