"""deliver: one claimed delivery is rendered, sent, and finished by what the receipt says."""

from __future__ import annotations

import dataclasses
from collections.abc import Callable, Mapping, Sequence
from datetime import datetime, timedelta

import structlog

from monitor.core.chart import render_chart
from monitor.core.digest import Reason, Surroundings, digest_of, reason_of
from monitor.core.plan import alert_from_json
from monitor.core.render import render_alert, render_notice
from monitor.core.render_digest import render_digest
from monitor.core.report import health_line
from monitor.core.retry import Decision, after_receipt
from monitor.core.volume import Bundle, Hold, Send, next_step
from monitor.model import Chat, Delivery, Message, Reach, Receipt, Refused, Sent
from monitor.ports import Ports
from monitor.ports.outbox import Compose, Pace

log = structlog.get_logger(__name__)


def deliver(delivery: Delivery, ports: Ports) -> None:
    """Send one delivery that this process claimed; its new state is committed before returning."""
    chat = ports.store.chats.chat(delivery.chat_id)
    if chat is not None and not _is_to_be_said(delivery, chat, ports):
        return
    channel = ports.channels.get(chat.channel) if chat else None
    receipt: Receipt
    if chat is None or channel is None:
        receipt = Refused(reason=f"no channel can reach {delivery.chat_id}; see `monitor check`")
        message = None
    else:
        message = compose(delivery, chat, ports)
        # Nothing to change: the alert itself will say it, or it never went out.
        receipt = channel.send(chat, message) if message else Sent(message_id="")
    known = chat or Chat(id=delivery.chat_id, channel="", address="")
    _write(delivery, receipt, known, ports, asked=message is not None)


def compose(delivery: Delivery, chat: Chat, ports: Ports) -> Message | None:
    """The message as it reads now; None for an edit of, or a reply to, an alert that was not sent."""
    render = _SELF_CONTAINED.get(delivery.kind)
    if render is not None:
        return render(delivery, chat, ports.now())
    told = None
    if delivery.kind in {"edit", "reply"}:
        told = ports.store.outbox.alert_of(delivery.chat_id, delivery.story_id or "")
        if told is None or not told.message_id:
            return None
    story = ports.store.articles.story(delivery.story_id) if delivery.story_id else None
    message = render_alert(
        alert_from_json(delivery.payload),
        chat,
        delivery=delivery,
        story=story,
        now=ports.now(),
        alert_key=told.key if told else None,
    )
    if told is None:
        return message
    if delivery.kind == "reply":
        return dataclasses.replace(message, reply_to=told.message_id)
    return dataclasses.replace(message, edit_of=told.message_id)


def _is_to_be_said(delivery: Delivery, chat: Chat, ports: Ports) -> bool:
    """Whether this one is to be sent as it is; else it is held or bundled, and that is committed."""
    if delivery.kind != "alert":
        return True
    now, outbox = ports.now(), ports.store.outbox
    alerts = ports.rulebook().settings.alerts
    step = next_step(delivery, chat, outbox.backlog(delivery, now), alerts, now)
    match step:
        case Hold(delivery=held):
            outbox.finish(Decision(delivery=held), now=now)
            log.info("alert held", key=delivery.key, until=held.not_before.isoformat())
        case Bundle():
            outbox.bundle(delivery, _composer(chat, now), now)
            log.info("alerts bundled", chat=chat.id, first=delivery.key)
            ports.wake()
    return isinstance(step, Send)


def collect_digests(ports: Ports) -> int:
    """Make the digests that are due of what was collected for them. Returns how many."""
    now = ports.now()
    due = ports.store.outbox.collectors(now)
    health = health_line(ports.store.admin.status(), ports.store.sources.states()) if due else ""
    for chat_id in due:
        chat = ports.store.chats.chat(chat_id)
        if chat is not None:
            compose = _composer(chat, now, reason=reason_of(chat), health=health)
            ports.store.outbox.collect(chat_id, compose, now)
    if due:
        ports.wake()
    return len(due)


def _composer(chat: Chat, now: datetime, *, reason: Reason = "waited", health: str = "") -> Compose:
    def compose(members: Sequence[Delivery], reach: Mapping[str, Reach]) -> Sequence[Delivery]:
        around = Surroundings(reach=reach, health=health)
        return digest_of(chat, members, around, now, reason=reason)

    return compose


def _notice(delivery: Delivery, _chat: Chat, _now: datetime) -> Message:
    return render_notice(str(delivery.payload["text"]), delivery)


# Kinds whose payload holds all that they say.
_SELF_CONTAINED: Mapping[str, Callable[[Delivery, Chat, datetime], Message]] = {
    "notice": _notice,
    "digest": render_digest,
    "chart": render_chart,
}


def resend_unsure(ports: Ports) -> int:
    """Arm deliveries of unknown outcome whose chats want them once more. Returns how many."""
    now = ports.now()
    due = ports.store.outbox.resendable(now)
    return sum(ports.store.outbox.rearm(item.key, not_before=now, now=now) for item in due)


def pace_of(ports: Ports) -> Pace:
    """The limits of the channels that have some, as the settings in force want them."""
    alerts = ports.rulebook().settings.alerts
    paced = {name: kind for name, kind in ports.channel_kinds.items() if kind.paced}

    def rest_s(chat_id: str) -> float:
        channel, _, address = chat_id.partition(":")
        kind = paced.get(channel)
        if kind is None:
            return 0.0
        if kind.is_group(address):
            return 60.0 / alerts.per_group_per_minute
        return 1.0 / alerts.per_chat_per_second

    return Pace(per_second=dict.fromkeys(paced, alerts.per_second), rest_s=rest_s)


def _write(delivery: Delivery, receipt: Receipt, chat: Chat, ports: Ports, *, asked: bool) -> None:
    now, alerts = ports.now(), ports.rulebook().settings.alerts
    kind = ports.channel_kinds.get(chat.channel)
    # A paced channel is one server; the others reach many, and one that fails says nothing of the rest.
    counts = asked and kind is not None and kind.paced
    failures = ports.store.outbox.failures(chat.channel) if counts and not isinstance(receipt, Sent) else 0
    decision = after_receipt(delivery, receipt, chat, alerts, now, failures=failures)
    pause_s = pace_of(ports).rest_s(chat.id) if asked else 0.0
    paced = now + timedelta(seconds=pause_s) if pause_s else None
    decision = dataclasses.replace(
        decision,
        passed=decision.passed if counts else None,
        chat_rest_until=max(filter(None, (decision.chat_rest_until, paced)), default=None),
    )
    after = decision.delivery
    if not ports.store.outbox.finish(decision, now=now):
        log.warning("delivery finished elsewhere", key=delivery.key)
        return
    log.info("delivery", key=delivery.key, kind=delivery.kind, state=after.state, error=after.error)
