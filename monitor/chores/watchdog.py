"""Tells operators, straight through their channels, that the service stands still.

An ordinary notice goes through the store, which may be what does not answer. So this thread asks nobody: it
looks at what others noted in memory (``Pulse``), and sends without writing down. A message may come twice.
"""

from __future__ import annotations

import threading
import time
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass, field
from typing import Final

import structlog

from monitor.chores.pulse import Pulse
from monitor.chores.uptime import overdue_sources
from monitor.core.delivery.plan import delivery_key
from monitor.core.message.alert import render_notice
from monitor.core.rulebook import with_options
from monitor.core.watchdog import (
    STORE_SILENT_S,
    asked_again_text,
    overdue_text,
    store_back_text,
    store_damaged_text,
    store_silent_text,
)
from monitor.i18n.lazy import LazyText
from monitor.i18n.localizer import localizer
from monitor.model import Chat, Delivery, NoticeText, Sent
from monitor.ports import Ports

LOOK_S: Final = 5.0
RETRY_S: Final = 30.0
PAUSED_S: Final = 20.0
"""A thread that comes so much later than it should was stopped together with its process."""

log = structlog.get_logger(__name__)


def note_overdue(ports: Ports, pulse: Pulse) -> None:
    """Note which sources wait too long, and whom the watchdog would tell."""
    since = ports.store.admin.service_since() or ports.now()
    late = overdue_sources(ports.store, ports.rulebook(), now=ports.now(), since=since)
    chats = [chat for chat in ports.store.chats.all() if chat.operator and chat.state == "active"]
    pulse.looked(overdue=[source.name for source in late], operators=chats)


@dataclass(slots=True)
class _Alarm:
    """One trouble, from its beginning to its end. ``untold`` are chats that have not heard ``text`` yet."""

    since: float | None = None
    text: LazyText | None = None
    untold: dict[str, Chat] = field(default_factory=dict)
    retry_at: float = 0.0


class OperatorAlarm:
    """A thread of its own from ``start`` to ``stop``."""

    def __init__(
        self,
        ports: Ports,
        pulse: Pulse,
        *,
        silent_after_s: float = STORE_SILENT_S,
        look_s: float = LOOK_S,
        steady: Callable[[], float] = time.monotonic,
    ) -> None:
        self._ports = ports
        self._pulse = pulse
        self._silent_after_s = silent_after_s
        self._look_s = look_s
        self._steady = steady
        self._alarms: Mapping[str, _Alarm] = {
            "store": _Alarm(),
            "damage": _Alarm(),
            "sources": _Alarm(),
        }
        self._looked_at: float | None = None
        self._awake_since = float("-inf")
        self._stop = threading.Event()
        self._thread = threading.Thread(target=self._run, name="watchdog", daemon=True)

    def start(self) -> None:
        """Begin to look."""
        self._thread.start()

    def stop(self) -> None:
        """Look no more."""
        self._stop.set()

    def _run(self) -> None:
        while not self._stop.wait(self._look_s):
            try:
                self.look()
            except Exception:  # whatever it was: somebody must go on looking
                log.exception("the watchdog stumbled")

    def look(self) -> None:
        """Look once, and tell what began or ended."""
        late, silent = self._pulse.overdue, self._silent_s() > self._silent_after_s
        damage = self._pulse.damage
        if damage:  # it stands until the service ends: there is no word of its end
            self._set("damage", store_damaged_text(damage), store_back_text())
        else:
            self._set("store", store_silent_text() if silent else None, store_back_text())
        if not silent:  # without the store nobody knows
            self._set("sources", overdue_text(late) if late else None, asked_again_text())
        for name, alarm in self._alarms.items():
            self._tell(name, alarm)

    def _silent_s(self) -> float:
        """How long the store took nothing while this process ran: one that was paused (a machine, a
        container) asked nobody meanwhile."""
        now = self._steady()
        if self._looked_at is not None and now - self._looked_at > self._look_s + PAUSED_S:
            self._awake_since = now
        self._looked_at = now
        return min(self._pulse.silent_s, now - self._awake_since)

    def _set(self, name: str, text: LazyText | None, over: LazyText) -> None:
        """Begin or end an alarm; one that lasts is told once."""
        alarm, now = self._alarms[name], self._steady()
        if (text is None) == (alarm.since is None):
            return
        alarm.since = None if text is None else now
        alarm.text = over if text is None else text
        alarm.untold = {chat.id: chat for chat in self._operators()}
        alarm.retry_at = now
        log.error("watchdog", what=name, text=str(alarm.text))

    def _operators(self) -> Sequence[Chat]:
        """As the store last knew them; those of the config where it never answered."""
        configured = self._ports.rulebook().chats.values()
        return self._pulse.operators or [chat for chat in configured if chat.operator]

    def _tell(self, name: str, alarm: _Alarm) -> None:
        now = self._steady()
        if alarm.text is None or now < alarm.retry_at:
            return
        for chat in list(alarm.untold.values()):
            if self._sent(name, alarm.text, chat):
                del alarm.untold[chat.id]
        alarm.retry_at = now + RETRY_S

    def _sent(self, name: str, text: LazyText, chat: Chat) -> bool:
        channel, now = self._ports.channels.get(chat.channel), self._ports.now()
        if channel is None:
            return True
        notice = NoticeText(text=localizer(chat.language).told(text, chat.timezone, now))
        delivery = Delivery(
            key=delivery_key(chat.id, "watchdog", name, now.isoformat()),
            chat_id=chat.id,
            kind="notice",
            payload=notice,
            created_at=now,
            not_before=now,
        )
        try:
            receipt = channel.send(
                with_options(chat, self._ports.rulebook()), render_notice(notice, delivery, chat)
            )
        except Exception:  # channels raise nothing; a plugin may
            log.exception("a channel failed", channel=chat.channel)
            return False
        return isinstance(receipt, Sent)
