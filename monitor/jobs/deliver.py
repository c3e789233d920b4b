"""deliver: one claimed delivery is rendered, sent, and finished by what the receipt says."""

from __future__ import annotations

import dataclasses
from collections.abc import Callable
from datetime import timedelta

import structlog

from monitor.core.delivery.kinds import MessageContext, traits, until_alert
from monitor.core.delivery.retry import Decision, after_receipt
from monitor.core.delivery.volume import Bundle, Hold, Send, Step, next_step
from monitor.core.message.present_wording import present_wording
from monitor.core.rulebook import with_options
from monitor.errors import StoreError, StoreUnavailable
from monitor.jobs.digests import composer
from monitor.jobs.undecided import SAME_MINUTE
from monitor.logs import with_ids
from monitor.model import Alert, Chat, Closed, Delivery, Message, Receipt, Refused, Sent, Skipped, Unsure
from monitor.ports import Ports
from monitor.ports.outbox import SendRates

log = structlog.get_logger(__name__)


@with_ids
def deliver(delivery: Delivery, ports: Ports, *, patience: Callable[[], bool] = lambda: False) -> None:
    """Send one delivery that this process claimed; its new state is committed before returning.

    Once it is out, what became of it is known here and nowhere else: while the store does not answer,
    ``patience`` is asked (it waits a moment and says whether to go on) and the writing tried again.
    Raises ``StoreUnavailable`` when patience ends; the next start then treats it as unsure. Of an outcome
    that can never be written the delivery's own state is tried alone; raises ``StoreError`` when that cannot
    be either.
    """
    decision = _attempt(delivery, ports)
    if decision is None:
        return
    try:
        _write(decision, ports, patience)
    except StoreUnavailable:
        raise
    except StoreError:
        log.exception("what became of a message cannot be written", key=delivery.key)
        _write(Decision(delivery=decision.delivery), ports, patience)


def _write(decision: Decision, ports: Ports, patience: Callable[[], bool]) -> None:
    while True:
        try:
            _finish(decision, ports)
        except StoreUnavailable as error:
            key = decision.delivery.key
            log.error("the store does not take what became of a message", key=key, error=str(error))  # noqa: TRY400
            if not patience():
                raise
        else:
            return


def compose(delivery: Delivery, chat: Chat, ports: Ports) -> Message | None:
    """The message as it reads now; None for an edit of an alert that was not sent as a message of its own,
    for a reply to one that was not sent at all, and for pictures that the chat does not want any more."""
    return _compose(delivery, chat, _reference(delivery, ports), ports)


def _compose(delivery: Delivery, chat: Chat, about: MessageContext, ports: Ports) -> Message | None:
    kind, articles = traits(delivery), ports.store.articles
    if kind.shows_story and delivery.story_id:
        about = dataclasses.replace(about, story=articles.story(delivery.story_id))
        delivery = _in_present_words(delivery, ports)
    return kind.compose(delivery, chat, about, ports.now())


def _reference(delivery: Delivery, ports: Ports) -> MessageContext:
    """The alert that it refers to, and the message that says it: its own, or that of a digest."""
    kind, outbox = traits(delivery), ports.store.outbox
    if kind.refers_to == "nothing":
        return MessageContext()
    if kind.refers_to == "former":
        alert = outbox.get(delivery.after_key or "")
    else:
        alert = outbox.alert_of(delivery.chat_id, delivery.story_id or "")
    digest = outbox.get(alert.bundle) if alert is not None and alert.bundle else None
    return MessageContext(alert=alert, digest=digest)


def _in_present_words(delivery: Delivery, ports: Ports) -> Delivery:
    """What was corrected since it was planned is told as it stands now."""
    if not isinstance(delivery.payload, Alert):
        return delivery
    article = ports.store.articles.article(delivery.payload.article_id)
    if article is None:
        return delivery
    words = present_wording(delivery.payload, article)
    # Its story may have become one with another since, or have been parted from one.
    words = dataclasses.replace(words, story_id=delivery.story_id or words.story_id)
    return dataclasses.replace(delivery, payload=words)


def _attempt(delivery: Delivery, ports: Ports) -> Decision | None:
    """Hold, bundle or send; None when that is committed already. Raises nothing."""
    chat = Chat(id=delivery.chat_id, channel="", address="")
    try:
        chat = with_options(ports.store.chats.chat(delivery.chat_id) or chat, ports.rulebook())
        channel = ports.channels.get(chat.channel)
        if channel is None:
            return _decide(
                delivery, Closed(reason=f"no channel can reach {chat.id}; see `monitor check`"), chat, ports
            )
        step = _step(delivery, chat, ports)
        if isinstance(step, Hold):
            return Decision(delivery=step.delivery, says=step.says)
        if isinstance(step, Bundle) and _bundled(delivery, chat, ports):
            return None
        about = _reference(delivery, ports)
        waits = until_alert(delivery, about, chat, ports.now())
        if waits is not None:
            return Decision(delivery=waits)
        message = _compose(delivery, chat, about, ports)
    except StoreUnavailable as error:  # nothing went out yet
        return Decision(delivery=dataclasses.replace(delivery, state="pending", error=str(error)))
    except Exception as error:  # an odd row must not stop its chat for ever
        log.exception("a message cannot be made", key=delivery.key)
        reason = f"it cannot be made: {type(error).__name__}: {error}"
        return _decide(delivery, Refused(reason=reason), chat, ports)
    if message is None:
        return _decide(delivery, Skipped(reason=traits(delivery).unsaid), chat, ports)
    try:
        receipt = channel.send(chat, message)
    except Exception as error:  # channels raise nothing; a plugin that does may have sent it
        log.exception("a channel failed", channel=chat.channel)
        receipt = Unsure(reason=f"{type(error).__name__}: {error}")
    _log(delivery, chat, message, receipt)
    return _decide(delivery, receipt, chat, ports, asked=True)


def _log(delivery: Delivery, chat: Chat, message: Message, receipt: Receipt) -> None:
    """One line for what went out, or did not."""
    said: dict[str, object] = {
        "key": delivery.key,
        "kind": delivery.kind,
        "chat": chat.id,
        "headline": message.subject,
    }
    if isinstance(delivery.payload, Alert):
        said |= {"headline": delivery.payload.headline, "source": delivery.payload.outlet}
    if isinstance(receipt, Sent):
        log.info("sent", **said)
    elif isinstance(receipt, Skipped):  # a chat that cannot be told this, as ever
        log.debug("nothing to send", **said, reason=receipt.reason)
    else:
        reason = str(getattr(receipt, "reason", ""))
        log.warning("not sent", **said, outcome=type(receipt).__name__.lower(), reason=reason)


def _step(delivery: Delivery, chat: Chat, ports: Ports) -> Step:
    if not traits(delivery).counts_towards_budget:
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


def settle(ports: Ports) -> int:
    """Send the alerts that waited for other pages of the same minute as soon as all of these are read.

    Returns how many.
    """
    outbox, now = ports.store.outbox, ports.now()
    if not outbox.settling(now) or ports.store.jobs.more_to_read(now - SAME_MINUTE, now, besides=0):
        return 0
    return outbox.settle(now)


def resend_unsure(ports: Ports) -> int:
    """Arm deliveries of unknown outcome whose chats want them once more. Returns how many."""
    now = ports.now()
    due = ports.store.outbox.resendable(now)
    return sum(ports.store.outbox.rearm(item.key, not_before=now, now=now) for item in due)


def pace_of(ports: Ports) -> SendRates:
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

    return SendRates(per_second=dict.fromkeys(paced, alerts.per_second), rest_s=rest_s)


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
    log.debug("delivery", key=after.key, kind=after.kind, state=after.state, error=after.error)
