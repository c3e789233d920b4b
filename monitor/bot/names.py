"""Which topic somebody means."""

from __future__ import annotations

from difflib import get_close_matches

from monitor.core.rulebook import Rulebook

EVERY_TOPIC = "*"
SUGGESTIONS = 2
LIKENESS = 0.5


def find_topic(rulebook: Rulebook, said: str) -> str | None:
    """The enabled topic with this id, title or hashtag, whatever the case; None if there is none.

    ``*`` and ``all`` mean every topic, unless a topic has that very name.
    """
    wanted = _folded(said)
    for topic_id, names in _names(rulebook).items():
        if wanted in names:
            return topic_id
    return EVERY_TOPIC if wanted in {EVERY_TOPIC, "all"} else None


def nearest_topics(rulebook: Rulebook, said: str) -> tuple[str, ...]:
    """Ids of the topics whose names look most like what was said, best first."""
    owners = {name: topic_id for topic_id, names in _names(rulebook).items() for name in names}
    close = get_close_matches(_folded(said), owners, n=2 * SUGGESTIONS, cutoff=LIKENESS)
    return tuple(dict.fromkeys(owners[name] for name in close))[:SUGGESTIONS]


def _names(rulebook: Rulebook) -> dict[str, set[str]]:
    return {
        topic.id: {_folded(name) for name in (topic.id, topic.title, topic.hashtag) if name}
        for topic in rulebook.topics.values()
        if topic.enabled
    }


def _folded(name: str) -> str:
    return " ".join(name.casefold().lstrip("#").split())
