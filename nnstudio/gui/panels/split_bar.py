"""A bar that shows how rows are dealt out."""

from __future__ import annotations

from PySide6.QtCore import QRectF, QSize, Qt
from PySide6.QtGui import QPainter, QPainterPath, QPaintEvent
from PySide6.QtWidgets import QSizePolicy, QWidget

from nnstudio.gui.look.accessible import Role, set_role
from nnstudio.gui.look.theme import theme, theme_signals
from nnstudio.i18n import tr

_HEIGHT = 6
_GAP = 2.0


class SplitBar(QWidget):
    """Training, validation and test as lengths, in the colours they have in the plots."""

    def __init__(self, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self.setSizePolicy(QSizePolicy.Policy.Expanding, QSizePolicy.Policy.Fixed)
        self.setAccessibleName(tr("Split"))
        set_role(self, Role.Chart)
        self._shares = (1.0, 0.0, 0.0)
        theme_signals.changed.connect(self.update)

    def show_shares(self, shares: tuple[float, float, float], words: str) -> None:
        """Show the shares of training, validation and test, which add up to one; in words in the tip."""
        self._shares = shares
        self.setToolTip(words)
        self.setAccessibleDescription(words)
        self.update()

    def sizeHint(self) -> QSize:
        """Return a thin line."""
        return QSize(200, _HEIGHT)

    def paintEvent(self, event: QPaintEvent) -> None:
        """Paint the three parts, with rounded ends."""
        del event
        painter = QPainter(self)
        painter.setRenderHint(QPainter.RenderHint.Antialiasing)
        ends = QPainterPath()
        ends.addRoundedRect(QRectF(0, 0, self.width(), _HEIGHT), _HEIGHT / 2, _HEIGHT / 2)
        painter.setClipPath(ends)
        painter.setPen(Qt.PenStyle.NoPen)
        left = 0.0
        for share, color in zip(self._shares, ("positive", "negative", "faint"), strict=True):
            width = share * self.width()
            painter.fillRect(QRectF(left, 0, max(0.0, width - _GAP), _HEIGHT), theme().color(color))
            left += width
