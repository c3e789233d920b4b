"""Where an article belongs: new, a revision, a copy, or already known; and in which story."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Final

from monitor.core.story.assign import Assignment, assign, likeness, story_id
from monitor.core.story.copies import FEWEST_ON_TOP, Kept, Repeated, find_repeated
from monitor.core.text.fingerprint import MIN_LEAD_WORDS, words_of
from monitor.model import Article, Features, Neighbour, Placement, Print, Related, StorySettings

NO_FEATURES: Final = Features(print=Print(words=0, anchors=(), sketch=b""))
NO_SURROUNDINGS: Final = Related()
AS_SHIPPED: Final = StorySettings()
MOST_CLAIMS_SHOWN: Final = 4


def place(
    article: Article,
    neighbours: Sequence[Neighbour],
    *,
    features: Features = NO_FEATURES,
    surroundings: Related = NO_SURROUNDINGS,
    settings: StorySettings = AS_SHIPPED,
) -> Placement:
    """Compare an article with stored neighbours that share a key with it, and with what stands around it.

    The same address, or the same identifier of the same source with an unchanged text or headline,
    is the same article: ``known`` when nothing changed, else a ``revision``. The same text or the
    same headline and lead elsewhere, or most of either text in the other with the same news, is a ``copy`` of
    the earliest such article. Everything else is ``new``: in the story that it tells, or in one of its own.
    """
    same = same_article(article, neighbours)
    if same is not None:
        return _again(article, same)
    first = exact_copy(article, neighbours)
    if first is not None:
        return _exact_copy(article, first)
    repeated = find_repeated(
        features.print,
        article=article,
        claims=features.claims,
        found=surroundings.copies,
        settings=settings,
        alike=lambda item: likeness(article, features, item, surroundings, settings),
    )
    if repeated.copy is not None:
        return _near_copy(article, repeated.copy)
    if repeated.gathers:
        return _gathering(article)
    alike = _earliest(neighbours, "headline")
    if alike is not None and repeated.background is None:  # one of both is too short to be compared
        return _exact_copy(article, alike)
    found = assign(article, features, surroundings, settings, other_events=repeated.other_events)
    return _own_text(article, found, repeated)


def same_article(article: Article, neighbours: Sequence[Neighbour]) -> Neighbour | None:
    """The stored article that this one is a further reading of."""
    by_url = [item for item in neighbours if "url" in item.shared]
    # A repeated identifier alone proves nothing: some outlets give every entry the same one.
    by_guid = [
        item
        for item in neighbours
        if "guid" in item.shared
        and item.source_id == article.source_id
        and item.shared & {"text", "headline"}
    ]
    found = by_url or by_guid
    return min(found, key=_age) if found else None


def is_unchanged(article: Article, stored: Neighbour) -> bool:
    """Whether a further reading of a stored article says nothing else."""
    mine = article.fingerprint
    if not (mine.text_key or mine.headline_key):
        return True  # a stub never overwrites what was read before
    return (mine.text_key, mine.headline_key) == (stored.text_key, stored.headline_key)


def exact_copy(article: Article, neighbours: Sequence[Neighbour]) -> Neighbour | None:
    """The earliest stored article with the very same text, or headline and lead.

    Not by the latter where a short line stands above the lead: it may be the news, so texts are compared.
    """
    kinds = ("text",) if _has_line_above_lead(article) else ("text", "headline")
    return _earliest(neighbours, *kinds)


def _earliest(neighbours: Sequence[Neighbour], *kinds: str) -> Neighbour | None:
    shared = [item for item in neighbours if not item.shared.isdisjoint(kinds)]
    return min(shared, key=_age) if shared else None


def _has_line_above_lead(article: Article) -> bool:
    first = next((line for line in article.text.splitlines() if line.strip()), "").strip()
    return FEWEST_ON_TOP <= len(words_of(first)) < MIN_LEAD_WORDS


def needs_candidates(article: Article, neighbours: Sequence[Neighbour]) -> bool:
    """Whether the shared keys do not decide already: only then are candidates compared."""
    return same_article(article, neighbours) is None and exact_copy(article, neighbours) is None


def opens(placement: Placement) -> bool:
    """Whether the article is the first one of its story."""
    return placement.verdict == "new" and placement.story_id == story_id(placement.article_id)


def _again(article: Article, same: Neighbour) -> Placement:
    unchanged = is_unchanged(article, same)
    return Placement(
        verdict="known" if unchanged else "revision",
        article_id=same.article_id,
        story_id=same.story_id,
        copy_of=same.copy_of,
        reason=f"same article, {'nothing' if unchanged else 'its text or headline'} changed",
    )


def _exact_copy(article: Article, first: Neighbour) -> Placement:
    shared = "text" if "text" in first.shared else "headline and lead"
    return Placement(
        verdict="copy",
        article_id=article.id,
        story_id=first.story_id,
        copy_of=first.copy_of or first.article_id,
        copied_share=1.0,
        reason=f"same {shared} as {first.article_id}",
    )


def _near_copy(article: Article, kept: Kept) -> Placement:
    return Placement(
        verdict="copy",
        article_id=article.id,
        story_id=kept.of.story_id,
        copy_of=kept.of.copy_of or kept.of.article_id,
        copied_share=round(kept.kept, 3),
        reason=f"{kept.share:.0%} of the shorter text stands in the longer, beside {kept.of.article_id}",
    )


def _gathering(article: Article) -> Placement:
    return Placement(
        verdict="new",
        article_id=article.id,
        story_id=story_id(article.id),
        reason="holds the texts of several stories: a round-up tells none of them",
    )


def _own_text(article: Article, found: Assignment, repeated: Repeated) -> Placement:
    above = _above_known_text(repeated)
    if found.story_id is None:
        follows = found.follows or (repeated.background.of.story_id if repeated.background else None)
        reason = f"no open story is like it (nearest {found.nearest:.0%})"
        return Placement(
            verdict="new",
            article_id=article.id,
            story_id=story_id(article.id),
            follows=follows,
            reason=(f"{reason}; follows {follows}" if follows else reason) + above,
        )
    return Placement(
        verdict="new",
        article_id=article.id,
        story_id=found.story_id,
        merges=found.merges,
        likeness=round(found.nearest, 3),
        above_known_text=bool(above),
        reason=f"tells the same story ({found.nearest:.0%} sure)" + above,
    )


def _above_known_text(repeated: Repeated) -> str:
    """What ``monitor why`` says of a text that is known under other news."""
    if repeated.background is None:
        return ""
    names = ", ".join(map(_shown, repeated.claims[:MOST_CLAIMS_SHOWN]))
    told = f", which does not have {names}" if names else ", with another first sentence and headline"
    return f"; {repeated.background.share:.0%} of it stands in {repeated.background.of.article_id}{told}"


def _shown(key: str) -> str:
    """A claim's key without its kind; that of a word also has its language."""
    kind, _, rest = key.partition(":")
    return rest.partition(":")[2] if kind == "w" else rest


def _age(item: Neighbour) -> tuple[object, str]:
    return (item.seen_at, item.article_id)
