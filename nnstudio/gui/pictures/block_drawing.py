"""Feature maps as blocks, as papers draw convolutional networks."""

from __future__ import annotations

from PySide6.QtCore import QRectF
from PySide6.QtGui import QColor, QPainter

from nnstudio.engine import Network
from nnstudio.gui.pictures.block_layout import lay_out_blocks
from nnstudio.gui.pictures.drawing import Picture
from nnstudio.gui.pictures.inks import Inks, paint_marks, place_of, text_width


class BlockDrawing(Picture):
    """Draws what flows between layers as blocks.

    Parameters
    ----------
    network : Network
    ink, paper : QColor
        Of lines and words, and of what they enclose.
    words : bool
        Whether layers, shapes and operations are named.
    """

    def __init__(self, network: Network, ink: QColor, paper: QColor, *, words: bool = True) -> None:
        self._inks = Inks(ink, paper)
        self._marks = lay_out_blocks(network, text_width, words=words).marks

    @property
    def bounds(self) -> QRectF:
        """The place of all blocks, arrows and words."""
        return place_of(self._marks)

    def paint(self, painter: QPainter) -> None:
        """Paint arrows, then blocks, then words."""
        paint_marks(painter, self._marks, self._inks)
