"""In what words the operator hears that this machine had no network."""

from __future__ import annotations

from datetime import tzinfo

from monitor.i18n.lazy import lazy
from monitor.model import Event, NetworkLoss


def network_event(loss: NetworkLoss, zone: tzinfo) -> Event:
    """The event that the network went away, or that it is back; moments are told in ``zone``."""
    if loss.back is None:
        text = lazy(
            "No host answers since {moment} ({count} were asked): this machine seems to have no "
            "network. No source is blamed for it; all are asked again as soon as one of them answers.",
            zone=zone,
            moment=loss.since,
            count=loss.hosts,
        )
        return Event(kind="network", subject="network", text=text, at=loss.since)
    text = lazy(
        "The network is back: nothing could be read from {since} to {back}. All sources are asked again now.",
        zone=zone,
        since=loss.since,
        back=loss.back,
    )
    return Event(kind="network", subject="network", text=text, at=loss.back)
