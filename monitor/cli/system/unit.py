"""The systemd unit of the service as text."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from pathlib import Path
from typing import Final

WATCHDOG_S: Final = 180
"""Twice the time that the tick or the sender may stand still: a slow disk or a hanging send is no reason."""
STOP_S: Final = 60
"""The service drains within half a minute."""
VARIABLES: Final = {
    "telegram-token": "MONITOR_TELEGRAM_TOKEN_FILE",
    "receiver-secret": "MONITOR_RECEIVER_SECRET_FILE",
}
"""A credential's name and the variable that names its file."""

HARDENING: Final = (
    "NoNewPrivileges=yes",
    "LockPersonality=yes",
    "RestrictRealtime=yes",
    "RestrictSUIDSGID=yes",
    "RestrictNamespaces=yes",
    "RestrictAddressFamilies=AF_INET AF_INET6 AF_UNIX",
    "SystemCallArchitectures=native",
    "SystemCallFilter=@system-service",
    # Not @resources: the process that reads costly pages bounds its own CPU and memory.
    "SystemCallFilter=~@privileged",
    "SystemCallErrorNumber=EPERM",
    "UMask=0077",
)
"""What a user's own systemd can do too."""
SYSTEM_HARDENING: Final = (
    "CapabilityBoundingSet=",
    "AmbientCapabilities=",
    "PrivateDevices=yes",
    "PrivateTmp=yes",
    "PrivateUsers=yes",
    "ProcSubset=pid",
    "ProtectClock=yes",
    "ProtectControlGroups=yes",
    "ProtectHostname=yes",
    "ProtectKernelLogs=yes",
    "ProtectKernelModules=yes",
    "ProtectKernelTunables=yes",
    "ProtectProc=invisible",
    "ProtectSystem=strict",
    "RemoveIPC=yes",
)


CACHE: Final = "coverage-monitor"
HOMES: Final = ("/home", "/root", "/run/user")


@dataclass(frozen=True, slots=True, kw_only=True)
class UnitOptions:
    """What an operator chooses.

    ``user`` is the account that a system's unit runs as, "" for a unit of one's own systemd. ``credentials``
    are files with secrets by name: systemd hands them in, and no other user's process sees them.
    """

    command: Sequence[str]
    config: Path
    user: str = ""
    credentials: Mapping[str, Path] = field(default_factory=dict)


def unit_text(options: UnitOptions) -> str:
    """The whole unit file."""
    home = options.config.parent
    start = " ".join(quoted(part) for part in (*options.command, "run", "--config", str(options.config)))
    lines = [
        "# Made by `monitor service install`; edits survive in a drop-in (`systemctl edit`), not here.",
        "[Unit]",
        "Description=Coverage Monitor: watches news sources, alerts chats",
        "Wants=network-online.target",
        "After=network-online.target",
        # It ends when it starts beside a database that is away or on a full disk, and nobody is told of a
        # unit that systemd gave up: it is started until it runs, but for a mistake in the config (below).
        "StartLimitIntervalSec=0",
        "",
        "[Service]",
        "Type=notify",
        "NotifyAccess=main",
        f"ExecStart={start}",
        f"WorkingDirectory={str(home).replace('%', '%%')}",
        # A migration of a large store, and the first look at a hundred thousand topics, take minutes.
        "TimeoutStartSec=900",
        f"TimeoutStopSec={STOP_S}",
        f"WatchdogSec={WATCHDOG_S}",
        "Restart=on-failure",
        "RestartSec=10",
        # A config with a mistake is not mended by starting again.
        "RestartPreventExitStatus=1 2",
        *_credentials(options.credentials),
        "",
        *HARDENING,
        *(_of_system(options, home) if options.user else ()),
        "",
        "[Install]",
        f"WantedBy={'multi-user.target' if options.user else 'default.target'}",
        "",
    ]
    return "\n".join(lines)


def quoted(part: str) -> str:
    """A word of a command line as systemd reads it."""
    escaped = part.replace("\\", "\\\\").replace('"', '\\"').replace("%", "%%").replace("$", "$$")
    return f'"{escaped}"' if any(sign in part for sign in " \t'\"\\;") else escaped


def _credentials(files: Mapping[str, Path]) -> list[str]:
    lines = []
    for name, path in files.items():
        lines.append(f"LoadCredential={name}:{str(path).replace('%', '%%')}")
        lines.append(f"Environment={VARIABLES[name]}=%d/{name}")
    return lines


def _of_system(options: UnitOptions, home: Path) -> list[str]:
    used = (home, *(Path(part) for part in options.command if part.startswith("/")))
    in_homes = any(path.is_relative_to(each) for path in used for each in HOMES)
    return [
        f"User={options.user}",
        # What is remembered of topics' examples, and of fonts.
        f"CacheDirectory={CACHE}",
        f"Environment=XDG_CACHE_HOME=%C/{CACHE} MPLCONFIGDIR=%C/{CACHE}",
        *SYSTEM_HARDENING,
        f"ProtectHome={'read-only' if in_homes else 'yes'}",
        f"ReadWritePaths={quoted(str(home))}",
    ]
