"""In what words the operator hears that this machine had no network."""

from __future__ import annotations

from datetime import tzinfo

from monitor.model import Event, NetworkLoss
from monitor.saying import saying


def network_event(loss: NetworkLoss, zone: tzinfo) -> Event:
    """The event that the network went away, or that it is back; moments are told in ``zone``."""
    if loss.back is None:
        text = saying(
            "No host answers since {moment} ({count} were asked): this machine seems to have no "
            "network. No source is blamed for it; all are asked again as soon as one of them answers.",
            zone=zone,
            moment=loss.since,
            count=loss.hosts,
        )
        return Event(kind="network", subject="network", text=text, at=loss.since)
    text = saying(
        "The network is back: nothing could be read from {since} to {back}. All sources are asked again now.",
        zone=zone,
        since=loss.since,
        back=loss.back,
    )
    return Event(kind="network", subject="network", text=text, at=loss.back)
