"""The cells of a confusion matrix, which the pointer and the keys choose."""

from __future__ import annotations

import numpy as np
from numpy.typing import NDArray
from PySide6.QtCore import QEvent, QPointF, QRectF, QSize, Qt, Signal
from PySide6.QtGui import QFontMetricsF, QHelpEvent, QKeyEvent, QMouseEvent, QPainter, QPaintEvent, QPen
from PySide6.QtWidgets import QToolTip, QWidget

from nnstudio.gui.look.accessible import Role, set_role
from nnstudio.gui.look.colours import value_color
from nnstudio.gui.look.theme import theme
from nnstudio.i18n import tr

_GAP = 1.5
_WIDEST_CELL = 96
_WIDEST_NAME = 120
_FEWEST_LETTERS = "mmmm…"
"""A column that is narrower than this cannot say its name in a few letters."""


class ConfusionGrid(QWidget):
    """Truth downwards, prediction to the right; blue where both agree, orange where they do not."""

    cell_chosen = Signal(int, int)
    """The truth and the prediction of a cell."""

    def __init__(self, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self.counts: NDArray[np.int64] = np.zeros((0, 0), np.int64)
        self.names: tuple[str, ...] = ()
        self._current: tuple[int, int] | None = None
        self.setAccessibleName(tr("Cells of the confusion matrix"))
        set_role(self, Role.Chart)
        self.setFocusPolicy(Qt.FocusPolicy.StrongFocus)
        self.setMouseTracking(True)

    def sizeHint(self) -> QSize:
        """Return a small square."""
        return QSize(240, 180)

    def show_counts(self, counts: NDArray[np.int64], names: tuple[str, ...]) -> None:
        """Show other counts."""
        self.counts = counts
        if names != self.names:
            self.names, self._current = names, None
        self.update()

    def cell_rect(self, truth: int, said: int) -> QRectF:
        """Return where a cell is."""
        return self._cell(self._place(), truth, said)

    def _cell(self, place: QRectF, truth: int, said: int) -> QRectF:
        wide, tall = place.width() / len(self.names), place.height() / len(self.names)
        return QRectF(place.left() + said * wide, place.top() + truth * tall, wide, tall)

    def cell_at(self, place: QPointF) -> tuple[int, int] | None:
        """Return the truth and the prediction of the cell below a place."""
        area, count = self._place(), len(self.names)
        if not count or not area.contains(place):
            return None
        truth = int((place.y() - area.top()) / area.height() * count)
        said = int((place.x() - area.left()) / area.width() * count)
        return min(truth, count - 1), min(said, count - 1)

    def words(self, truth: int, said: int) -> str:
        """Return what a cell tells."""
        count = int(self.counts[truth, said])
        share = count / max(1, int(self.counts[truth].sum()))
        return tr(
            "{count:,} rows of '{truth}' ({share:.0%} of them) are predicted '{said}'. Click to select them."
        ).format(count=count, truth=self.names[truth], share=share, said=self.names[said])

    def paintEvent(self, event: QPaintEvent) -> None:
        """Paint names and cells."""
        del event
        if not self.names:
            return
        painter = QPainter(self)
        painter.setRenderHint(QPainter.RenderHint.Antialiasing)
        colours, place, metrics = theme(), self._place(), QFontMetricsF(self.font())
        high = metrics.height()
        left = self._names_width(metrics)
        painter.setPen(colours.color("dim"))
        top = place.top() - 2 * high - 4
        painter.drawText(QRectF(place.left(), top, place.width(), high), Qt.AlignmentFlag.AlignHCenter, tr("predicted"))
        painter.drawText(
            QRectF(place.left() - left - 6, place.top() - high - 2, left, high),
            Qt.AlignmentFlag.AlignRight,
            tr("truth"),
        )
        painter.setPen(colours.color("text"))
        numbered = self._is_numbered(metrics, place)
        # Where cells are lower than letters, every second or third truth has its name.
        every = max(1, round(high / self._cell(place, 0, 0).height()))
        for index, name in enumerate(self.names):
            across, down = self._cell(place, 0, index), self._cell(place, index, 0)
            head = f"{index + 1}" if numbered else name
            said = metrics.elidedText(head, Qt.TextElideMode.ElideRight, across.width() - 2)
            above = QRectF(across.left(), place.top() - high - 2, across.width(), high)
            if not numbered or metrics.horizontalAdvance(head) <= across.width():
                painter.drawText(above, Qt.AlignmentFlag.AlignCenter, said)
            if index % every == 0:
                row = f"{index + 1} {name}" if numbered else name
                truth = metrics.elidedText(row, Qt.TextElideMode.ElideRight, left)
                beside = QRectF(place.left() - left - 6, down.center().y() - high / 2, left, high)
                painter.drawText(beside, Qt.AlignmentFlag.AlignRight | Qt.AlignmentFlag.AlignVCenter, truth)
        totals = np.maximum(self.counts.sum(axis=1), 1)
        shares = (self.counts / totals[:, None]).tolist()
        for truth, said in np.ndindex(self.counts.shape):
            self._paint_cell(painter, metrics, self._cell(place, truth, said), truth, said, shares[truth][said])

    def event(self, event: QEvent) -> bool:
        """Say what the cell below the pointer tells."""
        if isinstance(event, QHelpEvent):
            cell = self.cell_at(QPointF(event.pos()))
            QToolTip.showText(event.globalPos(), self.words(*cell) if cell is not None else "", self)
            return True
        return super().event(event)

    def mouseMoveEvent(self, event: QMouseEvent) -> None:
        """Show that a cell can be clicked."""
        over = self.cell_at(event.position()) is not None
        self.setCursor(Qt.CursorShape.PointingHandCursor if over else Qt.CursorShape.ArrowCursor)

    def mousePressEvent(self, event: QMouseEvent) -> None:
        """Choose a cell."""
        cell = self.cell_at(event.position())
        if cell is not None and event.button() == Qt.MouseButton.LeftButton:
            self._choose(cell)

    def keyPressEvent(self, event: QKeyEvent) -> None:
        """Walk through the cells with the arrows; Return chooses."""
        moves = {
            Qt.Key.Key_Left: (0, -1),
            Qt.Key.Key_Right: (0, 1),
            Qt.Key.Key_Up: (-1, 0),
            Qt.Key.Key_Down: (1, 0),
        }
        key, last = Qt.Key(event.key()), len(self.names) - 1
        if last >= 0 and key in moves:
            truth, said = self._current or (0, 0)
            down, right = moves[key] if self._current is not None else (0, 0)
            self._current = (min(last, max(0, truth + down)), min(last, max(0, said + right)))
            self.setAccessibleDescription(self.words(*self._current))
            self.update()
        elif self._current is not None and key in (Qt.Key.Key_Return, Qt.Key.Key_Enter, Qt.Key.Key_Space):
            self._choose(self._current)
        else:
            super().keyPressEvent(event)

    def _choose(self, cell: tuple[int, int]) -> None:
        self._current = cell
        self.update()
        self.cell_chosen.emit(*cell)

    def _names_width(self, metrics: QFontMetricsF) -> float:
        words = (*self.names, tr("truth"))
        return min(float(_WIDEST_NAME), max(metrics.horizontalAdvance(word) for word in words) + 2)

    def _is_numbered(self, metrics: QFontMetricsF, place: QRectF) -> bool:
        """Return whether the columns have numbers, because most of their names would be cut to nothing."""
        wide = place.width() / len(self.names)
        cut = [name for name in self.names if metrics.horizontalAdvance(name) > wide]
        return bool(cut) and wide < metrics.horizontalAdvance(_FEWEST_LETTERS)

    def _place(self) -> QRectF:
        """Return where the cells are: below and beside the names, in the middle."""
        metrics = QFontMetricsF(self.font())
        left, top = self._names_width(metrics) + 8, 2 * metrics.height() + 6
        count = max(1, len(self.names))
        wide = max(1.0, min(self.width() - left - 6, count * _WIDEST_CELL))
        tall = max(1.0, min(self.height() - top - 4, count * _WIDEST_CELL / 2))
        return QRectF(left + max(0.0, (self.width() - left - wide) / 2), top, wide, tall)

    def _paint_cell(
        self, painter: QPainter, metrics: QFontMetricsF, cell: QRectF, truth: int, said: int, share: float
    ) -> None:
        colours, count = theme(), int(self.counts[truth, said])
        rect = cell.adjusted(_GAP, _GAP, -_GAP, -_GAP)
        signed = share if truth == said else -share
        painter.setBrush(value_color(signed, colours) if count else colours.color("chip"))
        chosen = self._current == (truth, said)
        painter.setPen(QPen(colours.color("text"), 2) if chosen else Qt.PenStyle.NoPen)
        painter.drawRoundedRect(rect, 3, 3)
        text = f"{count:,}"
        if metrics.horizontalAdvance(text) <= rect.width() and metrics.height() * 0.8 <= rect.height():
            strong = share > 0.55 and count > 0
            painter.setPen(colours.color("card" if strong else "text" if count else "faint"))
            painter.drawText(rect, Qt.AlignmentFlag.AlignCenter, text)
