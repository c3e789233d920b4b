"""Sources whose entries get new identities at each look, or that list more than anybody writes."""

from __future__ import annotations

import hashlib
from collections.abc import Iterable
from datetime import timedelta

from monitor.i18n.lazy import NOTHING, LazyText, lazy
from monitor.model import SourceState

MANY = 10
NEARLY_ALL = 0.9
ALIKE = 0.5
SAME_AGAIN = 3
FLOOD = 12
FLOOD_INTERVAL = timedelta(minutes=5)
_KEPT = 16
_WIDTH = 8


def sketch(titles: Iterable[str]) -> str:
    """Sixteen hashes that stand for a list of headlines (the smallest ones, KMV).

    Two sketches tell how much two lists have in common, in a hundred characters a source.
    """
    hashes = {hashlib.blake2b(title.encode(errors="replace"), digest_size=4).hexdigest() for title in titles}
    return "".join(sorted(hashes)[:_KEPT])


def likeness(one: str, other: str) -> float:
    """Share of headlines that two sketched lists have in common, 0 to 1, estimated."""
    first, second = _hashes(one), _hashes(other)
    union = sorted(first | second)[:_KEPT]
    return sum(item in first and item in second for item in union) / len(union) if union else 0.0


def has_unstable_ids(state: SourceState, *, listed: int, new: int, titles: str) -> tuple[int, LazyText]:
    """How many answers in a row were nearly all new, this one included, and why that is wrong ("" when not).

    Known headlines under new addresses are churn: three such answers are proof. Endless new
    headlines are a flood when they fill a dozen answers in a row of a source that is asked every few
    minutes; an outlet with a short list that was not asked for long is neither.
    """
    if listed < MANY or new < NEARLY_ALL * listed:
        return 0, NOTHING
    count = state.unstable_ids + 1
    if likeness(state.titles, titles) >= ALIKE:
        if count >= SAME_AGAIN:
            return count, lazy(
                "its entries get new addresses at each look ({new} of {listed} were new, with the headlines "
                "of the look before); nothing of it is read until that ends",
                new=new,
                listed=listed,
            )
        return count, NOTHING
    if count >= FLOOD and timedelta(seconds=state.interval_s or 0) <= FLOOD_INTERVAL:
        return count, lazy(
            "nearly everything it lists is new, {count} looks in a row ({new} of {listed} now); "
            "no outlet writes so much, and nothing of it is read until that ends",
            count=count,
            new=new,
            listed=listed,
        )
    return count, NOTHING


def _hashes(text: str) -> set[str]:
    return {text[at : at + _WIDTH] for at in range(0, len(text), _WIDTH)}
