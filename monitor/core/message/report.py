"""A report as text for a terminal, as a page of its own, or as JSON."""

from __future__ import annotations

import base64
from collections.abc import Mapping
from datetime import datetime
from html import escape
from zoneinfo import ZoneInfo

from monitor.core.message.digest import shares
from monitor.i18n.localizer import localizer
from monitor.model import DigestItem, Report

MOST_LINES = 30
_STYLE = (
    "body{font:16px/1.45 system-ui,sans-serif;max-width:46rem;margin:2rem auto;padding:0 1rem;color:#222}"
    "h1{font-size:1.4rem}li{margin:.5rem 0}small{color:#666}img{max-width:100%}a{color:#15507a}"
)


def report_text(report: Report, timezone: str, titles: Mapping[str, str], *, most: int = MOST_LINES) -> str:
    """The report in lines; ``titles`` names topics by id, times are those of ``timezone``."""
    lines = [_title(report, timezone), _sums(report)]
    lines.extend(f"  {titles.get(topic, topic)}: {count}" for topic, count in report.topics.items())
    for number, line in enumerate(report.lines[:most], start=1):
        lines.append(f"{number:3}. {line.headline}")
        lines.append(f"     {_facts(line, timezone)}")
        lines.append(f"     {line.url}")
    if len(report.lines) > most:
        lines.append(f"… and {len(report.lines) - most} more stories.")
    return "\n".join([*lines, *filter(None, [report.health])])


def report_html(
    report: Report,
    timezone: str,
    titles: Mapping[str, str],
    picture: bytes = b"",
    *,
    most: int = MOST_LINES,
) -> str:
    """The report as one HTML page that needs nothing else; every text in it is escaped."""
    title = escape(_title(report, timezone))
    items = "".join(_item(line, timezone) for line in report.lines[:most])
    topics = "".join(
        f"<li>{escape(titles.get(topic, topic))}: {count}</li>" for topic, count in report.topics.items()
    )
    chart = ""
    if picture:
        data = base64.b64encode(picture).decode()
        chart = f'<p><img alt="articles over time" src="data:image/png;base64,{data}"></p>'
    more = len(report.lines) - most
    rest = f"<p>… and {more} more stories.</p>" if more > 0 else ""
    health = f"<p><small>{escape(report.health)}</small></p>" if report.health else ""
    return (
        f'<!doctype html><html lang="en"><head><meta charset="utf-8"><title>{title}</title>'
        f"<style>{_STYLE}</style></head><body><h1>{title}</h1><p>{escape(_sums(report))}</p>"
        f"<ul>{topics}</ul>{chart}<ol>{items}</ol>{rest}{health}</body></html>\n"
    )


def report_json(report: Report, *, most: int | None = None) -> dict[str, object]:
    """The report as JSON types; datetimes stay datetimes for the writer. ``most`` cuts only ``top``."""
    return {
        "since": report.since,
        "until": report.until,
        "articles": report.articles,
        "stories": len(report.lines),
        "outlets": report.outlets,
        "tiers": dict(report.tiers),
        "topics": dict(report.topics),
        "buckets": [
            {"start": start.isoformat(), "state": state, "others": others}
            for start, state, others in report.buckets
        ],
        "top": [
            {
                "story": line.story_id,
                "headline": line.headline,
                "url": line.url,
                "outlet": line.outlet,
                "tier": line.tier,
                "language": line.language,
                "seen": line.seen_at.isoformat(),
                "published": line.published.isoformat() if line.published else None,
                "topics": list(line.topics),
                "outlets": line.outlets,
                "languages": line.languages,
                "prominence": round(line.prominence, 3),
            }
            for line in report.lines[:most]
        ],
        "health": report.health,
    }


def _title(report: Report, timezone: str) -> str:
    return f"Coverage from {_moment(report.since, timezone)} to {_moment(report.until, timezone)}"


def _sums(report: Report) -> str:
    count = len(report.lines)
    summary = f"{report.articles} articles of {report.outlets} outlets in {count} stories"
    share = shares(report.tiers, localizer("en"))
    return f"{summary}; {share}" if share else summary


def _facts(line: DigestItem, timezone: str) -> str:
    tier = f" ({line.tier})" if line.tier else ""
    spread = f", {line.outlets} outlets" if line.outlets > 1 else ""
    tongues = f", {line.languages} languages" if line.languages > 1 else ""
    return f"{line.outlet}{tier}{spread}{tongues}, {_moment(line.at, timezone)}"


def _item(line: DigestItem, timezone: str) -> str:
    headline, facts = escape(line.headline or line.url), escape(_facts(line, timezone))
    safe = line.url.startswith(("http://", "https://"))
    linked = f'<a href="{escape(line.url)}" rel="noreferrer">{headline}</a>' if safe else headline
    return f"<li>{linked}<br><small>{facts}</small></li>"


def _moment(moment: datetime, timezone: str) -> str:
    return f"{moment.astimezone(ZoneInfo(timezone)):%Y-%m-%d %H:%M}"
