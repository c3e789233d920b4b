"""From a reading to a capture: the pages as they came, the text, and the facts about both as JSON."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import datetime

from monitor.core.evidence.links import canonical, moment
from monitor.core.evidence.packing import packed_part
from monitor.core.evidence.verifier import digest
from monitor.core.rulebook import Rulebook
from monitor.model import Capture, Entry, EvidencePart, Fetched, Match, Placed, Vanished

WORTH = frozenset({"new", "copy", "revision"})


def captured(
    placed: Placed,
    entry: Entry,
    answers: Sequence[Fetched],
    *,
    at: datetime,
    rulebook: Rulebook,
    from_page: bool,
    again: bool = False,
) -> tuple[Capture, ...]:
    """The capture of a reading: of matched articles, and of whatever a further look finds changed.

    ``answers`` are the pages that were fetched for it, in the order in which they came. Unless its text is
    ``from_page``, what the source listed is kept too. Nothing when evidence is not kept.
    """
    settings = rulebook.settings.evidence
    # What people watch for themselves is nobody else's business.
    matches = [match for match in placed.matches if match.topic_id in rulebook.topics]
    worth = placed.placement.verdict in WORTH and (matches or again)
    if settings.keep != "on" or not worth:
        return ()
    article, placement = placed.article, placed.placement
    pages, stated = _pages(answers, settings.max_bytes)
    text = packed_part("text", article.text.encode("utf-8", "replace"))
    listed = () if from_page or not entry.content else (_listed(entry, settings.max_bytes),)
    facts = {
        "reading": "recheck" if again else "read",
        "at": moment(at),
        "rulebook": rulebook.revision,
        "text_from": "page" if from_page else "entry",
        "article": {
            "id": placement.article_id,
            "url": article.url,
            "canonical_url": article.canonical_url,
            "title": article.title,
            "authors": list(article.authors),
            "published": article.published and moment(article.published),
            "modified": article.modified and moment(article.modified),
            "seen_at": moment(article.seen_at),
            "language": article.language,
            "source": article.source_id,
            "outlet": article.source_name,
            "tier": article.tier,
            "country": article.country,
        },
        "listed": {"entry": entry.id, "url": entry.url, "title": entry.title, "summary": entry.summary},
        "placed": {
            "verdict": placement.verdict,
            "story": placement.story_id,
            "copy_of": placement.copy_of,
            "reason": placement.reason,
        },
        "matches": [_match(match) for match in matches],
        "changes": [[change.what, change.before, change.after] for change in placed.changes],
        "answers": stated,
    }
    parts = (packed_part("facts", canonical(facts)), text, *listed, *pages)
    topics = tuple(match.topic_id for match in matches)
    return (Capture(article_id=placement.article_id, at=at, topics=topics, parts=parts),)


def captured_end(
    vanished: Vanished, topics: Sequence[str], *, url: str, rulebook: Rulebook, at: datetime
) -> tuple[Capture, ...]:
    """The capture of a page that is gone: that it is, and how the outlet answers."""
    known = tuple(topic for topic in topics if topic in rulebook.topics)
    if rulebook.settings.evidence.keep != "on" or not known:
        return ()
    article = {"id": vanished.article_id, "url": url}
    facts = {"reading": "vanished", "at": moment(at), "article": article, "how": vanished.change.after}
    parts = (packed_part("facts", canonical(facts)),)
    return (Capture(article_id=vanished.article_id, at=at, topics=known, parts=parts),)


def _match(match: Match) -> dict[str, object]:
    spans = [[span.field, span.start, span.end, span.text, span.term] for span in match.spans]
    return {"topic": match.topic_id, "score": match.score, "spans": spans}


def _pages(answers: Sequence[Fetched], most: int) -> tuple[list[EvidencePart], list[dict[str, object]]]:
    """The bodies as parts, as far as there is room, and what is stated of each answer."""
    parts, stated, left = [], [], most
    for number, answer in enumerate(answers, start=1):
        name = "page" if number == 1 else f"page-{number}"
        kept = answer.body[:left]
        left -= len(kept)
        parts.append(packed_part(name, kept))
        stated.append(
            {
                "part": name,
                "url": answer.url,
                "status": answer.status,
                "fetched_at": moment(answer.fetched_at),
                "headers": dict(answer.headers),
                "length": len(answer.body),
                "sha256": digest(answer.body),
                "kept": len(kept),
            }
        )
    return parts, stated


def _listed(entry: Entry, most: int) -> EvidencePart:
    return packed_part("entry", entry.content.encode("utf-8", "replace")[:most])
