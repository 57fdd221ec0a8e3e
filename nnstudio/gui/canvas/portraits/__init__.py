"""How layers are shown alive, one file a portrait, found by the name that a layer gives. A portrait knows no layer."""

import importlib
import pkgutil
from functools import cache

from nnstudio.gui.canvas.portrait import Portrait


def find_portrait(name: str) -> Portrait:
    """Return the portrait of this name; the plain one where there is none."""
    found = portraits()
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
