"""After a backup was put back: what may have been told between the backup and the restoring."""

from __future__ import annotations

import dataclasses
from datetime import datetime, timedelta

from monitor.core.delivery.kinds import traits
from monitor.i18n.localizer import note
from monitor.model import Alert, Delivery

# Articles without a date are found anew within hours of the first start.
UNDATED = timedelta(hours=6)
HELD = note("it may have been told before the backup was put back")


def told_before(delivery: Delivery, restored_at: datetime) -> bool:
    """Whether an alert may be one that the lost part of the store had told already."""
    if not traits(delivery).opens_story or not isinstance(delivery.payload, Alert):
        return False
    published = delivery.payload.published
    if published is None:
        return delivery.created_at < restored_at + UNDATED
    return published < restored_at


def as_repeat(delivery: Delivery, *, hold: bool) -> Delivery:
    """The alert marked as a possible repeat, or held for the operator where a chat wants that."""
    if hold:
        return dataclasses.replace(delivery, state="unsure", error=HELD)
    return dataclasses.replace(delivery, uncertain_sends=delivery.uncertain_sends + 1)
