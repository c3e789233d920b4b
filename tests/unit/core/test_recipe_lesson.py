"""What is learnt from a handful of a site's pages."""

from __future__ import annotations

from datetime import UTC, datetime

from hypothesis import given, settings
from hypothesis import strategies as st

from monitor.core.extract import extract, light_page
from monitor.core.page_recipe import check_selector
from monitor.core.recipe_lesson import (
    MOST_CANDIDATES,
    MOST_PARTS,
    MOST_REMOVED,
    agreement,
    learn,
    sample_of,
)
from monitor.model import Candidate, RecipeSample
from tests.recipe_pages import page

NOW = datetime(2026, 11, 23, 12, tzinfo=UTC)


def sample(number: int, html: str) -> RecipeSample:
    text = extract(html, url=f"https://herald.example/{number}", fetched_at=NOW).text
    return sample_of(str(number), light_page(html), text)


def test_a_template_is_learnt_with_the_closest_lasting_name_and_what_repeats() -> None:
    found = learn([sample(number, page(number)) for number in range(1, 6)], least=0.85)
    assert found is not None
    recipe, agreed = found
    assert recipe.select == "div.story-text"  # neither the made name css-… nor div.layout around it
    assert recipe.remove == "div.promo-line"
    assert recipe.share > 0.5
    assert agreed > 0.9


def test_two_templates_are_not_one_recipe() -> None:
    boxes = ["story-text", "body-copy", "story-text", "body-copy", "story-text"]
    mixed = [page(number, box=box).replace("layout wide", f"l-{box}") for number, box in enumerate(boxes)]
    assert learn([sample(number, html) for number, html in enumerate(mixed)], least=0.85) is None


def test_a_box_without_a_lasting_name_is_named_by_what_is_around_it() -> None:
    html = [page(n, box="css-9z8y7x").replace("<h1>", "<h1 class='t'>") for n in range(1, 6)]
    found = learn([sample(number, each) for number, each in enumerate(html)], least=0.85)
    assert found is not None
    assert found[0].select.startswith("div.layout")


def test_texts_that_trafilatura_reads_otherwise_are_not_learnt() -> None:
    good = Candidate(select="div.a", own=1.0, second=0.6, share=0.9)
    assert learn([RecipeSample(page="1", candidates=(good,))], least=0.85) is None
    assert learn([RecipeSample(page="1", candidates=(good,))], least=0.5) is not None
    assert learn([], least=0.5) is None


def test_a_huge_page_teaches_nothing() -> None:
    assert sample(1, page(1).replace("<nav>", "<nav>" + "<b></b>" * 8_000)) == RecipeSample(page="1")


def test_agreement_is_of_words_whatever_their_order() -> None:
    assert agreement("One two, three", "three TWO one") == 1.0
    assert agreement("", "") == agreement("one", "two") == 0.0
    assert agreement("one two", "one three") == 0.5


_CANDIDATES = st.builds(
    Candidate,
    select=st.text(max_size=30),
    own=st.floats(0, 1),
    second=st.floats(0, 1),
    share=st.floats(0, 1),
)
_PARTS = st.tuples(st.sampled_from(["p.a", "p.b", "#c", "d.e"]), st.sampled_from(["1", "2", "3"]))
_SAMPLES = st.builds(
    RecipeSample,
    page=st.text(max_size=5),
    candidates=st.lists(_CANDIDATES, max_size=20).map(tuple),
    parts=st.lists(_PARTS, max_size=60).map(tuple),
)


@given(st.lists(_SAMPLES, max_size=8), st.floats(0, 1))
def test_learning_never_raises_and_what_it_learns_is_bounded(
    samples: list[RecipeSample], least: float
) -> None:
    found = learn(samples, least=least)
    if found is not None:
        recipe, agreed = found
        assert len(recipe.remove.split(", ")) <= MOST_REMOVED
        assert least - 0.01 <= agreed <= 1
        assert all(recipe.select in {each.select for each in sample.candidates} for sample in samples)


_TAGS = st.sampled_from([
    "<div>", "<div class='a b c2 css-12ab post-1234'>", "<div id='main'>", "<article itemprop='articleBody'>",
    "<p class='x'>", "</p>", "</div>", "<p>", "<ул>", "<a.b>", "<div class='\"'>", "<x:y class='q'>",
    *page(9).split(">")[-12:],
    "The river was spoken of in the council for two hours, and nobody could say who had begun it all. ",
])  # fmt: skip


@settings(max_examples=80, deadline=None)
@given(st.lists(_TAGS, max_size=60), st.text(max_size=40))
def test_no_page_is_too_odd_for_a_sample_which_is_bounded(pieces: list[str], text: str) -> None:
    kept = sample_of("page", light_page("".join(pieces)), text or "".join(pieces))
    assert len(kept.candidates) <= MOST_CANDIDATES
    assert len(kept.parts) <= MOST_PARTS
    for candidate in kept.candidates:
        check_selector(candidate.select)
        assert len(candidate.select) < 200
