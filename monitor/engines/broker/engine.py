"""The service's engine when a broker hands out the jobs: it keeps order and sends, workers do the rest."""

from __future__ import annotations

from collections.abc import Sequence

from monitor.engines.broker.relay import Relay
from monitor.engines.local import LocalEngine
from monitor.engines.periodic import Periodic
from monitor.ports import Ports


class BrokerEngine:
    """A local engine without roles for jobs, and the relay beside it."""

    def __init__(self, local: LocalEngine, relay: Relay) -> None:
        self._local = local
        self._relay = relay

    def start(self, ports: Ports, tasks: Sequence[Periodic] = ()) -> None:
        """Take up what an earlier process left, then begin to send and to publish."""
        self._local.start(ports, tasks)
        self._relay.start(ports)

    def wake(self) -> None:
        """Look for work now."""
        self._local.wake()
        self._relay.wake()

    def stop(self, timeout_s: float = 30.0) -> None:
        """Publish nothing more, let what is in flight finish."""
        self._relay.stop()
        self._local.stop(timeout_s)
