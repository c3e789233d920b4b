"""One text as the matcher reads it: cut at blanks first, words and places only when asked for.

A *chunk* is what stands between blanks (``«Беларуськалий»,``); a word never reaches beyond its chunk.
Cutting at blanks is many times faster than finding words, and most texts need nothing more.
"""

from __future__ import annotations

from bisect import bisect_left
from collections.abc import Iterable, Iterator
from contextlib import suppress
from functools import cached_property
from itertools import accumulate, islice

from monitor.core.query import tokens
from monitor.model import MatchText

LONG = 64
"""Longer chunks (addresses, scripts without blanks) are not remembered, their words are."""

LEAD_CHUNKS = 90
"""In so many chunks the words of a lead are looked for; some have none (a dash)."""

WHOLE = -1
"""In place of a word's number in its chunk: all of the chunk."""


class Chunks:
    """What is known of chunks. Shared by all documents of a vocabulary; it grows.

    ``pieces``: the words of those that are not one plain word; ``uneven``: those of no word or of
    several.
    """

    __slots__ = ("pieces", "uneven")

    def __init__(self) -> None:
        self.pieces: dict[str, tuple[str, ...]] = {}
        self.uneven: set[str] = set()

    def add(self, chunk: str) -> list[str]:
        """Learn a chunk; its words."""
        words = tokens.words(chunk)
        if words != [chunk]:
            self.pieces[chunk] = tuple(words)
            if len(words) != 1:
                self.uneven.add(chunk)
        return words

    def add_plain(self, chunk: str, word: str) -> None:
        """Learn a chunk that is this one word, with punctuation around it or none."""
        if word != chunk:
            self.pieces[chunk] = (word,)


class DocumentWords:
    """The words of one field. ``long``: some chunks are too long to be known. ``among``: a set that holds
    the field's chunks, the words of those too long to be known in their place; others may stand in it."""

    def __init__(self, text: str, known: Chunks, among: set[str] | None = None, *, long: bool) -> None:
        self.text = text
        self.long = long
        self._known = known
        self._among = among
        self._starts: dict[str, list[int]] = {}
        self._met: dict[str, list[int]] = {}
        self._inside: dict[str, tuple[str, ...]] = {}
        self._positions: dict[int, tuple[set[str], list[int]]] = {}
        self._stands: dict[int, tuple[int, int]] = {}

    @cached_property
    def chunks(self) -> list[str]:
        """The chunks in order."""
        return self.text.split()

    @cached_property
    def all(self) -> list[str]:
        """The words in order."""
        return tokens.words(self.text)

    def within(self, chunk: str) -> tuple[str, ...]:
        """The words of a chunk."""
        found = self._known.pieces.get(chunk)
        if found is not None:
            return found
        if len(chunk) <= LONG:
            return (chunk,)
        found = self._inside.get(chunk)  # of a hundred thousand handles in a row: not read time and again
        if found is None:
            found = self._inside[chunk] = tuple(tokens.words(chunk))
        return found

    @cached_property
    def _distinct(self) -> set[str]:
        """The chunks, perhaps with others; those too long to be known stand here by their words."""
        if self._among is not None:
            return self._among
        found = set(self.chunks)
        for number in self._long:
            found.update(self.within(self.chunks[number]))
        return found

    @cached_property
    def _long(self) -> list[int]:
        """At which places of ``chunks`` those stand that are too long to be known."""
        if not self.long:
            return []
        return [number for number, chunk in enumerate(self.chunks) if len(chunk) > LONG]

    def _numbers(self, chunk: str) -> list[int]:
        """At which places of ``chunks`` a chunk stands, or a word of a chunk too long to know."""
        found = self._met.get(chunk)
        if found is None:
            found, at = [], -1
            with suppress(ValueError):
                while True:
                    at = self.chunks.index(chunk, at + 1)
                    found.append(at)
            found += [n for n in self._long if chunk in self.within(self.chunks[n])]
            self._met[chunk] = found
        return found

    @cached_property
    def _uneven(self) -> tuple[list[int], list[int]]:
        """Places of chunks that are not one word each, and how many words more than chunks stand
        up to and with each of them."""
        odd = {*(self._distinct & self._known.uneven), *(self.chunks[n] for n in self._long)}
        numbers = sorted({number for chunk in odd for number in self._numbers(chunk)})
        extra = (len(self.within(self.chunks[number])) - 1 for number in numbers)
        return numbers, list(accumulate(extra))

    def positions(self, accepted: set[str]) -> list[int]:
        """Where accepted words stand, counted in words from 0, in order.

        Remembered by the identity of ``accepted``, which is kept for that: it may grow while a text is read,
        but not by what stands there.
        """
        known = self._positions.get(id(accepted))
        if known is not None:
            return known[1]
        found, whole = self._find(accepted)
        if not whole:  # whose place another word of the chunk may have taken since
            self._positions[id(accepted)] = accepted, found
        return found

    def _find(self, accepted: set[str]) -> tuple[list[int], bool]:
        """The positions, and whether one is that of a whole chunk."""
        here = accepted & self._distinct
        numbers = sorted({n for chunk in here for n in self._numbers(chunk)})
        found: list[int] = []
        whole = False
        if not numbers:
            return found, whole
        odd, extra = self._uneven
        for number in numbers:
            passed = bisect_left(odd, number)
            before = number + (extra[passed - 1] if passed else 0)
            chunk, size = self.chunks[number], len(found)
            words = self.within(chunk)
            for offset, word in enumerate(words):
                if word in accepted:
                    found.append(before + offset)
                    self._stands[before + offset] = (number, offset)
            if len(found) == size and words and chunk in accepted:  # e-mail as email
                found.append(before)
                self._stands[before] = (number, WHOLE)
                whole = True
        return found, whole

    def standing(self, accepted: set[str]) -> Iterator[tuple[int, int]]:
        """(start, end) in characters of the accepted words, chunk by chunk, without positions."""
        if not self.text:
            return
        if self.long:
            yield from map(self.place, self.positions(accepted))
            return
        for chunk in accepted & self._distinct:
            begins = self._begins(chunk)
            pieces = self._known.pieces.get(chunk) if begins else None
            places = [(0, len(chunk))]
            if pieces is not None:
                places = tokens.places(chunk)
                taken = [place for place, word in zip(places, pieces, strict=True) if word in accepted]
                places = taken or ([(places[0][0], places[-1][1])] if pieces else [])  # e-mail as email
            for begin in begins:
                for start, end in places:
                    yield begin + start, begin + end

    def place(self, position: int) -> tuple[int, int]:
        """(start, end) in characters of a word whose position was asked for before."""
        number, offset = self._stands[position]
        chunk = self.chunks[number]
        first = self._start(chunk, number)
        if chunk not in self._known.pieces and len(chunk) <= LONG:
            return first, first + len(chunk)
        places = tokens.places(chunk)
        start, end = (places[0][0], places[-1][1]) if offset == WHOLE else places[offset]
        return first + start, first + end

    def ends_sentence(self, position: int) -> bool:
        """Whether a sentence ends between a word and the next one; both were asked for before."""
        number, following = self._stands[position][0], self._stands[position + 1][0]
        if number == following:
            return False
        chunk = self.chunks[number]
        if chunk[-1] in tokens.ENDING and tokens.ends(chunk, self.chunks[number + 1]):
            return True
        if not self._has_lines:
            return False
        end = self._start(chunk, number) + len(chunk)
        return "\n" in self.text[end : self._start(self.chunks[following], following)]

    @cached_property
    def _has_lines(self) -> bool:
        return "\n" in self.text

    def in_capitals(self, position: int) -> bool:
        """Whether the whole sentence of a word is in capitals, so that those of the word say nothing."""
        low, high = next(each for each in self.sentences if each[0] <= position < each[1])
        return high - low > 1 and self.text[self._places[low][0] : self._places[high - 1][1]].isupper()

    def in_longer_number(self, position: int, size: int) -> bool:
        """Whether groups of digits at a place are only a part of a number (10 000 of 10 000 000)."""
        after, before = position + size, position - 1
        words, places = self.all, self._places
        if after < len(words) and tokens.is_group(words[after]):
            return len(self.text[places[after - 1][1] : places[after][0]]) == 1
        if before >= 0 and tokens.is_group(words[position]) and words[before].isdigit():
            return len(words[before]) <= 3 and places[position][0] - places[before][1] == 1  # noqa: PLR2004 - a group
        return False

    def _start(self, chunk: str, number: int) -> int:
        """Where the chunk of that number begins, in characters."""
        numbers = self._numbers(chunk)
        if self.long:
            numbers = [n for n in numbers if self.chunks[n] == chunk]
        return self._begins(chunk)[bisect_left(numbers, number)]

    def _begins(self, chunk: str) -> list[int]:
        """Where a chunk begins, each time that it stands in the text, in characters."""
        found = self._starts.get(chunk)
        if found is None:
            found = self._starts[chunk] = list(_occurrences(self.text, chunk))
        return found

    @cached_property
    def _places(self) -> list[tuple[int, int]]:
        return tokens.places(self.text)

    @cached_property
    def sentences(self) -> list[tuple[int, int]]:
        """Ranges (first word, one past the last) of the sentences."""
        return tokens.sentences(self.text, self._places)

    @cached_property
    def _lead(self) -> tuple[int, int]:
        """How many words the lead has, and a place in characters behind its last one and before the next."""
        begin = len(self.text) - len(self.text.lstrip())
        end = self.text.find("\n", begin)
        paragraph = self.text if end < 0 else self.text[:end]
        most = tokens.LEAD_WORDS
        chunks = paragraph.split(None, most)
        if not self.long and self._known.uneven.isdisjoint(chunks[:most]):  # a word each
            return min(len(chunks), most), len(paragraph) - len(chunks[most] if len(chunks) > most else "")
        chunks, count = paragraph.split(None, LEAD_CHUNKS), 0
        for number, chunk in enumerate(chunks[:LEAD_CHUNKS], start=1):
            count += len(self.within(chunk))
            if count == most and number < len(chunks):
                return count, len(paragraph) - len(paragraph.split(None, number)[number])
            if count > most:
                break
        if len(chunks) <= LEAD_CHUNKS and count <= most:
            return count, len(paragraph)
        # A chunk with words on both sides of the end, or too many chunks without a word.
        spans = list(islice(tokens.places_in(self.text), most))
        last = tokens.lead_end(self.text, spans)
        return last, spans[last - 1][1] if last else 0

    @property
    def lead(self) -> int:
        """How many words the lead has."""
        return self._lead[0]

    @property
    def lead_ends(self) -> int:
        """Where the lead ends, in characters: behind its last word and before the next one."""
        return self._lead[1]


def _occurrences(text: str, chunk: str) -> Iterable[int]:
    """Where a chunk stands between blanks."""
    at, size = text.find(chunk), len(chunk)
    while at >= 0:
        end = at + size
        if (at == 0 or text[at - 1].isspace()) and (end == len(text) or text[end].isspace()):
            yield at
            at = text.find(chunk, end)
        else:
            at = text.find(chunk, at + 1)


class Document:
    """A MatchText with its fields taken apart. ``chunks`` are those of title and body."""

    def __init__(self, text: MatchText, known: Chunks) -> None:
        self.given = text
        self.chunks = set(text.body.split())
        self.chunks.update(text.title.split())
        self._known = known
        self._long = False

    @cached_property
    def title(self) -> DocumentWords:
        """The words of the title."""
        return DocumentWords(self.given.title, self._known, self.chunks, long=self._long)

    @cached_property
    def body(self) -> DocumentWords:
        """The words of the body."""
        return DocumentWords(self.given.body, self._known, self.chunks, long=self._long)

    @cached_property
    def author(self) -> DocumentWords:
        """The authors' names."""
        return DocumentWords(self.given.author, self._known, long=True)

    def field(self, name: str) -> DocumentWords:
        """The words of ``title``, ``body`` or ``author``."""
        if name == "title":
            return self.title
        return self.author if name == "author" else self.body

    def long(self) -> None:
        """Note that chunks are too long to be known; their words stand in ``chunks`` for them.

        To be called before any field is asked for.
        """
        self._long = True
