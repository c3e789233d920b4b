"""Whether a query finds a text, in a line."""

from __future__ import annotations

from monitor.core.query.engine.matcher import Matcher
from monitor.model import MatchText, Topic


def found(languages: str, query: str, text: str, title: str = "") -> bool:
    """Whether a topic of these languages (with commas) finds a text in the first of them."""
    topic = Topic(id="t", query=query, languages=tuple(languages.split(",")))
    article = MatchText(title=title, body=text, language=languages.split(",", maxsplit=1)[0])
    return bool(Matcher.build([topic]).match(article))
