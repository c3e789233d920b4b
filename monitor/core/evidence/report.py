"""The readable part of an evidence pack: one HTML page that needs nothing else."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from html import escape
from typing import Any

from monitor.core.evidence.cases import Case, Unpacked

_STYLE = (
    "body{font:16px/1.5 system-ui,sans-serif;max-width:52rem;margin:2rem auto;padding:0 1rem;color:#222}"
    "h1{font-size:1.4rem}h2{font-size:1.15rem;margin-top:2.5rem}dt{font-weight:600}dd{margin:0 0 .4rem 1rem}"
    "code{font-size:.8rem;overflow-wrap:anywhere}pre{white-space:pre-wrap;overflow-wrap:anywhere}"
    "mark{background:#ffec99}td{padding:.1rem .6rem .1rem 0;vertical-align:top}"
)
_READINGS = {"read": "First reading", "recheck": "A further look", "vanished": "The page is gone"}


def report_page(case: Case, records: Sequence[Unpacked]) -> str:
    """The records of a case for people; every text in it is escaped, nothing is loaded from elsewhere."""
    asked = escape(", ".join(case.asked))
    articles = len({record.facts.get("article", {}).get("id", record.n) for record in records})
    about = (
        ("Asked for", ", ".join(case.asked)),
        ("From", case.since),
        ("Until", case.until),
        ("Made at", case.made_at),
        ("Readings", f"{len(records)} of {articles} articles"),
        ("The chain ends with", f"record {case.head[0]}, {case.head[1]}"),
    )
    return (
        f'<!doctype html><html lang="en"><head><meta charset="utf-8"><title>Evidence: {asked}</title>'
        f"<style>{_STYLE}</style></head><body><h1>Evidence: {asked}</h1>{_list(about)}"
        f"{''.join(map(_record, records))}</body></html>\n"
    )


def _list(rows: Sequence[tuple[str, str]]) -> str:
    shown = "".join(f"<dt>{escape(name)}<dd>{escape(value)}" for name, value in rows if value)
    return f"<dl>{shown}</dl>"


def _record(record: Unpacked) -> str:
    facts = record.facts
    if not facts:
        gone = "deleted by the retention" if "facts" in record.missing else "changed: verify the pack"
        hashed = f"its hash is <code>{escape(record.hash)}</code>"
        return f"<h2>Record {record.n}</h2><p>Its content was {gone}; {hashed}.</p>"
    article, placed = facts.get("article", {}), facts.get("placed", {})
    outlet = (article.get(name) for name in ("outlet", "tier", "country"))
    title = article.get("title") or article.get("url") or article.get("id", "")
    rows = (
        ("Reading", _READINGS.get(facts["reading"], facts["reading"])),
        ("Read at", facts.get("at", "")),
        (
            "Outlet",
            " · ".join(filter(None, outlet)),
        ),
        ("Address", article.get("url") or ""),
        ("Published, says the outlet", article.get("published") or ""),
        ("Seen first", article.get("seen_at") or ""),
        ("By", ", ".join(article.get("authors", []))),
        ("Verdict", " · ".join(filter(None, [placed.get("verdict"), placed.get("reason")]))),
        ("Story", placed.get("story") or ""),
        ("Copy of", placed.get("copy_of") or ""),
        ("Rules in force", facts.get("rulebook", "")),
        ("How it ended", facts.get("how", "")),
        ("Hash of the record", record.hash),
    )
    text = record.parts.get("text", b"").decode("utf-8", "replace")
    return (
        f"<h2>{record.n}. {escape(title)}</h2>{_list(rows)}"
        f"{_matches(facts.get('matches', []))}{_changes(facts.get('changes', []))}"
        f"{''.join(map(_answer, facts.get('answers', [])))}"
        f"<details open><summary>The text as it was read</summary><pre>{_marked(text, facts)}</pre></details>"
    )


def _matches(matches: Sequence[Mapping[str, Any]]) -> str:
    rows = "".join(
        f"<tr><td>{escape(match['topic'])}<td>{escape(span[0])} {span[1]}–{span[2]}"
        f"<td>{escape(span[3])}<td>{escape(span[4])}"
        for match in matches
        for span in match["spans"]
    )
    return (
        f"<p>Why it matched: topic, where, words, term of the query</p><table>{rows}</table>" if rows else ""
    )


def _changes(changes: Sequence[Sequence[str]]) -> str:
    rows = "".join(f"<tr><td>{escape(what)}<td>{escape(a)}<td>{escape(b)}" for what, a, b in changes)
    return f"<p>What changed: kind, before, after</p><table>{rows}</table>" if rows else ""


def _answer(answer: Mapping[str, Any]) -> str:
    cut = f", the first {answer['kept']} kept" if answer["kept"] < answer["length"] else ""
    head = f"{answer['status']} {answer['url']} at {answer['fetched_at']}, {answer['length']} bytes{cut}"
    fields = "\n".join(f"{name}: {value}" for name, value in answer["headers"].items())
    hashed = f"<p>SHA-256 of the body <code>{escape(answer['sha256'])}</code></p>"
    return f"<details><summary>{escape(head)}</summary>{hashed}<pre>{escape(fields)}</pre></details>"


def _marked(text: str, facts: Mapping[str, Any]) -> str:
    """The text with the words that matched marked."""
    spans = sorted(
        (int(span[1]), int(span[2]))
        for match in facts.get("matches", [])
        for span in match["spans"]
        if span[0] == "body"
    )
    shown, at = [], 0
    for start, end in spans:
        if start >= at and end <= len(text):
            shown += [escape(text[at:start]), "<mark>", escape(text[start:end]), "</mark>"]
            at = end
    return "".join([*shown, escape(text[at:])])
