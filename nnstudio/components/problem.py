"""What is wrong with a drawing, and what would mend it, as plain data."""

from typing import Any, Literal

from pydantic import BaseModel, ConfigDict


class Fix(BaseModel):
    """A cure that one edit can apply.

    Attributes
    ----------
    key : str
        Names the edit, such as ``"set_units"``; `nnstudio.project.edits` turns it into one.
    title : str
        What the button says, such as "Set 3 units: the target has 3 classes".
    arguments : dict
        The edit's arguments, plain values only.
    """

    model_config = ConfigDict(frozen=True, extra="forbid")

    key: str
    title: str
    arguments: dict[str, Any] = {}


class Problem(BaseModel):
    """Something that keeps a network from being trained, or that a person should know before.

    Attributes
    ----------
    node : str
        The id of the node that wears the badge; empty when the whole drawing or the data is meant.
    other : str
        The id of the other side, where there is one.
    what : str
        One sentence that names both sides by their titles.
    hint : str
        The way out, one sentence.
    severity : str
        ``"error"`` keeps Train from starting; ``"warning"`` does not.
    fixes : tuple of Fix
        Cures to offer as buttons, the best first.
    sickness : str
        What the training doctor calls it in a run that suffers from it; empty for what no run can suffer from.
    """

    model_config = ConfigDict(frozen=True, extra="forbid")

    node: str
    what: str
    hint: str
    other: str = ""
    severity: Literal["error", "warning"] = "error"
    fixes: tuple[Fix, ...] = ()
    sickness: str = ""

    def __str__(self) -> str:
        return f"{self.what} {self.hint}".strip()
