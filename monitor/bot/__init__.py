"""The bot that people talk to in Telegram: topics, subscriptions, the latest articles, status."""

from pathlib import Path

from monitor.bot.additions import SourceAdditions
from monitor.bot.telegram.polling import Bot
from monitor.ports import Ports

__all__ = ["Bot", "attach"]


def attach(ports: Ports, folder: Path | None = None) -> Bot | None:
    """The bot of a service, or None when its settings hold no token. Editors may add sources to the config
    ``folder`` where it is named."""
    settings = ports.rulebook().settings.telegram
    if not settings.token:
        return None
    adds = None
    if folder is not None:
        adds = SourceAdditions(folder, fetch=ports.fetch, rulebook=ports.rulebook, now=ports.now)
    return Bot(
        store=ports.store,
        rulebook=ports.rulebook,
        now=ports.now,
        settings=settings,
        refresh=ports.refresh,
        additions=adds,
    )
