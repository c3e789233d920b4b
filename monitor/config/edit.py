"""Checked edits of the operator's files: what the whole config then refuses is put back."""

from __future__ import annotations

from collections.abc import Callable, Collection, Mapping, Sequence
from pathlib import Path
from types import MappingProxyType

from monitor.config.folder import files
from monitor.config.kept import read_kept
from monitor.config.write import extend, put, put_all, replace
from monitor.config.yaml.document import read
from monitor.errors import ConfigError
from monitor.model import KeptRulebook, Topic


def file_of(id_: str, section: str, config: Path) -> Path | None:
    """The file in which a topic (``topics``) or a source (``sources``) stands; None for an unknown id."""
    return files_of((id_,), section, config).get(id_)


def files_of(ids: Collection[str], section: str, config: Path) -> Mapping[str, Path]:
    """The files in which these topics or sources stand; no key for an unknown id. Each file is read once."""
    found: dict[str, Path] = {}
    for file in files(config):
        document = read(file.path, str(file.path))[0] if file.sort == section else None
        listed = document.data.get(section) if document and isinstance(document.data, Mapping) else None
        for each in listed or ():
            if isinstance(each, Mapping) and each.get("id") in ids:
                found.setdefault(str(each["id"]), file.path)
    return found


def put_all_checked(
    records: Mapping[Path, Sequence[Mapping[str, object]]], section: str, check: Callable[[], object]
) -> None:
    """Write records into their files and have ``check`` read the whole config, once.

    Raises the ``ConfigError`` of a file that cannot be edited or of ``check``; all files are then as they
    were before.
    """
    before = {path: path.read_bytes() for path in records}
    try:
        for path, those in records.items():
            put_all(path, section, those)
        check()
    except ConfigError:
        for path, content in before.items():
            replace(path, content)
        raise


def put_checked(
    path: Path,
    section: str,
    record: Mapping[str, object],
    check: Callable[[], object],
    *,
    more: Mapping[str, Sequence[str]] = MappingProxyType({}),
) -> None:
    """Write a record into a file, add ``more`` lines to its lists, and have ``check`` read the whole config.

    Raises the ``ConfigError`` of ``check``; the file is then as it was before.
    """
    before = path.read_bytes() if path.exists() else None
    put(path, section, record)
    try:
        if any(more.values()):
            extend(path, section, str(record["id"]), {key: lines for key, lines in more.items() if lines})
        check()
    except ConfigError:
        if before is None:
            path.unlink()
        else:
            replace(path, before)
        raise


def topic_versions(
    kept: Sequence[KeptRulebook], topic_id: str
) -> tuple[tuple[KeptRulebook, Topic | None], ...]:
    """When a topic had which form, newest first, by the rulebooks that a service took (newest first).

    None: it was taken out then.
    """
    found: list[tuple[KeptRulebook, Topic | None]] = []
    for rulebook in reversed(kept):
        topic = next((each for each in read_kept(rulebook.content).topics if each.id == topic_id), None)
        if (found[-1][1] if found else None) != topic:
            found.append((rulebook, topic))
    return tuple(reversed(found))


def former_record(
    versions: Sequence[tuple[KeptRulebook, Topic | None]], present: Topic | None
) -> Mapping[str, object] | None:
    """What a topic said before its last change, as the files hold it; None when there is no other form."""
    before = next((topic for _, topic in versions if topic and topic != present), None)
    if before is None:
        return None
    return {
        "id": before.id,
        "title": before.title,
        "query": before.query,
        "languages": list(before.languages),
        "enabled": before.enabled,
    }
