"""When a run pauses by itself."""

from dataclasses import dataclass


@dataclass(frozen=True)
class Limit:
    """When to pause; what is None does not count.

    Attributes
    ----------
    steps, epochs : int or None
        After so many more.
    cost : float or None
        At the end of the first epoch whose cost is not above this.
    rows : int or None
        After one step on so many rows.
    """

    steps: int | None = None
    epochs: int | None = None
    cost: float | None = None
    rows: int | None = None

    @property
    def is_stretch(self) -> bool:
        """Whether it comes after so much more training, whatever the cost."""
        return self.steps is not None or self.epochs is not None or self.rows is not None


UNLIMITED = Limit()
"""On and on."""
