"""A virtual host of a test's own on a RabbitMQ server that answers, and what the server says of it."""

from __future__ import annotations

import os
import shutil
import subprocess
import uuid
from collections.abc import Iterator, Sequence
from contextlib import contextmanager
from dataclasses import dataclass

import pytest
from amqp import Connection

SERVER = "127.0.0.1:5672"
USER = "guest"


@dataclass(frozen=True, slots=True)
class VirtualHost:
    """Queues of one test."""

    name: str

    @property
    def url(self) -> str:
        """The address for the monitor."""
        return f"amqp://{USER}:{USER}@{SERVER}/{self.name}"

    def wipe(self) -> None:
        """Everything in it is gone, its connections are closed, and it is there again, empty."""
        self.drop()
        self.make()

    def make(self) -> None:
        """From now on it is there."""
        rabbitmqctl("add_vhost", self.name)
        rabbitmqctl("set_permissions", "-p", self.name, USER, ".*", ".*", ".*")

    def drop(self) -> None:
        """Everything in it is gone, and so is it."""
        rabbitmqctl("delete_vhost", self.name)

    def listed(self, *columns: str, what: str = "queues") -> list[dict[str, str]]:
        """What the server itself says."""
        out = rabbitmqctl(f"list_{what}", "-p", self.name, "--quiet", "--no-table-headers", *columns)
        return [dict(zip(columns, line.split("\t"), strict=True)) for line in out.splitlines()]


@contextmanager
def own_virtual_host() -> Iterator[VirtualHost]:
    """Made now, deleted at the end. Without a server the test is skipped, under ``CI=true`` it fails."""
    try:
        with Connection(host=SERVER, userid=USER, password=USER, connect_timeout=3) as connection:
            connection.connect()
    except OSError as error:
        _missing(f"no RabbitMQ answers at {SERVER}: {error}")
    if shutil.which("rabbitmqctl") is None:
        _missing("rabbitmqctl is not installed")
    host = VirtualHost(f"monitor_test_{uuid.uuid4().hex[:12]}")
    try:
        rabbitmqctl("add_vhost", host.name)
    except subprocess.CalledProcessError as error:
        _missing(f"rabbitmqctl may not be used by this user: {error.stderr.strip()[:200]}")
    rabbitmqctl("set_permissions", "-p", host.name, USER, ".*", ".*", ".*")
    try:
        yield host
    finally:
        rabbitmqctl("delete_vhost", host.name)


def rabbitmqctl(*arguments: str) -> str:
    command: Sequence[str] = ("rabbitmqctl", *arguments)
    return subprocess.run(command, check=True, capture_output=True, text=True).stdout


def _missing(reason: str) -> None:
    if os.environ.get("CI") == "true":
        pytest.fail(reason)
    pytest.skip(reason)
