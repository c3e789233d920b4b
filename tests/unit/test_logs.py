"""Log lines: ours and libraries' alike, no token ever."""

from __future__ import annotations

import json
import logging
from collections.abc import Iterator

import pytest
import structlog

from monitor.logs import configure
from tests.support.plain_logs import log_plainly

TOKEN = "123456:AAaaBBbbCCccDDddEEeeFFffGGgg"


@pytest.fixture(autouse=True)
def unchanged() -> Iterator[None]:
    root = logging.getLogger()
    handlers, level = root.handlers[:], root.level
    yield
    root.handlers[:] = handlers
    root.setLevel(level)
    log_plainly()


def test_json_lines_of_ours_and_of_libraries_have_the_same_keys(capsys: pytest.CaptureFixture[str]) -> None:
    configure(level=logging.INFO, json_lines=True)
    structlog.get_logger("ours").warning("poll failed", source="wire")
    logging.getLogger("theirs").warning("slow %s", "answer")
    ours, theirs = map(json.loads, capsys.readouterr().err.splitlines())
    assert ours.keys() - {"source"} == theirs.keys() == {"event", "level", "timestamp"}
    assert (ours["source"], theirs["event"]) == ("wire", "slow answer")


def test_no_token_is_written_by_anybody(capsys: pytest.CaptureFixture[str]) -> None:
    configure(level=logging.INFO, json_lines=False)
    structlog.get_logger("ours").error("refused", url=f"https://api.example/bot{TOKEN}/getMe")
    logging.getLogger("theirs").error("refused %s", TOKEN)
    try:
        int(TOKEN)
    except ValueError:
        logging.getLogger("theirs").exception("failed")
    said = capsys.readouterr().err
    assert TOKEN not in said
    assert "<token>" in said
