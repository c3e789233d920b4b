"""English: plurals, verb forms and irregular words, written out.

A stemmer also cuts what is derived, not inflected (*import* and *important*, *prison* and *prisoner*,
*organ* and *organization* come out the same), so it finds other words.
"""

from __future__ import annotations

import re

from monitor.core.loaded_once import loaded_once
from monitor.core.query.forms.paradigms import MIN_STEM, Paradigms, read

_GROUPS = {
    "any": "abcdefghijklmnopqrstuvwxyz",
    "plain": "abcdefghijklmnopqrtuvwxyz0123456789",
    "hiss": "sxzh",
}
_TABLE = """
    reg  | plain   | - s ed ing
    ss   | hiss    | - es ed ing
    e    | any     | e es ed ing
    y    | any     | y ies ied ying
    ie   | any     | ie ies ied ying
    o    | any     | o oes oed oing
    fs   | any     | f ves
    fe   | any     | fe ves
    man  | any     | man men
    is   | any     | is es
    us   | any     | us uses i
    um   | any     | um ums a
    ex   | any     | ex exes ices
    ix   | any     | ix ixes ices
    zz   | any     | z zzes
"""
_DOUBLED = "bdgklmnprtvz"
_IRREGULAR = """
    arise arose arisen | become became | begin began begun | bear bore borne | beat beaten
    bite bit bitten | bind bound | blow blew blown | break broke broken | bring brought | build built
    buy bought | catch caught | choose chose chosen | come came | creep crept | deal dealt | dig dug
    do did does done doing | draw drew drawn | drink drank drunk | drive drove driven | eat ate eaten
    fall fell fallen | feed fed | feel felt | fight fought | find found | fly flew flown flies
    forbid forbade forbidden | forget forgot forgotten | forgive forgave forgiven | freeze froze frozen
    get got gotten | give gave given | go went gone goes | grow grew grown | hang hung
    have had has having | hear heard | hide hid hidden | hold held | keep kept | know knew known
    lay laid | lead led | leave left | lend lent | lie lying lay lain | light lit | lose lost
    make made | mean meant | meet met | pay paid | ride rode ridden | rise rose risen | run ran
    say said | see saw seen | seek sought | sell sold | send sent | shake shook shaken | shine shone
    shoot shot | show shown | sing sang sung | sink sank sunk | sit sat | sleep slept | slide slid
    speak spoke spoken | spend spent | spring sprang sprung | stand stood | steal stole stolen
    stick stuck | strike struck | strive strove striven | swear swore sworn | swim swam swum
    swing swung | take took taken | teach taught | tear tore torn | tell told | think thought
    throw threw thrown | overthrow overthrew overthrown | undergo underwent undergone
    understand understood | undertake undertook undertaken | uphold upheld | wake woke woken
    wear wore worn | weave wove woven | win won | wind wound | withdraw withdrew withdrawn
    withhold withheld | write wrote written | be am is are was were been being | free freed
    agree agreed | disagree disagreed | decree decreed | guarantee guaranteed | flee fled
    child children | foot feet | goose geese | mouse mice | ox oxen | person people | tooth teeth
    die died dies dying | tie ties tied tying | man men | woman women | analysis analyses
    criterion criteria | phenomenon phenomena | corpus corpora | genus genera | opus opera
    crisis crises | datum data | medium media
"""
_ALONE = frozenset(
    "arms customs during evening goods herring inning means morning news outing series species united".split()  # noqa: SIM905 - readable as words
)
"""Words that look like a form of another and mean something else."""
_BARE = re.compile("^[^aeiouy]+$|e$")
"""What is left of *thing* and of *feed* is no stem; *freed* is listed."""
_LATIN = frozenset({"ex", "ix", "um", "us"})
_SHORT_VOWEL = re.compile("^[^aeiou]*[aeiouy][bdfgklmnprtvz]$")
"""Verbs that double their last letter: *ban*, *banned*; *planed* is not of *plan*."""


@loaded_once
def _paradigms() -> Paradigms:
    doubled = "".join(f"d{each} | any | {each} {each}s {each}{each}ed {each}{each}ing\n" for each in _DOUBLED)
    return read(_TABLE + doubled, _GROUPS)


@loaded_once
def _irregular() -> dict[str, tuple[str, ...]]:
    found: dict[str, tuple[str, ...]] = {}
    for row in " | ".join(_IRREGULAR.strip().splitlines()).split("|"):
        words = row.split()
        for word in words:
            found[word] = (*found.get(word, ()), f"irr:{words[0]}")
    return found


def forms_en(word: str) -> frozenset[str]:
    """Keys of a folded English word."""
    if word in _ALONE:
        return frozenset()
    paradigms = _paradigms()
    found = set()
    for cut in range(max(len(word) - paradigms.longest, MIN_STEM), len(word) + 1):
        classes = paradigms.endings.get(word[cut:])
        if classes:
            stem, ending = word[:cut], word[cut:]
            found |= {
                f"{name}:{stem}" for name, last in classes if stem[-1] in last and _fits(name, stem, ending)
            }
    irregular = _irregular()
    for base in _bases(word):
        found.update(irregular.get(base, ()))
    return frozenset(found)


@loaded_once
def odd_starts() -> frozenset[str]:
    """The first three letters (or two, of a word of two) of words listed under others: *went*, of *go*."""
    return frozenset(
        word[:3]
        for word, listed in _irregular().items()
        if any(not each.startswith(f"irr:{word[:2]}") for each in listed)
    )


def _bases(word: str) -> set[str]:
    """The word, and what an irregular one may be without its -s and -ing: sets, setting, meetings."""
    plain = word.removesuffix("s")
    found = {word, plain}
    if plain.endswith("ing"):
        stem = plain[:-3]
        found |= {stem, f"{stem}e"}
        if stem[-1:] == stem[-2:-1]:
            found.add(stem[:-1])
    return found


def _fits(name: str, stem: str, ending: str) -> bool:
    """Whether the stem is one in this class."""
    if name[0] == "d":
        return _SHORT_VOWEL.search(stem + name[1]) is not None or len(stem) > 3  # noqa: PLR2004 - travel
    if name in _LATIN:
        return len(stem) > MIN_STEM
    if name == "y" or not ending or ending in {"s", "e"}:
        return True
    if ending == "ing" and stem.endswith("e"):
        return name == "reg"
    if ending in {"ed", "ing"} and name == "reg" and _SHORT_VOWEL.search(stem):
        return False
    return _BARE.search(stem) is None
