"""The newsroom's seed files: outlets, articles and what the manifest says of each."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import timedelta
from importlib import resources
from pathlib import Path
from typing import Any, Literal, cast

from ruamel.yaml import YAML
from ruamel.yaml.error import YAMLError

from monitor.errors import ConfigError, Problem
from monitor.model.source import Tier

Kind = Literal["feed-rss", "feed-atom", "feed-json", "feed-rdf", "sitemap", "sitemap-index", "listing"]
CopyKind = Literal["exact", "cut", "rewrite", "translation"]

Furniture = Mapping[str, str]
"""Words of a page around its article (home, related, comments…) in one language."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Outlet:
    """An invented outlet. ``feed`` and ``page`` are paths; ``url`` and ``port`` are set while it is served.

    ``full_text``: its feed carries whole articles. ``tracking``: its feed links carry campaign
    parameters. ``encoding`` is what feed and pages are written in. ``template`` names the page
    layout. ``options`` are the source's options (CSS selectors of a listing).
    """

    id: str
    name: str
    language: str
    country: str
    tier: Tier
    kind: Kind
    feed: str
    page: str
    template: str = "classic"
    encoding: str = "utf-8"
    full_text: bool = False
    tracking: bool = False
    offset_hours: int = 0
    options: Mapping[str, object] = field(default_factory=dict)
    port: int = 0
    url: str = ""

    @property
    def site(self) -> str:
        """The front page's address, "" while the outlet is not served."""
        return f"http://127.0.0.1:{self.port}" if self.port else ""


@dataclass(frozen=True, slots=True, kw_only=True)
class NewsroomArticle:
    """One version of one article, with the manifest's facts.

    ``id`` is ``<outlet>/<slug>``, for a revision ``<outlet>/<slug>.v2`` with ``revision_of`` naming
    the first version, whose address it shares. ``family`` is the id of the first of all articles
    that are exact copies of one another: it alerts once. ``story`` names the event. ``age`` is how
    long before the start it came out, or ``publish_after_s`` how many seconds after the start it
    will. ``must`` and ``must_not`` are topic ids. ``amp``: the feed lists a second, AMP address too.
    ``tells`` are facts that are news when nobody in the story told them before, ``mentions`` such that are
    only known after it: tokens that are the same in all languages.
    """

    id: str
    outlet: str
    slug: str
    language: str
    headline: str
    paragraphs: tuple[str, ...]
    story: str
    family: str
    authors: tuple[str, ...] = ()
    summary: str = ""
    copy_of: str | None = None
    copy: CopyKind | None = None
    revision_of: str | None = None
    decoy: bool = False
    must: frozenset[str] = frozenset()
    must_not: frozenset[str] = frozenset()
    tells: frozenset[str] = frozenset()
    mentions: frozenset[str] = frozenset()
    age: timedelta | None = None
    publish_after_s: float | None = None
    amp: bool = False
    url: str = ""

    @property
    def text(self) -> str:
        """The article's text, paragraphs parted by an empty line."""
        return "\n\n".join(self.paragraphs)

    @property
    def lead(self) -> str:
        """The first paragraph."""
        return self.paragraphs[0]


@dataclass(frozen=True, slots=True, kw_only=True)
class Seeds:
    """Everything in one newsroom folder."""

    outlets: Mapping[str, Outlet]
    articles: tuple[NewsroomArticle, ...]
    furniture: Mapping[str, Furniture]
    glosses: Mapping[str, str] = field(default_factory=dict)
    """Story → what its articles in other languages are about, in English."""


def bundled(path: str) -> Path:
    """Where ``path`` (such as ``seeds/newsroom`` or ``config``) lies: in the package or in the checkout.

    Raises ``ConfigError`` when it lies in neither.
    """
    packaged = Path(str(resources.files("monitor"))) / "bundled" / path
    checkout = Path(__file__).parents[3] / path
    for candidate in (packaged, checkout):
        if candidate.exists():
            return candidate
    raise _wrong(packaged, "the bundled material is missing", "install the package again")


def load(folder: Path) -> Seeds:
    """Read ``manifest.yaml`` and every article of a newsroom folder.

    Raises ``ConfigError`` naming the file when one is missing or cannot be read.
    """
    manifest_file = folder / "manifest.yaml"
    manifest = _mapping(manifest_file, _read(manifest_file))
    outlets = {row["id"]: _outlet(row) for row in manifest["outlets"]}
    rows = {row["id"]: row for row in manifest["articles"]}
    missing = [row["outlet"] for row in rows.values() if row["outlet"] not in outlets]
    if missing:
        raise _wrong(manifest_file, f"no such outlet: {missing[0]}", "add it under outlets:")
    articles = tuple(_article(folder, row) for row in rows.values())
    return Seeds(
        outlets=outlets,
        articles=articles,
        furniture=manifest["furniture"],
        glosses=manifest.get("glosses", {}),
    )


def _outlet(row: Mapping[str, object]) -> Outlet:
    return Outlet(**cast("dict[str, object]", dict(row)))  # type: ignore[arg-type]


def _article(folder: Path, row: Mapping[str, object]) -> NewsroomArticle:
    """A manifest row joined with its file's front matter and text."""
    name = str(row["id"])
    file = folder / "articles" / f"{name}.md"
    parts = _read(file).split("---\n", 2)
    if len(parts) != len(("before", "front matter", "text")):
        raise _wrong(file, "no front matter", "begin the file with --- lines around its YAML")
    front = _mapping(file, parts[1])
    age = front.get("age_minutes")
    slug = name.split("/", 1)[1]
    return NewsroomArticle(
        id=name,
        outlet=str(row["outlet"]),
        slug=slug.split(".", 1)[0],
        language=str(row["language"]),
        headline=str(front["headline"]),
        paragraphs=tuple(" ".join(part.split()) for part in parts[2].split("\n\n") if part.strip()),
        story=str(row["story"]),
        family=str(row.get("family", name)),
        authors=tuple(front.get("authors", ())),
        summary=str(front.get("summary", "")),
        copy_of=cast("str | None", row.get("copy_of")),
        copy=cast("CopyKind | None", row.get("copy")),
        revision_of=cast("str | None", row.get("revision_of")),
        decoy=bool(row.get("decoy", False)),
        must=frozenset(cast("list[str]", row.get("must", []))),
        must_not=frozenset(cast("list[str]", row.get("must_not", []))),
        tells=frozenset(cast("list[str]", row.get("tells", []))),
        mentions=frozenset(cast("list[str]", row.get("mentions", []))),
        age=None if age is None else timedelta(minutes=age),
        publish_after_s=front.get("publish_after_s"),
        amp=bool(row.get("amp", False)),
    )


def _read(file: Path) -> str:
    try:
        return file.read_text(encoding="utf-8")
    except OSError as error:
        raise _wrong(file, f"cannot be read: {error.strerror}", "restore the newsroom's seeds") from error


def _mapping(file: Path, text: str) -> dict[str, Any]:
    try:
        found = YAML(typ="safe", pure=True).load(text)
    except YAMLError as error:
        raise _wrong(file, f"not YAML: {error}", "mend the syntax") from error
    if not isinstance(found, dict):
        raise _wrong(file, "not a mapping", "write key: value lines")
    return found


def _wrong(file: Path, message: str, hint: str) -> ConfigError:
    return ConfigError((Problem(file=str(file), line=0, column=0, message=message, hint=hint),))
