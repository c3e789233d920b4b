"""The kept stemmers and dictionaries, loaded at the first word of their language.

Snowball (BSD) through PyStemmer; pymorphy3 with the OpenCorpora (ru) and VESUM-based (uk) dictionaries;
simplemma's word lists (cs, lt); Morfeusz 2 with the SGJP dictionary (pl). Their answers come back
marked, so that a stem is never taken for a word: ``~`` a stem, ``=`` a dictionary form.
"""

from __future__ import annotations

import threading
from typing import Protocol

from monitor.core.loaded_once import loaded_once

_SNOWBALL = {
    "ar": "arabic",
    "da": "danish",
    "el": "greek",
    "fi": "finnish",
    "hu": "hungarian",
    **dict.fromkeys(("nb", "nn", "no"), "norwegian"),
    "tr": "turkish",
    "de": "german",
    "en": "english",
    "es": "spanish",
    "fr": "french",
    "it": "italian",
    "lt": "lithuanian",
    "nl": "dutch",
    "pl": "polish",
    "pt": "portuguese",
    "ro": "romanian",
    "ru": "russian",
    "sv": "swedish",
}
_NAMES = frozenset({"Surn", "Name", "Patr", "Geox", "Orgn"})
# A stemmer keeps state while it works: one for each thread.
_local = threading.local()


_Analysis = tuple[str, object, str, float, object]
"""Of pymorphy3: the word, its tag, its dictionary form, a score, how it was found."""


class _Analyzer(Protocol):
    def parse(self, word: str) -> list[_Analysis]: ...
    def word_is_known(self, word: str) -> bool: ...


_Reading = tuple[int, int, tuple[str, str, str, list[str], list[str]]]


class _Lemmatizer(Protocol):
    def lemmatize(self, token: str, lang: str) -> str: ...


class _Lookup(Protocol):
    def get_lemma(self, token: str, lang: str) -> str | None: ...


class _Morfeusz(Protocol):
    def analyse(self, text: str) -> list[_Reading]: ...


def stem(word: str, language: str) -> str:
    """``~`` and what Snowball leaves of a folded word."""
    import Stemmer  # noqa: PLC0415 - only who matches such words pays

    stemmers = _local.__dict__.setdefault("stemmers", {})
    if language not in stemmers:
        # Its own memory of words, three megabytes, would be each thread's: whoever asks remembers.
        stemmers[language] = Stemmer.Stemmer(_SNOWBALL[language], 0)
    return f"~{stemmers[language].stemWord(word)}"


def normal_forms(word: str, language: str) -> frozenset[str]:
    """``=`` and each dictionary form that pymorphy3 thinks possible, unknown words by their endings."""
    return frozenset(f"={form}" for _, _, form, *_ in _analyzer(language).parse(word))


def lemmas(word: str, language: str) -> frozenset[str]:
    """``=`` and what simplemma makes of a folded word, as a common word and as a name."""
    lemmatizer, _ = _word_list(language)
    return frozenset(
        f"={lemmatizer.lemmatize(each, language).casefold()}" for each in (word, word.capitalize())
    )


def is_listed(word: str, language: str) -> bool:
    """Whether simplemma lists a folded word as it stands."""
    _, lookup = _word_list(language)
    return lookup.get_lemma(word, language) is not None


def is_base(word: str, language: str) -> bool:
    """Whether a dictionary lists a folded word as the base form of a common word; False where none is."""
    if language == "pl":
        return any(each == word for each in polish_lemmas(word))
    if language not in _LISTED:
        return False
    _, lookup = _word_list(language)
    return lookup.get_lemma(word, language) == word


_LISTED = frozenset("cs de en es fr hu it lt nb nl pt ro sk sl sv".split())  # noqa: SIM905 - readable as words
"""Languages whose word lists simplemma has and news in them is read."""


def polish_lemmas(word: str) -> frozenset[str]:
    """Each lemma that Morfeusz lists for a folded word, names with a capital; none: not listed."""
    # With a capital both names and common words are found, in lower case only the latter.
    found = _morfeusz().analyse(word.capitalize())
    whole = max((end for _, end, _ in found), default=0)
    # Of words read in pieces only verbs count (zrobił|em), not Aleś as ale|ś.
    return frozenset(
        lemma.partition(":")[0]
        for start, end, (_, lemma, tag, *_) in found
        if start == 0 and tag != "ign" and (end == whole or tag.startswith(("praet", "winien")))
    )


def is_known(word: str, language: str) -> bool:
    """Whether pymorphy3's dictionary lists a folded word, in any form."""
    return _analyzer(language).word_is_known(word)


def is_name(word: str, language: str) -> bool:
    """Whether pymorphy3's dictionary lists a folded word as a surname or a place in base form."""
    bases = {word, word.removesuffix("а"), f"{word.removesuffix('ая')}ий"}
    return any(
        form in bases and {"Surn", "Geox"} & _grammemes(tag) for tag, form in _known_readings(word, language)
    )


def is_base_noun(word: str, language: str, *, surnames: bool = True) -> bool:
    """Whether pymorphy3's dictionary lists a folded word as a noun in base form."""
    return any(
        form.replace("ё", "е") == word and "NOUN" in found and (surnames or "Surn" not in found)
        for form, found in _grammar(word, language)
    )


def is_form_of(word: str, noun: str, language: str) -> bool:
    """Whether pymorphy3's dictionary lists a folded word as a form of a noun."""
    return any(form.replace("ё", "е") == noun and "NOUN" in found for form, found in _grammar(word, language))


def is_noun_only(word: str, language: str) -> bool:
    """Whether pymorphy3's dictionary lists a folded word as no other part of speech than a noun."""
    return all("NOUN" in found for _, found in _grammar(word, language))


def _grammar(word: str, language: str) -> list[tuple[str, set[str]]]:
    """(dictionary form, grammemes) of each reading of a word that the dictionary lists."""
    analyzer = _analyzer(language)
    if not analyzer.word_is_known(word):
        return []
    return [(form, _grammemes(tag)) for _, tag, form, *_ in analyzer.parse(word)]


def is_common(word: str, language: str) -> bool:
    """Whether a dictionary lists a folded word as a common word; False where there is none for it."""
    if language in {"ru", "uk"}:
        return any(not _NAMES & _grammemes(tag) for tag, _ in _known_readings(word, language))
    if language == "pl":
        return any(each[0].islower() for each in polish_lemmas(word))
    return False


def asks_for_capital(word: str, language: str) -> bool:
    """Whether a word that was asked for with a capital is a name that is also a form of a common word.

    A name that the dictionary lists (*Путин, Wilk*), or one in -ов, -ин that is listed as another case of
    a common word only (*Столов*); not the common word itself that begins somebody's query (*Санкции*).
    """
    if language == "be":
        return word.endswith(_BELARUSIAN_SURNAMES)  # also genitives: казлоў, баброў
    if not is_common(word, language):
        return False
    if language == "pl":
        return any(each == word.capitalize() for each in polish_lemmas(word))
    if language not in {"ru", "uk"}:
        return False
    if is_proper(word, language):
        return True
    bases = {form for _, form in _known_readings(word, language)}
    return word.endswith(_SURNAMES) and word not in bases


def is_ambiguous(word: str, language: str) -> bool:
    """Whether a word that asks for a capital is itself the base form of a common word (*Мороз*)."""
    if language not in {"ru", "uk", "pl"} or not asks_for_capital(word, language):
        return False
    if language == "pl":
        return any(each == word for each in polish_lemmas(word))
    return any(form == word and not _NAMES & _grammemes(tag) for tag, form in _known_readings(word, language))


_SURNAMES = ("ов", "ев", "ин", "ын", "ів", "їв")
_BELARUSIAN_SURNAMES = ("оў", "аў", "ёў", "еў")


def is_proper(word: str, language: str) -> bool:
    """Whether pymorphy3's dictionary lists a folded word as a name of any kind in base form."""
    return any(form == word and _NAMES & _grammemes(tag) for tag, form in _known_readings(word, language))


def _known_readings(word: str, language: str) -> list[tuple[object, str]]:
    """(tag, dictionary form) of each reading that the dictionary lists; [] for an unknown word."""
    analyzer = _analyzer(language)
    if not analyzer.word_is_known(word):
        return []
    return [(tag, form) for found, tag, form, *_ in analyzer.parse(word) if analyzer.word_is_known(found)]


def _grammemes(tag: object) -> set[str]:
    return set(str(tag).replace(" ", ",").split(","))


def unload() -> None:
    """Let go of the dictionaries that can be; the next word of a language loads its own again.

    Morfeusz gives nothing back, and each further one takes 10 MB more.
    """
    for loaded in (_analyzer, _word_list):
        loaded.cache_clear()


@loaded_once
def _word_list(language: str) -> tuple[_Lemmatizer, _Lookup]:
    from simplemma import Lemmatizer  # noqa: PLC0415 - only who matches such words pays
    from simplemma.strategies import DefaultStrategy, DictionaryLookupStrategy  # noqa: PLC0415
    from simplemma.strategies.dictionaries.stream_dictionary_factory import (  # noqa: PLC0415
        StreamDictionaryFactory,
    )

    # Read where it is packed: 7 MB for a language instead of 44 (German 17, not 105), and 20 µs for a look,
    # which each distinct word of a language takes once.
    # One of our own for each language: the library's is shared, never let go, and keeps 65,000 answers.
    factory = StreamDictionaryFactory(cache_max_size=1)
    strategy = DefaultStrategy(dictionary_factory=factory)
    lemmatizer = Lemmatizer(cache_max_size=1, lemmatization_strategy=strategy)
    factory.get_dictionary(language)
    return lemmatizer, DictionaryLookupStrategy(factory)


@loaded_once
def _analyzer(language: str) -> _Analyzer:
    from pymorphy3 import MorphAnalyzer, lang, units  # noqa: PLC0415 - 15 to 20 MB and half a second

    # Only letters come here, and every reading counts: no numbers, signs, hyphens, likelihoods.
    # What is left takes a third of the time.
    ways = [
        units.DictionaryAnalyzer(),
        units.KnownPrefixAnalyzer(known_prefixes=getattr(lang, language).KNOWN_PREFIXES),
        units.KnownSuffixAnalyzer(),
        units.UnknAnalyzer(),
    ]
    analyzer: _Analyzer = MorphAnalyzer(
        lang=language, units=ways, probability_estimator_cls=None, result_type=None
    )
    return analyzer


@loaded_once
def _morfeusz() -> _Morfeusz:
    import morfeusz2  # noqa: PLC0415 - 40 MB

    loaded: _Morfeusz = morfeusz2.Morfeusz(generate=False)
    return loaded
