"""Memory that is free is given back; what stays is not looked through again and again.

glibc gives every few threads an arena of their own, and none shrinks below its highest piece in use. With
two hundred threads that read large pages, these hold more than the program does. Elsewhere nothing is done.
"""

from __future__ import annotations

import ctypes
import gc
from typing import Final

_M_ARENA_MAX: Final = -8
_ARENAS: Final = 2


def limit_arenas() -> None:
    """At most two arenas, for the threads that begin from now on."""
    setter = getattr(ctypes.CDLL(None), "mallopt", None)
    if setter is not None:
        setter(_M_ARENA_MAX, _ARENAS)


def freeze_heap() -> None:
    """Collect garbage, and let the collector pass over what is left: rules, dictionaries, code.

    Python's collector looks through all that is old now and then, and everything waits: half a second with
    the rules of a hundred thousand sources (``gc.freeze``).
    """
    gc.unfreeze()  # what stayed until now may be garbage: rules that were edited
    gc.collect()
    gc.freeze()
    give_back()


def give_back() -> None:
    """Return to the system what is free inside the arenas."""
    trim = getattr(ctypes.CDLL(None), "malloc_trim", None)
    if trim is not None:
        trim(0)
