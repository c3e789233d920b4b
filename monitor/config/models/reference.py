"""The settings for people: the commented config/monitor.yaml and the table in docs/configuration.md.

``python -m monitor.config.models.reference`` (``make reference``) writes both and the editors' schemas.
"""

from __future__ import annotations

import dataclasses
import json
import re
import textwrap
from collections.abc import Iterator
from pathlib import Path

from monitor.config.models import schemas
from monitor.config.models.settings import written
from monitor.model import Settings
from monitor.model.settings import SettingDescription, descriptions

COMMENT_COLUMN = 38
LINE_CHARACTERS = 110
BEGIN, END = "<!-- settings -->", "<!-- /settings -->"
_HEAD = """\
# yaml-language-server: $schema=schema/monitor.json
#
# Settings of the service. Every line shows the default: take the # away to change one.
# Each may also come from the environment: MONITOR_STORE, MONITOR_FETCH_CONTACT, ...
# Secrets come from there only: MONITOR_TELEGRAM_TOKEN or MONITOR_TELEGRAM_TOKEN_FILE.
# Made from monitor/model/settings.py by `make reference`.
"""


def example() -> str:
    """The commented example config/monitor.yaml: every setting with its default."""
    lines = [_HEAD, *_example_lines(Settings(), "# ")]
    for name, section in _sections(Settings()):
        doc = textwrap.wrap(_doc(section), LINE_CHARACTERS - 2)
        lines += ["", *(f"# {line}" for line in doc), f"# {name}:", *_example_lines(section, "#   ")]
    return "\n".join(lines) + "\n"


def _example_lines(section: object, indent: str) -> Iterator[str]:
    for name, value, description in _settings(section):
        line = f"{indent}{name}: {_yaml(value)}"
        told_lines = textwrap.wrap(_comment(description), LINE_CHARACTERS - COMMENT_COLUMN - 2)
        yield f"{line:<{COMMENT_COLUMN - 1}} # {told_lines[0]}"
        yield from (f"{'#':<{COMMENT_COLUMN}}# {more}" for more in told_lines[1:])


def table() -> str:
    """The reference table in Markdown: key, meaning, default, what may be given."""
    rows = ["| key | means | default | may be |", "|---|---|---|---|"]
    for prefix, section in (("", Settings()), *((f"{name}.", part) for name, part in _sections(Settings()))):
        for name, value, description in _settings(section):
            default = f"`{_yaml(value)}`" if value not in {"", ()} else "empty" if value == "" else "none"
            rows.append(
                f"| `{prefix}{name}` | {_comment(description)} | {default} | {_allowed(description)} |"
            )
    return "\n".join(rows) + "\n"


def page(text: str) -> str:
    """A page with the table of today between its marks."""
    return re.sub(f"{BEGIN}.*?{END}", lambda _: f"{BEGIN}\n{table()}{END}", text, flags=re.DOTALL)


def write(root: Path) -> None:
    """Write the example, the table and the schemas below the project's folder."""
    (root / "config" / "monitor.yaml").write_text(example(), encoding="utf-8")
    docs = root / "docs" / "configuration.md"
    docs.write_text(page(docs.read_text(encoding="utf-8")), encoding="utf-8")
    schemas.write(root / "config" / "schema")


def _settings(section: object) -> Iterator[tuple[str, object, SettingDescription]]:
    for name, description in descriptions(type(section)).items():
        yield name, getattr(section, name), description


def _sections(settings: Settings) -> Iterator[tuple[str, object]]:
    for item in dataclasses.fields(settings):
        value = getattr(settings, item.name)
        if dataclasses.is_dataclass(value):
            yield item.name, value


def _doc(section: object) -> str:
    return " ".join((type(section).__doc__ or "").split())


def _comment(description: SettingDescription) -> str:
    """The description as a phrase: no capital, no full stop."""
    text = description.doc.removesuffix(".")
    return text if re.match(r"[A-Z]{2}", text) else text[:1].lower() + text[1:]


def _yaml(value: object) -> str:
    value = written(value)
    if isinstance(value, list):
        return f"[{', '.join(map(str, value))}]"
    return value if isinstance(value, str) and value else json.dumps(value)


def _allowed(description: SettingDescription) -> str:
    if description.choices:
        return ", ".join(f"`{word}`" for word in description.choices)
    if description.most is not None:
        return f"at most {description.most} of them"
    if description.le is None:
        return ""
    most = f"{description.le:,.15g}"
    return (
        f"more than {description.gt:,g}, at most {most}"
        if description.gt is not None
        else f"{description.ge:,g} to {most}"
    )


if __name__ == "__main__":
    write(Path())
