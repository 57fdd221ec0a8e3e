"""What a component is.

A layer, an activation, a cost, an optimizer, an initialiser, a transform or an exporter is a `Component`: a frozen
value that registers itself by being defined. One class is what the palette lists, the inspector edits, the file
stores, the engine binds and the help describes.

This package may import the ground only; everything above imports it.
"""

from nnstudio.components.component import Component, keep_unknown, names_unknown
from nnstudio.components.parameter import Parameter
from nnstudio.components.plugins import load_plugins
from nnstudio.components.problem import Fix, Problem
from nnstudio.components.registry import Preset, families, find, import_members, make, members, presets

__all__ = [
    "Component",
    "Fix",
    "Parameter",
    "Preset",
    "Problem",
    "families",
    "find",
    "import_members",
    "keep_unknown",
    "load_plugins",
    "make",
    "members",
    "names_unknown",
    "presets",
]
