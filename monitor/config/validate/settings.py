"""The settings: monitor.yaml, then the environment over it."""

from __future__ import annotations

import dataclasses
import re
from collections.abc import Iterator, Mapping, Sequence

from pydantic import BaseModel, ValidationError

from monitor.config import environment, to_model
from monitor.config.model_errors import complaints, words
from monitor.config.models.settings import MonitorFile
from monitor.config.validate.places import shared_places
from monitor.config.yaml.document import YamlDocument, YamlPath
from monitor.errors import Problem
from monitor.i18n.localizer import LANGUAGES
from monitor.model import Settings

NO_BROKER = "engine: celery needs the address of RabbitMQ where the service and its workers run"
BROKER_HINT = "set MONITOR_BROKER there, or broker here, e.g. amqp://user@host:5672//"
_TOKEN_MEND = f"take it out of the file and set {environment.TOKEN} or {environment.TOKEN_FILE}"


def read_settings(
    documents: Sequence[YamlDocument], env: Mapping[str, str]
) -> tuple[Settings, tuple[Problem, ...]]:
    """The settings and what is wrong with them; where they are wrong, the defaults stand in."""
    token, problems = environment.token(env)
    secret, doubts_of_secret = environment.receiver_secret(env)
    problems = (*problems, *doubts_of_secret)
    document = documents[0] if documents else None
    data, own = _content(document)
    merged, came_from = environment.overlay(data, env)
    extra = [
        second.problem((), f"{documents[0].file} holds the settings already", "keep one of them")
        for second in documents[1:]
    ]
    try:
        shape = MonitorFile.model_validate(merged)
    except ValidationError as error:
        wrong = _told(error, document, came_from)
        return to_model.settings(_valid(merged, error), token, secret), (*problems, *own, *extra, *wrong)
    made = to_model.settings(shape, token, secret)
    password = [
        each
        for name in ("store", "broker")
        if (name,) not in came_from
        for each in _password(document, name, getattr(made, name))
    ]
    return made, (
        *problems,
        *own,
        *extra,
        *password,
        *_short_archive(made, document, came_from),
        *_unspoken(made, document, came_from),
        *_too_many_processes(made, document, came_from),
        *_without_broker(made, document, came_from),
        *shared_places(made, document, came_from),
    )


def _valid(merged: Mapping[str, object], error: ValidationError) -> BaseModel:
    """The settings without the wrong ones, whose defaults stand in."""
    left: dict[str, object] = {
        name: dict(value) if isinstance(value, Mapping) else value for name, value in merged.items()
    }
    for detail in error.errors(include_url=False):
        name, *rest = detail["loc"]
        section = left.get(str(name))
        if rest and isinstance(section, dict) and rest[0] in section:
            del section[str(rest[0])]
        else:
            left.pop(str(name), None)
    try:
        return MonitorFile.model_validate(left)
    except ValidationError:  # what is left contradicts itself
        return MonitorFile()


def _content(document: YamlDocument | None) -> tuple[Mapping[str, object], tuple[Problem, ...]]:
    if document is None or document.data is None:
        return {}, ()
    if not isinstance(document.data, Mapping):
        return {}, (document.problem((), "expected settings", "write key: value lines"),)
    data = {key: part for key, part in document.data.items() if part is not None}
    telegram = data.get("telegram")
    if isinstance(telegram, Mapping) and "token" in telegram:
        data["telegram"] = {key: part for key, part in telegram.items() if key != "token"}
        path = ("telegram", "token")
        message = "the bot's token does not belong in a file"
        return data, (document.problem(path, message, _TOKEN_MEND, key=True),)
    return data, ()


def _told(
    error: ValidationError, document: YamlDocument | None, came_from: Mapping[YamlPath, str]
) -> Iterator[Problem]:
    by_file = []
    for detail in error.errors(include_url=False):
        variable = came_from.get(detail["loc"][:2]) or came_from.get(detail["loc"][:1])
        if variable is not None:
            yield environment.blame(variable, *words(detail, MonitorFile))
        else:
            by_file.append(detail)
    if document is not None and by_file:
        yield from complaints(by_file, document, (), MonitorFile)


def _short_archive(
    made: Settings, document: YamlDocument | None, came_from: Mapping[YamlPath, str]
) -> Iterator[Problem]:
    """An archive that forgets what copies and stories are still compared with."""
    windows = {"stories: copy_days": made.stories.copy_days, "stories: window": made.stories.window.days}
    name, days = max(windows.items(), key=lambda item: item[1])
    if made.archive_days >= days:
        return
    message = (
        f"archive_days is {made.archive_days}, less than {name} ({days} days): copies would be told again"
    )
    hint = f"write {days} or more, or lower {name}"
    if variable := came_from.get(("archive_days",)):
        yield environment.blame(variable, message, hint)
    elif document is not None:
        yield document.problem(("archive_days",), message, hint)


def _unspoken(
    made: Settings, document: YamlDocument | None, came_from: Mapping[YamlPath, str]
) -> Iterator[Problem]:
    if made.language in LANGUAGES:
        return
    message, hint = f"the bot does not speak {made.language!r}", f"it speaks {', '.join(sorted(LANGUAGES))}"
    if variable := came_from.get(("language",)):
        yield environment.blame(variable, message, hint)
    elif document is not None:
        yield document.problem(("language",), message, hint)


def _too_many_processes(
    made: Settings, document: YamlDocument | None, came_from: Mapping[YamlPath, str]
) -> Iterator[Problem]:
    if made.processes == 1 or not made.store.startswith("sqlite"):
        return
    message = f"{made.processes} processes cannot share SQLite, which has one writer and one service"
    hint = "write processes: 1, or set store to a PostgreSQL database"
    variable = came_from.get(("processes",)) or came_from.get(("store",))
    if variable is not None:
        yield environment.blame(variable, message, hint)
    elif document is not None:
        yield document.problem(("processes",), message, hint)


def _without_broker(
    made: Settings, document: YamlDocument | None, came_from: Mapping[YamlPath, str]
) -> Iterator[Problem]:
    if made.engine == "local":
        return
    if made.store.startswith("sqlite"):
        message, hint, level = (
            "engine: celery needs PostgreSQL",
            "set store to a PostgreSQL database",
            "error",
        )
    elif not made.broker:
        # Its password is a secret of the service: who only looks into the store need not have it.
        message, hint, level = NO_BROKER, BROKER_HINT, "warning"
    else:
        return
    if variable := came_from.get(("engine",)):
        yield dataclasses.replace(environment.blame(variable, message, hint), level=level)
    elif document is not None:
        yield document.problem(("engine",), message, hint, level=level)


def _password(document: YamlDocument | None, name: str, address: str) -> tuple[Problem, ...]:
    if document is None or not re.search(r"://[^/@:]*:[^/@]+@", address):
        return ()
    return (
        document.problem(
            (name,),
            "a password stands in the file",
            f"set MONITOR_{name.upper()} in the environment instead",
            level="warning",
        ),
    )
