"""What marks teach."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from dataclasses import replace

from monitor.core.lab.proposals import proposals
from monitor.core.query.engine.matcher import Matcher
from monitor.core.rulebook import Rulebook
from monitor.model import Article, MatchText, Topic

MARKED = (
    "Fair in Minsk Mazowiecki. The mayor of Minsk Mazowiecki opened a fair.",
    "Road works. Roads near Minsk Mazowiecki will close on Monday.",
)
OTHERS = (
    "Trade talks. Envoys met in Minsk on Monday to speak of roads.",
    "Court rules. A court in Minsk closed the case.",
    "Concert. The orchestra plays in Minsk tonight.",
)


def test_the_phrase_that_only_marked_articles_have_comes_first(
    rules: Callable[..., Rulebook], archive: Callable[[Sequence[str]], list[Article]]
) -> None:
    topic = Topic(id="minsk", query="minsk", languages=("en",))
    others = [replace(each, id=f"o{each.id}") for each in archive(OTHERS)]
    best = proposals(topic, archive(MARKED), others, rules())[0]
    assert (best.kind, best.phrase, best.removed, best.lost) == ("EXCEPT", "Minsk Mazowiecki", 2, 0)
    matcher = Matcher.build([replace(topic, query=best.query)])
    assert not matcher.matching(MatchText(title=MARKED[0], body=MARKED[0], language="en"))
    assert matcher.matching(MatchText(title=OTHERS[0], body=OTHERS[0], language="en"))


def test_what_costs_as_much_as_it_brings_is_not_proposed(
    rules: Callable[..., Rulebook], archive: Callable[[Sequence[str]], list[Article]]
) -> None:
    topic = Topic(id="minsk", query="minsk", languages=("en",))
    same = ["Trade talks. Envoys met in Minsk on Monday."]
    assert proposals(topic, archive(same), archive(same * 3), rules()) == ()


def test_without_other_matches_nothing_can_be_lost(
    rules: Callable[..., Rulebook], archive: Callable[[Sequence[str]], list[Article]]
) -> None:
    topic = Topic(id="minsk", query="minsk", languages=("en",))
    found = proposals(topic, archive(MARKED), [], rules())
    assert found
    assert {each.lost for each in found} == {0}


def test_what_removes_more_comes_first_then_what_loses_less(
    rules: Callable[..., Rulebook], archive: Callable[[Sequence[str]], list[Article]]
) -> None:
    topic = Topic(id="minsk", query="minsk", languages=("en",))
    marked = archive(["Fair. A fair in Minsk Mazowiecki opened.", "Fair. A fair in Minsk closed early."])
    others = archive(
        ["Talks. Envoys opened talks in Minsk.", "Court. A court in Minsk ruled.", "Minsk. Snow."]
    )
    found = proposals(topic, marked, others, rules())
    told = [(each.kind, each.phrase, each.removed, each.lost) for each in found]
    assert told[0] == ("NOT", "fair", 2, 0)
    assert ("NOT", "opened", 1, 1) in told, "one of two marked for one of three others"
    assert [(-removed, lost, kind, phrase) for kind, phrase, removed, lost in told] == sorted(
        (-removed, lost, kind, phrase) for kind, phrase, removed, lost in told
    )
    assert all(len(phrase) >= 4 for kind, phrase, *_ in told if kind == "NOT"), "no words of every text"


def test_a_share_of_others_as_large_as_of_the_marked_is_too_much(
    rules: Callable[..., Rulebook], archive: Callable[[Sequence[str]], list[Article]]
) -> None:
    topic = Topic(id="minsk", query="minsk", languages=("en",))
    marked = archive(["Fair. A fair in Minsk.", "Snow. Snow in Minsk."])
    others = archive(["Fair. Another fair in Minsk.", "Talks. Talks in Minsk."])
    assert "fair" not in {each.phrase for each in proposals(topic, marked, others, rules())}
    more = [*others, *archive(["Rain. Rain in Minsk."])]
    assert "fair" in {each.phrase for each in proposals(topic, marked, more, rules())}


def test_phrases_end_where_a_sentence_does(
    rules: Callable[..., Rulebook], archive: Callable[[Sequence[str]], list[Article]]
) -> None:
    topic = Topic(id="minsk", query="minsk", languages=("en",))
    found = proposals(topic, archive(["News. Near old Minsk. Snow fell again"]), [], rules())
    assert {each.phrase for each in found if each.kind == "EXCEPT"} == {"old Minsk"}


def test_only_words_near_the_place_are_proposed(
    rules: Callable[..., Rulebook], archive: Callable[[Sequence[str]], list[Article]]
) -> None:
    topic = Topic(id="minsk", query="minsk", languages=("en",))
    text = "Alpha bravo charlie delta echo foxtrot golf Minsk hotel india juliet kilo lima mike november"
    words = {each.phrase for each in proposals(topic, archive([text]), [], rules()) if each.kind == "NOT"}
    assert words == set(text.casefold().split()) - {"minsk", "alpha", "november"}


def test_articles_that_no_longer_match_teach_nothing(
    rules: Callable[..., Rulebook], archive: Callable[[Sequence[str]], list[Article]]
) -> None:
    assert proposals(Topic(id="x", query="zinc"), archive(MARKED), [], rules()) == ()
