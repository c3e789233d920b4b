"""Which language a text is in, told from its script, its letters, and letter statistics.

The statistics are py3langid's (a naive Bayes model over byte n-grams that ships with the package),
restricted to the languages news is watched in: over all its languages a headline easily becomes
Nigerian Pidgin or Afrikaans. The model is read once, at the first text that needs it.
"""

from __future__ import annotations

import mmap
import re
import tempfile
from array import array
from typing import TYPE_CHECKING, Final

import numpy as np

from monitor.core.loaded_once import loaded_once

if TYPE_CHECKING:
    from numpy.typing import NDArray
    from py3langid.langid import LanguageIdentifier

SAMPLE: Final = 1_000
FEW_LETTERS: Final = 24
SURE: Final = 0.75

_LANGUAGES: Final = {
    "latin": ("az ca cs da de en es et fi fr hr hu id is it lt lv nl no pl pt ro sk sl sq sv tr uz vi"),
    "cyrillic": "be bg kk ky mk mn ru sr tg uk",
    "greek": "el",
    "hebrew": "he",
    "arabic": "ar fa",
    "georgian": "ka",
    "armenian": "hy",
    "devanagari": "hi",
    "thai": "th",
    "hangul": "ko",
    "kana": "ja",
    "han": "zh ja",
}
BY_SCRIPT: Final = {script: tuple(names.split()) for script, names in _LANGUAGES.items()}
_ONE_TONGUE: Final = ("hr", "sr", "bs")
"""Standards of one language, which a text of news rarely tells apart in Latin letters."""
_WHEN_DECLARED: Final = {
    "latin": frozenset("af bs cy eo eu ga gl lb mt nb nn oc sr sw tl".split()),  # noqa: SIM905 - readable
}
"""Languages that are looked for only where the source says so: they would take their neighbours' texts."""
_SCRIPT_OF: Final = {name: script for script, names in BY_SCRIPT.items() for name in names}

_SCRIPTS: Final = {
    "latin": re.compile("[A-Za-z\u00c0-\u024f\u1e00-\u1eff]"),
    "cyrillic": re.compile("[\u0400-\u052f]"),
    "greek": re.compile("[\u0370-\u03ff]"),
    "hebrew": re.compile("[\u0590-\u05ff]"),
    "arabic": re.compile("[\u0600-\u06ff]"),
    "georgian": re.compile("[\u10a0-\u10ff]"),
    "armenian": re.compile("[\u0530-\u058f]"),
    "devanagari": re.compile("[\u0900-\u097f]"),
    "thai": re.compile("[\u0e00-\u0e7f]"),
    "hangul": re.compile("[\uac00-\ud7af]"),
    "kana": re.compile("[\u3040-\u30ff]"),
    "han": re.compile("[\u3400-\u9fff]"),
}
_ADDRESS: Final = re.compile(r"https?://\S+|(?<!\S)\S+@\S+|[#@]\w+")


def detect(text: str, *, hint: str | None = None) -> str | None:
    """The ISO 639-1 code of the text's language, or None when there are no letters to tell from.

    Reads the first 1,000 characters. ``hint`` is what the source is said to be written in: it
    decides texts of fewer than 24 letters and texts that could be either, never against the
    script or against letters that only one language has. Among standards of one language (Serbian,
    Croatian and Bosnian in Latin letters) it always decides, and some languages are found only by it.
    """
    sample = _ADDRESS.sub(" ", text[:SAMPLE])
    script, letters = _script(sample)
    if not script:
        return hint
    candidates = BY_SCRIPT[script]
    if script == "cyrillic":
        candidates = _cyrillic(sample.casefold()) or candidates
    if len(candidates) == 1:
        return candidates[0]
    declared = hint is not None and hint in _WHEN_DECLARED.get(script, ())
    if declared and hint is not None:
        candidates = (*candidates, hint)
    fits = hint is not None and (hint in candidates or hint not in _SCRIPT_OF)
    if fits and letters < FEW_LETTERS:
        return hint
    ranked = [(name, score) for name, score in _model().rank(sample) if name in candidates]
    best, score = ranked[0]
    if script == "latin" and hint in _ONE_TONGUE and best in _ONE_TONGUE:
        return hint
    total = sum(part for _, part in ranked)
    doubtful = total <= 0 or score / total < SURE
    near = {name for name, _ in ranked[:3]} | {_written_as(hint)}
    return hint if fits and doubtful and hint in near else _named(best, hint)


def _written_as(language: str | None) -> str | None:
    """The model's name of a language: it knows Norwegian as one, beside Nynorsk."""
    return "no" if language == "nb" else language


def _named(found: str, hint: str | None) -> str:
    return "nb" if found == "no" and hint == "nb" else found


def is_told_apart(language: str) -> bool:
    """Whether ``detect`` can tell this language from a text."""
    return language in _SCRIPT_OF or any(language in names for names in _WHEN_DECLARED.values())


def _script(sample: str) -> tuple[str, int]:
    """The script most letters are in, and how many; any kana makes Han text Japanese."""
    counts = {name: len(pattern.findall(sample)) for name, pattern in _SCRIPTS.items()}
    script = max(counts, key=lambda name: counts[name])
    if script == "han" and counts["kana"]:
        script = "kana"
    return (script, counts[script]) if counts[script] else ("", 0)


def _cyrillic(sample: str) -> tuple[str, ...]:
    """Narrow by letters. A name quoted from a neighbour's language must not decide a text, hence
    shares: Belarusian writes і and never и, Russian и and never і, Ukrainian both."""
    dotted, plain = sample.count("і"), sample.count("и")
    if any(letter in sample for letter in "қғңөұүһәҷҳӯ"):
        return ("kk", "ky", "mn", "tg")
    if dotted + plain == 0:
        return ("be",) if "ў" in sample else ()
    share = dotted / (dotted + plain)
    if share > 0.8:  # noqa: PLR2004
        belarusian = sum(map(sample.count, "ўыэ"))
        ukrainian = sum(map(sample.count, "їєґщ"))
        if belarusian == ukrainian:
            return ("be", "uk")
        return ("be",) if belarusian > ukrainian else ("uk",)
    if share > 0.15:  # noqa: PLR2004
        return ("uk",)
    if any(letter in sample for letter in "ыэё"):
        return ("ru",)
    if any(letter in sample for letter in "јљњћђџѓќѕ"):
        return ("sr", "mk")
    return ("ru", "bg", "uk", "mk", "sr", "be")


@loaded_once
def _model() -> LanguageIdentifier:
    from py3langid.langid import MODEL_FILE, LanguageIdentifier  # noqa: PLC0415  # 0.5 s and 70 MB

    model = LanguageIdentifier.from_model_file(MODEL_FILE, norm_probs=True)
    declared = {name for names in _WHEN_DECLARED.values() for name in names}
    model.set_languages([name for name in model.nb_classes if name in {*_SCRIPT_OF, *declared}])
    # It keeps its table of 142 languages beside that of ours, to widen the choice again: 28 MB for nothing.
    model._full_model = None  # noqa: SLF001
    model.tk_nextmove = memoryview(_in_file(model.tk_nextmove)).cast(model.tk_nextmove.typecode)
    table = np.ascontiguousarray(model.nb_ptc)
    model.nb_ptc = np.frombuffer(_in_file(table), table.dtype).reshape(table.shape)
    # Lists of a hundred thousand numbers each, of 36 bytes; of 4 here.
    model._rowbase = array("I", model._rowbase)  # noqa: SLF001
    model.tk_output = array("i", model.tk_output)
    return model


def _in_file(numbers: array[int] | NDArray[np.float16]) -> mmap.mmap | bytes:
    """Numbers as a file without a name: of 42 and 13 MB only the pages that texts lead to take memory."""
    try:
        with tempfile.TemporaryFile() as file:
            numbers.tofile(file)
            file.flush()
            return mmap.mmap(file.fileno(), 0, access=mmap.ACCESS_READ)
    except OSError:  # no room for temporary files
        return numbers.tobytes()
