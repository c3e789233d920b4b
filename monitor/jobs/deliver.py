"""deliver: one claimed delivery is rendered, sent, and finished by what the receipt says."""

from __future__ import annotations

import dataclasses
from collections.abc import Callable, Mapping
from datetime import datetime, timedelta

import structlog

from monitor.core.album import render_pictures
from monitor.core.chart import render_chart
from monitor.core.plan import alert_from_json
from monitor.core.render import render_alert, render_notice
from monitor.core.render_digest import render_digest
from monitor.core.render_revision import render_revision
from monitor.core.retry import Decision, after_receipt
from monitor.core.volume import Bundle, Hold, Send, Step, next_step
from monitor.errors import StoreError
from monitor.jobs.digests import composer
from monitor.model import Chat, Delivery, Message, Receipt, Refused, Sent, Unsure
from monitor.ports import Ports
from monitor.ports.outbox import Pace

log = structlog.get_logger(__name__)


def deliver(delivery: Delivery, ports: Ports, *, patience: Callable[[], bool] = lambda: False) -> None:
    """Send one delivery that this process claimed; its new state is committed before returning.

    Once it is out, what became of it is known here and nowhere else: while the store does not answer,
    ``patience`` is asked (it waits a moment and says whether to go on) and the writing tried again.
    Raises ``StoreError`` when patience ends; the next start then treats it as unsure.
    """
    decision = _attempt(delivery, ports)
    while decision is not None:
        try:
            _finish(decision, ports)
        except StoreError as error:
            log.error("the store does not take what became of a message", key=delivery.key, error=str(error))  # noqa: TRY400
            if not patience():
                raise
        else:
            return


def compose(delivery: Delivery, chat: Chat, ports: Ports) -> Message | None:
    """The message as it reads now; None for an edit of, or a reply to, an alert that was not sent, and for
    pictures that the chat does not want any more."""
    render = _SELF_CONTAINED.get(delivery.kind)
    if render is not None:
        return render(delivery, chat, ports.now())
    if delivery.kind == "revision":
        return _revision(delivery, chat, ports)
    if delivery.kind == "pictures":
        alert = ports.store.outbox.get(delivery.after_key or "")
        return render_pictures(delivery, chat, alert, ports.now())
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


def _attempt(delivery: Delivery, ports: Ports) -> Decision | None:
    """Hold, bundle or send; None when that is committed already. Raises nothing."""
    chat = Chat(id=delivery.chat_id, channel="", address="")
    try:
        chat = ports.store.chats.chat(delivery.chat_id) or chat
        channel = ports.channels.get(chat.channel)
        if channel is None:
            return _decide(
                delivery, Refused(reason=f"no channel can reach {chat.id}; see `monitor check`"), chat, ports
            )
        step = _step(delivery, chat, ports)
        if isinstance(step, Hold):
            return Decision(delivery=step.delivery)
        if isinstance(step, Bundle) and _bundled(delivery, chat, ports):
            return None
        message = compose(delivery, chat, ports)
    except StoreError as error:  # nothing went out yet
        return Decision(delivery=dataclasses.replace(delivery, state="pending", error=str(error)))
    except Exception as error:  # an odd row must not stop its chat for ever
        log.exception("a message cannot be made", key=delivery.key)
        reason = f"it cannot be made: {type(error).__name__}: {error}"
        return _decide(delivery, Refused(reason=reason), chat, ports)
    if message is None:
        return _unsaid(delivery, chat, ports)
    try:
        receipt = channel.send(chat, message)
    except Exception as error:  # channels raise nothing; a plugin that does may have sent it
        log.exception("a channel failed", channel=chat.channel)
        receipt = Unsure(reason=f"{type(error).__name__}: {error}")
    return _decide(delivery, receipt, chat, ports, asked=True)


def _unsaid(delivery: Delivery, chat: Chat, ports: Ports) -> Decision:
    """Nothing to change: the alert itself will say it, or it never went out; pictures are not wanted now."""
    if delivery.kind == "pictures":
        unwanted = "the chat does not want it any more"
        return Decision(delivery=dataclasses.replace(delivery, state="cancelled", error=unwanted))
    return _decide(delivery, Sent(message_id=""), chat, ports)


def _step(delivery: Delivery, chat: Chat, ports: Ports) -> Step:
    if delivery.kind != "alert":
        return Send()
    now = ports.now()
    backlog = ports.store.outbox.backlog(delivery, now)
    return next_step(delivery, chat, backlog, ports.rulebook().settings.alerts, now)


def _bundled(delivery: Delivery, chat: Chat, ports: Ports) -> bool:
    """Whether it is said by a digest now; an odd row among those that wait: each is said alone."""
    now = ports.now()
    try:
        ports.store.outbox.bundle(delivery, composer(chat, now), now)
    except StoreError:
        raise
    except Exception:
        log.exception("a digest cannot be made", chat=chat.id)
        return False
    log.info("alerts bundled", chat=chat.id, first=delivery.key)
    ports.wake()
    return True


def _revision(delivery: Delivery, chat: Chat, ports: Ports) -> Message | None:
    """The reply to an alert; None when that never went out."""
    told = ports.store.outbox.alert_of(delivery.chat_id, delivery.story_id or "")
    if told is None or not told.message_id:
        return None
    return dataclasses.replace(render_revision(delivery, chat, ports.now()), reply_to=told.message_id)


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


def _decide(
    delivery: Delivery, receipt: Receipt, chat: Chat, ports: Ports, *, asked: bool = False
) -> Decision:
    """What the receipt means; ``asked`` says that the channel was really asked."""
    now, alerts = ports.now(), ports.rulebook().settings.alerts
    kind = ports.channel_kinds.get(chat.channel)
    # A paced channel is one server; the others reach many, and one that fails says nothing of the rest.
    counts = asked and kind is not None and kind.paced
    failures = _failures(chat, ports) if counts and not isinstance(receipt, Sent) else 0
    decision = after_receipt(delivery, receipt, chat, alerts, now, failures=failures)
    pause_s = pace_of(ports).rest_s(chat.id) * delivery.messages if asked else 0.0
    paced = now + timedelta(seconds=pause_s) if pause_s else None
    return dataclasses.replace(
        decision,
        passed=decision.passed if counts else None,
        chat_rest_until=max(filter(None, (decision.chat_rest_until, paced)), default=None),
    )


def _failures(chat: Chat, ports: Ports) -> int:
    try:
        return ports.store.outbox.failures(chat.channel)
    except StoreError:
        return 0


def _finish(decision: Decision, ports: Ports) -> None:
    after = decision.delivery
    if not ports.store.outbox.finish(decision, now=ports.now()):
        log.warning("delivery finished elsewhere", key=after.key)
        return
    log.info("delivery", key=after.key, kind=after.kind, state=after.state, error=after.error)
