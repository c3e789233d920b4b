"""Topics: the list, and one topic to edit: lints while typing, hits, backtest, diff, save, history, undo."""

from __future__ import annotations

import re
import secrets
from collections.abc import Mapping
from dataclasses import dataclass
from datetime import datetime, timedelta
from pathlib import Path
from typing import Annotated

from fastapi import APIRouter, HTTPException, Query, Request
from pydantic import BaseModel, Field
from starlette.responses import HTMLResponse, Response

from monitor.config.edit import file_of, former_record, put_checked, topic_versions
from monitor.core.delivery.preferences import wanted
from monitor.core.query import check, pointer
from monitor.core.query.engine.matcher import Matcher
from monitor.core.rulebook import alone
from monitor.core.search import pick
from monitor.errors import ConfigError, QueryError
from monitor.model import MatchText, Topic, TopicEdit
from monitor.web.desk import Desk, Editor, TheDesk, gone_to
from monitor.web.forms import FormFields
from monitor.web.identity import Visitor
from monitor.web.pages.search import Hit, hit

page = APIRouter(include_in_schema=False)
api = APIRouter(prefix="/api/v1", tags=["topics"])
ROUTERS = (page, api)

MOST_HITS, MOST_CANDIDATES, MOST_VERSIONS = 20, 1_000, 200
WEEK, MARKS_SINCE = timedelta(days=7), timedelta(days=90)
MOST_MARKS = 200
_RESERVED = frozenset({"new", "lint", "backtest", "backtests"})
"""Paths of the desk's own below /topics."""
_ID = re.compile(r"[a-z0-9][a-z0-9_-]{0,63}")


class TopicRow(BaseModel):
    """A topic as the list shows it. ``articles`` matched it within seven days."""

    id: str
    title: str
    query: str
    languages: list[str]
    enabled: bool
    articles: int
    chats: int


class TopicsView(BaseModel):
    """Every topic of the operator; those of subscribers are their own."""

    topics: list[TopicRow]


class TopicDraft(BaseModel):
    """A topic as somebody is writing it. ``must_match`` and ``must_not_match`` are lines to add."""

    id: str = Field("", max_length=64)
    title: str = Field("", max_length=200)
    query: str = Field("", max_length=20_000)
    languages: list[str] = Field([], max_length=30)
    enabled: bool = True
    must_match: list[str] = Field([], max_length=50)
    must_not_match: list[str] = Field([], max_length=50)
    reason: str = Field("", max_length=500)


class LintShown(BaseModel):
    """Something wrong (``error``) or doubtful in a query, with its place and what to do."""

    level: str
    line: int
    column: int
    message: str
    hint: str
    pointer: str


class LintView(BaseModel):
    """What can be said of a draft while it is typed: lints, examples that fail, its newest hits."""

    valid: bool
    lints: list[LintShown]
    failing: list[str]
    hits: list[Hit]
    whole: bool


class MarkShown(BaseModel):
    """An alert that somebody found not relevant; ``matches``: the topic still matches its headline."""

    at: datetime
    headline: str
    reason: str
    article: str
    matches: bool


class ExampleQuery(BaseModel):
    """Lines to begin with in the form: what should have matched, what should not."""

    must_match: str = Field("", max_length=1_000)
    must_not_match: str = Field("", max_length=1_000)
    saved: bool = False


class VersionShown(BaseModel):
    """A form that was in force from then on; "" when the topic was taken out."""

    at: datetime
    rulebook: str
    query: str


class TopicView(BaseModel):
    """One topic with its history."""

    topic: TopicDraft
    is_new: bool
    must_match: list[str]
    must_not_match: list[str]
    versions: list[VersionShown]
    edits: list[TopicEdit]
    marks: list[MarkShown] = []
    feed: str
    articles: int
    problems: list[str] = []
    saved: bool = False


@dataclass(frozen=True, slots=True)
class _Refused:
    problems: list[str]


@page.get("/topics")
def topics_page(request: Request, desk: TheDesk) -> HTMLResponse:
    """The list."""
    return desk.page(request, "topics.html", view=listing(desk))


@api.get("/topics")
def topics_json(desk: TheDesk) -> TopicsView:
    """Every topic with the articles of seven days."""
    return listing(desk)


@page.get("/topics/new")
def new_page(
    request: Request, desk: TheDesk, query: Annotated[str, Query(max_length=5_000)] = ""
) -> HTMLResponse:
    """A form for a new topic."""
    return _form(request, desk, _new(TopicDraft(query=query)))


@page.get("/topics/{topic_id}")
def topic_page(
    request: Request, desk: TheDesk, topic_id: str, given: Annotated[ExampleQuery, Query()]
) -> HTMLResponse:
    """One topic, maybe with lines that are to become examples."""
    view = one(desk, topic_id)
    lines = {
        "must_match": _lines([given.must_match]),
        "must_not_match": _lines([given.must_not_match]),
    }
    topic = view.topic.model_copy(update=lines)
    return _form(request, desk, view.model_copy(update={"saved": given.saved, "topic": topic}))


@api.get("/topics/{topic_id}", responses={404: {}})
def topic_json(desk: TheDesk, topic_id: str) -> TopicView:
    """One topic with its examples and history."""
    return one(desk, topic_id)


@page.post("/topics/lint")
def lint_part(desk: TheDesk, _: Editor, form: FormFields) -> HTMLResponse:
    """The part of the page that changes while somebody types."""
    return desk.renderer.page("lint.html", lint=linted(desk, draft_of(form)))


@api.post("/topics/lint")
def lint_json(desk: TheDesk, _: Editor, draft: TopicDraft) -> LintView:
    """What can be said of a draft."""
    if not draft.query.strip():
        raise HTTPException(422, "query: there is none; write the words to look for")
    return linted(desk, draft)


@page.post("/topics")
def save_new(request: Request, desk: TheDesk, editor: Editor, form: FormFields) -> Response:
    """Write a new topic into the files."""
    return _saved(request, desk, editor, draft_of(form), is_new=True)


@page.post("/topics/{topic_id}")
def save(request: Request, desk: TheDesk, editor: Editor, topic_id: str, form: FormFields) -> Response:
    """Write the topic into its file."""
    draft = draft_of(form).model_copy(update={"id": topic_id})
    return _saved(request, desk, editor, draft, is_new=False)


@api.put("/topics/{topic_id}", responses={409: {}})
def save_json(desk: TheDesk, editor: Editor, topic_id: str, draft: TopicDraft) -> TopicDraft:
    """Write a topic into the files; refused with every mistake when the config is not valid then."""
    whole = draft.model_copy(update={"id": topic_id})
    done = saved(desk, editor, whole, is_new=topic_id not in desk.rulebook.topics)
    if isinstance(done, _Refused):
        raise HTTPException(409, "; ".join(done.problems))
    return whole


@page.post("/topics/{topic_id}/undo")
def undo(desk: TheDesk, editor: Editor, topic_id: str) -> Response:
    """Write the form into the files that the topic had before its last change."""
    present = desk.rulebook.topics.get(topic_id)
    record = former_record(topic_versions(desk.store.admin.rulebooks(MOST_VERSIONS), topic_id), present)
    path = file_of(topic_id, "topics", desk.folder)
    if record is None or path is None:
        raise HTTPException(409, f"no other form of {topic_id} was ever in force")
    put_checked(path, "topics", record, desk.check)
    undone = TopicDraft(id=topic_id, query=str(record["query"]), reason="undone")
    _note(desk, editor, undone, present)
    return gone_to(f"/topics/{topic_id}?saved=true")


@page.post("/topics/{topic_id}/feed")
def renew_feed(desk: TheDesk, _: Editor, topic_id: str) -> Response:
    """Give the topic's feed another secret address; the old one leads nowhere then."""
    if topic_id not in desk.rulebook.topics:
        raise HTTPException(404, f"there is no topic {topic_id!r}")
    desk.store.accounts.feed_secret(topic_id, secrets.token_urlsafe(24), desk.ports.now(), renew=True)
    return gone_to(f"/topics/{topic_id}")


def listing(desk: Desk) -> TopicsView:
    """Every topic of the operator: two statements and the chats."""
    counts = desk.store.lists.topic_counts(desk.ports.now() - WEEK)
    chats = desk.store.chats.all()
    return TopicsView(
        topics=[
            TopicRow(
                id=topic.id,
                title=topic.title or topic.id,
                query=" ".join(topic.query.split()),
                languages=list(topic.languages),
                enabled=topic.enabled,
                articles=counts.get(topic.id, 0),
                chats=sum(wanted(chat, topic.id) != "off" for chat in chats),
            )
            for topic in desk.rulebook.topics.values()
        ]
    )


def one(desk: Desk, topic_id: str) -> TopicView:
    """One topic with its history."""
    topic = desk.rulebook.topics.get(topic_id)
    if topic is None:
        raise HTTPException(404, f"there is no topic {topic_id!r}")
    kept = topic_versions(desk.store.admin.rulebooks(MOST_VERSIONS), topic_id)
    secret = desk.store.accounts.feed_secret(topic_id, secrets.token_urlsafe(24), desk.ports.now())
    return TopicView(
        topic=TopicDraft(
            id=topic.id,
            title=topic.title,
            query=topic.query,
            languages=list(topic.languages),
            enabled=topic.enabled,
        ),
        is_new=False,
        must_match=list(topic.must_match),
        must_not_match=list(topic.must_not_match),
        versions=[
            VersionShown(at=each.taken_at, rulebook=each.revision, query=form.query if form else "")
            for each, form in kept
        ],
        edits=list(desk.store.accounts.edits(topic_id)),
        marks=_marks(desk, topic),
        feed=f"/feeds/{secret}",
        articles=desk.store.lists.topic_counts(desk.ports.now() - WEEK).get(topic_id, 0),
    )


def linted(desk: Desk, draft: TopicDraft) -> LintView:
    """Mistakes and doubts at their places, examples that fail, and the newest articles that match."""
    languages, shared = tuple(draft.languages), desk.rulebook.matcher.book.shared
    nothing = LintView(valid=False, lints=[], failing=[], hits=[], whole=True)
    if not draft.query.strip():
        return nothing
    try:
        lints = check(
            draft.query, languages=languages, lists=shared.lists, people=shared.people, orgs=shared.orgs
        )
        wanted_words, matcher = desk.prepared(draft.query, languages)
    except QueryError as error:
        place = pointer(draft.query, error.line, error.column)
        shown = LintShown(
            level="error",
            line=error.line,
            column=error.column,
            message=str(error.message),
            hint=str(error.hint or ""),
            pointer=place,
        )
        return nothing.model_copy(update={"lints": [shown]})
    found = pick(desk.store.articles.search(wanted_words), matcher, limit=MOST_HITS, most=MOST_CANDIDATES)
    return LintView(
        valid=True,
        lints=[
            LintShown(
                level="warning",
                line=lint.line,
                column=lint.column,
                message=str(lint.message),
                hint=str(lint.hint or ""),
                pointer=pointer(draft.query, lint.line, lint.column),
            )
            for lint in lints
        ],
        failing=_failing(desk, draft, matcher),
        hits=[hit(article, matcher) for article in found.articles],
        whole=found.whole,
    )


def saved(desk: Desk, editor: Visitor, draft: TopicDraft, *, is_new: bool) -> Path | _Refused:
    """Write a draft into the files and read the whole config again; the file where it stands."""
    if is_new and (not _ID.fullmatch(draft.id) or draft.id in _RESERVED):
        return _Refused([f"{draft.id!r} is no id: small letters, digits and dashes, at most 64"])
    present = file_of(draft.id, "topics", desk.folder)
    if is_new and present is not None:
        return _Refused([f"there is a topic {draft.id} already"])
    if not is_new and present is None:
        return _Refused([f"{draft.id} stands in no file of {desk.folder}"])
    path = present or desk.folder / "topics" / f"{draft.id}.yaml"
    running = desk.rulebook.topics.get(draft.id)
    before = running.query if running else ""
    written = (
        ("query", draft.query.strip(), before),
        ("title", draft.title.strip(), running.title if running else draft.id),
        ("languages", list(draft.languages), list(running.languages) if running else []),
        ("enabled", draft.enabled, running.enabled if running else True),
    )
    # What says the same stays as it is written: how a query's lines are broken is the operator's own.
    record = {"id": draft.id} | {name: value for name, value, now in written if not _same(value, now)}
    more = {"must_match": _lines(draft.must_match), "must_not_match": _lines(draft.must_not_match)}
    try:
        put_checked(path, "topics", record, desk.check, more=more)
    except ConfigError as error:
        return _Refused([str(problem) for problem in error.problems])
    except OSError as error:
        return _Refused([f"{path} cannot be written: {error.strerror}"])
    _note(desk, editor, draft, running)
    return path


def _marks(desk: Desk, topic: Topic) -> list[MarkShown]:
    """What people found not relevant within ninety days, and whether the topic would alert of it again."""
    since = desk.ports.now() - MARKS_SINCE
    marks = [
        mark
        for mark in desk.store.people.feedback(since=since, limit=MOST_MARKS)
        if topic.id in mark.topic_ids
    ]
    if not marks:
        return []
    matcher = alone(topic, desk.rulebook)
    return [
        MarkShown(
            at=mark.at,
            headline=mark.headline,
            reason=mark.reason,
            article=mark.article_id,
            matches=_matches(matcher, mark.headline),
        )
        for mark in marks
    ]


def _same(value: object, now: object) -> bool:
    if isinstance(value, str) and isinstance(now, str):
        return value.split() == now.split()
    return value == now


def _note(desk: Desk, editor: Visitor, draft: TopicDraft, before: Topic | None) -> None:
    edit = TopicEdit(
        topic_id=draft.id,
        account=editor.name,
        at=desk.ports.now(),
        before=before.query if before else "",
        after=draft.query,
        reason=draft.reason,
    )
    desk.store.accounts.note_edit(edit)


def _saved(request: Request, desk: Desk, editor: Visitor, draft: TopicDraft, *, is_new: bool) -> Response:
    done = saved(desk, editor, draft, is_new=is_new)
    if isinstance(done, _Refused):
        known = not is_new and draft.id in desk.rulebook.topics
        view = one(desk, draft.id) if known else _new(draft)
        return _form(request, desk, view.model_copy(update={"topic": draft, "problems": done.problems}), 409)
    return gone_to("/topics?saved=1" if is_new else f"/topics/{draft.id}?saved=true")


def _form(request: Request, desk: Desk, view: TopicView, status: int = 200) -> HTMLResponse:
    return desk.page(request, "topic.html", status, view=view, lint=linted(desk, view.topic))


def _new(draft: TopicDraft) -> TopicView:
    return TopicView(
        topic=draft,
        is_new=True,
        must_match=[],
        must_not_match=[],
        versions=[],
        edits=[],
        feed="",
        articles=0,
    )


def draft_of(form: Mapping[str, str]) -> TopicDraft:
    """A draft as the form sends it; what is too long is cut."""
    languages = re.findall(r"[a-z]{2,3}", form.get("languages", "").lower())
    return TopicDraft(
        id=form.get("id", "")[:64],
        title=form.get("title", "")[:200],
        query=form.get("query", "")[:20_000],
        languages=languages[:30],
        enabled=form.get("enabled", "") == "on",
        must_match=form.get("must_match", "").split("\n")[:50],
        must_not_match=form.get("must_not_match", "").split("\n")[:50],
        reason=form.get("reason", "")[:500],
    )


def _failing(desk: Desk, draft: TopicDraft, matcher: Matcher) -> list[str]:
    """Which examples, of the files and new ones, the draft fails."""
    topic = desk.rulebook.topics.get(draft.id)
    must = (*(topic.must_match if topic else ()), *_lines(draft.must_match))
    must_not = (*(topic.must_not_match if topic else ()), *_lines(draft.must_not_match))
    found = [f"does not match: {line}" for line in must if not _matches(matcher, line)]
    return [*found, *(f"matches, and must not: {line}" for line in must_not if _matches(matcher, line))]


def _matches(matcher: Matcher, line: str) -> bool:
    return bool(matcher.matching(MatchText(title=line, body=line)))


def _lines(lines: list[str]) -> list[str]:
    return [line.strip() for line in lines if line.strip()]
