"""A cache for what is slow to load: of threads that ask at the same moment one loads, the others wait."""

from __future__ import annotations

import os
import threading
import weakref
from collections.abc import Callable, Hashable
from functools import wraps
from typing import Any, Generic, ParamSpec, TypeVar

P = ParamSpec("P")
T = TypeVar("T")


_all: weakref.WeakSet[LoadedOnce[Any, Any]] = weakref.WeakSet()


class LoadedOnce(Generic[P, T]):
    """A function whose result is kept for each set of arguments until ``cache_clear``.

    ``functools.cache`` lets every thread that comes before the first result load for itself: sixteen workers
    of a service that starts would unpack the same dictionary sixteen times. What the function raises is not
    kept.
    """

    def __init__(self, load: Callable[P, T]) -> None:
        self._load = load
        self._loaded: dict[tuple[Hashable, ...], T] = {}
        self._loading = threading.RLock()  # loading one may need another
        wraps(load)(self)
        _all.add(self)

    def __call__(self, *args: P.args, **kwargs: P.kwargs) -> T:
        key: tuple[Hashable, ...] = (*args, *sorted(kwargs.items())) if kwargs else args
        try:
            return self._loaded[key]
        except KeyError:
            pass
        with self._loading:
            if key not in self._loaded:
                self._loaded[key] = self._load(*args, **kwargs)
            return self._loaded[key]

    def unlock(self) -> None:
        """In a forked child: the thread that was loading is not there and never lets go."""
        self._loading = threading.RLock()

    def cache_clear(self) -> None:
        """Let go of everything that was loaded."""
        with self._loading:
            self._loaded.clear()


def loaded_once(load: Callable[P, T]) -> LoadedOnce[P, T]:
    """Load once for each set of arguments, however many threads ask."""
    return LoadedOnce(load)


def _unlock_all() -> None:
    for each in tuple(_all):
        each.unlock()


os.register_at_fork(after_in_child=_unlock_all)
