"""The JSON pages answer every input with a sentence, never with a fault of ours."""

from __future__ import annotations

import random
import re
import subprocess
import sys
from collections.abc import Iterator
from pathlib import Path
from typing import Any
from urllib.parse import quote

import pytest

from tests.support.desk import DeskWorld

EACH = 4
ODD: tuple[Any, ...] = (
    "", " ", "\x00", "\U0001f600", "a" * 3_000, "%00", "../../etc/passwd", "' OR 1=1 --", "*", "(", "NOT x",
    '"', "{NATO}", "\u202e", "0", "-1", "1e999", str(2**70), "null", "2026-02-30", "0001-01-01T00:00:00",
    "9999-12-31T23:59:59+00:00", "true", "[]", "é" * 50, "https://[::1",
    "http://x:99999/", "potash", "herald",
)  # fmt: skip


def _operations(schema: dict[str, Any]) -> Iterator[tuple[str, str, dict[str, Any]]]:
    for path, methods in schema["paths"].items():
        for method, operation in methods.items():
            yield method.upper(), path, operation


def _body(operation: dict[str, Any], schema: dict[str, Any], chance: random.Random) -> Any:
    """What somebody may send as JSON: fields of the model with odd values, or no object at all."""
    content = operation.get("requestBody", {}).get("content", {}).get("application/json")
    if content is None:
        return None
    name = content["schema"]["$ref"].rpartition("/")[2]
    fields = schema["components"]["schemas"][name]["properties"]
    odd = (*ODD, 7, None, [], {}, ["a"], {"a": 1})
    body = {field: chance.choice(odd) for field in fields if chance.random() < 0.7}
    return chance.choice([body, body, body, [], "text", None])


def test_odd_inputs_are_answered(world: DeskWorld) -> None:
    client, chance = world.client(), random.Random(11)
    schema = client.get("/api/v1/openapi.json").json()
    faults = []
    asked = 0
    for method, path, operation in _operations(schema):
        for _ in range(EACH):
            address, params = path, {}
            for parameter in operation.get("parameters", ()):
                value = str(chance.choice(ODD))
                if parameter["in"] == "path":
                    given = quote(value, safe="") or "x"
                    address = address.replace(f"{{{parameter['name']}}}", given)
                elif chance.random() < 0.6:
                    params[parameter["name"]] = value
            answer = client.session.request(
                method,
                client.base + address,
                params=params,
                json=_body(operation, schema, chance),
                headers={"Origin": client.base},
                timeout=30,
            )
            asked += 1
            if answer.status_code >= 500:
                faults.append((method, answer.url, answer.text[:200]))
    assert faults == []
    assert asked > 50


KNOWN_ODD = (
    *("stories?until=0001-01-01T00:00:00", "stories?until=9999-12-31T23:59:59%2B00:00&days=366"),
    *(
        "outbox?before=1180591620717411303424",
        "search?q=%00",
        "search?q=*x*",
        "search?q=NOT+x",
        "why?q=https://[::1",
    ),
    *("why?q=http://x:99999/", "articles/%00", "articles/http:%2F%2F%5B::1", "topics/%00", "stories/%00"),
)


def test_what_was_odd_once_stays_answered(seen: DeskWorld) -> None:
    client = seen.client()
    for path in KNOWN_ODD:
        assert client.get(f"/api/v1/{path}").status_code < 500, path
        assert client.get(f"/{path}").status_code < 500, path


def test_every_page_has_its_twin_in_the_schema(seen: DeskWorld) -> None:
    paths = set(seen.client().get("/api/v1/openapi.json").json()["paths"])
    for name in ("now", "why", "topics", "stories", "sources", "search", "outbox", "chats"):
        assert f"/api/v1/{name}" in paths
    for name in ("topics/{topic_id}", "stories/{story_id}", "sources/{source_id}", "articles/{article_id}"):
        assert f"/api/v1/{name}" in paths


@pytest.mark.nightly
@pytest.mark.timeout(600)
def test_schemathesis_finds_no_fault_of_ours(world: DeskWorld) -> None:
    """Some 1,100 requests made of the OpenAPI: values at and beyond every bound, and made-up ones."""
    tool = Path(sys.executable).with_name("schemathesis")
    if not tool.exists():
        pytest.skip("schemathesis is not installed (make test-nightly installs the extra nightly)")
    origin = ("--header", f"Origin: {world.base}")
    asked = ("--checks", "not_a_server_error", "--max-examples", "10", "--phases", "coverage,fuzzing")
    done = subprocess.run(
        [str(tool), "run", f"{world.base}/api/v1/openapi.json", *origin, *asked, "--request-timeout", "30"],
        capture_output=True,
        text=True,
        check=False,
        cwd=world.config,
    )
    assert done.returncode == 0, done.stdout[-4_000:]
    assert re.search(r"(\d{3,}) generated, \1 passed", done.stdout)
