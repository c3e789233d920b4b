"""``monitor web``: accounts and tokens of the desk."""

from __future__ import annotations

from datetime import UTC, datetime
from pathlib import Path

from monitor.app import load_rulebook, open_rulebook_store
from monitor.web.identity import by_token
from tests.support.command_line import Command

PASSWORD = "correct horse battery"


def test_an_account_is_made_listed_and_deleted(monitor: Command, config: Path) -> None:
    done = monitor("web", "adduser", "ann", "--role", "viewer", "--stdin", "-c", config, stdin=PASSWORD)
    assert (done.code, "ann (viewer) may sign in" in done.out) == (0, True), done.err
    (line,) = monitor("web", "users", "--json", "-c", config).lines
    assert (line["kind"], line["name"], line["role"]) == ("account", "ann", "viewer")
    assert "No account is left" in monitor("web", "deluser", "ann", "-c", config).out
    gone = monitor("web", "deluser", "ann", "-c", config)
    assert (gone.code, "there is no such account" in gone.err) == (1, True)


def test_a_name_that_is_none_is_refused(monitor: Command, config: Path) -> None:
    done = monitor("web", "adduser", "<b>", "--stdin", "-c", config, stdin=PASSWORD)
    assert (done.code, "is no name" in done.err) == (1, True)


def test_a_short_password_is_refused(monitor: Command, config: Path) -> None:
    done = monitor("web", "adduser", "ann", "--stdin", "-c", config, stdin="short")
    assert (done.code, "at least 10 characters" in done.err) == (1, True)


def test_a_token_opens_until_it_is_revoked(monitor: Command, config: Path) -> None:
    (line,) = monitor("web", "token", "dashboard", "--days", "2", "--json", "-c", config).lines
    store = open_rulebook_store(load_rulebook(config, env={}), config)
    now = datetime.now(UTC)
    visitor = by_token(store, str(line["token"]), now)
    assert visitor is not None
    assert (visitor.role, visitor.may("editor")) == ("viewer", False)
    assert all(visitor.reaches(path) for path in ("/", "/api/v1/now", "/api/v1/sources/x"))
    assert by_token(store, "cm_other", now) is None
    assert monitor("web", "revoke", "dashboard", "-c", config).code == 0
    assert by_token(store, str(line["token"]), now) is None
    store.admin.close()


def test_a_token_is_for_the_pages_that_it_names(monitor: Command, config: Path) -> None:
    (line,) = monitor("web", "token", "ci", "-s", "sources", "-s", "now", "--json", "-c", config).lines
    store = open_rulebook_store(load_rulebook(config, env={}), config)
    visitor = by_token(store, str(line["token"]), datetime.now(UTC))
    assert visitor is not None
    asked = (
        "/",
        "/api/v1/now",
        "/api/v1/sources/x",
        "/api/v1/openapi.json",
        "/api/v1/search",
        "/chats",
        "/sourcesx",
    )
    assert [visitor.reaches(path) for path in asked] == [True, True, True, True, False, False, False]
    assert "sources now" in monitor("web", "users", "-c", config).out
    wrong = monitor("web", "token", "ci", "-s", "everything", "-c", config)
    assert (wrong.code, "is no page; there are now, why" in wrong.err) == (1, True)
    store.admin.close()
