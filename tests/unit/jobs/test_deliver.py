"""What the log says of a delivery."""

from __future__ import annotations

import pytest
from structlog.testing import capture_logs

from monitor.jobs.deliver import _log
from monitor.model import Chat, Delivery, Message, NoticeText, Receipt, Refused, Sent, Skipped
from tests.support.records import NOW


@pytest.mark.parametrize(
    ("receipt", "level"),
    [
        (Sent(message_id="1"), "info"),
        (Skipped(reason="what is printed stays"), "debug"),
        (Refused(reason="too long"), "warning"),
    ],
)
def test_what_a_channel_never_says_is_no_warning(receipt: Receipt, level: str) -> None:
    chat = Chat(id="console:main", channel="console", address="main")
    delivery = Delivery(
        key="k", chat_id=chat.id, kind="edit", payload=NoticeText(text="x"), created_at=NOW, not_before=NOW
    )
    with capture_logs() as lines:
        _log(delivery, chat, Message(key="k", html="x", plain="x"), receipt)
    assert [line["log_level"] for line in lines] == [level]
