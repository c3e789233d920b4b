"""What is allowed and yet not as it should be: said by ``check`` and ``doctor``."""

from __future__ import annotations

from collections.abc import Iterator
from typing import TYPE_CHECKING

from monitor.cli.output import counted

if TYPE_CHECKING:
    from monitor.core.rulebook import Rulebook


def summary(rulebook: Rulebook) -> str:
    """``6 topics, 48 sources, 7 languages, 2 chats``."""
    topics = [topic for topic in rulebook.topics.values() if topic.enabled]
    sources = [source for source in rulebook.sources.values() if source.enabled]
    parts = (
        counted(len(topics), "topic"),
        counted(len(sources), "source"),
        counted(len(languages(rulebook)), "language"),
        counted(len(rulebook.chats), "chat"),
    )
    return ", ".join(parts)


def languages(rulebook: Rulebook) -> tuple[str, ...]:
    """The languages that the enabled sources state."""
    stated = {source.language for source in rulebook.sources.values() if source.enabled and source.language}
    return tuple(sorted(stated))


def advice(rulebook: Rulebook) -> Iterator[str]:
    """Sentences that end with what to do."""
    yield from weak_languages(rulebook)
    enabled = [source for source in rulebook.sources.values() if source.enabled]
    if not enabled:
        yield "no source is watched: `monitor sources discover SITE --write mine.yaml` finds a site's feeds"
    elif not rulebook.settings.fetch.contact:
        yield (
            "sites cannot tell who asks them and may refuse: set fetch: contact: in monitor.yaml "
            "to an e-mail address or a page"
        )
    if not any(topic.enabled for topic in rulebook.topics.values()):
        yield "no topic is enabled: nothing will be told"
    if not rulebook.chats:
        yield "no chat is named in chats.yaml: alerts go nowhere unless somebody subscribes with the bot"
    elif not any(chat.operator for chat in rulebook.chats.values()):
        yield "no chat has operator: true, so nobody hears of broken sources"


def weak_languages(rulebook: Rulebook) -> Iterator[str]:
    """What is weak for the languages of the sources, once each."""
    from monitor.core.story.embeddings import is_installed
    from monitor.core.story.features import lacking
    from monitor.core.text.language import is_told_apart

    vectors = rulebook.settings.stories.semantic and is_installed()
    for language in languages(rulebook):
        missing = [lacking(language, vectors=vectors)]
        if not is_told_apart(language):
            missing.append("not recognised in texts: a source's language: is what counts")
        if said := "; ".join(filter(None, missing)):
            yield f"{language}: {said}"
