"""Every distinct word that any topic asks for, numbered; which of them a word of a text satisfies.

Append-only and shared by one matcher and its successors, so that an edited topic costs its own words.
"""

from __future__ import annotations

import threading

from monitor.core.query.engine.infix import Infixes
from monitor.core.query.forms import keys as forms
from monitor.core.query.syntax.tree import Mode, Word
from monitor.core.query.tokens import cased, fold, script, variants

SCRIPT_LANGUAGES = {"cyrillic": ("ru", "be", "uk"), "latin": ("en", "pl", "lt", "de"), "other": ()}
"""Whose forms a word follows when neither the topic nor the article says a language."""

LANGUAGES = tuple(sorted(forms.languages()))
"""Languages that have forms at all."""

_SCRIPTS = {
    "be": "cyrillic",
    "bg": "cyrillic",
    "mk": "cyrillic",
    "ru": "cyrillic",
    "uk": "cyrillic",
}
_MAX_CACHED_KEYS = 200_000


def script_of(language: str) -> str:
    """The script that a language is written in."""
    return _SCRIPTS.get(language, "latin")


Ids = int | tuple[int, ...]
"""One number, or several: most words belong to one term, and 100,000 topics have a million of them."""
Spec = tuple[Mode, str, tuple[str, ...] | None]


class Lexicon:
    """Terms by number. Reading is safe while another thread adds."""

    def __init__(self) -> None:
        self.specs: list[Spec] = []
        self._ids: dict[Spec, int] = {}
        self._literal: dict[str, Ids] = {}
        self._cased: dict[str, Ids] = {}
        self._prefix: dict[str, Ids] = {}
        self._suffix: dict[str, Ids] = {}
        self._infixes = Infixes()
        self._prefix_lengths: tuple[int, ...] = ()
        self._suffix_lengths: tuple[int, ...] = ()
        self._inflected: dict[str | None, list[tuple[str, int]]] = {}
        self._by_key: dict[tuple[str | None, str], dict[str, Ids]] = {}
        self._indexed: dict[tuple[str | None, str], int] = {}
        self._keys: dict[tuple[str, str], tuple[str, ...]] = {}
        self._lock = threading.Lock()

    def __len__(self) -> int:
        return len(self.specs)

    def intern(self, word: Word, languages: tuple[str, ...] | None = None) -> int:
        """The number of a query's word; words that accept the same texts share it.

        ``languages`` are those of a word that has none set.
        """
        mode = word.mode
        folded = fold(word.text)
        text = variants(cased(word.text) if mode == "case" else folded)[0]
        spec: Spec = (mode, text, (word.languages or languages) if mode == "forms" else None)
        known = self._ids.get(spec)
        if known is not None:
            return known
        with self._lock:
            return self._ids[spec] if spec in self._ids else self._add(spec, folded)

    def _add(self, spec: Spec, folded: str) -> int:
        mode, text, languages = spec
        number = len(self.specs)
        self.specs.append(spec)
        if mode in {"forms", "exact"}:
            _put(self._literal, text, number)
        elif mode == "case":
            _put(self._cased, text, number)
        elif mode == "prefix":
            _put(self._prefix, text, number)
            self._prefix_lengths = _with(self._prefix_lengths, len(text))
        elif mode == "suffix":
            _put(self._suffix, text, number)
            self._suffix_lengths = _with(self._suffix_lengths, len(text))
        else:
            self._infixes.add(text, number)
        if mode == "forms":
            for language in (None,) if languages is None else languages:
                self._inflected.setdefault(language, []).append((folded, number))
        self._ids[spec] = number
        return number

    def satisfied(self, surface: str, languages: tuple[str, ...] | None) -> set[int]:
        """Numbers of the terms that this word of a text satisfies.

        ``languages`` are those of the article; None: unknown, the script decides.
        """
        folded = fold(surface)
        found: set[int] = set()
        for text in variants(folded):
            _take(self._literal.get(text), found)
            self._starred(text, found)
        if self._cased:
            for text in variants(cased(surface)):
                _take(self._cased.get(text), found)
        written_in = script(folded)
        own = SCRIPT_LANGUAGES[written_in] if languages is None else languages
        for language in own:
            self._inflections(None, language, folded, written_in, found)
        for fixed in tuple(self._inflected):
            if fixed is not None:
                self._inflections(fixed, fixed, folded, written_in, found)
        return found

    def _starred(self, text: str, found: set[int]) -> None:
        for length in self._prefix_lengths:
            if length > len(text):
                break
            _take(self._prefix.get(text[:length]), found)
        for length in self._suffix_lengths:
            if length > len(text):
                break
            _take(self._suffix.get(text[-length:]), found)
        found.update(self._infixes.within(text))

    def _inflections(
        self, group: str | None, language: str, folded: str, written_in: str, found: set[int]
    ) -> None:
        if written_in != script_of(language):
            return
        index = self._index(group, language)
        if index:
            for key in self.keys(folded, language):
                _take(index.get(key), found)

    def _index(self, group: str | None, language: str) -> dict[str, Ids]:
        """Key → terms of a group of terms (None: those that follow the article), up to date."""
        terms = self._inflected.get(group, [])
        which = (group, language)
        if self._indexed.get(which, 0) < len(terms):
            with self._lock:
                index = self._by_key.setdefault(which, {})
                for folded, number in terms[self._indexed.get(which, 0) :]:
                    if script(folded) == script_of(language):
                        for key in _asked(folded, language):
                            _put(index, key, number)
                self._indexed[which] = len(terms)
        return self._by_key.get(which, {})

    def keys(self, folded: str, language: str) -> tuple[str, ...]:
        """The keys of a folded word and its variants in a language, remembered."""
        cached = self._keys.get((folded, language))
        if cached is None:
            if len(self._keys) > _MAX_CACHED_KEYS:
                self._keys.clear()
            sources = (folded, *variants(folded)[1:])
            found = {key.replace("'", "") for word in sources for key in forms.keys(word, language)}
            cached = self._keys[folded, language] = tuple(found)
        return cached


def _asked(folded: str, language: str) -> set[str]:
    """The keys to look a query's word up by."""
    sources = (folded, *variants(folded)[1:])
    return {key.replace("'", "") for word in sources for key in forms.query_keys(word, language)}


def _put(index: dict[str, Ids], text: str, number: int) -> None:
    known = index.get(text)
    if known is None:
        index[text] = number
    else:
        index[text] = (known, number) if isinstance(known, int) else (*known, number)


def _take(numbers: Ids | None, found: set[int]) -> None:
    if isinstance(numbers, int):
        found.add(numbers)
    elif numbers is not None:
        found.update(numbers)


def _with(lengths: tuple[int, ...], length: int) -> tuple[int, ...]:
    return lengths if length in lengths else tuple(sorted((*lengths, length)))
