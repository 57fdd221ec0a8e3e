"""What keeps the inside of a panel from laying out the whole window again."""

from __future__ import annotations

from PySide6.QtCore import QEvent, QSize
from PySide6.QtGui import QResizeEvent
from PySide6.QtWidgets import QSizePolicy, QWidget


class Still(QWidget):
    """Holds a panel, and asks for another size only when the panel needs more or less room at least.

    Whatever changes in a panel, were it one word of a label, makes Qt lay out all that it lies in; with many docks that
    takes longer than painting them.

    Parameters
    ----------
    inside : QWidget
    """

    def __init__(self, inside: QWidget) -> None:
        super().__init__()
        self._inside = inside
        inside.setParent(self)
        self.setSizePolicy(inside.sizePolicy())
        self._asked = self._needed()

    def sizeHint(self) -> QSize:
        """Return the size that the panel would like."""
        return self._inside.sizeHint()

    def minimumSizeHint(self) -> QSize:
        """Return the size that the panel needs at least."""
        return self._asked

    def resizeEvent(self, event: QResizeEvent) -> None:
        """Let the panel fill this."""
        self._inside.resize(event.size())

    def event(self, event: QEvent) -> bool:
        """See whether what changed inside needs another size."""
        if event.type() == QEvent.Type.LayoutRequest:
            needed = self._needed()
            if needed != self._asked:
                self._asked = needed
                self.updateGeometry()
        return super().event(event)

    def _needed(self) -> QSize:
        inside, policy = self._inside, self._inside.sizePolicy()
        least, hint, set_to = inside.minimumSizeHint(), inside.sizeHint(), inside.minimumSize()
        if policy.horizontalPolicy() == QSizePolicy.Policy.Fixed:
            least.setWidth(hint.width())
        if policy.verticalPolicy() == QSizePolicy.Policy.Fixed:
            least.setHeight(hint.height())
        return QSize(set_to.width() or least.width(), set_to.height() or least.height())
