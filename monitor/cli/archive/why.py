"""``monitor why``: everything that happened to an article, also why it did not alert."""

from __future__ import annotations

import dataclasses
from collections.abc import Iterator, Mapping, Sequence
from datetime import datetime
from pathlib import Path
from typing import TYPE_CHECKING

import typer

from monitor.cli.archive.opened import opened
from monitor.cli.output import CONFIG_OPTION, JSON_OPTION, emit, examples, moment, say
from monitor.cli.pipeline.inputs import InputError

if TYPE_CHECKING:
    from monitor.core.rulebook import Rulebook
    from monitor.model import Article, Chat
    from monitor.ports import Store

NAME = "why"
MOST_REASONS = 3
_NOTES = {
    "recipe": "by the selectors of its source",
    "paywalled": "behind a paywall",
    "live": "a live page",
    "rulebook": "rules in force",
}
EXAMPLES = examples(
    "monitor why https://outlet.example/story",
    "monitor why https://outlet.example/story --chat telegram:-1001234567890",
    "monitor why 5f0c3b2e9a7d4c11 --json",
)


def command(
    article: str = typer.Argument(
        ..., metavar="URL|ID", help="An article's address, or its or its entry's id."
    ),
    chat: str = typer.Option(None, "--chat", help="Also why this chat heard of it, or did not."),
    config: Path = CONFIG_OPTION,
    *,
    json: bool = JSON_OPTION,
) -> None:
    """Everything that happened to an article: listed, read, placed, matched, told; and why not."""
    from monitor.app import utc_now
    from monitor.chores.why import explained

    with opened(config) as (store, rulebook):
        about = explained(article, store, rulebook, utc_now())
        if about.verdict.reason == "unwatchable":
            raise InputError(about.verdict.sentence)
        if about.found is None:
            raise InputError(
                f"{article}: no source has listed it. {about.verdict.sentence} `monitor sources list` shows "
                "what is watched and `monitor match FILE` what the topics would say of it"
            )
        misses = dict(_misses(about.article, rulebook)) if about.article else {}
        listener = _known_chat(chat, store) if chat else None
        verdicts = list(_heard(about.found, listener, about.article)) if listener else []
        if json:
            verdict = dataclasses.asdict(about.verdict)
            emit(
                {"id": about.name, **about.found, "near_misses": misses, "chat": verdicts, "verdict": verdict}
            )
            return
        for line in (*_told(about.found, misses, about.verdict.sentence), *verdicts):
            say(line)


def _told(found: Mapping[str, object], misses: Mapping[str, Sequence[str]], sentence: str) -> Iterator[str]:
    entry, article = _row(found["entry"]), _row(found["article"])
    yield str((article or entry).get("title") or (article or entry).get("url") or "")
    yield sentence
    if entry:
        yield f"listed   {_at(entry, 'seen_at')}  by {entry['source_id']}: {entry['url']}"
        if entry.get("late"):
            yield "         it was old when it was first seen, so it alerts nobody"
    job = _row(found["job"])
    if job:
        waits = f": {job['error']}" if job.get("error") else ""
        yield f"reading  is {job['state']}, begun {job['attempts']} times{waits}"
    for reading in _rows(found["readings"]):
        yield f"read     {_at(reading, 'at')}  {reading['verdict']}: {reading['reason']}"
        yield from _reading(_row(reading.get("trace")))
    placement = _row(found["placement"])
    if placement:
        copied = f", a copy of {placement['copy_of']}" if placement.get("copy_of") else ""
        yield f"placed   in story {placement['story_id']}{copied}"
    yield from _matches(found, misses)
    yield from _revisions(_rows(found["revisions"]))
    yield from _deliveries(_rows(found["deliveries"]), str(article.get("id") or ""))


def _reading(notes: Mapping[str, object]) -> Iterator[str]:
    """How a page was read, in words; decisions that were made before, and readings after."""
    if page := notes.get("page"):
        yield f"         only its headline and summary were looked at, not its page: {page}"
    elif notes.get("extracted_by"):
        yield f"         text by {notes['extracted_by']}, {notes.get('score')} sure (0 to 1)"
    for name, words in _NOTES.items():
        if value := notes.get(name):
            yield f"         {words}" + ("" if value is True else f": {value}")
    for before in _rows(notes.get("earlier")):
        yield f"         before   {_at(before, 'at')}  {before['verdict']}: {before['reason']}"
    again = _row(notes.get("read_again"))
    if again:
        yield f"         read again {_at(again, 'at')}: {again['reason']}"


def _revisions(rows: Sequence[Mapping[str, object]]) -> Iterator[str]:
    for row in rows:
        yield f"wording  {_at(row, 'seen_at')}  {row.get('title')}"
        changes = row.get("changes")
        for what, before, after in changes if isinstance(changes, list) else []:
            yield f"         {what}: {before} → {after}"


def _deliveries(deliveries: Sequence[Mapping[str, object]], article_id: str) -> Iterator[str]:
    """The article's own deliveries, then those that other articles of its story caused."""
    own = [row for row in deliveries if row.get("article_id") == article_id]
    others = [row for row in deliveries if row.get("article_id") != article_id]
    for row in own:
        yield _delivery(row)
    if not own:
        yield "told     nobody of this article"
    if others:
        yield "         its story, by other articles:"
    for row in others:
        yield f"         {_delivery(row)}, for {row.get('article_id') or 'the story'}"


def _delivery(row: Mapping[str, object]) -> str:
    problem = f" ({row['error']})" if row.get("error") else ""
    when = _at(row, "sent_at") if row.get("sent_at") else f"due {_at(row, 'not_before')}"
    return f"{row['kind']:<8} {when}  {row['chat_id']}: {row['state']}{problem}"


def _matches(found: Mapping[str, object], misses: Mapping[str, Sequence[str]]) -> Iterator[str]:
    rows = _rows(found["matches"])
    for row in rows:
        spans = row.get("spans")
        terms = {str(span[4]) for span in spans} if isinstance(spans, list) else set()
        by = ", ".join(sorted(terms))
        scale = f"prominence {row['score']} (0 to 1)"
        yield f"matched  {row['topic_id']} by {by}, {scale}, rulebook {row['rulebook']}"
    if not rows:
        yield "matched  no topic"
    for topic_id, reasons in misses.items():
        more = f"; and {len(reasons) - MOST_REASONS} more" if len(reasons) > MOST_REASONS else ""
        yield f"         not {topic_id}: {'; '.join(reasons[:MOST_REASONS])}{more}"


def _misses(article: Article, rulebook: Rulebook) -> Iterator[tuple[str, tuple[str, ...]]]:
    """Why the present topics that do not match it do not; topics that are far off are left out."""
    from monitor.core.match import match_text
    from monitor.core.message.explanation import near_misses

    text = match_text(article)
    matching = set(rulebook.matcher.matching(text))
    for topic in rulebook.matcher.topics:
        if topic.id not in matching:
            near = near_misses(rulebook.matcher.explain(topic.id, text))
            if near:
                yield topic.id, near


def _known_chat(chat_id: str, store: Store) -> Chat:
    chat = store.chats.chat(chat_id)
    if chat is None:
        known = ", ".join(item.id for item in store.chats.all()) or "none"
        raise InputError(f"there is no chat {chat_id}; the chats are: {known}")
    return chat


def _heard(found: Mapping[str, object], chat: Chat, article: Article | None) -> Iterator[str]:
    """What a chat has to do with it: state, wishes, mutes, and its deliveries."""
    from monitor.app import utc_now
    from monitor.core.delivery.preferences import is_muted, is_quiet, wanted

    now = utc_now()
    mine = [row for row in _rows(found["deliveries"]) if row["chat_id"] == chat.id]
    own_id = _row(found["article"]).get("id")
    for row in mine:
        what = "" if row.get("article_id") == own_id else " of its story (another article)"
        problem = f" ({row['error']})" if row.get("error") else ""
        yield f"{chat.id}: {row['kind']}{what} is {row['state']}{problem}"
    if chat.state != "active":
        yield f"{chat.id}: the chat is {chat.state}, so nothing is sent to it"
    for row in _rows(found["matches"]):
        topic_id = str(row["topic_id"])
        how = wanted(chat, topic_id)
        muted = ", muted" if is_muted(chat, "topic", topic_id, now) else ""
        yield f"{chat.id}: wants {topic_id} {how if isinstance(how, str) else how.every}{muted}"
    if article and is_muted(chat, "outlet", article.source_id, now):
        yield f"{chat.id}: has muted the outlet {article.source_id}"
    placement = _row(found["placement"])
    if placement and is_muted(chat, "story", str(placement["story_id"]), now):
        yield f"{chat.id}: has muted the story"
    if is_quiet(chat, now):
        yield f"{chat.id}: has quiet hours now"
    if not mine and not _rows(found["matches"]):
        yield f"{chat.id}: no topic matched, so there was nothing to say"


def _row(value: object) -> Mapping[str, object]:
    return value if isinstance(value, Mapping) else {}


def _rows(value: object) -> list[Mapping[str, object]]:
    return [row for row in value if isinstance(row, Mapping)] if isinstance(value, list | tuple) else []


def _at(row: Mapping[str, object], name: str) -> str:
    value = row.get(name)
    return moment(datetime.fromisoformat(value) if isinstance(value, str) else None, "at some time")
