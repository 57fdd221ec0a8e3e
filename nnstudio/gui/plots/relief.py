"""A plane from the side: the answers as a surface that one can turn."""

from __future__ import annotations

import numpy as np
from numpy.typing import NDArray
from PySide6.QtCore import QPointF, QRectF, Qt
from PySide6.QtGui import QColor, QMouseEvent, QPainter, QPaintEvent, QPen, QPolygonF, QWheelEvent
from PySide6.QtWidgets import QWidget

from nnstudio.gui.look.accessible import Role, set_role
from nnstudio.gui.look.theme import theme
from nnstudio.gui.moments.living import GRID
from nnstudio.gui.plots.plane import Plane
from nnstudio.gui.plots.plane_chart import row_color, some_rows
from nnstudio.i18n import tr

Numbers = NDArray[np.float64]

SIDE, QUICK_SIDE = 32, 22
"""Points of the surface along each side: of a fine plane, and of one that changes with every frame."""

_FLOOR = -0.75
_ROWS = 400
_ASIDE = 70
_BEYOND = 0.25
"""How far answers beyond those of the rows rise above and sink below them; then the surface is cut."""
_CORNERS = np.array([[-1, -1, _FLOOR], [1, -1, _FLOOR], [1, 1, _FLOOR], [-1, 1, _FLOOR]])


class Relief(QWidget):
    """A surface over two inputs with the rows on it. Dragging turns it, the wheel makes it larger.

    Parameters
    ----------
    name : str
        What a screen reader says.
    """

    def __init__(self, name: str) -> None:
        super().__init__()
        self.setAccessibleName(name)
        set_role(self, Role.Graphic)
        self.setToolTip(tr("Drag to turn, wheel to make larger, double click to put back"))
        self.plane: Plane | None = None
        self.turn, self.tilt, self.size_of_it = 0.0, 0.0, 1.0
        self._held: QPointF | None = None
        self._put_back()

    def show_plane(self, plane: Plane) -> None:
        """Show other answers."""
        self.plane = plane
        self.update()

    def projected(self, points: Numbers) -> tuple[Numbers, Numbers]:
        """Return where points of a cube from -1 to 1 are seen, shape (points, 2), and how far away they are."""
        around, above = np.radians([self.turn, self.tilt])
        x = points[:, 0] * np.cos(around) - points[:, 1] * np.sin(around)
        y = points[:, 0] * np.sin(around) + points[:, 1] * np.cos(around)
        up = y * np.sin(above) + points[:, 2] * np.cos(above)
        away = y * np.cos(above) - points[:, 2] * np.sin(above)
        # However it is turned, it stays as large as it is and in sight, with room for the words around it.
        tall = np.sqrt(2) * np.sin(above) - _FLOOR * np.cos(above)
        room = min(
            (self.width() / 2 - _ASIDE) / np.sqrt(2), (self.height() / 2 - 1.4 * self.fontMetrics().height()) / tall
        )
        scale = max(10.0, room) * self.size_of_it
        seen = np.stack([self.width() / 2 + scale * x, self.height() / 2 - scale * up], axis=1)
        return seen, away

    def mousePressEvent(self, event: QMouseEvent) -> None:
        """Take hold."""
        self._held = event.position()

    def mouseMoveEvent(self, event: QMouseEvent) -> None:
        """Turn."""
        if self._held is not None:
            way = event.position() - self._held
            self._held = event.position()
            self.turn = (self.turn - 0.5 * way.x()) % 360
            self.tilt = min(88.0, max(2.0, self.tilt + 0.4 * way.y()))
            self.update()

    def mouseReleaseEvent(self, event: QMouseEvent) -> None:
        """Let go."""
        del event
        self._held = None

    def mouseDoubleClickEvent(self, event: QMouseEvent) -> None:
        """Show it as it was at first."""
        del event
        self._put_back()

    def wheelEvent(self, event: QWheelEvent) -> None:
        """Make it larger or smaller."""
        self.size_of_it = min(4.0, max(0.5, self.size_of_it * 1.001 ** event.angleDelta().y()))
        self.update()

    def paintEvent(self, event: QPaintEvent) -> None:
        """Paint from far to near."""
        del event
        painter = QPainter(self)
        painter.fillRect(self.rect(), theme().color("panel"))
        painter.setRenderHint(QPainter.RenderHint.Antialiasing)
        if self.plane is not None:
            self._paint_frame(painter, self.plane)
            self._paint_surface(painter, self.plane)

    def _put_back(self) -> None:
        self.turn, self.tilt, self.size_of_it = 32.0, 32.0, 1.0
        self.update()

    def _height(self, plane: Plane, values: Numbers) -> Numbers:
        low, high = plane.ends
        share = np.clip(np.nan_to_num((values - low) / (high - low)), -_BEYOND, 1 + _BEYOND)
        raised: Numbers = share * (-2 * _FLOOR) + _FLOOR
        return raised

    def _paint_frame(self, painter: QPainter, plane: Plane) -> None:
        """Paint the floor and the height, and what they are."""
        seen, away = self.projected(_CORNERS)
        painter.setPen(QPen(theme().color("line"), 1.2))
        painter.setBrush(theme().color("background"))
        painter.drawPolygon(QPolygonF([QPointF(*corner) for corner in seen.tolist()]))
        painter.setPen(theme().color("dim"))
        middle = seen.mean(axis=0)
        for side, ends, name in (
            (0, (plane.low[0], plane.high[0]), plane.names[0]),
            (1, (plane.low[1], plane.high[1]), plane.names[1]),
        ):
            first, second = ((0, 1), (3, 2)) if side == 0 else ((0, 3), (1, 2))
            edge = max((first, second), key=lambda corners: -float(away[list(corners)].sum()))
            said = [f"{ends[0]:.4g}", name, f"{ends[1]:.4g}"]
            if seen[edge[0], 0] > seen[edge[1], 0]:
                said.reverse()  # as they lie from left to right
            self._write(painter, seen[list(edge)].mean(axis=0), middle, "   ".join(said), 4)
        corner = int(seen[:, 0].argmin())
        top = _CORNERS[corner : corner + 1] * np.array([1, 1, -1])
        pole, _ = self.projected(np.concatenate([_CORNERS[corner : corner + 1], top]))
        painter.setPen(QPen(theme().color("line"), 1.2))
        painter.drawLine(QPointF(*pole[0]), QPointF(*pole[1]))
        painter.setPen(theme().color("dim"))
        low, high = plane.ends
        for place, words in (
            (pole[0], f"{low:.4g}"),
            (pole[1], f"{high:.4g}"),
            (pole.mean(axis=0), self._upward(plane)),
        ):
            self._write(painter, place, place + np.array([1.0, 0.0]), words, 6)

    def _upward(self, plane: Plane) -> str:
        pipeline = plane.around.pipeline
        if plane.is_regression:
            return pipeline.target_names[plane.target]
        if len(plane.answers) == 2:
            return tr("probability of {word}").format(word=pipeline.class_names[1])
        return tr("highest probability")

    def _write(self, painter: QPainter, place: Numbers, inside: Numbers, words: str, gap: int) -> None:
        """Write words outside of a place, as seen from the inside, never out of sight."""
        way = place - inside
        way = way / max(1e-9, float(np.hypot(*way)))
        wide, high = painter.fontMetrics().horizontalAdvance(words) + 2, painter.fontMetrics().height()
        middle = place + way * (gap + np.array([wide, high]) / 2)
        x = min(max(middle[0] - wide / 2, 2), self.width() - wide - 2)
        y = min(max(middle[1] - high / 2, 2), self.height() - high - 2)
        painter.drawText(QRectF(x, y, wide, high), Qt.AlignmentFlag.AlignCenter, words)

    def _paint_surface(self, painter: QPainter, plane: Plane) -> None:
        size = plane.answers.shape[1]
        side = SIDE if size > GRID else QUICK_SIDE
        kept = np.unique(np.linspace(0, size - 1, side).round().astype(np.int64))
        heights = self._height(plane, plane.heights[np.ix_(kept, kept)])
        colours = plane.pixels(theme())[np.ix_(kept, kept)]
        across = kept / (size - 1) * 2 - 1
        x, y = np.meshgrid(across, -across)
        count = len(kept)
        seen, away = self.projected(np.stack([x.ravel(), y.ravel(), heights.ravel()], axis=1))
        seen, away = seen.reshape(count, count, 2), away.reshape(count, count)
        far = (away[:-1, :-1] + away[1:, :-1] + away[:-1, 1:] + away[1:, 1:]) / 4
        # Light falls from the upper left, so that folds are seen where the colour is the same.
        slope = np.diff(heights, axis=1)[:-1] - np.diff(heights, axis=0)[:, :-1]
        light = (100 - np.clip(slope * 110, -14, 14)).astype(np.int64)
        rows, points, row_away = self._rows(plane)
        order = np.argsort(-np.concatenate([far.ravel(), row_away - 0.06]), kind="stable")
        truths = plane.truths
        edge = QPen(theme().color("text", 34), 0.6)
        corners = [[QPointF(*place) for place in line] for line in seen.tolist()]
        for index in order.tolist():
            if index < far.size:
                i, j = divmod(index, count - 1)
                fill = QColor.fromRgb(int(colours[i, j])).darker(200 - int(light[i, j]))
                painter.setPen(edge)
                painter.setBrush(fill)
                painter.drawPolygon([corners[i][j], corners[i][j + 1], corners[i + 1][j + 1], corners[i + 1][j]])
            else:
                at = index - far.size
                held_out = plane.around.test[rows[at]]
                painter.setPen(QPen(theme().color("text" if held_out else "card"), 0.9))
                painter.setBrush(row_color(plane, truths[rows[at]]))
                painter.drawEllipse(QPointF(*points[at]), 3.2, 3.2)

    def _rows(self, plane: Plane) -> tuple[NDArray[np.int64], Numbers, Numbers]:
        """Return which rows are drawn, where, and how far away: at their number, or on the surface."""
        rows = some_rows(plane)
        rows = rows[:: max(1, len(rows) // _ROWS)]
        flat = (plane.points_of(rows) - plane.low) / (plane.high - plane.low)
        size = plane.answers.shape[1] - 1
        at = np.clip((flat * size).round().astype(np.int64), 0, size)
        found = plane.truths[rows] if plane.is_regression else plane.heights[size - at[:, 1], at[:, 0]]
        height = self._height(plane, found)
        seen, away = self.projected(np.column_stack([flat * 2 - 1, height]))
        return rows, seen, away
