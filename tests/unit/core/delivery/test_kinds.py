"""The table of kinds: whatever is sent once more says that it may be there already."""

from __future__ import annotations

from datetime import timedelta
from typing import Any

import pytest

from monitor.core.delivery.kinds import KINDS, MessageContext, traits
from monitor.core.message.alert import REPEAT_MARK
from monitor.model import ChartFigures, DigestPart, NoticeText
from monitor.model.alert import DeliveryKind
from monitor.model.payloads import Correction, PictureSet
from tests.support.records import NOW, alert, chat, delivery

SAYS: dict[DeliveryKind, Any] = {
    "alert": alert(),
    "reply": alert(),
    "revision": Correction(
        headline="Envoy in Minsk",
        url="https://herald.example/a",
        outlet="The Herald",
        changes=(("title", "Envoy in Minsk", "Envoy in Brest"),),
    ),
    "notice": NoticeText(text="It broke."),
    "digest": DigestPart(reason="daily", count=1, since=NOW - timedelta(days=1), until=NOW),
    "chart": ChartFigures(buckets=((NOW, 1, 2),), reason="daily"),
    "pictures": PictureSet(
        alert="told", outlet="The Herald", source_id="herald", pictures=("https://a.example/1.jpg",)
    ),
}


def test_an_alert_whose_story_was_told_before_stays_struck_through() -> None:
    told = delivery(key="told", state="sent", message_id="7")
    row = delivery(kind="strike", payload=alert(headline="Envoy & co in Minsk"), after_key="told")
    message = traits(row).compose(row, chat(), MessageContext(alert=told), NOW)
    assert message is not None
    assert (message.edit_of, message.silent, message.buttons) == ("7", True, ())
    assert "<s><a href=" in message.html
    assert "Envoy &amp; co in Minsk</a></s>" in message.html
    assert "The same story as an earlier alert" in message.plain
    private = traits(row).compose(row, chat(safe_links="safe"), MessageContext(alert=told), NOW)
    assert private is not None
    assert "Envoy" not in private.html + private.plain


def test_an_edit_alone_needs_no_mark() -> None:
    """Done twice it is the same: the message stands there once."""
    assert {kind for kind, each in KINDS.items() if not each.is_edit} == set(SAYS)


@pytest.mark.parametrize("kind", list(SAYS))
@pytest.mark.parametrize("uncertain_sends", [0, 1])
def test_what_is_sent_again_says_that_it_may_be_a_repeat(kind: DeliveryKind, uncertain_sends: int) -> None:
    told = delivery(key="told", state="sent", message_id="7")
    row = delivery(kind=kind, payload=SAYS[kind], uncertain_sends=uncertain_sends)
    message = traits(row).compose(row, chat(pictures="album"), MessageContext(alert=told), NOW)
    assert message is not None
    assert (REPEAT_MARK in message.plain) == bool(uncertain_sends)
