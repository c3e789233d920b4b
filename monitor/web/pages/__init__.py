"""One module a page: what it shows (a model, the same for HTML and JSON), its routes, what it does."""

from monitor.web.pages import (
    account,
    additions,
    articles,
    backtests,
    chats,
    feeds,
    health,
    now,
    outbox,
    review,
    search,
    sources,
    stories,
    topics,
    why,
)

_PAGES = (
    health,
    account,
    now,
    why,
    backtests,  # before topics: its paths would be taken for ids
    topics,
    additions,  # before sources, for the same reason
    sources,
    stories,
    articles,
    search,
    outbox,
    chats,
    review,
    feeds,
)
ROUTERS = tuple(router for module in _PAGES for router in module.ROUTERS)
"""Every route of the desk."""
