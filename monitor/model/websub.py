"""Subscriptions at hubs that push what is new (WebSub, w3.org/TR/websub)."""

from __future__ import annotations

from dataclasses import dataclass, field
from datetime import datetime
from typing import Literal

PushState = Literal["asked", "active", "refused"]


@dataclass(frozen=True, slots=True, kw_only=True)
class HubSubscription:
    """One source's subscription at its hub.

    ``secret`` signs what the hub sends. ``asked``: the hub was asked at ``asked_at``, ``tries`` times
    in a row, and has not confirmed; ``active``: confirmed, until ``lease_until``; ``refused``: the hub
    said no (``error``).
    """

    source_id: str
    hub: str
    topic: str
    secret: str = field(repr=False)
    state: PushState
    asked_at: datetime
    tries: int = 0
    lease_until: datetime | None = None
    error: str = ""
