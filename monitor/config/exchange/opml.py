"""OPML 2.0 (opml.org/spec2.opml), which feed readers exchange; what it has no place for travels in
attributes of our own namespace."""

from __future__ import annotations

import json
from collections.abc import Iterable, Iterator, Mapping
from typing import Final

from lxml import etree

from monitor.config.models.types import duration_text
from monitor.errors import ConfigError, Problem
from monitor.model import Source

NAMESPACE: Final = "urn:coverage-monitor:source"
_OWN: Final = ("id", "kind", "country", "tier", "timezone")
_MORE: Final = ("every", "enabled", "options", "select", "remove")
_MAX: Final = 20_000


def read_opml(data: bytes, file: str) -> Iterator[tuple[str, Mapping[str, object]]]:
    """Every outline with an address, as (where it stands, keys of a source).

    Entities are not expanded, nothing is loaded, broken XML is read as far as it goes. Raises
    ``ConfigError`` when it is no OPML.
    """
    parser = etree.XMLParser(
        resolve_entities=False, no_network=True, load_dtd=False, huge_tree=False, recover=True
    )
    try:
        root = etree.fromstring(data, parser)
    except (etree.LxmlError, ValueError):
        root = None
    if root is None or not isinstance(root.tag, str) or root.tag.lower() != "opml":
        problem = Problem(file=file, line=0, column=0, message="is no OPML file", hint="export it again")
        raise ConfigError((problem,))
    for number, outline in enumerate(root.iter("outline")):
        if number >= _MAX:
            return
        given = {str(name).lower(): str(value).strip() for name, value in outline.attrib.items()}
        url = given.get("xmlurl", "")
        if url:
            yield f"line {outline.sourceline}", _record(given, url)


def _record(given: Mapping[str, str], url: str) -> dict[str, object]:
    own = {name: given.get(f"{{{NAMESPACE}}}{name}", "") for name in (*_OWN, *_MORE)}
    record: dict[str, object] = {
        "id": own["id"],
        "name": given.get("title") or given.get("text", ""),
        "kind": own["kind"] or "feed",
        "url": url,
        "site": given.get("htmlurl", ""),
        "language": given.get("language", "").replace("_", "-").partition("-")[0].lower(),
        **{name: own[name] for name in ("country", "tier", "every", "timezone")},
    }
    if own["options"]:
        record["options"] = _options(own["options"])
    if own["enabled"] == "false":
        record["enabled"] = False
    if recipe := {name: own[name] for name in ("select", "remove") if own[name]}:
        record["text"] = recipe
    return {name: value for name, value in record.items() if value != ""}


def _options(text: str) -> object:
    try:
        return json.loads(text)
    except ValueError:
        return text  # refused as no mapping, with its place


def write_opml(sources: Iterable[Source]) -> bytes:
    """The sources as OPML, one outline each."""
    root = etree.Element("opml", nsmap={"monitor": NAMESPACE}, version="2.0")
    head = etree.SubElement(root, "head")
    etree.SubElement(head, "title").text = "Coverage Monitor sources"
    body = etree.SubElement(root, "body")
    for source in sources:
        outline = etree.SubElement(body, "outline", type="rss", text=source.name, title=source.name)
        outline.set("xmlUrl", source.url)
        for name, value in (("htmlUrl", source.site), ("language", source.language)):
            if value:
                outline.set(name, value)
        own = {name: str(getattr(source, name) or "") for name in _OWN}
        own |= {"every": duration_text(source.every), "enabled": "" if source.enabled else "false"}
        own["options"] = json.dumps(dict(source.options), ensure_ascii=False) if source.options else ""
        if source.recipe:
            own |= {"select": source.recipe.select, "remove": source.recipe.remove}
        for name, value in own.items():
            if value:
                outline.set(f"{{{NAMESPACE}}}{name}", value)
    data: bytes = etree.tostring(root, xml_declaration=True, encoding="UTF-8", pretty_print=True)
    return data
