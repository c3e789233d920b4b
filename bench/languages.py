"""Word forms per language: exact word, 4-letter prefix and ours, on other people's annotations.

Three sets. *Documents*: news annotated with named entities; a topic is a one-word entity lemma of four
letters or more that at least ``MIN_DOCUMENTS`` documents hold, and the documents that hold it are
relevant. *Sentences*: treebanks; a topic is the lemma of a proper name of four letters or more, and the
sentences with that lemma are relevant. *Words*: the same for nouns, adjectives and verbs, where false
conflation shows best; no goal. A word is found when it shares a key with the topic. Figures are
means over topics; precision is a lower bound, since annotators skip names.
"""

from __future__ import annotations

import argparse
import gzip
import json
import platform
import resource
import time
from collections import defaultdict
from collections.abc import Callable, Iterable, Iterator, Mapping
from dataclasses import dataclass
from importlib.metadata import version
from pathlib import Path

from monitor.core.query.forms.keys import keys, query_keys
from monitor.core.query.tokens import fold, variants, words

DATA = Path(__file__).parents[1] / "../shared/data/multilingual"
MIN_DOCUMENTS = 3
MIN_LETTERS = 4
DOCUMENTS = ("ru", "uk", "pl", "cs")
SENTENCES = ("be", "lt", "pl", "uk")
DOCUMENT_RECALL, PRECISION_LOSS = 0.96, 0.02
SENTENCE_RECALL = SENTENCE_PRECISION = 0.95

NAMES = frozenset({"PROPN"})
WORDS = frozenset({"NOUN", "ADJ", "VERB"})

GOAL = {True: "yes", False: "NO", None: "-"}

Keys = Callable[[str], frozenset[str]]


@dataclass(frozen=True, slots=True, kw_only=True)
class Cases:
    """Texts as sets of folded words, and each topic's relevant text numbers."""

    texts: tuple[frozenset[str], ...]
    topics: Mapping[str, frozenset[int]]


@dataclass(frozen=True, slots=True, kw_only=True)
class Score:
    """Means over topics; a topic that finds nothing has no precision."""

    precision: float
    recall: float

    @property
    def f1(self) -> float:
        """Harmonic mean of the two means."""
        return 2 * self.precision * self.recall / (self.precision + self.recall)


def folded(text: str) -> frozenset[str]:
    """The words of a text as the matcher compares them."""
    return frozenset(form for word in words(text) for form in variants(fold(word)))


def one_word(lemma: str) -> str | None:
    """The folded lemma when it is one word that is long enough to be a topic."""
    found = words(lemma)
    return variants(fold(found[0]))[0] if len(found) == 1 and len(lemma) >= MIN_LETTERS else None


def documents(language: str) -> Cases:
    """News documents with entity lemmas."""
    texts: list[frozenset[str]] = []
    topics: defaultdict[str, set[int]] = defaultdict(set)
    with gzip.open(DATA / "bsnlp.jsonl.gz", "rt", encoding="utf-8") as lines:
        for row in map(json.loads, lines):
            if row["lang"] != language or not row["entities"]:
                continue
            for lemma in filter(None, (one_word(each["lemma"]) for each in row["entities"])):
                topics[lemma].add(len(texts))
            texts.append(folded(f"{row['title']}\n{row['text']}"))
    return _cases(texts, topics, MIN_DOCUMENTS)


def sentences(language: str, kinds: frozenset[str] = NAMES) -> Cases:
    """Treebank sentences with the lemmas of some kinds of words."""
    texts: list[frozenset[str]] = []
    topics: defaultdict[str, set[int]] = defaultdict(set)
    for rows in _conllu(language):
        for lemma in filter(None, (one_word(row[2]) for row in rows if row[3] in kinds)):
            topics[lemma].add(len(texts))
        texts.append(folded(" ".join(row[1] for row in rows)))
    return _cases(texts, topics, 1)


def _cases(texts: list[frozenset[str]], topics: Mapping[str, set[int]], least: int) -> Cases:
    kept = {name: frozenset(found) for name, found in topics.items() if len(found) >= least}
    return Cases(texts=tuple(texts), topics=kept)


def _conllu(language: str) -> Iterator[list[list[str]]]:
    for path in sorted((DATA / "ud" / language).glob("*.conllu.gz")):
        with gzip.open(path, "rt", encoding="utf-8") as lines:
            rows: list[list[str]] = []
            for line in lines:
                columns = line.rstrip("\n").split("\t")
                if columns[0].isdigit():
                    rows.append(columns)
                elif not line.strip() and rows:
                    yield rows
                    rows = []


def score(cases: Cases, keys_of: Keys, asked: Keys | None = None) -> Score:
    """How well sharing a key finds the relevant texts; ``asked`` gives a topic's keys if not the same."""
    holders = _holders(cases, keys_of)
    precision, recall = [], []
    for topic, relevant in cases.topics.items():
        found = {number for key in (asked or keys_of)(topic) for number in holders.get(key, ())}
        recall.append(len(found & relevant) / len(relevant))
        if found:
            precision.append(len(found & relevant) / len(found))
    return Score(precision=_mean(precision), recall=_mean(recall))


def _holders(cases: Cases, keys_of: Keys) -> Mapping[str, set[int]]:
    holders: defaultdict[str, set[int]] = defaultdict(set)
    for number, text in enumerate(cases.texts):
        for word in text:
            for key in keys_of(word):
                holders[key].add(number)
    return holders


def mistakes(cases: Cases, keys_of: Keys, asked: Keys) -> Iterator[tuple[str, str]]:
    """(topic, words that wrongly found a text) and (topic, "-") for missed ones: to read by eye."""
    holders: defaultdict[str, set[str]] = defaultdict(set)
    for word in {word for text in cases.texts for word in text}:
        for key in keys_of(word):
            holders[key].add(word)
    for topic, relevant in cases.topics.items():
        forms = {word for key in asked(topic) for word in holders.get(key, ())}
        wrong = {
            word for number, text in enumerate(cases.texts) if number not in relevant for word in text & forms
        }
        missed = sum(1 for number in relevant if not cases.texts[number] & forms)
        if wrong - {topic}:
            yield topic, "+ " + " ".join(sorted(wrong - {topic}))
        if missed:
            yield topic, f"- {missed} of {len(relevant)}"


def _mean(values: Iterable[float]) -> float:
    listed = list(values)
    return sum(listed) / len(listed) if listed else 0.0


def exact(word: str) -> frozenset[str]:
    """The word only."""
    return frozenset((word,))


def prefix(word: str) -> frozenset[str]:
    """Its first four letters: what people do by hand with a star."""
    return frozenset((word[:4],))


CASES: Mapping[str, Callable[[str], Cases]] = {
    "documents": documents,
    "sentences": sentences,
    "words": lambda language: sentences(language, WORDS),
}


def holds(kind: str, ours: Score, plain: Score) -> bool | None:
    """Whether the goals of this set are met; None: it has none."""
    if kind == "words":
        return None
    if kind == "documents":
        return ours.recall >= DOCUMENT_RECALL and ours.precision >= plain.precision - PRECISION_LOSS
    return ours.recall >= SENTENCE_RECALL and ours.precision >= SENTENCE_PRECISION


def measure(kind: str, language: str, *, show: bool) -> dict[str, dict[str, float | bool | None]]:
    """One line of the table, printed, and its figures."""
    cases = CASES[kind](language)

    def ours(word: str) -> frozenset[str]:
        return keys(word, language)

    def asked(word: str) -> frozenset[str]:
        return query_keys(word, language)

    scores = {
        "exact": score(cases, exact),
        "prefix4": score(cases, prefix),
        "ours": score(cases, ours, asked),
    }
    good = holds(kind, scores["ours"], scores["exact"])
    shown = "   ".join(f"{each.precision:.3f} {each.recall:.3f} {each.f1:.3f}" for each in scores.values())
    print(f"{kind:10} {language}  {len(cases.topics):5}   {shown}   {GOAL[good]}")
    if show:
        for topic, mistake in sorted(mistakes(cases, ours, asked)):
            print(f"      {topic}: {mistake}")
    figures: dict[str, dict[str, float | bool | None]] = {
        name: {
            "precision": round(each.precision, 4),
            "recall": round(each.recall, 4),
            "f1": round(each.f1, 4),
        }
        for name, each in scores.items()
    }
    figures["goal"] = {"holds": good}
    return figures


def main() -> None:
    """Print the table and, last, one JSON object."""
    arguments = argparse.ArgumentParser(description=__doc__)
    arguments.add_argument("--quick", action="store_true", help="same figures: the whole run is short")
    arguments.add_argument("--mistakes", action="store_true", help="list what was found wrongly or missed")
    arguments.add_argument("--only", default="", help="one language")
    chosen = arguments.parse_args()
    used = ", ".join(
        f"{name} {version(name)}" for name in ("morfeusz2", "PyStemmer", "pymorphy3", "simplemma")
    )
    print(f"{platform.machine()}, Python {platform.python_version()}, {used}")
    print("precision, recall, F1 of    topics   exact word          4-letter prefix     ours")
    before, started = _memory(), time.perf_counter()
    runs = [("documents", each) for each in DOCUMENTS] + [
        (kind, each) for kind in ("sentences", "words") for each in SENTENCES
    ]
    figures = {
        f"{kind}.{language}": measure(kind, language, show=chosen.mistakes)
        for kind, language in runs
        if chosen.only in {"", language}
    }
    print(f"{time.perf_counter() - started:.1f} s, {_memory() - before:.0f} MB more than before the run")
    print(json.dumps(_report(figures), ensure_ascii=False))


def _memory() -> float:
    return resource.getrusage(resource.RUSAGE_SELF).ru_maxrss / 1024


def _report(figures: Mapping[str, Mapping[str, Mapping[str, float | bool | None]]]) -> dict[str, object]:
    peers = {name: {run: each[name] for run, each in figures.items()} for name in ("exact", "prefix4")}
    return {
        "bench": "languages",
        "ours": {run: each["ours"] for run, each in figures.items()},
        "peers": peers,
        "ratios": {
            run: round((each["ours"]["f1"] or 0) / (each["exact"]["f1"] or 1), 3)
            for run, each in figures.items()
        },
        "goals": {
            "documents": f"recall >= {DOCUMENT_RECALL}, precision >= exact - {PRECISION_LOSS}",
            "sentences": f"recall >= {SENTENCE_RECALL}, precision >= {SENTENCE_PRECISION}",
        },
        "holds": all(each["goal"]["holds"] is not False for each in figures.values()),
    }


if __name__ == "__main__":
    main()
