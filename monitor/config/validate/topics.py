"""Which topics of the files are taken: the sound ones that pass their own tests."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from dataclasses import dataclass
from pathlib import Path

from monitor.config import to_model
from monitor.config.apart import in_place
from monitor.config.models.files import TopicShape
from monitor.config.validate import passed_examples, queries, sections
from monitor.config.validate.sections import Item
from monitor.config.validate.shared_names import SharedNames
from monitor.core.query.engine.matcher import Matcher
from monitor.core.rulebook import Rulebook
from monitor.errors import Problem, QueryError
from monitor.model import Topic

_Items = Mapping[str, Item[TopicShape]]
Problems = tuple[Problem, ...]
Apart = Callable[[Callable[[], list[Problems]]], list[Problems]]


@dataclass(frozen=True, slots=True, kw_only=True)
class AcceptedTopics:
    """The topics in force. ``refused``: why some of them are those of before, or missing."""

    matcher: Matcher
    topics: Mapping[str, Topic]
    refused: Problems = ()


def take(
    root: Path,
    listed: tuple[Item[TopicShape], ...],
    terms: SharedNames,
    previous: Rulebook | None,
    *,
    sound_only: bool = False,
    apart: Apart = in_place,
) -> tuple[AcceptedTopics | None, Problems]:
    """The topics that can be taken, and everything wrong or doubtful with all that are listed.

    With ``previous`` a topic that fails alone is left as it is there; see ``AcceptedTopics.refused``.
    ``sound_only`` gives those whose queries can be read, whatever else is wrong; examples are not tried.
    ``apart`` does what is only looked at and not kept.
    """
    problems = list(sections.twice(listed, "topic"))
    sound: dict[str, Item[TopicShape]] = {}
    failed: dict[str, Problems] = {}
    doubts = apart(lambda: [tuple(queries.query_problems(item, terms)) for item in listed])
    for item, own in zip(listed, doubts, strict=True):
        problems += own
        if wrong := tuple(problem for problem in own if problem.level == "error"):
            failed[item.id] = wrong
        elif item.value is not None:
            sound.setdefault(item.id, item)
    before = previous.matcher if previous is not None else None
    try:
        matcher = queries.matcher(_enabled(_topics(sound)), terms, before)
    except QueryError as error:
        problems.append(Problem(file=str(root), line=0, column=0, message=str(error)))
        nothing = AcceptedTopics(matcher=Matcher.build([]), topics={})
        return nothing if sound_only else None, tuple(problems)
    if not sound_only:
        for item, wrong in _examples(list(sound.values()), matcher, terms, apart):
            failed[item.id] = wrong
            problems += wrong
    topics = _topics(sound) if sound_only else _topics({item.id: item for item in listed})
    taken = AcceptedTopics(matcher=matcher, topics=topics)
    if failed and previous is not None:
        taken = _without(taken, failed, terms, previous)
    return taken, tuple(problems)


def _examples(
    sound: list[Item[TopicShape]], matcher: Matcher, terms: SharedNames, apart: Apart
) -> list[tuple[Item[TopicShape], Problems]]:
    """The topics that fail their own examples. What passed before as it stands here is not tried again."""
    before = passed_examples.known()
    passed = set(before)
    keys = {item.id: passed_examples.key_of(item.value, terms) for item in sound if item.value is not None}
    tried = [item for item in sound if keys[item.id] not in passed]
    if not tried:
        return []
    found = apart(lambda: [tuple(queries.example_problems(item, matcher)) for item in tried])
    outcomes = list(zip(tried, found, strict=True))
    passed_examples.keep([keys[item.id] for item, wrong in outcomes if not wrong], before)
    return [(item, wrong) for item, wrong in outcomes if wrong]


def _without(
    taken: AcceptedTopics, failed: Mapping[str, Problems], terms: SharedNames, previous: Rulebook
) -> AcceptedTopics:
    """The same with the failed topics as they were before, where what they say can still be said."""
    topics = dict(taken.topics)
    for topic_id in failed:
        topics.pop(topic_id, None)
        if topic_id in previous.topics:
            topics[topic_id] = previous.topics[topic_id]
    if _means_something_else([id_ for id_ in failed if id_ in topics], terms, previous.matcher):
        return taken
    matcher = queries.matcher(_enabled(topics), terms, previous.matcher)
    refused = tuple(problem for wrong in failed.values() for problem in wrong)
    return AcceptedTopics(matcher=matcher, topics=topics, refused=refused)


def _means_something_else(topic_ids: list[str], terms: SharedNames, before: Matcher) -> bool:
    """Whether a topic uses ``@names`` that have been edited too: then its old form is not the old one."""
    shared = before.book.shared
    if (shared.lists, shared.people, shared.orgs) == (terms.lists, terms.people, terms.orgs):
        return False
    refers = {each.topic.id for each in before.book.topics if each.refers}
    return not refers.isdisjoint(topic_ids)


def _topics(listed: _Items) -> dict[str, Topic]:
    return {id_: to_model.topic(item.value) for id_, item in listed.items() if item.value is not None}


def _enabled(topics: Mapping[str, Topic]) -> list[Topic]:
    return [topic for topic in topics.values() if topic.enabled]
