"""Terms, likeness, and the story that an article tells."""

from __future__ import annotations

import dataclasses
from collections.abc import Sequence
from datetime import timedelta

from hypothesis import given
from hypothesis import strategies as st
from monitor.core.story.pairs import Side, compare, side_of

from monitor.core.story.assign import Assignment, assign
from monitor.core.story.embeddings import vector_of, with_vectors
from monitor.core.story.features import features_of
from monitor.core.story.pairs.rarity import weight_of
from monitor.core.story.terms import pack, terms_of, unpack
from monitor.model import Candidate, Print, Related, StorySettings
from tests.support.records import NOW, article

TITLE = "Envoy Podpolsky frees 1,226 miners at Medininkai"
TEXT = "The envoy Yaromir Podpolsky took 1,226 miners over the border at Medininkai, the guard Greenway said."
RETOLD = "Miners freed: Podpolsky walks 1,226 of them over at Medininkai"
RUSSIAN = "Подпольский вывел 1226 шахтёров через границу в Мединнкай"
RUSSIAN_TEXT = "Посланник Яромир Подпольский провёл через границу 1226 шахтёров, сказал пограничник Гринуэй."
OTHER = "Swans return to the mill bridge in Carrick"
OTHER_TEXT = (
    "Gladys and eleven other swans came back on Friday, the warden Dunmore said, and traffic stood still."
)


def stored(
    number: int, title: str, text: str, *, language: str = "en", story: str = "", **more: object
) -> Candidate:
    given = Candidate(
        number=number,
        article_id=f"a{number}",
        story_id=story or f"s{number}",
        source_id=f"o{number}",
        title=title,
        language=language,
        seen_at=NOW,
        copy_of=None,
        print=Print(words=0, anchors=(), sketch=b""),
        terms=terms_of(title, text, language),
    )
    return dataclasses.replace(given, **more)  # type: ignore[arg-type]


def tied(*related: Candidate, title: str = RETOLD, text: str = TEXT, **settings: float) -> Assignment:
    told = article(title=title, text=text)
    chosen = dataclasses.replace(StorySettings(), **settings)  # type: ignore[arg-type]
    return assign(told, features_of(told), Related(related=related), chosen)


def test_terms_survive_the_store_and_are_bounded() -> None:
    terms = terms_of(TITLE, TEXT * 400, "en")
    assert unpack(pack(terms)) == terms
    assert len(terms) <= 400
    assert {"n:1226", "c:border"} <= {term.key for term in terms}


@given(st.text(max_size=200), st.text(max_size=400), st.sampled_from(["en", "be", None]))
def test_any_article_has_terms_that_can_be_stored(title: str, text: str, language: str | None) -> None:
    terms = terms_of(title, text, language)
    assert unpack(pack(terms)) == terms


def likeness(title: str, text: str, other: Candidate) -> float:
    weight = weight_of({}, 0)
    return compare(Side(terms_of(title, text, "en"), "en", weight), side_of(other, weight))


def test_likeness_is_highest_for_itself_and_crosses_languages() -> None:
    itself, retold = (
        likeness(TITLE, TEXT, stored(1, TITLE, TEXT)),
        likeness(TITLE, TEXT, stored(2, RETOLD, TEXT)),
    )
    russian = likeness(TITLE, TEXT, stored(3, RUSSIAN, RUSSIAN_TEXT, language="ru"))
    other = likeness(TITLE, TEXT, stored(4, OTHER, OTHER_TEXT))
    assert itself > retold > other
    assert russian > other
    assert itself > 0.99
    assert other < 0.2


def test_what_every_article_holds_weighs_nothing() -> None:
    weight = weight_of({"w:en:miner": 1000}, 1000)
    assert weight("w:en:miner") < weight_of({}, 0)("w:en:miner")
    assert weight_of({}, 0)("w:en:the") < 1 < weight("w:en:medininkai")


def test_an_article_joins_the_story_that_it_tells() -> None:
    found = tied(stored(1, TITLE, TEXT), stored(2, OTHER, OTHER_TEXT))
    assert (found.story_id, found.merges) == ("s1", ())


def test_a_closed_story_is_followed_not_joined() -> None:
    old = stored(1, TITLE, TEXT, seen_at=NOW - timedelta(days=5))
    found = tied(old)
    assert (found.story_id, found.follows) == (None, "s1")


def test_an_article_that_two_stories_are_very_like_joins_them() -> None:
    both = (stored(1, RETOLD, TEXT, story="s1"), stored(2, RETOLD, TEXT, story="s2"))
    found = tied(*both)
    assert {found.story_id, *found.merges} == {"s1", "s2"}
    assert tied(*both, merge=1.0).merges == ()


def test_few_articles_speak_with_less_weight() -> None:
    one = tied(stored(1, RETOLD, TEXT, story="s"))
    many = tied(*(stored(at, RETOLD, TEXT, story="s") for at in range(2)))
    assert many.nearest > one.nearest


def test_where_a_story_is_of_one_piece_a_further_article_must_be_so_too() -> None:
    loose = [stored(1, TITLE, TEXT), stored(2, RETOLD, OTHER_TEXT), stored(3, TITLE, OTHER_TEXT)]
    tight = [stored(1, TITLE, TEXT), stored(2, TITLE, TEXT), stored(3, TITLE, TEXT)]
    near = [
        tied(*(dataclasses.replace(item, story_id="s1") for item in found), text=OTHER_TEXT).nearest
        for found in (loose, tight)
    ]
    assert near[0] > near[1]


def felt(at: int, *, story: str = "s1") -> Candidate:
    text = f"Mark Felt of Santa Rosa, the Watergate source died on Thursday. Jones {at} said."
    return stored(at, "Watergate source Felt dies in Santa Rosa", text, story=story)


def larue(at: int, *, story: str = "s1") -> Candidate:
    text = (
        f"Fred LaRue, bagman of Watergate, was found dead in a Biloxi hotel by a maid. Hargrove {at} said so."
    )
    return stored(at, "Watergate bagman LaRue found dead in Biloxi", text, story=story)


def test_a_story_that_turns_out_to_be_two_events_falls_apart() -> None:
    mixed = (dataclasses.replace(felt(1), article_id="1"), felt(2), felt(3), larue(4), larue(5))
    found = tied(
        *mixed, title="LaRue of Watergate dead in Biloxi hotel", text="Fred LaRue, bagman, died in Biloxi."
    )
    assert found.story_id == "s1"
    assert found.parts == ("a4", "a5", "a1"), "the group of the article that opened the story stays"
    assert tied(*mixed, title="LaRue of Watergate dead in Biloxi hotel", part=0.01).parts == ()


def test_one_event_does_not_fall_apart() -> None:
    assert (
        tied(*(felt(at) for at in range(1, 8)), title="Felt, Watergate source, dies in Santa Rosa").parts
        == ()
    )


def test_an_article_left_alone_is_drawn_into_a_story_that_has_grown() -> None:
    story = [felt(at) for at in range(1, 5)]
    alone = stored(
        6, "Deep Throat of Watergate dead", "Mark Felt, the Watergate source, has died.", story="sa6"
    )
    found = tied(*story, alone, title="Felt dies in Santa Rosa", text="Mark Felt of Watergate died.", merge=1)
    assert (found.story_id, found.merges) == ("s1", ("sa6",))


def test_vectors_correct_a_likeness_when_both_have_one() -> None:
    near, far = vector_of("a", "a", lambda texts: [[1.0, 0.0]] * len(texts)), b""
    assert with_vectors(0.3, near, far) == 0.3
    assert with_vectors(0.3, near, near) > 0.3
    across = vector_of("b", "b", lambda texts: [[0.0, 1.0]] * len(texts))
    assert with_vectors(0.3, near, across) < 0.3
    assert vector_of("a", "a", None) == vector_of("", "", lambda texts: [[1.0]] * len(texts)) == b""


def test_vectors_count_within_a_language_only() -> None:
    weight = weight_of({}, 0)

    def side(title: str, text: str, language: str, *, numbers: Sequence[float]) -> Side:
        vector = vector_of(title, text, lambda texts: [numbers for _ in texts])
        return Side(terms_of(title, text, language), language, weight, vector=vector)

    def likeness(title: str, text: str, language: str, *, numbers: Sequence[float]) -> float:
        first = side(TITLE, TEXT, "en", numbers=(1.0, 0.0))
        return compare(first, side(title, text, language, numbers=numbers))

    near, far = (1.0, 0.0), (0.0, 1.0)
    retold = likeness(RETOLD, TEXT, "en", numbers=near)
    assert retold > likeness(RETOLD, TEXT, "en", numbers=far)
    russian = likeness(RUSSIAN, RUSSIAN_TEXT, "ru", numbers=near)
    assert russian == likeness(RUSSIAN, RUSSIAN_TEXT, "ru", numbers=far) > 0
