"""Terms, likeness, and the story that an article tells."""

from __future__ import annotations

import dataclasses
from datetime import timedelta

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from monitor.core.story.assign import Assignment, assign, likeness
from monitor.core.story.embeddings import centred, vector_of
from monitor.core.story.features import features_of
from monitor.core.story.pairs.features import profile_of, term_hash, term_hashes
from monitor.core.story.pairs.rarity import weight_of
from monitor.core.story.terms import MOST_TERMS, terms_of
from monitor.model import Candidate, Print, Related, StorySettings
from tests.support.records import NOW, article

TITLE = "Envoy Podpolsky frees 1,226 miners at Medininkai"
TEXT = "The envoy Yaromir Podpolsky took 1,226 miners over the border at Medininkai, the guard Greenway said."
RETOLD = "Miners freed: Podpolsky walks 1,226 of them over at Medininkai"
RUSSIAN = "Подпольский вывел 1226 шахтёров через границу в Мединнкай"
RUSSIAN_TEXT = "Посланник Яромир Подпольский провёл через границу 1226 шахтёров, сказал пограничник Гринуэй."
FIVE_DAYS_AGO = NOW - timedelta(days=5)
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
        profile=profile_of(terms_of(title, text, language), weight_of({}, 0)),
    )
    return dataclasses.replace(given, **more)  # type: ignore[arg-type]


def tied(*related: Candidate, title: str = RETOLD, text: str = TEXT, **limits: float) -> Assignment:
    told = article(title=title, text=text)
    chosen = dataclasses.replace(StorySettings(), **limits)  # type: ignore[arg-type]
    return assign(told, features_of(told), Related(related=related), chosen)


def test_terms_survive_the_store_and_are_bounded() -> None:
    terms = terms_of(TITLE, TEXT * 400, "en")
    assert len(terms) <= MOST_TERMS
    held = set(term_hashes(profile_of(terms, weight_of({}, 0))).tolist())
    assert {term_hash("n:1226"), term_hash("c:border"), term_hash("a:podpo")} <= held


@settings(deadline=None)
@given(st.text(max_size=200), st.text(max_size=400), st.sampled_from(["en", "be", "sr", None]))
def test_any_article_can_be_compared_with_itself(title: str, text: str, language: str | None) -> None:
    told = article(title=title, text=text, language=language)
    assert 0 <= like(told.title, told.text, stored(1, title, text, language=language or "")) <= 1


def like(title: str, text: str, other: Candidate, **more: object) -> float:
    told = dataclasses.replace(article(title=title, text=text), **more)  # type: ignore[arg-type]
    features = dataclasses.replace(features_of(told), vector=b"")
    return likeness(told, features, other, Related(), StorySettings())


def test_likeness_is_highest_for_itself_and_crosses_languages() -> None:
    itself, retold = (
        like(TITLE, TEXT, stored(1, TITLE, TEXT)),
        like(TITLE, TEXT, stored(2, RETOLD, TEXT)),
    )
    russian = like(TITLE, TEXT, stored(3, RUSSIAN, RUSSIAN_TEXT, language="ru"))
    other = like(TITLE, TEXT, stored(4, OTHER, OTHER_TEXT))
    assert itself > retold > other
    assert russian > other
    assert itself > 0.95
    assert other < 0.2


def test_a_report_in_languages_without_a_table_meets_by_names_numbers_and_international_words() -> None:
    spanish = "Evacúan a 1226 mineros con el enviado Podpolsky en Medininkai"
    czech = "Vyslanec Podpolsky převedl v Medininkai 1226 horníků"
    serbian = "Изасланик Подполски превео 1226 рудара код Мединикаја"
    first = stored(1, spanish, spanish + ".", language="es")
    assert like(czech, czech + ".", first, language="cs") > like(OTHER, OTHER_TEXT, first)
    latin = "Izaslanik Podpolski preveo 1226 rudara kod Medinikaja"
    assert like(latin, latin + ".", stored(2, serbian, serbian + ".", language="sr"), language="sr") > 0.9


def test_the_same_words_a_week_later_are_less_likely_the_same_event() -> None:
    late = stored(1, RETOLD, TEXT, seen_at=NOW - timedelta(days=7))
    assert like(TITLE, TEXT, late) < like(TITLE, TEXT, stored(1, RETOLD, TEXT))


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


@pytest.mark.parametrize(("like", "merged"), [(1, ()), (2, ()), (3, ("s2",))])
def test_a_story_is_joined_to_another_when_most_of_it_is(like: int, merged: tuple[str, ...]) -> None:
    own = [stored(at, RETOLD, TEXT, story="s1") for at in range(1, 5)]
    alike = [stored(10 + at, RETOLD, TEXT, story="s2") for at in range(like)]
    unlike = [stored(20 + at, OTHER, OTHER_TEXT, story="s2") for at in range(4 - like)]
    found = tied(*own, *alike, *unlike)
    assert (found.story_id, found.merges) == ("s1", merged)


def test_copies_have_no_voice_where_an_original_has_one() -> None:
    own = [stored(at, RETOLD, TEXT, story="s1") for at in range(1, 5)]
    copies = [stored(10 + at, RETOLD, TEXT, story="s2", copy_of="a20") for at in range(5)]
    assert tied(*own, *copies, stored(20, OTHER, OTHER_TEXT, story="s2")).merges == ()
    alone = tied(*own, *copies)
    assert {alone.story_id, *alone.merges} == {"s1", "s2"}, "the original is not among the nearest"


def test_an_old_story_about_something_else_is_not_followed() -> None:
    assert tied(stored(1, OTHER, OTHER_TEXT, seen_at=FIVE_DAYS_AGO)).follows is None
    likely = tied(stored(1, TITLE, TEXT, seen_at=FIVE_DAYS_AGO)).nearest
    assert tied(stored(1, TITLE, TEXT, seen_at=FIVE_DAYS_AGO), follow=likely - 0.001).follows == "s1"
    assert tied(stored(1, TITLE, TEXT, seen_at=FIVE_DAYS_AGO), follow=likely + 0.001).follows is None


def test_of_two_old_stories_the_nearer_one_is_followed() -> None:
    first, second = (
        stored(1, OTHER, OTHER_TEXT, seen_at=FIVE_DAYS_AGO),
        stored(2, TITLE, TEXT, seen_at=FIVE_DAYS_AGO),
    )
    assert tied(first, second).follows == tied(second, first).follows == "s2"


def test_a_story_is_open_until_its_window_ends() -> None:
    last = stored(1, TITLE, TEXT, seen_at=NOW - StorySettings().window)
    assert tied(last).story_id == "s1"
    assert tied(dataclasses.replace(last, seen_at=last.seen_at - timedelta(seconds=1))).story_id is None


def test_an_article_known_to_tell_another_event_does_not_draw() -> None:
    told = article(title=RETOLD, text=TEXT)
    related = Related(related=(stored(1, TITLE, TEXT),))
    found = assign(told, features_of(told), related, StorySettings(), other_events=[1])
    assert (found.story_id, found.follows) == (None, None)


def test_where_a_story_is_of_one_piece_a_further_article_must_be_so_too() -> None:
    loose = [stored(1, TITLE, TEXT), stored(2, RETOLD, OTHER_TEXT), stored(3, TITLE, OTHER_TEXT)]
    tight = [stored(1, TITLE, TEXT), stored(2, TITLE, TEXT), stored(3, TITLE, TEXT)]
    near = [
        tied(*(dataclasses.replace(item, story_id="s1") for item in found), text=OTHER_TEXT).nearest
        for found in (loose, tight)
    ]
    assert near[0] > near[1]


def test_a_headline_that_says_nothing_joins_nothing() -> None:
    assert tied(stored(1, "Video", "", source_id="herald"), title="Video", text="").story_id is None
    fire = "Fire at paint plant in Lida injures four"
    assert tied(stored(1, fire, ""), title=fire, text="").story_id == "s1"


def test_a_standing_headline_of_an_outlet_does_not_make_one_story() -> None:
    column = "Letters to the editor"
    stored_text = "Readers write about parking in the old town and about the choir on Sundays."
    first = stored(1, column, stored_text, source_id="herald", print=Print(words=14, anchors=(), sketch=b""))
    text = "Readers write about bins, dogs and the price of heating in the city of Lida."
    assert tied(first, title=column, text=text).story_id is None


def felt(at: int, *, story: str = "s1") -> Candidate:
    text = f"Mark Felt of Santa Rosa, the Watergate source died on Thursday. Jones {at} said."
    return stored(at, "Watergate source Felt dies in Santa Rosa", text, story=story)


def larue(at: int, *, story: str = "s1") -> Candidate:
    text = (
        f"Fred LaRue, bagman of Watergate, was found dead in a Biloxi hotel by a maid. Hargrove {at} said so."
    )
    return stored(at, "Watergate bagman LaRue found dead in Biloxi", text, story=story)


def test_an_article_left_alone_is_drawn_into_a_story_that_has_grown() -> None:
    story = [felt(at) for at in range(1, 5)]
    alone = dataclasses.replace(felt(9, story="sa9"), article_id="a9")
    found = tied(*story, alone, title=felt(1).title, text=f"{felt(1).title} on Thursday.")
    assert {found.story_id, *found.merges} == {"s1", "sa9"}


def test_a_vector_loses_what_all_texts_of_its_language_have_in_common() -> None:
    packed = vector_of("a", "a", lambda texts: [[0.6, 0.8]] * len(texts))
    mean = np.array([0.6, 0.0], dtype="<f2").tobytes()
    found = centred(packed, "en", {"en": mean})
    assert found is not None
    assert np.allclose(found, [0, 1], atol=1e-2)
    assert centred(b"", "en", {}) is None
    assert vector_of("a", "a", None) == vector_of("", "", lambda texts: [[1.0]] * len(texts)) == b""
