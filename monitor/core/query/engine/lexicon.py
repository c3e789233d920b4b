"""Every distinct word that any topic asks for, numbered; which of them a word of a text satisfies.

Append-only and shared by one matcher and its successors, so that an edited topic costs its own words.
"""

from __future__ import annotations

import threading
from typing import NamedTuple, TypeVar

from monitor.core.query import acronyms
from monitor.core.query.beginnings import LETTERS, Beginnings, beginnings_of
from monitor.core.query.engine.infix import Infixes
from monitor.core.query.forms import keys as forms
from monitor.core.query.forms.diacritics import two_words, unmarked
from monitor.core.query.forms.dictionaries import asks_for_capital
from monitor.core.query.forms.sr import CYRILLIC
from monitor.core.query.syntax.tree import Mode, Word
from monitor.core.query.tokens import cased, fold, other_script, script, variants

SCRIPT_LANGUAGES = {"cyrillic": ("ru", "be", "uk"), "latin": ("en", "pl", "lt", "de"), "other": ()}
"""Whose forms a word follows when neither the topic nor the article says a language."""

LANGUAGES = tuple(sorted(forms.languages()))
"""Languages that have forms at all."""

_SCRIPTS = {
    "ar": "other",
    "el": "other",
    "be": "cyrillic",
    "bg": "cyrillic",
    "mk": "cyrillic",
    "ru": "cyrillic",
    CYRILLIC: "cyrillic",
    "uk": "cyrillic",
}
_MAX_CACHED_KEYS = 2_000
_MOST_FOR_BEGINNINGS = 5_000


_SERBIAN = frozenset({"sr", CYRILLIC})


def script_of(language: str) -> str:
    """The script that a language is written in."""
    return _SCRIPTS.get(language, "latin")


def in_both_scripts(languages: tuple[str, ...] | None) -> tuple[str, ...] | None:
    """The languages, with Serbian in both of its scripts where it is among them."""
    if languages is None or "sr" not in languages or CYRILLIC in languages:
        return languages
    return (*languages, CYRILLIC)


MIN_UNMARKED_STAR = 5
"""Letters of a word with a star that finds words with marks by plain letters."""
MAX_ACRONYM_ENDING = 3
_INFLECTED = frozenset(("forms", "capitals"))

Ids = int | tuple[int, ...]
"""One number, or several: most words belong to one term, and 100,000 topics have a million of them."""
Spec = tuple[Mode, str, tuple[str, ...] | None]
"""How a word is compared, what with (``Козлов``: it was asked for with a capital), in which languages."""
_Key = TypeVar("_Key")
UNMARKED = "^"
"""Before the keys of a query's word without its marks."""


class _Group(NamedTuple):
    """Key → terms in one language; ``starts``: the first letters of the keys; ``unmarked``: some of the terms
    have marks that a text may leave out."""

    by_key: dict[str, Ids]
    starts: set[str]
    language: str
    latin: bool
    unmarked: bool


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
        self._unmarked: set[tuple[str | None, str]] = set()
        self._proper: dict[tuple[str | None, str], set[int]] = {}
        self._alike: dict[tuple[bool, str], Ids] = {}
        self._capitals: set[int] = set()
        self._sharp: set[int] = set()
        self._by_key: dict[tuple[str | None, str], dict[str, Ids]] = {}
        self._starts: dict[tuple[str | None, str], set[str]] = {}
        self._indexed: dict[tuple[str | None, str], int] = {}
        self._keys: dict[tuple[str, str], tuple[str, ...]] = {}
        self._version = 0
        self._made_groups: dict[
            tuple[tuple[str, ...] | None, str, frozenset[str]], tuple[int, tuple[_Group, ...], frozenset[int]]
        ] = {}
        self._made_beginnings: dict[
            tuple[tuple[str, ...] | None, frozenset[str]], tuple[int, Beginnings | None]
        ] = {}
        self._lock = threading.Lock()

    def __len__(self) -> int:
        return len(self.specs)

    def intern(self, word: Word, languages: tuple[str, ...] | None = None) -> int:
        """The number of a query's word; words that accept the same texts share it.

        ``languages`` are those of a word that has none set.
        """
        mode, meant = word.mode, in_both_scripts(word.languages or languages)
        folded = fold(word.text)
        if mode == "capitals":
            text = acronyms.base_of(variants(cased(word.text))[0]) or variants(cased(word.text))[0]
            folded = fold(text)
        elif mode in {"case", "shout"}:
            text = variants(cased(word.text))[0]
        elif mode == "exact":
            text = variants(cased(word.text).lower())[0]  # ß is not ss here
        else:
            text = variants(folded)[0]
            if mode == "forms" and word.text[0].isupper() and _tells_names(folded, meant):
                text = text.capitalize()  # Козлов is not козлов
        spec: Spec = (mode, text, meant if mode in _INFLECTED else None)
        known = self._ids.get(spec)
        if known is not None:
            return known
        with self._lock:
            return self._ids[spec] if spec in self._ids else self._add(spec, word, folded)

    def _add(self, spec: Spec, word: Word, folded: str) -> int:
        mode, text, _languages = spec
        number = len(self.specs)
        self.specs.append(spec)
        if mode in {"forms", "exact", "capitals"}:
            _put(self._literal, variants(folded)[0], number)
            if mode == "exact" and "ss" in folded:
                self._sharp.add(number)
        elif mode in {"case", "shout"}:
            _put(self._cased, text, number)
        elif mode == "prefix":
            _put(self._prefix, text, number)
            self._prefix_lengths = _with(self._prefix_lengths, len(text))
        elif mode == "suffix":
            _put(self._suffix, text, number)
            self._suffix_lengths = _with(self._suffix_lengths, len(text))
        else:
            self._infixes.add(text, number)
        if mode in _INFLECTED:
            self._add_inflected(spec, word, folded, number)
        self._ids[spec] = number
        self._version += 1  # last: others read without the lock
        return number

    def _add_inflected(self, spec: Spec, word: Word, folded: str, number: int) -> None:
        mode, text, languages = spec
        if mode == "capitals":
            self._capitals.add(number)
            for same in acronyms.SAME.get(text, ()):
                _put(self._literal, same.lower(), number)
        for language in (None,) if languages is None else languages:
            self._inflected.setdefault(language, []).append((folded, number))
        # A word all of whose letters the other script has too: ЕС, typed EC.
        if other_script(cased(word.text)) is not None:
            own = {script_of(language) for language in languages or ()}
            if own <= {script(folded)}:
                _put(self._alike, (languages is None, folded), number)

    @property
    def fixed_languages(self) -> frozenset[str]:
        """The languages that terms were given by their topics, whatever the article's."""
        return frozenset(language for language in tuple(self._inflected) if language is not None)

    def satisfied(
        self,
        surface: str,
        languages: tuple[str, ...] | None,
        unlikely: frozenset[str] = frozenset(),
    ) -> set[int]:
        """Numbers of the terms that this word of a text satisfies.

        ``languages`` are those of the article; None: unknown, the script decides. Terms that their topic
        gave an ``unlikely`` language are found as they stand, not in its forms.
        """
        folded = fold(surface)
        found: set[int] = set()
        for text in variants(folded):
            _take(self._literal.get(text), found)
            self._starred(text, found)
        self._as_written(surface, found)
        if self._alike:
            self._look_alikes(surface, languages, found)
        groups, proper = self._groups(in_both_scripts(languages), script(folded), unlikely)
        for group in groups:
            self._inflections(group, folded, found)
        if proper and found and not surface[0].isupper():
            found -= proper
        if not found.isdisjoint(self._capitals):
            found -= {n for n in found & self._capitals if not self._in_capitals(n, surface, languages)}
        if not found.isdisjoint(self._sharp):
            found -= self._otherwise_sharp(surface)
        return found

    def begins_like_none(
        self, word: str, languages: tuple[str, ...] | None, unlikely: frozenset[str] = frozenset()
    ) -> bool:
        """Whether a word of small ASCII letters begins like no term, so that it satisfies none: told without
        its forms, which is what most words of a text cost. False: ``satisfied`` tells."""
        asked = (languages, unlikely)
        made = self._made_beginnings.get(asked)
        if made is None or made[0] != self._version:
            made = self._made_beginnings[asked] = self._version, self._beginnings(languages, unlikely)
        return made[1] is not None and made[1].are_not_of(word)

    def _beginnings(self, languages: tuple[str, ...] | None, unlikely: frozenset[str]) -> Beginnings | None:
        """None: what is asked for may stand in any word, or is so much that nearly any word begins so."""
        if len(self.specs) > _MOST_FOR_BEGINNINGS:
            return None
        groups, _ = self._groups(in_both_scripts(languages), "latin", unlikely)
        if self._suffix_lengths or self._infixes or min(self._prefix_lengths, default=LETTERS) < LETTERS:
            return None
        return beginnings_of(
            (self._literal, self._cased, self._prefix, *(group.by_key for group in groups)),
            alike=(folded for _, folded in self._alike),
            languages=[group.language for group in groups],
        )

    def _as_written(self, surface: str, found: set[int]) -> None:
        """Terms that compare capitals, and acronyms whose ending a word may have."""
        if self._cased:
            for text in variants(cased(surface)):
                _take(self._cased.get(text), found)
        if self._capitals and surface[-1].islower() and not surface[1:].islower():
            base = acronyms.base_of(variants(cased(surface))[0])
            if base is not None:
                found |= _numbers(self._literal.get(fold(base))) & self._capitals

    def _otherwise_sharp(self, surface: str) -> set[int]:
        """Exact words with *ss* for the *ß* of a word of a text or the reverse; capitals say neither."""
        sharp = "ß" in surface
        return {n for n in self._sharp if ("ß" in self.specs[n][1]) != sharp and not surface.isupper()}

    def _starred(self, text: str, found: set[int]) -> None:
        self._pieces(text, self._prefix_lengths, self._suffix_lengths, found)
        found.update(self._infixes.within(text))
        if not text.isascii() and (self._prefix_lengths or self._suffix_lengths):
            for plain in unmarked(text):
                if plain.isascii():
                    prefixes, suffixes = (
                        tuple(length for length in lengths if length >= MIN_UNMARKED_STAR)
                        for lengths in (self._prefix_lengths, self._suffix_lengths)
                    )
                    self._pieces(plain, prefixes, suffixes, found)

    def _pieces(
        self, text: str, prefixes: tuple[int, ...], suffixes: tuple[int, ...], found: set[int]
    ) -> None:
        for length in prefixes:
            if length > len(text):
                break
            _take(self._prefix.get(text[:length]), found)
        for length in suffixes:
            if length > len(text):
                break
            _take(self._suffix.get(text[-length:]), found)

    def _groups(
        self, languages: tuple[str, ...] | None, written_in: str, unlikely: frozenset[str]
    ) -> tuple[tuple[_Group, ...], frozenset[int]]:
        """The indexes that a word in this script is looked up in, and the terms that ask for a capital.

        Made once for what is asked for so far: nearly all words of a text are in no index.
        """
        asked, version = (languages, written_in, unlikely), self._version
        made = self._made_groups.get(asked)
        if made is not None and made[0] == version:
            return made[1], made[2]
        own = SCRIPT_LANGUAGES[written_in] if languages is None else languages
        which: list[tuple[str | None, str]] = [(None, language) for language in own]
        which += [(fixed, fixed) for fixed in self.fixed_languages - unlikely]
        here = [(group, language) for group, language in which if written_in == script_of(language)]
        indexed = [(pair, self._index(*pair)) for pair in here]
        groups = tuple(
            _Group(
                by_key=index,
                starts=self._starts.get((group, language), set()),
                language=language,
                latin=script_of(language) == "latin",
                unmarked=(group, language) in self._unmarked,
            )
            for (group, language), index in indexed
            if index
        )
        proper = frozenset[int]().union(*(self._proper.get(pair, ()) for pair in which))
        self._made_groups[asked] = version, groups, proper
        return groups, proper

    def _inflections(self, group: _Group, folded: str, found: set[int]) -> None:
        index, language = group.by_key, group.language
        start = forms.start_of_keys(folded, language) if "'" not in folded else None
        if start is None or start in group.starts:
            for key in self.keys(folded, language):
                _take(index.get(key), found)
        if group.latin and (group.unmarked or not folded.isascii()):
            self._by_plain_letters(index, language, folded, found)

    def _by_plain_letters(self, index: dict[str, Ids], language: str, folded: str, found: set[int]) -> None:
        """Terms that the word satisfies when the marks of either are left out."""
        alike: set[int] = set()
        for way in unmarked(folded):
            for key in self.keys(way, language):
                if way != folded:
                    _take(index.get(key), alike)
                _take(index.get(f"{UNMARKED}{key}"), alike)
        for number in alike - found:
            _, text, languages = self.specs[number]
            if not folded.isascii() and not text.isascii() and _differ(text.lower(), folded):
                continue  # both have marks, and others: Soči, šokem
            if not two_words(text.lower(), folded, languages or (language,)):
                found.add(number)

    def _look_alikes(self, surface: str, languages: tuple[str, ...] | None, found: set[int]) -> None:
        other = other_script(cased(surface))
        if not other:  # "_" has no letters at all
            return
        folded = fold(other)
        _take(self._alike.get((False, folded)), found)
        if languages and all(script_of(language) == script(folded) for language in languages):
            _take(self._alike.get((True, folded)), found)

    def _in_capitals(self, number: int, surface: str, languages: tuple[str, ...] | None) -> bool:
        """Whether a word of a text that is an acronym's form is written in its capitals, or as a name."""
        _, text, own = self.specs[number]
        wanted = (text, *acronyms.SAME.get(text, ()))
        for found in variants(cased(surface)):
            if found in wanted or other_script(found) == text:
                return True
            if found.upper() in wanted or found == text.upper():
                if acronyms.base_of(found) == found:
                    return True  # PIS, PiS
                return acronyms.written_as_name(found, own or languages or SCRIPT_LANGUAGES["latin"])
            ending = found[len(text) :] if found.startswith(text) else ""
            if 0 < len(ending) <= MAX_ACRONYM_ENDING and (ending.islower() or not text.isascii()):
                return True
        return False

    def _index(self, group: str | None, language: str) -> dict[str, Ids]:
        """Key → terms of a group of terms (None: those that follow the article), up to date."""
        terms = self._inflected.get(group, [])
        which = (group, language)
        if self._indexed.get(which, 0) < len(terms):
            with self._lock:
                index = self._by_key.setdefault(which, {})
                self._starts.setdefault(which, set())
                for folded, number in terms[self._indexed.get(which, 0) :]:
                    # The keys of Serbian are in Latin letters, whichever script it is written in.
                    if script(folded) == script_of(language) or language in _SERBIAN:
                        self._index_term(index, which, folded, number)
                self._indexed[which] = len(terms)
        return self._by_key.get(which, {})

    def _index_term(
        self, index: dict[str, Ids], which: tuple[str | None, str], folded: str, number: int
    ) -> None:
        mode, text, _ = self.specs[number]
        name = text[0].isupper()
        starts = self._starts[which]
        for key in _asked(folded, which[1], name=name):
            _put(index, key, number)
            starts.add(forms.start_of(key))
        if not folded.isascii() and script(folded) == script_of(which[1]) == "latin":
            self._unmarked.add(which)
            for way in unmarked(folded):
                for key in _asked(way, which[1], name=name):
                    _put(index, f"{UNMARKED}{key}", number)
        if name and mode == "forms" and asks_for_capital(folded, which[1]):
            self._proper.setdefault(which, set()).add(number)

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


def _tells_names(folded: str, languages: tuple[str, ...] | None) -> bool:
    """Whether a capital may mean a name that is also a common word (see ``asks_for_capital``)."""
    return languages is None or "pl" in languages if folded.isascii() else True


def _differ(one: str, other: str) -> bool:
    """Whether two folded words have no way to write them in plain letters in common."""
    return set(unmarked(one)).isdisjoint(unmarked(other))


def _asked(folded: str, language: str, *, name: bool) -> set[str]:
    """The keys to look a query's word up by."""
    sources = (folded, *variants(folded)[1:])
    return {key.replace("'", "") for word in sources for key in forms.query_keys(word, language, name=name)}


def _put(index: dict[_Key, Ids], text: _Key, number: int) -> None:
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


def _numbers(numbers: Ids | None) -> set[int]:
    found: set[int] = set()
    _take(numbers, found)
    return found


def _with(lengths: tuple[int, ...], length: int) -> tuple[int, ...]:
    return lengths if length in lengths else tuple(sorted((*lengths, length)))
