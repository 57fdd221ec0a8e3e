"""What the network answers over the plane of two inputs, with the rows on it."""

from __future__ import annotations

import numpy as np
import pyqtgraph as pg
from numpy.typing import NDArray
from PySide6.QtCore import QPointF, QRectF, Qt
from PySide6.QtGui import QPainter, QShowEvent
from PySide6.QtWidgets import (
    QGraphicsItem,
    QLabel,
    QStackedLayout,
    QStyleOptionGraphicsItem,
    QVBoxLayout,
    QWidget,
)

from nnstudio.engine import Array
from nnstudio.gui.accessible import Role, set_role
from nnstudio.gui.colours import class_color, class_pixels, to_image, value_pixels
from nnstudio.gui.living import LivingFrame, Surroundings
from nnstudio.gui.theme import theme, theme_signals
from nnstudio.gui.widgets.empty_state import EmptyState
from nnstudio.i18n import tr

_NEAR = 0.03


class BoundaryPlot(QWidget):
    """The answer as colour over two inputs in the units of the file; test rows are ringed."""

    def __init__(self, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self.setObjectName("boundaryPlot")
        self.setAccessibleName(tr("Decision boundary"))
        set_role(self, Role.Chart)
        self._frame: LivingFrame | None = None
        self._around: Surroundings | None = None
        self._plot = pg.PlotWidget()
        self._plot.setMenuEnabled(False)
        self._plot.setFocusPolicy(Qt.FocusPolicy.NoFocus)  # no key does anything in it
        self._plot.hideButtons()
        self._item = self._plot.getPlotItem()
        self._item.getViewBox().setMouseEnabled(False, False)
        self._surface = _SurfaceItem()
        self._item.getViewBox().addItem(self._surface, ignoreBounds=True)
        self._train = pg.ScatterPlotItem(size=6)
        self._test = pg.ScatterPlotItem(size=8)
        self._item.addItem(self._train)
        self._item.addItem(self._test)
        self._reading = QLabel()
        self._reading.setProperty("role", "dim")
        drawn = QWidget()
        inside = QVBoxLayout(drawn)
        inside.setContentsMargins(6, 4, 10, 4)
        inside.setSpacing(2)
        inside.addWidget(self._plot, 1)
        inside.addWidget(self._reading)
        self._empty = EmptyState(tr("With data of two number columns, the answer over their plane appears here."))
        self._stack = QStackedLayout(self)
        self._stack.addWidget(self._empty)
        self._stack.addWidget(drawn)
        self._plot.scene().sigMouseMoved.connect(self._on_mouse_moved)
        theme_signals.changed.connect(self._on_theme_changed)
        self._on_theme_changed()

    def show_frame(self, frame: LivingFrame | None) -> None:
        """Show a moment; says why there is nothing to see where the network has not two inputs."""
        self._frame = frame
        if self.isVisible():
            self._draw()
            # At once, while training stands still: painted later, every call would wait for the training thread.
            self._plot.viewport().repaint()

    def showEvent(self, event: QShowEvent) -> None:
        """Draw what came while the plot was hidden."""
        super().showEvent(event)
        self._draw()

    def reading_at(self, x: float, y: float) -> str:
        """Return the row nearest to a place in the units of the file, in words; empty where none is near."""
        around = self._around
        if around is None or not len(around.inputs):
            return ""
        low, high = (_in_units(around, corner) for corner in (around.low, around.high))
        points = _in_units(around, around.inputs)
        distances = np.hypot(*((points - np.array([x, y])) / (high - low)).T)
        row = int(distances.argmin())
        if distances[row] > _NEAR:
            return ""
        names = around.pipeline.features
        where = tr("test row") if around.test[row] else tr("training row")
        label = around.labels[row]
        pipeline = around.pipeline
        truth = (
            f"{pipeline.in_units(np.array([[label]]))[0, 0]:.4g}"
            if pipeline.task == "regression"
            else pipeline.class_names[int(label)]
        )
        return f"{where}: {names[0]} {points[row, 0]:.4g}, {names[1]} {points[row, 1]:.4g} · {truth}"

    def _draw(self) -> None:
        frame = self._frame
        plane = frame is not None and bool(frame.maps)
        self._stack.setCurrentIndex(1 if plane else 0)
        if frame is None or not plane:
            if frame is not None:
                count = frame.surroundings.inputs.shape[1]
                self._empty.set_sentence(
                    tr("This network has {count} inputs; a boundary can be drawn over two.").format(count=count)
                )
            return
        around = frame.surroundings
        if around is not self._around:
            self._around = around
            self._draw_rows(around)
        low, high = _in_units(around, around.low), _in_units(around, around.high)
        place = QRectF(low[0], low[1], high[0] - low[0], high[1] - low[1])
        self._surface.show_pixels(_pixels(frame), place)

    def _draw_rows(self, around: Surroundings) -> None:
        colours = theme()
        points = _in_units(around, around.inputs)
        names = around.pipeline.features
        self._item.setLabel("bottom", names[0])
        self._item.setLabel("left", names[1])
        low, high = _in_units(around, around.low), _in_units(around, around.high)
        self._item.setXRange(low[0], high[0], padding=0)
        self._item.setYRange(low[1], high[1], padding=0)
        for scatter, mine, ring in (
            (self._train, ~around.test, colours.card),
            (self._test, around.test, colours.text),
        ):
            chosen = np.flatnonzero(mine)
            scatter.setData(
                pos=points[chosen],
                brush=[_row_brush(around, row) for row in chosen.tolist()],
                pen=pg.mkPen(ring, width=0.7),
            )

    def _on_theme_changed(self) -> None:
        colours = theme()
        self._plot.setBackground(colours.panel)
        for axis in ("left", "bottom"):
            self._item.getAxis(axis).setPen(pg.mkPen(colours.line))
            self._item.getAxis(axis).setTextPen(pg.mkPen(colours.dim))
        self._around = None
        if self.isVisible():
            self._draw()

    def _on_mouse_moved(self, position: QPointF) -> None:
        box = self._item.getViewBox()
        point = box.mapSceneToView(position)
        self._reading.setText(self.reading_at(point.x(), point.y()))


class _SurfaceItem(QGraphicsItem):
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


def _in_units(around: Surroundings, encoded: Array) -> NDArray[np.float64]:
    """Return two encoded inputs in the units of the file."""
    means = [mean for transform in around.pipeline.inputs for mean in transform.means()]
    scales = [scale for transform in around.pipeline.inputs for scale in transform.scales()]
    units: NDArray[np.float64] = encoded * np.array(scales[:2]) + np.array(means[:2])
    return units


def _pixels(frame: LivingFrame) -> Array:
    around, answer, colours = frame.surroundings, frame.answer, theme()
    if around.pipeline.task == "classes" and len(answer) > 1:
        return class_pixels(np.moveaxis(answer, 0, -1), colours)
    if around.pipeline.task == "yes_no":
        return value_pixels(answer[-1] * 2 - 1, colours)
    return value_pixels(answer[0] / max(1.0, float(np.abs(around.labels).max(initial=1.0))), colours)


def _row_brush(around: Surroundings, row: int) -> pg.QtGui.QBrush:
    label = around.labels[row]
    if around.pipeline.task == "yes_no":
        return pg.mkBrush(theme().positive if label else theme().negative)
    if around.pipeline.task == "classes":
        return pg.mkBrush(class_color(int(label)))
    return pg.mkBrush(theme().text)
