"""The catalogue in ``seeds/sources``: large enough, valid, nothing in it twice."""

from __future__ import annotations

import re
from collections import Counter
from collections.abc import Mapping
from dataclasses import replace
from pathlib import Path

import pytest

from monitor.config import load
from monitor.errors import ConfigError
from monitor.model import Source
from monitor.plugins import source_kinds
from seeds import check

NEIGHBOURS = {"LT", "PL", "UA", "RU", "LV", "EE"}


@pytest.fixture(scope="module")
def catalogue() -> Mapping[str, Source]:
    return check.read(check.PACKS)


@pytest.fixture(scope="module")
def shipped() -> Mapping[str, Source]:
    return load(check.SHIPPED, env={}, kinds=source_kinds()).rulebook.sources


def test_it_is_large_enough(catalogue: Mapping[str, Source]) -> None:
    """Outlets, not their editions and sections."""
    assert len(check.outlets(catalogue)) >= 300
    assert len({source.country for source in catalogue.values() if source.country}) >= 20


def test_belarus_and_its_neighbours_are_deepest(catalogue: Mapping[str, Source]) -> None:
    counts = Counter(source.country for source in catalogue.values())
    assert counts.most_common(1)[0][0] == "BY"
    assert sum(counts[country] for country in NEIGHBOURS | {"BY"}) >= len(catalogue) * 0.4
    assert all(counts[country] >= 10 for country in NEIGHBOURS)


def test_every_source_tells_its_language_and_site(catalogue: Mapping[str, Source]) -> None:
    assert [source.id for source in catalogue.values() if not (source.language and source.site)] == []


def test_nothing_stands_twice(catalogue: Mapping[str, Source]) -> None:
    assert list(check.twice(catalogue)) == []
    names = Counter(source.name for source in catalogue.values())
    assert [name for name, count in names.items() if count > 1] == []


def test_it_holds_what_is_shipped_with_the_same_ids_and_facts(
    catalogue: Mapping[str, Source], shipped: Mapping[str, Source]
) -> None:
    """Change a source of ``config/sources`` in its pack too."""
    assert list(check.strayed(catalogue, shipped)) == []


def test_the_state_is_called_the_state(catalogue: Mapping[str, Source]) -> None:
    state = {source.id for source in catalogue.values() if source.tier == "state"}
    assert {"belta", "sb", "ont", "ctv-by", "sputnik-by", "tass", "ria", "rt-en", "rg", "vesti"} <= state


def test_an_address_in_another_spelling_is_found(catalogue: Mapping[str, Source]) -> None:
    again = replace(catalogue["belta"], id="belta-again", url="http://www.belta.by/rss/?utm_source=x")
    assert list(check.twice({**catalogue, again.id: again})) == [
        f"belta-again and belta read one address: {again.url}"
    ]


def test_an_outlet_under_another_id_is_found(catalogue: Mapping[str, Source]) -> None:
    other = replace(catalogue["belta"], id="belta-by")
    assert list(check.strayed(catalogue, {"belta-by": other})) == [
        "belta-by of config/sources is called belta here"
    ]


def test_a_pack_with_an_id_twice_is_refused(tmp_path: Path) -> None:
    for name in ("a", "b"):
        text = f"sources:\n  - id: one\n    url: https://{name}.example/feed\n"
        (tmp_path / f"{name}.yaml").write_text(text, encoding="utf-8")
    with pytest.raises(ConfigError, match="one"):
        check.read(tmp_path)


@pytest.mark.parametrize("pack", sorted(check.PACKS.glob("*.yaml")), ids=lambda path: path.stem)
def test_packs_name_their_schema(pack: Path) -> None:
    first = pack.read_text(encoding="utf-8").partition("\n")[0]
    named = re.fullmatch(r"# yaml-language-server: \$schema=(\S+)", first)
    assert named
    assert (pack.parent / named[1]).is_file()
