"""How many threads the matrix library uses: chosen once for a program, through one kept controller.

A fresh look-up costs some 400 microseconds, as much as twenty training steps of a small network.
"""

import os
from functools import cache

from threadpoolctl import ThreadpoolController

WORTHWHILE_PRODUCT = 3 << 20
"""Multiplications in one matrix product from which on a second thread helps more than it costs."""


def suitable(multiplications: int) -> int:
    """Return the number of threads for a program whose largest product has this many multiplications."""
    return 1 if multiplications < WORTHWHILE_PRODUCT else os.cpu_count() or 1


_in_use = 0


def use(count: int) -> None:
    """Let the matrix library use this many threads from now on, in the whole process."""
    global _in_use
    if count != _in_use:
        _controller().limit(limits=count, user_api="blas")
        _in_use = count


@cache
def _controller() -> ThreadpoolController:
    return ThreadpoolController()
