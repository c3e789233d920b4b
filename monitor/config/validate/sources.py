"""Sources: their kinds accept their options, no two have one id or one address."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from ipaddress import ip_address
from urllib.parse import urlsplit

from pydantic import ValidationError

from monitor.config import to_model
from monitor.config.model_errors import complaints
from monitor.config.models.files import SourceShape
from monitor.config.models.types import closest
from monitor.config.validate.sections import Item, twice
from monitor.errors import Problem
from monitor.model import Source
from monitor.ports import SourceKind

_HASTY_S = 60


def read_sources(
    items: tuple[Item[SourceShape], ...], kinds: Mapping[str, SourceKind], *, allow_private: bool = False
) -> tuple[dict[str, Source], tuple[Problem, ...]]:
    """The sources by id, and what is wrong with them. No ``kinds``: every kind is known. ``allow_private``:
    the settings let all of them be on private networks."""
    problems = [*twice(items, "source"), *_same_address(items)]
    sources: dict[str, Source] = {}
    for item in items:
        if item.value is None:
            continue
        if item.value.every.total_seconds() < _HASTY_S and not item.value.allow_private:
            problems.append(
                item.problem(
                    "asks the outlet more than once a minute",
                    "once in 5m is plenty for most",
                    "every",
                    level="warning",
                )
            )
        private = allow_private or item.value.allow_private
        if item.value.enabled and not private and _is_private(item.value.url):
            message = "a private address is never asked, so this source can never be read"
            problems.append(item.problem(message, "say allow_private: true", "url", level="warning"))
        options, own = _options(item, item.value, kinds)
        problems += own
        sources.setdefault(item.id, to_model.source(item.value, options))
    return sources, tuple(problems)


def _is_private(url: str) -> bool:
    """Whether an address names this machine or a private network, without asking for its name."""
    try:
        host = urlsplit(url).hostname or ""
        return host == "localhost" or host.endswith(".localhost") or not ip_address(host).is_global
    except ValueError:
        return False


def _options(
    item: Item[SourceShape], shape: SourceShape, kinds: Mapping[str, SourceKind]
) -> tuple[Mapping[str, object], tuple[Problem, ...]]:
    if not kinds:
        return shape.options, ()
    kind = kinds.get(shape.kind)
    if kind is None:
        unknown = item.problem(f"unknown source kind {shape.kind!r}", closest(shape.kind, kinds), "kind")
        return {}, (unknown,)
    try:
        return kind.options.model_validate(shape.options).model_dump(), ()
    except ValidationError as error:
        path = (*item.path, "options")
        return {}, tuple(complaints(error.errors(include_url=False), item.document, path, kind.options))


def _same_address(items: tuple[Item[SourceShape], ...]) -> Iterator[Problem]:
    first: dict[tuple[str, str], Item[SourceShape]] = {}
    for item in items:
        if item.value is None or not item.value.enabled:
            continue
        # Searches of one service share its host; their options tell them apart.
        asked = (item.value.url, repr(sorted(item.value.options.items())))
        other = first.setdefault(asked, item)
        if other is not item and other.id != item.id:
            yield item.problem(
                f"the source {other.id!r} reads this address already, at {other.where}",
                "keep one of them",
                "url",
                level="warning",
            )
