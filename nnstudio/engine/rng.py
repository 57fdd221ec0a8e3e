"""Random numbers that do not depend on what else is drawn.

Every purpose has a stream of its own, derived from the seed and the purpose's name by a stable hash. Adding a layer
therefore does not move the first weights of another, and a run can be continued in another process.
"""

import hashlib
from typing import Any

import numpy as np
from numpy.typing import NDArray

_HALF = 1 << 64


def stream(seed: int, *purpose: str | int) -> np.random.Generator:
    """Return the stream of this seed and purpose.

    Parameters
    ----------
    seed : int
        The person's seed.
    *purpose : str or int
        What the numbers are for, such as ``"weights", "hidden", "kernel"``.
    """
    generator = np.random.Generator(np.random.PCG64(0))
    restart(generator, seed, *purpose)
    return generator


def restart(generator: np.random.Generator, seed: int, *purpose: str | int) -> None:
    """Set a generator to the beginning of the stream of this seed and purpose; much quicker than making one."""
    digest = hashlib.blake2b(repr((seed, *purpose)).encode(), digest_size=32).digest()
    generator.bit_generator.state = {
        "bit_generator": "PCG64",
        "state": {
            "state": int.from_bytes(digest[:16], "little"),
            "inc": int.from_bytes(digest[16:], "little") | 1,  # the increment must be odd
        },
        "has_uint32": 0,
        "uinteger": 0,
    }


def pack(generator: np.random.Generator) -> NDArray[np.uint64]:
    """Return where a generator stands, as six numbers."""
    state: Any = generator.bit_generator.state
    inner = state["state"]
    return np.array(
        [*divmod(inner["state"], _HALF), *divmod(inner["inc"], _HALF), state["has_uint32"], state["uinteger"]],
        dtype=np.uint64,
    )


def is_packed(numbers: NDArray[Any]) -> bool:
    """Return whether numbers are such as `pack` returns, which a damaged file may not keep."""
    if numbers.shape != (6,) or numbers.dtype != np.uint64:
        return False
    return bool(numbers[4] <= 1 and numbers[5] < 2**32)


def unpack(generator: np.random.Generator, numbers: NDArray[np.uint64]) -> None:
    """Put a generator where `pack` found it."""
    state_high, state_low, inc_high, inc_low, has_uint32, uinteger = (int(number) for number in numbers)
    generator.bit_generator.state = {
        "bit_generator": "PCG64",
        "state": {"state": state_high * _HALF + state_low, "inc": inc_high * _HALF + inc_low},
        "has_uint32": has_uint32,
        "uinteger": uinteger,
    }
