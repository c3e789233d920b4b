"""Well-formed RSS 0.9x–2.0, RSS 1.0 (RDF) and Atom 0.3/1.0, read with lxml.

One table says which element feeds which field, so that mixtures (Atom links in RSS, Dublin Core
dates, Yahoo media titles) need no code of their own.
"""

from __future__ import annotations

import dataclasses
import re
from collections.abc import Iterator
from html import entities
from typing import Final
from urllib.parse import urljoin

from lxml import etree

from monitor.sources.draft import BROKEN, EntryDraft, Sheet, is_image, whole_id
from monitor.sources.feed import names
from monitor.sources.feed.text import escaped, is_element, is_plain, text_of

_XML: Final = "{http://www.w3.org/XML/1998/namespace}"
_RDF: Final = "{http://www.w3.org/1999/02/22-rdf-syntax-ns#}"
_DOCTYPE: Final = re.compile(
    r"\A((?>\s+|<\?.*?\?>|<!--.*?-->)*+)<!doctype(?>[^>\[]+|\[.*?\]\s*(?=>))*+>", re.IGNORECASE | re.DOTALL
)
DECLARATION: Final = re.compile(r"\A\s*<\?xml\b.*?\?>", re.DOTALL)
_NAMED: Final = re.compile(r"&([a-zA-Z][a-zA-Z0-9]{1,31});")
_KEPT: Final = frozenset({"amp", "lt", "gt", "quot", "apos"})
_PLAIN_ID: Final = names.GUID.index("id")
_NOTHING: Final = (None, None, "")
_ENTRY: Final = {"rss": "item", "rdf": "item", "feed": "entry"}

# What feeds each field: place, element and text, in document order.
_Found = tuple[names.Place, etree._Element, str]  # noqa: SLF001  # lxml's only name for its elements
Fields = dict[str, list[_Found]]
_NONE: Final[list[_Found]] = []


def read_xml(text: str, url: str, *, recover: bool = False) -> Sheet | None:
    """The entries of a well-formed feed at ``url``; None when it is not well-formed or no feed.

    HTML's named entities are read though XML does not know them. Doctypes are dropped, so that
    entities are never expanded and nothing is loaded. ``recover`` reads what is broken as far as
    it goes.
    """
    text = DECLARATION.sub("", text, count=1)
    text = _DOCTYPE.sub(r"\1", text, count=1)
    root = xml_root(text, recover=recover)
    if root is None and "&" in text:
        root = xml_root(_NAMED.sub(_numbered, text), recover=recover)
    if root is None:
        return None
    name = _local(root)
    if name not in _ENTRY:
        return None
    _adopt(root, name)
    sheet = _sheet(root, _ENTRY[name], url)
    return dataclasses.replace(sheet, warnings=(BROKEN,)) if recover else sheet


def _adopt(root: etree._Element, name: str) -> None:
    """Give elements in a namespace that nobody knows the one that is meant: that of the feed itself for its
    own elements, the usual one for those with a usual prefix."""
    entry = next(root.iter(f"{{*}}{_ENTRY[name]}"), root)
    channel = next(_children(root, "channel"), root)
    meant: dict[str, str] = {}
    for element in (root, channel, entry):
        tag = str(element.tag)  # recovered XML may hold names that a QName refuses
        own = tag[1 : tag.find("}")] if tag.startswith("{") else None
        if own and names.family_of(own) == "other":
            meant[own] = names.PREFIXES["atom"] if name == "feed" else ""
    for prefix, space in {**root.nsmap, **channel.nsmap, **entry.nsmap}.items():
        if prefix in names.PREFIXES and names.family_of(space) == "other":
            meant.setdefault(space, names.PREFIXES[prefix])
    for space, target in meant.items():
        for element in list(root.iter(f"{{{space}}}*")):
            local = etree.QName(element).localname
            element.tag = f"{{{target}}}{local}" if target else local


def xml_root(text: str, *, recover: bool) -> etree._Element | None:
    """A document without its declaration as a tree; None where it is none. Entities are never expanded and
    nothing is loaded; with ``recover`` broken XML is read as far as it goes."""
    parser = etree.XMLParser(
        resolve_entities=False,
        no_network=True,
        load_dtd=False,
        huge_tree=False,
        remove_comments=True,
        remove_pis=True,
        recover=recover,
        collect_ids=False,
        encoding="utf-8",
    )
    try:
        return etree.fromstring(text.encode("utf-8", "ignore"), parser)
    except (etree.LxmlError, ValueError):
        return None


def _numbered(found: re.Match[str]) -> str:
    code = entities.name2codepoint.get(found[1])
    return found[0] if code is None or found[1] in _KEPT else f"&#{code};"


def _sheet(root: etree._Element, entry_name: str, url: str) -> Sheet:
    head = root if entry_name == "entry" else next(_children(root, "channel"), root)
    fields = _fields(head)
    base = _base(head, _base(root, url) if head is not root else url)
    home = next(iter(_links(fields)), "")
    home = _joined(base, home) if home else ""
    is_atom = entry_name == "entry"
    language = _first(fields, "language") or head.get(f"{_XML}lang") or root.get(f"{_XML}lang") or ""
    entry_base = base if is_atom or f"{_XML}base" in head.attrib or not home else home
    drafts = tuple([_draft(element, entry_base) for element in root.iter(f"{{*}}{entry_name}")])
    return Sheet(
        drafts=drafts,
        title=_first(fields, "title"),
        home=home,
        language=language,
        hub=_related(fields, "hub", base),
        own=_related(fields, "self", base),
    )


def _related(fields: Fields, relation: str, base: str) -> str:
    links = (element for _, element, _ in _of(fields, "link"))
    found = next((link.get("href") for link in links if (link.get("rel") or "").lower() == relation), None)
    return _joined(base, found) if found else ""


def _draft(element: etree._Element, base: str) -> EntryDraft:
    fields = _fields(element)
    about = own = language = ""
    if element.attrib:
        base = _base(element, base)
        about, own = (element.get(f"{_RDF}about") or "").strip(), element.get("href") or ""
        language = element.get(f"{_XML}lang") or ""
    _, guid_element, guid = _best(fields, "guid") or _NOTHING
    is_link = guid_element is not None and (guid_element.get("isPermaLink") or "true").lower() != "false"
    title_place, title_element, title = _best(fields, "title") or _NOTHING
    found = fields.get("link")
    if found:
        base = _base(_link_with_base(found), base)
    return EntryDraft(
        guid=(whole_id(guid, base) if is_link else guid) or about,
        guid_is_link=is_link
        and not any(place.rank == _PLAIN_ID for place, _, _ in fields.get("guid", _NONE)),
        links=(*_texts(fields, "real_link"), *_links(fields), about, own),
        fallbacks=_enclosures(fields),
        base=base,
        title=title,
        title_is_html=title_place is None
        or title_element is None
        or not is_plain(title_place, title_element),
        summary=_html(fields, "summary"),
        content=_html(fields, "content"),
        published=_dates(fields, "published"),
        updated=_dates(fields, "updated"),
        authors=(*_atom_authors(fields), *_texts(fields, "authors")),
        language=_first(fields, "language") or language,
        outlet=_first(fields, "outlet"),
        pictures=_pictures(fields),
    )


def _link_with_base(found: list[_Found]) -> etree._Element:
    """Atom's link before RSS's: the one that may carry ``xml:base``."""
    return next((element for place, element, _ in found if place.is_atom), found[0][1])


def _local(element: etree._Element) -> str:
    return names.name_of(element.tag)[1]


def _children(element: etree._Element, name: str) -> Iterator[etree._Element]:
    return (child for child in element if is_element(child) and _local(child) == name)


def _fields(element: etree._Element) -> Fields:
    """What the children say, by field."""
    fields: Fields = {}
    for child in element:
        place = names.place_of(child.tag)
        if place is None:
            continue
        if place.slot == "group":
            for slot, found in _fields(child).items():
                fields.setdefault(slot, []).extend(found)
            continue
        text = ""
        if place.is_read:
            text = text_of(child) if place.is_typed or len(child) else (child.text or "").strip()
        if place.slot in fields:
            fields[place.slot].append((place, child, text))
        else:
            fields[place.slot] = [(place, child, text)]
    return fields


def _of(fields: Fields, slot: str) -> list[_Found]:
    """What feeds a field, the best names first."""
    found = fields.get(slot, _NONE)
    return sorted(found, key=_rank) if len(found) > 1 else found


def _rank(found: _Found) -> int:
    return found[0].rank


def _best(fields: Fields, slot: str) -> _Found | None:
    """The first that holds something."""
    for found in _of(fields, slot):
        if found[2]:
            return found
    return None


def _first(fields: Fields, slot: str) -> str:
    found = _best(fields, slot)
    return found[2] if found is not None else ""


def _html(fields: Fields, slot: str) -> str:
    found = _best(fields, slot)
    if found is None:
        return ""
    return escaped(found[2]) if is_plain(found[0], found[1]) else found[2]


def _texts(fields: Fields, slot: str) -> tuple[str, ...]:
    return tuple([text for _, _, text in _of(fields, slot) if text])


def _dates(fields: Fields, slot: str) -> tuple[str, ...]:
    """As ``_texts``; of several of one name the last first, as other parsers have it."""
    found = fields.get(slot, _NONE)
    if len(found) > 1:
        found = found[::-1]
        found.sort(key=_rank)
    return tuple([text for _, _, text in found if text])


def _links(fields: Fields) -> tuple[str, ...]:
    """Link texts and alternate hrefs, HTML ones before others."""
    texts: list[str] = []
    hrefs: list[str] = []
    for _, element, text in _of(fields, "link"):
        if not element.attrib:
            texts.append(text)
            continue
        href = (element.get("href") or "").strip()
        kind = (element.get("type") or "text/html").lower()
        is_alternate = (element.get("rel") or "alternate").lower().endswith("alternate")
        if not href:
            # Without an address of its own an Atom link of another relation is no link of the entry.
            if is_alternate:
                texts.append(text)
        elif is_alternate:
            hrefs.insert(0 if kind == "text/html" and not hrefs else len(hrefs), href)
    return tuple([link for link in (*texts, *hrefs) if link])


def _enclosures(fields: Fields) -> tuple[str, ...]:
    """Addresses of media, and of anything else that the entry links to."""
    found: list[str | None] = [element.get("url") for _, element, _ in _of(fields, "media")]
    links = [(place, element) for place, element, _ in fields.get("link", _NONE) if element.attrib]
    found += [link.get("href") for place, link in links if place.is_atom and link.get("rel") != "self"]
    found += [element.get("src") for place, element, _ in fields.get("content", _NONE) if place.is_atom]
    found += [link.get(f"{_RDF}resource") for place, link in links if not place.is_atom]
    return tuple([link for link in found if link])


def _pictures(fields: Fields) -> tuple[str, ...]:
    """Addresses of the media that are images, as their type, medium or name says."""
    found = [(element, element.get("url")) for _, element, _ in fields.get("media", _NONE)]
    links = [(place, element) for place, element, _ in fields.get("link", _NONE) if element.attrib]
    found += [
        (link, link.get("href")) for place, link in links if place.is_atom and link.get("rel") == "enclosure"
    ]
    return tuple(
        [
            address
            for element, address in found
            if address and is_image(element.get("type") or element.get("medium") or "", address)
        ]
    )


def _atom_authors(fields: Fields) -> tuple[str, ...]:
    found = [_first(_fields(element), "name") for _, element, _ in fields.get("people", _NONE)]
    return tuple([name for name in found if name])


def _base(element: etree._Element, outer: str) -> str:
    own = element.get(f"{_XML}base")
    return _joined(outer, own) if own else outer


def _joined(base: str, link: str) -> str:
    try:
        return urljoin(base, link.strip())
    except ValueError:
        return base
