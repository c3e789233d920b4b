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


def test_articles_that_no_longer_match_teach_nothing(
    rules: Callable[..., Rulebook], archive: Callable[[Sequence[str]], list[Article]]
) -> None:
    assert proposals(Topic(id="x", query="zinc"), archive(MARKED), [], rules()) == ()
