"""Where the memory of a long session comes from."""

from __future__ import annotations

import ctypes
import sys

_ARENAS = -8
"""The number of `M_ARENA_MAX` in malloc.h of the GNU C library."""


def share_one_arena() -> bool:
    """Let all threads take memory from one place, and return whether this system's library can be told so.

    By itself the GNU C library gives each thread a place of its own. What the training thread, the window and those who
    compute beside it free is then never used by the others: within minutes a window that trains holds a tenth more than
    it needs.
    """
    if sys.platform != "linux":
        return False
    try:
        return bool(ctypes.CDLL(None).mallopt(_ARENAS, 1))
    except AttributeError:  # another C library
        return False
