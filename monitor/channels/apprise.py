"""Any of the services that Apprise knows (mail, Matrix, Slack, ntfy…), by its address."""

from __future__ import annotations

from functools import lru_cache
from typing import Any

from pydantic import BaseModel, ConfigDict, Field, ValidationError

from monitor.core.rulebook import Rulebook
from monitor.core.text.clean import printable
from monitor.model import Chat, Closed, Message, Receipt, Sent, Skipped, Unsure
from monitor.ports import Channel, ChannelKind


class AppriseOptions(BaseModel):
    """``url`` is an Apprise address; ``env:NAME`` is resolved by the config."""

    model_config = ConfigDict(extra="forbid", frozen=True)

    url: str = Field(pattern=r"^[A-Za-z][\w+.-]*://\S+", repr=False)


class AppriseChannel:
    """Hands each message to Apprise. Thread-safe: addresses are read once and only used after."""

    def send(self, chat: Chat, message: Message) -> Receipt:
        """Notify; what was sent cannot be changed, so an edit is kept quiet, and so are pictures, which
        have no words of their own.

        Apprise answers yes or no and does not say whether a failed request went out: no is
        ``Unsure``, and the chat's policy decides about a repeat.
        """
        if message.edit_of is not None:
            return Skipped(reason="what was notified cannot be changed")
        if message.pictures:
            return Skipped(reason="Apprise is told no pictures")
        try:
            options = AppriseOptions.model_validate(chat.options)
        except ValidationError:
            return Closed(reason=f"chat {chat.id}: the options need an Apprise url")
        service = _service(options.url)
        if service is None:
            return Closed(reason=f"chat {chat.id}: Apprise does not know this kind of url")
        if service.notify(
            body=printable(message.plain), title=printable(message.subject), body_format="text"
        ):
            return Sent(message_id=message.key)
        return Unsure(reason="Apprise could not notify; its log lines say why")

    def close(self) -> None:
        """Nothing is kept open."""


@lru_cache(maxsize=256)
def _service(url: str) -> Any:  # noqa: ANN401 - Apprise ships no types
    # Importing Apprise reads hundreds of plugins; who does not use it should not wait for it.
    from apprise import Apprise  # noqa: PLC0415

    service = Apprise()
    return service if service.add(url) else None


def open_channel(_rulebook: Rulebook) -> Channel:
    """Apprise needs nothing from the settings; each chat says where it notifies."""
    return AppriseChannel()


def is_group(_address: str) -> bool:
    """Apprise does not tell groups from people."""
    return False


KIND = ChannelKind(name="apprise", options=AppriseOptions, open=open_channel, is_group=is_group)
