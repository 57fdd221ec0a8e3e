"""The kinds of data that are dragged from one part of the window to another."""

COMPONENT = "application/x-nnstudio-component"
"""The key of a layer."""

FRAGMENT = "application/x-nnstudio-fragment"
"""A part of a drawing, as text."""
