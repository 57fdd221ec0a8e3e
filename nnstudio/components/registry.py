"""Every component there is, by family and key. Classes enter by being defined; nobody lists them."""

from __future__ import annotations

import importlib
import pkgutil
from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from difflib import get_close_matches
from types import MappingProxyType
from typing import TYPE_CHECKING, Any

from nnstudio.errors import ComponentError

if TYPE_CHECKING:
    from nnstudio.components.component import Component

_families: dict[str, dict[str, type[Component]]] = {}
_presets: dict[str, dict[str, tuple[type[Component], Preset]]] = {}


@dataclass(frozen=True)
class Preset:
    """A name of its own for a component with certain parameters; it is saved as that component.

    Attributes
    ----------
    title : str
        The name that a person sees.
    summary : str
        One sentence.
    parameters : mapping
        Which values differ from the defaults.
    """

    title: str
    summary: str
    parameters: Mapping[str, Any]


def register(member: type[Component]) -> None:
    """Enter a class under its family and key.

    Raises
    ------
    ComponentError
        When another class already has this key in this family.
    """
    keys = _families.setdefault(member.family, {})
    holder = keys.get(member.key)
    if holder is not None and _home(holder) != _home(member):
        raise ComponentError(
            f"Two components of the family '{member.family}' have the key '{member.key}': "
            f"{_home(holder)} and {_home(member)}. Give one of them another key."
        )
    keys[member.key] = member
    for key, preset in member.presets.items():
        _presets.setdefault(member.family, {})[key] = (member, preset)


def families() -> tuple[str, ...]:
    """Return the names of the families, sorted."""
    return tuple(sorted(_families))


def members(family: str) -> tuple[type[Component], ...]:
    """Return the classes of a family that a person may choose, in the order of their definition."""
    return tuple(member for member in _known(family).values() if member.listed)


def presets(family: str) -> Mapping[str, tuple[type[Component], Preset]]:
    """Return the presets of a family by their keys, each with the class it is a name for."""
    return MappingProxyType(_presets.get(family, {}))


def make(family: str, key: str) -> Component:
    """Return the component or the preset with this key, with its defaults.

    Raises
    ------
    ComponentError
        When there is none.
    """
    found = _presets.get(family, {}).get(key)
    return found[0](**found[1].parameters) if found is not None else find(family, key)()


def find(family: str, key: str) -> type[Component]:
    """Return the class with this key.

    Raises
    ------
    ComponentError
        When there is none; the message names the nearest keys.
    """
    keys = _known(family)
    if key not in keys:
        listed = [name for name, member in keys.items() if member.listed]
        near = get_close_matches(key, listed, n=3) or listed
        raise ComponentError(f"There is no '{key}' among the {family}. Did you mean {_either(near)}?")
    return keys[key]


def import_members(package_path: Iterable[str], package_name: str) -> None:
    """Import every module of a family's folder, so that its members register themselves."""
    for module in sorted(pkgutil.iter_modules(package_path), key=lambda found: found.name):
        importlib.import_module(f"{package_name}.{module.name}")


def _known(family: str) -> dict[str, type[Component]]:
    if family not in _families:
        raise ComponentError(f"There is no family '{family}'. There are {', '.join(families())}.")
    return _families[family]


def _home(member: type[Component]) -> str:
    return f"{member.__module__}.{member.__qualname__}"


def _either(names: list[str]) -> str:
    quoted = [f"'{name}'" for name in names]
    return quoted[0] if len(quoted) == 1 else f"{', '.join(quoted[:-1])} or {quoted[-1]}"
