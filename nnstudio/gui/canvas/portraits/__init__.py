"""How layers are shown alive, one file a portrait, found by the name that a layer gives. A portrait knows no layer."""

import importlib
import pkgutil
from functools import cache

from nnstudio.engine import Shape
from nnstudio.gui.canvas.portrait import Portrait

_BY_RANK = {1: "units", 2: "sequence", 3: "maps"}
"""Which portrait shows what a layer says, by how many axes a row of it has."""


def find_portrait(name: str, shape: Shape | None) -> Portrait:
    """Return the portrait of this name; the plain one where there is none.

    Parameters
    ----------
    name : str
        ``"outputs"`` is the portrait that suits the shape; ``"shares"`` is for flat layers.
    shape : tuple of int or None
        Of one row of the layer's output; where it is not known there is nothing to show.
    """
    found = portraits()
    if name == "shares" and (shape is None or len(shape) != 1):
        name = "outputs"
    if name == "outputs":
        name = _BY_RANK.get(len(shape), "glance") if shape is not None else "plain"
    return found.get(name, found["plain"])


@cache
def portraits() -> dict[str, Portrait]:
    """Return every portrait there is, by its name."""
    members: dict[str, Portrait] = {}
    for module in pkgutil.iter_modules(__path__):
        for value in vars(importlib.import_module(f"{__name__}.{module.name}")).values():
            if isinstance(value, type) and issubclass(value, Portrait) and value is not Portrait:
                members[value.key] = value()
    return members
