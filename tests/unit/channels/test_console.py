"""Alerts on a terminal and in a pipe."""

from __future__ import annotations

import io
import threading

import pytest
from hypothesis import given
from hypothesis import strategies as st

from monitor.channels.console import ConsoleChannel, styled
from monitor.core.text.clean import printable
from monitor.model import Chat, Message, Sent, Skipped

CHAT = Chat(id="console:main", channel="console", address="main")


def message(**changes: object) -> Message:
    fields: dict[str, object] = {
        "key": "k1",
        "html": '<a href="https://example.test/1"><b>Potash</b> &amp; banks</a>\nDesk',
        "plain": "Potash & banks\nDesk\nhttps://example.test/1",
        "url": "https://example.test/1",
    }
    return Message(**(fields | changes))  # type: ignore[arg-type] # a mapping of the right types


class Terminal(io.StringIO):
    """Text that says it is a terminal."""

    def isatty(self) -> bool:
        return True


def test_a_pipe_gets_plain_text() -> None:
    out = io.StringIO()
    receipt = ConsoleChannel(out).send(CHAT, message())
    assert receipt == Sent(message_id="k1")
    assert out.getvalue() == "── main ──\nPotash & banks\nDesk\nhttps://example.test/1\n\n"


def test_a_terminal_gets_bold_terms_and_the_address(monkeypatch: pytest.MonkeyPatch) -> None:
    for name in ("NO_COLOR", "TERM", "COLORTERM", "FORCE_COLOR"):
        monkeypatch.delenv(name, raising=False)
    monkeypatch.setenv("TERM", "xterm-256color")
    out = Terminal()
    ConsoleChannel(out).send(CHAT, message())
    shown = out.getvalue()
    assert "\x1b[1" in shown
    assert "Potash" in shown
    assert "https://example.test/1" in shown
    assert "<b>" not in shown


def test_edits_are_not_printed_again() -> None:
    out = io.StringIO()
    assert isinstance(ConsoleChannel(out).send(CHAT, message(edit_of="m7")), Skipped)
    assert out.getvalue() == ""


def test_a_headline_cannot_steer_the_terminal() -> None:
    out = io.StringIO()
    ConsoleChannel(out).send(CHAT, message(plain="\x1b[2Jgone\x07 \u202eback\r\x9b1m", html=""))
    assert "\x1b" not in out.getvalue()
    assert "\u202e" not in out.getvalue()
    assert "gone" in out.getvalue()


def test_only_web_links_can_be_clicked() -> None:
    spans = styled('<a href="javascript:alert(1)">a</a> <a href="https://x.test">b</a>').spans
    links = [span.style.link for span in spans if not isinstance(span.style, str)]
    assert [link for link in links if link] == ["https://x.test"]


def test_messages_from_many_threads_do_not_mix() -> None:
    out = io.StringIO()
    channel = ConsoleChannel(out)
    threads = [
        threading.Thread(target=channel.send, args=(CHAT, message(plain=f"first {n}\nsecond {n}")))
        for n in range(20)
    ]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    for n in range(20):
        assert f"── main ──\nfirst {n}\nsecond {n}\n\n" in out.getvalue()


@given(st.text())
def test_printable_never_adds_and_keeps_words(text: str) -> None:
    kept = printable(text)
    assert len(kept) <= len(text)
    assert printable(kept) == kept


def test_a_chat_that_wants_edits_gets_a_line_each_and_messages_say_what_they_are() -> None:
    out = io.StringIO()
    chat = Chat(id="console:main", channel="console", address="main", options={"edits": True})
    edit = message(edit_of="m7", data={"kind": "edit", "headline": "Potash", "also_in": ["DW", "Wire"]})
    assert ConsoleChannel(out).send(chat, edit) == Sent(message_id="m7")
    ConsoleChannel(out).send(chat, message(data={"kind": "reply"}))
    assert "✎ edit: Potash · also in: DW, Wire\n" in out.getvalue()
    assert "── main · reply ──\n" in out.getvalue()


def test_a_gloss_stands_under_the_article_of_its_address() -> None:
    out = io.StringIO()
    options = {"glosses": {"https://example.test/1": "What it is about\x1b[2J"}}
    chat = Chat(id="console:main", channel="console", address="main", options=options)
    ConsoleChannel(out).send(chat, message(url="https://example.test/1?utm_source=feed"))
    ConsoleChannel(out).send(chat, message(url="https://example.test/2"))
    assert out.getvalue().count("≈ What it is about") == 1
    assert "\x1b" not in out.getvalue()
