"""What the names of elements say: which parts of a page are furniture, not its article.

Class and id are the only words a template has for "newsletter box" or "more stories". They are read
as words of English web design, never as rules for one outlet.
"""

from __future__ import annotations

import re
from typing import TYPE_CHECKING, Final

if TYPE_CHECKING:
    from lxml import etree

_FURNITURE: Final = re.compile(
    r"""
    (?:^|[\s_-])(?:
      ads?|advert\w*|adslot|adsense|sponsor\w*|promo\w*|outbrain|taboola
    | share\w*|sharing|social\w*|follow\w*|subscri\w*|newsletter\w*|sign-?up|optin
    | comment\w*|disqus\w*|respond|replies
    | related\w*|recommend\w*|recirc\w*|read-?(?:more|next|also)|more-?(?:from|stories|news|on|like)
    | most-?(?:read|popular|viewed)|popular\w*|trending\w*|see-?also|also-?read|you-?may\w*
    | teaser\w*|cards|card-list|next-?prev|prev-?next|post-?nav\w*
    | side-?bar\w*|breadcrumbs?|crumbs?|menu\w*|nav|navbar|navigation|pagination|pager
    | tags?|tag-?list|topics?-?list|keywords
    | byline\w*|author\w*|bio|contributor\w*|dateline|timestamp|pub-?date|published
    | posted-?(?:on|by)|(?:post|entry)-?meta|meta|(?:article|post)-?info|credits?|caption\w*
    | consent\w*|regwall|modal\w*|popup\w*|overlay\w*|lightbox|tooltip|hover-?card\w*|popover\w*
    | rollover-\w*block|widget\w*|banner\w*|toolbar|tools|print\w*|copyright|disclaimer
    | hidden|visually-?hidden|sr-?only|screen-?reader\w*|skip\w*|footer\w*|foot|masthead
    | rating\w*|vote\w*|poll|quiz|[^\W_]*gallery\w*|slideshow\w*|carousel\w*|slide-?count|video-?\w*|player\w*
    )(?:$|[\s_-])
    | cookie | gdpr
    """,
    re.IGNORECASE | re.VERBOSE,
)
# Classes that describe a whole page or post ("category-…", "has-sidebar"), not the element's part in it.
_DESCRIBING: Final = re.compile(r"\b(?:tag|category|format|has|no|js|is|not|author)-[\w-]+")
_HUMP: Final = re.compile(r"(?<=[a-z])(?=[A-Z])")
_ROLES: Final = frozenset({"navigation", "complementary", "banner", "contentinfo", "search", "dialog"})
_WHOLE: Final = frozenset({"html", "body", "main"})
MAX_NAME: Final = 400


def is_furniture(element: etree._Element) -> bool:
    """Whether an element's name, role or style says that it is not part of an article's text.

    A name may lie about an element that holds most of the page: the caller weighs that.
    """
    tag = element.tag
    if tag in _WHOLE:
        return False
    if tag == "form" or _is_hidden(element):
        return True
    name = f"{element.get('class') or ''} {element.get('id') or ''}"[:MAX_NAME]
    if len(name) == 1:
        return False
    if "embed" in name or (tag == "article" and ("hentry" in name or "post-" in name)):
        return False  # quoted posts belong to the article; a blog's article names its tags and author
    name = _DESCRIBING.sub("", name)
    if not name.islower():
        name = _HUMP.sub("-", name)
    return _FURNITURE.search(name) is not None


def _is_hidden(element: etree._Element) -> bool:
    style = element.get("style")
    if style and "none" in style and "display" in style:
        return True
    if element.get("hidden") is not None or element.get("aria-hidden") == "true":
        return True
    return element.get("role") in _ROLES
