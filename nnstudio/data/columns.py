"""What a column holds, as found in the file, and what it is used for, as proposed or chosen."""

from typing import Literal

from pydantic import BaseModel, ConfigDict

Kind = Literal["number", "category", "yes_no", "date", "text", "code"]
Role = Literal["input", "target", "both", "ignore"]


class Column(BaseModel):
    """A column as it was found.

    Attributes
    ----------
    name : str
        Unique in its table.
    kind : str
        What its cells look like.
    missing, distinct : int
        Cells without a value, and different values among the others.
    warnings : tuple of str
        What a person should know about it.
    decimal_comma : bool
        Whether its numbers are written with a comma.
    whole : bool
        Whether all its numbers are whole.
    """

    model_config = ConfigDict(frozen=True, extra="forbid")

    name: str
    kind: Kind
    missing: int = 0
    distinct: int = 0
    warnings: tuple[str, ...] = ()
    decimal_comma: bool = False
    whole: bool = False


class ColumnUse(BaseModel):
    """What a column is used for.

    Attributes
    ----------
    name : str
        The column.
    kind : str
        How it is read; may differ from what was found, such as a number that names a class.
    role : str
        ``"input"``, ``"target"``, ``"both"`` (its own target, as an autoencoder wants it) or ``"ignore"``.
    reason : str
        Why this was proposed, in words; may be empty.
    missing : str
        What stands in for a missing value: the mean or the most frequent value of the training rows.
    missing_indicator : bool
        Whether a further input says that the value was missing.
    scaling : str
        Whether numbers of an input are standardised, or come ``"as_is"``.
    """

    model_config = ConfigDict(frozen=True, extra="forbid")

    name: str
    kind: Kind
    role: Role
    reason: str = ""
    missing: Literal["mean", "most_frequent"] = "mean"
    missing_indicator: bool = False
    scaling: Literal["standardised", "as_is"] = "standardised"

    @property
    def is_input(self) -> bool:
        """Whether the network gets it."""
        return self.role in ("input", "both")

    @property
    def is_target(self) -> bool:
        """Whether the network is to predict it."""
        return self.role in ("target", "both")
