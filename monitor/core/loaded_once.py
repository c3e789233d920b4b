"""A cache for what is slow to load: of threads that ask at the same moment one loads, the others wait."""

from __future__ import annotations

import threading
from collections.abc import Callable, Hashable
from functools import wraps
from typing import Generic, ParamSpec, TypeVar

P = ParamSpec("P")
T = TypeVar("T")


class LoadedOnce(Generic[P, T]):
    """A function whose result is kept for each set of positional arguments until ``cache_clear``.

    ``functools.cache`` lets every thread that comes before the first result load for itself: sixteen workers
    of a service that starts would unpack the same dictionary sixteen times. What the function raises is not
    kept.
    """

    def __init__(self, load: Callable[P, T]) -> None:
        self._load = load
        self._loaded: dict[tuple[Hashable, ...], T] = {}
        self._loading = threading.RLock()  # loading one may need another
        wraps(load)(self)

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

    def cache_clear(self) -> None:
        """Let go of everything that was loaded."""
        with self._loading:
            self._loaded.clear()


def loaded_once(load: Callable[P, T]) -> LoadedOnce[P, T]:
    """Load once for each set of arguments, however many threads ask."""
    return LoadedOnce(load)
