"""What stands in an element of a feed: text, mark-up, Base64."""

from __future__ import annotations

import base64
import binascii

from lxml import etree

from monitor.sources.feed import names


def text_of(element: etree._Element) -> str:
    """What stands in an element; mark-up inside it is given as mark-up (Atom's XHTML, sloppy RSS)."""
    if (element.get("mode") or "").lower() == "base64" or _is_base64(element):
        try:
            return base64.b64decode(element.text or "").decode("utf-8", "replace").strip()
        except (binascii.Error, ValueError):
            return ""
    if not len(element):
        return (element.text or "").strip()
    parts = [escaped(element.text or "")]
    for child in element:
        if is_element(child):
            parts.append(etree.tostring(child, encoding="unicode", method="html"))
        else:
            parts.append((child.text or "") + (child.tail or ""))
    return "".join(parts).strip()


def is_element(node: etree._Element) -> bool:
    """False for entity references, which stay unread."""
    return isinstance(node.tag, str)


def _is_base64(element: etree._Element) -> bool:
    """Atom 1.0 §4.1.3.3: a media type that is no text and no XML means Base64."""
    media_type = (element.get("type") or "").lower()
    return (
        "/" in media_type
        and not media_type.startswith("text/")
        and "xml" not in media_type
        and not len(element)
        and names.name_of(element.tag)[1] in ("title", "summary", "content")
        and element.get("mode") is None
        and element.get("src") is None
    )


def is_plain(place: names.Place, element: etree._Element) -> bool:
    """Atom's ``type="text"`` (the default): the text holds no mark-up, whatever it looks like."""
    if not place.is_atom and not element.attrib:
        return False
    kind = (element.get("type") or ("text" if place.is_atom else "html")).lower()
    mode = (element.get("mode") or "").lower()
    return not len(element) and mode not in ("escaped", "base64") and kind in ("text", "text/plain")


def escaped(text: str) -> str:
    return text.replace("&", "&amp;").replace("<", "&lt;").replace(">", "&gt;")
