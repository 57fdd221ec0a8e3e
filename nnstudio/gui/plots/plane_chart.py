"""A plane from above: the answers as colours, the rows as points, and the value at the pointer."""

from __future__ import annotations

from typing import Any

import numpy as np
import pyqtgraph as pg
from numpy.typing import NDArray
from PySide6.QtCore import QEvent, QPointF, QRectF, Qt, Signal
from PySide6.QtGui import QPainter
from PySide6.QtWidgets import QGraphicsItem, QHBoxLayout, QStyleOptionGraphicsItem, QWidget

from nnstudio.engine import Array
from nnstudio.gui.look.accessible import Role, set_role
from nnstudio.gui.look.colours import answer_color, to_image, value_color
from nnstudio.gui.look.theme import theme
from nnstudio.gui.plots.chart import Chart
from nnstudio.gui.plots.colour_bar import ColourBar
from nnstudio.gui.plots.plane import Plane

MOST_ROWS = 1500
"""Rows that are drawn; more would hide the colours."""

_NEAR = 0.03


class PlaneChart(QWidget):
    """The surface below, training rows as dots, rows held out with a dark ring, wrong ones crossed out.

    The wheel makes a part larger, dragging moves it, a double click shows everything again.

    Parameters
    ----------
    name : str
        What a screen reader says.
    """

    row_chosen = Signal(int)
    """The place of a row among those of the surroundings."""

    pointed = Signal(float, float)
    left = Signal()

    def __init__(self, name: str) -> None:
        super().__init__()
        self.setAccessibleName(name)
        set_role(self, Role.Graphic)
        self.plane: Plane | None = None
        self.wrong: NDArray[np.int64] = np.empty(0, np.int64)
        self._drawn: tuple[object, ...] = ()
        self._ringed: tuple[object, ...] = ()
        self.chart = Chart(name)
        self._item = self.chart.item
        self._item.showGrid(x=False, y=False)
        self._item.getViewBox().setMouseEnabled(True, True)
        self._surface = _Surface()
        self._item.getViewBox().addItem(self._surface, ignoreBounds=True)
        self._train = pg.ScatterPlotItem(size=6)
        self._held_out = pg.ScatterPlotItem(size=8)
        self._wrong = pg.ScatterPlotItem(size=11, symbol="x")
        self._here = pg.ScatterPlotItem(size=15, brush=None)
        for scatter in (self._train, self._held_out, self._wrong, self._here):
            self._item.addItem(scatter)
        self.bar = ColourBar()
        layout = QHBoxLayout(self)
        layout.setContentsMargins(0, 0, 0, 0)
        layout.setSpacing(0)
        layout.addWidget(self.chart, 1)
        layout.addWidget(self.bar)
        self.chart.scene().sigMouseMoved.connect(self._on_mouse_moved)
        self.chart.scene().sigMouseClicked.connect(self._on_mouse_clicked)

    def show_plane(self, plane: Plane, row: int | None) -> None:
        """Show a plane, with a ring around one row."""
        self.plane = plane
        if len(self.wrong):
            self.wrong = np.empty(0, np.int64)
            self._wrong.clear()
        key = (plane.around, plane.inputs, plane.target)
        if key != self._drawn:
            self._drawn = key
            self._draw_rows(plane)
        if (key, row) != self._ringed:
            self._ringed = (key, row)
            here = plane.points_of(slice(row, row + 1)) if row is not None else np.empty((0, 2))
            self._here.setData(pos=here, pen=pg.mkPen(theme().text, width=2))
        place = QRectF(plane.low[0], plane.low[1], plane.high[0] - plane.low[0], plane.high[1] - plane.low[1])
        self._surface.show_pixels(plane.pixels(theme()), place)
        self.bar.setVisible(plane.is_regression)
        if plane.is_regression:
            self.bar.show_ends(*plane.ends, plane.around.pipeline.target_names[plane.target])

    def mark_wrong(self, wrong: NDArray[np.int64]) -> None:
        """Cross out rows."""
        self.wrong = wrong
        if self.plane is not None:
            self._wrong.setData(pos=self.plane.points_of(wrong))
            self._wrong.setPen(pg.mkPen(theme().text, width=0.6))
            self._wrong.setBrush(pg.mkBrush(theme().alarm))

    def recolour(self) -> None:
        """Take the colours of the theme."""
        self.chart.recolour()
        self._item.showGrid(x=False, y=False)
        self._drawn = self._ringed = ()
        if self.plane is not None:
            wrong = self.wrong
            self.show_plane(self.plane, None)
            self.mark_wrong(wrong)
        self.bar.update()

    def nearest(self, x: float, y: float) -> int | None:
        """Return the row that is near a place in the units of the file."""
        plane = self.plane
        if plane is None or not len(plane.around.inputs):
            return None
        points = plane.points
        distances = np.hypot(*((points - np.array([x, y])) / (plane.high - plane.low)).T)
        row = int(distances.argmin())
        return row if distances[row] <= _NEAR else None

    def _draw_rows(self, plane: Plane) -> None:
        self.chart.name_axes(*plane.names)
        self._show_all(plane)
        points, truths = plane.points, plane.truths
        rows = some_rows(plane)
        for scatter, mine, ring in (
            (self._train, ~plane.around.test, theme().card),
            (self._held_out, plane.around.test, theme().text),
        ):
            chosen = rows[mine[rows]]
            scatter.setData(
                pos=points[chosen],
                brush=[pg.mkBrush(row_color(plane, truths[row])) for row in chosen.tolist()],
                pen=pg.mkPen(ring, width=0.9),
            )

    def _show_all(self, plane: Plane) -> None:
        self._item.setXRange(plane.low[0], plane.high[0], padding=0)
        self._item.setYRange(plane.low[1], plane.high[1], padding=0)

    def leaveEvent(self, event: QEvent) -> None:
        """Tell that the pointer is gone."""
        super().leaveEvent(event)
        self.left.emit()

    def _on_mouse_moved(self, position: QPointF) -> None:
        box = self._item.getViewBox()
        if box.sceneBoundingRect().contains(position):
            point = box.mapSceneToView(position)
            self.pointed.emit(point.x(), point.y())
        else:
            self.left.emit()

    def _on_mouse_clicked(self, event: Any) -> None:
        if event.button() != Qt.MouseButton.LeftButton:
            return
        if event.double():
            if self.plane is not None:
                self._show_all(self.plane)
            return
        point = self._item.getViewBox().mapSceneToView(event.scenePos())
        row = self.nearest(point.x(), point.y())
        if row is not None:
            self.row_chosen.emit(row)


class _Surface(QGraphicsItem):
    """An image over a rectangle of the plot, smooth between its points."""

    def __init__(self) -> None:
        super().__init__()
        self._image = to_image(np.zeros((1, 1), np.uint32))
        self._place = QRectF(0, 0, 1, 1)

    def show_pixels(self, pixels: Array, place: QRectF) -> None:
        """Show pixels, the first row at the top, over a rectangle."""
        self._image = to_image(pixels[::-1])  # the plot's y points up
        if place != self._place:
            self.prepareGeometryChange()
            self._place = place
        self.update()

    def boundingRect(self) -> QRectF:
        """Return the rectangle."""
        return self._place

    def paint(self, painter: QPainter, option: QStyleOptionGraphicsItem, widget: QWidget | None = None) -> None:
        """Paint the image."""
        del option, widget
        painter.setRenderHint(QPainter.RenderHint.SmoothPixmapTransform)
        painter.drawImage(self._place, self._image)


def some_rows(plane: Plane) -> NDArray[np.int64]:
    """Return the rows that are drawn: all, or many of them, evenly taken."""
    count = len(plane.around.inputs)
    return np.linspace(0, count - 1, min(count, MOST_ROWS)).astype(np.int64)


def row_color(plane: Plane, truth: float) -> pg.QtGui.QColor:
    """Return the colour of a row whose class or number this is."""
    if plane.is_regression:
        low, high = plane.ends
        return value_color((truth - low) / (high - low) * 2 - 1, theme())
    return answer_color(int(truth), len(plane.answers), theme())
