"""A place for one letter: who is late finds the newest, and nobody waits."""

from collections import deque
from typing import Generic, TypeVar

T = TypeVar("T")


class Mailbox(Generic[T]):
    """One slot between two threads; a newer value replaces the one that was not taken.

    A deque of length one, because its `append` and `pop` are atomic and need no lock.
    """

    def __init__(self) -> None:
        self._slot: deque[T] = deque(maxlen=1)

    @property
    def empty(self) -> bool:
        """Whether the last value was taken."""
        return not self._slot

    def put(self, value: T) -> None:
        """Leave a value, in place of the one that is still there."""
        self._slot.append(value)

    def take(self) -> T | None:
        """Take the newest value, or None where there is nothing new."""
        try:
            return self._slot.pop()
        except IndexError:
            return None
