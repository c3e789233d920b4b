"""Articles and hints that come to us: the spool folder, the receiver, WebSub."""

from __future__ import annotations

from monitor.inbox.receiver import Receiver
from monitor.inbox.spool import MOST, Spool, fetching
from monitor.inbox.websub import Subscriber
from monitor.model import ReceiverSettings
from monitor.ports import Ports

__all__ = ["MOST", "Receiver", "Spool", "Subscriber", "fetching", "receiving"]


def receiving(ports: Ports, spool: Spool, settings: ReceiverSettings) -> list[Receiver | Subscriber]:
    """The receiver, and whoever asks hubs to call it when they can."""
    if not settings.public_url:
        return [Receiver(ports, spool, settings)]
    hub = Subscriber(ports, settings.public_url)
    return [Receiver(ports, spool, settings, hub=hub), hub]
