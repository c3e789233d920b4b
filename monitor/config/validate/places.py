"""Where the service listens: each place once."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from typing import Final

from monitor.config import environment
from monitor.config.yaml.document import YamlDocument, YamlPath
from monitor.errors import Problem
from monitor.model import Settings

_EVERYWHERE: Final = frozenset({"0.0.0.0", "[::]"})  # noqa: S104 - compared, not listened at
_LOCAL: Final = {"localhost": "127.0.0.1"}


def shared_places(
    made: Settings, document: YamlDocument | None, came_from: Mapping[YamlPath, str]
) -> Iterator[Problem]:
    """Two listeners at one place, of which the second would never be served."""
    taken: list[tuple[str, str]] = []
    for name, place in (
        ("web", made.web.listen),
        ("receiver", made.receiver.listen),
        ("metrics", made.metrics.listen),
    ):
        other = next((first for first, at in taken if _meet(at, place)), None)
        taken.append((name, place))
        if other is None:
            continue
        blamed = _blamed((name, other), document, came_from)
        message = f"{name}: listen and {other}: listen are one place, {place}"
        hint = "give one of them another port"
        if name == "metrics" and other == "web":
            hint += "; the desk serves the figures at /metrics anyway"
        if variable := came_from.get((blamed, "listen")):
            yield environment.blame(variable, message, hint)
        elif document is not None:
            yield document.problem((blamed, "listen"), message, hint)


def _blamed(names: tuple[str, str], document: YamlDocument | None, came_from: Mapping[YamlPath, str]) -> str:
    """The one of the two that somebody wrote: the other may be the default."""
    data = document.data if document is not None else None
    for name in names:
        section = data.get(name) if isinstance(data, Mapping) else None
        if (name, "listen") in came_from or (isinstance(section, Mapping) and "listen" in section):
            return name
    return names[0]


def _meet(one: str, other: str) -> bool:
    first, first_port = _parts(one)
    second, second_port = _parts(other)
    if not first_port or first_port != second_port:
        return False
    return first == second or bool({first, second} & _EVERYWHERE)


def _parts(place: str) -> tuple[str, int]:
    """Host and port; port 0 where nobody listens, or at whatever port is free."""
    host, _, port = place.rpartition(":")
    return _LOCAL.get(host, host), int(port) if port.isdecimal() else 0
