"""/watch: a topic of one's own. Validated at once, tried on the archive, then confirmed."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, replace
from datetime import timedelta
from html import escape

from markupsafe import Markup

from monitor.bot.effects import AddDraft, AddWatch, RemoveWatch, TakeDraft
from monitor.bot.lookup import by_token
from monitor.bot.request import Context, Reply, fresh_draft, known_chat, opened
from monitor.bot.views import article_lines, button, pack, short
from monitor.core.delivery.preferences import WATCH_PREFIX
from monitor.core.match import match_text
from monitor.core.message.callback import token
from monitor.core.query.syntax.lint import check
from monitor.core.rulebook import alone, watch_topic
from monitor.errors import QueryError
from monitor.i18n.localizer import Localizer
from monitor.model import Article, Button, Watch

# Who administers a group anonymously asks without a number and presses with one.
ANONYMOUS = 0
MOST_WATCHES = 20
MOST_CHARACTERS = 500
PREVIEW_DAYS = 7
PREVIEW_S = 3.0
SAMPLES = 3
FLOOD_A_DAY = 20


@dataclass(frozen=True, slots=True, kw_only=True)
class Preview:
    """What a query would have matched. ``whole`` is False when time ran out before the end."""

    matched: int
    looked_at: int
    samples: tuple[Article, ...]
    whole: bool


def watch(context: Context) -> Reply:
    """Without a query: what there is. With one: its mistakes, or what it would have matched."""
    said, query = context.localizer, context.request.argument.strip()
    if not query:
        return watches(context)
    if len(context.store.watches.of_chat(context.request.chat_id)) >= MOST_WATCHES:
        return Reply(
            html=said.many(
                "A chat can have {count} topic of its own. /watch without a query lists them.",
                "A chat can have {count} topics of its own. /watch without a query lists them.",
                MOST_WATCHES,
            )
        )
    if len(query) > MOST_CHARACTERS:
        return Reply(
            html=said.say("The query is too long: at most {count} characters.", count=MOST_CHARACTERS)
        )
    made = Watch(id="", chat_id=context.request.chat_id, query=query, title=short(query, 60))
    try:
        lints = _lints(query, context, said)
        found = preview(made, context)
    except QueryError as error:
        return Reply(html=complaint(query, error, said))
    draft = fresh_draft(context, "watch", query)
    lines = [f"👁 <code>{escape(query)}</code>", *_found_lines(found, context, said), *lints]
    buttons = (
        (
            Button(text=said.plain("✔ Watch it"), action=f"w+:{draft.id}"),
            Button(text=said.plain("✖ Leave it"), action=f"x:{draft.id}"),
        ),
    )
    return Reply(html=pack(lines, said), buttons=buttons, changes=(AddDraft(draft=draft),))


def watches(context: Context) -> Reply:
    """The chat's own topics, each with a button that deletes it."""
    return watches_page(context, context.store.watches.of_chat(context.request.chat_id))


def watches_page(context: Context, mine: Sequence[Watch], *, edit: bool = False) -> Reply:
    """As ``watches``, for these."""
    said = context.localizer
    how = said.say(
        '<code>/watch potash AND (ban OR "export licence")</code> makes a topic of your own: words in any '
        'form, AND, OR, NOT, "phrases", NEAR/5, star*.'
    )
    if not mine:
        return Reply(html=said.say("You have no topics of your own.") + "\n\n" + how, edit=edit)
    lines = [f"👁 <code>{escape(item.query)}</code>" for item in mine]
    rows = tuple((button(f"🗑 {item.title}", f"w-:{token(item.id)}"),) for item in mine)
    head = said.say("Your own topics:")
    return Reply(html=pack([head, *lines, "", how], said), buttons=rows, edit=edit)


def offered(context: Context, draft_id: str) -> Reply:
    """The pressed 👁 under a search: the same words as for /watch."""
    draft = context.store.people.draft(draft_id, context.now)
    if draft is None or draft.kind != "watch" or draft.chat_id != context.request.chat_id:
        return Reply(toast=context.localizer.plain("This offer has ended. Write /watch again."), popup=True)
    return watch(replace(context, request=replace(context.request, argument=draft.about)))


def confirmed(context: Context, draft_id: str) -> Reply:
    """The pressed ✔ of a preview. Only the first press by the one who asked makes the watch."""
    said = context.localizer
    draft = context.store.people.draft(draft_id, context.now)
    if draft is None or draft.kind != "watch" or draft.chat_id != context.request.chat_id:
        return Reply(toast=said.plain("This offer has ended. Write /watch again."), popup=True)
    if draft.user_id not in {ANONYMOUS, context.request.user_id}:
        return Reply(toast=said.plain("Only the person who asked can answer this."), popup=True)
    query = draft.about
    made = Watch(
        id=f"{WATCH_PREFIX}{draft_id}",
        chat_id=context.request.chat_id,
        query=query,
        title=short(query, 60),
        made_at=context.now,
    )
    text = said.say(
        "Watching {query}: alerts come here from now on. /watch lists and deletes.", query=_code(query)
    )
    return Reply(
        html=text,
        changes=(TakeDraft(draft_id=draft_id), *opened(context), AddWatch(watch=made)),
        edit=True,
    )


def dropped(context: Context, draft_id: str) -> Reply:
    """The pressed ✖ of a preview or question."""
    draft = context.store.people.draft(draft_id, context.now)
    if (
        draft is None
        or draft.chat_id != context.request.chat_id
        or draft.user_id not in {ANONYMOUS, context.request.user_id}
    ):
        return Reply()
    text = context.localizer.say("Nothing was changed.")
    return Reply(html=text, changes=(TakeDraft(draft_id=draft_id),), edit=True)


def removed(context: Context, name: str) -> Reply:
    """A pressed 🗑."""
    said = context.localizer
    mine = context.store.watches.of_chat(context.request.chat_id)
    gone = by_token(name, [item.id for item in mine])
    chosen = next((item for item in mine if item.id == gone), None)
    if chosen is None:
        return Reply(toast=said.plain("This topic is gone."))
    left = watches_page(context, [item for item in mine if item.id != gone], edit=True)
    return Reply(
        html=left.html,
        buttons=left.buttons,
        edit=True,
        changes=(RemoveWatch(watch=chosen),),
        toast=said.plain("No more of {topic}.", topic=chosen.title),
    )


def preview(made: Watch, context: Context) -> Preview:
    """Try a watch on the last days of the archive, as long as a person likes to wait.

    Raises QueryError when the query cannot be read.
    """
    matcher = alone(watch_topic(made), context.rulebook)
    matched = looked_at = 0
    newest: list[str] = []

    def shown() -> tuple[Article, ...]:
        found = map(context.store.articles.article, newest)
        return tuple(article for article in found if article is not None)

    for article in context.store.articles.since(context.now - timedelta(days=PREVIEW_DAYS)):
        # A handful is always looked at: the dictionaries alone may have taken their time.
        if looked_at and looked_at % 50 == 0 and context.spent_s() > PREVIEW_S:
            return Preview(matched=matched, looked_at=looked_at, samples=shown(), whole=False)
        looked_at += 1
        if matcher.matching(match_text(article)):
            matched += 1
            newest = [article.id, *newest][:SAMPLES]
    return Preview(matched=matched, looked_at=looked_at, samples=shown(), whole=True)


def complaint(query: str, error: QueryError, tr: Localizer) -> str:
    """The line of the query with a caret under the place, what is wrong there, and the mend."""
    lines = query.splitlines() or [""]
    line = lines[min(error.line, len(lines)) - 1]
    start = max(0, error.column - 1 - 30)
    piece = line[start : start + 60]
    caret = " " * (error.column - 1 - start) + "^"
    shown = Markup("<pre>{}\n{}</pre>").format(piece, caret)
    hint = Markup("\n💡 {}").format(tr.told(error.hint)) if error.hint else ""
    head = tr.say("I cannot read this query, at character {column}:", column=error.column)
    return f"{head}\n{shown}\n{escape(tr.told(error.message))}{hint}"


def _lints(query: str, context: Context, tr: Localizer) -> list[str]:
    shared = context.rulebook.matcher.book.shared
    found = check(query, lists=shared.lists, people=shared.people, orgs=shared.orgs)
    return [
        f"⚠ {escape(tr.told(lint.message))}" + (f" – {escape(tr.told(lint.hint))}" if lint.hint else "")
        for lint in found[:3]
    ]


def _found_lines(found: Preview, context: Context, tr: Localizer) -> list[str]:
    if not found.looked_at:
        return [tr.say("The archive is still empty, so it cannot be tried on anything.")]
    lines = [
        str(
            tr.many(
                "It would have matched {count} article in the last 7 days.",
                "It would have matched {count} articles in the last 7 days.",
                found.matched,
            )
        )
    ]
    if not found.whole:
        lines.append(
            tr.many("({count} article looked at.)", "({count} articles looked at.)", found.looked_at)
        )
    if found.matched > FLOOD_A_DAY * PREVIEW_DAYS:
        lines.append("⚠ " + tr.say("That is a lot: narrow it, or collect it with /digest."))
    timezone = known_chat(context).timezone
    return [*lines, *article_lines(found.samples, tr, timezone=timezone, now=context.now)]


def _code(text: str) -> Markup:
    return Markup("<code>{}</code>").format(text)
