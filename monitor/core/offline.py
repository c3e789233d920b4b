"""In what words the operator hears that this machine had no network."""

from __future__ import annotations

from datetime import tzinfo

from monitor.model import Event, NetworkLoss


def network_event(loss: NetworkLoss, zone: tzinfo) -> Event:
    """The event that the network went away, or that it is back; moments are told in ``zone``."""
    since = f"{loss.since.astimezone(zone):%d %b %H:%M}"
    if loss.back is None:
        text = (
            f"No host answers since {since} ({loss.hosts} were asked): this machine seems to have no "
            "network. No source is blamed for it; all are asked again as soon as one of them answers."
        )
        return Event(kind="network", subject="network", text=text, at=loss.since)
    back = f"{loss.back.astimezone(zone):%d %b %H:%M}"
    text = (
        f"The network is back: nothing could be read from {since} to {back}. All sources are asked again now."
    )
    return Event(kind="network", subject="network", text=text, at=loss.back)
