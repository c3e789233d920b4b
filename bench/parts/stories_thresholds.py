"""What each setting under ``stories:`` does: the shipped value beside a lower and a higher one, measured."""

from __future__ import annotations

import dataclasses
import random
import statistics
from collections import Counter
from collections.abc import Callable, Sequence
from datetime import UTC, datetime, timedelta
from itertools import pairwise

from monitor.chores.grouping import place_all, plain_article
from monitor.core.story.copies import find_copy
from monitor.core.story.winnowing import print_of
from monitor.model import Article, Candidate, Extracted, Placed, StorySettings
from monitor.ports import Articles
from monitor.store import open_store

NOW = datetime(2026, 11, 24, 12, tzinfo=UTC)
Document = tuple[str, str, str, str]
Score = Callable[[Sequence[str], Sequence[str]], tuple[float, float, float]]
ORDERS = 3
SHORT = (20, 40, 80)
LATE = (7, 30, 60)
A_WEEK = timedelta(days=7)

VALUES: dict[str, tuple[object, ...]] = {
    "copy_share": (0.3, 0.45, 0.6),
    "own_copy_share": (0.6, 0.85, 0.95),
    "copy_words": (15, 30, 60),
    "copy_days": (14, 42, 90),
    "boilerplate_stories": (2, 3, 6),
    "same": (0.32, 0.38, 0.46),
    "across": (0.42, 0.5, 0.6),
    "merge": (0.45, 0.57, 0.75),
    "part": (0.5, 0.65, 0.75),
    "follow": (0.1, 0.2, 0.3),
    "window": (timedelta(minutes=30), timedelta(days=4), timedelta(days=14)),
    "replies_a_day": (0, 3, 10),
}


@dataclasses.dataclass(frozen=True, slots=True, kw_only=True)
class Material:
    """``newsroom`` and ``lookalikes``: documents with their stories; ``ages`` of the newsroom's."""

    newsroom: Sequence[Document]
    lookalikes: Sequence[Document]
    ages: Sequence[timedelta]
    score: Score


def thresholds(material: Material) -> dict[str, dict[str, str]]:
    """Setting → value → what was measured; one print a line while it goes."""
    found: dict[str, dict[str, str]] = {}
    for name, values in VALUES.items():
        for value in values:
            settings = dataclasses.replace(StorySettings(), **{name: value})  # type: ignore[arg-type]
            said = _MEASURES.get(name, _grouping)(material, settings)
            found.setdefault(name, {})[str(value)] = said
            shipped = " (shipped)" if value == getattr(StorySettings(), name) else ""
            print(f"{name} {value}{shipped}: {said}", flush=True)
    return found


class Noting:
    """A store's articles; what is kept there is noted."""

    def __init__(self, articles: Articles) -> None:
        self._articles = articles
        self.kept: list[Placed] = []

    def __getattr__(self, name: str) -> object:
        return getattr(self._articles, name)

    def keep(self, placed: Placed, *, now: datetime) -> None:
        """Note it, then keep it."""
        self.kept.append(placed)
        self._articles.keep(placed, now=now)


def _placed(
    documents: Sequence[Document],
    order: Sequence[int],
    settings: StorySettings,
    ages: Sequence[timedelta] = (),
) -> tuple[list[str], list[Placed]]:
    """The story of each document, and what was written of it, placed in this order."""
    store = open_store("sqlite://", now=lambda: NOW)
    store.admin.upgrade()
    noting = Noting(store.articles)
    articles = {
        at: _article(documents[at], str(at), NOW - ages[at] if ages else NOW + timedelta(seconds=turn))
        for turn, at in enumerate(order)
    }
    stories = place_all(articles.values(), noting, settings)  # type: ignore[arg-type]
    store.admin.close()
    return [stories[articles[at].id][1] for at in range(len(documents))], noting.kept


def _article(document: Document, name: str, moment: datetime) -> Article:
    title, text, language, _ = document
    found = Extracted(url="", canonical_url="", title=title, text=text, published=moment, language=language)
    return plain_article(found, name=name, source=f"o{name}")


def _orders(documents: Sequence[Document], orders: int) -> list[list[int]]:
    return [random.Random(seed).sample(range(len(documents)), len(documents)) for seed in range(orders)]


def _grouping(material: Material, settings: StorySettings) -> str:
    said = []
    for name, documents, orders in (
        ("newsroom", material.newsroom, ORDERS),
        ("ECB+", material.lookalikes, 1),
    ):
        truth = [document[3] for document in documents]
        scores = [
            material.score(_placed(documents, order, settings)[0], truth)
            for order in _orders(documents, orders)
        ]
        p, r, f = (statistics.fmean(each[at] for each in scores) for at in range(3))
        said.append(f"{name} F1 {f:.3f} ({p:.2f}, {r:.2f})")
    return "; ".join(said)


def _window(material: Material, settings: StorySettings) -> str:
    truth = [document[3] for document in material.newsroom]
    order = sorted(range(len(truth)), key=lambda at: -material.ages[at])
    p, r, f = material.score(_placed(material.newsroom, order, settings, material.ages)[0], truth)
    said = f"newsroom in its own order F1 {f:.3f} ({p:.2f}, {r:.2f})"
    # One event of each look-alike pair came a week before the other.
    truth = [document[3] for document in material.lookalikes]
    ages = [A_WEEK if story.endswith("ecb") else timedelta() for story in truth]
    order = sorted(_orders(material.lookalikes, 1)[0], key=lambda at: -ages[at])
    p, r, f = material.score(_placed(material.lookalikes, order, settings, ages)[0], truth)
    return f"{said}; ECB+ a week apart F1 {f:.3f} ({p:.2f}, {r:.2f})"


def _follow(material: Material, settings: StorySettings) -> str:
    _, kept = _placed(material.newsroom, _orders(material.newsroom, 1)[0], settings)
    return (
        f"{sum(each.placement.follows is not None for each in kept)} of the newsroom's stories follow another"
    )


def _replies(material: Material, settings: StorySettings) -> str:
    _, kept = _placed(material.newsroom, _orders(material.newsroom, 1)[0], settings)
    facts = Counter(each.placement.story_id for each in kept if each.news and each.news.kind == "fact")
    told = sum(min(count, settings.replies_a_day) for count in facts.values())
    return f"{told} replies to the newsroom's stories, of {facts.total()} articles that bring a fact"


def _texts(material: Material) -> list[str]:
    return [document[1] for document in material.lookalikes if len(document[1].split()) >= 150]


def _stored(number: int, text: str, source: str) -> Candidate:
    return Candidate(
        number=number, article_id=str(number), story_id=f"s{number}", source_id=source, title=f"t{number}",
        language="en", seen_at=NOW, copy_of=None, print=print_of("", text), terms=(),
    )  # fmt: skip


def _is_copy(text: str, held: Sequence[Candidate], settings: StorySettings) -> bool:
    mine = print_of("", text)
    found = find_copy(mine, title="?", source_id="mine", found=held, settings=settings, alike=lambda _: 1.0)
    return found is not None


def _share(material: Material, settings: StorySettings, shares: Sequence[int], source: str) -> str:
    texts = [text.split() for text in _texts(material)]
    said = []
    for percent in shares:
        made = [
            " ".join([*words[: len(words) * percent // 100], *other[: len(words) * (100 - percent) // 100]])
            for words, other in pairwise(texts)
        ]
        found = [
            _is_copy(each, [_stored(1, " ".join(words), source)], settings)
            for each, words in zip(made, texts, strict=False)
        ]
        said.append(f"{percent} %: {statistics.fmean(found):.2f}")
    return "texts of which so much is another's, the rest replaced, taken for its copies: " + ", ".join(said)


def _words(material: Material, settings: StorySettings) -> str:
    said = []
    for count in SHORT:
        found = [
            _is_copy("Agency: " + " ".join(text.split()[:count]), [_stored(1, text, "o")], settings)
            for text in _texts(material)
        ]
        said.append(f"{count} words: {statistics.fmean(found):.2f}")
    return "reprints of so many words found: " + ", ".join(said)


def _days(material: Material, settings: StorySettings) -> str:
    said = []
    text = _texts(material)[0]
    for days in LATE:
        cut = text[: len(text) * 2 // 3]
        documents = [("A headline", text, "en", ""), ("Swans", "Back.", "en", ""), ("Another", cut, "en", "")]
        ages = [timedelta(days=days), timedelta(days=1), timedelta()]
        _, kept = _placed(documents, [0, 1, 2], settings, ages)
        said.append(f"{days} days: {'found' if kept[2].placement.verdict == 'copy' else 'missed'}")
    return "a cut reprint after " + ", ".join(said)


def _boilerplate(material: Material, settings: StorySettings) -> str:
    texts = _texts(material)
    footer = " ".join(texts[-1].split()[:60])
    pages = [f"{' '.join(text.split()[:60])} {footer}" for text in texts[:8]]
    held = [_stored(at, page, f"o{at}") for at, page in enumerate(pages)]
    false = [_is_copy(pages[at], held[:at], settings) for at in range(1, len(pages))]
    return f"of 8 pages with one footer, half of each, in turn: {sum(false)} taken for copies"


_MEASURES: dict[str, Callable[[Material, StorySettings], str]] = {
    "copy_share": lambda material, settings: _share(material, settings, (30, 50, 70), "o"),
    "own_copy_share": lambda material, settings: _share(material, settings, (60, 80, 95), "mine"),
    "copy_words": _words,
    "copy_days": _days,
    "boilerplate_stories": _boilerplate,
    "follow": _follow,
    "window": _window,
    "replies_a_day": _replies,
}
