"""What commands print cannot steer the terminal, wherever it came from."""

from __future__ import annotations

import pytest

from monitor.cli.output import say, table


def test_a_line_and_a_table_show_no_escapes_and_no_direction_overrides(
    capsys: pytest.CaptureFixture[str],
) -> None:
    say("moc.live\u202e \x1b[2J")
    table("Title\u202e", ("headline",), [("gnp.\u202egpj\x9b",)])

    shown = capsys.readouterr().out

    assert shown.startswith("moc.live\ufffd \ufffd[2J\n")
    assert "gnp.\ufffdgpj\ufffd" in shown
    assert not {"\u202e", "\x1b", "\x9b"} & {*shown}
