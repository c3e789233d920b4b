"""The bot that people talk to in Telegram: topics, subscriptions, the latest articles, status."""

from monitor.bot.telegram.polling import Bot
from monitor.ports import Ports

__all__ = ["Bot", "attach"]


def attach(ports: Ports) -> Bot | None:
    """The bot of a service, or None when its settings hold no token."""
    settings = ports.rulebook().settings.telegram
    if not settings.token:
        return None
    return Bot(
        store=ports.store, rulebook=ports.rulebook, now=ports.now, settings=settings, refresh=ports.refresh
    )
