"""One module a page: what it shows (a model, the same for HTML and JSON), its routes, what it does."""

from monitor.web.pages import account, articles, chats, health, now, outbox, search, sources, stories, why

_PAGES = (health, account, now, why, sources, stories, articles, search, outbox, chats)
ROUTERS = tuple(router for module in _PAGES for router in module.ROUTERS)
"""Every route of the desk."""
