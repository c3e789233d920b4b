"""Only some languages, or only stories of several outlets."""

from __future__ import annotations

import pytest

from monitor.model import Source
from tests.support.conversation import ANN, Town, article, store_articles
from tests.unit.bot.commands.test_sources import with_outlets


@pytest.mark.parametrize(
    ("said", "languages", "outlets"),
    [("3", (), 3), ("en, ru", ("en", "ru"), 1), ("Belarusian", ("be",), 1), ("off", (), 1)],
)
def test_what_is_written_is_kept(here: Town, said: str, languages: tuple[str, ...], outlets: int) -> None:
    here.said("filter", said)
    assert (here.chat().languages, here.chat().least_outlets) == (languages, outlets)


@pytest.mark.parametrize("said", ["1000", "xx yy", "en klingon99"])
def test_what_is_not_understood_changes_nothing(here: Town, said: str) -> None:
    assert "/filter 3" in here.text("filter", said)
    assert here.store.chats.chat(f"telegram:{ANN}") is None


def test_buttons_do_the_same(here: Town) -> None:
    with_outlets(here, "Nasha")
    assert isinstance(here.rulebook[0].sources["nasha"], Source)
    shown = here.tap(here.said("filter"), "≥ 3")
    shown = here.tap(shown, "Belarusian")
    assert (here.chat().languages, here.chat().least_outlets) == (("be",), 3)
    assert "Stories of at least 3 outlets" in shown.html
    here.tap(shown, "Belarusian")
    assert here.chat().languages == ()


def test_why_says_that_the_filter_kept_it_back(here: Town) -> None:
    store_articles(here.store, [article(1)], "potash")
    here.said("subscribe", "potash")
    here.said("filter", "ru")
    assert "language" in here.text("why", "https://herald.test/1?a=1&b=2")
    here.said("filter", "off")
    here.said("filter", "2")
    assert "Too few outlets" in here.text("why", "https://herald.test/1?a=1&b=2")
