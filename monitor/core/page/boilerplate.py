"""What the names of elements say: which parts of a page are furniture, not its article.

Class and id are the only words a template has for "newsletter box" or "more stories". They are read
as words of English web design, never as rules for one outlet. Some of them are sure (``comments``,
``newsletter``); others are also words for texts about something (``popular-science``, ``video-text``),
and what they name is furniture only when it does not read like the article's paragraphs.
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
    | [ck]omm?ent\w*|disqus\w*|respond|replies
    | related\w*|recommend\w*|recirc\w*|read-?(?:more|next|also)|more-?(?:from|stories|news|on|like)
    | most-?(?:read|popular|viewed)|trending\w*|see-?also|also-?read|you-?may\w*
    | next-?prev|prev-?next|post-?nav\w*
    | side-?bar\w*|breadcrumbs?|crumbs?|menu\w*|nav|navbar|navigation|pagination|pager
    | tags?|tag-?list|topics?-?list
    | byline\w*|author\w*|bio|contributor\w*|dateline|timestamp|pub-?date
    | posted-?(?:on|by)|(?:post|entry)-?meta|meta|(?:article|post)-?info|credits?|caption\w*
    | (?:fact|info|promo|call-?out)-?box\w*|pull-?quotes?
    | consent\w*|regwall|modal\w*|popup\w*|overlay\w*|tooltip|popover\w*
    | visually-?hidden|sr-?only|screen-?reader\w*|skip\w*|footer\w*|masthead|disclaimer|copyright
    | rating\w*|vote\w*
    )(?:$|[\s_-])
    | cookie | gdpr
    """,
    re.IGNORECASE | re.VERBOSE,
)
_DOUBTFUL: Final = re.compile(
    r"""
    (?:^|[\s_-])(?:
      popular[^\W_]*|teaser[^\W_]*|cards|card-list|keywords|published|lightbox|hover-?card[^\W_]*|rollover-[^\W_]*block
    | widget[^\W_]*|banner[^\W_]*|toolbar|tools|print[^\W_]*|hidden|foot|poll|quiz
    | [^\W_]*gallery[^\W_]*|slideshow[^\W_]*|carousel[^\W_]*|slide-?count|video-?[^\W_]*|player[^\W_]*
    )(?:$|[\s_-])
    """,
    re.IGNORECASE | re.VERBOSE,
)
# Classes that describe a whole page or post ("category-…", "author-jane"), not the element's part in it, as
# "author-bio" does.
_DESCRIBING: Final = re.compile(
    r"\b(?:tag|category|format|has|no|js|is|not"
    r"|author(?!-(?:bio|box|info|card|about|block|name|description|profile|details|line)\b))-[\w-]+"
)
_HUMP: Final = re.compile(r"(?<=[a-z])(?=[A-Z])")
_ROLES: Final = frozenset({"navigation", "complementary", "banner", "contentinfo", "search", "dialog"})
_WHOLE: Final = frozenset({"html", "body", "main"})
MAX_NAME: Final = 400
_DOUBT: Final = 1
_SURE: Final = 2


def is_furniture(element: etree._Element) -> bool:
    """Whether an element's name, role or style says that it is not part of an article's text.

    A name may lie about an element that holds most of the page: the caller weighs that.
    """
    return element.tag not in _WHOLE and (element.tag == "form" or is_hidden(element) or _named(element) > 0)


def has_furniture_name(element: etree._Element) -> bool:
    """Whether an element's name alone says that it is furniture."""
    return _named(element) > 0


def is_doubtful(element: etree._Element) -> bool:
    """Whether only a doubtful name speaks against a piece of furniture: its text may speak for it."""
    return element.tag != "form" and not is_hidden(element) and _named(element) == _DOUBT


def _named(element: etree._Element) -> int:
    name = f"{element.get('class') or ''} {element.get('id') or ''}"[:MAX_NAME]
    if len(name) == 1:
        return 0
    if "embed" in name or (element.tag == "article" and ("hentry" in name or "post-" in name)):
        return 0  # quoted posts belong to the article; a blog's article names its tags and author
    name = _DESCRIBING.sub("", name)
    if not name.islower():
        name = _HUMP.sub("-", name)
    if _FURNITURE.search(name) is not None:
        return _SURE
    # A row of a table is named for what it is about ("player-747").
    return _DOUBT if element.tag != "tr" and _DOUBTFUL.search(name) is not None else 0


def is_hidden(element: etree._Element) -> bool:
    """Whether an element is not shown, or marked as a part of the page around the article."""
    style = element.get("style")
    if style and "none" in style and "display" in style:
        return True
    if element.get("hidden") is not None or element.get("aria-hidden") == "true":
        return True
    return element.get("role") in _ROLES
