"""Whether anybody sees a widget."""

from PySide6.QtWidgets import QWidget


def is_seen(widget: QWidget) -> bool:
    """Return whether a part of a widget is on the screen: Qt counts one in a dock behind others as visible."""
    return widget.isVisible() and not widget.visibleRegion().isEmpty()
