"""``monitor service``: the service as a unit of systemd."""

from __future__ import annotations

import os
import pwd
import shutil
import stat
import subprocess
import sys
from pathlib import Path

import typer

from monitor.cli.output import (
    CONFIG_OPTION,
    EXIT_INPUT,
    EXIT_UNREACHABLE,
    JSON_OPTION,
    complain,
    emit,
    examples,
    say,
)
from monitor.cli.system.unit import UnitOptions, unit_text

UNIT = "coverage-monitor.service"
SYSTEM_PLACE = Path("/etc/systemd/system")
SYSTEM_OPTION = typer.Option(False, "--system", help="A unit of the machine; else of your own systemd.")
USER_OPTION = typer.Option(
    "coverage-monitor", "--user", help="With --system: the account that it runs as.", metavar="NAME"
)
TOKEN_OPTION = typer.Option(
    None, "--telegram-token-file", help="A file with the bot's token, handed in as a credential."
)
SECRET_OPTION = typer.Option(
    None, "--receiver-secret-file", help="A file with the receiver's secret, handed in as a credential."
)
DRY_OPTION = typer.Option(False, "--dry-run", help="Print what would be done, do nothing.")

app = typer.Typer(
    help="The service as a unit of systemd.",
    no_args_is_help=True,
    epilog=examples("monitor service install -c my-watch", "monitor service show --system"),
)


@app.callback()
def _group() -> None:
    """The service as a unit of systemd."""


@app.command("show", epilog=examples("monitor service show -c my-watch", "monitor service show --system"))
def show(
    config: Path = CONFIG_OPTION,
    *,
    system: bool = SYSTEM_OPTION,
    user: str = USER_OPTION,
    telegram_token_file: Path | None = TOKEN_OPTION,
    receiver_secret_file: Path | None = SECRET_OPTION,
    json: bool = JSON_OPTION,
) -> None:
    """Print the unit file that `install` would write."""
    text = unit_text(_options(config, system, user, telegram_token_file, receiver_secret_file))
    if json:
        emit({"file": str(_place(system=system)), "text": text})
    else:
        print(text, end="")


@app.command(
    "install",
    epilog=examples("monitor service install -c my-watch", "monitor service install --system --dry-run"),
)
def install(
    config: Path = CONFIG_OPTION,
    *,
    system: bool = SYSTEM_OPTION,
    user: str = USER_OPTION,
    telegram_token_file: Path | None = TOKEN_OPTION,
    receiver_secret_file: Path | None = SECRET_OPTION,
    start: bool = typer.Option(True, help="Start it now, and at each boot."),
    dry_run: bool = DRY_OPTION,
    json: bool = JSON_OPTION,
) -> None:
    """Write the unit, start the service now and at each boot. It begins again when it dies or stands still.

    As a unit of your own it runs from your first sign-in on; from boot on with `loginctl enable-linger`.
    """
    options = _options(config, system, user, telegram_token_file, receiver_secret_file)
    text, place = unit_text(options), _place(system=system)
    steps = [_systemctl(system, "daemon-reload")]
    if start:
        steps += [_systemctl(system, "enable", UNIT), _systemctl(system, "restart", UNIT)]
    if not dry_run:
        _refuse_what_cannot_run(options)
        place.parent.mkdir(parents=True, exist_ok=True)
        place.write_text(text, encoding="utf-8")
    elif not json:
        say(f"# {place}\n{text}")
    _do(
        steps, place, dry_run=dry_run, json=json, done=f"{place}: written; `monitor status` says how it does."
    )


@app.command(
    "uninstall", epilog=examples("monitor service uninstall", "monitor service uninstall --system --dry-run")
)
def uninstall(*, system: bool = SYSTEM_OPTION, dry_run: bool = DRY_OPTION, json: bool = JSON_OPTION) -> None:
    """Stop the service and take its unit away. Config and store stay."""
    place = _place(system=system)
    if not place.exists():
        complain(f"{place}: there is no unit to take away")
        raise typer.Exit(EXIT_INPUT)
    _do([_systemctl(system, "disable", "--now", UNIT)], place, dry_run=dry_run, json=True, quiet=True)
    if not dry_run:
        place.unlink()
    after = [_systemctl(system, "daemon-reload")]
    _do(
        after, place, dry_run=dry_run, json=json, done=f"{place}: taken away; config and store are untouched."
    )


def _options(config: Path, system: bool, user: str, token: Path | None, secret: Path | None) -> UnitOptions:
    named = {"telegram-token": token, "receiver-secret": secret}
    return UnitOptions(
        command=_command(),
        config=config.absolute(),
        user=user if system else "",
        credentials={name: path.absolute() for name, path in named.items() if path is not None},
    )


def _command() -> list[str]:
    """How this very installation is started: its own script, else its interpreter."""
    script = Path(sys.executable).with_name("monitor")
    return [str(script)] if script.is_file() else [sys.executable, "-m", "monitor"]


def _place(*, system: bool) -> Path:
    if system:
        return SYSTEM_PLACE / UNIT
    own = os.environ.get("XDG_CONFIG_HOME") or str(Path.home() / ".config")
    return Path(own) / "systemd" / "user" / UNIT


def _systemctl(system: bool, *words: str) -> list[str]:
    return ["systemctl", *(() if system else ("--user",)), *words]


def _refuse_what_cannot_run(options: UnitOptions) -> None:
    """Say now what systemd would say in a log later."""
    wrong = ""
    if not options.config.is_dir():
        wrong = f"{options.config}: there is no such config folder; `monitor init` makes one"
    for path in options.credentials.values():
        if not path.is_file():
            wrong = f"{path}: there is no such file"
    if options.user and not _exists(options.user):
        home = options.config.parent
        wrong = (
            f"there is no account {options.user!r}; make one: "
            f"useradd --system --home-dir {home} --shell /usr/sbin/nologin {options.user}, and give it the "
            f"folder: chown -R {options.user} {home}"
        )
    elif options.user:
        wrong = next(filter(None, (_closed(path, options.user) for path in _needed(options))), "")
    if wrong:
        complain(wrong)
        raise typer.Exit(EXIT_INPUT)


def _needed(options: UnitOptions) -> tuple[Path, ...]:
    """What the account must reach: the config, the script, and the Python behind it."""
    return (options.config, Path(options.command[0]), Path(sys.executable).resolve())


def _closed(path: Path, user: str) -> str:
    """Why ``user`` does not get to ``path``; "" when it does."""
    account = pwd.getpwnam(user)
    groups = os.getgrouplist(user, account.pw_gid)
    for folder in reversed(path.parents):
        found = folder.stat()
        mine = stat.S_IXUSR if found.st_uid == account.pw_uid else 0
        ours = stat.S_IXGRP if found.st_gid in groups else 0
        if not found.st_mode & (mine or ours or stat.S_IXOTH):
            return (
                f"{path}: the account {user!r} may not enter {folder}. Install into a folder for all, e.g. "
                "/opt/coverage-monitor, keep the config in one, e.g. /srv/coverage-monitor, and call that "
                "`monitor` (docs/install.md)"
            )
    if path.is_relative_to("/tmp") or path.is_relative_to("/var/tmp"):  # noqa: S108 - nothing is written there
        return f"{path}: the unit sees a /tmp of its own; put it elsewhere, e.g. below /srv"
    return ""


def _exists(user: str) -> bool:
    try:
        pwd.getpwnam(user)
    except KeyError:
        return False
    return True


def _do(
    steps: list[list[str]],
    place: Path,
    *,
    dry_run: bool,
    json: bool,
    done: str = "",
    quiet: bool = False,
) -> None:
    """Run the steps, or print them; exit 3 where systemd does not take one."""
    for step in steps:
        if dry_run and not json:
            say(" ".join(step))
        elif not dry_run:
            _run(step, place)
    if json and not quiet:
        emit({"file": str(place), "steps": [" ".join(step) for step in steps], "done": not dry_run})
    elif done and not dry_run:
        say(done)


def _run(step: list[str], place: Path) -> None:
    if shutil.which(step[0]) is None:
        complain(f"{place}: there is no systemd here, so nothing starts it; `monitor run` does")
        raise typer.Exit(EXIT_UNREACHABLE)
    ran = subprocess.run(step, capture_output=True, text=True, check=False)  # noqa: S603
    if ran.returncode:
        complain(f"{' '.join(step)}: {ran.stderr.strip() or f'ended with {ran.returncode}'}")
        raise typer.Exit(EXIT_UNREACHABLE)
