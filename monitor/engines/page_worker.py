"""The process that reads costly pages: orders on standard input, answers on standard output.

It bounds itself, so that a page costs no more than it may even when the service that asked is gone: CPU
seconds for each page, memory for all. It ends when its input does.
"""

from __future__ import annotations

import enum
import os
import pickle
import resource
import signal
import sys
import time
from contextlib import suppress
from pathlib import Path
from typing import IO, Any

LENGTH_BYTES = 8
_MEGABYTE = 1_048_576


class Ended(enum.Enum):
    """What is answered instead of a page's content."""

    OUT_OF_MEMORY = "out of memory"


OUT_OF_MEMORY = Ended.OUT_OF_MEMORY


def write_frame(out: IO[bytes] | None, value: object) -> None:
    """One pickled value behind its length."""
    assert out is not None
    data = pickle.dumps(value)
    out.write(len(data).to_bytes(LENGTH_BYTES) + data)
    out.flush()


def read_frame(given: IO[bytes] | None) -> Any:  # noqa: ANN401  # what the other side sent
    """The next value; None when there are no more whole ones."""
    assert given is not None
    head = given.read(LENGTH_BYTES)
    size = int.from_bytes(head)
    data = given.read(size) if len(head) == LENGTH_BYTES else b""
    return pickle.loads(data) if data and len(data) == size else None  # noqa: S301  # our own process


def _bound_memory(most_mb: int) -> None:
    size_pages = int(Path("/proc/self/statm").read_text(encoding="ascii").split()[0])
    most = size_pages * resource.getpagesize() + most_mb * _MEGABYTE
    resource.setrlimit(resource.RLIMIT_AS, (most, most))


def main() -> None:
    """Serve until the input ends. The system kills the process at its limits."""
    signal.signal(signal.SIGINT, signal.SIG_IGN)  # Ctrl-C in a terminal is the service's affair
    resource.setrlimit(resource.RLIMIT_CORE, (0, 0))
    out = os.fdopen(os.dup(1), "wb")
    os.dup2(2, 1)  # what a library prints is no answer
    from monitor.core.page.extract import extract_light  # noqa: PLC0415  # a second of imports, after the limits

    _, hard = resource.getrlimit(resource.RLIMIT_CPU)
    bounded = False
    while order := read_frame(sys.stdin.buffer):
        light, options, cpu_s, memory_mb = order
        if not bounded:
            bounded = True
            with suppress(OSError, ValueError):  # no /proc: the CPU limit holds all the same
                _bound_memory(memory_mb)
        resource.setrlimit(resource.RLIMIT_CPU, (int(time.process_time() + cpu_s) + 1, hard))
        answer: object
        try:
            answer = extract_light(light, **options)
        except MemoryError:
            answer = OUT_OF_MEMORY
        write_frame(out, answer)


if __name__ == "__main__":
    # By its own name, so that what it answers means the same on the other side.
    from monitor.engines.page_worker import main as serve

    serve()
