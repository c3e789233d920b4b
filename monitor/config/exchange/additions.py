"""New sources on their way into the operator's files: no two of one address, no id twice, all valid."""

from __future__ import annotations

import dataclasses
import re
import unicodedata
from collections.abc import Collection, Iterable, Mapping
from dataclasses import dataclass
from pathlib import Path
from typing import Final
from urllib.parse import urlsplit

from pydantic import BaseModel, ValidationError

from monitor.config.model_errors import words
from monitor.config.models.files import SourceShape
from monitor.config.write import put_all
from monitor.core.query.forms.diacritics import unmarked
from monitor.core.text.urls import canonical_url
from monitor.errors import ConfigError, Problem
from monitor.model import Source
from monitor.ports import SourceKind

_MAX_ID: Final = 48
_GENERIC: Final = frozenset(
    {"www", "m", "feeds", "feed", "rss", "news", "com", "org", "net", "co", "gov", "info"}
)


@dataclass(frozen=True, slots=True, kw_only=True)
class Passed:
    """A record that is not taken: ``where`` it stood, what it is called, why."""

    where: str
    name: str
    why: str


@dataclass(frozen=True, slots=True, kw_only=True)
class Additions:
    """What would be written, what is there already, what cannot be a source."""

    new: tuple[Mapping[str, object], ...]
    known: tuple[Passed, ...] = ()
    wrong: tuple[Passed, ...] = ()


def additions(
    records: Iterable[tuple[str, Mapping[str, object]]],
    sources: Mapping[str, Source],
    kinds: Mapping[str, SourceKind],
) -> Additions:
    """Sort ``records`` (where each stood, its keys as in a sources file) beside the known sources.

    Addresses are compared in their canonical form. A record without an id gets one from its name or
    host; a given id that another address has is refused.
    """
    addresses = {_address(source.url, source.options): source.id for source in sources.values()}
    ids = set(sources)
    new: list[Mapping[str, object]] = []
    known: list[Passed] = []
    wrong: list[Passed] = []
    for where, given_record in records:
        record = {**given_record, "url": web_address(str(given_record.get("url") or ""))}
        name = str(record.get("name") or record.get("url") or record.get("id") or "")
        options = record.get("options")
        address = _address(str(record.get("url") or ""), options if isinstance(options, Mapping) else {})
        if holder := addresses.get(address):
            known.append(Passed(where=where, name=name, why=f"{holder} reads this address already"))
            continue
        given = str(record.get("id") or "")
        if given in ids:
            wrong.append(Passed(where=where, name=name, why=f"the id {given} is taken; write another"))
            continue
        whole = {"id": given or new_id(record, ids), **{k: v for k, v in record.items() if k != "id"}}
        if why := _refusal(whole, kinds):
            wrong.append(Passed(where=where, name=name, why=why))
            continue
        ids.add(str(whole["id"]))
        addresses[address] = str(whole["id"])
        new.append(whole)
    return Additions(new=tuple(new), known=tuple(known), wrong=tuple(wrong))


def web_address(url: str) -> str:
    """The address that a reader's own scheme stands for: ``feed://host/x``, ``feed:https://host/x``."""
    if url[:5].lower() != "feed:":
        return url
    rest = url[5:]
    return rest if rest.lower().startswith(("http://", "https://")) else f"https://{rest.lstrip('/')}"


def _address(url: str, options: Mapping[str, object]) -> tuple[str, str]:
    """Searches of one service share its address; what they look for tells them apart."""
    asked = {
        name: value for name, value in options.items() if name in ("query", "channel", "tag", "subreddit")
    }
    return canonical_url(url).replace("://www.", "://", 1), repr(
        sorted((name, value) for name, value in asked.items() if value)
    )


def _refusal(record: Mapping[str, object], kinds: Mapping[str, SourceKind]) -> str:
    """Why a record cannot be a source, "" when it can."""
    try:
        shape = SourceShape.model_validate(record)
    except ValidationError as error:
        return _said(error, SourceShape)
    kind = kinds.get(shape.kind)
    if kind is None:
        return f"unknown source kind {shape.kind!r} (known: {', '.join(kinds)})"
    try:
        kind.options.model_validate(shape.options)
    except ValidationError as error:
        return f"options: {_said(error, kind.options)}"
    return ""


def _said(error: ValidationError, model: type[BaseModel]) -> str:
    detail = error.errors(include_url=False)[0]
    message, hint = words(detail, model)
    key = ".".join(str(part) for part in detail["loc"])
    return f"{key}: {message}" + (f" ({hint})" if hint else "")


def new_id(record: Mapping[str, object], taken: Collection[str]) -> str:
    """An id from the name, or from the host when the name has too few Latin letters; free of ``taken``."""
    made = slug(str(record.get("name") or ""))
    if sum(char.isalpha() for char in made) < 3:  # noqa: PLR2004  # "bbc" is a name, "24" is none
        made = _host_slug(str(record.get("site") or record.get("url") or "")) or "source"
    made = made[:_MAX_ID].strip("-._")
    if made not in taken:
        return made
    return next(f"{made}-{number}" for number in range(2, 1_000_000) if f"{made}-{number}" not in taken)


def slug(name: str) -> str:
    """A name as an id: its letters without their marks (``Łódź`` → ``lodz``), hyphens between words."""
    plain = unmarked(unicodedata.normalize("NFC", name).casefold())[0]
    folded = unicodedata.normalize("NFKD", plain).encode("ascii", "ignore").decode("ascii")
    return re.sub(r"[^a-z0-9]+", "-", folded).strip("-")


def _host_slug(url: str) -> str:
    try:
        host = urlsplit(url).hostname or ""
    except ValueError:
        return ""
    labels = [label for label in host.split(".") if label not in _GENERIC]
    return slug("-".join(labels[:-1] or labels))


def write(path: Path, records: Iterable[Mapping[str, object]]) -> None:
    """Add the records to a sources file, which is made when missing; comments stay.

    Raises ``ConfigError`` when the file cannot be edited.
    """
    try:
        put_all(path, "sources", tuple(records))
    except OSError as error:
        problem = Problem(file=str(path), line=0, column=0, message=f"cannot be written: {error.strerror}")
        raise ConfigError((problem,)) from error


def file_named(name: str, config: Path) -> Path:
    """The sources file that an operator means by ``name``: a bare name lies in ``sources/``.

    Raises ``ConfigError`` for a file that the config would not read.
    """
    given = Path(name)
    path = given if given.suffix in (".yaml", ".yml") else given.with_name(f"{given.name}.yaml")
    folder = config / "sources"
    if path.parent == Path():
        path = folder / path
    if not path.resolve().is_relative_to(folder.resolve()):
        message = f"lies outside {folder}, where the monitor would not read it"
        problem = Problem(
            file=str(path), line=0, column=0, message=message, hint=f"write {folder / path.name}"
        )
        raise ConfigError((problem,))
    return path


def as_written(source: Source, kinds: Mapping[str, SourceKind]) -> Source:
    """The source with only those options that differ from its kind's defaults."""
    kind = kinds.get(source.kind)
    defaults = kind.options().model_dump() if kind is not None else {}
    chosen = {name: value for name, value in source.options.items() if defaults.get(name, ...) != value}
    return dataclasses.replace(source, options=chosen)
