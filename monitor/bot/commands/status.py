"""/status: the store's counts, the rulebook in force, how the watching goes."""

from __future__ import annotations

from collections.abc import Iterator, Mapping

from markupsafe import Markup

from monitor.bot.request import Context, Reply, known_chat
from monitor.bot.views import pack
from monitor.core.delivery.report import WEEK, Watching, watching_text
from monitor.core.rulebook import Rulebook, source_names
from monitor.i18n.localizer import Localizer, note

_NAMES = {
    "sources": note("sources"),
    "jobs": note("jobs"),
    "deliveries": note("deliveries"),
    "chats": note("chats"),
    "entries": note("entries"),
    "articles": note("articles"),
    "stories": note("stories"),
    "matches": note("matches"),
    "service": note("service"),
}
_STATES = {
    "fresh": note("fresh"),
    "late": note("late"),
    "failing": note("failing"),
    "stale": note("stale"),
    "quarantined": note("quarantined"),
    "pending": note("pending"),
    "running": note("running"),
    "sending": note("sending"),
    "sent": note("sent"),
    "unsure": note("unsure"),
    "dead": note("dead"),
    "cancelled": note("cancelled"),
    "collected": note("collected"),
    "bundled": note("bundled"),
    "trial": note("on trial"),
    "trusted": note("trusted"),
    "dropped": note("dropped"),
    "active": note("active"),
    "paused": note("paused"),
}


def status(context: Context) -> Reply:
    """How the service is doing."""
    said, store, counts = context.localizer, context.store, context.store.admin.status()
    watching = Watching(
        status=counts,
        states=store.sources.states(),
        gaps=store.sources.gaps(context.now - WEEK),
        names=source_names(context.rulebook),
    )
    how = watching_text(watching, known_chat(context), context.now)
    lines = [*_lines(counts, context.rulebook, said), "", str(Markup.escape(how))]
    return Reply(html=pack(lines, said))


def _lines(counts: Mapping[str, object], rulebook: Rulebook, tr: Localizer) -> Iterator[str]:
    """The rulebook in force, and the counts, one line each."""
    yield tr.say(
        "<b>rulebook</b> {revision}: topics {topics}, sources {sources}, watches {watches}",
        revision=rulebook.revision[:12],
        topics=len(rulebook.topics),
        sources=len(rulebook.sources),
        watches=len(rulebook.watches),
    )
    for name, value in counts.items():
        if name not in _NAMES:
            continue  # the program's own bookkeeping: `monitor status --verbose`
        if isinstance(value, Mapping):
            parts = (
                f"{tr.plain(_STATES.get(str(state), str(state)))} {part}" for state, part in value.items()
            )
            told = ", ".join(parts) or tr.plain("none")
        else:
            told = tr.plain("none") if value is None else str(value)
        yield Markup("<b>{}</b> {}").format(tr.plain(_NAMES[name]), told)
