"""What happened to an article or entry that a source listed."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from datetime import datetime
from typing import Any

from monitor.core.match import match_text
from monitor.core.message.explanation import near_misses
from monitor.core.query.explain import Clause
from monitor.core.rulebook import Rulebook
from monitor.core.why.chats import Row, chat_verdict
from monitor.core.why.verdict import ChatVerdict, GateState, Reason, Verdict, VerdictGate
from monitor.model import Article, Chat

MOST_NAMED = 4
_ON_ITS_WAY = frozenset({"pending", "digest", "quiet", "budget"})
_ORDER: tuple[Reason, ...] = (
    "told",
    "pending",
    "digest",
    "quiet",
    "budget",
    "unsure",
    "dead",
    "story-told",
    "paused",
    "cancelled",
    "muted",
    "language",
    "outlets",
    "late",
    "switched-off",
    "unknown",
    "no-subscriber",
)
"""What is said of several chats in one sentence: what most nearly was told first."""


def explain_article(
    found: Mapping[str, Any],
    article: Article | None,
    rulebook: Rulebook,
    chats: Sequence[Chat],
    *,
    outlets: int,
    now: datetime,
) -> Verdict:
    """The verdict about what ``Articles.trace`` remembers. ``outlets``: how many tell its story."""
    entry, placement = found["entry"] or {}, found["placement"] or {}
    reading = _last(found["readings"])
    operators = [row["topic_id"] for row in found["matches"] if row["topic_id"] in rulebook.topics]
    told = [
        chat_verdict(
            chat,
            article,
            str(placement.get("story_id") or ""),
            operators,
            found["deliveries"],
            outlets=outlets,
            now=now,
        )
        for chat in chats
    ]
    gates = [_listed(entry, rulebook), _fetched(found, reading)]
    stop = _before_matching(found, reading, gates)
    if stop is None:
        gates += [_identity(reading, placement), _topics(found, article, rulebook, operators)]
        stop = _matching(found, reading, article, rulebook, operators)
    if stop is None:
        stop = _telling(told, placement, article, operators)
        gates.append(_chat_gate(told, stop))
    sentence, reason, gate = stop
    return Verdict(
        sentence=sentence,
        reason=reason,
        gate=gate,  # type: ignore[arg-type]
        gates=tuple(gates),
        chats=tuple(item for item in told if found["matches"] and item.reason != "no-subscriber"),
    )


_Stop = tuple[str, Reason, str | None]


def _before_matching(found: Mapping[str, Any], reading: Row, gates: list[VerdictGate]) -> _Stop | None:
    job = found["job"] or {}
    if not reading:
        if not job:
            return "It was listed, and what became of it is not known.", "unknown", "listed"
        because = f": {job['error']}" if job.get("error") else ""
        if job["state"] == "quarantined":
            return f"Reading it was given up after many tries{because}.", "quarantined", "fetched"
        return f"It waits to be read{because}.", "waiting", None
    if reading["verdict"] == "seen":
        gates.append(
            VerdictGate(name="prefilter", state="stopped", text=str(reading["reason"]), at=_at(reading, "at"))
        )
        return (
            "Its page holds no word of any topic, so it was not read any further.",
            "prefilter",
            "prefilter",
        )
    gates.append(_read(reading))
    return None


def _matching(
    found: Mapping[str, Any],
    reading: Row,
    article: Article | None,
    rulebook: Rulebook,
    operators: Sequence[str],
) -> _Stop | None:
    if found["matches"]:
        if operators or any(row["topic_id"] in rulebook.watches for row in found["matches"]):
            return None
        return "It matched topics that are no longer there.", "no-match", "topics"
    problem, fetched = _problem(reading)
    if problem:
        where = "fetched" if not fetched else "read"
        what = "could not be fetched" if not fetched else "was not the article"
        return (
            f"Its page {what} ({problem}), and its headline and summary match no topic.",
            "not-fetched" if not fetched else "other-page",
            where,
        )
    near = _nearest(article, rulebook)
    close = f" Nearest: {near[0][0]}, {near[0][1][0]}." if near else ""
    return f"It matches no topic.{close}", "no-match", "topics"


def _telling(
    told: Sequence[ChatVerdict], placement: Row, article: Article | None, operators: Sequence[str]
) -> _Stop:
    wishes = sorted(told, key=lambda item: _ORDER.index(item.reason))
    best = wishes[0] if wishes else None
    names = ", ".join(operators)
    if best is None or best.reason == "no-subscriber":
        return (
            f"It matches {names or 'a topic'}, and no chat has subscribed to that.",
            "no-subscriber",
            "chat",
        )
    same = [item.chat_id for item in wishes if item.reason == best.reason]
    who = ", ".join(same[:MOST_NAMED]) + (
        f" and {len(same) - MOST_NAMED} more" if len(same) > MOST_NAMED else ""
    )
    if best.reason == "told":
        at = f" at {best.at:%Y-%m-%d %H:%M} UTC" if best.at else ""
        return f"It was told to {who}{at}.", "told", None
    if best.reason in _ON_ITS_WAY:
        return (
            f"It is on its way: {who} {best.text}.",
            best.reason,
            "chat" if best.reason in {"quiet", "budget"} else None,
        )
    copied = placement.get("copy_of")
    if best.reason == "story-told":
        if copied:
            return f"It repeats another article's text; {who} {best.text}.", "copy", "identity"
        return f"Its story was told already: {who} {best.text}.", "story-told", "story"
    if article is not None and article.late and best.reason in {"late", "unknown"}:
        return f"It was old when it was first seen, so it alerts nobody.{_dated(article)}", "late", "listed"
    return f"It matches {names}, but {who} {best.text}.", best.reason, "chat"


def _dated(article: Article) -> str:
    return f" Its outlet dates it {article.published:%Y-%m-%d %H:%M} UTC." if article.published else ""


def _listed(entry: Row, rulebook: Rulebook) -> VerdictGate:
    if not entry:
        return VerdictGate(name="listed", state="unknown", text="its entry is not remembered")
    source = rulebook.sources.get(entry["source_id"])
    late = ("it was old when it was first seen, so it alerts nobody",) if entry.get("late") else ()
    return VerdictGate(
        name="listed",
        state="stopped" if late else "passed",
        text=f"{source.name if source else entry['source_id']} listed {entry['url']}",
        at=_at(entry, "seen_at"),
        more=late,
    )


def _fetched(found: Mapping[str, Any], reading: Row) -> VerdictGate:
    job = found["job"] or {}
    if not reading:
        state: GateState = "stopped" if job.get("state") == "quarantined" else "waiting"
        return VerdictGate(
            name="fetched", state=state, text=str(job.get("error") or "not yet"), at=_at(job, "not_before")
        )
    problem, fetched = _problem(reading)
    if problem and not fetched:
        more = ("only its headline and summary were looked at",)
        return VerdictGate(name="fetched", state="stopped", text=problem, at=_at(reading, "at"), more=more)
    return VerdictGate(
        name="fetched", state="passed", text="its page or full entry was read", at=_at(reading, "at")
    )


def _read(reading: Row) -> VerdictGate:
    notes = reading.get("trace") or {}
    problem, fetched = _problem(reading)
    how = f"text by {notes.get('extracted_by') or '?'}, {notes.get('score')} sure (0 to 1)"
    words = {
        "recipe": "by the selectors of its source",
        "paywalled": "behind a paywall",
        "live": "a live page",
    }
    more = tuple(text for name, text in words.items() if notes.get(name))
    if problem and fetched:
        return VerdictGate(
            name="read", state="stopped", text=f"its page was not the article: {problem}", more=more
        )
    return VerdictGate(name="read", state="passed", text=how, at=_at(reading, "at"), more=more)


def _identity(reading: Row, placement: Row) -> VerdictGate:
    copied = placement.get("copy_of")
    text = f"{reading['verdict']}: {reading['reason']}" + (f", a copy of {copied}" if copied else "")
    return VerdictGate(name="identity", state="passed", text=text, at=_at(reading, "at"))


def _topics(
    found: Mapping[str, Any], article: Article | None, rulebook: Rulebook, operators: Sequence[str]
) -> VerdictGate:
    near = tuple(f"not {topic}: {'; '.join(why[:3])}" for topic, why in _nearest(article, rulebook))
    if not found["matches"]:
        return VerdictGate(name="topics", state="stopped", text="no topic matched", more=near)
    then = ", ".join(sorted({str(row["rulebook"]) for row in found["matches"]}))
    names = ", ".join(operators) or "a subscriber's own topic"
    changed = _now_then(article, rulebook, operators)
    return VerdictGate(
        name="topics", state="passed", text=f"{names}, by rules {then}", more=(*changed, *near)
    )


def _now_then(article: Article | None, rulebook: Rulebook, operators: Sequence[str]) -> tuple[str, ...]:
    """Topics that matched then and would not now, and the other way round."""
    if article is None:
        return ()
    now = {each for each in rulebook.matcher.matching(match_text(article)) if each in rulebook.topics}
    gone = [f"{each} would not match it now" for each in operators if each not in now]
    return (*gone, *(f"{each} would match it now" for each in sorted(now - set(operators))))


def _nearest(article: Article | None, rulebook: Rulebook) -> list[tuple[str, tuple[str, ...]]]:
    """The operator's topics that nearly match, with what they miss."""
    if article is None:
        return []
    text = match_text(article)
    matching = set(rulebook.matcher.matching(text))
    others = [topic.id for topic in rulebook.topics.values() if topic.enabled and topic.id not in matching]
    explained = [(topic_id, rulebook.matcher.explain(topic_id, text)) for topic_id in others]
    near = [(topic_id, near_misses(each)) for topic_id, each in explained if _stands(each.clause)]
    return sorted(((topic, why) for topic, why in near if why), key=lambda item: len(item[1]))


def _stands(clause: Clause) -> bool:
    """Whether some word of the query stands in the text: without any, the topic is no near miss."""
    if clause.kind == "not":
        return not clause.true
    return bool(clause.spans) or any(_stands(part) for part in clause.parts)


def _chat_gate(told: Sequence[ChatVerdict], stop: _Stop) -> VerdictGate:
    state: GateState = "passed" if stop[1] == "told" else "waiting" if stop[2] is None else "stopped"
    more = tuple(f"{item.chat_id} {item.text}" for item in told if item.reason != "no-subscriber")
    return VerdictGate(name="chat", state=state, text=stop[0], more=more)


def _problem(reading: Row) -> tuple[str, bool]:
    """Why its page was not used, "" for none; and whether the page came at all."""
    notes = reading.get("trace") or {}
    return str(notes.get("page") or ""), not notes.get("unfetched")


def _last(readings: Sequence[Row]) -> Row:
    """The reading that decided: the last one that changed something."""
    decided = [row for row in readings if row["verdict"] != "known"]
    return (decided or list(readings) or [{}])[-1]


def _at(row: Row, name: str) -> datetime | None:
    value = row.get(name)
    return datetime.fromisoformat(value) if isinstance(value, str) else None
