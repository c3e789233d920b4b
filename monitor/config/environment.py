"""What the environment says: settings by name, the bot token, secrets of chats.

``MONITOR_STORE`` sets ``store``, ``MONITOR_FETCH_WORKERS`` sets ``fetch: workers:`` and so on for
every setting; lists are written with commas. An empty variable says nothing.
"""

from __future__ import annotations

import re
from collections.abc import Iterator, Mapping
from pathlib import Path
from typing import get_args, get_origin

from pydantic import BaseModel

from monitor.config.models.settings import MonitorFile
from monitor.config.yaml.document import YamlPath
from monitor.errors import Problem

TOKEN = "MONITOR_TELEGRAM_TOKEN"  # noqa: S105 (the variable's name)
TOKEN_FILE = "MONITOR_TELEGRAM_TOKEN_FILE"  # noqa: S105 (the variable's name)
RECEIVER_SECRET = "MONITOR_RECEIVER_SECRET"  # noqa: S105 (the variable's name)
RECEIVER_SECRET_FILE = "MONITOR_RECEIVER_SECRET_FILE"  # noqa: S105 (the variable's name)


def variables() -> Mapping[str, YamlPath]:
    """The environment variable of each setting, with the setting's path in monitor.yaml."""
    return {variable: path for variable, (path, _) in _settings().items()}


def _settings() -> Mapping[str, tuple[YamlPath, bool]]:
    """Each variable's setting, and whether that is a list."""
    return {f"MONITOR_{'_'.join(path).upper()}": (path, listed) for path, listed in _leaves(MonitorFile)}


def _leaves(model: type[BaseModel]) -> Iterator[tuple[tuple[str, ...], bool]]:
    for name, info in model.model_fields.items():
        if isinstance(info.annotation, type) and issubclass(info.annotation, BaseModel):
            yield from (((name, *rest), listed) for rest, listed in _leaves(info.annotation))
        else:
            yield (name,), _holds_list(info.annotation)


def _holds_list(annotation: object) -> bool:
    """Whether a field takes several values, by its type (``tuple[int, ...]``), also inside ``Annotated``."""
    if get_origin(annotation) in {tuple, list, set, frozenset}:
        return True
    return any(_holds_list(part) for part in get_args(annotation))


def overlay(
    data: Mapping[str, object], env: Mapping[str, str]
) -> tuple[dict[str, object], Mapping[YamlPath, str]]:
    """The file's settings with the environment's over them, and which variable set which path."""
    merged = dict(data)
    came_from: dict[YamlPath, str] = {}
    for variable, (path, listed) in _settings().items():
        said = env.get(variable, "").strip()
        if not said:
            continue
        value: object = _items(said) if listed else said
        came_from[path] = variable
        if len(path) == 1:
            merged[str(path[0])] = value
            continue
        section = merged.get(str(path[0]))
        own = dict(section) if isinstance(section, Mapping) else {}
        merged[str(path[0])] = {**own, str(path[1]): value}
    return merged, came_from


def _items(said: str) -> list[str]:
    return [item for item in re.split(r"[,\s]+", said) if item]


def blame(variable: str, message: str, hint: str = "") -> Problem:
    """A problem with an environment variable."""
    return Problem(file="environment", line=0, column=0, message=f"{variable}: {message}", hint=hint)


def token(env: Mapping[str, str]) -> tuple[str, tuple[Problem, ...]]:
    """The Telegram token: the variable's, else the named file's, else none."""
    said, problems = _secret(env, TOKEN, TOKEN_FILE)
    if not said:
        return "", problems
    return said, _doubts(TOKEN if env.get(TOKEN, "").strip() else TOKEN_FILE, said)


def receiver_secret(env: Mapping[str, str]) -> tuple[str, tuple[Problem, ...]]:
    """What posts to the receiver must be signed with: the variable's, else the named file's, else none."""
    return _secret(env, RECEIVER_SECRET, RECEIVER_SECRET_FILE)


def _secret(env: Mapping[str, str], variable: str, file: str) -> tuple[str, tuple[Problem, ...]]:
    said = env.get(variable, "").strip()
    name = env.get(file, "").strip()
    if said or not name:
        return said, ()
    try:
        said = Path(name).read_text(encoding="utf-8").strip()
    except (OSError, UnicodeDecodeError) as error:
        why = error.strerror if isinstance(error, OSError) else "it is not text"
        return "", (blame(file, f"{name} cannot be read: {why}", "check path and rights"),)
    if not said:
        return "", (blame(file, f"{name} is empty", "write the secret into it"),)
    return said, ()


def _doubts(variable: str, said: str) -> tuple[Problem, ...]:
    if re.fullmatch(r"\d+:[\w-]+", said):
        return ()
    return (blame(variable, "is not a bot token", "it looks like 123456:AA…; @BotFather gives it"),)


def resolve(
    value: object, env: Mapping[str, str], path: YamlPath = ()
) -> tuple[object, tuple[tuple[YamlPath, str], ...]]:
    """``env:NAME`` texts replaced by the variables' values, and (path, NAME) of the missing ones."""
    if isinstance(value, str) and value.startswith("env:"):
        name = value.removeprefix("env:").strip()
        return (env[name], ()) if env.get(name) else (value, ((path, name),))
    if isinstance(value, Mapping):
        parts = {key: resolve(part, env, (*path, key)) for key, part in value.items()}
        missing = tuple(lack for _, lacks in parts.values() for lack in lacks)
        return {key: part for key, (part, _) in parts.items()}, missing
    if isinstance(value, list | tuple):
        items = [resolve(part, env, (*path, at)) for at, part in enumerate(value)]
        return [part for part, _ in items], tuple(lack for _, lacks in items for lack in lacks)
    return value, ()
