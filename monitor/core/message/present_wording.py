"""An alert in the words that its article has now: what a correction took back is not said again."""

from __future__ import annotations

import dataclasses
import re
from difflib import SequenceMatcher

from monitor.core.text.clean import sentences
from monitor.model import Alert, Article, Delivery

ALIKE = 0.5
MOST_SENTENCES = 400
_WORD = re.compile(r"\w+")

Marks = tuple[tuple[int, int], ...]


def present_wording(alert: Alert, article: Article) -> Alert:
    """The alert with its article's present headline and, where its sentence changed, the sentence that
    stands there now. Marks stay on the words that are still there."""
    changed = _with_title(alert, article.title)
    if alert.excerpt and article.text and alert.excerpt not in article.text:
        now = _present_sentence(alert.excerpt, article.text)
        if now:
            marks = _moved(alert.excerpt, alert.highlights, now)
            changed = dataclasses.replace(changed, excerpt=now, highlights=marks)
    return changed


def with_headline(delivery: Delivery, title: str) -> Delivery:
    """The delivery with its alert's present headline; "" leaves it as it is."""
    if not isinstance(delivery.payload, Alert):
        return delivery
    return dataclasses.replace(delivery, payload=_with_title(delivery.payload, title))


def _with_title(alert: Alert, title: str) -> Alert:
    if not title or title == alert.headline:
        return alert
    marks = _moved(alert.headline, alert.headline_highlights, title)
    return dataclasses.replace(alert, headline=title, headline_highlights=marks)


def _present_sentence(before: str, text: str) -> str:
    """The sentence of the text that is most like the one before; "" when none is."""
    old, best, most = _WORD.findall(before.casefold()), "", ALIKE
    for start, end in sentences(text)[:MOST_SENTENCES]:
        new = _WORD.findall(text[start:end].casefold())
        compared = SequenceMatcher(None, old, new, autojunk=False)
        if compared.quick_ratio() >= most and (ratio := compared.ratio()) >= most:
            best, most = text[start:end], ratio
    return best[: max(len(before), 320)]


def _moved(before: str, marks: Marks, after: str) -> Marks:
    """The same words marked where they stand now, each at its first place after the one before."""
    found, at = [], 0
    for start, end in marks:
        place = after.find(before[start:end], at)
        if place >= 0 and end > start:
            at = place + end - start
            found.append((place, at))
    return tuple(found)
