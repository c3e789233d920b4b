"""Made-up articles and topics for bench/matching.py: the same for the same seed, nobody's text.

Words are syllables with endings of Russian or English; ranks follow Zipf's law as in news, so that
a few words stand everywhere and most nearly nowhere.
"""

from __future__ import annotations

import random
from dataclasses import dataclass, field
from itertools import accumulate

LEMMAS = 40_000
NAMES = 90_000
"""Persons, firms and places: each article names a few, most names stand in hardly any article."""
# ruff: noqa: SIM905 - syllables are easier to read as words
_SYLLABLES = {
    "ru": "ба ве ги до жу за ки ло му на пе ри со ту фа хо че ша бро кле стра гру пла вич дон мар".split(),
    "en": "ba ve gi do ju za ki lo mu na pe ri so tu fa ho che sha bro cle stra gru pla wick don mar".split(),
}
_ENDINGS = {
    "ru": ("", "а", "у", "ом", "е", "ы", "ов", "ам", "ами", "ах"),
    "en": ("", "", "", "s", "ed", "ing"),
}
_CODA = {"ru": "н р т к л в д".split(), "en": "n r t k l m d".split()}
CHARACTERS = {"ru": 2_250, "en": 4_000}
"""About 4 kB of UTF-8 in either script."""


@dataclass(frozen=True)
class Term:
    """``kind``: word, prefix, phrase, near (two words)."""

    kind: str
    words: tuple[str, ...]


@dataclass(frozen=True)
class BenchTopic:
    """All of ``groups`` (any term of each), none of ``none``."""

    id: str
    groups: tuple[tuple[Term, ...], ...]
    none: tuple[Term, ...] = ()

    @property
    def terms(self) -> tuple[Term, ...]:
        return tuple(term for group in self.groups for term in group)

    @property
    def shared(self) -> bool:
        """Whether every engine can say it: no distances."""
        return all(term.kind != "near" for term in (*self.terms, *self.none))


@dataclass
class Corpus:
    """Lemmas by rank in two scripts; ``dead`` lemmas stand in no article."""

    seed: int = 7
    chance: random.Random = field(init=False)
    lemmas: dict[str, list[str]] = field(init=False)
    names: dict[str, list[str]] = field(init=False)
    dead: list[str] = field(init=False)

    def __post_init__(self) -> None:
        self.chance = random.Random(self.seed)
        made: set[str] = set()
        self.lemmas = {language: self._lemmas(language, LEMMAS, made) for language in ("ru", "en")}
        self.names = {language: self._lemmas(language, NAMES, made) for language in ("ru", "en")}
        # Nothing else begins like these, so that no star and no ending makes one of them live.
        self.dead = ["щю" + lemma for lemma in self._lemmas("ru", LEMMAS, made)]
        self.dead += ["xq" + lemma for lemma in self._lemmas("en", LEMMAS, made)]
        self._weights = list(accumulate(1 / (rank + 3) for rank in range(LEMMAS)))

    def _lemmas(self, language: str, count: int, made: set[str]) -> list[str]:
        chance = self.chance
        found: list[str] = []
        while len(found) < count:
            size = chance.choice((2, 2, 3, 3, 4))
            lemma = "".join(chance.choices(_SYLLABLES[language], k=size)) + chance.choice(_CODA[language])
            if lemma not in made:
                made.add(lemma)
                found.append(lemma)
        return found

    def article(self, language: str) -> str:
        """Sentences of inflected words with punctuation, about 4 kB."""
        chance, words, size, left = self.chance, [], 0, 0
        drawn = iter(chance.choices(self.lemmas[language], cum_weights=self._weights, k=1_200))
        while size < CHARACTERS[language]:
            name = chance.random() < 0.015
            lemma = chance.choice(self.names[language]) if name else next(drawn)
            word = lemma + chance.choice(_ENDINGS[language])
            if name or left == 0:
                word = word.capitalize()
            if left == 0:
                left = chance.randint(8, 22)
            left -= 1
            word += "." if left == 0 else "," if chance.random() < 0.08 else ""
            words.append(word)
            size += len(word) + 1
        return " ".join(words)

    def articles(self, count: int) -> list[str]:
        """Half of them Cyrillic, in turn."""
        return [self.article("ru" if number % 2 else "en") for number in range(count)]

    def topic(self, name: str, *, dead: bool = False) -> BenchTopic:
        """A list (A OR B …), or groups joined by AND, with phrases, NEAR, wildcards and NOT."""
        chance = self.chance
        language = chance.choice(("ru", "en"))
        # Lists name names, as watch lists do; words that mean something come with a context.
        if chance.random() < 0.4:
            terms = [self._term(language, -1, dead=dead) for _ in range(chance.randint(3, 12))]
            return BenchTopic(name, (tuple(terms),))
        groups = tuple(
            tuple(self._term(language, low, dead=dead) for _ in range(chance.randint(2, 4)))
            for low in (3_000, 600, 600)[: chance.choice((2, 2, 3))]
        )
        none = (self._term(language, 300, dead=False),) if chance.random() < 0.4 else ()
        return BenchTopic(name, groups, none)

    def frequent(self, name: str) -> BenchTopic:
        """A topic of frequent words, so that engines have something to disagree about."""
        language = self.chance.choice(("ru", "en"))

        def term() -> Term:
            words = [self.chance.choice(self.lemmas[language][:200]) for _ in range(2)]
            kind = self.chance.choice(("word", "word", "phrase", "prefix"))
            return Term(kind, tuple(words) if kind == "phrase" else (words[0],))

        return BenchTopic(name, ((term(), term()), (term(), term())), (term(),))

    def _term(self, language: str, low: int, *, dead: bool) -> Term:
        chance = self.chance
        first = self._word(language, low, dead=dead)
        kind = chance.random()
        if kind < 0.07 and len(first) >= 6:
            return Term("prefix", (first[:-1],))
        if kind < 0.14:
            return Term("phrase", (first, self._word(language, 200, dead=False)))
        if kind < 0.2:
            return Term("near", (first, self._word(language, 200, dead=False)))
        return Term("word", (first,))

    def _word(self, language: str, low: int, *, dead: bool) -> str:
        if dead:
            return self.chance.choice(self.dead)
        if low < 0:
            lemma = self.chance.choice(self.names[language])
        else:
            lemma = self.lemmas[language][self.chance.randint(low, LEMMAS - 1)]
        return lemma + self.chance.choice(_ENDINGS[language])


def as_query(topic: BenchTopic, mark: str = "") -> str:
    """The topic in our language; ``mark`` "=" asks for these forms only."""

    def term(each: Term) -> str:
        match each.kind:
            case "prefix":
                return f"{each.words[0]}*"
            case "phrase":
                return f'{mark}"{" ".join(each.words)}"'
            case "near":
                return f"({mark}{each.words[0]} NEAR/5 {mark}{each.words[1]})"
            case _:
                return mark + each.words[0]

    groups = " AND ".join("(" + " OR ".join(map(term, group)) + ")" for group in topic.groups)
    return groups + "".join(f" NOT {term(each)}" for each in topic.none)
