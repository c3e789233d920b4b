"""``monitor web``: who may use the desk."""

from __future__ import annotations

import sys
from datetime import UTC, datetime, timedelta
from enum import StrEnum
from pathlib import Path

import typer

from monitor.cli.archive.opened import opened
from monitor.cli.output import CONFIG_OPTION, JSON_OPTION, emit, examples, moment, say, table
from monitor.cli.pipeline.inputs import InputError

app = typer.Typer(
    help="Who may use the desk, the pages for a browser.",
    no_args_is_help=True,
    epilog=examples("monitor web adduser ann --role editor", "monitor web users"),
)


class RoleOption(StrEnum):
    """What an account may."""

    VIEWER = "viewer"
    EDITOR = "editor"
    ADMIN = "admin"


@app.command(
    "adduser",
    epilog=examples("monitor web adduser ann", "monitor web adduser bob --role admin --stdin < password"),
)
def adduser(
    name: str = typer.Argument(..., metavar="NAME", help="What the person signs in with."),
    role: RoleOption = typer.Option(RoleOption.EDITOR, "--role", "-r", help="viewer, editor or admin."),
    config: Path = CONFIG_OPTION,
    *,
    stdin: bool = typer.Option(False, "--stdin", help="Read the password from standard input."),
    json: bool = JSON_OPTION,
) -> None:
    """Make an account, or give an old one a new password and role; it is signed out everywhere then."""
    from monitor.web.identity import account_of

    password = sys.stdin.readline().rstrip("\r\n") if stdin else _asked()
    with opened(config, make=True) as (store, _):
        is_new = store.accounts.get(name) is None
        try:
            account = account_of(name, password, role.value, datetime.now(UTC))
        except ValueError as error:
            raise InputError(str(error)) from error
        store.accounts.save(account)
    if json:
        emit({"name": name, "role": role.value, "new": is_new})
    else:
        say(f"{name} ({role.value}) " + ("may sign in at the desk." if is_new else "has a new password."))


def _asked() -> str:
    return str(typer.prompt("Password", hide_input=True, confirmation_prompt=True))


@app.command("deluser", epilog=examples("monitor web deluser ann"))
def deluser(
    name: str = typer.Argument(..., metavar="NAME", help="An account."),
    config: Path = CONFIG_OPTION,
    *,
    json: bool = JSON_OPTION,
) -> None:
    """Delete an account; it is signed out at once."""
    with opened(config) as (store, _):
        if not store.accounts.remove(name):
            raise InputError(f"{name}: there is no such account; see `monitor web users`")
        left = bool(store.accounts.all())
    if json:
        emit({"name": name, "deleted": True, "accounts_left": left})
    else:
        say(f"{name} is gone." + ("" if left else " No account is left: the desk is for loopback alone."))


@app.command("users", epilog=examples("monitor web users", "monitor web users --json"))
def users(config: Path = CONFIG_OPTION, *, json: bool = JSON_OPTION) -> None:
    """Every account and every token."""
    with opened(config) as (store, _):
        accounts, tokens = store.accounts.all(), store.accounts.tokens()
    if json:
        for each in accounts:
            emit({"kind": "account", "name": each.name, "role": each.role, "made_at": each.made_at})
        for token in tokens:
            emit(
                {
                    "kind": "token",
                    "name": token.name,
                    "role": token.role,
                    "made_at": token.made_at,
                    "until": token.until,
                    "scopes": list(token.scopes),
                }
            )
        return
    rows = [("account", each.name, each.role, moment(each.made_at), "", "") for each in accounts]
    rows += [
        (
            "token",
            each.name,
            each.role,
            moment(each.made_at),
            moment(each.until, "no end"),
            " ".join(each.scopes) or "every page",
        )
        for each in tokens
    ]
    table("Accounts and tokens of the desk", ("kind", "name", "role", "made", "until", "for"), rows)


@app.command(
    "token",
    epilog=examples(
        "monitor web token dashboard --scope now", "monitor web token ci --role editor --scope sources"
    ),
)
def token(
    name: str = typer.Argument(..., metavar="NAME", help="What it is for."),
    role: RoleOption = typer.Option(RoleOption.VIEWER, "--role", "-r", help="viewer, editor or admin."),
    days: int | None = typer.Option(None, "--days", min=1, max=3660, help="Ends after so many days."),
    scope: list[str] = typer.Option(
        [], "--scope", "-s", help="Only for this page; again for more.", metavar="PAGE"
    ),
    config: Path = CONFIG_OPTION,
    *,
    json: bool = JSON_OPTION,
) -> None:
    """Make a token for a program and print it, this once: `Authorization: Bearer …` with each request."""
    import secrets

    from monitor.model import ApiToken
    from monitor.web.identity import SCOPES, hashed

    for name_ in scope:
        if name_ not in SCOPES:
            raise InputError(f"{name_!r} is no page; there are {', '.join(SCOPES)}")

    now, secret = datetime.now(UTC), f"cm_{secrets.token_urlsafe(32)}"
    until = now + timedelta(days=days) if days else None
    with opened(config, make=True) as (store, _):
        store.accounts.add_token(
            ApiToken(
                hash=hashed(secret), name=name, role=role.value, made_at=now, until=until, scopes=tuple(scope)
            )
        )
    if json:
        emit({"name": name, "role": role.value, "until": until, "token": secret, "scopes": scope})
    else:
        say(secret)


@app.command("revoke", epilog=examples("monitor web revoke dashboard"))
def revoke(
    name: str = typer.Argument(..., metavar="NAME", help="A token's name."),
    config: Path = CONFIG_OPTION,
    *,
    json: bool = JSON_OPTION,
) -> None:
    """Delete the tokens of this name; they open nothing from now on."""
    with opened(config) as (store, _):
        if not store.accounts.revoke_token(name):
            raise InputError(f"{name}: there is no such token; see `monitor web users`")
    if json:
        emit({"name": name, "revoked": True})
    else:
        say(f"{name} is revoked.")
