"""Log lines: ours and libraries' alike, no token ever."""

from __future__ import annotations

import json
import logging
from collections.abc import Iterator

import pytest
import structlog

from monitor.logs import configure, follow, redact, with_ids
from monitor.model import Job
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


def test_lines_written_during_work_bear_its_ids(capsys: pytest.CaptureFixture[str]) -> None:
    configure(level=logging.INFO, json_lines=True)

    @with_ids
    def work(job: Job, word: str) -> None:
        structlog.get_logger("ours").info(word, tries=job.attempts)
        logging.getLogger("theirs").warning(word)

    work(Job(kind="read", key="e7"), "during")
    structlog.get_logger("ours").info("after")
    *during, after = map(json.loads, capsys.readouterr().err.splitlines())
    assert [(line["job"], line["entry"]) for line in during] == [("read:e7", "e7")] * 2
    assert "job" not in after


def test_lines_for_people_leave_ids_to_the_line_itself(capsys: pytest.CaptureFixture[str]) -> None:
    configure(level=logging.INFO, json_lines=False)

    @with_ids
    def work(job: Job) -> None:
        structlog.get_logger("ours").info("polled", source="wire", tries=job.attempts)

    work(Job(kind="poll", key="herald"))
    said = capsys.readouterr().err
    assert "source=wire" in said
    assert "poll:herald" not in said


def test_settings_say_how_lines_look_unless_the_command_did(capsys: pytest.CaptureFixture[str]) -> None:
    for as_settings, form, is_json in ((True, "json", True), (True, "text", False), (False, "json", False)):
        configure(level=logging.INFO, json_lines=False, as_settings=as_settings)
        follow(form)
        structlog.get_logger("ours").info("line")
        assert capsys.readouterr().err.startswith("{") is is_json


def test_a_password_in_an_address_is_not_written() -> None:
    said = redact("postgresql+psycopg://monitor:s3cr3t@db/monitor and https://ann:p%40ss@a.example/x:y@z")
    assert (
        said
        == "postgresql+psycopg://monitor:<password>@db/monitor and https://ann:<password>@a.example/x:y@z"
    )
    assert redact("https://a.example/at:10@noon") == "https://a.example/at:10@noon"
