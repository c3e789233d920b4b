"""What is shipped: the lock file, the image, the compose files, the documents of the machine."""

from __future__ import annotations

import json
import re
import tomllib
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pytest
from ruamel.yaml import YAML

from monitor.config.environment import variables
from monitor.model.job import ROLES

ROOT = Path(__file__).parents[2]
DOCKER = ROOT / "deploy" / "docker"
_PIN = re.compile(r"^([A-Za-z0-9_.-]+)==(\S+)")
_NOT_SETTINGS = {"MONITOR_TELEGRAM_TOKEN_FILE", "MONITOR_RECEIVER_SECRET_FILE"}


def pins(file: str) -> dict[str, str]:
    lines = (ROOT / file).read_text(encoding="utf-8").splitlines()
    found = (match for line in lines if (match := _PIN.match(line)))
    return {canonical(match[1]): match[2] for match in found}


def canonical(name: str) -> str:
    return re.sub(r"[-_.]+", "-", name).lower()


def instructions() -> Iterator[tuple[str, str]]:
    """The Dockerfile's instructions: their word and the rest, lines joined."""
    text = (ROOT / "Dockerfile").read_text(encoding="utf-8")
    text = "\n".join(line for line in text.splitlines() if not line.startswith("#")).replace("\\\n", " ")
    for line in text.splitlines():
        if line.strip():
            word, _, rest = line.partition(" ")
            yield word, " ".join(rest.split())


def test_the_lock_holds_what_was_tested_with_a_hash_each_and_names_no_host() -> None:
    text = (ROOT / "requirements.txt").read_text(encoding="utf-8")
    assert "://" not in text
    assert not re.search(r"^\s*(-i|--(extra-)?index-url|--find-links|--trusted-host)", text, re.MULTILINE)
    locked, tested = pins("requirements.txt"), pins("constraints.txt")
    assert text.count("--hash=sha256:") >= len(locked)
    blocks = re.split(r"\n(?=[A-Za-z0-9])", text.partition("\n")[2])
    assert [block[:40] for block in blocks if "==" in block[:60] and "--hash=sha256:" not in block] == []
    assert {name: pin for name, pin in locked.items() if tested.get(name, pin) != pin} == {}


def test_all_name_the_same_oldest_python() -> None:
    project = tomllib.loads((ROOT / "pyproject.toml").read_text(encoding="utf-8"))["project"]
    oldest = project["requires-python"].removeprefix(">=")
    assert oldest.count(".") == 2, "a library of constraints.txt asks for a patch of it"
    for file in ("README.md", "CONTRIBUTING.md", "Makefile", "docs/install.md"):
        text = (ROOT / file).read_text(encoding="utf-8")
        named = set(re.findall(r"Python (3\.\d+(?:\.\d+)?)(?= or newer|–)", text))
        assert named == {oldest}, file
    assert f"--python-version {oldest} " in (ROOT / "Makefile").read_text(encoding="utf-8")


def test_every_dependency_of_the_service_is_in_the_lock() -> None:
    project = tomllib.loads((ROOT / "pyproject.toml").read_text(encoding="utf-8"))["project"]
    wanted = {canonical(re.split(r"[\[<>=;~! ]", line)[0]) for line in project["dependencies"]}
    assert wanted - pins("requirements.txt").keys() == set()


def test_the_image_is_built_in_two_stages_and_runs_without_root() -> None:
    found = list(instructions())
    words = [word for word, _ in found]
    assert [rest for word, rest in found if word == "FROM"] == ["${BASE} AS build", "${BASE}"]
    base = next(rest for word, rest in found if word == "ARG")
    assert re.fullmatch(r"BASE=python:3\.\d+-slim-\w+(@sha256:[0-9a-f]{64})?", base)
    assert [rest for word, rest in found if word == "USER"] == ["10001:10001"]
    assert words.index("USER") > words.index("COPY", words.index("FROM", words.index("FROM") + 1))
    assert {"HEALTHCHECK", "VOLUME", "STOPSIGNAL"} <= set(words)
    assert "ADD" not in words
    assert any("--require-hashes" in rest for _, rest in found)


def test_what_the_image_copies_is_there_and_let_through() -> None:
    allowed = (ROOT / ".dockerignore").read_text(encoding="utf-8").splitlines()
    for word, rest in instructions():
        if word == "COPY" and not rest.startswith("--from"):
            for source in rest.split()[:-1]:
                assert (ROOT / source).exists(), source
                assert f"!{source.removeprefix('./')}" in allowed, source


@pytest.mark.parametrize("name", ["compose.yaml", "compose.postgres.yaml"])
def test_compose_files_lock_the_service_in_and_set_only_what_there_is(name: str) -> None:
    composed: dict[str, Any] = YAML(typ="safe").load(DOCKER / name)
    services = composed["services"].items()
    ours = {key: each for key, each in services if each["image"].partition(":")[0] == "coverage-monitor"}
    assert set(ours) == ({"monitor"} if name == "compose.yaml" else {"monitor", "worker"})
    for service in ours.values():
        assert (service["read_only"], service["cap_drop"]) == (True, ["ALL"])
        assert service["security_opt"] == ["no-new-privileges:true"]
        assert all(port.startswith("127.0.0.1:") for port in service.get("ports", ()))
        build = service["build"]
        context = build["context"] if isinstance(build, dict) else build
        assert (DOCKER / context).resolve() == ROOT
        assert ("postgresql-client" in str(build)) == (name == "compose.postgres.yaml"), "it makes the copies"
        named = {name for name in service["environment"] if name.startswith("MONITOR_")}
        assert named - _NOT_SETTINGS - set(variables()) == set()
    if "worker" in ours:
        assert ours["worker"]["command"][0] == "worker"
        assert {"fetch", "process"} <= set(ROLES)


def test_what_a_container_is_asked_is_what_the_service_says() -> None:
    text = (DOCKER / "healthcheck.py").read_text(encoding="utf-8")
    named = set(re.findall(r"monitor_[a-z_]+", text))
    rules = (ROOT / "deploy/prometheus/alerts.yaml").read_text(encoding="utf-8")
    assert named
    assert [name for name in named if name not in rules] == []


def test_the_dashboard_has_a_query_in_each_panel() -> None:
    board = json.loads((ROOT / "deploy/grafana/coverage-monitor.json").read_text(encoding="utf-8"))
    empty = [panel["title"] for panel in board["panels"] if panel["type"] != "row" and not panel["targets"]]
    assert not empty
    assert len({panel["id"] for panel in board["panels"]}) == len(board["panels"])
