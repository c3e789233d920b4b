# ruff: noqa: INP001 (a script beside its data)
"""Checks the packs in ``seeds/sources`` and counts them: ``python seeds/check.py``.

Every pack must load as the operator's own file would, no source may stand twice by id or by
canonical address, and an outlet of ``config/sources`` keeps its id and its facts.
"""

from __future__ import annotations

import shutil
import sys
import tempfile
from collections import Counter
from collections.abc import Iterator, Mapping
from pathlib import Path

from rich.console import Console
from rich.table import Table
from tld import get_fld

from monitor.config import check, load
from monitor.core.text.urls import canonical_url, host_key
from monitor.errors import ConfigError
from monitor.model import Source
from monitor.plugins import source_kinds

HERE = Path(__file__).parent
PACKS = HERE / "sources"
SHIPPED = HERE.parent / "config"


def read(folder: Path) -> Mapping[str, Source]:
    """The sources of the packs in ``folder`` by id, read as one config folder.

    Raises ``ConfigError`` for errors and for warnings.
    """
    with tempfile.TemporaryDirectory() as made:
        shutil.copytree(folder, Path(made) / "sources")
        if problems := check(Path(made), env={}, kinds=source_kinds()):
            raise ConfigError(problems)
        return load(Path(made), env={}, kinds=source_kinds()).rulebook.sources


def twice(sources: Mapping[str, Source]) -> Iterator[str]:
    """A sentence for each pair of sources whose addresses are one."""
    first: dict[str, str] = {}
    for source in sources.values():
        other = first.setdefault(canonical_url(source.url), source.id)
        if other != source.id:
            yield f"{source.id} and {other} read one address: {source.url}"


def strayed(packs: Mapping[str, Source], shipped: Mapping[str, Source]) -> Iterator[str]:
    """A sentence for each shipped source that the packs leave out, rename or tell otherwise."""
    addresses = {canonical_url(source.url): source.id for source in packs.values()}
    for source in shipped.values():
        at = addresses.get(canonical_url(source.url))
        if source.id not in packs:
            yield f"{source.id} of config/sources is {'called ' + at if at else 'missing'} here"
        elif packs[source.id] != source:
            yield f"{source.id} differs from config/sources"


def outlets(sources: Mapping[str, Source]) -> frozenset[str]:
    """Registrable domains of the front pages: editions and sections of one outlet count once."""
    sites = (source.site or source.url for source in sources.values())
    return frozenset(get_fld(site, fail_silently=True) or host_key(site) for site in sites)


def table(sources: Mapping[str, Source]) -> Table:
    """Sources by country and tier, the countries with most of them first."""
    countries = Counter(source.country or "—" for source in sources.values())
    tiers = Counter(source.tier for source in sources.values())
    cells = Counter((source.country or "—", source.tier) for source in sources.values())
    shown = Table("country", *tiers, "all", title="Sources by country and tier")
    for column in shown.columns[1:]:
        column.justify = "right"
    for country, count in countries.most_common():
        shown.add_row(country, *(str(cells[country, tier] or "") for tier in tiers), str(count))
    shown.add_section()
    shown.add_row(str(len(countries.keys() - {"—"})), *map(str, tiers.values()), str(len(sources)))
    return shown


def main() -> int:
    """Print the table and what is wrong; 1 when anything is."""
    console = Console()
    try:
        packs = read(PACKS)
    except ConfigError as error:
        console.print(*error.problems, sep="\n", markup=False)
        return 1
    wrong = [*twice(packs), *strayed(packs, load(SHIPPED, env={}, kinds=source_kinds()).rulebook.sources)]
    console.print(table(packs))
    console.print(f"{len(packs)} sources of {len(outlets(packs))} outlets")
    for sentence in wrong:
        console.print(sentence, markup=False)
    return 1 if wrong else 0


if __name__ == "__main__":
    sys.exit(main())
