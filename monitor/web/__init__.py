"""The desk: pages for a browser and their JSON twins, served by the service itself.

In come requests, out go pages that show what the store and the rulebook in force say; what is edited goes
through the same checks as on the command line. Nothing but ``server`` is imported before somebody asks for a
page: a service whose desk nobody opens pays a socket and a sleeping thread.
"""

from __future__ import annotations

from collections.abc import Callable
from pathlib import Path

from monitor.ports import Ports
from monitor.web.server import DeskServer

__all__ = ["DeskServer", "attach"]


def attach(folder: Path) -> Callable[[Ports], DeskServer | None]:
    """What makes the desk of a service from its ports; None where the settings say ``listen: off``."""

    def make(ports: Ports) -> DeskServer | None:
        settings = ports.rulebook().settings.web
        return None if settings.listen == "off" else DeskServer(ports, folder, settings)

    return make
