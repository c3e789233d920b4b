"""What a chat is told of a changed article."""

from __future__ import annotations

from typing import Any

import pytest

from monitor.core.message.revision import render_revision
from monitor.model import Correction, Message
from tests.support.botapi.entities import parse_html, units
from tests.support.records import chat, delivery


def told(*changes: tuple[str, str, str], **wishes: Any) -> Message:
    said = Correction(
        headline="Envoy <in> Minsk", outlet="The Herald", url="https://herald.example/a", changes=changes
    )
    return render_revision(said, delivery(kind="revision", payload=said), chat(**wishes), reply_to="1")


def test_before_and_after_stand_below_what_changed() -> None:
    text, _ = parse_html(told(("headline", "old & grey", "new"), ("vanished", "", "")).html)
    assert text.splitlines() == [
        "The Herald: Envoy <in> Minsk", "Headline changed", "old & grey", "new", "The page is gone",
    ]  # fmt: skip


@pytest.mark.parametrize(("language", "said"), [("pl", "Zmieniona liczba"), ("be", "Змяніўся лік")])
def test_it_speaks_the_chats_language(language: str, said: str) -> None:
    assert said in told(("number", "1", "2"), language=language).plain


def test_a_safe_chat_learns_only_that_something_changed() -> None:
    message = told(("headline", "grey", "green"), safe_links="plain")
    for secret in ("Herald", "Envoy", "grey", "herald.example"):
        assert secret not in message.html + message.plain + message.subject + message.url


def test_many_long_changes_fit() -> None:
    message = told(*[("match", "🎈" * 3000, "ы" * 3000)] * 9)
    assert units(parse_html(message.html)[0]) <= 4096
    assert "… and 5 more" in message.plain
