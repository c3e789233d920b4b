"""Own sample documents and what is read from them.

Each file in ``tests/data/feeds`` has its expected reading beside it. After a wanted change run

    .venv/bin/python tests/unit/sources/kinds/test_golden.py

and review the diff of the ``.expected.json`` files.
"""

from __future__ import annotations

import dataclasses
import json
import sys
from datetime import UTC, datetime
from pathlib import Path
from typing import Any

import pytest

from monitor.model import Fetched, Source
from monitor.sources.kinds import feed, listing, sitemap

SAMPLES = Path(__file__).parents[3] / "data" / "feeds"
FILES = sorted(path for path in SAMPLES.iterdir() if not path.name.endswith(".expected.json"))
NOW = datetime(2026, 11, 24, 1, 0, tzinfo=UTC)


def expected_file(path: Path) -> Path:
    return path.with_name(f"{path.name}.expected.json")


def reading(path: Path) -> dict[str, Any]:
    """What the kind that claims the document most reads from it, as JSON."""
    source = Source(id="golden", name="Golden", kind="", url="https://golden.example/feed")
    fetched = Fetched(url=source.url, status=200, body=path.read_bytes(), fetched_at=NOW)
    kind = max((feed.KIND, sitemap.KIND, listing.KIND), key=lambda kind: kind.sniff(fetched))
    record = dataclasses.asdict(kind.parse(source, fetched))
    loaded: dict[str, Any] = json.loads(json.dumps(record, default=datetime.isoformat, ensure_ascii=False))
    return loaded


@pytest.mark.parametrize("path", FILES, ids=lambda path: path.name)
def test_reads_as_before(path: Path) -> None:
    """A change of any field of any entry is seen by a person before it is taken."""
    assert reading(path) == json.loads(expected_file(path).read_text(encoding="utf-8"))


def test_every_sample_is_used() -> None:
    """No expectation without its document."""
    left = {path.name for path in SAMPLES.glob("*.expected.json")}
    assert left == {expected_file(path).name for path in FILES}


def regenerate() -> None:
    """Write every expectation anew."""
    for path in FILES:
        text = json.dumps(reading(path), ensure_ascii=False, indent=1)
        expected_file(path).write_text(text + "\n", encoding="utf-8")
        sys.stdout.write(f"{expected_file(path)}\n")


if __name__ == "__main__":
    regenerate()
