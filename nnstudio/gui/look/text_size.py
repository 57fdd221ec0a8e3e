"""Lengths that grow with the text, for people who have set the system's letters larger."""

from PySide6.QtGui import QFont, QFontInfo
from PySide6.QtWidgets import QWidget

_USUAL = 12
"""The height in pixels of the letters for which lengths are given: 9 points on a usual screen."""


def grown(length: int, widget: QWidget) -> int:
    """Return a length, or a longer one where the letters of a widget are larger than usual."""
    return round(length * growth(widget))


def growth(widget: QWidget) -> float:
    """Return how many times larger than usual the letters of a widget are, at least 1."""
    return max(1.0, QFontInfo(widget.font()).pixelSize() / _USUAL)


def card_font(widget: QWidget) -> QFont:
    """Return the widget's letters as high as cards are made for; the view makes both larger together."""
    font = QFont(widget.font())
    font.setPixelSize(_USUAL)
    return font
