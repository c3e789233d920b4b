"""What an article brings to its story."""

from __future__ import annotations

import pytest

from monitor.core.story.novelty import MOST_FACTS, deciding, facts_of, novelty_of
from monitor.model import Fact, NoveltyVerdict

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


def test_a_headline_with_other_news_is_news_where_no_fact_is() -> None:
    known = [*KNOWN, "l:en", "t:wire"]
    told = novelty_of(FIRST, known, opens=False, copy=False, headline="Talks broken off")
    assert told == NoveltyVerdict(kind="fact", shown=("Talks broken off",))
    assert novelty_of(FIRST, known, opens=False, copy=True, headline="Talks broken off").kind == "nothing"


def test_three_facts_are_shown_each_once() -> None:
    facts = [Fact(key=f"e:{name}", shown=shown, leading=True) for name, shown in
             (("a", "Anna"), ("b", "Anna"), ("c", "Boris"), ("d", "Cleo"), ("e", "Dora"))]  # fmt: skip
    assert novelty_of(facts, (), opens=False, copy=False).shown == ("Anna", "Boris", "Cleo")


@pytest.mark.parametrize(
    ("fact", "kind"),
    [
        (Fact(key="n:1226", shown="1226", leading=True), "fact"),
        (Fact(key="n:1226", shown="1226", leading=False), "nothing"),
        (Fact(key="n:100", shown="100", leading=True), "nothing"),
        (Fact(key="e:anna", shown="Anna", leading=True), "fact"),
        (Fact(key="e:anna", shown="Anna", leading=False), "nothing"),
        (Fact(key="q:words", shown="“words”", leading=False), "fact"),
        (Fact(key="l:pl", shown="pl"), "language"),
        (Fact(key="t:state", shown="state"), "tier"),
    ],
)
def test_which_facts_are_news(fact: Fact, kind: str) -> None:
    assert novelty_of([fact], (), opens=False, copy=False).kind == kind
    assert novelty_of([fact], [fact.key], opens=False, copy=False).kind == "nothing"
    assert deciding([fact]) == (() if kind == "nothing" else (fact.key,))


def test_names_and_quotes_in_a_new_language_are_no_news() -> None:
    facts = [Fact(key="l:pl", shown="pl"), Fact(key="e:anna", shown="Anna", leading=True),
             Fact(key="q:x", shown="“x”")]  # fmt: skip
    assert novelty_of(facts, (), opens=False, copy=False).kind == "language"
    number = Fact(key="n:1226", shown="1226", leading=True)
    assert novelty_of([*facts, number], (), opens=False, copy=False).shown == ("1226",)


def test_facts_are_bounded_and_those_of_the_headline_come_first() -> None:
    text = " ".join(f"{number}" for number in range(3000, 3200))
    facts = facts_of("Some 1226 came", text, language="en", tier="wire")
    assert len(facts) == MOST_FACTS + 2
    assert facts[0] == Fact(key="n:1226", shown="1226", leading=True)
    assert [fact.key for fact in facts[-2:]] == ["l:en", "t:wire"]
    assert facts_of("", "", language=None, tier="") == ()


def test_the_first_fifty_words_lead() -> None:
    text = " ".join(["word"] * 49 + ["1226", "1227"])
    leading = {fact.key: fact.leading for fact in facts_of("", text, language="en", tier="")}
    assert (leading["n:1226"], leading["n:1227"]) == (True, False)


def test_a_very_long_quote_is_shown_cut_at_a_word() -> None:
    quote = " ".join(f"word{number}" for number in range(40))
    (fact,) = [
        each for each in facts_of("", f'He said: "{quote}".', language="en", tier="") if each.key[0] == "q"
    ]
    assert fact.shown.startswith("“word0 word1")
    assert fact.shown.endswith("…”")
    assert 150 <= len(fact.shown) <= 162
    assert fact.shown[1:-2] in quote
