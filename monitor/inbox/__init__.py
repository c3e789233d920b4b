"""Articles and hints that come to us: the spool folder, the receiver, WebSub."""

from monitor.inbox.receiver import Receiver
from monitor.inbox.spool import MOST, Spool, fetching
from monitor.inbox.websub import Subscriber

__all__ = ["MOST", "Receiver", "Spool", "Subscriber", "fetching"]
