"""JSON Schemas of the operator's files, for editors.

``python -m monitor.config.models.schemas DIR`` writes them; the first line of a YAML file names its own:
``# yaml-language-server: $schema=../schema/topics.json``.
"""

from __future__ import annotations

import json
import sys
from collections.abc import Mapping
from pathlib import Path
from typing import Any

from pydantic import BaseModel

from monitor.config.models.files import ChatsFile, SourcesFile, TopicsFile
from monitor.config.models.settings import MonitorFile

_DIALECT = "https://json-schema.org/draft/2020-12/schema"
_FILES: Mapping[str, type[BaseModel]] = {
    "chats": ChatsFile,
    "monitor": MonitorFile,
    "sources": SourcesFile,
    "topics": TopicsFile,
}


def schemas() -> Mapping[str, dict[str, Any]]:
    """A JSON Schema (draft 2020-12) for each sort of file."""
    return {
        name: {"$schema": _DIALECT, **model.model_json_schema(mode="validation")}
        for name, model in _FILES.items()
    }


def write(folder: Path) -> tuple[Path, ...]:
    """Write each schema to ``folder``/<sort>.json; the paths written."""
    folder.mkdir(parents=True, exist_ok=True)
    paths = []
    for name, schema in schemas().items():
        path = folder / f"{name}.json"
        path.write_text(text(schema), encoding="utf-8")
        paths.append(path)
    return tuple(paths)


def text(schema: dict[str, Any]) -> str:
    """The schema as it stands in its file."""
    return json.dumps(schema, indent=2, ensure_ascii=False) + "\n"


if __name__ == "__main__":
    for written in write(Path(sys.argv[1] if len(sys.argv) > 1 else "config/schema")):
        sys.stdout.write(f"{written}\n")
