"""Which topic, outlet or zone somebody means."""

from __future__ import annotations

import re
import zoneinfo
from collections.abc import Iterable, Mapping
from functools import cache

from monitor.core.delivery.preferences import EVERY_TOPIC
from monitor.core.message.callback import token
from monitor.core.rulebook import Rulebook
from monitor.core.text.clean import nearest
from monitor.i18n.localizer import Localizer
from monitor.model import Chat, Source, Topic

SUGGESTIONS = 2
LIKENESS = 0.5
NEAR_OUTLET = 0.75
FEWEST_LETTERS = 3
ALL = frozenset({EVERY_TOPIC, "all", "все", "всё", "усе", "ўсе", "усі", "wszystko", "wszystkie", "visi"})


def enabled(rulebook: Rulebook) -> dict[str, Topic]:
    """The operator's topics that can be had."""
    return {topic.id: topic for topic in rulebook.topics.values() if topic.enabled}


def find_topic(rulebook: Rulebook, said: str) -> str | None:
    """The enabled topic with this id, title or hashtag, whatever the case; None if there is none.

    ``*`` and ``all`` mean every topic, unless a topic has that very name.
    """
    wanted = _folded(said)
    for topic_id, names in _names(rulebook).items():
        if wanted in names:
            return topic_id
    return EVERY_TOPIC if wanted in ALL else None


def nearest_topics(rulebook: Rulebook, said: str) -> tuple[str, ...]:
    """Ids of the topics whose names look most like what was said, best first."""
    owners = {name: topic_id for topic_id, names in _names(rulebook).items() for name in names}
    close = nearest(_folded(said), owners, most=2 * SUGGESTIONS, likeness=LIKENESS)
    return tuple(dict.fromkeys(owners[name] for name in close))[:SUGGESTIONS]


def find_outlet(rulebook: Rulebook, said: str) -> Source | None:
    """The source with this id, name or site, or the only one whose name has these words."""
    wanted = _folded(said)
    for source in rulebook.sources.values():
        if wanted in _outlet_names(source):
            return source
    found = find_outlets(rulebook, said, most=2)
    return found[0] if len(found) == 1 else None


def find_outlets(rulebook: Rulebook, said: str, *, most: int) -> tuple[Source, ...]:
    """The sources whose id, name or site has these words, else those whose names look most like them."""
    wanted, sources = _folded(said), rulebook.sources.values()
    if len(wanted) >= FEWEST_LETTERS:
        found = [item for item in sources if any(wanted in name for name in _outlet_names(item))]
        if found:
            return tuple(sorted(found, key=lambda item: item.name.casefold())[:most])
    owners = {name: item for item in sources for name in _outlet_names(item)}
    close = nearest(wanted, owners, most=2 * most, likeness=NEAR_OUTLET)
    return tuple({owners[name].id: owners[name] for name in close}.values())[:most]


def _outlet_names(source: Source) -> set[str]:
    site = source.site.removeprefix("https://").removeprefix("http://").removeprefix("www.").strip("/")
    return {_folded(name) for name in (source.id, source.name, site) if name}


def by_token(wanted: str, names: Iterable[str]) -> str | None:
    """The name that a button's token stands for."""
    return next((name for name in names if token(name) == wanted), None)


def topic_title(topic_id: str, rulebook: Rulebook, tr: Localizer) -> str:
    """What a topic or watch is called."""
    if topic_id == EVERY_TOPIC:
        return tr.plain("every topic")
    topic = rulebook.named.get(topic_id)
    return (topic.title if topic else "") or topic_id


def subscribed(chat: Chat | None) -> tuple[str, ...]:
    """Ids of the topics and watches that a chat gets."""
    return tuple(item.topic_id for item in chat.subscriptions if item.mode != "off") if chat else ()


def find_zone(said: str, tr: Localizer) -> tuple[str | None, tuple[str, ...]]:
    """The IANA zone that is meant, by its name, its city (also as the chat's language calls it) or its hours
    from UTC, and the nearest names if there is none."""
    wanted = said.strip().replace(" ", "_").casefold()
    names = _zones()
    offset = _OFFSET.fullmatch(wanted)
    if offset is not None:
        return _by_offset(offset[1] in "-−", int(offset[2]), int(offset[3] or 0)), ()
    if wanted in names:
        return names[wanted], ()
    cities = tr.zones_by_city()
    city = said.strip().casefold()
    if city in cities:
        return cities[city], ()
    close = nearest(wanted, names, most=2 * SUGGESTIONS, likeness=LIKENESS)
    return None, tuple(dict.fromkeys(names[name] for name in close))[:SUGGESTIONS]


def _by_offset(west: bool, hours: int, minutes: int) -> str | None:
    """The zone so many hours east or west of UTC; in the names of these, the sign is the other one."""
    if minutes or hours > (12 if west else 14):
        return None
    return f"Etc/GMT{'+' if west else '-'}{hours}" if hours else "UTC"


@cache
def _zones() -> Mapping[str, str]:
    every = zoneinfo.available_timezones()
    # Etc/GMT+3 is three hours behind UTC, which nobody means: such names are taken only as they are.
    zones = sorted(every - set(_INVERTED), key=lambda name: (-name.count("/"), name))
    cities = {name.rpartition("/")[2].casefold(): name for name in reversed(zones)}
    return cities | {name.casefold(): name for name in zones}


_OFFSET = re.compile(r"(?:utc|gmt)?_?([+\-−])(\d{1,2})(?::?(\d{2}))?")
_INVERTED = tuple(f"Etc/GMT{sign}{hours}" for sign in "+-" for hours in range(15))


def _names(rulebook: Rulebook) -> dict[str, set[str]]:
    return {
        topic.id: {_folded(name) for name in (topic.id, topic.title, topic.hashtag) if name}
        for topic in enabled(rulebook).values()
    }


def _folded(name: str) -> str:
    return " ".join(name.casefold().lstrip("#").split())
