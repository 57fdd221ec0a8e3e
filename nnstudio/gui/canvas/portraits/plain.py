"""A card with the layer's icon."""

from __future__ import annotations

from collections.abc import Sequence

from PySide6.QtCore import QRectF, QSizeF
from PySide6.QtGui import QPainter

from nnstudio.gui.canvas.portrait import Portrait, Subject, Tile, paint_icon
from nnstudio.gui.look.theme import Theme
from nnstudio.gui.moments.living import LivingFrame


class PlainPortrait(Portrait):
    """For layers that have nothing of their own to show."""

    key = "plain"

    def size(self, subject: Subject) -> QSizeF:
        """Return a small card."""
        del subject
        return QSizeF(64, 64)

    def paint(
        self,
        painter: QPainter,
        subject: Subject,
        rect: QRectF,
        tiles: Sequence[Tile],
        frame: LivingFrame | None,
        theme: Theme,
    ) -> None:
        """Paint the icon."""
        del tiles, frame, theme
        paint_icon(painter, subject.icon, rect)
