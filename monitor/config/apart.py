"""A step done in a process of its own, so that what it loads is gone when it is over.

The tests of the shipped topics are in eleven languages; their dictionaries take more memory than all that the
service needs afterwards, and not every library gives its own back.
"""

from __future__ import annotations

import os
import pickle
import threading
from collections.abc import Callable
from typing import TypeVar, cast

T = TypeVar("T")


def in_place(step: Callable[[], T]) -> T:
    """The step done by the caller."""
    return step()


def in_a_fork(step: Callable[[], T]) -> T:
    """What ``step`` returns, worked out in a copy of this process; it may change nothing else.

    In place where there are other threads, whose locks a copy would keep for ever, and where the copy comes
    to no end.
    """
    if threading.active_count() > 1 or not hasattr(os, "fork"):
        return step()
    reader, writer = os.pipe()
    child = os.fork()
    if not child:
        os.close(reader)
        _answer(writer, step)
    os.close(writer)
    with os.fdopen(reader, "rb") as answer:
        data = answer.read()
    os.waitpid(child, 0)
    return cast("T", pickle.loads(data)) if data else step()  # noqa: S301  # our own process


def _answer(writer: int, step: Callable[[], object]) -> None:
    """Write the result and end; nothing when there is none, so that the parent meets the error itself."""
    try:
        data = pickle.dumps(step())
        with os.fdopen(writer, "wb") as out:
            out.write(data)
    finally:
        os._exit(0)
