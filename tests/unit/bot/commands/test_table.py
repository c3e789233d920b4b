"""The declared commands: what the documentation names, what each needs, what is derived from the table."""

from __future__ import annotations

import re
from collections import Counter
from pathlib import Path

import pytest
from telegram.ext import CommandHandler

from monitor.bot.commands.table import COMMANDS
from monitor.bot.request import Command
from monitor.bot.telegram.profile import menu
from monitor.model import Role
from tests.support.conversation import ADMIN, ANN, BOB, GROUP, Town

PAGE = Path(__file__).parents[4] / "docs" / "telegram.md"
PRIVATE = "between you and me"
ROWS = pytest.mark.parametrize("command", COMMANDS, ids=lambda command: command.name)


def documented() -> set[str]:
    """The commands of the page's table "What people do there"."""
    page = PAGE.read_text(encoding="utf-8").partition("## What people do there")[2].partition("\n## ")[0]
    rows = [line for line in page.splitlines() if line.startswith("| `/")]
    return {name for line in rows for name in re.findall(r"`/([a-z]+)", line)}


def test_the_documentation_and_the_table_name_the_same_commands() -> None:
    assert documented() == {name for command in COMMANDS for name in command.names}


def test_a_name_or_alias_means_one_command_that_telegram_takes() -> None:
    names = Counter(name for command in COMMANDS for name in command.names)
    assert [name for name, count in names.items() if count > 1] == []
    CommandHandler(list(names), lambda *_: None)  # type: ignore[arg-type] # never called


def test_an_alias_does_what_its_command_does(here: Town) -> None:
    here.said("mute", "potash 8h")
    assert here.text("unmute") == here.text("mutes")
    assert "I do not know" in here.text("unmuted")


@ROWS
def test_only_admins_are_answered_by_commands_for_admins(here: Town, command: Command) -> None:
    refused = "for the admins of this bot" in here.text(command.name, user=BOB)
    assert refused is command.admins_only
    assert "for the admins of this bot" not in here.text(command.name, user=ADMIN)


@ROWS
def test_commands_for_the_private_chat_are_not_answered_in_a_group(here: Town, command: Command) -> None:
    assert (PRIVATE in here.text(command.name, user=ADMIN, chat=GROUP)) is command.private_only
    assert PRIVATE not in here.text(command.name, user=ADMIN)


@ROWS
def test_what_changes_a_group_is_refused_to_who_may_not_change_it(here: Town, command: Command) -> None:
    refused = "only an admin may change" in here.text(command.name, user=ANN, chat=GROUP)
    assert refused is command.changes


@pytest.mark.parametrize("role", ["subscriber", "editor", "admin"])
def test_telegrams_menu_shows_what_the_role_may_use_in_the_tables_order(role: Role) -> None:
    shown = [item.command for item in menu("en", role)]
    wanted = [
        item.name
        for item in COMMANDS
        if item.listed
        and (role == "admin" or not item.admins_only)
        and (role != "subscriber" or not item.editors_only)
    ]
    assert shown == wanted
    assert {"language", "unmute"}.isdisjoint(shown)
