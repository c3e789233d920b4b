"""What commands print cannot steer the terminal, wherever it came from."""

from __future__ import annotations

import json

import pytest

from monitor.cli.output import complain, emit, say, table

HOSTILE = "safe\u202egpj.exe \x1b[2J\x9b1m\u2066\u200b\r\x07\ud800 ok"
STEERING = {"\u202e", "\x1b", "\x9b", "\u2066", "\r", "\x07", "\ud800"}


def test_a_line_and_a_table_show_no_escapes_and_no_direction_overrides(
    capsys: pytest.CaptureFixture[str],
) -> None:
    say("moc.live\u202e \x1b[2J")
    table("Title\u202e", ("headline",), [("gnp.\u202egpj\x9b",)])

    shown = capsys.readouterr().out

    assert shown.startswith("moc.live\ufffd \ufffd[2J\n")
    assert "gnp.\ufffdgpj\ufffd" in shown
    assert not {"\u202e", "\x1b", "\x9b"} & {*shown}


def test_nothing_that_is_printed_turns_or_clears_the_terminal(capsys: pytest.CaptureFixture[str]) -> None:
    say(HOSTILE)
    complain(HOSTILE)
    table(f"Articles with {HOSTILE}", ("headline",), [(HOSTILE,)])
    emit({"title": HOSTILE})
    out, err = capsys.readouterr()
    assert not STEERING & {*out, *err}
    assert "gpj.exe" in out


def test_json_lines_say_what_was_given(capsys: pytest.CaptureFixture[str]) -> None:
    given = {"title": f"{HOSTILE}\u2028\u00a0\U000e0001 naïve Мінск 👩‍🚀"}
    emit(given)
    line = capsys.readouterr().out
    assert json.loads(line) == given
    assert len(line.splitlines()) == 1
    assert "naïve Мінск" in line, "letters are written as they are"
