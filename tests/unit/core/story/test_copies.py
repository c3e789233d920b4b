"""What is a copy, and what only looks like one."""

from __future__ import annotations

import dataclasses
from datetime import UTC, datetime, timedelta
from typing import Any

import pytest

from monitor.core.story.claims import claims_of, without_dateline
from monitor.core.story.copies import Repeated, find_repeated
from monitor.core.story.pairs.features import profile_of
from monitor.core.story.pairs.rarity import weight_of
from monitor.core.story.terms import terms_of
from monitor.core.story.winnowing import print_of
from monitor.model import Candidate, StorySettings
from tests.support.made_up import prose
from tests.support.records import article

NOW = datetime(2026, 11, 24, 12, tzinfo=UTC)
FOOTER = prose(45, 99)


def stored(text: str, number: int = 1, *, source: str = "wire", title: str = "A headline") -> Candidate:
    return Candidate(
        number=number,
        article_id=f"a{number}",
        story_id=f"s{number}",
        source_id=source,
        title=title,
        language="en",
        seen_at=NOW + timedelta(minutes=number),
        copy_of=None,
        print=print_of(title, text),
        profile=profile_of(terms_of(title, text, "en"), weight_of({}, 0)),
        lead=claims_of(article(title=title, text=text)).lead,
        text=text,
    )


def repeated(
    text: str,
    *found: Candidate,
    source: str = "paper",
    title: str = "Another headline",
    alike: float = 1.0,
    **settings: Any,
) -> Repeated:
    told = article(title=title, text=text, source_id=source)
    return find_repeated(
        print_of(title, text),
        article=told,
        claims=claims_of(told),
        found=found,
        settings=dataclasses.replace(StorySettings(), **settings),
        alike=lambda _: alike,
    )


def copied(text: str, *found: Candidate, **more: Any) -> str | None:
    kept = repeated(text, *found, **more).copy
    return kept.of.article_id if kept else None


TEXT = prose(400, 1)
WORDS = TEXT.split()


@pytest.mark.parametrize(
    "edited",
    [
        " ".join(WORDS[:160]),
        " ".join(WORDS[160:]),
        "VILNIUS (Agency) – " + TEXT,
        " ".join(WORDS[200:] + WORDS[:200]),
        f"{prose(60, 2)} {TEXT} {prose(60, 3)}",
        " ".join("somebody" if at % 25 == 24 else word for at, word in enumerate(WORDS)),
        f"{prose(150, 4)} {' '.join(WORDS[:200])} {prose(100, 5)}",
    ],
    ids=[
        "cut end",
        "cut start",
        "agency line",
        "reordered",
        "framed",
        "words changed further down",
        "inside a longer piece",
    ],
)
def test_an_edited_text_is_a_copy(edited: str) -> None:
    inside_a_longer_one = edited.startswith(prose(150, 4))
    first = stored(" ".join(WORDS[:200]) if inside_a_longer_one else TEXT)
    assert copied(edited, first, title="A headline") == "a1"


def test_a_text_of_which_most_is_new_is_no_copy_of_the_part_that_is_known() -> None:
    found = repeated(f"{' '.join(WORDS[:100])} {prose(200, 4)}", stored(" ".join(WORDS[:100])))
    assert found.copy is None
    assert found.background is not None


@pytest.mark.parametrize("at", [3, 12, 22])
@pytest.mark.parametrize("edit", ["one more", "one less", "another"])
def test_one_word_of_the_first_sentence_makes_it_another_report(at: int, edit: str) -> None:
    words = {
        "one more": [*WORDS[:at], "never", *WORDS[at:]],
        "one less": WORDS[:at] + WORDS[at + 1 :],
        "another": [*WORDS[:at], "never", *WORDS[at + 1 :]],
    }[edit]
    assert copied(" ".join(words), stored(TEXT), title="A headline") is None


def test_a_headline_that_its_own_text_tells_and_the_stored_one_does_not_is_news() -> None:
    later = f"{' '.join(WORDS[:40])} On Monday he died. {' '.join(WORDS[40:])}"
    assert copied(later, stored(TEXT), title="He died") is None
    assert copied(TEXT, stored(TEXT), title="He died") == "a1"


def test_the_earliest_is_the_original() -> None:
    assert copied(TEXT, stored(TEXT, 2), stored(TEXT, 1)) == "a1"


def test_two_briefs_with_the_same_footer_are_no_copies() -> None:
    first = stored(f"{prose(25, 11)} {FOOTER}", source="paper")
    assert copied(f"{prose(25, 12)} {FOOTER}", first) is None


def test_what_stands_in_several_stories_is_furniture_elsewhere_too() -> None:
    pages = [stored(f"{prose(20, 20 + at)} {FOOTER}", at, source=f"site{at}") for at in range(1, 4)]
    assert copied(f"{prose(20, 30)} {FOOTER}", *pages) is None
    assert copied(f"{prose(90, 21)} {FOOTER}", stored(f"{prose(90, 21)} {FOOTER}", 9), *pages) == "a9"


def test_very_short_texts_are_left_to_the_exact_keys() -> None:
    assert copied(prose(20, 1), stored(prose(20, 1))) is None


def test_a_newsletter_is_nobodys_copy_and_nobody_is_a_copy_of_it() -> None:
    briefs = [prose(120, seed) for seed in range(50, 55)]
    letter = " ".join(briefs)
    assert copied(letter, *(stored(brief, at) for at, brief in enumerate(briefs, 1))) is None
    assert copied(briefs[0], stored(letter), alike=0.05) is None


def test_an_outlets_second_report_on_its_own_story_is_no_copy() -> None:
    later = f"{prose(200, 70)} {' '.join(WORDS[:150])}"
    assert copied(later, stored(" ".join(WORDS[:200]), source="paper"), source="paper") is None


def test_the_share_that_makes_a_copy_is_a_setting() -> None:
    half = " ".join(WORDS[:160]) + " " + prose(240, 80)
    assert copied(half, stored(TEXT)) is None
    assert copied(half, stored(TEXT), copy_share=0.35) == "a1"


FRAME = (
    "in a penal colony, the human rights centre said. The hearing was held behind closed doors and no "
    "relatives were let in. The defence has ten days to appeal. On the day of the verdict there were 1,187 "
    "political prisoners in the country. Anyone who knows of other trials can write to the centre."
)


def note(name: str, town: str, years: str) -> tuple[str, str]:
    return (
        f"{name} sentenced to {years} years",
        f"{name} has been sentenced in {town} to {years} years {FRAME}",
    )


@pytest.mark.parametrize("source", ["wire", "paper"])
def test_notes_of_one_template_on_different_people_are_no_copies(source: str) -> None:
    first = stored(note("Vera Lis", "Polotsk", "four")[1], title=note("Vera Lis", "Polotsk", "four")[0])
    title, text = note("Yan Kot", "Lida", "five")
    found = repeated(text, first, title=title, source=source)
    assert found.copy is None
    assert found.other_events == {1}


def test_the_same_note_under_a_headline_without_the_name_is_a_copy() -> None:
    title, text = note("Hanna Rudko", "Orsha", "three")
    assert copied(text, stored(text, title=title), title="Teacher from Orsha jailed") == "a1"


def test_a_new_event_above_old_paragraphs_is_no_copy_and_says_what_is_new() -> None:
    old = stored(
        f"A fire at the plant in Lida injured 4 people on Monday. {TEXT}", title="Fire in Lida injures 4"
    )
    news = f"Twenty-six people died in the fire, minister Anton Rudzik said. {TEXT}"
    found = repeated(news, old, title="Death toll in Lida rises to 26")
    assert found.copy is None
    assert found.background is not None
    assert found.background.of.article_id == "a1"
    assert "n:26" in found.claims
    assert found.other_events == frozenset()


def test_a_correction_of_one_number_is_no_copy() -> None:
    text = f"The court in Lida sentenced a former director to five years in prison. {TEXT}"
    first = stored(text, source="wire", title="Lida court jails director for five years")
    corrected = text.replace("five", "fourteen")
    assert copied(corrected, first, source="wire", title="CORRECTED: Lida court jails director") is None


@pytest.mark.parametrize(
    ("title", "lead"),
    [
        (
            "Refinery not sold, ministry says",
            "The refinery on the river was never sold to anybody, says the ministry.",
        ),
        (
            "Director of the refinery resigns",
            "The director of the refinery on the river gave up his post at noon.",
        ),
    ],
)
def test_news_that_brings_no_name_and_no_number_is_no_copy(title: str, lead: str) -> None:
    background = prose(220, 5)
    first = stored(
        f"The refinery on the river has been sold, two sources say. {background}", title="Refinery sold"
    )
    found = repeated(f"{lead} {background}", first, title=title)
    assert found.copy is None
    assert found.background is not None
    reprint = repeated(
        f"The refinery on the river has been sold, two sources say. {background}",
        first,
        title="Big plant changes hands",
    )
    assert reprint.copy is not None


def test_a_round_up_holds_stories_and_is_none_of_them() -> None:
    parts = [stored(prose(120, seed), seed) for seed in (60, 61)]
    assert repeated(f"{prose(120, 60)} {prose(120, 61)} {prose(40, 62)}", *parts).gathers


@pytest.mark.parametrize(
    "text",
    [
        "MINSK, 24 November (Agency) – The court met.",
        "LIDA (Wire) — The court met.",
        "ПРАГА. The court met.",
        "ІЗМАЇЛ, 12 вересня. The court met.",
    ],
)
def test_a_dateline_claims_nothing(text: str) -> None:
    assert without_dateline(text) == "The court met."


def test_a_short_first_sentence_is_no_dateline() -> None:
    assert without_dateline("In Minsk a singer was held. More follows.").startswith("In Minsk")


COINS = "Workers found a jug with 412 silver coins below the floor of the church in Lida. " + prose(60, 5)


def test_a_rounded_number_in_the_headline_is_no_news() -> None:
    assert repeated(COINS, stored(COINS), title="More than 400 coins found below a church").copy


@pytest.mark.parametrize(
    ("title", "text"),
    [
        ("More than 600 coins found below a church", COINS),
        ("Coins of Lida: 400 were stolen", f"{COINS} Of them 400 were stolen on Tuesday."),
    ],
)
def test_a_number_that_rounds_none_of_both_texts_is(title: str, text: str) -> None:
    assert repeated(text, stored(COINS), title=title).copy is None


def test_news_above_the_old_paragraphs_of_its_own_outlet_is_told() -> None:
    old = prose(120, 6)
    told = repeated(f"The captain was arrested. {old}", stored(f"The ferry sank. {old}"), source="wire")
    assert told.copy is None
    assert told.background is not None


def test_a_number_that_nobody_counts_is_one_that_rounds_nothing() -> None:
    assert repeated(COINS, stored(COINS), title=f"{'9' * 400} coins found below a church").copy is None


FOUND = "Update: the jug from Lida vanished from a museum on Tuesday, detectives said."


def test_news_on_top_of_the_old_text_under_the_old_headline_is_told() -> None:
    told = repeated(f"{FOUND}\n{COINS}", stored(COINS), title="Coins found in Lida")
    assert told.copy is None
    assert told.background is not None


@pytest.mark.parametrize(
    "line",
    ["Follow our reporters in the app, every morning.", "Coins found", "Photo: museum of Lida, Jane Doe"],
)
def test_what_an_outlet_puts_on_top_is_no_news(line: str) -> None:
    assert repeated(f"{line}\n{COINS}", stored(COINS), title="Coins found in Lida").copy


def test_a_teaser_of_another_stored_article_on_top_is_no_news() -> None:
    other = dataclasses.replace(stored(f"{FOUND} {prose(60, 9)}"), number=2, article_id="n2")
    assert repeated(f"{FOUND}\n{COINS}", stored(COINS), other, title="Coins found in Lida").copy
