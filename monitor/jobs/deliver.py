"""deliver: one claimed delivery is rendered, sent, and finished by what the receipt says."""

from __future__ import annotations

from dataclasses import replace
from datetime import datetime, timedelta

import structlog

from monitor.core.plan import alert_from_json
from monitor.core.render import render_alert, render_notice
from monitor.core.retry import Decision, after_receipt, may_resend
from monitor.model import Chat, Delivery, Message, Receipt, Refused, Sent
from monitor.ports import Ports

log = structlog.get_logger(__name__)


def deliver(delivery: Delivery, ports: Ports) -> None:
    """Send one delivery that this process claimed; its new state is committed before returning."""
    chat = ports.store.chats.chat(delivery.chat_id)
    channel = ports.channels.get(chat.channel) if chat else None
    receipt: Receipt
    if chat is None or channel is None:
        receipt = Refused(reason=f"no channel can reach {delivery.chat_id}; see `monitor check`")
    else:
        message = compose(delivery, chat, ports)
        # Nothing to change: the alert itself will say it, or it never went out.
        receipt = channel.send(chat, message) if message else Sent(message_id="")
    known = chat or Chat(id=delivery.chat_id, channel="", address="")
    alerts = ports.rulebook().settings.alerts
    _write(after_receipt(delivery, receipt, known, alerts, ports.now()), delivery, chat, ports)


def compose(delivery: Delivery, chat: Chat, ports: Ports) -> Message | None:
    """The message as it reads now; None for an edit of, or a reply to, an alert that was not sent."""
    if delivery.kind == "notice":
        return render_notice(str(delivery.payload["text"]), delivery)
    story = ports.store.articles.story(delivery.story_id) if delivery.story_id else None
    alert = alert_from_json(delivery.payload)
    message = render_alert(alert, chat, delivery=delivery, story=story, now=ports.now())
    if delivery.kind not in {"edit", "reply"}:
        return message
    told = ports.store.outbox.alert_of(delivery.chat_id, delivery.story_id or "")
    if told is None or not told.message_id:
        return None
    if delivery.kind == "reply":
        return replace(message, reply_to=told.message_id)
    return replace(message, edit_of=told.message_id)


def resend_unsure(ports: Ports) -> int:
    """Arm deliveries of unknown outcome whose chats want them once more. Returns how many."""
    armed = 0
    for delivery in ports.store.outbox.list(states=("unsure",), limit=500):
        chat = ports.store.chats.chat(delivery.chat_id)
        if chat and may_resend(delivery, chat, ports.now()):
            armed += ports.store.outbox.rearm(delivery.key, not_before=ports.now(), now=ports.now())
    return armed


def _write(decision: Decision, delivery: Delivery, chat: Chat | None, ports: Ports) -> None:
    now, after = ports.now(), decision.delivery
    rest = max(filter(None, (decision.chat_rest_until, _pace(chat, ports, now))), default=None)
    if not ports.store.outbox.finish(after, chat_rest_until=rest, now=now):
        log.warning("delivery finished elsewhere", key=delivery.key)
        return
    if chat and decision.channel_rest_until:
        ports.store.outbox.rest(chat.channel, decision.channel_rest_until)
    if chat and decision.move_to:
        ports.store.chats.move(chat.id, f"{chat.channel}:{decision.move_to}", now)
    if decision.pause:
        ports.store.chats.pause(delivery.chat_id, decision.pause, now)
    log.info("delivery", key=delivery.key, kind=delivery.kind, state=after.state, error=after.error)


def _pace(chat: Chat | None, ports: Ports, now: datetime) -> datetime | None:
    """When the chat may be written to again, by the limits of its channel."""
    kind = ports.channel_kinds.get(chat.channel) if chat else None
    if chat is None or kind is None or not kind.paced:
        return None
    alerts = ports.rulebook().settings.alerts
    if kind.is_group(chat.address):
        return now + timedelta(seconds=60 / alerts.per_group_per_minute)
    return now + timedelta(seconds=1 / alerts.per_chat_per_second)
