"""Page shapes on loopback: the right source is found first, or its absence is told."""

from __future__ import annotations

from datetime import UTC, datetime

import pytest

from monitor.http import HttpFetcher
from monitor.model import Fetched, FetchRequest, FetchSettings, Source
from monitor.plugins import source_kinds
from monitor.sources.discovery import Discovery, discover
from tests.support.sites import Shape, served, shapes

NOW = datetime(2026, 11, 24, 1, 0, tzinfo=UTC)
SHAPES = {shape.name: shape for shape in shapes()}


def found(url: str) -> Discovery:
    fetch = HttpFetcher(FetchSettings(allow_private=True), version="9.9", now=lambda: NOW)
    try:
        return discover(url, fetch=fetch, kinds=source_kinds(), now=NOW, allow_private=True)
    finally:
        fetch.close()


@pytest.mark.parametrize("shape", SHAPES.values(), ids=SHAPES)
def test_the_right_source_stands_first(shape: Shape) -> None:
    with served(shape) as site:
        result = found(site + shape.start)
        wanted = shape.expect
        if wanted["kind"] is None:
            assert result.candidates == ()
            assert (
                any(wanted["says"] in tried.outcome for tried in result.tried) or wanted["says"] == "nothing"
            )
            return
        best = result.candidates[0]
        home = site.replace("127.0.0.1", "localhost") if wanted.get("host") == "www" else site
        assert (best.kind, best.url) == (wanted["kind"], home + wanted["path"])
        assert len(best.entries) == wanted["entries"]
        assert best.reason
        if "first" in wanted:
            assert best.entries[0].title == wanted["first"]
        if "dated" in wanted:
            assert sum(entry.published is not None for entry in best.entries) == wanted["dated"]


@pytest.mark.parametrize(
    "name", ["06-article-cards", "07-table", "11-stale-feed", "12-news-page-behind-splash"]
)
def test_found_selectors_work_as_a_source(name: str) -> None:
    """What is proposed reads the same entries when the service polls it."""
    shape = SHAPES[name]
    with served(shape) as site:
        best = found(site + shape.start).candidates[0]
        kind = source_kinds()["listing"]
        options = kind.options.model_validate(best.options).model_dump()
        assert options["item"]
        source = Source(id="s", name="S", kind="listing", url=best.url, options=options, allow_private=True)
        fetch = HttpFetcher(FetchSettings(allow_private=True), version="9.9", now=lambda: NOW)
        try:
            answer = fetch(FetchRequest(url=source.url, allow_private=True))
        finally:
            fetch.close()
        assert isinstance(answer, Fetched)
        again = kind.parse(source, answer)
    assert [entry.title for entry in again.entries] == [entry.title for entry in best.entries]
