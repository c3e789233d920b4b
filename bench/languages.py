"""Word forms per language: exact word, 4-letter prefix and ours, on other people's annotations.

Three sets. *Documents*: news annotated with named entities; a topic is a one-word entity lemma of four
letters or more that at least ``MIN_DOCUMENTS`` documents hold, and the documents that hold it are
relevant. *Sentences*: treebanks; a topic is the lemma of a proper name of four letters or more, and the
sentences with that lemma are relevant. *Words*: the same for nouns, adjectives and verbs, where false
conflation shows best; no goal. A word is found when it shares a key with the topic. Figures are
means over topics; precision is a lower bound, since annotators skip names. Ours is asked with the lemma
as its annotators wrote it, capitals and all, as the matcher is; a fourth set, *orthographies*, are sentences
of our own, half of them in classical Belarusian (``tests/data/belarusian.tsv``, written after the rules).
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

from monitor.core.query.engine.lexicon import Lexicon
from monitor.core.query.forms.belarusian.orthography import official
from monitor.core.query.syntax.terms import list_term
from monitor.core.query.syntax.tree import Or, Word
from monitor.core.query.tokens import fold, variants, words

DATA = Path(__file__).parents[1] / "../shared/data/multilingual"
MIN_DOCUMENTS = 3
MIN_LETTERS = 4
OWN = Path(__file__).parents[1] / "tests/data/belarusian.tsv"
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
    """Texts as sets of words, each topic's relevant text numbers, and how its lemma is written."""

    texts: tuple[frozenset[str], ...]
    topics: Mapping[str, frozenset[int]]
    written: Mapping[str, str]


@dataclass(frozen=True, slots=True, kw_only=True)
class Score:
    """Means over topics; a topic that finds nothing has no precision."""

    precision: float
    recall: float

    @property
    def f1(self) -> float:
        """Harmonic mean of the two means."""
        return 2 * self.precision * self.recall / (self.precision + self.recall)


def folded(word: str) -> tuple[str, ...]:
    """A word as it is compared."""
    return variants(fold(word))


def one_word(lemma: str) -> str | None:
    """The lemma when it is one word that is long enough to be a topic."""
    found = words(lemma)
    return found[0] if len(found) == 1 and len(lemma) >= MIN_LETTERS else None


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
            texts.append(frozenset(words(f"{row['title']}\n{row['text']}")))
    return _cases(texts, topics, MIN_DOCUMENTS)


def sentences(language: str, kinds: frozenset[str] = NAMES) -> Cases:
    """Treebank sentences with the lemmas of some kinds of words."""
    texts: list[frozenset[str]] = []
    topics: defaultdict[str, set[int]] = defaultdict(set)
    for rows in _conllu(language):
        for lemma in filter(None, (one_word(row[2]) for row in rows if row[3] in kinds)):
            # The Belarusian treebank has one lemma in two orthographies as two.
            topics[official(lemma) if language == "be" else lemma].add(len(texts))
        texts.append(frozenset(words(" ".join(row[1] for row in rows))))
    return _cases(texts, topics, 1)


def orthographies(_: str) -> Cases:
    """Our own sentences; every query is to find what the table says, and no more of its sentences."""
    texts: list[frozenset[str]] = []
    topics: defaultdict[str, set[int]] = defaultdict(set)
    with OWN.open(encoding="utf-8") as lines:
        for line in lines:
            if not line.startswith("#"):
                _, query, sentence, relevant = line.rstrip("\n").split("\t")
                if relevant == "1":
                    topics[query].add(len(texts))
                texts.append(frozenset(words(sentence)))
    return _cases(texts, topics, 1)


def _cases(texts: list[frozenset[str]], topics: Mapping[str, set[int]], least: int) -> Cases:
    merged: defaultdict[str, set[int]] = defaultdict(set)
    written: dict[str, str] = {}
    # A lemma in two cases is one topic, written as most of its documents have it.
    for lemma, found in sorted(topics.items(), key=lambda each: len(each[1])):
        name = folded(lemma)[0]
        merged[name] |= found
        written[name] = lemma
    kept = {name: frozenset(found) for name, found in merged.items() if len(found) >= least}
    return Cases(texts=tuple(texts), topics=kept, written=written)


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


def score(cases: Cases, found: Callable[[str], set[int]]) -> Score:
    """How well ``found``, the numbers of the texts that a topic finds, agrees with the relevant ones."""
    precision, recall = [], []
    for topic, relevant in cases.topics.items():
        numbers = found(topic)
        recall.append(len(numbers & relevant) / len(relevant))
        if numbers:
            precision.append(len(numbers & relevant) / len(numbers))
    return Score(precision=_mean(precision), recall=_mean(recall))


def by_keys(cases: Cases, keys_of: Keys) -> Callable[[str], set[int]]:
    """Texts that share a key with a topic."""
    holders: defaultdict[str, set[int]] = defaultdict(set)
    for number, text in enumerate(cases.texts):
        for word in text:
            for form in folded(word):
                for key in keys_of(form):
                    holders[key].add(number)
    return lambda topic: {number for key in keys_of(topic) for number in holders.get(key, ())}


def by_matcher(cases: Cases, language: str) -> Callable[[str], set[str]]:
    """The words of the texts that the matcher takes for a topic's lemma."""
    lexicon = Lexicon()
    asked: dict[int, list[str]] = defaultdict(list)
    for topic in cases.topics:
        node = list_term(cases.written[topic])
        # EU27 is also found as two words; those are no topic of one word.
        for word in node.parts if isinstance(node, Or) else (node,):
            if isinstance(word, Word):
                asked[lexicon.intern(word, (language,))].append(topic)
    forms: defaultdict[str, set[str]] = defaultdict(set)
    for surface in {word for text in cases.texts for word in text}:
        for number in lexicon.satisfied(surface, (language,)):
            for topic in asked[number]:
                forms[topic].add(surface)
    return lambda topic: forms[topic]


def mistakes(cases: Cases, forms: Callable[[str], set[str]]) -> Iterator[tuple[str, str]]:
    """(topic, words that wrongly found a text) and (topic, "-") for missed ones: to read by eye."""
    for topic, relevant in cases.topics.items():
        wrong = {
            word
            for number, text in enumerate(cases.texts)
            if number not in relevant
            for word in text & forms(topic)
        }
        missed = sum(1 for number in relevant if not cases.texts[number] & forms(topic))
        if wrong:
            yield cases.written[topic], "+ " + " ".join(sorted(wrong))
        if missed:
            yield cases.written[topic], f"- {missed} of {len(relevant)}"


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
    "orthographies": orthographies,
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

    forms = by_matcher(cases, language)
    holders: defaultdict[str, set[int]] = defaultdict(set)
    for number, text in enumerate(cases.texts):
        for word in text:
            holders[word].add(number)
    scores = {
        "exact": score(cases, by_keys(cases, exact)),
        "prefix4": score(cases, by_keys(cases, prefix)),
        "ours": score(cases, lambda topic: {n for word in forms(topic) for n in holders[word]}),
    }
    good = holds(kind, scores["ours"], scores["exact"])
    shown = "   ".join(f"{each.precision:.3f} {each.recall:.3f} {each.f1:.3f}" for each in scores.values())
    print(f"{kind:10} {language}  {len(cases.topics):5}   {shown}   {GOAL[good]}")
    if show:
        for topic, mistake in sorted(mistakes(cases, forms)):
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
    runs.append(("orthographies", "be"))
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
