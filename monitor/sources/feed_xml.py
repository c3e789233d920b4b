"""Well-formed RSS 0.9x–2.0, RSS 1.0 (RDF) and Atom 0.3/1.0, read with lxml.

One table says which element feeds which field, so that mixtures (Atom links in RSS, Dublin Core
dates, Yahoo media titles) need no code of their own.
"""

from __future__ import annotations

import base64
import binascii
import dataclasses
import re
from collections.abc import Iterator
from html import entities
from typing import Final
from urllib.parse import urljoin

from lxml import etree

from monitor.sources import feed_names as names
from monitor.sources.draft import BROKEN, Draft, Sheet, whole_id

_XML: Final = "{http://www.w3.org/XML/1998/namespace}"
_RDF: Final = "{http://www.w3.org/1999/02/22-rdf-syntax-ns#}"
_DOCTYPE: Final = re.compile(
    r"\A((?>\s+|<\?.*?\?>|<!--.*?-->)*+)<!doctype(?>[^>\[]+|\[.*?\]\s*(?=>))*+>", re.IGNORECASE | re.DOTALL
)
_DECLARATION: Final = re.compile(r"\A\s*<\?xml\b.*?\?>", re.DOTALL)
_NAMED: Final = re.compile(r"&([a-zA-Z][a-zA-Z0-9]{1,31});")
_KEPT: Final = frozenset({"amp", "lt", "gt", "quot", "apos"})
_ENTRY: Final = {"rss": "item", "rdf": "item", "feed": "entry"}

# What stands under each name: the elements with their text, in order.
Fields = dict[str, list[tuple[etree._Element, str]]]  # noqa: SLF001  # lxml's only name for its elements
_NONE: Final[list[tuple[etree._Element, str]]] = []


def read_xml(text: str, url: str, *, recover: bool = False) -> Sheet | None:
    """The entries of a well-formed feed at ``url``; None when it is not well-formed or no feed.

    HTML's named entities are read though XML does not know them. Doctypes are dropped, so that
    entities are never expanded and nothing is loaded. ``recover`` reads what is broken as far as
    it goes.
    """
    text = _DECLARATION.sub("", text, count=1)
    text = _DOCTYPE.sub(r"\1", text, count=1)
    root = _root(text, recover=recover)
    if root is None and "&" in text:
        root = _root(_NAMED.sub(_numbered, text), recover=recover)
    if root is None:
        return None
    name = _local(root)
    if name not in _ENTRY:
        return None
    sheet = _sheet(root, _ENTRY[name], url)
    return dataclasses.replace(sheet, warnings=(BROKEN,)) if recover else sheet


def _root(text: str, *, recover: bool) -> etree._Element | None:
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
    language = (
        _first_of(fields, names.LANGUAGE)[1] or head.get(f"{_XML}lang") or root.get(f"{_XML}lang") or ""
    )
    entry_base = base if is_atom or f"{_XML}base" in head.attrib or not home else home
    drafts = tuple(_draft(element, entry_base) for element in root.iter(f"{{*}}{entry_name}"))
    return Sheet(
        drafts=drafts,
        title=_first_of(fields, names.TITLE)[1],
        home=home,
        language=language,
        hub=_related(fields, "hub", base),
        own=_related(fields, "self", base),
    )


def _related(fields: Fields, relation: str, base: str) -> str:
    links = (element for element, _ in (*fields.get("atom:link", _NONE), *fields.get("link", _NONE)))
    found = next((link.get("href") for link in links if (link.get("rel") or "").lower() == relation), None)
    return _joined(base, found) if found else ""


def _draft(element: etree._Element, base: str) -> Draft:
    fields = _fields(element)
    base = _base(element, base)
    guid_element, guid = _first_of(fields, names.GUID)
    is_link = guid_element is not None and (guid_element.get("isPermaLink") or "true").lower() != "false"
    about = (element.get(f"{_RDF}about") or "").strip()
    title_element, title = _first_of(fields, names.TITLE)
    found = fields.get("atom:link") or fields.get("link")
    if found:
        base = _base(found[0][0], base)
    links = (*_texts(fields, names.REAL_LINK), *_links(fields), about, element.get("href") or "")
    return Draft(
        guid=(whole_id(guid, base) if is_link else guid) or about,
        guid_is_link=is_link and "id" not in fields,
        links=links,
        fallbacks=_enclosures(fields),
        base=base,
        title=title,
        title_is_html=title_element is None or not _is_plain(title_element),
        summary=_html(fields, names.SUMMARY),
        content=_html(fields, names.CONTENT),
        published=_texts(fields, names.PUBLISHED),
        updated=_texts(fields, names.UPDATED),
        authors=(*_atom_authors(fields), *_texts(fields, names.AUTHORS)),
        language=_first_of(fields, names.LANGUAGE)[1] or element.get(f"{_XML}lang") or "",
        outlet=_first_of(fields, names.OUTLET)[1],
    )


def _local(element: etree._Element) -> str:
    return names.name_of(element.tag)[1]


def _is_element(node: etree._Element) -> bool:
    """False for entity references, which stay unread."""
    return isinstance(node.tag, str)


def _children(element: etree._Element, name: str) -> Iterator[etree._Element]:
    return (child for child in element if _is_element(child) and _local(child) == name)


def _fields(element: etree._Element) -> Fields:
    """The children by name, with the family in front unless it is the feed's own."""
    fields: Fields = {}
    for child in element:
        if not _is_element(child):
            continue
        key, is_read, is_typed = names.key_of(child.tag)
        if key == "media:group":
            for inner, elements in _fields(child).items():
                fields.setdefault(inner, []).extend(elements)
        text = ""
        if is_read:
            text = _text(child) if is_typed or len(child) else (child.text or "").strip()
        if key in fields:
            fields[key].append((child, text))
        else:
            fields[key] = [(child, text)]
    return fields


def _first_of(fields: Fields, wanted: tuple[str, ...]) -> tuple[etree._Element | None, str]:
    """The first element that holds something, and what."""
    for name in wanted:
        for found in fields.get(name, _NONE):
            if found[1]:
                return found
    return None, ""


def _html(fields: Fields, wanted: tuple[str, ...]) -> str:
    element, text = _first_of(fields, wanted)
    return _escaped(text) if element is not None and _is_plain(element) else text


def _texts(fields: Fields, wanted: tuple[str, ...]) -> tuple[str, ...]:
    return tuple([text for name in wanted if name in fields for _, text in fields[name] if text])


def _text(element: etree._Element) -> str:
    """What stands in an element; mark-up inside it is given as mark-up (Atom's XHTML, sloppy RSS)."""
    if (element.get("mode") or "").lower() == "base64" or _is_base64(element):
        try:
            return base64.b64decode(element.text or "").decode("utf-8", "replace").strip()
        except (binascii.Error, ValueError):
            return ""
    if not len(element):
        return (element.text or "").strip()
    parts = [_escaped(element.text or "")]
    for child in element:
        if _is_element(child):
            parts.append(etree.tostring(child, encoding="unicode", method="html"))
        else:
            parts.append((child.text or "") + (child.tail or ""))
    return "".join(parts).strip()


def _is_base64(element: etree._Element) -> bool:
    """Atom 1.0 §4.1.3.3: a media type that is no text and no XML means Base64."""
    media_type = (element.get("type") or "").lower()
    return (
        "/" in media_type
        and not media_type.startswith("text/")
        and "xml" not in media_type
        and not len(element)
        and _local(element) in ("title", "summary", "content")
        and element.get("mode") is None
        and element.get("src") is None
    )


def _is_plain(element: etree._Element) -> bool:
    """Atom's ``type="text"`` (the default): the text holds no mark-up, whatever it looks like."""
    default = "text" if names.name_of(element.tag)[0] == "atom" else "html"
    kind = (element.get("type") or default).lower()
    mode = (element.get("mode") or "").lower()
    return not len(element) and mode not in ("escaped", "base64") and kind in ("text", "text/plain")


def _escaped(text: str) -> str:
    return text.replace("&", "&amp;").replace("<", "&lt;").replace(">", "&gt;")


def _links(fields: Fields) -> tuple[str, ...]:
    """Link texts and alternate hrefs, HTML ones before others."""
    texts: list[str] = []
    hrefs: list[str] = []
    for element, text in (*fields.get("link", _NONE), *fields.get("atom:link", _NONE)):
        href = (element.get("href") or "").strip()
        kind = (element.get("type") or "text/html").lower()
        if not href:
            texts.append(text)
        elif (element.get("rel") or "alternate").lower().endswith("alternate"):
            hrefs.insert(0 if kind == "text/html" and not hrefs else len(hrefs), href)
    return tuple(link for link in (*texts, *hrefs) if link)


def _enclosures(fields: Fields) -> tuple[str, ...]:
    """Addresses of media, and of anything else that the entry links to."""
    found = [
        child.get("url")
        for name in ("enclosure", "media:content", "media:player")
        for child, _ in fields.get(name, _NONE)
    ]
    found += [child.get("href") for child, _ in fields.get("atom:link", _NONE) if child.get("rel") != "self"]
    found += [child.get("src") for child, _ in fields.get("atom:content", _NONE)]
    found += [child.get(f"{_RDF}resource") for child, _ in fields.get("link", _NONE)]
    return tuple([link for link in found if link])


def _atom_authors(fields: Fields) -> tuple[str, ...]:
    authors = fields.get("atom:author", _NONE)
    found = [_first_of(_fields(author), ("atom:name", "name"))[1] for author, _ in authors]
    return tuple([name for name in found if name])


def _base(element: etree._Element, outer: str) -> str:
    own = element.get(f"{_XML}base")
    return _joined(outer, own) if own else outer


def _joined(base: str, link: str) -> str:
    try:
        return urljoin(base, link.strip())
    except ValueError:
        return base
