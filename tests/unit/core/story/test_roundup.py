"""Which of two articles that share sentences is a round-up with the other one in it."""

from __future__ import annotations

import dataclasses

from monitor.core.story.pairs.features import profile_of
from monitor.core.story.pairs.rarity import weight_of
from monitor.core.story.roundup import gathers_a_piece
from monitor.core.story.winnowing import print_of
from monitor.model import Article, Candidate
from tests.support.records import NOW, article

OIL = "Crude oil fell below $70 a barrel after exporters agreed to raise output from January."
BANK = "The senate confirmed economist Marta Halden as governor of the central bank by 61 votes."
FERRY = "Nine people drowned when a passenger ferry capsized in heavy seas off Kalvar island."
MORE = "The barrel had cost 75 dollars before the exporters met, and analysts expect cheaper oil in January."


def told(title: str, *sentences: str) -> Article:
    return dataclasses.replace(article(), title=title, text="\n".join(sentences), language="en")


def stored(title: str, *sentences: str) -> Candidate:
    text = "\n".join(sentences)
    return Candidate(
        number=1, article_id="a1", story_id="s1", source_id="wire", title=title, language="en", seen_at=NOW,
        copy_of=None, print=print_of(title, text), profile=profile_of((), weight_of({}, 0)), lead=b"",
        text=text,
    )  # fmt: skip


def test_a_digest_under_a_headline_of_its_own_gathers() -> None:
    assert gathers_a_piece(told("The day in brief", OIL, BANK, FERRY), stored("Oil slips", OIL, MORE))
    assert gathers_a_piece(told("Oil slips", OIL, MORE), stored("The day in brief", OIL, BANK, FERRY))


def test_a_digest_whose_headline_names_its_parts_gathers() -> None:
    assert gathers_a_piece(
        told("Oil, Halden and the Kalvar ferry: five things to know", OIL, BANK, FERRY),
        stored("Exporters agree on output", OIL, MORE),
    )


def test_a_longer_report_of_the_same_event_does_not() -> None:
    assert not gathers_a_piece(told("Exporters agree on output", OIL, MORE), stored("Oil slips", OIL))


def test_reports_without_a_common_sentence_say_nothing() -> None:
    assert not gathers_a_piece(told("The day in brief", BANK, FERRY), stored("Oil slips", OIL, MORE))
