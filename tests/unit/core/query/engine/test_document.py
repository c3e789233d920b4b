"""The short ways to places and to the lead give what the long ones do."""

from __future__ import annotations

from hypothesis import given, settings
from hypothesis import strategies as st

from monitor.core.query import tokens
from monitor.core.query.engine.document import LONG, Chunks, Document, DocumentWords
from monitor.model import MatchText

_LONG = "x" * (LONG + 9)
_PIECES = st.sampled_from(
    [
        "a",
        "bb",
        "nord-stream",
        "e-mail,",
        "—",
        "#NewWave",
        "(c)",
        "d.",
        "\n",
        "  ",
        "北京",
        "O'Brien",
        "x" * (LONG + 9),
    ]
)
_TEXTS = st.lists(_PIECES, max_size=90).map(" ".join)


def read(text: str) -> DocumentWords:
    """The body of a document whose chunks are known."""
    known = Chunks()
    document = Document(MatchText(body=text), known)
    long = {chunk for chunk in document.chunks if len(chunk) > LONG}
    for chunk in document.chunks - long:
        known.add(chunk)
    for chunk in long:
        document.chunks.remove(chunk)
        document.chunks.update(tokens.words(chunk))
    if long:
        document.long()
    return document.body


@given(_TEXTS)
@settings(max_examples=150, deadline=None)
def test_the_lead_is_what_its_words_say(text: str) -> None:
    words, places = read(text), tokens.places(text)
    assert words.lead == tokens.lead_end(text, places)
    assert sum(start < words.lead_ends for start, _ in places) == words.lead


@given(_TEXTS, st.sets(st.sampled_from(["a", "bb", "stream", "NewWave", "c", "email", "O'Brien", "京"])))
@settings(max_examples=150, deadline=None)
def test_words_stand_where_their_positions_say(text: str, wanted: set[str]) -> None:
    words = read(text)
    accepted = wanted | {
        chunk for chunk in text.split() if wanted & {*tokens.words(chunk), tokens.joined(chunk)}
    }
    places = [words.place(position) for position in words.positions(accepted)]
    assert sorted(words.standing(accepted)) == sorted(places)
    assert all(text[start:end].strip("#,().") == text[start:end] for start, end in places)


def test_a_whole_chunk_and_its_first_word_each_keep_their_place() -> None:
    words = read("an e-mail came")
    email, letter = {"e-mail"}, {"e"}
    for _ in range(2):
        assert [words.place(position) for position in words.positions(email)] == [(3, 9)]
        assert [words.place(position) for position in words.positions(letter | {"e-mail"})] == [(3, 4)]
