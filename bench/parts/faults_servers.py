"""What the faults bench breaks: a PostgreSQL server of its own, a small disk, a locked file."""

from __future__ import annotations

import os
import pwd
import shutil
import signal
import socket
import sqlite3
import subprocess
import threading
import time
from collections.abc import Iterator
from contextlib import closing, contextmanager, suppress
from dataclasses import dataclass
from pathlib import Path
from typing import Literal

import psycopg


class Missing(Exception):
    """This machine has not what a row needs; ``str(error)`` says what."""


def binaries() -> Path:
    """The newest installed PostgreSQL. Raises ``Missing``."""
    found = sorted(Path("/usr/lib/postgresql").glob("*/bin/postgres"), key=lambda file: int(file.parts[-3]))
    on_path = shutil.which("postgres")
    if not found and on_path is None:
        raise Missing("no PostgreSQL is installed")
    return found[-1].parent if found else Path(str(on_path)).parent


@dataclass(frozen=True, slots=True, kw_only=True)
class PostgresServer:
    """A server in a folder of its own, on a port of its own; nothing of it is kept."""

    bin: Path
    data: Path
    port: int
    user: str

    @property
    def url(self) -> str:
        """The address for the monitor."""
        return f"postgresql+psycopg://postgres@127.0.0.1:{self.port}/postgres"

    def cpu_s(self) -> float:
        """Processor time of the server and all its processes so far."""
        main = int((self.data / "postmaster.pid").read_text(encoding="utf-8").split()[0])
        ticks, path = 0, Path("/proc")
        for stat in path.glob("[0-9]*/stat"):
            with suppress(OSError):
                name, fields = stat.parent.name, stat.read_text(encoding="utf-8").rpartition(")")[2].split()
                if int(name) == main:
                    ticks += sum(map(int, fields[11:15]))
                elif int(fields[1]) == main:
                    ticks += sum(map(int, fields[11:13]))
        return ticks / os.sysconf("SC_CLK_TCK")

    def restart(self, how: Literal["fast", "immediate"]) -> None:
        """Stop it, as an upgrade (fast) or as a crash (immediate) does, and start it again."""
        self._run("pg_ctl", "-D", str(self.data), "-m", how, "-w", "stop")
        self.start()

    def start(self) -> None:
        """Start it and wait until it answers."""
        options = f"-p {self.port} -k {self.data} -c listen_addresses=127.0.0.1 -c fsync=off"
        self._run("pg_ctl", "-D", str(self.data), "-l", str(self.data / "log"), "-o", options, "-w", "start")

    def stop(self) -> None:
        """Stop it for good."""
        self._run("pg_ctl", "-D", str(self.data), "-m", "immediate", "stop", check=False)

    def drop_sessions(self, *, of_lock: bool) -> int:
        """End the sessions of the services, or only those that hold their locks. Returns how many."""
        chosen = (
            "SELECT pid FROM pg_locks WHERE locktype = 'advisory' AND granted"
            if of_lock
            else "SELECT pid FROM pg_stat_activity WHERE backend_type = 'client backend'"
        )
        address = f"host=127.0.0.1 port={self.port} user=postgres dbname=postgres"
        with psycopg.connect(address, autocommit=True) as connection:
            these = f"SELECT pg_terminate_backend(pid) FROM ({chosen}) AS these WHERE pid != pg_backend_pid()"  # noqa: S608
            rows = connection.execute(these).fetchall()
        return len(rows)

    def _run(self, program: str, *arguments: str, check: bool = True) -> None:
        command = [str(self.bin / program), *arguments]
        if os.geteuid() == 0:
            command = ["runuser", "-u", self.user, "--", *command]
        subprocess.run(command, check=check, stdout=subprocess.DEVNULL, stderr=subprocess.DEVNULL, cwd="/")


@contextmanager
def postgres(folder: Path) -> Iterator[PostgresServer]:
    """A server that runs until the end. Raises ``Missing`` when there is none to be had."""
    user = "postgres" if os.geteuid() == 0 else pwd.getpwuid(os.geteuid()).pw_name
    data = folder / "postgres"
    data.mkdir(mode=0o700)
    if os.geteuid() == 0:
        try:
            shutil.chown(data, user)
        except LookupError as error:
            raise Missing("the server does not run as root, and there is no user postgres") from error
        for parent in data.parents:  # a temporary folder is its owner's alone
            if parent.is_relative_to(folder):
                parent.chmod(parent.stat().st_mode | 0o011)
    with socket.socket() as free:
        free.bind(("127.0.0.1", 0))
        port: int = free.getsockname()[1]
    server = PostgresServer(bin=binaries(), data=data, port=port, user=user)
    server._run("initdb", "-D", str(data), "-U", "postgres", "-A", "trust", "--no-sync", "-E", "UTF8")
    server.start()
    try:
        yield server
    finally:
        server.stop()


@dataclass(slots=True)
class RabbitServer:
    """A RabbitMQ node in a folder of its own, on ports of its own; nothing of it is kept."""

    folder: Path
    port: int
    dist_port: int
    process: subprocess.Popen[bytes] | None = None

    @property
    def url(self) -> str:
        """The address for the monitor."""
        return f"amqp://guest:guest@127.0.0.1:{self.port}//"

    def start(self) -> None:
        """Start it and wait until it answers."""
        (self.folder / "plugins").write_text("[].")
        (self.folder / "rabbitmq.conf").write_text(f"listeners.tcp.local = 127.0.0.1:{self.port}\n")
        own = {
            "RABBITMQ_NODENAME": f"bench{self.port}@localhost",
            "RABBITMQ_DIST_PORT": str(self.dist_port),
            "RABBITMQ_MNESIA_BASE": str(self.folder / "data"),
            "RABBITMQ_LOG_BASE": str(self.folder / "logs"),
            "RABBITMQ_ENABLED_PLUGINS_FILE": str(self.folder / "plugins"),
            "RABBITMQ_CONFIG_FILE": str(self.folder / "rabbitmq.conf"),
            "RABBITMQ_CONF_ENV_FILE": "/dev/null",
            "HOME": str(self.folder),
        }
        self.process = subprocess.Popen(
            ["/usr/lib/rabbitmq/bin/rabbitmq-server"],
            env={**os.environ, **own},
            stdout=subprocess.DEVNULL,
            stderr=subprocess.DEVNULL,
            start_new_session=True,
        )
        deadline = time.monotonic() + 90
        while True:
            with socket.socket() as asked:
                if asked.connect_ex(("127.0.0.1", self.port)) == 0:
                    return
            if time.monotonic() > deadline or self.process.poll() is not None:
                raise Missing("a RabbitMQ node of its own does not start")
            time.sleep(0.3)

    def stop(self, *, wipe: bool = False) -> None:
        """It is killed; with ``wipe`` all that it held is gone."""
        if self.process is not None:
            with suppress(ProcessLookupError):
                os.killpg(self.process.pid, signal.SIGKILL)
            self.process.wait()
        if wipe:
            shutil.rmtree(self.folder / "data", ignore_errors=True)


@contextmanager
def rabbitmq(folder: Path) -> Iterator[RabbitServer]:
    """A node that runs until the end. Raises ``Missing`` when there is none to be had."""
    if not Path("/usr/lib/rabbitmq/bin/rabbitmq-server").exists():
        raise Missing("no RabbitMQ is installed")
    home = folder / "rabbitmq"
    home.mkdir()
    ports = []
    for _ in range(2):
        with socket.socket() as free:
            free.bind(("127.0.0.1", 0))
            ports.append(free.getsockname()[1])
    server = RabbitServer(folder=home, port=ports[0], dist_port=ports[1])
    try:
        server.start()
        yield server
    finally:
        server.stop()


@contextmanager
def small_disk(folder: Path, *, megabytes: int) -> Iterator[Path]:
    """A file system of this size. Raises ``Missing`` where none may be mounted."""
    disk = folder / "disk"
    disk.mkdir()
    mounted = subprocess.run(
        ["mount", "-t", "tmpfs", "-o", f"size={megabytes}m", "tmpfs", str(disk)],
        check=False,
        capture_output=True,
        text=True,
    )
    if mounted.returncode:
        raise Missing(f"no file system may be mounted here: {mounted.stderr.strip()}")
    try:
        yield disk
    finally:
        subprocess.run(["umount", "-l", str(disk)], check=False)


@contextmanager
def filled(disk: Path) -> Iterator[None]:
    """The disk is full, to the last byte, until the end."""
    filler = disk / "filler"
    stop = threading.Event()

    def fill() -> None:
        with filler.open("ab", buffering=0) as file:
            while not stop.wait(0.02):  # what is freed meanwhile is taken too
                for size in (65536, 4096, 512):
                    try:
                        while file.write(b"x" * size):
                            pass
                    except OSError:
                        continue

    thread = threading.Thread(target=fill)
    thread.start()
    try:
        yield
    finally:
        stop.set()
        thread.join()
        filler.unlink()


@contextmanager
def locked(file: Path) -> Iterator[None]:
    """Another program keeps the SQLite file's write lock."""
    with closing(sqlite3.connect(file, timeout=60, isolation_level=None)) as connection:
        connection.execute("BEGIN IMMEDIATE")
        try:
            yield
        finally:
            connection.execute("ROLLBACK")


def free_place() -> str:
    """A place on loopback that nobody listens at, as host:port."""
    with socket.create_server(("127.0.0.1", 0)) as free:
        return f"127.0.0.1:{free.getsockname()[1]}"


def after(began: float) -> float:
    """Seconds since ``began`` of the monotonic clock."""
    return time.monotonic() - began
