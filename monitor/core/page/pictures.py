"""Which addresses are pictures of an article. Nothing is fetched: addresses are all that is ever stored."""

from __future__ import annotations

import re
from collections.abc import Iterable, Iterator
from functools import lru_cache
from itertools import islice
from typing import Final
from urllib.parse import SplitResult, parse_qsl, urljoin, urlsplit

from monitor.core.text.clean import unescape
from monitor.core.text.urls import MAX_URL, http_url, usual_url

MOST_PICTURES: Final = 10
_MOST_CANDIDATES: Final = 50
_LEAST_PIXELS: Final = 100
_DEPTH: Final = 3
# What nobody calls a photograph, or no channel shows as one.
_NO_PHOTO: Final = re.compile(
    r"\.(?:svgz?|gif|ico|cur|bmp|tiff?|heic|avif|mp[34]|m4[av]|webm|mov|avi|ogg|wav|pdf|js|css|html?|xml|json)$"
)
_ORNAMENT: Final = re.compile(
    r"(?<![a-z])(?:logos?|logotype|sprites?|icons?|favicon|avatars?|gravatar|userpic|emoji|smil(?:ey|ies)|spacers?"
    r"|blank|placeholders?|dummy|pixels?|track(?:er|ers|ing)|beacons?|counters?|clear|transparent"
    r"|no[-_]?(?:image|photo|picture|pic|thumb)s?|1x1)(?![a-z])"
)
_STAND_IN: Final = re.compile(
    r"(?:^|[-_.])(?:default|fallback|generic|share|sharing|social|og)(?:[-_.]?(?:image|img|share|cover))?\."
)
_WATCHER: Final = re.compile(
    r"(?:^|[.-])(?:pixels?|counters?|hits?|stats?|analytics|trackers?|tracking|beacons?|metrics?|ads?|adservice"
    r"|doubleclick|scorecardresearch|gemius|google-analytics|mc\.yandex|yadro|gravatar|tns-counter|top-fwz1)(?=[.-])"
)
_SIZE: Final = re.compile(r"(?<!\d)(\d{1,5})x(\d{1,5})(?!\d)")
# What tells one cut of a picture from another: 1200x675, -scaled, @2x, _16x9, /w1200/.
_CUT: Final = re.compile(r"[-_@./]?(?:\d{1,5}x\d{0,5}|scaled|[whq][-_]?\d{2,4})(?=[-_@./]|$)")
_WIDTHS: Final = frozenset({"w", "h", "width", "height"})
_ASKED: Final = re.compile(r"(?:w|h|width|height)=|%", re.IGNORECASE)
_NAMES_IT: Final = re.compile(r"\.(?:jpe?g|png|webp)$")


def picture_addresses(stated: Iterable[str], base: str) -> tuple[str, ...]:
    """Those of the stated addresses that may be pictures of the article, absolute, in their order.

    At most ten. Only http(s); no logos, icons, sprites, trackers and vector graphics, as far as an
    address tells; of several cuts of one picture the first. ``base`` is what relative ones are
    relative to. Never raises.
    """
    found: dict[str, str] = {}
    for number, text in enumerate(stated):
        if number >= _MOST_CANDIDATES or len(found) >= MOST_PICTURES:
            break
        url = _absolute(text, base)
        if url is not None and _may_show(parts := urlsplit(url)):
            found.setdefault(_picture(parts), url)
    return tuple(found.values())


def stated_images(value: object, depth: int = 0) -> Iterator[str]:
    """What linked data (schema.org ``image``) states: ``"x"``, ``{"url": "x"}`` or a list of these.

    None of an image that says itself that it is tiny.
    """
    if isinstance(value, str):
        yield value
    elif isinstance(value, list) and depth < _DEPTH:
        for item in islice(value, _MOST_CANDIDATES):
            yield from stated_images(item, depth + 1)
    elif isinstance(value, dict) and not any(_is_few(value.get(side)) for side in ("width", "height")):
        url = value.get("url") or value.get("contentUrl")
        if isinstance(url, str):
            yield url


def _is_few(pixels: object) -> bool:
    stated = str(pixels).strip().lower().removesuffix("px").strip() if isinstance(pixels, str | int) else ""
    return stated.isdecimal() and int(stated[:6]) < _LEAST_PIXELS


def _absolute(text: str, base: str) -> str | None:
    text = text.strip()
    if not text or len(text) > MAX_URL:
        return None
    if "&" not in text and (usual := usual_url(text)):  # nearly all: five times as fast
        return usual
    try:
        url = http_url(urljoin(base, unescape(text).replace(" ", "%20")))
    except ValueError:
        return None
    return url if url is not None and url.isprintable() else None


def _may_show(parts: SplitResult) -> bool:
    path = parts.path.lower()
    name = path.rsplit("/", 1)[-1]
    return not (
        not path.strip("/")
        or _NO_PHOTO.search(path)
        or _ORNAMENT.search(path)
        or _STAND_IN.search(name)
        or _watches(parts.netloc.lower())
        or _is_tiny(path, parts.query)
    )


@lru_cache(maxsize=4_096)
def _watches(host: str) -> bool:
    return _WATCHER.search(host) is not None


def _is_tiny(path: str, query: str) -> bool:
    # 16x9 is a shape, 32x32 a size.
    sizes = [(int(width), int(height)) for width, height in _SIZE.findall(path)] if "x" in path else []
    if any(9 < min(size) < _LEAST_PIXELS for size in sizes):  # noqa: PLR2004 - two digits
        return True
    if not _ASKED.search(query):
        return False
    asked = (value for name, value in parse_qsl(query.lower()) if name in _WIDTHS)
    return any(value.isdecimal() and int(value[:6]) < _LEAST_PIXELS for value in asked)


def _picture(parts: SplitResult) -> str:
    """What all cuts of one picture have in common; what stands after ? only where the path is no file."""
    path = parts.path.lower()
    own = "" if _NAMES_IT.search(path) else parts.query
    return f"{parts.netloc.lower()}{_CUT.sub('', path)}?{own}"
