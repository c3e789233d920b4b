"""Articles and hints that come to us: the spool folder, the receiver, WebSub."""

from monitor.inbox.receiver import Receiver
from monitor.inbox.spool import MOST, Spool, fetching

__all__ = ["MOST", "Receiver", "Spool", "fetching"]
