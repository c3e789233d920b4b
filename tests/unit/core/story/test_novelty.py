"""What an article brings to its story."""

from __future__ import annotations

from monitor.core.story.novelty import facts_of, novelty_of
from monitor.model import NoveltyVerdict

FIRST = facts_of(
    "Three prisoners freed at the border",
    "The three were handed over near Medininkai on Monday, said Ruta Greenway. They were thin.",
    language="en",
    tier="wire",
)
KNOWN = [fact.key for fact in FIRST]


def brings(
    title: str, text: str, *, language: str = "en", tier: str = "wire", copy: bool = False
) -> NoveltyVerdict:
    facts = facts_of(title, text, language=language, tier=tier)
    return novelty_of(facts, KNOWN, opens=False, copy=copy)


def test_the_first_article_opens() -> None:
    assert novelty_of(FIRST, (), opens=True, copy=False).kind == "opens"


def test_the_same_facts_in_other_words_bring_nothing() -> None:
    assert (
        brings("Freed: three prisoners", "Near Medininkai three were set free, Ruta Greenway said.").kind
        == "nothing"
    )


def test_a_number_in_the_lead_is_new_and_shown_as_written() -> None:
    found = brings("Freed three", "Groups still count 1,226 prisoners.")
    assert found == NoveltyVerdict(kind="fact", shown=("1,226",))


def test_a_name_in_the_lead_is_new() -> None:
    assert brings("Freed three", "The oldest is Yaromir Podpolsky.").shown == ("Yaromir Podpolsky",)


def test_days_and_small_numbers_are_no_news() -> None:
    assert brings("Freed three", "On 24 November 2026 at 5 they were free, the 3 of them.").kind == "nothing"


def test_a_long_quote_is_new_and_a_short_one_is_not() -> None:
    said = brings("Freed three", 'He said: "nobody told us a single word until the bus had stopped".')
    assert said.kind == "fact"
    assert said.shown[0].startswith("“nobody told us")
    assert brings("Freed three", 'They call it "the quiet swap of prisoners".').kind == "nothing"


def test_names_in_a_new_language_are_spelling_but_numbers_count() -> None:
    assert brings("Троих освободили", "Рута Гринуэй говорит о Мядининкай.", language="ru").kind == "language"
    assert brings("Троих освободили", "Всего их 1226.", language="ru").shown == ("1226",)


def test_a_new_tier_is_less_than_a_new_language_and_a_copy_brings_nothing() -> None:
    assert brings("Freed three", "The three are free.", tier="state").kind == "tier"
    assert brings("Freed three", "There are 1,226 more.", copy=True).kind == "nothing"


def test_a_given_name_beside_a_known_one_is_no_news() -> None:
    assert brings("Freed three", "At Medininkai stood the guard Ruta Mary Greenway.").kind == "nothing"


def test_german_nouns_are_no_names_but_places_are() -> None:
    german = facts_of("Drei frei", "Am Montag kamen die Gefangenen an die Grenze.", language="de", tier="")
    known = [*KNOWN, *(fact.key for fact in german)]
    later = facts_of("Drei frei", "Im Kleinbus sassen die Freunde aus Minsk.", language="de", tier="")
    assert novelty_of(later, known, opens=False, copy=False).shown == ("Minsk",)


def test_offices_and_things_with_capitals_are_no_names_and_states_are_one() -> None:
    assert brings("Freed three", "So the Parliament and the Bank said.").kind == "nothing"
    assert brings("Freed three", "They flew to the United States.").shown == ("United States",)
