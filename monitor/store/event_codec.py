"""Events as rows, with what it takes to tell them in another language."""

from __future__ import annotations

from collections.abc import Mapping
from datetime import date, datetime

from sqlalchemy import RowMapping

from monitor.i18n.lazy import Between, LazyText, Value, made
from monitor.model import Event


def event_row(event: Event) -> dict[str, object]:
    """The row of an event; one told in words that cannot be translated keeps its text only."""
    saying = saying_json(event.text) if isinstance(event.text, LazyText) else None
    return {
        "kind": event.kind,
        "subject": event.subject,
        "text": str(event.text),
        "saying": saying,
        "at": event.at,
    }


def event(row: RowMapping) -> Event:
    """The event of a row."""
    text = saying_of(row["saying"], row["text"]) if row["saying"] else row["text"]
    return Event(kind=row["kind"], subject=row["subject"], text=text, at=row["at"])


def saying_json(said: LazyText) -> dict[str, object]:
    """``{"template", "more", "number", "values": {name: {"word" | "number" | … : value}}}``."""
    values = {name: _value_json(value) for name, value in said.values.items()}
    return {"template": said.template, "more": said.more, "number": said.number, "values": values}


def saying_of(stored: Mapping[str, object], text: str) -> LazyText:
    """What ``saying_json`` kept; ``text`` is its English, in which moments keep their zone."""
    values = stored["values"]
    assert isinstance(values, Mapping)
    return made(
        str(stored["template"]),
        str(stored["more"]),
        int(str(stored["number"])),
        values={str(name): _value_of(kept) for name, kept in values.items()},
        text=text,
    )


def _value_json(value: Value) -> dict[str, object]:
    match value:
        case LazyText():
            return {"text": str(value), "saying": saying_json(value)}
        case str():
            return {"word": value}
        case Between():
            return {"began": value.began.isoformat(), "ended": value.ended.isoformat()}
        case datetime():
            return {"moment": value.isoformat()}
        case date():
            return {"day": value.isoformat()}
        case _:
            return {"number": value}


def _value_of(kept: Mapping[str, object]) -> Value:
    match kept:
        case {"saying": Mapping() as saying, "text": str(text)}:
            return saying_of(saying, text)
        case {"began": str(began), "ended": str(ended)}:
            return Between(began=datetime.fromisoformat(began), ended=datetime.fromisoformat(ended))
        case {"moment": str(moment)}:
            return datetime.fromisoformat(moment)
        case {"day": str(day)}:
            return date.fromisoformat(day)
        case {"number": int(number) | float(number)}:
            return number
        case _:
            return str(kept.get("word", ""))
